import json
import math

from hypothesis import given
from hypothesis import strategies as st

from acd.records.batch import batch_of
from acd.records.rows import clean, contact_row, message_rows, offer_row, seconds_between, visit_row
from acd.records.schema import metadata
from acd.words import EndedBy, EntryOutcome, OfferOutcome

from .making import T0, FakeLine, abandoned, call, entry, message, offer

INSTANTS = st.one_of(st.none(), st.floats(0, 1e11))


def test_given_every_kind_of_row_when_made_then_it_has_exactly_the_columns_of_its_table() -> None:
    made = {
        "contacts": contact_row(call()),
        "queue_visits": visit_row(entry()),
        "offers": offer_row(offer()),
        "messages": next(iter(message_rows(call(messages=(message(),))))),
    }
    for table, row in made.items():
        assert list(row) == [column.name for column in metadata.tables[table].columns], table


def test_given_a_call_that_ended_when_its_row_is_made_then_it_says_who_when_how_and_the_path() -> None:
    row = contact_row(call())
    assert (row["node"], row["dialled"], row["caller_number"]) == ("main", "100", "+4930123")
    assert (row["duration_s"], row["ended_by"], row["cause"]) == (60.0, EndedBy.CUSTOMER, "NORMAL_CLEARING")
    assert row["path"] == [{"flow": "main", "step": "menu", "exit": "1", "entered_at": T0 + 1, "left_at": T0 + 4}]


def test_given_an_answered_stay_when_its_row_is_made_then_the_wait_ends_with_two_way_media() -> None:
    row = visit_row(entry(since=T0 - 26), service_level_s=20.0)
    assert (row["waited_s"], row["talk_s"], row["carried_s"]) == (10.0, 46.0, 30.0)
    assert (row["outcome"], row["agent"], row["service_level_s"], row["definition"]) == ("answered", "ann", 20.0, "acd-1")


def test_given_an_abandoned_stay_when_its_row_is_made_then_the_wait_ends_with_the_hang_up_and_nobody_served() -> None:
    row = visit_row(abandoned("e1", 7.0, EntryOutcome.ABANDONED_WHILE_RINGING, offers=1))
    assert (row["waited_s"], row["talk_s"], row["agent"]) == (7.0, None, None)


def test_given_an_answered_offer_when_its_row_is_made_then_ring_connect_and_talk_follow_each_other() -> None:
    row = offer_row(offer())
    assert (row["ring_s"], row["connect_s"], row["talk_s"]) == (4.5, 0.5, 46.0)
    first = {"agent": "ann", "idle_since": T0 - 300, "tier": 1, "values": {}}
    assert row["trace"]["candidates"][0] == first
    assert row["trace"]["passed_over"] == [{"agent": "cy", "rule": "not_ready", "value": "lunch"}]


def test_given_an_offer_that_nobody_took_when_its_row_is_made_then_it_rang_until_its_end() -> None:
    row = offer_row(offer(answered_at=None, bridged_at=None, ended_at=T0 + 24, outcome=OfferOutcome.NO_ANSWER, ended_by=None))
    assert (row["ring_s"], row["connect_s"], row["talk_s"]) == (15.0, None, None)


@given(INSTANTS, INSTANTS)
def test_given_any_two_instants_when_subtracted_then_the_duration_is_never_negative_F30_W4(a: float | None, b: float | None) -> None:
    found = seconds_between(a, b)
    assert found is None if a is None or b is None else found is not None and found >= 0


@given(*[INSTANTS] * 4)
def test_given_times_in_any_order_when_an_offer_row_is_made_then_no_duration_is_negative_ACD_79(
    ringing: float | None, answered: float | None, bridged: float | None, ended: float | None
) -> None:
    row = offer_row(offer(ringing_at=ringing, answered_at=answered, bridged_at=bridged, ended_at=ended))
    assert all(row[name] is None or row[name] >= 0 for name in ("ring_s", "connect_s", "talk_s"))


@given(st.text(st.characters(), max_size=600))
def test_given_any_text_from_outside_when_cleaned_then_every_database_can_keep_it(text: str) -> None:
    kept = clean(text)
    assert "\x00" not in kept and len(kept) <= 255
    kept.encode("utf-8")


def test_given_a_half_surrogate_and_a_nul_when_cleaned_then_the_rest_stays() -> None:
    assert clean("A\x00d\ud800a") == "Ad?a"


def test_given_a_length_that_is_no_number_when_a_message_row_is_made_then_it_is_zero() -> None:
    rows = list(message_rows(call(messages=(message(seconds=math.nan), message("m2", seconds=-1.0)))))
    assert [row["seconds"] for row in rows] == [0.0, 0.0]


def test_given_a_live_call_with_a_message_when_batched_then_only_the_message_is_a_row() -> None:
    from acd.words import Owner

    live = call(owner=Owner.FLOW, ended_at=None, ended_by=None, messages=(message(),))
    batch = batch_of(0, [FakeLine(n=1, changes=(live,))], {})
    assert {table: list(rows) for table, rows in batch.rows.items()} == {"messages": ["m1"]}


def test_given_two_versions_of_one_thing_when_batched_then_the_last_one_is_the_row() -> None:
    batch = batch_of(4, [FakeLine(n=5, changes=(entry(exit="a"),)), FakeLine(n=6, changes=(entry(exit="b"),))], {})
    assert batch.line == 6 and batch.size == 1
    assert batch.rows["queue_visits"]["e1"]["exit"] == "b"


def test_given_a_version_that_no_row_can_be_made_of_when_batched_then_it_is_set_aside_and_the_others_go_on() -> None:
    broken = call("bad", trail=(None,))
    batch = batch_of(0, [FakeLine(n=1, changes=(broken, entry()))], {})
    assert list(batch.rows["queue_visits"]) == ["e1"]
    (aside,) = batch.rows["rejected_rows"].values()
    assert aside["table"] == "Call" and "NoneType" in aside["why"]


def test_given_a_line_of_another_release_when_batched_then_what_cannot_be_read_is_kept_as_text() -> None:
    batch = batch_of(0, [FakeLine(n=1, changes=(entry(),), unreadable=('{"Fax":1}',))], {})
    (aside,) = batch.rows["rejected_rows"].values()
    assert json.loads(aside["row"]) == {"Fax": 1} and list(batch.rows["queue_visits"]) == ["e1"]


def test_given_a_trace_with_all_that_decided_when_its_row_is_made_then_nothing_of_it_is_lost() -> None:
    from acd.core.matching.trace import Candidate, Trace

    trace = Trace(
        strategy="fewest_calls", policy="p1", at=T0, waited_s=35.0, line=1, requires={"german": 2}, aged_s=30.0, held_for="bob", rung=1,
        candidates=(Candidate(agent="ann", idle_since=T0, tier=2, values={"calls": 3.14159, "odd": float("inf")}),),
    )  # fmt: skip
    found = offer_row(offer(trace=trace))["trace"]
    assert found["candidates"] == [{"agent": "ann", "idle_since": T0, "tier": 2, "values": {"calls": 3.142}}]
    assert (found["requires"], found["aged_s"], found["held_for"], found["rung"]) == ({"german": 2}, 30.0, "bob", 1)


def test_given_a_talk_whose_customer_held_until_the_end_when_its_row_is_made_then_that_hold_counts() -> None:
    row = offer_row(offer(holds=2, hold_s=5.0, held_at=T0 + 50, hold_abandoned=True, handed_at=T0 + 20))
    assert (row["hold_s"], row["holds"], row["hold_abandoned"], row["handed_at"]) == (15.0, 2, True, T0 + 20)
