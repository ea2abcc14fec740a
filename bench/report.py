"""What a report costs over a million queue visits (thirty days of a house of 20 queues and 300 agents), in seconds.

    python -m bench.report            [1000000]

Makes a SQLite file of that size in a temporary folder (a minute or two), then each report over all of it, and over one day of it.
"""

import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

from acd.measures.intervals import Every, cut_of
from acd.records import coming_back, counting
from acd.records.counting import Scope
from acd.records.reader import Reader
from acd.records.schema import agent_activities, contacts, offers, queue_visits
from acd.records.sqlite_file import connect_file
from acd.records.store import Store
from acd.reports import agents as of_agents
from acd.reports import queues as of_queues

DAYS, QUEUES, AGENTS = 30, 20, 300
T0, DAY_S = 1_760_000_000.0, 86400.0
OUTCOMES = (("answered", 85), ("abandoned", 8), ("short_abandoned", 3), ("timed_out", 1), ("exited_key", 3))
CHUNK = 20_000
TRACE = json.dumps(
    {
        "strategy": "longest_idle", "policy": "1a2b3c4d", "at": T0, "waited_s": 12.5, "line": 3,
        "candidates": [{"agent": f"a{n}", "idle_since": T0} for n in range(5)],
        "passed_over": [{"agent": f"a{n}", "rule": "talking", "value": ""} for n in range(5, 20)], "counts": {"free": 5, "talking": 15},
    }
)  # fmt: skip

Row = tuple[dict[str, Any], dict[str, Any], dict[str, Any] | None, list[dict[str, Any]]]


def visit(n: int, total: int, dice: random.Random) -> Row:
    """One contact with its visit, its offer where it was served, and what its agent did."""
    at = T0 + DAYS * DAY_S * n / total
    outcome = dice.choices([o for o, _ in OUTCOMES], [w for _, w in OUTCOMES])[0]
    queue, agent = f"q{dice.randrange(QUEUES)}", f"a{dice.randrange(AGENTS)}"
    wait, talk = dice.expovariate(1 / 25), dice.expovariate(1 / 180)
    served = outcome == "answered"
    over = at + wait + (talk if served else 0.0)
    contact = {
        "id": f"c{n}", "channel": "voice", "node": "main", "leg": f"main/c{n}", "dialled": "100",
        "caller_number": f"+4930{dice.randrange(total // 2 + 1)}", "caller_name": "", "arrived_at": at - 5, "answered_at": at - 5,
        "ended_at": over, "duration_s": over - at + 5, "ended_by": "customer", "cause": "NORMAL_CLEARING", "visits": 1, "path": "[]",
        "tags": "{}", "recovered": False,
    }  # fmt: skip
    stay = {
        "id": f"c{n}.1", "contact": f"c{n}", "queue": queue, "kind": "call", "joined_at": at, "carried_s": 0.0, "priority": 0,
        "connected_at": at + wait if served else None, "ended_at": over, "waited_s": wait, "talk_s": talk if served else None,
        "outcome": outcome, "exit": "", "agent": agent if served else None, "offers": int(served), "service_level_s": 20.0,
        "definition": "acd-1",
    }  # fmt: skip
    if not served:
        return contact, stay, None, []
    id = f"c{n}.1.o1"
    offer = {
        "id": id, "visit": f"c{n}.1", "contact": f"c{n}", "queue": queue, "agent": agent, "leg": f"main/{id}",
        "offered_at": at + wait - 4, "ringing_at": at + wait - 4, "answered_at": at + wait, "bridged_at": at + wait, "ended_at": over,
        "ring_s": 4.0, "connect_s": 0.1, "talk_s": talk, "outcome": "answered", "ended_by": "customer", "cause": "", "sip_status": 0,
        "trace": TRACE,
    }  # fmt: skip
    turns = [("talking", at + wait, over), ("wrap_up", over, over + 10)]
    return contact, stay, offer, [
        {"id": f"{agent}/{since}/{state}", "agent": agent, "state": state, "reason": "", "offer": id, "since": since, "until": until,
         "duration_s": until - since}
        for state, since, until in turns
    ]  # fmt: skip


def fill(path: Path, total: int) -> None:
    Store(f"sqlite:///{path}").open()
    connection, dice = connect_file(str(path), 5.0), random.Random(1)
    connection.execute("PRAGMA synchronous=OFF")
    for start in range(0, total, CHUNK):
        found = [visit(n, total, dice) for n in range(start, min(start + CHUNK, total))]
        rows = (
            (contacts, [f[0] for f in found]), (queue_visits, [f[1] for f in found]), (offers, [f[2] for f in found if f[2]]),
            (agent_activities, [turn for f in found for turn in f[3]]),
        )  # fmt: skip
        connection.execute("BEGIN")
        for table, several in rows:
            if several:
                names = list(several[0])
                marks = ", ".join(f":{name}" for name in names)
                quoted = ", ".join(f'"{name}"' for name in names)
                connection.executemany(f'INSERT OR IGNORE INTO "{table.name}" ({quoted}) VALUES ({marks})', several)
        connection.execute("COMMIT")
    connection.close()


def reports(reader: Reader, scope: Scope) -> Iterator[tuple[str, Callable[[], object]]]:
    def queues(every: Every | None, whole: bool = True) -> Any:
        cut = cut_of(every, UTC, scope.since, scope.until) if every else None
        return of_queues.gathered(
            counting.visits(reader, scope, cut),
            counting.handled(reader, scope, "queue", cut) if whole else (),
            counting.waits(reader, scope, cut) if whole else (),
            of_queues.begins(every, lambda queue: UTC),
        )

    def agents(every: Every | None) -> Any:
        cut = cut_of(every, UTC, scope.since, scope.until) if every else None
        found = of_agents.gathered(
            counting.handled(reader, scope, "agent", cut),
            counting.times(reader, scope, cut),
            of_queues.begins(every, lambda queue: UTC),
        )
        return of_agents.agents(found, every=every, zone=None)

    yield "queues", lambda: of_queues.queues(queues(None), every=None, zone_of=lambda queue: UTC)
    yield "queues --by 30m", lambda: of_queues.queues(queues(Every.HALF), every=Every.HALF, zone_of=lambda queue: UTC)
    yield "levels", lambda: of_queues.levels(queues(None, whole=False))
    yield "outcomes", lambda: of_queues.outcomes(queues(None, whole=False))
    yield "agents", lambda: agents(None)
    yield "agents --by day", lambda: agents(Every.DAY)
    yield "abandoned", lambda: coming_back.abandoned(reader, scope)
    yield "fairness", lambda: of_agents.fairness(counting.traces(reader, scope))
    yield "repeats", lambda: [*coming_back.repeats(reader, scope, 7.0, T0 + 60 * DAY_S)]


def measure(total: int) -> dict[str, tuple[float, float]]:
    """Report -> seconds over everything, and over one day."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "acd.db"
        fill(path, total)
        reader = Reader(f"sqlite:///{path}")
        scopes = (Scope(since=T0, until=T0 + DAYS * DAY_S), Scope(since=T0 + 9 * DAY_S, until=T0 + 10 * DAY_S))
        taken: dict[str, list[float]] = {}
        for scope in scopes:
            for name, run in reports(reader, scope):
                begun = time.perf_counter()
                run()
                taken.setdefault(name, []).append(time.perf_counter() - begun)
        reader.close()
    return {name: (whole, day) for name, (whole, day) in taken.items()}


def main() -> None:
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    print(f"{total:,} visits in {DAYS} days, {QUEUES} queues, {AGENTS} agents; seconds")
    print(f"{'report':18} {'30 days':>8} {'one day':>8}")
    for name, (whole, day) in measure(total).items():
        print(f"{name:18} {whole:8.2f} {day:8.2f}")


if __name__ == "__main__":
    main()
