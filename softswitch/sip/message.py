"""SIP messages from datagrams and back, on the library sipmessage, hardened: whatever comes from the wire either
becomes a message
with the headers that every message needs, or Garbage. Pure.

What the library leaves to us: folded lines, header names with spaces, Latin-1 callers, `#` in a user part, bounds,
the length of
the body, and errors of other types than ValueError (a parameter called ``self`` raises TypeError).
"""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from sipmessage import URI, CSeq, Message, Request, Response, Via

MAX_DATAGRAM = 16384
MAX_LINES = 128
MAX_LINE = 2048
NEEDED = ("Via", "From", "To", "Call-ID", "CSeq")
BRANCH_COOKIE = "z9hG4bK"

_FOLD = re.compile(r"\r\n[ \t]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_PLAIN_URI = re.compile(r"(sips?:)(?:([^@;?\s<>]{1,128})@)?([A-Za-z0-9.\-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::(\d{1,5}))?")
_TAG = re.compile(r";\s*tag\s*=\s*([^;,\s>\"]{1,256})", re.IGNORECASE)

PHRASES = {
    100: "Trying", 180: "Ringing", 181: "Call Is Being Forwarded", 183: "Session Progress", 200: "OK", 202: "Accepted",
    300: "Multiple Choices", 301: "Moved Permanently", 302: "Moved Temporarily", 400: "Bad Request", 401:
    "Unauthorized",
    403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 407: "Proxy Authentication Required",
    408: "Request Timeout", 410: "Gone", 415: "Unsupported Media Type", 416: "Unsupported URI Scheme",
    420: "Bad Extension", 423: "Interval Too Brief", 480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist", 482: "Loop Detected", 484: "Address Incomplete", 486: "Busy Here",
    487: "Request Terminated", 488: "Not Acceptable Here", 491: "Request Pending", 500: "Server Internal Error",
    501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Server Time-out",
    600: "Busy Everywhere", 603: "Decline", 604: "Does Not Exist Anywhere", 606: "Not Acceptable",
}  # fmt: skip


class Garbage(ValueError):
    """No SIP message; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A From, To or Contact, as far as we read it."""

    name: str
    uri: str
    user: str
    host: str
    port: int | None
    tag: str
    parameters: str
    """What stands behind the URI, raw."""


def parse(datagram: bytes) -> Request | Response:
    """Raises Garbage, and nothing else, whatever the bytes are."""
    if len(datagram) > MAX_DATAGRAM:
        raise Garbage(f"{len(datagram)} bytes, allowed are {MAX_DATAGRAM}")
    head, separator, body = datagram.lstrip(b"\r\n").partition(b"\r\n\r\n")
    if not separator:
        raise Garbage("no end of the headers")
    try:
        message = Message.parse("\r\n".join(_tidy(_text(head))).encode() + b"\r\n\r\n")
        _check(message)
    except Garbage:
        raise
    except Exception as error:  # the library raises more than ValueError on hostile parameters
        raise Garbage(str(error) or repr(error)) from error
    message.body = _body(message, body)
    return message


def _text(head: bytes) -> str:
    try:
        return head.decode()
    except UnicodeDecodeError:
        return head.decode("latin-1")


def _tidy(head: str) -> Iterable[str]:
    lines = _FOLD.sub(" ", head).split("\r\n")
    if len(lines) > MAX_LINES or max(map(len, lines)) > MAX_LINE:
        raise Garbage(f"more than {MAX_LINES} lines or {MAX_LINE} characters in one")
    if _CONTROL.search("".join(lines)):
        raise Garbage("control character in a header")
    yield lines[0].replace("#", "%23")
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon or not name.strip():
            raise Garbage(f"header without a name: {line[:40]!r}")
        yield f"{name.strip()}: {value.strip()}"


def _check(message: Request | Response) -> None:
    for name in NEEDED:
        if not message.headers.get(name):
            raise Garbage(f"no {name}")
    cseq = message.cseq
    if isinstance(message, Request) and cseq.method != message.method:
        raise Garbage("CSeq of another method")
    if isinstance(message, Response) and not 100 <= message.code <= 699:
        raise Garbage(f"status {message.code}")
    if not 0 <= cseq.sequence < 2**32:
        raise Garbage("CSeq too large")
    top_via(message)
    party(message.headers["From"])
    party(message.headers["To"])


def _body(message: Request | Response, body: bytes) -> bytes:
    length = message.headers.get("Content-Length")
    if length is None:
        return body
    if not length.isascii() or not length.isdigit() or int(length[:6]) > len(body):
        raise Garbage(f"Content-Length {length[:20]!r}, {len(body)} bytes came")
    return body[: int(length)]


def top_via(message: Request | Response) -> Via:
    """Raises ValueError for one that cannot be read or names no branch of RFC 3261."""
    via = Via.parse_many(message.headers["Via"])[0]
    if not (via.parameters.get("branch") or ""):
        raise Garbage("Via without branch")
    return via


def branch_of(message: Request | Response) -> str:
    return top_via(message).parameters["branch"] or ""


def party(text: str) -> Party:
    """Reads ``"Name" <uri>;params`` or ``uri;params``. Raises Garbage. Linear in the text, unlike the library's
    pattern."""
    text = text.strip()
    if "<" in text:
        opening = _opening(text)
        uri, closing, after = text[opening + 1 :].partition(">")
        if not closing:
            raise Garbage(f"address without >: {text[:60]!r}")
        name = _unquoted(text[:opening].strip())
    else:
        uri, semicolon, after = text.partition(";")
        after, name = semicolon + after, ""
    user, host, port = uri_parts(uri)
    tag = _TAG.search(after)
    return Party(name=name, uri=uri.strip(), user=user, host=host, port=port, tag=tag[1] if tag else "", parameters=after)


def _opening(text: str) -> int:
    """Where the ``<`` is that opens the URI: one inside the quoted name does not count."""
    start = 0
    if text.startswith('"'):
        start = 1
        while start < len(text) and text[start] != '"':
            start += 2 if text[start] == "\\" else 1
    opening = text.find("<", start)
    if opening < 0:
        raise Garbage(f"address without <: {text[:60]!r}")
    return opening


def _unquoted(name: str) -> str:
    if len(name) >= 2 and name[0] == name[-1] == '"':
        return re.sub(r"\\(.)", r"\1", name[1:-1])
    return name


def uri_parts(uri: str) -> tuple[str, str, int | None]:
    """(user, host, port) of a SIP or tel URI. Raises Garbage."""
    try:
        parsed = URI.parse(uri.strip().replace("#", "%23"))
    except Exception:  # again: not only ValueError
        return _plain_parts(uri)
    return parsed.user or "", parsed.host, _port(parsed.port)


def _plain_parts(uri: str) -> tuple[str, str, int | None]:
    """For URIs with parts that the library does not know, such as headers behind ``?``."""
    found = _PLAIN_URI.match(uri.strip())
    if found is None:
        raise Garbage(f"no SIP URI: {uri[:60]!r}")
    return found[2] or "", found[3], _port(int(found[4]) if found[4] else None)


def _port(port: int | None) -> int | None:
    if port is not None and not 0 < port < 65536:
        raise Garbage(f"port {port}")
    return port


def sip_uri(uri: str) -> URI:
    """The URI as the library writes it; what it cannot read is reduced to user, host and port. Raises Garbage."""
    try:
        return URI.parse(uri.strip().replace("#", "%23"))
    except Exception:
        user, host, port = _plain_parts(uri)
        return URI(scheme="sip", host=host, user=user or None, port=port)


def name_addr(*, name: str, uri: str, tag: str = "") -> str:
    """Writes a From or To. Control characters of the name become spaces: it is often a caller's text."""
    clean = _CONTROL.sub(" ", name).replace("\\", "\\\\").replace('"', '\\"')
    return (f'"{clean}" ' if clean else "") + f"<{uri}>" + (f";tag={tag}" if tag else "")


def new_tag() -> str:
    return secrets.token_hex(8)


def new_branch() -> str:
    return BRANCH_COOKIE + secrets.token_hex(10)


def render(message: Request | Response) -> bytes:
    """The datagram; refuses what would forge a header. Raises ValueError."""
    for name in message.headers.keys():  # noqa: SIM118 (no mapping)
        for value in message.headers.getlist(name):
            if _CONTROL.search(name + value):
                raise ValueError(f"control character in header {name!r}: {value!r}")
    message.headers.set("Content-Length", str(len(message.body)))
    return bytes(message)


def respond(request: Request, status: int, *, phrase: str = "", to_tag: str = "", source: tuple[str, int]) -> Response:
    """A response with what every response copies; Via with received and rport (RFC 3581), so that it goes back where
    it came from."""
    response = Response(status, phrase or PHRASES.get(status, "Unknown"))
    vias = list(request.headers.getlist("Via"))
    vias[0] = _with_source(vias[0], source)
    response.headers.setlist("Via", vias)
    response.headers.setlist("Record-Route", list(request.headers.getlist("Record-Route")))
    if not request.headers.getlist("Record-Route"):
        response.headers.remove("Record-Route")
    response.headers.set("From", request.headers["From"])
    to = request.headers["To"]
    response.headers.set("To", to if not to_tag or party(to).tag else f"{to};tag={to_tag}")
    response.headers.set("Call-ID", request.headers["Call-ID"])
    response.headers.set("CSeq", request.headers["CSeq"])
    return response


def _with_source(via: str, source: tuple[str, int]) -> str:
    top, comma, others = via.partition(",")
    top = re.sub(r";\s*(received=[^;,]*|rport(=\d*)?)(?=[;,]|\s*$)", "", top)
    return f"{top};received={source[0]};rport={source[1]}{comma}{others}"


def new_request(
    method: str, uri: str, *, via: str, from_: str, to: str, call_id: str, sequence: int, routes: Iterable[str] = ()
) -> Request:
    """A request with the headers that every request needs. ``via`` is host:port of ours; the branch is new."""
    request = Request(method, sip_uri(uri))
    request.headers.set("Via", f"SIP/2.0/UDP {via};branch={new_branch()};rport")
    for route in routes:
        request.headers.add("Route", route)
    request.headers.set("Max-Forwards", "70")
    request.headers.set("From", from_)
    request.headers.set("To", to)
    request.headers.set("Call-ID", call_id)
    request.headers.set("CSeq", str(CSeq(sequence=sequence, method=method)))
    return request
