"""A journal as it is read for ``acd replay``: each thing that somebody did, by itself, and nothing that the house did."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest

from acd.core import events as ev
from acd.core.call import Call
from acd.core.decision import Record
from acd.core.lines.kept import KeptPlace
from acd.core.matching.bond import Bond
from acd.core.outside.callback import Callback
from acd.core.policy import Policy
from acd.live.codec import Line
from acd.sim.journal_day import experiment_of
from acd.sim.journal_reading import AFTER_S, Reading, read
from acd.sim.people import Back, Caller
from acd.words import AgentId, AgentState, BondId, CallId, Owner, PhoneId, QueueId, Wish
from tests.core.called_back import MINE
from tests.core.talking import Floor
from tests.core.world import FS, World, leg, policy

BEGIN, DAY_S = 1000.0, 8 * 3600.0
RULES = policy(agents=2, queue_wrap_up_s=30.0, queue_ring_s=15.0, max_missed=1)


def lines(world: World) -> Iterator[Line]:
    for n, decision in enumerate(world.decisions, 1):
        yield Line(n=n, at=decision.event.at, event=decision.event, changes=decision.changes)


def read_of(world: World, until: float = BEGIN + DAY_S) -> Reading:
    return read(lines(world), BEGIN, until)


def read_records(*records: Record) -> Reading:
    return read([Line(n=n, at=BEGIN + n, changes=(record,)) for n, record in enumerate(records, 1)], BEGIN, BEGIN + DAY_S)


def stood(*records: Record) -> Reading:
    """As a snapshot has them."""
    return read([Line(n=7, at=BEGIN, changes=records, is_snapshot=True)], BEGIN, BEGIN + DAY_S)


def lived(reading: Reading, what: str, rules: Policy = RULES) -> list[Caller] | list[Back]:
    """The people who would live it again."""
    found = [each for _, _, each in experiment_of(reading, rules, rules, 1).happenings if isinstance(each, partial)]
    return [each.keywords[what] for each in found if what in each.keywords]


def test_given_a_caller_who_was_served_when_read_then_their_talk_and_what_was_written_last_as_long_as_they_did() -> None:
    world = World(RULES)
    world.arrives("c")
    world.after(20)
    world.ready("a0")
    world.after(2)
    world.rings("a0")
    world.picks_up("a0")
    world.is_bridged("a0")
    world.after(60).hangs_up("c")
    world.after(7).asks("a0", Wish.READY)
    reading = read_of(world)
    [[stay]], [caller] = reading.stays.values(), lived(reading, "caller")
    assert isinstance(caller, Caller)
    assert (caller.id, caller.at, caller.ask.queue) == ("c", BEGIN, "sales")
    assert (stay.waited_s, caller.talk_s, caller.wrap_up_s) == pytest.approx((22.5, 60.0, 7.0))
    assert caller.patience_s > 22.5, "they bore it"
    [rung] = experiment_of(reading, RULES, RULES, 1).rung or ()
    assert (rung.agent, rung.at, rung.ring.answer_s, rung.ring.end_s) == ("a0", BEGIN + 20, 2.5, None)


def test_given_callers_who_gave_up_when_read_then_they_do_so_after_as_long_and_in_the_order_in_which_they_came() -> None:
    world = World(RULES)
    world.arrives("first")
    world.after(5).arrives("second")
    world.after(12).hangs_up("second")
    world.after(8).hangs_up("first")
    reading = read_of(world)
    assert [(str(entry.call), str(entry.outcome)) for entry in reading.ended] == [("second", "abandoned"), ("first", "abandoned")]
    found = [(each.id, each.at - BEGIN, each.patience_s) for each in lived(reading, "caller") if isinstance(each, Caller)]
    assert found == [("first", 0.0, 25.0), ("second", 5.0, 12.0)]


def test_given_what_an_agent_asked_for_when_read_then_each_is_an_act_and_what_the_house_did_is_none() -> None:
    world = World(RULES).ready("a0")
    world.after(10).asks("a0", Wish.NOT_READY, "lunch")
    world.after(10).asks("a0", Wish.READY)
    world.arrives("c")
    world.rings("a0")
    world.after(16)
    assert world.agent("a0").reason == "rna", "the house's doing"
    world.hangs_up("c")
    world.after(40).asks("a0", Wish.READY)
    world.after(5).asks("a0", Wish.LOG_OUT)
    reading = read_of(world)
    acts = [(str(done.act.wish), done.act.reason) for done in reading.done]
    assert acts == [("ready", ""), ("not_ready", "lunch"), ("ready", ""), ("log_out", "")]
    assert list(reading.backs_s.values()) == [41.0], "so long they were away after the phone that they did not hear"


def test_given_an_agents_own_call_when_read_then_they_are_busy_with_it_as_long() -> None:
    world = World(RULES).ready("a0")
    began = world.at
    world.arrives("own", phone="1000")
    world.after(33).hangs_up("own")
    [(_, agent, at, until)] = read_of(world).own_calls
    assert (agent, at, until) == ("a0", began, began + 33)


def test_given_a_caller_who_overflows_when_read_then_it_is_one_stay_through_both_queues() -> None:
    rules = policy(agents=1, queues=("sales", "support"))
    sales = replace(rules.queues[QueueId("sales")], overflow={"timed_out": QueueId("support")}, max_wait_s=30.0)
    world = World(replace(rules, queues={**rules.queues, QueueId("sales"): sales}, max_hops=2))
    world.asks("a0", Wish.LOG_IN)
    world.arrives("c")
    world.after(50).hangs_up("c")
    reading = read_of(world)
    [[stay]] = reading.stays.values()
    assert (stay.first.queue, stay.last.queue, stay.waited_s, len(reading.ended)) == ("sales", "support", 50.0, 2)


def test_given_a_colleague_who_is_consulted_when_read_then_it_is_no_stay_of_the_customer() -> None:
    floor = Floor().talk().consults().after(12)
    reading = read_of(floor.world)
    assert len(reading.consults) == 1 and [len(of) for of in reading.stays.values()] == [1]


def test_given_calendars_phones_and_configurations_when_read_then_the_first_two_happen_again_and_the_last_are_counted() -> None:
    world = World(RULES)
    for event in (
        ev.PhoneRegistered(at=BEGIN + 1, node=FS, phone=PhoneId("1000")),
        ev.CalendarForced(at=BEGIN + 2, calendar="shop", state="closed"),
        ev.PhoneUnregistered(at=BEGIN + 3, node=FS, phone=PhoneId("1000")),
        ev.PolicyChanged(at=BEGIN + 4),
        ev.PolicyChanged(at=BEGIN + 5),
    ):
        world.feed(event)
    reading = read_of(world)
    assert [type(event) for _, event in reading.happened] == [ev.PhoneRegistered, ev.CalendarForced, ev.PhoneUnregistered]
    assert reading.configurations == 2


def test_given_the_end_of_the_day_when_read_then_what_had_begun_is_read_to_its_end_and_no_more() -> None:
    world = World(RULES)
    for n in range(3):
        world.arrives(f"c{n}")
        world.after(AFTER_S - 60).hangs_up(f"c{n}")
    reading = read_of(world, until=BEGIN + 10)
    assert set(reading.stays) == {CallId("c0"), CallId("c1")}, "the third came after everything that could matter"
    assert reading.end <= BEGIN + 10 + AFTER_S


def test_given_a_snapshot_when_read_then_bonds_and_kept_places_are_of_the_numbers_that_stand_for_theirs() -> None:
    bond = Bond(id=BondId(f"sales/{MINE}"), agent=AgentId("a0"), since=0.0, until=9e9)
    over = replace(bond, id=BondId("sales/+491111111"), until=None)
    place = KeptPlace(id=f"sales/{MINE}", call=CallId("old"), since=BEGIN - 60, until=9e9)
    reading = stood(bond, over, place)
    number = reading.numbers.of(MINE)
    assert number != MINE
    assert reading.restored.keys() == {("Bond", f"sales/{number}"), ("KeptPlace", f"sales/{number}")}


def test_given_a_snapshot_when_an_agent_is_in_a_talk_then_they_are_there_when_it_is_over() -> None:
    world = World(RULES).talks("c", "a0")
    before = len(world.decisions)
    world.after(20).hangs_up("c")
    world.after(5).asks("a0", Wish.READY)
    talking = next(r for d in reversed(world.decisions[:before]) for r in d.changes if getattr(r, "id", "") == "a0")
    assert talking.state is AgentState.TALKING  # type: ignore[union-attr]
    later = [Line(n=8 + n, at=d.event.at, event=d.event, changes=d.changes) for n, d in enumerate(world.decisions[before:])]
    reading = read([Line(n=7, at=BEGIN, changes=(talking,), is_snapshot=True), *later], BEGIN, BEGIN + DAY_S)
    [kept] = reading.restored.values()
    assert (kept.state, kept.offer) == (AgentState.NOT_READY, None)  # type: ignore[union-attr]
    assert [(str(done.act.wish), done.at) for done in reading.done] == [("ready", world.at)]


def test_given_a_callback_of_two_attempts_when_read_then_each_was_picked_up_when_it_was_and_it_stands_where_it_was_asked_for() -> None:
    wish = Callback(
        id="b", call=CallId("b"), queue=QueueId("sales"), number=MINE, asked_at=BEGIN + 1, since=BEGIN, expires_at=BEGIN + 9000
    )
    call = Call(id=CallId("b"), leg=leg("b"), owner=Owner.QUEUE, arrived_at=BEGIN, dialled="", caller_number=MINE, is_callback=True)
    first = replace(call, leg_at=BEGIN + 10, answered_at=BEGIN + 14)
    second = replace(call, leg_at=BEGIN + 500, answered_at=BEGIN + 509)
    reading = read_records(wish, first, replace(first, tapes=1), second, replace(wish, priority=3))
    assert reading.answered == {"b": [(BEGIN + 10, BEGIN + 14), (BEGIN + 500, BEGIN + 509)]}
    assert [(order, callback.priority) for order, callback in reading.callbacks.values()] == [(1, 3)]
    assert reading.numbers_of == {}, "nobody called in"
