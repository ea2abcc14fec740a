"""What both ends of a dialog remember (RFC 3261, section 12): tags, sequence numbers, route set, target. No socket,
no timers."""

import ipaddress
import re
from dataclasses import dataclass

from sipmessage import Request, Response

from softswitch.sip.message import Garbage, new_request, party, uri_parts

Address = tuple[str, int]
MAX_ROUTES = 16
_ROUTE = re.compile(r"<[^<>]{1,256}>[^,]{0,256}")


@dataclass(slots=True, kw_only=True)
class Dialog:
    """Mutable: sequence numbers move on, and a target refresh moves the target."""

    call_id: str
    local: str
    """Our From or To with its tag, as we write it."""
    remote: str
    """The other side's, with its tag as soon as it has one."""
    target: str
    next_hop: Address
    """Where it is sent when neither route nor target names an IP address, or when the source is to be followed."""
    follow_source: bool
    """True behind NAT: always the address from which the other side really sends."""
    via: str
    routes: tuple[str, ...] = ()
    local_sequence: int = 0
    remote_sequence: int = -1

    @property
    def local_tag(self) -> str:
        return party(self.local).tag

    @property
    def remote_tag(self) -> str:
        return party(self.remote).tag

    def request(self, method: str, *, sequence: int | None = None) -> Request:
        """The next request of ours; ACK and CANCEL pass the sequence of their INVITE."""
        if sequence is None:
            self.local_sequence += 1
        return new_request(
            method,
            self.target,
            via=self.via,
            from_=self.local,
            to=self.remote,
            call_id=self.call_id,
            sequence=self.local_sequence if sequence is None else sequence,
            routes=self.routes,
        )

    def destination(self) -> Address:
        if self.follow_source:
            return self.next_hop
        return address_of(self.routes[0] if self.routes else self.target) or self.next_hop

    def accept_sequence(self, request: Request) -> bool:
        """12.2.2: False for a request that is older than one we have seen."""
        sequence = request.cseq.sequence
        if sequence <= self.remote_sequence:
            return False
        self.remote_sequence = sequence
        return True

    def refresh_target(self, message: Request | Response) -> None:
        contact = contact_of(message)
        if contact:
            self.target = contact


def contact_of(message: Request | Response) -> str:
    """The URI of the first Contact; '' without a usable one."""
    found = message.headers.get("Contact") or ""
    try:
        return party(found).uri if found.strip() != "*" and found else ""
    except Garbage:
        return ""


def routes_of(message: Request | Response, *, reverse: bool) -> tuple[str, ...]:
    """The route set from Record-Route: as it stands for the one who was called, reversed for the caller."""
    routes = [one for line in message.headers.getlist("Record-Route") for one in _ROUTE.findall(line)][:MAX_ROUTES]
    routes = [one.strip() for one in routes]
    return tuple(reversed(routes) if reverse else routes)


def address_of(uri: str) -> Address | None:
    """The address that a URI names, if it is an IPv4 address: a name would mean a wait inside a dialog."""
    try:
        _, host, port = uri_parts(party(uri).uri if "<" in uri else uri)
        return str(ipaddress.IPv4Address(host)), port or 5060
    except ValueError:
        return None
