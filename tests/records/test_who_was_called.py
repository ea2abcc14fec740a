"""Callbacks and calls that left the house, as rows and in words."""

import json
from dataclasses import replace
from datetime import UTC
from pathlib import Path

from acd.core.outside.callback import Attempt, Callback, CallbackOutcome, CallbackState
from acd.core.outside.outgoing import Outgoing, OutgoingState
from acd.live.notifying import never_came_about
from acd.live.notifying import told as told_body
from acd.records.batch import batch_of
from acd.records.reader import Reader
from acd.records.rows import callback_row, outgoing_row
from acd.records.schema import metadata
from acd.records.store import Store
from acd.records.story import callback as told
from acd.reports.callbacks import callbacks as report
from acd.reports.table import plain
from tests.records.making import T0, FakeLine

BACK = Callback(
    id="c1.9",
    call="c1.9",  # type: ignore[arg-type]
    queue="sales",  # type: ignore[arg-type]
    number="+493012345678",
    asked_at=T0,
    since=T0 - 60,
    expires_at=T0 + 86400,
    first="c1",  # type: ignore[arg-type]
    state=CallbackState.HELD,
    wake_at=T0 + 600,
    attempts=(Attempt(at=T0 + 10, ended_at=T0 + 40, outcome="no_answer", cause="NO_ANSWER"),),
)
OUT = Outgoing(
    id="o1", reason="callback", number="+493012345678", at=T0 + 10, state=OutgoingState.ENDED, trunk="carrier", cause="USER_BUSY"
)
NOT_OUT = Outgoing(id="o2", reason="transfer", number="110", at=T0 + 20, state=OutgoingState.REFUSED, refused="emergency", why="no")


def test_given_what_was_called_when_made_to_rows_then_they_have_exactly_the_columns_of_their_tables() -> None:
    for table, row in (("callbacks", callback_row(BACK)), ("outbound_calls", outgoing_row(OUT))):
        kept = {column.name for column in metadata.tables[table].columns if "kept" in column.info}
        assert set(row) == {column.name for column in metadata.tables[table].columns} - kept


def test_given_a_callback_when_it_goes_on_then_its_row_says_how_it_stands_and_it_is_listed_until_it_ends(tmp_path) -> None:  # type: ignore[no-untyped-def]
    url = f"sqlite:///{tmp_path}/acd.db"
    store = Store(url)
    store.write(batch_of(0, [FakeLine(n=1, changes=(BACK, OUT, NOT_OUT))], {}))  # type: ignore[arg-type]
    reader = Reader(url)
    (row,) = reader.callbacks()
    assert (row["state"], row["next_at"], row["contact"], row["callback"]) == ("held", T0 + 600, "c1", "c1.9")
    assert [each["id"] for each in reader.outbound(since=T0)] == ["o2", "o1"]
    assert [each["why"] for each in reader.outbound(since=T0, refused=True)] == ["no"]
    assert [each["id"] for each in reader.outbound(since=T0, number="3012")] == ["o1"]
    over = BACK.move(CallbackState.ENDED, outcome=CallbackOutcome.MERGED, ended_at=T0 + 700, into="c7", wake_at=None)
    store.write(batch_of(1, [FakeLine(n=2, changes=(over,))], {}))  # type: ignore[arg-type]
    store.close()
    assert reader.callbacks() == [] and [each["outcome"] for each in reader.callbacks(closed=True)] == ["merged"]
    reader.close()


def test_given_a_callback_when_told_then_each_attempt_and_its_end_are_said_in_words() -> None:
    over = BACK.move(CallbackState.ENDED, outcome=CallbackOutcome.CANCELLED, ended_at=T0 + 700, by="kim", wake_at=None)
    assert [moment.text for moment in told(callback_row(over))] == [
        "asked to be called back on +493012345678, place in queue sales kept",
        "+493012345678 is called (attempt 1): did not answer [NO_ANSWER]",
        "+493012345678 is not to be called back any more (by kim)",
    ]


def over(id: str, outcome: CallbackOutcome, **more: object) -> Callback:
    return replace(BACK, id=id, call=id, state=CallbackState.ENDED, outcome=outcome, ended_at=T0 + 700, wake_at=None, **more)  # type: ignore[arg-type]


def test_given_callbacks_that_ended_when_reported_then_who_never_was_called_is_listed_with_the_reason_and_the_rest_counted(
    tmp_path: Path,
) -> None:
    url, o = f"sqlite:///{tmp_path}/acd.db", CallbackOutcome
    gone = over("c2.9", o.EXPIRED, why="outside the hours of office")
    ended = (gone, over("c3.9", o.SERVED), over("c4.9", o.MERGED), over("c5.9", o.DUPLICATE), over("c6.9", o.CANCELLED))
    store = Store(url)
    store.write(batch_of(0, [FakeLine(n=1, changes=(BACK, *ended, over("c7.9", o.NOT_REACHED, queue="help")))], {}))
    store.close()
    reader = Reader(url)
    found = plain(report(reader.callbacks_over(T0, T0 + 1), zone=UTC))
    assert [(row["id"], row["outcome"], row["why"], row["attempts"]) for row in found["rows"]] == [
        ("c2.9", "expired", "outside the hours of office", "no_answer"),
        ("c7.9", "not_reached", "", "no_answer"),
    ]
    assert found["all"] == {
        "callbacks/acd-1": 5, "callbacks_served/acd-1": 1, "callbacks_called_in/acd-1": 1, "callbacks_never/acd-1": 2,
        "callbacks_expired/acd-1": 1, "callbacks_kept/acd-1": 1 / 3,
    }  # fmt: skip
    assert [row["id"] for row in reader.callbacks_over(T0, T0 + 1, "help")] == ["c7.9"] and not reader.callbacks_over(T0 + 1, T0 + 9)
    assert [row["id"] for row in reader.callbacks_never(T0)] == ["c2.9", "c7.9"] and reader.callbacks_never(T0 + 701) == []
    reader.close()


def test_given_callbacks_that_never_came_about_when_told_then_only_to_the_mailbox_of_their_queue(tmp_path: Path) -> None:
    row = callback_row(over("c2.9", CallbackOutcome.EXPIRED, why="nobody"))
    (notice,) = never_came_about([row, {**row, "queue": "help"}], {"sales": "main"})
    assert json.loads(told_body(notice)) == {
        "kind": "callback", "id": "callback.c2.9", "mailbox": "main", "callback": "c2.9", "contact": "c1", "queue": "sales",
        "outcome": "expired", "why": "nobody", "attempts": "no_answer", "number": "+493012345678",
        "asked_at": "2025-10-09T08:53:20+00:00", "ended_at": "2025-10-09T09:05:00+00:00",
    }  # fmt: skip
