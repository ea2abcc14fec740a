"""The people of a simulation: what they do is theirs, whatever the house makes of it."""

from dataclasses import replace

from acd.core.interpreter import EnterQueue
from acd.sim.dice import Fixed, stream
from acd.sim.experiment import Experiment, Given, Poisson, Shift, Stream, run
from acd.sim.people import Caller, Manners, People
from acd.sim.straight import STRAIGHT, Straight
from acd.sim.world import World
from acd.words import AgentId, AgentState, CallId, QueueId, Wish
from tests.core.world import policy

SALES = EnterQueue(queue=QueueId("sales"))


def caller(name: str, at: float, talk_s: float = 60.0, **more: object) -> Caller:
    return Caller(id=CallId(name), at=at, ask=SALES, talk_s=talk_s, **more)  # type: ignore[arg-type]


def house(*callers: Caller, agents: int = 1, wrap_up_s: float = 0.0, **more: object) -> Experiment:
    rules = policy(agents, queue_wrap_up_s=wrap_up_s, queue_short_abandon_s=0.0)
    shifts = [Shift(agent=id, start=0.0) for id in rules.agents]
    return replace(Experiment(policy=rules, shifts=shifts, known=callers, end=10_000.0), **more)  # type: ignore[arg-type]


def waits(experiment: Experiment, seed: object = 0) -> dict[str, tuple[float, str]]:
    return {row["contact"]: (row["waited_s"], str(row["outcome"])) for row in run(experiment, seed).visits}


def test_given_one_agent_when_two_call_at_once_then_the_second_waits_for_the_first() -> None:
    assert waits(house(caller("a", 10), caller("b", 20))) == {"a": (0.0, "answered"), "b": (50.0, "answered")}


def test_given_a_wrap_up_when_it_is_shorter_than_the_timer_then_the_agent_is_ready_after_it() -> None:
    found = waits(house(caller("a", 10, wrap_up_s=5.0), caller("b", 20), wrap_up_s=30.0))
    assert found["b"] == (55.0, "answered")


def test_given_a_wrap_up_when_it_is_longer_than_the_timer_then_the_timer_ends_it() -> None:
    found = waits(house(caller("a", 10, wrap_up_s=500.0), caller("b", 20), wrap_up_s=30.0))
    assert found["b"] == (80.0, "answered")


def test_given_no_patience_when_nobody_is_free_then_gone_and_who_is_served_at_once_stays() -> None:
    found = waits(house(caller("a", 10, patience_s=0.0), caller("b", 20, patience_s=7.0)))
    assert found == {"a": (0.0, "answered"), "b": (7.0, "abandoned")}


def test_given_who_calls_again_when_unserved_then_they_do_and_are_served() -> None:
    found = waits(house(caller("a", 10), caller("b", 20, patience_s=5.0, redials=(100.0,))))
    assert found["b"] == (5.0, "abandoned") and found["b+"] == (0.0, "answered")


def test_given_a_shift_that_ends_in_a_talk_when_it_is_wrapped_up_then_the_agent_goes_home() -> None:
    plan = house(caller("a", 10, wrap_up_s=5.0), caller("b", 200, patience_s=9.0), wrap_up_s=30.0)
    found = waits(replace(plan, shifts=[Shift(agent=AgentId("a0"), start=0.0, end=30.0)]))
    assert found["b"][1] != "answered"


def test_given_a_break_when_it_comes_in_a_talk_then_it_is_taken_after_the_wrap_up() -> None:
    plan = house(caller("a", 10, wrap_up_s=5.0), caller("b", 80), wrap_up_s=30.0)
    found = waits(replace(plan, shifts=[Shift(agent=AgentId("a0"), start=0.0, breaks=((30.0, 300.0),))]))
    assert found["b"] == (220.0, "answered")


def test_given_agents_who_let_it_ring_when_offered_then_the_caller_goes_on_to_others_and_they_come_back() -> None:
    rules = policy(2, queue_wrap_up_s=0.0)
    flows = Straight()
    world = World(replace(rules, numbers={"*": STRAIGHT}), flows)
    people = People(world, flows, Manners(missed=0.5, back=Fixed(mean_s=40.0)), seed=3)
    for id in rules.agents:
        people.asks(id, Wish.READY)
    people.come([caller(f"c{n}", 100.0 * n) for n in range(1, 30)])
    world.run(10_000.0)
    assert {agent.state for agent in world.state.agents.values()} == {AgentState.READY} and not world.state.calls


def test_given_streams_when_drawn_then_one_of_them_never_shifts_another() -> None:
    def stream_of(**more: object) -> Stream:
        plain = {"name": "q", "ask": SALES, "arrivals": Poisson(rates=[(0.0, 0.1)], until=1000.0), "talk": Fixed(mean_s=9.0)}
        return Stream(**(plain | more))  # type: ignore[arg-type]

    plain, other = list(stream_of().callers(1)), list(stream_of(redials=0.5, redial_after=Fixed(mean_s=1.0)).callers(1))
    assert [each.at for each in plain] == [each.at for each in other] and any(each.redials for each in other)
    assert [each.at for each in plain] != [each.at for each in stream_of().callers(2)]
    assert list(stream_of(arrivals=Given((1.0, 2.0))).callers(1))[1].at == 2.0
    assert stream("a").random() != stream("b").random()


def test_given_rates_by_the_hour_when_nobody_calls_in_one_then_nobody_does() -> None:
    arrivals = Poisson(rates=[(0.0, 0.05), (3600.0, 0.0), (7200.0, 0.2)], until=10_800.0)
    times = list(arrivals(stream("x")))
    assert times == sorted(times) and not [at for at in times if 3600 <= at < 7200]
    assert 130 < len([at for at in times if at < 3600]) < 240 and 600 < len([at for at in times if at >= 7200]) < 850
