"""A CSV file -> leads of a list, in batches: a file of millions takes no more memory than one of thousands.

The same file twice changes nothing. One that breaks off leaves what was taken in, and the report says up to which line; it may simply
be imported again.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from dialer.lists import taking_in
from dialer.lists.reading_csv import Row, Unreadable, rows
from dialer.lists.rows import Header, Lead, RowRefused, header_of, lead_of
from dialer.lists.store import LeadStore

BATCH = 5000
"""Rows in a transaction. Rows of a file lie all over the indexes: with fewer, the same pages are written over and over."""
LONG_LOG = "PRAGMA wal_autocheckpoint=20000"  # 80 MiB of SQLite's log, for the same reason
DUPLICATES = ("refuse", "keep", "update")


@dataclass(frozen=True, slots=True, kw_only=True)
class Importing:
    """``duplicates``: a row for somebody who is in this list already (the same id, or one of the numbers) is refused and reported,
    passed over without a word (keep), or takes the place of what is there (update). ``across``: the same number in another list is
    'allowed' (the number is never dialled twice all the same), or 'refused'.
    """

    list: str
    region: str = ""
    zone: str = ""
    duplicates: str = "refuse"
    across: str = "allowed"


@dataclass(slots=True, kw_only=True)
class Imported:
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    line: int = 0  # the last one that was taken in or refused
    stopped: str = ""  # why it did not come to the end


def import_csv(store: LeadStore, path: Path, how: Importing, at: float, report: Path | None = None) -> Imported:
    """``report``: a CSV of every refused row, with its line and the reason."""
    done = Imported()
    with ExitStack() as stack:
        refused = _report(stack, report)
        try:
            _all(store, rows(path), how, at, done, refused)
        except Unreadable as why:
            done.stopped = str(why)
        except RowRefused as why:
            done.stopped = f"line 1: {why}"
    return done


def _report(stack: ExitStack, path: Path | None) -> Any:
    if path is None:
        return None
    writer = csv.writer(stack.enter_context(path.open("w", encoding="utf-8", newline="")))
    writer.writerow(["line", "reason", "row"])
    return writer


def _all(store: LeadStore, found: Iterator[Row], how: Importing, at: float, done: Imported, report: Any) -> None:
    _, names = next(found)
    if isinstance(names, str):
        raise RowRefused(names)
    header = header_of(names)
    with store.begin() as connection:
        taking_in.know_list(connection, how.list, at)
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(LONG_LOG)
    for batch, broken in _batches(found):
        good, refusals = _read(batch, header, how)  # before anything is locked: campaigns that take leads need not wait for it
        with store.begin() as connection:
            refusals += _take_in(connection, good, how, at, done)
        for line, why, row in sorted(refusals, key=itemgetter(0)):
            done.refused[why] += 1
            if report is not None:
                report.writerow([line, why, *row])
        done.line = batch[-1][0] if batch else done.line
        if broken is not None:
            raise broken


def _batches(found: Iterator[Row]) -> Iterator[tuple[list[Row], Unreadable | None]]:
    """What stands before the line that cannot be read is taken in all the same."""
    while True:
        batch: list[Row] = []
        try:
            for row in islice(found, BATCH):
                batch.append(row)
        except Unreadable as broken:
            yield batch, broken
            return
        if not batch:
            return
        yield batch, None


Good = tuple[int, Lead, Sequence[str]]
Refusal = tuple[int, str, Sequence[str]]


def _read(batch: Iterable[Row], header: Header, how: Importing) -> tuple[list[Good], list[Refusal]]:
    good: list[Good] = []
    refusals: list[Refusal] = []
    for line, row in batch:
        if isinstance(row, str):
            refusals.append((line, row, ()))
            continue
        try:
            good.append((line, lead_of(header, row, how.region, how.zone), row))
        except RowRefused as why:
            refusals.append((line, str(why), row))
    return good, refusals


def _take_in(connection: Connection, good: Sequence[Good], how: Importing, at: float, done: Imported) -> Iterator[Refusal]:
    fates = taking_in.take_in(connection, how.list, [lead for _, lead, _ in good], how.duplicates, how.across == "refused", at)
    for (line, _, values), fate in zip(good, fates, strict=True):
        if fate in ("added", "updated", "unchanged", "kept"):
            setattr(done, fate, getattr(done, fate) + 1)
        else:
            yield line, fate, values
