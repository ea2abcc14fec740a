"""Were events lost, or sent twice? PURE: fed with what arrives, it says so.

Event-Sequence numbers every event of the switch, subscribed to or not, so a narrow subscription sees holes all the
time: a number that comes twice is a duplicate, but a hole says nothing. Losses are found by what must follow: a
born inbound leg parks, a leg that was told to end ends, legs that were joined are reported joined, and the switch
counts as many legs as we do.
"""

from collections import deque
from collections.abc import Iterable

_REMEMBERED = 4096
_STRIKES = 3


class Watch:
    def __init__(self, *, grace_s: float = 2.0) -> None:
        self._grace_s = grace_s
        self._recent: deque[int] = deque(maxlen=_REMEMBERED)
        self._seen: set[int] = set()
        self._due: dict[tuple[str, str], float] = {}
        self._legs: set[str] = set()
        self._gone: dict[str, None] = {}  # in order
        self._differences: deque[int] = deque(maxlen=_STRIKES)

    def is_duplicate(self, sequence: int) -> bool:
        if sequence in self._seen:
            return True
        if len(self._recent) == _REMEMBERED:
            self._seen.discard(self._recent[0])
        self._recent.append(sequence)
        self._seen.add(sequence)
        return False

    def expect(self, what: str, uuid: str, at: float) -> None:
        """``what`` must be seen for this leg within the grace. Its end may have overtaken the reply to what was asked of it."""
        if uuid not in self._gone:
            self._due.setdefault((what, uuid), at + self._grace_s)

    def saw(self, what: str, uuid: str) -> None:
        self._due.pop((what, uuid), None)

    def born(self, uuid: str) -> None:
        self._legs.add(uuid)

    def stands(self, uuid: str) -> bool:
        return uuid in self._legs

    def died(self, uuid: str) -> None:
        self._legs.discard(uuid)
        self._gone[uuid] = None
        if len(self._gone) > _REMEMBERED:
            del self._gone[next(iter(self._gone))]
        for what in ("park", "bridge", "end"):
            self._due.pop((what, uuid), None)

    def counted(self, legs: int) -> None:
        """How many legs the switch says there are. It and we are never quite at the same moment, so one difference
        says nothing.
        """
        self._differences.append(legs - len(self._legs))

    def missed(self, now: float) -> str | None:
        """What must have been lost, or None."""
        for (what, uuid), due in self._due.items():
            if due < now:
                return f"no {what} of {uuid}"
        few = self._differences
        if len(few) == _STRIKES and (min(few) > 0 or max(few) < 0):
            return f"the switch counts {few[-1]:+d} legs"
        return None

    def expects(self, what: str, uuid: str, at: float) -> bool:
        """Whether it may still come in time."""
        return self._due.get((what, uuid), at - 1.0) >= at

    def rebase(self, legs: Iterable[str], coming: Iterable[str] = ()) -> None:
        """A snapshot has told what stands; those that are still to park (``coming``) are expected to."""
        self._legs = set(legs)
        self._due = {("park", uuid): self._due[("park", uuid)] for uuid in coming if ("park", uuid) in self._due}
        self._differences.clear()

    def forget_sequence(self) -> None:
        """The switch came up anew and numbers from the beginning."""
        self._recent.clear()
        self._seen.clear()
