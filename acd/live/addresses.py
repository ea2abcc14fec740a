"""Which addresses a request of a flow may be sent to (FAULTS.md S10). PURE: names are resolved by whoever asks.

What is not on the public internet is refused: our own machine, the house's network, carriers' networks, the metadata service of
a cloud. The house may list exceptions: networks, or a host with its port, whose addresses may then be private. An IPv6 address
that only wraps an IPv4 address is judged by what it wraps.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
COMPATIBLE = IPv6Network("::/96")


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    hosts: frozenset[tuple[str, int]] = frozenset()

    def permits(self, address: str, host: str, port: int) -> bool:
        """Whether we may connect to this address, which the host's name gave."""
        found = inner(ip_address(address.partition("%")[0]))
        if any(found in network for network in self.networks if network.version == found.version):
            return True
        if (host.lower(), port) in self.hosts:
            return not (found.is_link_local or found.is_multicast or found.is_unspecified)
        return is_public(found)


def allowed(places: Iterable[str]) -> Allowed:
    """From ``10.1.2.0/24`` and ``crm.internal:8080``, as the configuration has them."""
    networks: list[IPv4Network | IPv6Network] = []
    hosts: set[tuple[str, int]] = set()
    for place in places:
        try:
            networks.append(ip_network(place))
        except ValueError:
            host, _, port = place.rpartition(":")
            hosts.add((host.lower(), int(port)))
    return Allowed(networks=tuple(networks), hosts=frozenset(hosts))


def inner(address: Address) -> Address:
    """The IPv4 address that an IPv6 address wraps, if it does (mapped, compatible, 6to4, Teredo, NAT64)."""
    if isinstance(address, IPv4Address):
        return address
    wrapped = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
    if wrapped is None and any(address in network for network in NAT64):
        wrapped = IPv4Address(int(address) & 0xFFFFFFFF)
    if wrapped is None and address in COMPATIBLE and int(address) > 1:
        wrapped = IPv4Address(int(address) & 0xFFFFFFFF)
    return wrapped or address


def is_public(address: Address) -> bool:
    odd = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_loopback or address.is_link_local
    site_local = isinstance(address, IPv6Address) and address.is_site_local
    return address.is_global and not odd and not site_local
