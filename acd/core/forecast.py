"""How long somebody in line will wait, as far as that can be said honestly. Fed with entries; costs the same for any line.

The time between two answers of a queue is counted while callers waited all along between them, so that it says how fast the line
moves and not how seldom somebody calls. Of the last SAMPLES_MAX such times within WINDOW_S the mean, times the place in the line,
is the expected wait: at place p, p answers are to come. Callers before one who give up make the wait shorter than was said, and
callers of higher priority who come later make it longer; agents who come or go are seen only as the answers come faster or slower.

Nothing is said with fewer than SAMPLES_MIN times, when they scatter so much that their mean means little (its standard error
is over ERROR_MAX of it), and when no answer has come for STALLED times the mean: then something has changed. After a restart
it begins anew.
"""

from collections import deque
from dataclasses import dataclass, field
from math import sqrt

from acd.core.entry import Entry
from acd.words import EntryState, QueueId

SAMPLES_MIN = 5
SAMPLES_MAX = 20
WINDOW_S = 3600.0
ERROR_MAX = 0.5
STALLED = 5.0
UNSERVED = frozenset({EntryState.WAITING, EntryState.OFFERED, EntryState.CONNECTING})


@dataclass(slots=True)
class Pace:
    """How fast one line moves."""

    waiting: int = 0
    since: float | None = None  # the last answer, if somebody has waited ever since
    between: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=SAMPLES_MAX))  # (when, seconds)

    def answered(self, at: float) -> None:
        if self.since is not None:
            self.between.append((at, at - self.since))
        self.since = at

    def mean_s(self, at: float) -> float | None:
        known = [seconds for when, seconds in self.between if when > at - WINDOW_S]
        if len(known) < SAMPLES_MIN:
            return None
        mean = sum(known) / len(known)
        error = sqrt(sum((each - mean) ** 2 for each in known) / (len(known) - 1) / len(known))
        if error > ERROR_MAX * mean or (self.since is not None and at - self.since > STALLED * mean):
            return None
        return mean


class Forecast:
    def __init__(self) -> None:
        self._paces: dict[QueueId, Pace] = {}

    def change(self, old: Entry | None, new: Entry) -> None:
        """Take an entry's next version."""
        was, now = old is not None and old.state in UNSERVED, new.state in UNSERVED
        if was == now:
            return
        pace = self._paces.setdefault(new.queue, Pace())
        pace.waiting += now - was
        if was and new.state is EntryState.CONNECTED and new.connected_at is not None:
            pace.answered(new.connected_at)
        if pace.waiting == 0:
            pace.since = None

    def wait_s(self, queue: QueueId, position: int, at: float) -> float | None:
        """For the caller at this place, counted from 1; None while nothing honest can be said."""
        pace = self._paces.get(queue)
        mean = pace.mean_s(at) if pace else None
        return None if mean is None or position < 1 else mean * position
