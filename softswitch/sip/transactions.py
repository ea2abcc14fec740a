"""The transactions of RFC 3261, section 17, over UDP: who repeats what and until when. Knows no dialog, no socket
and no clock but
the one of its timers. Where this differs from the RFC: a 2xx to an INVITE is repeated by the server transaction
until the dialog
has seen the ACK (13.3.1.4), so that there is one place that repeats.
"""

from collections.abc import Callable
from typing import Protocol

from sipmessage import Request, Response

from softswitch.sip.message import branch_of, new_request, party, render, respond
from softswitch.sip.timers import Timer, Timers

Address = tuple[str, int]


class Wire(Protocol):
    """What a transaction needs of its user agent."""

    timers: Timers

    def send(self, datagram: bytes, to: Address) -> None: ...
    def send_message(self, message: Request | Response, to: Address) -> None: ...
    def forget_server(self, transaction: "ServerTransaction") -> None: ...
    def forget_client(self, transaction: "ClientTransaction") -> None: ...


def server_key(request: Request) -> tuple[str, str, str]:
    """17.2.3: branch, sent-by and method (an ACK belongs to its INVITE)."""
    via = request.headers["Via"].partition(",")[0]
    sent_by = via.partition(";")[0].rpartition(" ")[2].lower()
    return branch_of(request), sent_by, "INVITE" if request.method == "ACK" else request.method


class Repetition:
    """The same again after T1, then after twice as long each time (timers A, E and G), until it is stopped."""

    def __init__(self, timers: Timers) -> None:
        self._timers = timers
        self._timer: Timer | None = None

    def start(self, send: Callable[[], None], *, longest_s: float) -> None:
        def after(seconds: float) -> None:
            self._timer = self._timers.after(seconds, lambda: again(seconds))

        def again(waited_s: float) -> None:
            send()
            after(min(2 * waited_s, longest_s))

        after(self._timers.values.t1_s)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()


class ServerTransaction:
    """One request that came, and our answers to it."""

    def __init__(self, wire: Wire, request: Request, source: Address) -> None:
        self.request = request
        self.source = source
        self.key = server_key(request)
        self.status = 0
        self.on_no_ack: Callable[[], None] = lambda: None
        self._wire = wire
        self._last = b""
        self._repeat = Repetition(wire.timers)
        self._end: Timer | None = None

    @property
    def is_final(self) -> bool:
        return self.status >= 200

    def respond(self, response: Response) -> None:
        """Sends it. A second final response is not sent: the first one stands."""
        if self.is_final:
            return
        self.status = response.code
        self._last = render(response)
        self._wire.send(self._last, self.source)
        if self.is_final:
            self._final()

    def answer(self, status: int, *, phrase: str = "", to_tag: str = "", headers: tuple[tuple[str, str], ...] = ()) -> None:
        """A response without a body."""
        response = respond(self.request, status, phrase=phrase, to_tag=to_tag, source=self.source)
        for name, value in headers:
            response.headers.add(name, value)
        self.respond(response)

    def again(self) -> None:
        """The request came once more."""
        if self._last:
            self._wire.send(self._last, self.source)

    def acknowledged(self) -> None:
        """The ACK came; what is left is to swallow its repeats (timer I)."""
        self._repeat.stop()
        if self._end is not None:
            self._end.cancel()
        self._end = self._wire.timers.after(self._wire.timers.values.t4_s, self._forget)

    def _final(self) -> None:
        values = self._wire.timers.values
        if self.request.method == "INVITE":
            self._repeat.start(self.again, longest_s=values.t2_s)
            self._end = self._wire.timers.after(values.give_up_s, self._no_ack)
        else:
            self._end = self._wire.timers.after(values.give_up_s, self._forget)

    def _no_ack(self) -> None:
        self._repeat.stop()
        self._forget()
        self.on_no_ack()

    def _forget(self) -> None:
        self._wire.forget_server(self)


class ClientTransaction:
    """One request of ours. ``on_response`` hears every response once (a repeated 2xx to an INVITE each time: it
    wants its ACK
    again); ``on_timeout`` comes instead of a final response."""

    def __init__(
        self,
        wire: Wire,
        request: Request,
        to: Address,
        *,
        on_response: Callable[[Response], None],
        on_timeout: Callable[[], None],
    ) -> None:
        self.request = request
        self.to = to
        self.key = (branch_of(request), request.method)
        self.is_final = False
        self._wire = wire
        self._on_response = on_response
        self._on_timeout = on_timeout
        self._datagram = render(request)
        self._ack = b""
        self._is_invite = request.method == "INVITE"
        values = wire.timers.values
        self._repeat = Repetition(wire.timers)
        self._repeat.start(self._again, longest_s=values.give_up_s if self._is_invite else values.t2_s)
        self._end = wire.timers.after(values.give_up_s, self._timed_out)
        wire.send(self._datagram, to)

    def response(self, response: Response) -> None:
        if self.is_final:
            self._late(response)
        elif response.code < 200:
            if self._is_invite:
                self._stop_timers()
            self._on_response(response)
        else:
            self._final(response)

    def abandon(self) -> None:
        """Nobody waits for it any more."""
        self._stop_timers()
        self._wire.forget_client(self)

    def _late(self, response: Response) -> None:
        if not self._is_invite:
            return
        if response.code >= 300 and self._ack:
            self._wire.send(self._ack, self.to)
        elif 200 <= response.code < 300:
            self._on_response(response)

    def _final(self, response: Response) -> None:
        self.is_final = True
        self._stop_timers()
        values = self._wire.timers.values
        linger_s = values.give_up_s if self._is_invite else values.t4_s
        self._end = self._wire.timers.after(linger_s, lambda: self._wire.forget_client(self))
        if self._is_invite and response.code >= 300:
            self._ack = render(self._make_ack(response))
            self._wire.send(self._ack, self.to)
        self._on_response(response)

    def _make_ack(self, response: Response) -> Request:
        """17.1.1.3: the same branch, the To of the response."""
        return _of_same_branch(self.request, "ACK", to=response.headers["To"])

    def _again(self) -> None:
        self._wire.send(self._datagram, self.to)

    def _stop_timers(self) -> None:
        self._end.cancel()
        self._repeat.stop()

    def _timed_out(self) -> None:
        self.is_final = True
        self.abandon()
        self._on_timeout()


def cancel_of(invite: Request) -> Request:
    """9.1: the CANCEL that belongs to this INVITE: same branch, same everything."""
    return _of_same_branch(invite, "CANCEL", to=invite.headers["To"])


def _of_same_branch(invite: Request, method: str, *, to: str) -> Request:
    request = new_request(
        method,
        str(invite.uri),
        via="",
        from_=invite.headers["From"],
        to=to,
        call_id=invite.headers["Call-ID"],
        sequence=invite.cseq.sequence,
        routes=invite.headers.getlist("Route"),
    )
    request.headers.set("Via", invite.headers["Via"])
    return request


def is_in_dialog(request: Request) -> bool:
    return bool(party(request.headers["To"]).tag)
