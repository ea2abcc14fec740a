"""A call that we make: ringing, early media, answer, failure, cancel in every phase. The rest is call.py's."""

from collections.abc import Mapping

from sipmessage import Request, Response

from softswitch.sip import bodies
from softswitch.sip.call import Agent, Call, CallState, End
from softswitch.sip.dialog import Dialog, contact_of, routes_of
from softswitch.sip.digest import Credentials
from softswitch.sip.message import Garbage, party
from softswitch.sip.transactions import ClientTransaction, cancel_of

MAX_CONTACTS = 8


class OutgoingCall(Call):
    incoming = False

    def __init__(
        self,
        agent: Agent,
        dialog: Dialog,
        *,
        description: bytes,
        headers: Mapping[str, str],
        credentials: Credentials | None,
    ) -> None:
        super().__init__(agent, dialog, source=dialog.next_hop, credentials=credentials)
        self.local_sdp = description
        caller, called = party(dialog.local), party(dialog.remote)
        self.caller_user, self.caller_name, self.called_user = caller.user, caller.name, called.user
        self._first_target = dialog.target
        self._headers = tuple(headers.items())
        self._provisional = False
        self._cancelled = False
        self._cancel_reason = ""
        self._last_response: Response | None = None
        self._other_branches: set[str] = set()
        self._invite = self._send_invite(None)

    def header(self, name: str) -> str:
        return (self._last_response.headers.get(name) or "") if self._last_response is not None else ""

    def cancel(self, *, cause: int | None = None) -> None:
        """CANCEL now, or as soon as something came back (9.1 forbids it before). For us the call is over at once:
        on_failed(487); a 200 that crosses it gets its ACK and a BYE."""
        if self.state in (CallState.ANSWERED, CallState.ENDED):
            return
        self._cancelled = True
        self._cancel_reason = bodies.reason(cause=cause) if cause is not None else ""
        if self._provisional:
            self._send_cancel()
        self._fail(487, "Request Terminated")

    def hang_up(self, *, status: int = 480, cause: int | None = 16) -> None:
        if self.state is CallState.ANSWERED:
            self.bye(cause=cause)
        else:
            self.cancel(cause=cause)

    # -- inside

    def _send_invite(self, challenge: tuple[str, str] | None) -> ClientTransaction:
        request = self._dialog.request("INVITE")
        self.finish(request, self.local_sdp, headers=self._headers)
        if challenge is not None:
            request.headers.set(*challenge)
        return self._agent.exchanges.start_client(
            request,
            self._dialog.destination(),
            on_response=lambda response: self._heard(request, response, challenged=challenge is not None),
            on_timeout=self._silence,
        )

    def _heard(self, request: Request, response: Response, *, challenged: bool) -> None:
        self._last_response = response
        self.last_status = response.code
        if response.code < 200:
            self._provisional_came(response)
        elif response.code < 300:
            self._success_came(request, response)
        else:
            self._failure_came(request, response, challenged=challenged)

    def _provisional_came(self, response: Response) -> None:
        first, self._provisional = not self._provisional, True
        if self._cancelled:
            if first:
                self._send_cancel()
        elif response.body:
            if self.state is not CallState.ANSWERED and (self.state is CallState.EARLY or self.move(CallState.EARLY)):
                self.remote_sdp = response.body
                self.on_early_media(response.body)
        elif response.code in (180, 181, 183) and self.state is CallState.TRYING:
            self.move(CallState.RINGING)
            self.on_ringing()

    def _success_came(self, request: Request, response: Response) -> None:
        tag = party(response.headers["To"]).tag
        if self._dialog.remote_tag:
            self._repeated_success(request, response, tag)
            return
        self._confirm(response)
        self.send_ack(request)
        if self._cancelled or self.state is CallState.ENDED:
            # The answer crossed our CANCEL: nobody here wants the call any more.
            self.send_bye(cause=16, text="cancelled")
            self._agent.forget_call(self)
            return
        self.move(CallState.ANSWERED)
        self.remote_sdp = response.body or self.remote_sdp
        self.on_answered(self.remote_sdp)

    def _confirm(self, response: Response) -> None:
        self._dialog.remote = response.headers["To"]
        self._dialog.target = contact_of(response) or self._dialog.target
        self._dialog.routes = routes_of(response, reverse=True)

    def _repeated_success(self, request: Request, response: Response, tag: str) -> None:
        """The ACK was lost: once more. From another phone behind a forking proxy: it is let go."""
        if tag == self._dialog.remote_tag:
            self.send_ack(request)
            return
        other = Dialog(
            call_id=self.call_id,
            local=self._dialog.local,
            remote=response.headers["To"],
            target=contact_of(response) or self._first_target,
            next_hop=self._dialog.next_hop,
            follow_source=self._dialog.follow_source,
            via=self._dialog.via,
            routes=routes_of(response, reverse=True),
            local_sequence=request.cseq.sequence,
        )
        self._agent.exchanges.send_message(other.request("ACK", sequence=request.cseq.sequence), other.destination())
        if tag not in self._other_branches and len(self._other_branches) < MAX_CONTACTS:
            self._other_branches.add(tag)
            bye = other.request("BYE")
            self._agent.exchanges.start_client(bye, other.destination(), on_response=lambda _response: None, on_timeout=lambda: None)

    def _failure_came(self, request: Request, response: Response, *, challenged: bool) -> None:
        answer = None if challenged or self._cancelled else self.answer_to_challenge(response, request)
        if answer is not None:
            self._provisional = False
            self._invite = self._send_invite(answer)
            return
        self._fail(response.code, response.phrase, contacts_of(response) if response.code < 400 else [])
        self._agent.forget_call(self)

    def _silence(self) -> None:
        self.last_status = 408
        self._fail(408, "Request Timeout")
        self._agent.forget_call(self)

    def _fail(self, status: int, phrase: str, contacts: list[str] | None = None) -> None:
        if self.move(CallState.ENDED):
            self.on_failed(status, phrase, contacts or [])

    def _send_cancel(self) -> None:
        cancel = cancel_of(self._invite.request)
        if self._cancel_reason:
            cancel.headers.set("Reason", self._cancel_reason)
        self._agent.exchanges.start_client(cancel, self._invite.to, on_response=lambda _response: None, on_timeout=lambda: None)
        # 9.1: a callee that never sends its 487 must not keep the transaction for ever.
        self._agent.timers.after(self._agent.timers.values.give_up_s, self._give_up)

    def _give_up(self) -> None:
        if not self._invite.is_final:
            self._invite.abandon()
            self._agent.forget_call(self)

    def bye_came(self, end: End) -> None:
        """A BYE in an early dialog is not allowed; it is taken as the failure it means."""
        if self.state is CallState.ANSWERED:
            self.end(end)
        elif self.state is not CallState.ENDED:
            self._fail(480, "Temporarily Unavailable")


def contacts_of(response: Response) -> list[str]:
    """The URIs of a redirection; what cannot be read is left out."""
    found: list[str] = []
    for line in response.headers.getlist("Contact")[:MAX_CONTACTS]:
        for one in line.split(",")[:MAX_CONTACTS]:
            try:
                found.append(party(one).uri)
            except Garbage:
                continue
    return found
