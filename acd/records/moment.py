"""PURE: one line of a contact's story. Text from outside stays plain here; whoever prints it makes it safe for the place."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    at: float
    text: str
    kind: str
    details: tuple[str, ...] = field(default=())
