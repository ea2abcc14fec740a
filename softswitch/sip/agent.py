"""A SIP user agent on one UDP socket: takes messages to their transaction, their call or the registrar.

The softswitch runs two: ``agents`` (ByDigest) and ``trunk`` (ByAddress). Everything happens in the greenlet of its
transport or in
that of the caller of a method; nothing here waits, so no lock is needed.
"""

import ipaddress
import logging
import secrets
import time
from collections.abc import Callable, Mapping, Sequence

from gevent import socket
from sipmessage import Request, Response

from softswitch.media.spawn import Died
from softswitch.sip.access import Access, ByDigest
from softswitch.sip.call import ALLOW, Call
from softswitch.sip.dialog import Dialog
from softswitch.sip.digest import Credentials
from softswitch.sip.exchanges import Exchanges, invite_key
from softswitch.sip.gate import Gate
from softswitch.sip.incoming import IncomingCall
from softswitch.sip.message import Garbage, name_addr, new_tag, parse, party, sip_uri, uri_parts
from softswitch.sip.outgoing import OutgoingCall
from softswitch.sip.registrar import Registrar, RegistrarLimits, Registration
from softswitch.sip.timers import Timers
from softswitch.sip.transactions import Address, ServerTransaction, is_in_dialog, server_key
from softswitch.sip.transport import Transport, UdpTransport

log = logging.getLogger(__name__)


def _nothing(*_args: object) -> None:
    return


class UserAgent:
    """``access`` None lets everybody in (phones and tests on loopback). ``transport`` is for tests."""

    def __init__(
        self,
        *,
        name: str,
        host: str = "127.0.0.1",
        port: int = 0,
        access: Access | None = None,
        product: str = "softswitch",
        contact_user: str = "softswitch",
        limits: RegistrarLimits | None = None,
        clock: Callable[[], float] = time.monotonic,
        on_died: Died | None = None,
        transport: Transport | None = None,
    ) -> None:
        self.name = name
        self.product = product
        self.on_invite: Callable[[Call], None] | None = None
        """A new incoming call, allowed in; 100 is sent. Set its callbacks here. Unset: 480."""
        self.on_register: Callable[[Registration, bool], None] = _nothing
        """(registration, first time?)"""
        self.on_unregister: Callable[[Registration, str], None] = _nothing
        """(registration, why: ``unregistered``, ``expired``)"""
        self.on_register_failure: Callable[[str, Address], None] = _nothing
        """(claimed user, source): a wrong password or an unknown user."""
        self._transport: Transport = transport or UdpTransport(name=name, host=host, port=port, on_died=on_died)
        self.host, self.port = self._transport.host, self._transport.port
        """The bound address (the port also when 0 was asked for)."""
        self.contact = f"sip:{contact_user}@{self.host}:{self.port}"
        self.timers = Timers(clock, on_earlier=self._transport.wake)
        self._gate = Gate(access, clock)
        self._follow_source = isinstance(access, ByDigest)
        self._registrar = Registrar(
            self.timers,
            limits=limits or RegistrarLimits(),
            on_register=lambda registration, first: self.on_register(registration, first),
            on_unregister=lambda registration, why: self.on_unregister(registration, why),
        )
        self.exchanges = Exchanges(
            timers=self.timers,
            send=lambda datagram, to: self._transport.send(datagram, to),
            forgotten=lambda transaction: self._ringing_in.pop(transaction.key, None),
        )
        """Also for requests outside a dialog (REGISTER, OPTIONS), whose headers are their sender's matter."""
        self._calls: dict[tuple[str, str], Call] = {}
        self._ringing_in: dict[tuple[str, str, str], IncomingCall] = {}
        self._garbage = 0

    def start(self) -> None:
        self._transport.start(self.receive, self.timers)

    def stop(self) -> None:
        """Closes the socket; calls end without a word (use hang_up first)."""
        self._transport.stop()

    @property
    def dropped(self) -> int:
        """Datagrams that were no SIP, or came when too much was going on."""
        return self._garbage + self.exchanges.dropped

    def registrations(self, user: str | None = None) -> Sequence[Registration]:
        return self._registrar.of(user)

    def calls(self) -> Sequence[Call]:
        return list(self._calls.values())

    def invite(
        self,
        *,
        target: str,
        sdp: bytes,
        from_user: str,
        from_name: str = "",
        headers: Mapping[str, str] | None = None,
        credentials: Credentials | None = None,
        send_to: Address | None = None,
    ) -> Call:
        """Calls ``target`` (``sip:1001@192.0.2.1:5060``) through ``send_to`` (default: the target's host and port).
        The Call
        comes back before anything is sent back; set its callbacks at once. Raises ValueError for a target that is no
        SIP URI,
        OSError for a host that cannot be resolved (only then it waits)."""
        return self._call_out(target, sdp, from_user, from_name, headers or {}, credentials, send_to, follow=False)

    def invite_user(
        self, user: str, *, sdp: bytes, from_user: str, from_name: str = "", headers: Mapping[str, str] | None = None
    ) -> Call | None:
        """The same to a registered phone (its newest contact, its source address); None when not registered."""
        found = self.registrations(user)
        if not found:
            return None
        one = found[0]
        return self._call_out(one.contact, sdp, from_user, from_name, headers or {}, None, one.source, follow=True)

    def _call_out(
        self,
        target: str,
        description: bytes,
        from_user: str,
        from_name: str,
        headers: Mapping[str, str],
        credentials: Credentials | None,
        send_to: Address | None,
        *,
        follow: bool,
    ) -> OutgoingCall:
        uri = str(sip_uri(target))
        ours = str(sip_uri(f"sip:{from_user or 'anonymous'}@{self.host}"))
        hop = send_to or resolve(uri)
        dialog = Dialog(
            call_id=f"{secrets.token_hex(12)}@{self.host}",
            local=name_addr(name=from_name, uri=ours, tag=new_tag()),
            remote=name_addr(name="", uri=uri),
            target=uri,
            next_hop=hop,
            follow_source=follow or send_to is not None,
            via=f"{self.host}:{self.port}",
            local_sequence=secrets.randbelow(10000),
        )
        call = OutgoingCall(self, dialog, description=description, headers=headers, credentials=credentials)
        self._calls[call.key] = call
        return call

    def forget_call(self, call: Call) -> None:
        self._calls.pop(call.key, None)

    # -- from the wire

    def receive(self, datagram: bytes, source: Address) -> None:
        """One datagram. Whatever it is, this does not raise because of it."""
        try:
            message = parse(datagram)
        except Garbage as error:
            self._garbage += 1
            log.debug("sip %s: dropped what %s:%s sent: %s", self.name, source[0], source[1], error)
            return
        if isinstance(message, Response):
            self.exchanges.response_came(message)
        elif message.method == "ACK":
            self._ack(message)
        elif message.method == "CANCEL":
            self._cancel(message, source)
        else:
            self._request(message, source)

    def _ack(self, ack: Request) -> None:
        call = self._call_of(ack) if self.exchanges.ack_came(ack) else None
        if call is not None:
            call.acknowledged(ack)

    def _cancel(self, cancel: Request, source: Address) -> None:
        branch, sent_by, _ = server_key(cancel)
        transaction = self.exchanges.begin(cancel, source)
        if transaction is None:
            return
        call = self._ringing_in.get((branch, sent_by, "INVITE"))
        transaction.answer(200 if call is not None else 481, to_tag=call.key[1] if call is not None else new_tag())
        if call is not None:
            call.cancelled(cancel)

    def _request(self, request: Request, source: Address) -> None:
        transaction = self.exchanges.begin(request, source)
        if transaction is None:
            return
        try:
            self._new_request(transaction)
        except Exception:
            # Without this the other side would repeat its request against silence.
            transaction.answer(500)
            raise

    def _new_request(self, transaction: ServerTransaction) -> None:
        request = transaction.request
        if is_in_dialog(request):
            call = self._call_of(request)
            if call is None:
                transaction.answer(481)
            else:
                call.request(transaction)
        elif self._is_merged(transaction):
            transaction.answer(482, to_tag=new_tag())
        elif request.headers.get("Require"):
            transaction.answer(420, to_tag=new_tag(), headers=(("Unsupported", request.headers["Require"]),))
        elif request.method == "OPTIONS":
            transaction.answer(200, to_tag=new_tag(), headers=(("Allow", ALLOW), ("Accept", "application/sdp")))
        elif request.method in ("INVITE", "REGISTER"):
            self._at_the_gate(transaction)
        else:
            transaction.answer(405, to_tag=new_tag(), headers=(("Allow", ALLOW + ", REGISTER"),))

    def _is_merged(self, transaction: ServerTransaction) -> bool:
        """8.2.2.2: the same INVITE came by another path already."""
        if transaction.request.method != "INVITE":
            return False
        first = next((one for one in self._ringing_in.values() if one.call_id == transaction.request.call_id), None)
        return first is not None and invite_key(first.invite) == invite_key(transaction.request)

    def _at_the_gate(self, transaction: ServerTransaction) -> None:
        passed = self._gate.check(transaction)
        if passed.failed_user:
            self.on_register_failure(passed.failed_user, transaction.source)
        if not passed.ok:
            return
        if transaction.request.method == "REGISTER":
            self._registrar.register(transaction, user=passed.user or party(transaction.request.headers["To"]).user)
        else:
            self._invite_came(transaction, passed.user)

    def _invite_came(self, transaction: ServerTransaction, user: str) -> None:
        transaction.answer(100)
        via = f"{self.host}:{self.port}"
        call = IncomingCall(self, transaction, via=via, follow_source=self._follow_source, auth_user=user)
        self._calls[call.key] = call
        self._ringing_in[transaction.key] = call
        if self.on_invite is None:
            call.reject(480)
            return
        try:
            self.on_invite(call)
        except Exception:
            call.reject(500)
            raise

    def _call_of(self, request: Request) -> Call | None:
        tag, theirs = party(request.headers["To"]).tag, party(request.headers["From"]).tag
        call = self._calls.get((request.headers["Call-ID"], tag))
        if call is None or (call.dialog.remote_tag and call.dialog.remote_tag != theirs):
            return None
        return call


def resolve(uri: str) -> Address:
    """The address behind a SIP URI. Waits for DNS when it names no IP address. Raises OSError."""
    _, host, port = uri_parts(uri)
    try:
        host = str(ipaddress.IPv4Address(host))
    except ValueError:
        host = str(socket.getaddrinfo(host, port or 5060, socket.AF_INET, socket.SOCK_DGRAM)[0][4][0])
    return host, port or 5060
