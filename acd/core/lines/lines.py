"""The callers of each queue who may be offered now, in order, and grouped by what they need: indexes over entries."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from sortedcontainers import SortedList

from acd.core.lines.entry import Entry, Place
from acd.core.matching.need import need_of
from acd.core.matching.pool import Pool
from acd.core.matching.strategies import rings_more
from acd.core.matching.touched import RINGS, WAITS, Group
from acd.words import EntryId, EntryKind, EntryState, QueueId


class Standing(NamedTuple):
    """Where an entry stands."""

    group: Group
    place: Place


class Line:
    """One queue's line: those for whom nobody is rung yet, in order."""

    def __init__(self, entries: Mapping[EntryId, Entry]) -> None:
        self._entries = entries
        self.places: SortedList = SortedList()
        self.groups: dict[Group, SortedList] = {}

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[Entry]:
        return (self._entries[place[-1]] for place in self.places)

    def islice(self, start: int, stop: int) -> Iterator[Entry]:
        """A part of the line; costs no more than the part."""
        return (self._entries[place[-1]] for place in self.places.islice(start, stop))

    def position(self, place: Place) -> int:
        """From 1; also for an entry that does not stand here."""
        return int(self.places.bisect_left(place)) + 1


class Lines:
    def __init__(self, entries: Mapping[EntryId, Entry], pool: Callable[[QueueId], Pool]) -> None:
        self._entries = entries
        self._pool = pool
        self._lines: dict[QueueId, Line] = {}
        self._standing: dict[EntryId, Standing] = {}

    def of(self, queue: QueueId) -> Line:
        found = self._lines.get(queue)
        if found is None:
            found = self._lines[queue] = Line(self._entries)
        return found

    def standing(self, entry: Entry) -> Standing | None:
        """Where it belongs; None in no line."""
        if entry.held:
            return None
        if entry.state is EntryState.WAITING:
            rank = WAITS
        elif entry.state is EntryState.OFFERED and self._rings_more(entry):
            rank = RINGS
        else:
            return None
        return Standing(Group(entry.queue, rank, need_of(entry, self._pool(entry.queue).rules)), entry.place)

    def _rings_more(self, entry: Entry) -> bool:
        """One agent at a time is asked for a customer who is not on the line yet."""
        return entry.kind is not EntryKind.CALLBACK and rings_more(entry, self._pool(entry.queue).rules)

    def stand(self, id: EntryId, now: Standing | None) -> Group | None:
        """Put an entry where it belongs; the group in which it stands first now, and did not before."""
        before = self._standing.get(id)
        if before == now:
            return None
        if before is not None:
            self._leave(before)
        if now is None:
            self._standing.pop(id, None)
            return None
        self._standing[id] = now
        line = self.of(now.group.queue)
        if now.group.rank == WAITS:
            line.places.add(now.place)
        group = line.groups.get(now.group)
        if group is None:
            group = line.groups[now.group] = SortedList()
        group.add(now.place)
        return now.group if group[0] == now.place else None

    def _leave(self, before: Standing) -> None:
        line = self.of(before.group.queue)
        if before.group.rank == WAITS:
            line.places.remove(before.place)
        group = line.groups[before.group]
        group.remove(before.place)
        if not group:
            del line.groups[before.group]

    def first(self, group: Group, at: float) -> Entry | None:
        """Who stands first of those whose longest wait is not over: the next deadline sees to the others (ACD.md 48)."""
        for place in self.of(group.queue).groups.get(group, ()):
            entry = self._entries[place[-1]]
            if group.rank == RINGS or entry.leave_at is None or entry.leave_at > at:
                return entry
        return None
