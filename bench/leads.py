"""What it costs to take the next lead out of 10^4, 10^5 and 10^6 of them, how fast rows are imported, and how much memory that takes.

    python -m bench.leads             [10000 100000 1000000] [--database postgresql://…] [--rows 20000] [--memory 100000,1000000]

Each list is in a SQLite file of its own, or in a new database of that PostgreSQL; half of it cannot be dialled now (outside
hours, callbacks of tomorrow). The sizes take turns, so that a busy machine is busy for all of them. What counts is the ratio between
them: it must stay near 1. A size of 10000000 may be given; it takes some minutes to make.

A file of leads that lie in no order is imported, as people's lists do; the memory is what the process grew by.
"""

import argparse
import json
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Double, Table, Text, case, cast, create_engine, insert, literal, make_url, select

from dialer.core.retrying import LeadState
from dialer.lists import claiming, finishing
from dialer.lists.claimed import Finish, Next, Taking
from dialer.lists.held import held
from dialer.lists.importing import Importing, import_csv
from dialer.lists.schema import DOCUMENT, lead_numbers, leads, lists, numbers, windows
from dialer.lists.store import LeadStore

SIZES = (10_000, 100_000, 1_000_000)
MEMORY = (100_000, 1_000_000)
ROUNDS, AT_ONCE, CHUNK = 100, 10, 50_000
T0 = 1_800_000_000.0
OPEN, CLOSED = "DE Europe/Berlin", "US America/New_York"
MANY, STEP = 10_000_019, 7_368_787  # a prime and a step: every number once, in no order
RULES = Taking(campaign="c", lists=("l",), day_since=T0 - 3600, day_until=T0 + 36000, number_per_day=3, lead_total=9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    claim_ms: float  # for each lead, taken AT_ONCE at a time and finished
    held_ms: float  # `dialer why` asks for it


def fill(store: LeadStore, n: int) -> None:
    """Every fourth is a callback of tomorrow, every fourth lives where it is night."""
    with store.begin() as connection:
        connection.execute(insert(lists), [{"id": "l", "added_at": T0}])
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
    number = literal("+4930") + cast(id + MANY, Text)
    yield leads, {
        "id": id, "list": literal("l"), "key": literal("k") + cast(id, Text), "name": literal("Somebody"), "consent": nothing,
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


def measure(sizes: Sequence[int], rounds: int = ROUNDS, database: str | None = None) -> dict[int, Cost]:
    with ExitStack() as stack:
        stores = {n: stack.enter_context(filled(n, database)) for n in sizes}
        claims: dict[int, list[float]] = {n: [] for n in sizes}
        whys: dict[int, list[float]] = {n: [] for n in sizes}
        for at in range(rounds):
            for n, store in stores.items():
                since = time.perf_counter()
                taken = _round(store, at)
                claims[n].append((time.perf_counter() - since) * 1000 / taken)
        for _ in range(5):
            for n, store in stores.items():
                since = time.perf_counter()
                with store.begin() as connection:
                    held(connection, RULES, T0, [OPEN])
                whys[n].append((time.perf_counter() - since) * 1000)
        return {n: Cost(claim_ms=median(claims[n]), held_ms=median(whys[n])) for n in sizes}


def _round(store: LeadStore, n: int) -> int:
    ids = (f"a{n}.{i}" for i in range(AT_ONCE * 2))
    with store.begin() as connection:
        taken = claiming.claim(connection, RULES, AT_ONCE, T0 + n, [OPEN], lambda: next(ids))
    with store.begin() as connection:
        for one in taken:
            again = Next(state=LeadState.WAITING, why="retry", due_at=T0 + 3600)
            finishing.finish(connection, Finish(attempt=one.attempt, outcome="no_answer", at=T0 + n, next=again))
    return len(taken)


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    per_second: float
    mib: float  # that the process grew by


def imported(n: int, database: str | None = None) -> Import:
    with tempfile.TemporaryDirectory() as folder, new(database, "imported") as url:
        file = Path(folder) / "leads.csv"
        with file.open("w") as out:
            out.writelines(_lines(n))
        store = LeadStore(url).open()
        before, since = _most_mib(), time.perf_counter()
        done = import_csv(store, file, Importing(list="l", region="DE"), T0)
        took = time.perf_counter() - since
        store.close()
        assert done.added == n, done
        return Import(per_second=n / took, mib=_most_mib() - before)


def in_a_process_of_its_own(n: int) -> Import:
    """What a process once needed it keeps."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(imported, (n,))


def _most_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _lines(n: int) -> Iterator[str]:
    yield "id,name,number,city\n"
    for i in range(n):
        one = i * STEP % MANY
        yield f"k{one},Somebody,+4930{MANY + one},Berlin\n"


def main(arguments: Sequence[str] | None = None) -> None:
    asked = argparse.ArgumentParser(prog="bench.leads", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("sizes", nargs="*", type=int, default=SIZES)
    asked.add_argument("--database")
    asked.add_argument("--rows", type=int, default=20_000)
    asked.add_argument("--memory", type=lambda words: [int(word) for word in words.split(",") if word], default=MEMORY)
    options = asked.parse_args(arguments)
    costs = measure(options.sizes, database=options.database)
    first = costs[options.sizes[0]].claim_ms
    for n, cost in costs.items():
        taken = f"{cost.claim_ms:6.2f} ms a lead taken and finished ({cost.claim_ms / first:.2f})"
        print(f"{n:>10,} leads: {taken}, why {cost.held_ms:6.1f} ms", flush=True)
    rate = imported(options.rows, options.database).per_second
    print(f"import: {rate:,.0f} rows/s", flush=True)
    memory = {n: in_a_process_of_its_own(n) for n in options.memory}
    for n, each in memory.items():
        print(f"{n:>10,} rows imported: {each.mib:.0f} MiB more, {each.per_second:,.0f} rows/s", flush=True)
    claims = {str(n): round(cost.claim_ms, 3) for n, cost in costs.items()}
    mib = {str(n): round(each.mib) for n, each in memory.items()}
    print(json.dumps({"claim_ms": claims, "import_rows_per_s": round(rate), "import_mib": mib}))


if __name__ == "__main__":
    main()
