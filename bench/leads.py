"""What it costs to take the next lead out of 10^4, 10^5 and 10^6 of them, and how many rows a second are imported.

    python -m bench.leads             [10000 100000 1000000]

Each list is in a SQLite file of its own; half of it cannot be dialled now (outside hours, callbacks of tomorrow). What counts is
the ratio between the sizes: it must stay near 1. A size of 10000000 may be given; it takes ten minutes to make.
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from dialer.core.retrying import LeadState
from dialer.lists import claiming, finishing
from dialer.lists.claimed import Finish, Next, Taking
from dialer.lists.held import held
from dialer.lists.importing import Importing, import_csv
from dialer.lists.schema import lead_numbers, leads, lists, numbers, windows
from dialer.lists.store import LeadStore

SIZES = (10_000, 100_000, 1_000_000)
ROUNDS, AT_ONCE, CHUNK = 100, 10, 50_000
T0 = 1_800_000_000.0
OPEN, CLOSED = "DE Europe/Berlin", "US America/New_York"
RULES = Taking(campaign="c", lists=("l",), day_since=T0 - 3600, day_until=T0 + 36000, number_per_day=3, lead_total=9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    claim_ms: float  # for each lead, taken AT_ONCE at a time and finished
    held_ms: float  # `dialer why` asks for it


def lead(id: int) -> dict[str, Any]:
    waits, window = id % 4 == 0, CLOSED if id % 4 == 1 else OPEN
    due_at = T0 + 86400 + id if waits else None
    return {
        "id": id, "list": "l", "key": f"k{id}", "name": "Somebody", "fields": {"city": "Berlin"}, "consent": "", "consent_source": "",
        "digest": "", "priority": 0, "state": LeadState.WAITING if waits else LeadState.READY, "why": "callback" if waits else "",
        "window": window, "rank": float(id), "due_at": due_at, "ready_at": due_at,
    }  # fmt: skip


def fill(store: LeadStore, n: int) -> None:
    with store.begin() as connection:
        connection.execute(insert(lists), [{"id": "l", "added_at": T0}])
        zones = {OPEN: "Europe/Berlin", CLOSED: "America/New_York"}
        connection.execute(insert(windows), [{"id": id, "country": id[:2], "zones": [zone]} for id, zone in zones.items()])
    for first in range(1, n + 1, CHUNK):
        made = [lead(id) for id in range(first, min(first + CHUNK, n + 1))]
        with store.begin() as connection:
            connection.execute(insert(leads), made)
            own = [{"lead": row["id"], "n": 0, "number": f"+4930{row['id']:08d}", "window": row["window"]} for row in made]
            connection.execute(insert(lead_numbers), own)
            connection.execute(insert(numbers), [{"number": row["number"]} for row in own])


def measure(n: int, rounds: int = ROUNDS) -> Cost:
    with tempfile.TemporaryDirectory() as folder:
        store = LeadStore(f"sqlite:///{folder}/acd.db").open()
        fill(store, n)
        since = time.perf_counter()
        taken = sum(_round(store, at) for at in range(rounds))
        claim_ms = (time.perf_counter() - since) * 1000 / taken
        since = time.perf_counter()
        with store.begin() as connection:
            held(connection, RULES, T0, [OPEN])
        cost = Cost(claim_ms=claim_ms, held_ms=(time.perf_counter() - since) * 1000)
        store.close()
        return cost


def _round(store: LeadStore, n: int) -> int:
    ids = (f"a{n}.{i}" for i in range(AT_ONCE * 2))
    with store.begin() as connection:
        taken = claiming.claim(connection, RULES, AT_ONCE, T0 + n, [OPEN], lambda: next(ids))
    with store.begin() as connection:
        for one in taken:
            again = Next(state=LeadState.WAITING, why="retry", due_at=T0 + 3600)
            finishing.finish(connection, Finish(attempt=one.attempt, outcome="no_answer", at=T0 + n, next=again))
    return len(taken)


def import_per_second(n: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "leads.csv"
        with file.open("w") as out:
            out.writelines(_lines(n))
        store = LeadStore(f"sqlite:///{folder}/acd.db").open()
        since = time.perf_counter()
        done = import_csv(store, file, Importing(list="l", region="DE"), T0)
        took = time.perf_counter() - since
        store.close()
        assert done.added == n, done
        return n / took


def _lines(n: int) -> Iterator[str]:
    yield "id,name,number,city\n"
    for i in range(n):
        yield f"k{i},Somebody,+4930{10_000_000 + i},Berlin\n"


def main() -> None:
    sizes = [int(text) for text in sys.argv[1:]] or list(SIZES)
    costs = {n: measure(n) for n in sizes}
    first = costs[sizes[0]].claim_ms
    for n, cost in costs.items():
        taken = f"{cost.claim_ms:6.2f} ms a lead taken and finished ({cost.claim_ms / first:.2f})"
        print(f"{n:>10,} leads: {taken}, why {cost.held_ms:6.1f} ms")
    rate = import_per_second(20_000)
    print(f"import: {rate:,.0f} rows/s")
    claims = {str(n): round(cost.claim_ms, 3) for n, cost in costs.items()}
    print(json.dumps({"claim_ms": claims, "import_rows_per_s": round(rate)}))


if __name__ == "__main__":
    main()
