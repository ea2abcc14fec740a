"""Joining a queue and leaving it (ACD.md 43-47): hours, who is there, and what happens when they are not any more."""

from dataclasses import replace

import pytest

from acd.core import events as ev
from acd.core.lines.entry import Entry
from acd.core.policy import Policy
from acd.words import EntryOutcome, Owner, QueueId, Wish
from tests.core.world import Flows, World, policy

E = EntryOutcome
EXITS = frozenset({"no_agents", "closed", "full", "timed_out"})


class Until:
    """Open until an instant, which is a whole minute."""

    def __init__(self, closes_at: float) -> None:
        self.closes_at = closes_at

    def state(self, at: float) -> str:
        return "open" if at < self.closes_at else "closed"


def shop(closes_at: float = 1260.0, **more: object) -> Policy:
    """The world begins at 1000; whole minutes are 1020, 1080 ..."""
    return policy(queue_hours="shop", calendars={"shop": Until(closes_at)}, **more)


def waits(*callers: str, rules: Policy | None = None, **flows: object) -> World:
    """Agent a0 is there, but not ready, so that everybody waits."""
    world = World(rules or shop(), Flows(exits=EXITS, **flows))  # type: ignore[arg-type]
    world.asks("a0", Wish.LOG_IN)
    for caller in callers:
        world.arrives(caller)
    return world


def ends(world: World) -> list[tuple[str, str]]:
    return [(entry.outcome, entry.exit) for entry in world.ended(Entry)]


def test_row_43_given_a_closed_queue_when_a_caller_comes_then_out_by_closed_and_recorded() -> None:
    world = waits("c", rules=shop(closes_at=900))
    assert ends(world) == [(E.CLOSED, "closed")]


def test_row_43_given_a_calendar_that_is_gone_when_a_caller_comes_then_closed() -> None:
    assert ends(waits("c", rules=policy(queue_hours="gone"))) == [(E.CLOSED, "closed")]


def test_row_43_given_a_queue_opened_by_hand_when_a_caller_comes_after_hours_then_they_wait() -> None:
    world = waits(rules=shop(closes_at=900))
    world.feed(ev.CalendarForced(at=world.at, calendar="shop", state="open", until=world.at + 60))
    world.arrives("c")
    assert world.call("c").owner is Owner.QUEUE
    world.at += 60
    world.arrives("d")
    assert ends(world) == [(E.CLOSED, "closed")]


def test_row_44_given_callers_in_line_when_the_queue_closes_then_they_are_served_and_nobody_joins() -> None:
    world = waits("c").after(400)
    assert world.call("c").owner is Owner.QUEUE
    world.arrives("d")
    assert ends(world) == [(E.CLOSED, "closed")]
    world.ready("a0")
    assert world.rung() == ["1000"]


@pytest.mark.parametrize(("seconds", "left"), [(259.9, 0), (260.1, 2)])
def test_row_44_given_a_queue_that_sends_callers_away_when_it_closes_then_they_leave_by_closed(seconds: float, left: int) -> None:
    world = waits("c", "d", rules=shop(queue_at_close="leave")).after(seconds)
    assert ends(world) == [(E.CLOSED, "closed")] * left
    assert not world.state.watches or not left


def test_row_44_given_a_phone_that_rings_when_the_queue_closes_then_it_is_waited_for() -> None:
    world = waits("c", "d", rules=shop(queue_at_close="leave", queue_ring_s=20.0)).after(250)
    world.ready("a0").after(15)
    assert len(ends(world)) == 1, "only the one for whom nobody was rung"
    world.picks_up("a0")
    world.is_bridged("a0")
    world.after(100)
    assert len(ends(world)) == 1 and world.call("c").owner is Owner.AGENT


def test_row_44_given_a_phone_that_rings_when_nobody_answers_after_closing_then_its_caller_leaves_too() -> None:
    world = waits("c", rules=shop(queue_at_close="leave", queue_ring_s=20.0)).after(250)
    world.ready("a0").after(30)
    assert ends(world) == [(E.CLOSED, "closed")]


def test_row_44_given_a_line_when_somebody_closes_the_calendar_by_hand_then_it_leaves_at_once() -> None:
    world = waits("c", rules=shop(queue_at_close="leave"))
    world.feed(ev.CalendarForced(at=world.at, calendar="shop", state="closed"))
    world.after(0.1)
    assert ends(world) == [(E.CLOSED, "closed")]


def test_row_44_given_a_full_line_when_it_closes_then_a_few_leave_at_a_time() -> None:
    """FAULTS F38: what happens to a thousand at once must not hold up everybody else."""
    world = waits(*(f"c{n}" for n in range(120)), rules=shop(queue_at_close="leave")).after(260.01)
    assert len(ends(world)) == 20
    world.after(1.05)
    assert len(ends(world)) == 120


def test_row_44_given_a_line_when_the_controller_dies_and_comes_back_after_closing_then_it_leaves() -> None:
    world = again(waits("c", rules=shop(queue_at_close="leave")), 500)
    world.after(0.1)
    assert ends(world) == [(E.CLOSED, "closed")]


@pytest.mark.parametrize(
    ("join_when", "state", "joins"),
    [
        ("always", "out", True),
        ("online", "out", False),
        ("online", "lunch", True),
        ("staffed", "lunch", False),
        ("staffed", "break", True),
        ("staffed", "in", True),
        ("staffed", "device_down", False),
        ("available", "in", False),
        ("available", "ready", True),
    ],
)
def test_row_46_given_who_is_there_when_a_caller_comes_then_they_join_by_the_word_of_the_queue(
    join_when: str, state: str, joins: bool
) -> None:
    world = World(policy(agents=1, queue_join_when=join_when, returning=frozenset({"break"})), Flows(exits=EXITS))
    if state != "out":
        world.asks("a0", Wish.LOG_IN)
    if state in ("lunch", "break"):
        world.asks("a0", Wish.NOT_READY, state)
    if state in ("ready", "device_down"):
        world.ready("a0")
    if state == "device_down":
        world.feed(ev.PhoneUnregistered(at=world.at, node="fs", phone="1000"))  # type: ignore[arg-type]
    world.arrives("c")
    assert ends(world) == ([] if joins else [(E.NO_STAFF, "no_agents")])


def test_row_46_given_agents_in_every_state_when_counted_then_online_staffed_and_available_are_three_numbers() -> None:
    world = World(policy(agents=6, returning=frozenset({"break"}))).ready("a0", "a1")
    for agent, reason in (("a2", "lunch"), ("a3", "break")):
        world.asks(agent, Wish.LOG_IN)
        world.asks(agent, Wish.NOT_READY, reason)
    world.arrives("c")
    roster, sales = world.state.roster, QueueId("sales")
    assert (roster.online(sales), roster.staffed(sales), roster.available(sales)) == (4, 3, 1)
    world.asks("a2", Wish.LOG_OUT)
    world.asks("a3", Wish.LOG_OUT)
    assert (roster.online(sales), roster.staffed(sales), roster.available(sales)) == (2, 2, 1)


@pytest.mark.parametrize("wish", [Wish.LOG_OUT, Wish.NOT_READY])
def test_row_47_given_a_line_when_the_last_agent_goes_then_after_the_grace_it_leaves(wish: Wish) -> None:
    world = waits("c", "d", rules=policy())
    world.asks("a0", wish, "" if wish is Wish.LOG_OUT else "lunch")
    world.after(9.9)
    assert ends(world) == []
    world.after(0.2)
    assert ends(world) == [(E.NO_STAFF, "no_agents")] * 2


def test_row_47_given_a_line_when_somebody_comes_within_the_grace_then_it_stays() -> None:
    world = waits("c", rules=policy())
    world.asks("a0", Wish.LOG_OUT)
    world.after(9)
    world.asks("a1", Wish.LOG_IN)
    world.after(100)
    assert ends(world) == [] and not world.state.watches
    world.asks("a1", Wish.LOG_OUT)
    world.after(9.9)
    assert ends(world) == [], "the grace begins anew"


def test_row_47_given_a_line_when_the_last_agent_takes_a_short_break_then_it_stays() -> None:
    world = waits("c", rules=policy(returning=frozenset({"break"})))
    world.asks("a0", Wish.NOT_READY, "break")
    assert ends(world.after(100)) == []


def test_row_47_given_a_flow_without_the_exit_when_all_go_then_its_callers_wait() -> None:
    world = World(flows=Flows(exits=frozenset({"timed_out"})))
    world.asks("a0", Wish.LOG_IN)
    world.arrives("c")
    world.asks("a0", Wish.LOG_OUT)
    world.after(100)
    assert ends(world) == [] and not world.state.watches


def test_row_47_given_the_grace_when_the_controller_dies_and_comes_back_then_it_goes_on() -> None:
    world = waits("c", rules=policy())
    world.asks("a0", Wish.LOG_OUT)
    world.after(5)
    back = again(world, 1)
    back.after(3.9)
    assert ends(back) == []
    assert ends(back.after(0.2)) == [(E.NO_STAFF, "no_agents")]


def test_row_47_given_callers_for_one_agent_when_that_one_logs_out_then_they_hear_that_nobody_is_there() -> None:
    world = World(policy(), Flows(max_wait_s=600.0))
    world.asks("a0", Wish.LOG_IN)
    world.arrives("c", "60")
    world.asks("a0", Wish.LOG_OUT)
    assert ends(world.after(10.1)) == [(E.NO_STAFF, "not_there")]


def again(world: World, later_s: float) -> World:
    """kill -9, and a start some time later: what is remembered is put back, and the switch shows what stands there."""
    fresh = World(world.state.policy, world.state.flows, at=world.at + later_s)  # type: ignore[arg-type]
    for decision in world.decisions:
        for record in decision.changes:
            fresh.state.put(record)
    fresh.ledger, fresh.decisions = world.ledger, [*world.decisions]
    legs = [call.leg for call in world.state.calls.values()]
    seen = tuple(ev.ChannelSeen(leg=leg, inbound=True, answered=True, playing=True) for leg in legs)
    fresh.feed(ev.SnapshotTaken(at=fresh.at, node="fs", asked_at=fresh.at, channels=seen))  # type: ignore[arg-type]
    return fresh


def test_given_a_queue_whose_rules_changed_when_callers_stand_in_it_then_the_new_ones_count_at_once() -> None:
    """ACD.md 53."""
    world = waits("c", rules=policy(calendars={"shop": Until(900)}, queue_at_close="leave"))
    assert ends(world.after(100)) == []
    sales = QueueId("sales")
    queue = replace(world.state.policy.queues[sales], hours="shop")
    world.state.policy = replace(world.state.policy, queues={sales: queue})
    world.feed(ev.PolicyChanged(at=world.at))
    assert ends(world.after(61)) == [(E.CLOSED, "closed")]


def test_row_44_given_a_phone_that_rings_at_closing_when_nobody_can_leave_then_it_is_not_looked_at_all_the_time() -> None:
    world = waits("c", rules=shop(queue_at_close="leave", queue_ring_s=60.0)).after(250)
    world.ready("a0").after(20)
    before = len(world.decisions)
    world.after(10)
    assert len(world.decisions) - before <= 11
