"""What the core remembers of the house itself: which phones are registered, which switches are reachable."""

from dataclasses import dataclass

from acd.words import NodeId, PhoneId


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    id: PhoneId
    registered: bool
    since: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    id: NodeId
    reachable: bool
    since: float
