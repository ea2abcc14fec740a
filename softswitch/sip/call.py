"""One call leg over SIP: what both directions have in common. How a call is set up is in incoming.py and outgoing.py.

All callbacks run in the user agent's greenlet, in the order of the wire. They must not block; they may call any
method here.
"""

import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sipmessage import Request, Response

from softswitch.sip import bodies, sdp
from softswitch.sip.dialog import Dialog
from softswitch.sip.digest import authorization
from softswitch.sip.message import respond
from softswitch.sip.transactions import Address, ClientTransaction, ServerTransaction, Wire

log = logging.getLogger(__name__)

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """For a 401/407 to our own requests."""

    user: str
    password: str


class Agent(Wire, Protocol):
    """What a call needs of its user agent."""

    @property
    def contact(self) -> str: ...
    @property
    def product(self) -> str: ...
    def start_client(
        self,
        request: Request,
        to: Address,
        *,
        on_response: Callable[[Response], None],
        on_timeout: Callable[[], None],
    ) -> ClientTransaction: ...
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
        self._reinviting: Request | None = None
        self._next_offer: bytes | None = None
        self._held = False
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
        if self.state is not CallState.ANSWERED:
            return
        self.local_sdp = description
        if self._reinviting is not None:
            self._next_offer = description
            return
        self._next_offer = None
        self._reinviting = self.send_request(
            "INVITE", description, "application/sdp", on_final=self._reinvite_final, on_timeout=self._reinvite_timeout
        )

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
            again = self.send_request(
                method, body, content_type, headers=headers, on_final=on_final, on_timeout=on_timeout, challenge=answer
            )
            if self._reinviting is request:
                self._reinviting = again

        self._agent.start_client(request, self._dialog.destination(), on_response=heard, on_timeout=on_timeout)
        return request

    def finish(
        self, message: Request | Response, body: bytes, content_type: str = "", headers: Sequence[tuple[str, str]] = ()
    ) -> None:
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
        if self._credentials is None or response.code not in (401, 407):
            return None
        asked, ours = (
            ("WWW-Authenticate", "Authorization")
            if response.code == 401
            else ("Proxy-Authenticate", "Proxy-Authorization")
        )
        value = authorization(
            response.headers.get(asked) or "",
            user=self._credentials.user,
            password=self._credentials.password,
            method=request.method,
            uri=str(request.uri),
        )
        return (ours, value) if value else None

    # -- requests of the other side, in the dialog

    def request(self, transaction: ServerTransaction) -> None:
        request = transaction.request
        if not self._dialog.accept_sequence(request):
            transaction.answer(500, headers=(("Retry-After", "1"),))
        elif request.method == "BYE":
            self._bye_came(transaction)
        elif request.method in ("INVITE", "UPDATE"):
            self._offer_came(transaction)
        elif request.method == "INFO":
            self._info_came(transaction)
        elif request.method == "OPTIONS":
            transaction.answer(200, headers=(("Allow", ALLOW),))
        else:
            transaction.answer(405, headers=(("Allow", ALLOW),))

    def acknowledged(self, ack: Request) -> None:
        """An ACK for a 2xx that we sent to a re-INVITE; the first INVITE is incoming.py's."""
        if ack.body and ack.body != self.remote_sdp and self.state is CallState.ANSWERED:
            self._take_description(ack.body)

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

    def _offer_came(self, transaction: ServerTransaction) -> None:
        request = transaction.request
        if self._reinviting is not None and (request.method == "INVITE" or request.body):
            transaction.answer(491)
        elif self.state is not CallState.ANSWERED:
            transaction.answer(500 if request.body or request.method == "INVITE" else 200, headers=(("Retry-After", "2"),))
        else:
            self._answer_offer(transaction)

    def _answer_offer(self, transaction: ServerTransaction) -> None:
        request = transaction.request
        try:
            ours = self._answer_again(request)
        except sdp.BadSdp as error:
            transaction.answer(488, headers=(("Warning", f'304 softswitch "{str(error)[:80]!r}"'.replace("\\", " ")),))
            return
        self._dialog.refresh_target(request)
        response = respond(request, 200, to_tag=self._dialog.local_tag, source=transaction.source)
        self.finish(response, ours)
        transaction.on_no_ack = lambda: self._no_ack()
        transaction.respond(response)
        if ours:
            self.local_sdp = ours
        if request.body:
            self._take_description(request.body)

    def _answer_again(self, request: Request) -> bytes:
        """The answer to a new offer; our own description when the other side wants us to offer; nothing for a bare
        UPDATE."""
        if not request.body:
            return self.local_sdp if request.method == "INVITE" else b""
        host, port = sdp.local_address(self.local_sdp)
        return sdp.answer(sdp.read(request.body), host=host, port=port)

    def _no_ack(self) -> None:
        if self.state is CallState.ANSWERED:
            self.send_bye(cause=102, text="no ACK")
            self.end(End(by_us=True, what="no_ack", cause=102))

    def _take_description(self, description: bytes) -> None:
        self.remote_sdp = description
        try:
            held = sdp.read(description).held
        except sdp.BadSdp:
            return
        was, self._held = self._held, held
        self.on_media_changed(description)
        if held and not was:
            self.on_hold()
        elif was and not held:
            self.on_resume()

    def _reinvite_final(self, request: Request, response: Response) -> None:
        if 200 <= response.code < 300:
            self.send_ack(request)
        if self._reinviting is not request:
            return
        self._reinviting = None
        if self.state is not CallState.ANSWERED:
            return
        if 200 <= response.code < 300 and response.body:
            self._dialog.refresh_target(response)
            self.remote_sdp = response.body
            self.on_media_changed(response.body)
        elif response.code in (408, 481):
            self._lost(response.code)
        elif response.code == 491:
            self._offer_again_later()
        if self._next_offer is not None:
            self.reinvite(self._next_offer)

    def _offer_again_later(self) -> None:
        """14.1: whose Call-ID it is waits longer, so that the two do not cross again. The last offer is tried, once a round."""
        if self._next_offer is None:
            least_s = 0.0 if self.incoming else 2.1
            delay_s = least_s + secrets.randbelow(190) / 100
            self._agent.timers.after(delay_s, lambda: self.reinvite(self.local_sdp))

    def _reinvite_timeout(self) -> None:
        self._reinviting = None
        self._lost(408)

    def _lost(self, status: int) -> None:
        """14.1, 12.2.1.2: the other side does not know the call any more, or is gone."""
        if self.state is CallState.ANSWERED:
            self.send_bye(cause=102)
            self.end(End(by_us=False, what="timeout", cause=102, text=str(status)))

    def send_ack(self, invite: Request, body: bytes = b"") -> None:
        ack = self._dialog.request("ACK", sequence=invite.cseq.sequence)
        for name in ("Authorization", "Proxy-Authorization"):
            if value := invite.headers.get(name):
                ack.headers.set(name, value)
        if body:
            ack.headers.set("Content-Type", "application/sdp")
            ack.body = body
        self._agent.send_message(ack, self._dialog.destination())


def with_direction(description: bytes, direction: str) -> bytes:
    """A description of ours once more, with another direction. Raises BadSdp when it is none."""
    host, port = sdp.local_address(description)
    audio = sdp.read(description)
    return sdp.offer(host=host, port=port, codecs=(audio.codec,), direction=direction)
