"""A call that came to us: ring, early media, answer, reject; the caller's CANCEL. The rest is call.py's."""

from sipmessage import Request

from softswitch.sip import bodies
from softswitch.sip.call import Agent, Call, CallState, End
from softswitch.sip.dialog import Dialog, contact_of, routes_of
from softswitch.sip.message import new_tag, party, respond, uri_parts
from softswitch.sip.transactions import ServerTransaction


class IncomingCall(Call):
    incoming = True

    def __init__(self, agent: Agent, transaction: ServerTransaction, *, via: str, follow_source: bool, auth_user: str = "") -> None:
        invite = transaction.request
        caller = party(invite.headers["From"])
        dialog = Dialog(
            call_id=invite.headers["Call-ID"],
            local=f"{invite.headers['To']};tag={new_tag()}",
            remote=invite.headers["From"],
            target=contact_of(invite) or caller.uri,
            next_hop=transaction.source,
            follow_source=follow_source,
            via=via,
            routes=routes_of(invite, reverse=False),
            remote_sequence=invite.cseq.sequence,
        )
        super().__init__(agent, dialog, source=transaction.source)
        self._transaction = transaction
        self._acknowledged = False
        self.caller_user, self.caller_name = caller.user, caller.name
        self.called_user = uri_parts(str(invite.uri))[0]
        self.auth_user = auth_user
        self.remote_sdp = invite.body

    @property
    def invite(self) -> Request:
        return self._transaction.request

    def header(self, name: str) -> str:
        return self.invite.headers.get(name) or ""

    def ring(self) -> None:
        """180. Not answered yet; else nothing."""
        if self.move(CallState.RINGING):
            self._respond(180)

    def progress(self, description: bytes) -> None:
        """183 with early media. Not answered yet; else nothing."""
        if self.move(CallState.EARLY):
            self.local_sdp = description
            self._respond(183, description)

    def answer(self, description: bytes) -> None:
        """200. When the caller is gone already nothing happens (on_ended was called)."""
        if self.move(CallState.ANSWERED):
            self.local_sdp = description
            self._transaction.on_no_ack = self._first_ack_missing
            self._respond(200, description)

    def reject(self, status: int, reason: str = "", *, cause: int | None = None) -> None:
        """A final answer 300-699 to a call that is not answered; on_ended follows. Raises ValueError for another
        status."""
        if not 300 <= status <= 699:
            raise ValueError(f"status {status} does not reject; 300 to 699 do")
        if self.state in (CallState.ANSWERED, CallState.ENDED):
            return
        headers = () if cause is None else (("Reason", bodies.reason(cause=cause)),)
        self._respond(status, phrase=reason, headers=headers)
        self.end(End(by_us=True, what="rejected", cause=cause, text=str(status)))

    def hang_up(self, *, status: int = 480, cause: int | None = 16) -> None:
        if self.state is CallState.ANSWERED:
            self.bye(cause=cause)
        else:
            self.reject(status, cause=cause)

    # -- from the wire

    def cancelled(self, cancel: Request) -> None:
        """The caller gave up. When the 200 is out already it stands, and the caller says BYE (or never ACKs)."""
        if self.state in (CallState.ANSWERED, CallState.ENDED):
            return
        self._respond(487)
        cause, text = bodies.read_reason(cancel.headers.get("Reason") or "")
        self.end(End(by_us=False, what="cancel", cause=cause, text=text))

    def acknowledged(self, ack: Request) -> None:
        if self._acknowledged or ack.cseq.sequence != self.invite.cseq.sequence:
            super().acknowledged(ack)
            return
        self._acknowledged = True
        self._transaction.acknowledged()
        if self.state is CallState.ANSWERED:
            self.remote_sdp = ack.body or self.remote_sdp
            self.on_answered(ack.body)

    def bye_came(self, end: End) -> None:
        if self.state in (CallState.ANSWERED, CallState.ENDED):
            self._transaction.acknowledged()  # a BYE before the ACK ends the wait for it too
        else:
            self._respond(487)
        self.end(end)

    def _respond(self, status: int, body: bytes = b"", *, phrase: str = "", headers: tuple[tuple[str, str], ...] = ()) -> None:
        self.last_status = status
        response = respond(self.invite, status, phrase=phrase, to_tag=self._dialog.local_tag, source=self.source)
        self.finish(response, body, headers=headers)
        self._transaction.respond(response)

    def _first_ack_missing(self) -> None:
        if not self._acknowledged:
            self.no_ack()
