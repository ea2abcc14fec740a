"""Callbacks and calls that left the house, as rows and in words."""

from acd.core.outside.callback import Attempt, Callback, CallbackOutcome, CallbackState
from acd.core.outside.outgoing import Outgoing, OutgoingState
from acd.records.batch import batch_of
from acd.records.reader import Reader
from acd.records.rows import callback_row, outgoing_row
from acd.records.schema import metadata
from acd.records.store import Store
from acd.records.story import callback as told
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
