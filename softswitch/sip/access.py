"""Who may come in on a socket: by digest (phones) or by source address (trunks). INTERFACE FIRST."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ByDigest:
    """Phones. ``ha1_of(user)`` gives MD5(user:realm:password) in hex, or None when the user is unknown (same answer
    as a wrong one)."""

    realm: str
    ha1_of: Callable[[str], str | None]
    nonce_s: float = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ByAddress:
    """Trunks. Networks like ``127.0.0.1/32``; others get 403. REGISTER is refused."""

    networks: Sequence[str]


Access = ByDigest | ByAddress


def ha1(user: str, realm: str, password: str) -> str:
    raise NotImplementedError
