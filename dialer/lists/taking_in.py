"""A batch of leads -> the tables, in the caller's transaction. Asks about all of them at once, writes all of them at once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from dialer.core.retrying import LeadState
from dialer.lists.ranking import rank_of
from dialer.lists.rows import Lead
from dialer.lists.schema import counters, lead_numbers, leads, lists, numbers, windows

Row = dict[str, Any]
SAME, TWICE, ELSEWHERE = "another row for the same id", "the number is in this list already", "the number is in another list"
BUSY = "is being dialled now; import again later"
AT_A_TIME = 5000  # values in one question


def upsert_nothing(connection: Connection, table: Any) -> Any:
    """An insert that leaves what is there as it is."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    return make(table).on_conflict_do_nothing()


def know_list(connection: Connection, id: str, at: float) -> None:
    connection.execute(upsert_nothing(connection, lists), [{"id": id, "added_at": at}])
    connection.execute(upsert_nothing(connection, counters), [{"name": "leads", "n": 0}])


@dataclass(slots=True)
class _Seen:
    """What is there already, and what this batch adds to it."""

    keys: dict[str, tuple[int, str, str]] = field(default_factory=dict)  # key -> lead, digest, state
    owners: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))  # number -> lists and keys of it


def take_in(connection: Connection, list_id: str, batch: Sequence[Lead], duplicates: str, alone: bool, at: float) -> list[str]:
    """For each lead added, updated, unchanged, kept, or why it is refused. ``alone``: no number of it may be in another list."""
    if not batch:
        return []
    # drawing the ids comes first: its row is locked till the end, so that no two imports can miss each other's numbers
    first = draw_ids(connection, len(batch))
    order = str(connection.scalar(select(lists.c.order).where(lists.c.id == list_id)))
    seen = _look_up(connection, list_id, batch)
    added: dict[int, Lead] = {}
    fates = []
    for id, lead in enumerate(batch, first):
        fate = _fate(seen, list_id, lead, duplicates, alone)
        if fate == "added":
            added[id] = lead
            _note(seen, list_id, lead, id)
        elif fate == "updated":
            there, _, _ = seen.keys[lead.key]
            if there in added:
                added[there] = lead
            else:
                _replace(connection, there, lead, order)
            _note(seen, list_id, lead, there)
        fates.append(fate)
    _write(connection, list_id, added, order)
    return fates


def draw_ids(connection: Connection, n: int) -> int:
    """The first of ``n`` ids in a row that nobody else has."""
    moved = update(counters).where(counters.c.name == "leads").values(n=counters.c.n + n).returning(counters.c.n)
    return int(connection.scalar(moved) or 0) - n + 1


def _look_up(connection: Connection, list_id: str, batch: Sequence[Lead]) -> _Seen:
    seen = _Seen()
    for keys in _parts({lead.key for lead in batch}):
        asked = select(leads.c.key, leads.c.id, leads.c.digest, leads.c.state).where(leads.c.list == list_id, leads.c.key.in_(keys))
        seen.keys.update({row.key: (row.id, row.digest, row.state) for row in connection.execute(asked)})
    for key, id in [(key, id) for key, (id, _, state) in seen.keys.items() if state == LeadState.SPLIT]:
        copies = select(leads.c.id).where(leads.c.home == id, leads.c.state == LeadState.LEASED).limit(1)
        if connection.execute(copies).first() is not None:
            seen.keys[key] = (id, seen.keys[key][1], LeadState.LEASED)
    for part in _parts({each.number for lead in batch for each in lead.numbers}):
        owned = (
            select(lead_numbers.c.number, leads.c.list, leads.c.key)
            .join(leads, leads.c.id == lead_numbers.c.lead)
            .where(lead_numbers.c.number.in_(part), leads.c.home.is_(None))
        )
        for row in connection.execute(owned):
            seen.owners[row.number].add((row.list, row.key))
    return seen


def _fate(seen: _Seen, list_id: str, lead: Lead, duplicates: str, alone: bool) -> str:
    there = seen.keys.get(lead.key)
    if there is not None and there[1] == lead.digest:
        return "unchanged"
    owners = {owner for each in lead.numbers for owner in seen.owners.get(each.number, ())} - {(list_id, lead.key)}
    if alone and any(owner != list_id for owner, _ in owners):
        return ELSEWHERE
    if any(owner == list_id for owner, _ in owners):
        return "kept" if duplicates == "keep" else TWICE
    if there is None:
        return "added"
    if duplicates == "update":
        return BUSY if there[2] == LeadState.LEASED else "updated"
    return "kept" if duplicates == "keep" else SAME


def _note(seen: _Seen, list_id: str, lead: Lead, id: int) -> None:
    seen.keys[lead.key] = (id, lead.digest, LeadState.READY)
    for each in lead.numbers:
        seen.owners[each.number].add((list_id, lead.key))


def _write(connection: Connection, list_id: str, added: dict[int, Lead], order: str) -> None:
    if not added:
        return
    _know_windows(connection, added.values())
    connection.execute(insert(leads), [_lead_row(list_id, id, lead, order) for id, lead in added.items()])
    _write_numbers(connection, added)


def _know_windows(connection: Connection, batch: Iterable[Lead]) -> None:
    found = {each.window for lead in batch for each in lead.numbers}
    rows = [{"id": w.id, "country": w.country, "zones": list(w.zones)} for w in sorted(found, key=lambda w: w.id)]
    connection.execute(upsert_nothing(connection, windows), rows)


def _write_numbers(connection: Connection, added: dict[int, Lead]) -> None:
    of_leads = [
        {"lead": id, "n": n, "number": each.number, "window": each.window.id}
        for id, lead in added.items()
        for n, each in enumerate(lead.numbers)
    ]
    connection.execute(insert(lead_numbers), of_leads)
    known = [{"number": number} for number in sorted({str(row["number"]) for row in of_leads})]
    connection.execute(upsert_nothing(connection, numbers), known)


def _lead_row(list_id: str, id: int, lead: Lead, order: str) -> Row:
    promised = lead.due_at is not None
    return {
        "id": id, "list": list_id, "key": lead.key, "rank": rank_of(order, id, lead.priority, lead.fields),
        "state": LeadState.WAITING if promised else LeadState.READY, "why": "callback" if promised else "", **_told(lead),
        "due_at": lead.due_at, "ready_at": lead.due_at, "window": lead.numbers[0].window.id,
    }  # fmt: skip


def _told(lead: Lead) -> Row:
    return {
        "name": lead.name, "fields": dict(lead.fields), "consent": lead.consent, "consent_source": lead.consent_source,
        "digest": lead.digest, "priority": lead.priority,
    }  # fmt: skip


def _replace(connection: Connection, id: int, lead: Lead, order: str) -> None:
    """What is told of the lead, and its numbers; of campaigns' copies too. Where it stands, and how often it was called, stays."""
    _know_windows(connection, [lead])
    first = {"turn": 0, "window": lead.numbers[0].window.id, "rank": rank_of(order, id, lead.priority, lead.fields)}
    for each in (id, *connection.scalars(select(leads.c.id).where(leads.c.home == id))):
        connection.execute(delete(lead_numbers).where(lead_numbers.c.lead == each))
        _write_numbers(connection, {each: lead})
        connection.execute(update(leads).where(leads.c.id == each).values(**_told(lead), **first))


def _parts(values: Iterable[str]) -> Iterator[list[str]]:
    every = sorted(values)
    for at in range(0, len(every), AT_A_TIME):
        yield every[at : at + AT_A_TIME]
