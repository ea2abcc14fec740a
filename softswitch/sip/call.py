"""One call leg over SIP: what both directions have in common. How a call is set up is in incoming.py and outgoing.py.

All callbacks run in the user agent's greenlet, in the order of the wire. They must not block; they may call any
method here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sipmessage import Request, Response

from softswitch.sip import bodies
from softswitch.sip.dialog import Dialog
from softswitch.sip.digest import Credentials
from softswitch.sip.exchanges import Exchanges
from softswitch.sip.offers import Offers, with_direction
from softswitch.sip.timers import Timers
from softswitch.sip.transactions import Address, ServerTransaction

ALLOW = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE"


class CallState(StrEnum):
    TRYING = "trying"
    RINGING = "ringing"
    EARLY = "early"  # with media
    ANSWERED = "answered"
    ENDED = "ended"


MOVES: dict[CallState, frozenset[CallState]] = {
    CallState.TRYING: frozenset({CallState.RINGING, CallState.EARLY, CallState.ANSWERED, CallState.ENDED}),
    CallState.RINGING: frozenset({CallState.EARLY, CallState.ANSWERED, CallState.ENDED}),
    CallState.EARLY: frozenset({CallState.RINGING, CallState.ANSWERED, CallState.ENDED}),
    CallState.ANSWERED: frozenset({CallState.ENDED}),
    CallState.ENDED: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """Why a call ended that was answered, or came in."""

    by_us: bool
    what: str
    """bye, cancel, rejected, no_ack, timeout, stopped"""
    cause: int | None = None
    """Q.850 cause of the Reason header, if there was one."""
    text: str = ""


class Agent(Protocol):
    """What a call needs of its user agent."""

    timers: Timers
    exchanges: Exchanges

    @property
    def contact(self) -> str: ...
    @property
    def product(self) -> str: ...
    def forget_call(self, call: "Call") -> None: ...


def _nothing(*_args: object) -> None:
    return


class Call:
    """One leg; made by ``UserAgent.invite`` or handed to ``UserAgent.on_invite``."""

    incoming: bool

    def __init__(self, agent: Agent, dialog: Dialog, *, source: Address, credentials: Credentials | None = None) -> None:
        self._agent = agent
        self._dialog = dialog
        self._credentials = credentials
        self._offers = Offers(self, agent.timers)
        self.source = source
        """Where the INVITE came from / goes to."""
        self.state = CallState.TRYING
        self.call_id = dialog.call_id
        """The Call-ID header."""
        self.caller_user = ""
        self.caller_name = ""
        self.called_user = ""
        self.auth_user = ""
        """The user that proved its password (phones), else ''."""
        self.remote_sdp = b""
        """The last description that the other side sent, b'' before that."""
        self.local_sdp = b""
        self.last_status = 0
        """The last status received (outgoing) or sent (incoming)."""
        self.on_ringing: Callable[[], None] = _nothing
        """180 without a description."""
        self.on_early_media: Callable[[bytes], None] = _nothing
        """183 or 180 with a description (the argument)."""
        self.on_answered: Callable[[bytes], None] = _nothing
        """Outgoing: 2xx came (its ACK is sent already). Incoming: the ACK came; the argument is its body or b''."""
        self.on_failed: Callable[[int, str, Sequence[str]], None] = _nothing
        """Outgoing only, once: (status, reason phrase, contacts of a 3xx). 487 at our own cancel (at once), 408 for
        silence."""
        self.on_ended: Callable[[End], None] = _nothing
        """Once for each call that was not on_failed: hung up by either side, cancelled by the caller, ACK never
        came."""
        self.on_digit: Callable[[str], None] = _nothing
        """From SIP INFO (dtmf-relay or dtmf)."""
        self.on_hold: Callable[[], None] = _nothing
        self.on_resume: Callable[[], None] = _nothing
        self.on_media_changed: Callable[[bytes], None] = _nothing
        """A re-INVITE or UPDATE brought this description (also at hold and resume); we answered with mirrored
        direction."""

    # -- what both directions can do

    def header(self, name: str) -> str:
        """A header of the INVITE that came (incoming) or of the last response (outgoing); '' when absent."""
        raise NotImplementedError

    def hang_up(self, *, status: int = 480, cause: int | None = 16) -> None:
        """Whatever the state: reject(status), cancel or bye. Safe to repeat."""
        raise NotImplementedError

    def bye(self, *, cause: int | None = 16, text: str = "") -> None:
        """Answered: BYE with ``Reason: Q.850;cause=16;text="..."``; on_ended(by_us=True) at once."""
        if self.state is not CallState.ANSWERED:
            return
        self.send_bye(cause=cause, text=text)
        self.end(End(by_us=True, what="bye", cause=cause, text=text))

    def reinvite(self, description: bytes) -> None:
        """A new offer in an answered call (hold: direction sendonly); its answer comes by on_media_changed. While another one
        is under way it waits for its end; of several that wait only the last is sent."""
        if self.state is CallState.ANSWERED:
            self._offers.make(description)

    def hold(self) -> None:
        """Puts the other side on hold: our last description, sendonly."""
        self.reinvite(with_direction(self.local_sdp, "sendonly"))

    def resume(self) -> None:
        self.reinvite(with_direction(self.local_sdp, "sendrecv"))

    def send_digit(self, digit: str, *, duration_ms: int = 160) -> None:
        """SIP INFO application/dtmf-relay. Raises ValueError for what is no digit."""
        body = bodies.relay_body(digit, duration_ms=duration_ms)
        if self.state is CallState.ANSWERED:
            self.send_request("INFO", body, bodies.RELAY)

    # -- for incoming.py, outgoing.py and the user agent

    @property
    def key(self) -> tuple[str, str]:
        """(Call-ID, our tag): unique, for we draw the tag."""
        return self.call_id, self._dialog.local_tag

    @property
    def dialog(self) -> Dialog:
        return self._dialog

    @property
    def is_answered(self) -> bool:
        return self.state is CallState.ANSWERED

    def move(self, state: CallState) -> bool:
        """False for a move that the table does not have: a late arrival, to be ignored."""
        if state not in MOVES[self.state]:
            return False
        self.state = state
        return True

    def end(self, end: End) -> None:
        if self.move(CallState.ENDED):
            self._agent.forget_call(self)
            self.on_ended(end)

    def send_bye(self, *, cause: int | None, text: str = "") -> None:
        headers = (("Reason", bodies.reason(cause=cause, text=text)),) if cause is not None else ()
        self.send_request("BYE", headers=headers)

    def send_request(
        self,
        method: str,
        body: bytes = b"",
        content_type: str = "",
        *,
        headers: Sequence[tuple[str, str]] = (),
        on_final: Callable[[Request, Response], None] = _nothing,
        on_timeout: Callable[[], None] = _nothing,
        challenge: tuple[str, str] | None = None,
    ) -> Request:
        """One request in the dialog, repeated with credentials when it is challenged for the first time."""
        request = self._dialog.request(method)
        self.finish(request, body, content_type, headers)
        if challenge is not None:
            request.headers.set(*challenge)

        def heard(response: Response) -> None:
            if response.code < 200:
                return
            answer = self.answer_to_challenge(response, request) if challenge is None else None
            if answer is None:
                on_final(request, response)
                return
            self.send_request(method, body, content_type, headers=headers, on_final=on_final, on_timeout=on_timeout, challenge=answer)

        self._agent.exchanges.start_client(request, self._dialog.destination(), on_response=heard, on_timeout=on_timeout)
        return request

    def finish(self, message: Request | Response, body: bytes, content_type: str = "", headers: Sequence[tuple[str, str]] = ()) -> None:
        """What all our messages carry besides what the dialog gives them."""
        message.headers.set("Contact", f"<{self._agent.contact}>")
        message.headers.set("User-Agent" if isinstance(message, Request) else "Server", self._agent.product)
        message.headers.set("Allow", ALLOW)
        for name, value in headers:
            message.headers.set(name, value)
        if body:
            message.headers.set("Content-Type", content_type or "application/sdp")
            message.body = body

    def answer_to_challenge(self, response: Response, request: Request) -> tuple[str, str] | None:
        """(header name, value) for a 401 or 407, when we have credentials for it."""
        return self._credentials.answer(response, request) if self._credentials is not None else None

    # -- requests of the other side, in the dialog

    def request(self, transaction: ServerTransaction) -> None:
        request = transaction.request
        if not self._dialog.accept_sequence(request):
            transaction.answer(500, headers=(("Retry-After", "1"),))
        elif request.method == "BYE":
            self._bye_came(transaction)
        elif request.method in ("INVITE", "UPDATE"):
            self._offers.came(transaction)
        elif request.method == "INFO":
            self._info_came(transaction)
        elif request.method == "OPTIONS":
            transaction.answer(200, headers=(("Allow", ALLOW),))
        else:
            transaction.answer(405, headers=(("Allow", ALLOW),))

    def acknowledged(self, ack: Request) -> None:
        """An ACK for a 2xx that we sent to a re-INVITE; the first INVITE is incoming.py's."""
        if ack.body and ack.body != self.remote_sdp and self.state is CallState.ANSWERED:
            self._offers.take(ack.body)

    def _bye_came(self, transaction: ServerTransaction) -> None:
        transaction.answer(200)
        cause, text = bodies.read_reason(transaction.request.headers.get("Reason") or "")
        self.bye_came(End(by_us=False, what="bye", cause=cause, text=text))

    def bye_came(self, end: End) -> None:
        self.end(end)

    def _info_came(self, transaction: ServerTransaction) -> None:
        transaction.answer(200)
        digit = bodies.digit_in(transaction.request.headers.get("Content-Type") or "", transaction.request.body)
        if digit is not None and self.state is not CallState.ENDED:
            self.on_digit(digit)

    def lost(self, status: int) -> None:
        """14.1, 12.2.1.2: the other side does not know the call any more, or is gone."""
        if self.state is CallState.ANSWERED:
            self.send_bye(cause=102)
            self.end(End(by_us=False, what="timeout", cause=102, text=str(status)))

    def no_ack(self) -> None:
        if self.state is CallState.ANSWERED:
            self.send_bye(cause=102, text="no ACK")
            self.end(End(by_us=True, what="no_ack", cause=102))

    def send_ack(self, invite: Request, body: bytes = b"") -> None:
        ack = self._dialog.request("ACK", sequence=invite.cseq.sequence)
        for name in ("Authorization", "Proxy-Authorization"):
            if value := invite.headers.get(name):
                ack.headers.set(name, value)
        if body:
            ack.headers.set("Content-Type", "application/sdp")
            ack.body = body
        self._agent.exchanges.send_message(ack, self._dialog.destination())
