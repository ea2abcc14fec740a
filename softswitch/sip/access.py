"""Who may come in on a socket: by digest (phones) or by source address (trunks)."""

import ipaddress
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from softswitch.sip.digest import ha1

__all__ = ["Access", "ByAddress", "ByDigest", "ha1"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ByDigest:
    """Phones. ``ha1_of(user)`` gives MD5(user:realm:password) in hex, or None when the user is unknown (same answer
    as a
    wrong one)."""

    realm: str
    ha1_of: Callable[[str], str | None]
    nonce_s: float = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ByAddress:
    """Trunks. Networks like ``127.0.0.1/32``; others get 403. REGISTER is refused. A network that cannot be read raises
    ValueError when this is made."""

    networks: Sequence[str]

    def __post_init__(self) -> None:
        for one in self.networks:
            ipaddress.ip_network(one)

    def lets_in(self, host: str) -> bool:
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return False
        return any(address in ipaddress.ip_network(one) for one in self.networks)


Access = ByDigest | ByAddress
