"""The door from the web to the controller: what the web may see and ask. Whoever runs the contact centre gives one."""

from collections.abc import Mapping
from typing import Protocol

from acd.core.decision import Decision
from acd.core.events import Event
from acd.core.policy import Policy
from acd.core.state import State
from acd.ivr.calendar import Calendar
from acd.metrics.sampled import Counters
from acd.plan.change import Plan
from acd.versions import Version


class Changes(Protocol):
    """The one way to another configuration. Both raise Refused (the files), NotNow (as things stand)."""

    def plan(self, n: int | None = None) -> Plan: ...

    def apply(self, *, by: str, how: str = "apply", expect: str = "", n: int | None = None) -> Version:
        """Also raises Unanswered and OSError. Nothing has changed then."""
        ...


class Floor(Protocol):
    @property
    def state(self) -> State: ...

    @property
    def policy(self) -> Policy: ...

    @property
    def counters(self) -> Counters:
        """Names of ``acd.metrics.sampled.COUNTED`` -> numbers."""
        ...

    @property
    def calendars(self) -> Mapping[str, Calendar]:
        """Opening hours of the house, by name."""
        ...

    def now(self) -> float: ...

    def ask(self, event: Event) -> tuple[Decision, ...]:
        """What was decided on it, remembered and sent by then. Raises acd.live.controller.Unanswered."""
        ...

    @property
    def changes(self) -> Changes: ...
