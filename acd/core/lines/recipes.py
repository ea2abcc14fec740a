"""Which recipes are to be followed for a caller now, and when to look again. PURE functions of the state and the time."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Protocol
from zlib import crc32

from acd.core.lines.entry import Entry
from acd.core.lines.hours import OPEN
from acd.core.lines.recipe import Ran, Recipe, When
from acd.core.policy import QueuePolicy
from acd.words import EntryState, QueueId

LOOK_S = 1.0
"""Recipes that ask for more than the caller's own waiting are looked at so often."""
LOOK_MAX = 100
"""So many callers of a queue in one look; a longer line is gone through in turns, and so costs no more than a short one (F38)."""
POSTPONED_S = 1.0
"""What should be heard and cannot now, because something else is, is tried again after this."""


class House(Protocol):
    """What of the state decides; see ``acd.core.state``."""

    def line(self, queue: QueueId) -> "Line": ...
    def place_in_line(self, entry: Entry) -> int: ...
    def available(self, queue: QueueId) -> int: ...
    def eligible(self, entry: Entry) -> int: ...
    def hours_state(self, calendar: str, at: float) -> str: ...


class Line(Protocol):
    def __len__(self) -> int: ...
    def islice(self, start: int, stop: int) -> Iterator[Entry]: ...


def holds(house: House, entry: Entry, when: When, at: float) -> bool:
    """What costs least is asked first."""
    if when.waited_s is not None and at - entry.since < when.waited_s:
        return False
    if when.waiting_over is not None and len(house.line(entry.queue)) <= when.waiting_over:
        return False
    if when.available_under is not None and house.available(entry.queue) >= when.available_under:
        return False
    if when.between is not None and when.between.state(at) != OPEN:
        return False
    if any((house.hours_state(one.calendar, at) == OPEN) is not one.is_open for one in when.hours):
        return False
    if when.position_over is not None and house.place_in_line(entry) <= when.position_over:
        return False
    return when.eligible_under is None or house.eligible(entry) < when.eligible_under


def is_done(entry: Entry, recipe: Recipe, at: float) -> bool:
    """Once is once, also after a restart; what is repeated rests in between."""
    ran = _ran(entry).get(recipe.name)
    return ran is not None and (recipe.every_s is None or at - ran.last_at < recipe.every_s)


def _ran(entry: Entry) -> Mapping[str, Ran]:
    return {one.recipe: one for one in entry.recipes}


def timed(rules: QueuePolicy) -> Iterator[Recipe]:
    return (recipe for recipe in rules.recipes if recipe.when.is_time_alone)


def counted(rules: QueuePolicy) -> tuple[Recipe, ...]:
    return tuple(recipe for recipe in rules.recipes if not recipe.when.is_time_alone)


def next_at(rules: QueuePolicy, entry: Entry) -> float | None:
    """When the next recipe is due that asks for nothing but waiting."""
    ran = _ran(entry)
    times = [_due(recipe, entry, ran.get(recipe.name)) for recipe in timed(rules)]
    return min((t for t in times if t is not None), default=None)


def _due(recipe: Recipe, entry: Entry, ran: Ran | None) -> float | None:
    if ran is None:
        return max(entry.since + (recipe.when.waited_s or 0.0), entry.joined_at)
    return None if recipe.every_s is None else ran.last_at + recipe.every_s


def due(house: House, rules: QueuePolicy, at: float) -> Iterator[tuple[Entry, Recipe]]:
    """Of a part of the line: who is to have what, now. The parts take turns."""
    found, line = counted(rules), house.line(rules.id)
    if not found or not len(line):
        return
    parts = -(-len(line) // LOOK_MAX)
    first = int(at // LOOK_S) % parts * LOOK_MAX
    for entry in list(islice(line.islice(first, first + LOOK_MAX), LOOK_MAX)):
        for recipe in found:
            if entry.state is EntryState.WAITING and not is_done(entry, recipe, at) and holds(house, entry, recipe.when, at):
                yield entry, recipe


def next_look(queue: QueueId, at: float) -> float:
    """The queues are not all looked at in the same moment."""
    phase_s = crc32(queue.encode()) % 1000 / 1000 * LOOK_S
    return ((at - phase_s) // LOOK_S + 1) * LOOK_S + phase_s


def noted(entry: Entry, recipe: Recipe, at: float, did: tuple[str, ...]) -> Entry:
    """The entry that remembers that this was done."""
    ran = _ran(entry)
    before = ran.get(recipe.name)
    now = Ran(recipe=recipe.name, first_at=at, last_at=at, did=did)
    if before is not None:
        now = replace(now, first_at=before.first_at, times=before.times + 1)
    return replace(entry, recipes=tuple({**ran, recipe.name: now}.values()))
