"""Offers in an answered call (hold, resume, another address): ours one at a time, theirs answered. RFC 3261, section 14."""

import secrets
from typing import TYPE_CHECKING

from sipmessage import Request, Response

from softswitch.sip import sdp
from softswitch.sip.message import respond
from softswitch.sip.timers import Timers
from softswitch.sip.transactions import ServerTransaction

if TYPE_CHECKING:
    from softswitch.sip.call import Call


class Offers:
    """Of one call, whose descriptions it changes and whose callbacks it calls."""

    def __init__(self, call: "Call", timers: Timers) -> None:
        self._call = call
        self._timers = timers
        self._under_way: int | None = None
        """The number (CSeq) of our offer that is not answered yet; with credentials it is repeated under a higher one."""
        self._next: bytes | None = None
        self._held = False

    # -- ours

    def make(self, description: bytes) -> None:
        """Offers this; while another one is under way it waits for its end, and of several that wait only the last is sent."""
        self._call.local_sdp = description
        if self._under_way is not None:
            self._next = description
            return
        self._next = None
        request = self._call.send_request("INVITE", description, "application/sdp", on_final=self._final, on_timeout=self._timed_out)
        self._under_way = request.cseq.sequence

    def _final(self, request: Request, response: Response) -> None:
        call, accepted = self._call, 200 <= response.code < 300
        if accepted:
            call.send_ack(request)
        if self._under_way is None or request.cseq.sequence < self._under_way:
            return  # a 2xx that was repeated
        self._under_way = None
        if not call.is_answered:
            return
        if accepted and response.body:
            call.dialog.refresh_target(response)
            call.remote_sdp = response.body
            call.on_media_changed(response.body)
        elif response.code in (408, 481):
            call.lost(response.code)
        elif response.code == 491:
            self._again_later()
        if self._next is not None:
            call.reinvite(self._next)

    def _again_later(self) -> None:
        """14.1: whose Call-ID it is waits longer, so that the two do not cross again. The last offer is tried, once a round."""
        if self._next is None:
            least_s = 0.0 if self._call.incoming else 2.1
            delay_s = least_s + secrets.randbelow(190) / 100
            self._timers.after(delay_s, lambda: self._call.reinvite(self._call.local_sdp))

    def _timed_out(self) -> None:
        self._under_way = None
        self._call.lost(408)

    # -- theirs

    def came(self, transaction: ServerTransaction) -> None:
        request = transaction.request
        if self._under_way is not None and (request.method == "INVITE" or request.body):
            transaction.answer(491)
        elif not self._call.is_answered:
            transaction.answer(500 if request.body or request.method == "INVITE" else 200, headers=(("Retry-After", "2"),))
        else:
            self._answer(transaction)

    def _answer(self, transaction: ServerTransaction) -> None:
        call, request = self._call, transaction.request
        try:
            ours = self._our_answer(request)
        except sdp.BadSdp as error:
            transaction.answer(488, headers=(("Warning", f'304 softswitch "{str(error)[:80]!r}"'.replace("\\", " ")),))
            return
        call.dialog.refresh_target(request)
        response = respond(request, 200, to_tag=call.dialog.local_tag, source=transaction.source)
        call.finish(response, ours)
        transaction.on_no_ack = call.no_ack
        transaction.respond(response)
        if ours:
            call.local_sdp = ours
        if request.body:
            self.take(request.body)

    def _our_answer(self, request: Request) -> bytes:
        """The answer to a new offer; our own description when the other side wants us to offer; nothing for a bare
        UPDATE."""
        if not request.body:
            return self._call.local_sdp if request.method == "INVITE" else b""
        host, port = sdp.local_address(self._call.local_sdp)
        return sdp.answer(sdp.read(request.body), host=host, port=port)

    def take(self, description: bytes) -> None:
        """A new description of the other side, accepted already."""
        call = self._call
        call.remote_sdp = description
        try:
            held = sdp.read(description).held
        except sdp.BadSdp:
            return
        was, self._held = self._held, held
        call.on_media_changed(description)
        if held and not was:
            call.on_hold()
        elif was and not held:
            call.on_resume()


def with_direction(description: bytes, direction: str) -> bytes:
    """A description of ours once more, with another direction. Raises BadSdp when it is none."""
    host, port = sdp.local_address(description)
    audio = sdp.read(description)
    return sdp.offer(host=host, port=port, codecs=(audio.codec,), direction=direction)
