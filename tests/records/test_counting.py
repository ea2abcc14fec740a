"""What a database adds up is what the pure counting of its rows gives, in SQLite and in PostgreSQL."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from acd.core.lines.forecast import Promise
from acd.measures.intervals import QUARTER_S, Cut, Every, begin_of, cut_of
from acd.measures.offers import Handled
from acd.measures.repeats import Repeats
from acd.measures.visits import Visits, count
from acd.records import coming_back, counting
from acd.records.batch import batch_of
from acd.records.counting import Scope
from acd.records.reader import Reader
from acd.records.rows import visit_row
from acd.records.store import Store
from acd.reports.abandoned import abandoned
from acd.reports.promises import promises
from acd.words import AgentState, EndedBy, EntryOutcome, OfferOutcome, Owner

from .making import T0, FakeLine, agent, call, entry, offer

A, O = AgentState, EntryOutcome
DAY = 86400.0
Q0 = int(T0 // QUARTER_S)
LATE = (Q0 + 2) * QUARTER_S - 4.0  # entries join 4 s after this: the third quarter begins


def at(name: str, when: float, waited: float, **changes: Any) -> Any:
    """An answered visit that joined at ``when``."""
    changes = {"call": name, **changes}
    return entry(name, joined_at=when, since=when, connected_at=when + waited, ended_at=when + waited + 30, **changes)


def left(name: str, when: float, after: float, outcome: EntryOutcome = O.ABANDONED, **changes: Any) -> Any:
    return entry(
        name, call=name, joined_at=when, since=when, connected_at=None, ended_at=when + after, outcome=outcome, agent=None, **changes
    )


VISITS = [
    at("a1", T0, 5), at("a2", T0 + 1, 20), at("a3", T0 + 2, 21), at("a4", LATE + 4, 7, queue="help", agent="bob"),
    left("b1", T0 + 3, 10), left("b2", LATE + 4, 30, O.ABANDONED_WHILE_RINGING), left("s1", T0 + 5, 2, O.SHORT_ABANDONED),
    left("k1", T0 + 6, 9, O.EXITED_KEY), left("t1", T0 + 7, 60, O.TIMED_OUT, queue="help"),
]  # fmt: skip


@pytest.fixture
def reader_of(url: str, store_of: Callable[..., Store]) -> Callable[..., Reader]:
    """A reader of a database in which these records have ended, with a target of 20 s."""

    def reader_of(*changes: Any) -> Reader:
        lines = [FakeLine(n=i, changes=(change,)) for i, change in enumerate(changes, start=1)]
        store_of(url).write(batch_of(0, lines, {}, lambda queue: 20.0))
        return Reader(url)

    return reader_of


def scope(since: float = T0 - DAY, until: float = T0 + 30 * DAY, **of: str) -> Scope:
    return Scope(since=since, until=until, **of)


def test_given_visits_when_the_database_counts_then_it_is_what_counting_the_rows_gives(reader_of: Callable[..., Reader]) -> None:
    found = counting.by_queue(reader_of(*VISITS), scope())
    for queue in ("sales", "help"):
        assert found[queue] == count(visit_row(v, 20.0) for v in VISITS if v.queue == queue)


def test_given_visits_when_counted_by_quarter_then_each_is_in_the_one_in_which_it_joined(reader_of: Callable[..., Reader]) -> None:
    reader = reader_of(*VISITS)
    found = {(queue, at, outcome): tally.n for queue, at, outcome, tally in counting.visits(reader, scope(), Cut())}
    first, third = Q0 * QUARTER_S, (Q0 + 2) * QUARTER_S
    assert found["help", third, "answered"] == 1 and found["sales", third, "abandoned_while_ringing"] == 1
    assert found["sales", first, "answered"] == 3 and sum(found.values()) == len(VISITS)


def test_given_an_autumn_night_when_counted_by_hour_then_each_two_o_clock_is_one_of_its_own(reader_of: Callable[..., Reader]) -> None:
    berlin, hours = ZoneInfo("Europe/Berlin"), (1, 2, 2, 3)
    times = [datetime(2026, 10, 25, h, 10, fold=n == 2, tzinfo=berlin).timestamp() for n, h in enumerate(hours)]
    reader = reader_of(*(at(f"a{n}", when, 5) for n, when in enumerate(times)))
    night = scope(times[0] - DAY, times[0] + DAY)
    begins = sorted(at or 0.0 for _, at, _, _ in counting.visits(reader, night, cut_of(Every.HOUR, berlin, night.since, night.until)))
    assert begins == [when - 600 for when in times] and begins[2] - begins[1] == 3600
    (day,) = {
        begin_of(at or 0.0, Every.DAY, berlin)
        for _, at, _ in counting.waits(reader, night, cut_of(Every.DAY, berlin, night.since, night.until))
    }
    assert day == datetime(2026, 10, 25, tzinfo=berlin).timestamp()


@pytest.mark.parametrize(
    ("of", "n"),
    [
        ({"queue": "help"}, 2),
        ({"agent": "bob"}, 1),
        ({"since": T0 + 1}, 8),
        ({"until": T0 + 1}, 1),
        ({"queue": "sales", "agent": "bob"}, 0),
    ],
)
def test_given_a_scope_when_counted_then_only_what_is_in_it(reader_of: Callable[..., Reader], of: dict[str, Any], n: int) -> None:
    assert sum((v for v in counting.by_queue(reader_of(*VISITS), scope(**of)).values()), Visits()).offered == n


def test_given_answered_visits_when_their_waits_are_read_then_each_is_there(reader_of: Callable[..., Reader]) -> None:
    found = sorted(counting.waits(reader_of(*VISITS), scope()))
    assert [(queue, wait) for queue, _, wait in found] == [("help", 7.0), ("sales", 5.0), ("sales", 20.0), ("sales", 21.0)]


def test_given_offers_and_wrap_up_when_handled_then_wrap_up_is_with_the_talk_that_it_belongs_to(
    reader_of: Callable[..., Reader],
) -> None:
    missed = offer("o0", offered_at=T0, answered_at=None, bridged_at=None, ended_at=T0 + 15, outcome=OfferOutcome.NO_ANSWER)
    reader = reader_of(
        missed,
        offer("o1", ended_by=EndedBy.TRANSFER),
        agent(A.TALKING, 14, offer="o1"),
        agent(A.WRAP_UP, 60, offer="o1"),
        agent(A.READY, 72),
    )
    found: dict[str, Handled] = {}
    assert {who for who, *_ in counting.handled(reader, scope(), "queue")} == {"sales"}
    for who, _, outcome, each in counting.handled(reader, scope(), "agent"):
        assert who == "ann"
        found[outcome] = found.get(outcome, Handled()) + each
    assert found["no_answer"] == Handled(n=1, ring_s=15.0)
    assert found["answered"] == Handled(n=1, ring_s=4.5, talk_s=46.0, wrap_up_s=12.0, transferred=1)


def test_given_stretches_when_added_up_then_they_are_cut_where_the_time_is_and_who_is_out_is_not_there(
    reader_of: Callable[..., Reader],
) -> None:
    reader = reader_of(agent(A.READY, 0), agent(A.NOT_READY, 100, reason="lunch"), agent(A.LOGGED_OUT, 400), agent(A.READY, 1000))
    found = {(state, reason): seconds for _, _, state, reason, seconds in counting.times(reader, scope(T0 + 50, T0 + 1200))}
    assert found == {("ready", ""): pytest.approx(50 + 200), ("not_ready", "lunch"): pytest.approx(300)}


def test_given_a_stretch_over_quarters_when_added_up_by_quarter_then_it_is_split_where_they_end(
    reader_of: Callable[..., Reader],
) -> None:
    reader = reader_of(agent(A.READY, 0), agent(A.TALKING, 10), agent(A.READY, 2000))
    until = T0 + 2100
    found: dict[float, float] = {}
    for _, at, state, _, seconds in counting.times(reader, scope(T0 + 5, until), Cut()):
        found[at or 0.0] = found.get(at or 0.0, 0.0) + seconds
        assert state in ("ready", "talking")
    first, last = Q0 * QUARTER_S, int(until // QUARTER_S) * QUARTER_S
    assert sum(found.values()) == pytest.approx(2095)
    assert all(seconds == pytest.approx(QUARTER_S) for at, seconds in found.items() if first < at < last)
    assert min(found) == first and max(found) == last


def test_given_offers_when_their_traces_are_read_then_each_is_json(reader_of: Callable[..., Reader]) -> None:
    ((who, trace),) = counting.traces(reader_of(offer("o1")), scope())
    assert who == "ann" and [each["agent"] for each in json.loads(trace)["candidates"]] == ["ann", "bob"]


# -- who comes back ---


def calls_at(*times: tuple[str, str, float]) -> list[Any]:
    """(contact, number, arrival)"""
    return [call(name, caller_number=number, arrived_at=when, ended_at=when + 60) for name, number, when in times]


def test_given_who_gave_up_when_listed_then_it_says_who_called_again_and_was_served_since(reader_of: Callable[..., Reader]) -> None:
    reader = reader_of(
        *calls_at(("b1", "111", T0), ("b2", "222", T0), ("b3", "anonymous", T0), ("b4", "111", T0 + 100), ("a5", "111", T0 + 200)),
        *calls_at(("x6", "anonymous", T0 + 300)),
        left("b1", T0 + 1, 20), left("b2", T0 + 2, 20), left("b3", T0 + 3, 2, O.SHORT_ABANDONED), left("b4", T0 + 101, 20),
        at("a5", T0 + 201, 5),
    )  # fmt: skip
    found = {row["contact"]: (row["again_at"], row["served_at"], row["waited_s"]) for row in coming_back.abandoned(reader, scope())}
    assert found == {
        "b1": (T0 + 100, T0 + 200, 20.0),
        "b2": (None, None, 20.0),
        "b3": (None, None, 2.0),  # a withheld number is nobody in particular
        "b4": (T0 + 200, T0 + 200, 20.0),
    }


def test_given_who_gave_up_when_called_back_since_then_it_is_marked_and_is_no_call_of_theirs(reader_of: Callable[..., Reader]) -> None:
    ours = {"is_callback": True, "is_here": False, "leg": "", "owner": Owner.NOBODY}
    reader = reader_of(
        *calls_at(("b1", "030111", T0), ("b2", "+4930222", T0), ("b3", "anonymous", T0)),
        call("k1", caller_number="+4930111", arrived_at=T0 + 90, **ours),
        call("k2", caller_number="+4930222", arrived_at=T0 + 90, **ours),
        call("k3", caller_number="anonymous", arrived_at=T0 + 90, **ours),
        left("b1", T0 + 1, 20), left("b2", T0 + 2, 20), left("b3", T0 + 3, 20),
        at("k1", T0 + 95, 5, kind="callback"),
        left("k2", T0 + 95, 9, O.WITHDRAWN, kind="callback"), at("k3", T0 + 95, 5, kind="callback"),
    )  # fmt: skip
    found = coming_back.abandoned(reader, scope(), "DE")
    assert [(row["contact"], row["again_at"], row["back_at"], row["served_at"]) for row in found] == [
        ("b1", None, T0 + 100, T0 + 100),  # the same telephone, written in another way
        ("b2", None, None, None),  # not reached
        ("b3", None, None, None),  # nobody in particular
    ]
    assert {one.id: value for one, value in abandoned(found, zone=None).about} == {
        "gave_up/acd-1": 3, "called_again/acd-1": 0, "called_back_since/acd-1": 1, "recovered/acd-1": 1 / 3
    }  # fmt: skip


def test_given_served_callers_when_who_calls_again_is_counted_then_within_the_days_and_the_same_queue(
    reader_of: Callable[..., Reader],
) -> None:
    reader = reader_of(
        *calls_at(("a1", "111", T0), ("b1", "111", T0 + 2 * DAY)),  # came back, even if unserved
        *calls_at(("a2", "222", T0), ("a3", "222", T0 + 8 * DAY)),  # after the days were over
        *calls_at(("a4", "333", T0), ("a5", "333", T0 + DAY)),  # for something else
        *calls_at(("a6", "", T0), ("a7", "444", T0 + 20 * DAY)),  # nobody; too young to tell
        at("a1", T0, 5), left("b1", T0 + 2 * DAY, 20), at("a2", T0, 5), at("a3", T0 + 8 * DAY, 5), at("a4", T0, 5),
        at("a5", T0 + DAY, 5, queue="help"), at("a6", T0, 5), at("a7", T0 + 20 * DAY, 5),
    )  # fmt: skip
    found = dict(coming_back.repeats(reader, scope(), 7.0, T0 + 21 * DAY))
    assert found == {"sales": Repeats(served=4, again=1), "help": Repeats(served=1, again=0)}


def test_given_a_contact_that_came_twice_to_a_queue_when_counted_then_it_is_no_repeat(reader_of: Callable[..., Reader]) -> None:
    reader = reader_of(*calls_at(("a1", "111", T0)), at("a1", T0, 5), at("a1b", T0 + 60, 5, call="a1"))
    found = dict(coming_back.repeats(reader, scope(), 7.0, T0 + 21 * DAY))
    assert found == {"sales": Repeats(served=1, again=0)}


def test_given_a_consult_and_a_callback_when_counted_then_they_are_no_customers_who_waited(reader_of: Callable[..., Reader]) -> None:
    reader = reader_of(
        at("a1", T0, 5),
        at("a2", T0, 500, kind="consult", call="a1"),
        at("a3", T0, 900, kind="callback"),
        offer("o1", entry="a1"),
        offer("o2", entry="a2", agent="bob", kind="consult"),
        offer("o3", entry="a3"),
    )
    assert counting.by_queue(reader, scope())["sales"].offered == 1
    assert counting.by_queue(reader, scope(kind="callback"))["sales"].offered == 1
    assert [wait for _, _, wait in counting.waits(reader, scope())] == [5.0]
    assert sum(each.n for *_, each in counting.handled(reader, scope(), "queue")) == 2, "a talk with a customer each"
    assert {who for who, *_ in counting.handled(reader, scope(), "agent")} == {"ann", "bob"}


def test_given_a_customer_who_held_when_handled_then_the_hold_is_within_the_talk(reader_of: Callable[..., Reader]) -> None:
    reader = reader_of(offer("o1", holds=2, hold_s=12.0), offer("o2", holds=1, held_at=T0 + 50, hold_abandoned=True))
    ((_, _, _, each),) = counting.handled(reader, scope(), "queue")
    assert (each.n, each.talk_s, each.hold_s) == (2, 92.0, 12.0 + 10.0)


def test_given_waits_that_were_told_when_read_then_each_stands_with_its_queue(reader_of: Callable[..., Reader]) -> None:
    promise = Promise(at=T0 + 1, p50_s=3.0, p80_s=30.0, position=1, at_work=1)
    reader = reader_of(at("a1", T0, 20, promises=(promise,)), at("a2", T0, 5))
    (row,) = promises(counting.promises(reader, scope())).rows
    assert row == ["sales", 1, 0.0, 1.0, 0]
