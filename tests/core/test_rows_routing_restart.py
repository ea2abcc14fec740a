"""Lines and groups after a restart and under a new configuration (ACD.md 27), and what is told of a decision."""

from dataclasses import replace

from acd.core import events as ev
from acd.core.commands import Ring
from acd.core.interpreter import EnterQueue
from acd.core.matching.routing_policy import Membership, Relax
from acd.records.reasons import considered
from acd.records.rows import trace_as_json
from acd.words import AgentId, Strategy, Wish
from tests.core.routing import ENGLISH, SALES, STICKY, asking, house
from tests.core.world import World


def test_given_callers_who_wait_when_a_new_configuration_is_in_force_then_it_holds_for_them_at_once() -> None:
    world = World(house(2, people={"a0": {"skills": {"english": 3}}}, requires={"english": 5})).ready("a0")
    world.arrives("c")
    world.after(25)
    assert world.rung() == []
    old = world.state.policy
    relax = (Relax(after_s=20.0, requires={"english": 3}),)
    world.state.policy = replace(old, queues={SALES: replace(old.queues[SALES], relax=relax, ageing_s=5.0, weight=2)})
    world.feed(ev.PolicyChanged(at=world.at))
    assert world.rung() == ["1000"]
    assert (world.entry("c").ageing_s, world.entry("c").weight) == (5.0, 2)


def test_given_a_house_in_full_swing_when_recovered_from_its_versions_then_the_same_lines_and_groups() -> None:
    relax = (Relax(after_s=10.0, requires={"english": 3}),)
    rules = house(3, people=ENGLISH, requires={"english": 9}, relax=relax, sticky=STICKY, strategy=Strategy.RING_ALL)
    world = asking(rules, **{"7": EnterQueue(queue=SALES, requires={"german": 2}, prefer=AgentId("a0"))}).ready("a0", "a1", "a2")
    for n in range(3):
        world.arrives(f"c{n}", dialled="7" if n == 1 else "1")
        world.after(5)
    fresh = World(world.state.policy, world.state.flows)  # type: ignore[arg-type]
    for record in world.state.records():
        fresh.state.put(record)
    before, after = world.state.lines, fresh.state.lines
    assert {q: set(before.of(q).groups) for q in rules.queues} == {q: set(after.of(q).groups) for q in rules.queues}
    assert list(fresh.state.due) == list(world.state.due)


def test_row_27_given_twenty_callers_with_skills_and_twenty_agents_when_the_switch_comes_back_then_all_in_one_tick() -> None:
    people = {f"a{n}": {"skills": {"english": 1 + n % 9}} for n in range(20)}
    world = World(house(20, people=people, requires={"english": 1}))
    for n in range(20):
        world.ready(f"a{n}")
    world.feed(ev.NodeLost(at=world.at, node="fs"))  # type: ignore[arg-type]
    for n in range(20):
        world.arrives(f"c{n}")
    assert world.rung() == []
    commands = world.feed(ev.SnapshotTaken(at=world.at, node="fs", asked_at=world.at - 1, channels=()))  # type: ignore[arg-type]
    assert len([c for c in commands if isinstance(c, Ring)]) == 20


def test_given_a_decision_with_everything_in_it_when_told_then_every_rule_has_its_words_and_values() -> None:
    people = {"a1": {"skills": {"english": 3}}, "a2": {"member": Membership(tier=2), "skills": {"english": 9}}, "a3": {}}
    people["a3"] = {"member": Membership(delay_s=99.0), "skills": {"english": 9}}
    people["a0"] = {"skills": {"english": 6}}
    relax = (Relax(after_s=10.0, requires={"english": 5}),)
    world = World(house(4, people=people, requires={"english": 9}, relax=relax, tiers={2: 60.0}, strategy=Strategy.FEWEST_CALLS))
    world.ready("a1", "a2", "a3")
    world.asks("a0", Wish.NOT_READY, "lunch")
    world.ready("a0")
    world.arrives("c")
    assert world.offer("a2").trace.waited_s == 0.0, "nobody of the first tier could take the caller"
    world.phone_ends("a2", "CALL_REJECTED")
    world.after(10)
    trace = trace_as_json(world.offer("a0").trace)
    assert (trace["requires"], trace["aged_s"], trace["strategy"]) == ({"english": 5}, 10.0, "fewest_calls")
    assert trace["candidates"] == [{"agent": "a0", "idle_since": world.agent("a0").idle_since, "tier": 1, "values": {"calls": 0.0}}]
    told = list(considered("a0", trace))
    assert told[0] == "1. a0: 0.0 calls lately <- chosen"
    assert set(told[1:]) == {
        "passed over: a1 lacked a skill (english: has 3, needs 5)",
        "passed over: a2 stands in a tier that had not been opened (2: 60 s)",
        "passed over: a3 is asked only after a longer wait (99 s)",
    }
