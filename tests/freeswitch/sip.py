"""One SIP caller on one UDP port: says what the test wants, also what no phone would say."""

import hashlib
import itertools
import re
import secrets
import socket

_ids = itertools.count(1)


class Sip:
    def __init__(self, to: tuple[str, int], *, host: str = "127.0.0.1", user: str = "0301234567", rtp: int = 9) -> None:
        self.to, self.host, self.user, self.rtp = to, host, user, rtp
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((host, 0))
        self._socket.settimeout(5)
        self.port = int(self._socket.getsockname()[1])
        self.call_id = f"{next(_ids)}-{secrets.token_hex(8)}@test"
        self.tag, self.cseq = secrets.token_hex(4), 0
        self.answer = ""

    def __enter__(self) -> "Sip":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def ask(self, method: str, uri: str, **more: str) -> int:
        """The final status of a request (``begin`` says what may be chosen); 0 when nothing comes. An answered INVITE is
        acknowledged."""
        self.begin(method, uri, **more)
        return self.final(method, uri)

    def begin(
        self,
        method: str,
        uri: str,
        *,
        name: str = "Caller",
        domain: str = "acd.test",
        body: str = "",
        kind: str = "",
        more: str = "",
    ) -> None:
        self.cseq += 1
        self._send(method, uri, name, domain, body, kind, more)

    def final(self, method: str, uri: str) -> int:
        """The final status of what was begun."""
        status = self._status(least=200)
        if method == "INVITE" and status:
            self._send("ACK", uri, "Caller", "acd.test", "", "", "")
        return status

    def ask_with(self, password: str, method: str, uri: str, **more: str) -> int:
        """With digest, after the challenge that must come."""
        first = self.ask(method, uri, **more)
        assert first in (401, 407), f"{method} was not challenged: {first}"
        header = "Authorization" if first == 401 else "Proxy-Authorization"
        line = f"{header}: {self.proof(password, method, uri)}\r\n"
        return self.ask(method, uri, **{**more, "more": more.get("more", "") + line})

    def invite(self, number: str, **more: str) -> int:
        return self.ask("INVITE", f"sip:{number}@{self.to[0]}:{self.to[1]}", body=self.sdp(), kind="application/sdp", **more)

    def rings(self, number: str, *, name: str = "Caller") -> bool:
        """Whether an INVITE (which is left standing) gets as far as ringing."""
        uri = f"sip:{number}@{self.to[0]}:{self.to[1]}"
        self.begin("INVITE", uri, name=name, body=self.sdp(), kind="application/sdp")
        return self._status(least=101) == 180

    def remote_rtp(self) -> int:
        found = re.search(r"m=audio (\d+)", self.answer)
        assert found, self.answer
        return int(found[1])

    def sdp(self) -> str:
        return (
            f"v=0\r\no=- 1 1 IN IP4 {self.host}\r\ns=-\r\nc=IN IP4 {self.host}\r\nt=0 0\r\n"
            f"m=audio {self.rtp} RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n"
        )

    def _send(self, method: str, uri: str, name: str, domain: str, body: str, kind: str, more: str) -> None:
        tag = re.search(r"(?im)^To:.*;tag=([^;\r]+)", self.answer) if method in ("ACK", "BYE", "INFO", "REFER") else None
        lines = [
            f"{method} {uri} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.host}:{self.port};branch=z9hG4bK{secrets.token_hex(6)};rport",
            f'From: "{name}" <sip:{self.user}@{domain}>;tag={self.tag}',
            f"To: <{uri if method != 'REGISTER' else f'sip:{self.user}@{domain}'}>" + (f";tag={tag[1]}" if tag else ""),
            f"Call-ID: {self.call_id}",
            f"CSeq: {self.cseq} {method}",
            f"Contact: <sip:{self.user}@{self.host}:{self.port}>",
            "Max-Forwards: 70",
        ]
        if kind:
            lines.append(f"Content-Type: {kind}")
        lines.append(f"Content-Length: {len(body.encode())}")
        self._socket.sendto(("\r\n".join(lines) + "\r\n" + more + "\r\n" + body).encode(), self.to)

    def _status(self, *, least: int) -> int:
        """Of the next answer that is no lower; 0 when none comes."""
        while True:
            self.answer = self._hear()
            if not self.answer:
                return 0
            if self.answer.startswith("SIP/2.0") and int(self.answer.split()[1]) >= least:
                return int(self.answer.split()[1])

    def _hear(self) -> str:
        try:
            return self._socket.recv(65535).decode(errors="replace")
        except TimeoutError:
            return ""

    def proof(self, password: str, method: str, uri: str) -> str:
        challenge = dict(re.findall(r'(\w+)="?([^",]+)"?', self.answer.split("uthenticate:")[1].splitlines()[0]))
        realm, nonce, cnonce = challenge["realm"], challenge["nonce"], secrets.token_hex(4)
        proof = _md5(f"{_md5(f'{self.user}:{realm}:{password}')}:{nonce}:00000001:{cnonce}:auth:{_md5(f'{method}:{uri}')}")
        return (
            f'Digest username="{self.user}", realm="{realm}", nonce="{nonce}", uri="{uri}", response="{proof}", '
            f'algorithm=MD5, qop=auth, cnonce="{cnonce}", nc=00000001'
        )


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
