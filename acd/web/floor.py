"""The door from the web to the controller: what the web may see and ask. Whoever runs the contact centre gives one."""

from collections.abc import Mapping
from typing import Protocol

from acd.core.decision import Decision
from acd.core.events import Event
from acd.core.policy import Policy
from acd.core.state import State
from acd.ivr.calendar import Calendar
from acd.metrics.sampled import Counters


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

    def reload(self) -> str:
        """Puts the configuration, read anew, in force whole, or raises with all that is wrong. Returns what is in force."""
        ...
