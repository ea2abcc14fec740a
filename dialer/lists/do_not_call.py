"""Who must not be called: numbers of the house, of one campaign, and national lists with the date of their file.

It is asked when a lead is taken, in that transaction; of one that is not dialled at once, once more before it is
(``finishing.may_still_be_dialled``). So what is added holds at once.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from dialer.core.retrying import LeadState
from dialer.lists.claimed import Taking
from dialer.lists.numbering import NotANumber, normalised
from dialer.lists.reading_csv import Unreadable, rows
from dialer.lists.schema import do_not_call, do_not_call_files, lead_numbers, leads
from dialer.lists.store import LeadStore

SCOPE = re.compile(r"internal|campaign:[^\s:]+|national:[^\s:]+")
BATCH = 5000


def known_scope(scope: str) -> str:
    """Raises ValueError."""
    if not SCOPE.fullmatch(scope):
        raise ValueError(f"scope {scope!r}: allowed are internal, campaign:ID and national:NAME")
    return scope


def add(connection: Connection, numbers: Iterable[str], scope: str, *, source: str, at: float, until: float | None = None) -> None:
    """``numbers`` normalised. What is listed without an end stays so."""
    found = [{"number": n, "scope": known_scope(scope), "source": source, "at": at, "until": until} for n in numbers]
    if not found:
        return
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement: Any = make(do_not_call)
    newer = {"until": statement.excluded.until, "at": statement.excluded.at, "source": statement.excluded.source}
    longer = or_(statement.excluded.until.is_(None), do_not_call.c.until < statement.excluded.until)
    keys = ["number", "scope"]
    connection.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=newer, where=longer & do_not_call.c.until.is_not(None)), found
    )


def remove(connection: Connection, number: str, scope: str) -> bool:
    """Whether it was listed. Leads that were set aside for it are looked at again."""
    gone = connection.execute(delete(do_not_call).where(do_not_call.c.number == number, do_not_call.c.scope == scope)).rowcount
    of_number = select(lead_numbers.c.lead).where(lead_numbers.c.number == number)
    aside = leads.c.id.in_(of_number) & (leads.c.state == LeadState.DO_NOT_CALL)
    connection.execute(update(leads).where(aside).values(state=LeadState.READY, why="", held_by=""))
    return gone > 0


def check(connection: Connection, number: str) -> list[dict[str, Any]]:
    """Everything that is listed for it, also what has ended."""
    asked = select(do_not_call).where(do_not_call.c.number == number).order_by(do_not_call.c.scope)
    return [dict(row) for row in connection.execute(asked).mappings()]


def listed(connection: Connection, numbers: Sequence[str], scopes: Sequence[str], at: float) -> set[str]:
    """Which of them must not be called in one of these scopes."""
    lasts = or_(do_not_call.c.until.is_(None), do_not_call.c.until > at)
    asked = select(do_not_call.c.number).where(do_not_call.c.number.in_(numbers), do_not_call.c.scope.in_(scopes), lasts)
    return set(connection.scalars(asked))


def stale(connection: Connection, taking: Taking, at: float, country: str = "") -> str:
    """'' or which national list is missing or older than the law allows: nobody is dialled then. ``country``: of a number, whose own
    lists are asked too; '' of none in particular.
    """
    asked = select(do_not_call_files.c.scope, do_not_call_files.c.dated_at)
    dated: dict[str, float] = {scope.removeprefix("national:"): dated_at for scope, dated_at in connection.execute(asked)}
    needed = [name for name in taking.national if name not in taking.of_country or country in taking.of_country[name]]
    why = next((why for name in needed if (why := _too_old(name, dated.get(name), taking.fresh_s, at))), "")
    any_of = [_too_old(name, dated.get(name), taking.fresh_s, at) for name in taking.any_of]
    return why or (any_of[0] if any_of and all(any_of) else "")


def _too_old(name: str, dated_at: float | None, fresh_s: float | None, at: float) -> str:
    if dated_at is None:
        return f"the do-not-call list {name} was never imported"
    if fresh_s is not None and at - dated_at > fresh_s:
        return f"the do-not-call list {name} is {(at - dated_at) / 86400:.0f} days old, {fresh_s / 86400:.0f} are allowed"
    return ""


@dataclass(slots=True)
class Listed:
    numbers: int = 0
    refused: int = 0
    stopped: str = ""


def import_file(store: LeadStore, path: Path, scope: str, *, region: str, dated_at: float, at: float) -> Listed:
    """Numbers one a line, or a CSV with a column number. A national file takes the place of the one before.

    The date of the file is kept only when all of it was read: half a list is no fresh list.
    """
    known_scope(scope)
    done = Listed()
    found = _numbers(path, region, done)
    while batch := list(islice(found, BATCH)):
        with store.begin() as connection:
            add(connection, sorted(set(batch)), scope, source=path.name, at=at)
            if scope.startswith("national:"):
                same = do_not_call.c.number.in_(batch) & (do_not_call.c.scope == scope)
                connection.execute(update(do_not_call).where(same).values(at=at, source=path.name))
        done.numbers += len(batch)
    if not done.stopped and scope.startswith("national:"):
        with store.begin() as connection:
            _replace(connection, scope, path.name, dated_at, at, done)
    return done


def _replace(connection: Connection, scope: str, file: str, dated_at: float, at: float, done: Listed) -> None:
    connection.execute(delete(do_not_call).where(do_not_call.c.scope == scope, do_not_call.c.at < at))
    connection.execute(delete(do_not_call_files).where(do_not_call_files.c.scope == scope))
    row = {"scope": scope, "file": file, "dated_at": dated_at, "imported_at": at, "numbers": done.numbers}
    connection.execute(do_not_call_files.insert(), [row])


def _numbers(path: Path, region: str, done: Listed) -> Iterator[str]:
    column = 0
    try:
        for line, row in rows(path):
            if line == 1 and not isinstance(row, str) and not any(character.isdigit() for character in "".join(row)):
                names = [name.strip().lower() for name in row]
                column = next((n for n, name in enumerate(names) if name in ("number", "phone", "telephone")), 0)
                continue
            try:
                yield normalised("" if isinstance(row, str) else row[column], region)
            except (NotANumber, IndexError):
                done.refused += 1
    except Unreadable as why:
        done.stopped = str(why)
