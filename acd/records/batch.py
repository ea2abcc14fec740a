"""PURE: lines of the journal -> one batch of rows, and what the writer must remember once the batch is in the database.

A row that cannot be made (a bug of ours, never a caller's doing) is turned into a rejected row and stops nobody else.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from acd.core.call import Call
from acd.core.decision import Record
from acd.core.lines.entry import Entry
from acd.core.offers.offer import Offer
from acd.core.outside.callback import Callback
from acd.core.outside.dialled_call import DialledCall
from acd.core.outside.outgoing import Outgoing
from acd.core.staff.agent import Agent
from acd.core.staff.wrap_up import WrapUp
from acd.core.talking.monitor import Monitor
from acd.core.talking.recording import Recording
from acd.records.activities import Activity, follow
from acd.records.rows import (
    Row,
    answer_rows,
    callback_row,
    callback_rows,
    clean,
    contact_row,
    dialled_row,
    message_rows,
    monitor_row,
    offer_row,
    outgoing_row,
    recording_row,
    visit_row,
    wrap_up_row,
)
from acd.words import AgentId, QueueId


class Line(Protocol):
    """What is read of the journal: line number, and the versions that were remembered in it."""

    @property
    def n(self) -> int: ...

    @property
    def changes(self) -> tuple[Record, ...]: ...

    @property
    def is_snapshot(self) -> bool: ...

    @property
    def unreadable(self) -> tuple[str, ...]:
        """What of this line this release cannot read."""
        ...


Target = Callable[[QueueId], float | None]
"""The service-level target in force for a queue, or None."""


def no_target(queue: QueueId) -> float | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """``rows`` by table, the last version of each id only; ``running`` is each agent's open stretch after these rows."""

    after: int  # the cursor on which this stands
    line: int  # the cursor once it is written
    rows: Mapping[str, Mapping[str, Row]]
    running: Mapping[AgentId, Activity]

    @property
    def size(self) -> int:
        return sum(len(rows) for rows in self.rows.values())


def batch_of(after: int, lines: Iterable[Line], running: Mapping[AgentId, Activity], target: Target = no_target) -> Batch:
    rows: dict[str, dict[str, Row]] = {}
    now_running = dict(running)
    line_n = after
    for line in lines:
        line_n = line.n
        for i, text in enumerate(line.unreadable):
            aside = rejection(line.n, "unreadable", str(i), "this release cannot read it", text)
            rows.setdefault("rejected_rows", {})[aside["id"]] = aside
        for record in line.changes:
            for table, row in rows_or_rejection(line.n, record, now_running, target):
                rows.setdefault(table, {})[row["id"]] = row
    return Batch(after=after, line=line_n, rows=rows, running=now_running)


def rows_or_rejection(n: int, record: Record, running: dict[AgentId, Activity], target: Target) -> Iterable[tuple[str, Row]]:
    try:
        return list(rows_of(record, running, target))
    except Exception as error:  # a bug in one row must not hold back all others
        return [("rejected_rows", rejection(n, type(record).__name__, str(record.id), repr(error), repr(record)))]


def rows_of(record: Record, running: dict[AgentId, Activity], target: Target) -> Iterator[tuple[str, Row]]:
    """What this version adds to the tables: ends of calls, stays and offers, messages, and each turn of an agent."""
    match record:
        case Call():
            yield from (("messages", row) for row in message_rows(record))
            yield from (("survey_answers", row) for row in answer_rows(record))
            yield from (("callbacks", row) for row in callback_rows(record))
            if not record.is_live:
                yield "contacts", contact_row(record)
        case Callback() | DialledCall() | Outgoing():
            yield from _outside_rows(record)
        case Entry() if not record.is_live:
            yield "queue_visits", visit_row(record, target(record.queue))
        case Offer() if not record.is_live:
            yield "offers", offer_row(record)
        case WrapUp() if not record.is_live:
            yield "wrap_ups", wrap_up_row(record)
        case Monitor():
            yield "monitors", monitor_row(record)
        case Recording():
            yield "recordings", recording_row(record)
        case Agent():
            now, turned = follow(running.get(record.id), record)
            yield from (("agent_activities", row) for row in turned)
            if now is not None:
                running[record.id] = now


def _outside_rows(record: Callback | DialledCall | Outgoing) -> Iterator[tuple[str, Row]]:
    match record:
        case Callback():
            yield "callbacks", callback_row(record)
        case DialledCall() if record.is_over:
            yield "dialled_calls", dialled_row(record)
        case Outgoing() if not record.is_live:
            yield "outbound_calls", outgoing_row(record)


def rejection(n: int, table: str, id: str, why: str, row: Any) -> Row:
    """A row that nobody would take, as text that everybody takes."""
    text = row if isinstance(row, str) else json.dumps(row, default=repr, ensure_ascii=True)
    return {
        "id": clean(f"{table}/{id}/{n}"),
        "table": table,
        "line": n,
        "why": clean(why, 2000),
        "row": clean(text, 100_000),
    }
