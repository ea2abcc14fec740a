"""Calls one by one, from a CSV file with a heading: ``at``, ``queue``, and perhaps ``talk``, ``patience``, ``wrap_up``, ``priority``.

``at`` is a time of the scenario's day (``9:05``, ``9:05:30``, or seconds after midnight); the others are seconds. What a call does not
say is drawn as the scenario says for its queue; a patience of ``inf`` never leaves.
"""

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from acd.config.document import Problem, Refused
from acd.core.interpreter import EnterQueue
from acd.sim.dice import stream
from acd.sim.experiment import Experiment, Stream
from acd.sim.people import Caller
from acd.sim.scenario import seconds_of
from acd.words import CallId, QueueId

NEEDED = ("at", "queue")
KNOWN = (*NEEDED, "talk", "patience", "wrap_up", "priority")


def read_calls(file: Path, midnight: float, experiment: Experiment) -> Experiment:
    """The experiment with these callers in place of its arrivals. Raises Refused with every line that cannot be used."""
    problems: list[Problem] = []
    kinds = {each.name: each for each in experiment.streams}
    callers = []
    for n, row in _rows(file):
        made = _caller(row, n, kinds, midnight)
        if isinstance(made, str):
            problems.append(Problem(file=str(file), line=n, column=1, what=made))
        else:
            callers.append(made)
    if problems:
        raise Refused(problems)
    return replace(experiment, streams=(), known=callers)


def _rows(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            heading = reader.fieldnames or []
            if wrong := [name for name in heading if name not in KNOWN] or [name for name in NEEDED if name not in heading]:
                what = f"the heading is {', '.join(heading) or 'empty'}; allowed: {', '.join(KNOWN)}; needed: {', '.join(NEEDED)}"
                raise Refused([Problem(file=str(file), line=1, column=1, what=f"{wrong[0]!r}: {what}")])
            for row in reader:
                yield reader.line_num, {name: (value or "").strip() for name, value in row.items() if name}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        what = f"cannot be read: {getattr(error, 'strerror', None) or error}"
        raise Refused([Problem(file=str(file), line=1, column=1, what=what)]) from None


def _caller(row: dict[str, str], n: int, kinds: dict[str, Stream], midnight: float) -> Caller | str:
    """A caller, or what is wrong with the line."""
    kind = kinds.get(row["queue"])
    if kind is None:
        return f"the scenario has no queue {row['queue']!r}; it has: {', '.join(sorted(kinds))}"
    at = seconds_of(row["at"], clock=True)
    if at is None:
        return f"found {row['at']!r}; a time such as 9:05:30 is needed"
    numbers: dict[str, float | None] = {}
    for name in ("talk", "patience", "wrap_up", "priority"):
        text = row.get(name, "")
        numbers[name] = seconds_of(text, clock=False) if text else None
        if text and numbers[name] is None:
            return f"{name}: found {text!r}; a number is needed"
    dice = stream("calls", n)
    talk, patience, wrap_up = (numbers[name] for name in ("talk", "patience", "wrap_up"))
    priority = kind.ask.priority if numbers["priority"] is None else int(numbers["priority"])
    caller = Caller(
        id=CallId(f"line-{n}"),
        at=midnight + at,
        ask=EnterQueue(queue=QueueId(row["queue"]), priority=priority),
        talk_s=kind.talk(dice) if talk is None else talk,
        patience_s=kind.patience(dice) if patience is None else patience,
        wrap_up_s=(kind.wrap_up(dice) if kind.wrap_up else None) if wrap_up is None else wrap_up,
    )
    return kind.offered.to(caller, n, "calls") if kind.offered else caller
