"""A phone's side of REGISTER: register, refresh before it expires, unregister. Runs on the timers of its user agent."""

import re
import secrets
from collections.abc import Callable

from sipmessage import Request, Response

from softswitch.sip.agent import UserAgent
from softswitch.sip.digest import Credentials
from softswitch.sip.message import name_addr, new_request, new_tag
from softswitch.sip.timers import Timer
from softswitch.sip.transactions import Address

_EXPIRES = re.compile(r";\s*expires\s*=\s*(\d{1,9})", re.IGNORECASE)
RETRY_S = 10.0
LONGEST_RETRY_S = 160.0
"""Twice as long after each failure; and each phone a little otherwise, so that a switch that comes back is not asked by all at
once (RFC 5626, 4.5)."""


class Registering:
    """``on_registered()`` at the first success and each refresh; ``on_refused(status)``: 408 is silence. It goes on trying
    after silence and 5xx, and after any refusal once it was accepted: a server in trouble refuses good passwords too."""

    def __init__(self, agent: UserAgent, *, server: Address, credentials: Credentials, expires_s: int = 300, domain: str = "") -> None:
        """``domain`` is what stands in the addresses; the server's own address when it is empty."""
        self.on_registered: Callable[[], None] = lambda: None
        self.on_unregistered: Callable[[], None] = lambda: None
        self.on_refused: Callable[[int], None] = lambda status: None
        self._agent = agent
        self._server = server
        self._domain = domain or f"{server[0]}:{server[1]}"
        self._credentials = credentials
        self._expires_s = expires_s
        self._call_id = f"{secrets.token_hex(12)}@{agent.host}"
        self._sequence = 0
        self._timer: Timer | None = None
        self._was_accepted = False
        self._failures = 0

    def register(self) -> None:
        self._ask(self._expires_s, None)

    def unregister(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._ask(0, None)

    def stop(self) -> None:
        """No more refreshing; says nothing to the server."""
        if self._timer is not None:
            self._timer.cancel()

    def _ask(self, expires_s: int, challenge: tuple[str, str] | None) -> None:
        self._sequence += 1
        address = f"sip:{self._credentials.user}@{self._domain}"
        request = new_request(
            "REGISTER",
            f"sip:{self._domain}",
            via=f"{self._agent.host}:{self._agent.port}",
            from_=name_addr(name="", uri=address, tag=new_tag()),
            to=name_addr(name="", uri=address),
            call_id=self._call_id,
            sequence=self._sequence,
        )
        request.headers.set("Contact", f"<{self._agent.contact}>;expires={expires_s}")
        request.headers.set("Expires", str(expires_s))
        request.headers.set("User-Agent", self._agent.product)
        if challenge is not None:
            request.headers.set(*challenge)
        self._agent.exchanges.start_client(
            request,
            self._server,
            on_response=lambda response: self._heard(request, response, expires_s, challenged=challenge is not None),
            on_timeout=lambda: self._refused(408, expires_s),
        )

    def _heard(self, request: Request, response: Response, expires_s: int, *, challenged: bool) -> None:
        if response.code < 200:
            return
        if response.code in (401, 407):
            answer = self._credentials.answer(response, request)
            stale = "stale=true" in (response.headers.get("WWW-Authenticate") or "").lower().replace('"', "")
            if answer is not None and (not challenged or stale) and self._sequence < 2**31:
                self._ask(expires_s, answer)
                return
        if 200 <= response.code < 300:
            self._accepted(response, expires_s)
        else:
            self._refused(response.code, expires_s)

    def _accepted(self, response: Response, expires_s: int) -> None:
        if expires_s == 0:
            self.on_unregistered()
            return
        self._was_accepted, self._failures = True, 0
        self._later(0.8 * self._granted_s(response, expires_s))
        self.on_registered()

    def _granted_s(self, response: Response, asked_s: int) -> int:
        for line in response.headers.getlist("Contact"):
            if self._agent.contact in line and (found := _EXPIRES.search(line.partition(self._agent.contact)[2])):
                return max(1, int(found[1]))
        return asked_s

    def _refused(self, status: int, expires_s: int) -> None:
        if expires_s and (self._was_accepted or status == 408 or status >= 500):
            self._later(self._retry_s())
        self.on_refused(status)

    def _retry_s(self) -> float:
        upper_s = min(RETRY_S * (1 << min(self._failures, 10)), LONGEST_RETRY_S)
        self._failures += 1
        return upper_s * (0.5 + secrets.randbelow(501) / 1000)

    def _later(self, seconds: float) -> None:
        self.stop()
        self._timer = self._agent.timers.after(seconds, self.register)
