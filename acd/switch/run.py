"""Which run of the switch we talk to. One that came up anew has lost its calls, but for those that it can bring back. PURE."""

import re
from collections.abc import Callable, Iterable

from acd.core.events import CallArrived, Event, LegParked, LegsBridged
from acd.switch.counters import Counters
from acd.words import LegId

Ask = Callable[[str], str]
"""Asks the switch a command and waits for the answer. Raises NotConnectedError."""

_CORE = re.compile(r"[0-9A-Fa-f-]{8,64}")
_RECOVERED = re.compile(r"Recovered (\d+) call")


class Run:
    def __init__(self, *, counters: Counters) -> None:
        self._counters = counters
        self._core: str | None = None
        self.is_sure = False
        """Whether it is known of the present connection."""
        self.is_new = False
        """It came up anew, and nobody has been told yet."""

    def ask(self, ask: Ask) -> bool:
        """On a new connection. Returns what ``learn`` does."""
        self.is_sure = False
        return self.learn(ask("global_getvar core_uuid").strip())

    def learn(self, core: str) -> bool:
        """Returns whether it came up anew since we last knew it. What is no id is not heard."""
        if not _CORE.fullmatch(core):
            return False
        anew = self._core is not None and core != self._core
        self._core, self.is_sure = core, True
        self.is_new = self.is_new or anew
        self._counters.restarts += anew
        return anew


def recovered(ask: Ask) -> int:
    """Has a switch bring back the answered calls of the run before; how many legs it says they have."""
    found = _RECOVERED.search(ask("sofia recover"))
    return int(found[1]) if found else 0


def standing(events: Iterable[Event]) -> set[LegId]:
    """The legs that, as these say, are where we can find them."""
    found: set[LegId] = set()
    for event in events:
        if isinstance(event, LegsBridged):
            found |= {event.leg, event.other}
        elif isinstance(event, CallArrived | LegParked):
            found.add(event.leg)
    return found
