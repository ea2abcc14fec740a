"""ACD.md 52: a queue is replaced by another one while people are in it. Each goes over once, with their place."""

from dataclasses import replace

import pytest

from acd.core import events as ev
from acd.core.commands import Play
from acd.core.events import PolicyChanged
from acd.core.interpreter import EnterQueue
from acd.core.lines.entry import Entry
from acd.core.lines.kept import KeptPlace
from acd.core.lines.line_watch import AGAIN_S, AT_ONCE
from acd.core.matching.bond import Bond, bond_id
from acd.core.matching.routing_policy import Sticky
from acd.core.outside.callback import CallbackOutcome
from acd.core.policy import Policy, draining
from acd.core.state import State
from acd.words import AgentState, BondId, CallId, EntryKind, EntryOutcome, FlowId, QueueId, TalkWish, Wish
from tests.core.called_back import MINE, CallbackFlows, CallbackWorld, callback_rules
from tests.core.world import FS, Flows, World, leg, policy

SALES, NEW = QueueId("sales"), QueueId("new")
E = EntryOutcome


def renamed(rules: Policy, **changes: object) -> Policy:
    """``sales`` is called ``new`` now, for queue, agents and numbers."""
    own = replace(rules.queues[SALES], id=NEW, replaces=(SALES,), **changes)  # type: ignore[arg-type]
    agents = {id: replace(one, queues=tuple(NEW if q == SALES else q for q in one.queues)) for id, one in rules.agents.items()}
    numbers = {number: flow.replace("sales", "new") for number, flow in rules.numbers.items()}
    queues = {NEW: own} | {id: one for id, one in rules.queues.items() if id != SALES}
    return replace(rules, version="p2", queues=queues, agents=agents, numbers=numbers, moved={SALES: NEW})  # type: ignore[arg-type]


def applies(world: World, **changes: object) -> World:
    """As the controller puts it in force."""
    state = world.state
    held = {entry.queue for entry in state.entries.values()}
    state.policy = draining(state.policy, renamed(state.policy, **changes), held)
    world.feed(PolicyChanged(at=world.at))
    return world


def there(world: World, *names: str) -> World:
    """Nobody is ready, and these wait in sales, one every ten seconds."""
    world.asks("a0", Wish.LOG_IN)
    for name in names:
        world.arrives(name)
        world.after(10)
    return world


def stays(world: World) -> list[tuple[str, str, str, str]]:
    return [(entry.call, entry.queue, entry.outcome, entry.exit) for entry in world.ended(Entry)]


def test_row_52_given_callers_in_line_when_their_queue_is_renamed_then_they_stand_there_in_order_with_their_age() -> None:
    world = there(World(), "c", "d")
    since = {name: world.entry(name).since for name in "cd"}
    applies(world)
    assert stays(world) == [("c", "sales", E.OVERFLOWED, "replaced"), ("d", "sales", E.OVERFLOWED, "replaced")]
    for name in "cd":
        entry = world.entry(name)
        assert (entry.queue, entry.since, entry.joined_at, entry.via) == (NEW, since[name], world.at, ())
        assert world.call(name).entries == 2
    assert not world.state.unserved(SALES) and [entry.call for entry in world.state.line(NEW)] == ["c", "d"]
    world.arrives("e")
    world.ready("a0")
    assert world.offer("a0").call == "c"
    world.ready("a1")
    assert world.offer("a1").call == "d", "who has waited goes before who has just come"


def test_row_52_given_it_was_applied_when_applied_again_then_each_goes_over_once() -> None:
    world = applies(there(World(), "c"))
    before = world.entry("c")
    applies_same = world.state.policy
    world.feed(PolicyChanged(at=world.at))
    world.after(60)
    assert world.state.policy is applies_same and world.entry("c").id == before.id and len(stays(world)) == 1


@pytest.mark.parametrize(
    "changes", [{"max_waiting": 1}, {"join_when": "available"}, {"carry_age": False}], ids=["full", "nobody available", "no age"]
)
def test_row_52_given_a_queue_that_would_turn_newcomers_away_when_it_replaces_another_then_those_in_line_are_taken(
    changes: dict[str, object],
) -> None:
    world = there(World(policy(), Flows(exits=frozenset({"full", "no_agents"}))), "c", "d")
    since = world.entry("c").since
    applies(world, **changes)
    assert [world.entry(name).queue for name in "cd"] == [NEW, NEW] and world.entry("c").since == since


def test_row_52_given_a_caller_who_came_from_another_queue_when_the_new_one_carries_no_age_then_they_keep_theirs() -> None:
    world = there(World(), "c")
    entry = world.entry("c")
    world.state.put(replace(entry, via=(QueueId("first"),)))
    applies(world, carry_age=False)
    assert world.entry("c").since == entry.since and world.entry("c").via == ("first",)


def test_row_48_given_a_phone_that_rings_for_a_caller_when_the_queue_is_renamed_then_it_rings_on_and_they_go_over_if_in_vain() -> None:
    world = World().ready("a0")
    world.arrives("c")
    world.rings("a0")
    applies(world)
    assert world.agent("a0").state is AgentState.OFFERED and world.entry("c").queue == SALES
    world.phone_ends("a0", "USER_BUSY", 486)
    assert world.entry("c").queue == NEW and world.state.roster.members(NEW) == ["a0", "a1"]


def test_row_52_given_a_talk_when_the_queue_is_renamed_then_it_goes_on_and_ends_in_the_old_one() -> None:
    world = World(policy(queue_wrap_up_s=33.0)).talks("c", "a0")
    applies(world)
    assert world.agent("a0").state is AgentState.TALKING
    world.hangs_up("c")
    assert [stay[:3] for stay in stays(world)] == [("c", "sales", E.ANSWERED)]
    assert world.agent("a0").deadline == world.at + 33.0, "its wrap-up is that of the queue that it was in"


def test_row_52_given_a_long_line_when_the_queue_is_renamed_then_they_go_over_a_few_at_a_time_and_in_order() -> None:
    names = [f"c{n:03}" for n in range(2 * AT_ONCE + 5)]
    world = World()
    world.asks("a0", Wish.LOG_IN)
    for name in names:
        world.arrives(name)
        world.at += 1
    applies(world)
    assert len(world.state.line(NEW)) == AT_ONCE
    world.after(3 * AGAIN_S)
    assert [entry.call for entry in world.state.line(NEW)] == names and not world.state.unserved(SALES)
    assert SALES not in world.state.watches


def test_row_52_given_callers_with_priority_and_skills_when_renamed_then_both_go_along() -> None:
    ask = EnterQueue(queue=SALES, priority=4, requires={"french": 2})
    rules = policy()
    rules = replace(rules, numbers={**rules.numbers, "1": "ask.x"})  # type: ignore[dict-item]
    world = World(rules, Flows(asks={"x": ask}))
    world.arrives("c")
    world.state.put(replace(world.entry("c"), asked=("a1",)))  # type: ignore[arg-type]
    applies(world)
    entry = world.entry("c")
    assert (entry.queue, entry.priority, entry.requires, entry.asked) == (NEW, 4, {"french": 2}, ("a1",))


def test_row_52_given_a_longest_wait_when_renamed_then_nobody_waits_longer_than_they_would_have() -> None:
    world = there(World(policy(queue_max_wait_s=60.0)), "c")
    applies(world, max_wait_s=600.0)
    assert world.entry("c").leave_at == world.at + 50


def test_row_54_given_music_in_the_old_queue_when_renamed_then_there_is_music_in_the_new_one() -> None:
    world = there(World(), "c")
    before = len(world.decisions)
    applies(world)
    commands = [c for d in world.decisions[before:] for c in d.commands if isinstance(c, Play)]
    assert [c.leg for c in commands] == [leg("c")] and world.entry("c").music_on


def test_f36_given_a_caller_whose_flow_still_says_the_old_name_when_they_come_to_it_then_they_stand_in_the_new_one() -> None:
    world = World()
    world.asks("a0", Wish.LOG_IN)
    world.arrives("c", "50")
    applies(world)
    world.feed(ev.DigitPressed(at=world.at, leg=leg("c"), digit="1"))
    assert world.entry("c").queue == NEW and not stays(world)


def test_row_75_given_callers_in_line_when_the_house_starts_with_the_queue_renamed_then_they_go_over_and_none_fails() -> None:
    world = there(World(), "c", "d")
    fresh = State(renamed(world.state.policy), world.state.flows)
    for record in world.state.records():
        fresh.put(record)
    world.state = fresh
    world.feed(ev.NodeLost(at=world.at, node=FS))
    world.feed(ev.HouseStarted(at=world.at))
    assert [world.entry(name).queue for name in "cd"] == [SALES, SALES], "not while the switch cannot be reached"
    seen = tuple(ev.ChannelSeen(leg=leg(name), inbound=True, answered=True, playing=True, born_at=1000.0) for name in "cd")
    world.feed(ev.SnapshotTaken(at=world.at, node=FS, asked_at=world.at, channels=seen))
    assert [entry.call for entry in world.state.line(NEW)] == ["c", "d"]
    assert {outcome for _, _, outcome, _ in stays(world)} == {E.OVERFLOWED}


def test_row_75_given_a_long_line_when_the_house_starts_with_the_queue_renamed_then_nobody_fails_while_the_first_go_over() -> None:
    names = [f"c{n:03}" for n in range(AT_ONCE + 5)]
    world = World()
    world.asks("a0", Wish.LOG_IN)
    for name in names:
        world.arrives(name)
    fresh = State(renamed(world.state.policy), world.state.flows)
    for record in world.state.records():
        fresh.put(record)
    world.state = fresh
    world.feed(PolicyChanged(at=world.at))
    assert not [stay for stay in stays(world) if stay[2] != E.OVERFLOWED]
    world.after(2 * AGAIN_S)
    assert [entry.call for entry in world.state.line(NEW)] == names


def test_row_7_given_a_caller_who_has_chosen_to_leave_when_the_queue_is_renamed_in_that_moment_then_they_leave() -> None:
    world = World(policy(), Flows(waiting=FlowId("wait.callback"), exits=frozenset({"callback"})))
    world.asks("a0", Wish.LOG_IN)
    world.arrives("c")
    world.feed(ev.PlayEnded(at=world.at, leg=leg("c"), play="c.1", result="FILE PLAYED"))  # type: ignore[arg-type]
    world.state.put(replace(world.entry("c"), leave_at=world.at, leave_by="callback", leave_as=E.EXITED_KEY))
    applies(world)
    world.after(0)
    assert stays(world) == [("c", "sales", E.EXITED_KEY, "callback")]


def test_row_75_given_the_journal_is_lost_when_a_caller_is_taken_up_by_the_old_name_on_their_channel_then_in_the_new_one() -> None:
    world = World(renamed(policy()))
    world.arrives("c", marks={"queue": "sales", "since": "900.0", "priority": "0", "flow": "queue.new", "step": "queue"})
    assert (world.entry("c").queue, world.entry("c").since) == (NEW, 900.0)


def test_row_6_given_a_place_that_was_kept_in_the_old_queue_when_its_caller_comes_back_then_they_have_it_in_the_new_one() -> None:
    world = World(policy(queue_keep_place_s=600.0))
    world.asks("a0", Wish.LOG_IN)
    world.arrives("c", caller_number=MINE)
    world.after(30)
    world.hangs_up("c")
    applies(world)
    world.arrives("d", caller_number=MINE)
    assert world.entry("d").since == 1000.0 and world.call("d").linked_to == "c"
    assert not any(isinstance(record, KeptPlace) for record in world.state.records())


def test_row_6_given_places_in_both_queues_for_one_number_when_somebody_calls_then_it_is_nobodys() -> None:
    world = World(policy(queue_keep_place_s=600.0))
    world.asks("a0", Wish.LOG_IN)
    for queue in (SALES, NEW):
        kept = KeptPlace(id=f"{queue}/{MINE}", call=CallId("before"), since=900.0, until=world.at + 600)
        world.state.put(kept)
    applies(world)
    world.arrives("c", caller_number=MINE)
    assert world.entry("c").since == world.at and world.call("c").linked_to is None


def test_given_somebody_who_was_served_in_the_old_queue_when_they_call_again_then_the_same_agent_first() -> None:
    sticky = Sticky(for_s=3600.0, wait_s=10.0)
    world = World(policy(queue_sticky=sticky))
    id = bond_id(SALES, MINE)
    assert id is not None
    world.state.put(Bond(id=BondId(id), agent="a1", since=1.0, until=5000.0))  # type: ignore[arg-type]
    applies(world)
    world.arrives("c", caller_number=MINE)
    assert world.entry("c").prefer == "a1"


# -- who is not on the line --------------------------------------------------------------------------------------------


def test_row_58_given_an_agent_who_stands_in_line_for_a_colleague_when_renamed_then_they_stand_in_the_new_line() -> None:
    world = World(policy(3)).talks("c", "a0")
    assert world.feed(ev.TalkAsked(at=world.at, agent="a0", what=TalkWish.CONSULT, target="sales"))  # type: ignore[arg-type]
    consult = world.call("c").talk.consult
    applies(world)
    assert consult is not None
    entry = world.state.entries[consult]
    assert (entry.kind, entry.queue) == (EntryKind.CONSULT, NEW) and not world.state.unserved(SALES)
    world.ready("a1")
    assert world.offer("a1").entry == consult


def test_row_58_given_only_somebody_who_waits_for_a_colleague_when_renamed_then_time_in_the_empty_line_counts_no_more() -> None:
    world = World(policy(3)).talks("c", "a0")
    world.feed(ev.TalkAsked(at=world.at, agent="a0", what=TalkWish.CONSULT, target="sales"))  # type: ignore[arg-type]
    world.state.put(replace(world.state.paces[SALES], busy_since=world.at))
    applies(world)
    assert world.state.paces[SALES].busy_since is None


def test_row_72_given_a_customer_who_is_to_be_called_back_when_renamed_then_the_new_queue_calls_them_in_their_place() -> None:
    world = CallbackWorld().asks_back()
    asked = world.back()
    applies(world)
    back = world.back()
    assert (back.queue, back.since) == (NEW, asked.since) and world.state.callback_of == {(NEW, MINE): back.id}
    world.ready("a0")
    world.picks_up("a0")
    assert world.dialled == [MINE]


def test_row_74_given_callbacks_for_one_number_in_both_when_renamed_then_one_is_left_with_the_better_place() -> None:
    world = CallbackWorld(callback_rules(queues=("sales", "new")), CallbackFlows())
    world.state.policy = replace(world.state.policy, numbers={**world.state.policy.numbers, "71": "callback.new"})  # type: ignore[dict-item]
    world.asks_back("c")
    world.after(10)
    world.arrives("d", "71", caller_number=MINE)
    world.hangs_up("d")
    applies(world)
    assert world.ended_back("c").outcome is CallbackOutcome.MERGED and world.ended_back("c").into == "d.9"
    assert world.back("d").since == world.ended_back("c").since


def test_row_69_given_a_new_queue_that_calls_nobody_back_when_renamed_then_the_old_one_still_does() -> None:
    world = CallbackWorld().asks_back()
    applies(world, callback=None)
    assert world.back().queue == SALES
    world.ready("a0")
    world.picks_up("a0")
    assert world.dialled == [MINE]


def test_row_70_given_a_customer_who_is_called_and_whose_agent_was_lost_when_renamed_then_they_wait_in_the_new_queue() -> None:
    world = CallbackWorld().asks_back()
    world.ready("a0")
    world.picks_up("a0")
    world.phone_ends("a0", "NORMAL_CLEARING")
    world.asks("a0", Wish.NOT_READY, "lunch")
    world.customer_answers()
    applies(world)
    (entry,) = world.state.entries.values()
    assert (entry.queue, entry.kind, world.back().queue) == (NEW, EntryKind.CALLBACK, NEW)
    world.ready("a1")
    assert world.offer("a1").entry == entry.id


def test_row_52_given_a_line_of_ones_own_when_a_queue_is_renamed_then_who_waits_for_that_agent_is_not_concerned() -> None:
    world = World()
    world.asks("a0", Wish.LOG_IN)
    world.arrives("c", "60")
    before = {entry.id: entry.queue for entry in world.state.entries.values()}
    applies(world)
    assert {entry.id: entry.queue for entry in world.state.entries.values()} == before


def test_row_52_given_no_other_queue_in_its_place_when_a_queue_is_removed_then_it_drains() -> None:
    world = there(World(policy(2, ("sales", "new"))), "c")
    rules = world.state.policy
    new = replace(rules, queues={NEW: rules.queues[NEW]}, agents={i: replace(a, queues=(NEW,)) for i, a in rules.agents.items()})
    world.state.policy = draining(rules, new, {SALES})
    world.feed(PolicyChanged(at=world.at))
    assert world.entry("c").queue == SALES
    world.ready("a0")
    assert world.offer("a0").call == "c" and world.ended(Entry) == []
