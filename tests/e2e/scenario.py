"""SIPp scenarios as text: a caller and a telephone that do what the test tells them, when it tells them.

SIPp does the SIP; its twin-socket commands (sendCmd, recvCmd) report each step to the test and wait for the next order,
so no scenario needs a pause. Orders: ``bye``, ``cancel``, ``info=<digit>`` for a caller; ``ring``, ``early_media``,
``answer``, ``cross`` (picked up as the other side gives up: its 200 comes although it has had the CANCEL), ``bye`` and the
words of REFUSALS for a phone. SIPp must have finished one order before it gets the next.
"""

from collections.abc import Callable, Mapping

_FAILURES = (400, 401, 403, 404, 406, 408, 410, 480, 481, 484, 486, 487, 488, 500, 502, 503, 504, 600, 603, 604)
REFUSALS: Mapping[str, str] = {
    "busy": "486 Busy Here",
    "decline": "603 Decline",
    "unavailable": "480 Temporarily Unavailable",
    "missing": "404 Not Found",
    "broken": "500 Server Internal Error",
    "moved": "302 Moved Temporarily",  # to where it is, under another name
}

_SDP = """v=0
o=- 1 1 IN IP4 127.0.0.1
s=-
c=IN IP4 127.0.0.1
t=0 0
m=audio [rtp] RTP/AVP 0 8 101
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-15
a=ptime:20
a=sendrecv"""

_PORT = '<ereg regexp="m=audio ([0-9]+)" search_in="msg" check_it="false" assign_to="media,port"/>'
_HEAD = '<?xml version="1.0" encoding="ISO-8859-1" ?>\n'


def caller(*, tells_of_ringing: bool = False) -> str:
    """INVITE, tell of each answer, obey orders until somebody ends the call.

    While it tells of one answer SIPp can take no other, and a house that answers at once sends both in one breath: so a ringing is told
    of only to who asks for it.
    """
    refused = (_maybe(f'response="{code}"', f"refused_{code}") for code in _FAILURES)
    refusals = (_label(f"refused_{code}") + _ACK_OF_REFUSAL + _tell(f"refused {code}") + _go("end") for code in _FAILURES)
    parts = (
        _HEAD,
        '<scenario name="caller">\n',
        _tell("dialling"),  # before the INVITE: SIPp holds commands back while a request may have to be repeated
        _send(f"INVITE {_TARGET} SIP/2.0", _ours("INVITE"), body=_SDP),
        _label("early"),
        _maybe('response="100"', "early"),
        _maybe('response="180"', "ringing" if tells_of_ringing else "early"),
        _maybe('response="183"', "progress", _PORT),
        *refused,
        _maybe('response="200"', "answered", _PORT, ' rrs="true"'),
        _orders("cancel"),
        _go("cancelling", when="cancel"),
        _go("early"),
        _label("ringing") + _tell("ringing") + _go("early") if tells_of_ringing else "",
        _label("progress") + _tell("progress [$port]") + _go("early"),
        _label("cancelling"),
        _send(f"CANCEL {_TARGET} SIP/2.0", _theirs("CANCEL", to=_TO)),
        '  <recv response="200"/>\n  <recv response="487"/>\n',
        _ACK_OF_REFUSAL + _tell("cancelled") + _go("end"),
        *refusals,
        _label("answered"),
        _send("ACK [next_url] SIP/2.0", _ours("ACK"), retrans=False),
        _tell("answered [$port]"),
        *_talking(_ours),
        '  <Reference variables="media,order,value"/>\n</scenario>\n',
    )
    return "".join(parts)


def phone() -> str:
    """A telephone that is called: tells of the INVITE, then rings, refuses or answers as it is ordered."""
    refusals = (
        _label(word) + _reply(status, tag=_TAG) + '  <recv request="ACK"/>\n' + _tell(f"refused {status[:3]}") + _go("end")
        for word, status in REFUSALS.items()
    )
    parts = (
        _HEAD,
        '<scenario name="phone">\n',
        f'  <recv request="INVITE" rrs="true"><action>{_PORT}{_KEEP_VIA}</action></recv>\n',
        _reply("100 Trying"),
        _tell("invited [$port]"),
        _label("early"),
        _maybe('request="CANCEL"', "cancelled"),
        _orders("ring", "early_media", "answer", "cross", *REFUSALS),
        _go("ringing", when="ring"),
        _go("progress", when="early_media"),
        _go("answering", when="answer"),
        _go("crossing_cancel", when="cross"),
        *(_go(word, when=word) for word in REFUSALS),
        _go("early"),
        _label("ringing") + _reply("180 Ringing", tag=_TAG, via=_KEPT_VIA) + _tell("rang") + _go("early"),
        _label("progress") + _reply("183 Session Progress", tag=_TAG, body=_SDP, via=_KEPT_VIA) + _tell("progressed") + _go("early"),
        _label("cancelled") + _reply("200 OK", tag=_TAG, cseq="[last_CSeq:]"),
        _reply("487 Request Terminated", tag=_TAG, via=_KEPT_VIA, cseq="CSeq: [$cseq] INVITE"),
        '  <recv request="ACK"/>\n' + _tell("cancelled") + _go("end"),
        *refusals,
        _label("crossing_cancel") + _tell("will_cross") + '  <recv request="CANCEL"/>\n',
        _reply("200 OK", tag=_TAG, cseq="[last_CSeq:]"),
        _reply("200 OK", tag=_TAG, body=_SDP, via=_KEPT_VIA, cseq="CSeq: [$cseq] INVITE", retrans=True) + _go("unconfirmed"),
        _label("answering"),
        _reply("200 OK", tag=_TAG, body=_SDP, via=_KEPT_VIA, retrans=True),
        _label("unconfirmed"),
        _maybe('request="CANCEL"', "crossed"),
        f'  <recv request="ACK"><action>{_KEEP_ENDS}</action></recv>\n',
        _tell("answered [$port]"),
        _go("talking"),
        _label("crossed") + _reply("200 OK", tag=_TAG) + _go("unconfirmed"),
        *_talking(_called),
        '  <Reference variables="media,order,value"/>\n</scenario>\n',
    )
    return "".join(parts)


def register() -> str:
    """One registration with digest."""
    headers = """Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:[user]@[domain]>;tag=r[pid][call_number]
To: <sip:[user]@[domain]>
Call-ID: [call_id]
CSeq: [cseq] REGISTER
Contact: <sip:[user]@127.0.0.1:[contact]>
Expires: [expires]"""
    return "".join(
        (
            _HEAD,
            '<scenario name="register">\n',
            _send("REGISTER sip:[domain] SIP/2.0", headers),
            '  <recv response="100" optional="true"/>\n  <recv response="401" auth="true"/>\n',
            _send("REGISTER sip:[domain] SIP/2.0", headers + "\n[authentication]"),
            '  <recv response="100" optional="true"/>\n  <recv response="200"/>\n',
            "</scenario>\n",
        )
    )


_TARGET = "sip:[dialled]@[remote_ip]:[remote_port]"
_TO = f"To: <{_TARGET}>"
_TAG = ";tag=p[pid][call_number]"


def _ours(method: str) -> str:
    """The headers of a caller's own request."""
    return f"""Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]-[cseq]
From: "[shown]" <sip:[user]@[local_ip]:[local_port]>;tag=c[pid][call_number]
{_TO}[peer_tag_param]
Call-ID: [call_id]
CSeq: [cseq] {method}
Contact: <sip:[user]@[local_ip]:[local_port]>
[routes]"""


def _called(method: str) -> str:
    """The headers of a called phone's own request."""
    return f"""Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]-[cseq]
From:[$called]
To:[$caller]
Call-ID: [call_id]
CSeq: [cseq] {method}
Contact: <sip:[user]@[local_ip]:[local_port]>
[routes]"""


def _theirs(method: str, *, to: str = "[last_To:]") -> str:
    """CANCEL and the ACK of a refusal repeat what the INVITE had (RFC 3261, 9.1 and 17.1.1.3)."""
    return f"[last_Via:]\n[last_From:]\n{to}\n[last_Call-ID:]\nCSeq: 1 {method}"


def _send(first_line: str, headers: str, *, body: str = "", kind: str = "application/sdp", retrans: bool = True) -> str:
    again = ' retrans="500"' if retrans else ""
    kind_line = f"Content-Type: {kind}\n" if body else ""
    text = f"\n{first_line}\n{headers}\nMax-Forwards: 70\n{kind_line}Content-Length: [len]\n\n{body}\n"
    return f"  <send{again}><![CDATA[{text}]]></send>\n"


def _reply(
    status: str,
    *,
    body: str = "",
    retrans: bool = False,
    tag: str = "",
    via: str = "[last_Via:]",
    cseq: str = "[last_CSeq:]",
) -> str:
    headers = f"{via}\n[last_From:]\n[last_To:]{tag}\n[last_Call-ID:]\n{cseq}\nContact: <sip:[user]@[local_ip]:[local_port]>"
    return _send(f"SIP/2.0 {status}", headers, body=body, retrans=retrans)


def _tell(word: str) -> str:
    return f"  <sendCmd><![CDATA[\nCall-ID: [call_id]\nSay: {word}\n\n]]></sendCmd>\n"


def _orders(*words: str) -> str:
    """Waits for an order; afterwards the variable of its name is true, those of the others are false."""
    lines = ['    <ereg regexp="Do: ([a-z_]+)=?([0-9*#]*)" search_in="msg" check_it="true" assign_to="order,word,value"/>\n']
    for word in words:
        lines.append(f'    <strcmp assign_to="difference" variable="word" value="{word}"/>\n')
        lines.append(f'    <test assign_to="{word}" variable="difference" compare="equal" value="0"/>\n')
    return "  <recvCmd><action>\n" + "".join(lines) + "  </action></recvCmd>\n"


def _go(label: str, *, when: str = "") -> str:
    test = f' test="{when}"' if when else ""
    return f'  <nop next="{label}"{test}/>\n'


def _label(name: str) -> str:
    return f'  <label id="{name}"/>\n'


def _maybe(what: str, label: str, actions: str = "", extra: str = "") -> str:
    inner = f"<action>{actions}</action>" if actions else ""
    return f'  <recv {what} optional="true" next="{label}"{extra}>{inner}</recv>\n'


_ACK_OF_REFUSAL = _send(f"ACK {_TARGET} SIP/2.0", _theirs("ACK"), retrans=False)
_KEEP_VIA = (
    '<ereg regexp=".*" search_in="hdr" header="Via:" check_it="true" assign_to="via"/>'
    '<ereg regexp="[0-9]+" search_in="hdr" header="CSeq:" check_it="true" assign_to="cseq"/>'
)
_KEPT_VIA = "Via:[$via]"
_KEEP_ENDS = (
    '<ereg regexp=".*" search_in="hdr" header="From:" check_it="true" assign_to="caller"/>'
    '<ereg regexp=".*" search_in="hdr" header="To:" check_it="true" assign_to="called"/>'
)


def _talking(own: Callable[[str], str]) -> tuple[str, ...]:
    """The call is up: obey orders, and answer what the other side asks. ``own`` makes the headers of a request."""
    return (
        _label("talking"),
        _maybe('request="BYE"', "ended"),
        _maybe('request="INVITE"', "reinvited"),
        _maybe('request="UPDATE"', "updated"),
        _maybe('request="OPTIONS"', "asked"),
        _maybe('request="INFO"', "asked"),
        _maybe('request="ACK"', "talking"),
        _maybe('response="200"', "talking"),
        _orders("bye", "info"),
        _go("byeing", when="bye"),
        _go("pressing", when="info"),
        _go("talking"),
        _label("pressing"),
        _send("INFO [next_url] SIP/2.0", own("INFO"), body="Signal=[$value]\nDuration=160", kind="application/dtmf-relay"),
        _maybe('request="BYE"', "ended"),
        '  <recv response="200"/>\n' + _tell("confirmed") + _go("talking"),
        _label("reinvited") + _reply("200 OK", body=_SDP) + '  <recv request="ACK"/>\n' + _tell("reinvited") + _go("talking"),
        _label("updated") + _reply("200 OK", body=_SDP) + _tell("reinvited") + _go("talking"),
        _label("asked") + _reply("200 OK") + _go("talking"),
        _label("byeing"),
        _send("BYE [next_url] SIP/2.0", own("BYE")),
        _maybe('request="BYE"', "crossing"),
        '  <recv response="200"/>\n' + _tell("hung_up") + _go("end"),
        _label("crossing") + _reply("200 OK") + _tell("hung_up") + _go("end"),
        _label("ended") + _reply("200 OK") + _tell("ended"),
        _label("end"),
        "  <nop/>\n",
    )
