"""What it costs to take the next lead out of 10^4, 10^5 and 10^6 of them, and to import more beside them: rows a second, and memory.

    python -m bench.leads             [10000 100000 1000000] [--database postgresql://…] [--rows 20000] [--memory 100000,1000000]

Each list is in a SQLite file of its own, or in a new database of that PostgreSQL; half of it cannot be dialled now (outside hours,
callbacks of tomorrow). The sizes take turns, so that a busy machine is busy for all of them. What counts is the ratio between them: it
must stay near 1. A size of 10000000 may be given; it takes some minutes to make.

What is imported stands in no order, and lies between what is there, as people's lists do. Memory is what a process grows by that
imports so many rows into an empty list.
"""

import argparse
import json
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Double, Table, Text, case, cast, create_engine, insert, literal, make_url, select

from dialer.core.retrying import LeadState
from dialer.lists import claiming, finishing
from dialer.lists.claimed import Finish, Next, Taking
from dialer.lists.held import held
from dialer.lists.importing import Importing, import_csv
from dialer.lists.schema import DOCUMENT, counters, lead_numbers, leads, lists, numbers, windows
from dialer.lists.store import LeadStore

SIZES = (10_000, 100_000, 1_000_000)
MEMORY = (100_000, 1_000_000)
ROUNDS, AT_ONCE, PARTS, CHUNK = 100, 10, 5, 50_000
T0 = 1_800_000_000.0
OPEN, CLOSED = "DE Europe/Berlin", "US America/New_York"
MANY, STEP = 10_000_019, 7_368_787  # a prime and a step: every number once, in no order
RULES = Taking(campaign="c", lists=("l",), day_since=T0 - 3600, day_until=T0 + 36000, number_per_day=3, lead_total=9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    claim_ms: float  # for each lead, taken AT_ONCE at a time and finished
    held_ms: float  # `dialer why` asks for it
    imported_per_s: float


def fill(store: LeadStore, n: int) -> None:
    """Every fourth is a callback of tomorrow, every fourth lives where it is night."""
    with store.begin() as connection:
        connection.execute(insert(lists), [{"id": "l", "added_at": T0}])
        connection.execute(insert(counters), [{"name": "leads", "n": n}])
        zones = {OPEN: "Europe/Berlin", CLOSED: "America/New_York"}
        connection.execute(insert(windows), [{"id": id, "country": id[:2], "zones": [zone]} for id, zone in zones.items()])
    for first in range(1, n + 1, CHUNK):
        with store.begin() as connection:
            for table, columns in _made(first, min(first + CHUNK - 1, n)):
                connection.execute(insert(table).from_select(list(columns), select(*columns.values())))


def _made(first: int, last: int) -> Iterator[tuple[Table, dict[str, ColumnElement[Any]]]]:
    series = select(literal(first, BigInteger).label("id")).cte("series", recursive=True)
    id = series.union_all(select(series.c.id + 1).where(series.c.id < last)).c.id
    waits, window = id % 4 == 0, case((id % 4 == 1, CLOSED), else_=OPEN)
    due_at, nothing = case((waits, T0 + 86400 + id)), literal("")
    number, key = (literal(before) + cast(2 * id + MANY, Text) for before in ("+4930", "k"))
    yield leads, {
        "id": id, "list": literal("l"), "key": key, "name": literal("Somebody"), "consent": nothing,
        "fields": literal({"city": "Berlin"}, DOCUMENT), "consent_source": nothing, "digest": nothing, "priority": literal(0),
        "state": case((waits, LeadState.WAITING.value), else_=LeadState.READY.value), "why": case((waits, "callback"), else_=""),
        "window": window, "rank": cast(id, Double), "due_at": due_at, "ready_at": due_at,
    }  # fmt: skip
    yield lead_numbers, {"lead": id, "n": literal(0), "number": number, "window": window}
    yield numbers, {"number": number}


@contextmanager
def filled(n: int, database: str | None) -> Iterator[LeadStore]:
    with new(database, f"leads_{n}") as url:
        store = LeadStore(url).open()
        fill(store, n)
        try:
            yield store
        finally:
            store.close()


@contextmanager
def new(database: str | None, name: str) -> Iterator[str]:
    """The URL of an empty one, of SQLite or beside this one of PostgreSQL."""
    if database is None:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/{name}.db"
        return
    engine = create_engine(make_url(database).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
        try:
            yield make_url(database).set(database=name).render_as_string(hide_password=False)
        finally:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    engine.dispose()


def measure(sizes: Sequence[int], rounds: int = ROUNDS, rows: int = 100, database: str | None = None) -> dict[int, Cost]:
    with ExitStack() as stack:
        stores = {n: stack.enter_context(filled(n, database)) for n in sizes}
        claims, whys = _in_turns(stores, _claim_ms, rounds), _in_turns(stores, _why_ms, 5)
        imports = _in_turns(stores, partial(_rate, rows), PARTS)
        return {n: Cost(claim_ms=claims[n], held_ms=whys[n], imported_per_s=imports[n]) for n in sizes}


def _in_turns(stores: Mapping[int, LeadStore], of: Callable[[LeadStore, int], float], times: int) -> dict[int, float]:
    found: dict[int, list[float]] = {n: [] for n in stores}
    for at in range(times):
        for n, store in stores.items():
            found[n].append(of(store, at))
    return {n: median(values) for n, values in found.items()}


def _claim_ms(store: LeadStore, at: int) -> float:
    since = time.perf_counter()
    taken = _round(store, at)
    return (time.perf_counter() - since) * 1000 / taken


def _why_ms(store: LeadStore, _: int) -> float:
    since = time.perf_counter()
    with store.begin() as connection:
        held(connection, RULES, T0, [OPEN])
    return (time.perf_counter() - since) * 1000


def _rate(rows: int, store: LeadStore, at: int) -> float:
    part = rows // PARTS
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "leads.csv"
        with file.open("w") as out:
            out.writelines(_lines(at * part, part))
        since = time.perf_counter()
        done = import_csv(store, file, Importing(list="l", region="DE"), T0)
        took = time.perf_counter() - since
    assert done.added == part, done
    return part / took


def _round(store: LeadStore, n: int) -> int:
    ids = (f"a{n}.{i}" for i in range(AT_ONCE * 2))
    with store.begin() as connection:
        taken = claiming.claim(connection, RULES, AT_ONCE, T0 + n, [OPEN], lambda: next(ids))
    with store.begin() as connection:
        for one in taken:
            again = Next(state=LeadState.WAITING, why="retry", due_at=T0 + 3600)
            finishing.finish(connection, Finish(attempt=one.attempt, outcome="no_answer", at=T0 + n, next=again))
    return len(taken)


def memory_mib(n: int) -> float:
    """In a process of its own: what one once needed it keeps."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_grown_mib, (n,))


def _grown_mib(n: int) -> float:
    with new(None, "imported") as url:
        store = LeadStore(url).open()
        before = _most_mib()
        _rate(n * PARTS, store, 0)
        store.close()
        return _most_mib() - before


def _most_mib() -> float:
    """Not ru_maxrss: that of a new process begins with what its parent once had."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["VmHWM"].split()[0]) / 1024


def _lines(first: int, n: int) -> Iterator[str]:
    yield "id,name,number,city\n"
    for i in range(first, first + n):
        one = 2 * (i * STEP % MANY) + 1 + MANY
        yield f"k{one},Somebody,+4930{one},Berlin\n"


def main(arguments: Sequence[str] | None = None) -> None:
    asked = argparse.ArgumentParser(prog="bench.leads", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("sizes", nargs="*", type=int, default=SIZES)
    asked.add_argument("--database")
    asked.add_argument("--rows", type=int, default=20_000)
    asked.add_argument("--memory", type=lambda words: [int(word) for word in words.split(",") if word], default=MEMORY)
    options = asked.parse_args(arguments)
    costs = measure(options.sizes, rows=options.rows, database=options.database)
    first = costs[options.sizes[0]]
    for n, cost in costs.items():
        taken = f"{cost.claim_ms:6.2f} ms a lead taken and finished ({cost.claim_ms / first.claim_ms:.2f}), why {cost.held_ms:6.1f} ms"
        ratio = cost.imported_per_s / first.imported_per_s
        print(f"{n:>10,} leads: {taken}, {cost.imported_per_s:,.0f} rows/s imported ({ratio:.2f})", flush=True)
    memory = {n: memory_mib(n) for n in options.memory}
    for n, mib in memory.items():
        print(f"{n:>10,} rows imported: {mib:.0f} MiB more", flush=True)
    claims = {str(n): round(cost.claim_ms, 3) for n, cost in costs.items()}
    rates = {str(n): round(cost.imported_per_s) for n, cost in costs.items()}
    print(json.dumps({"claim_ms": claims, "import_rows_per_s": rates, "import_mib": {n: round(mib) for n, mib in memory.items()}}))


if __name__ == "__main__":
    main()
