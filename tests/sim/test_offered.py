"""Callers of a scenario who are offered to be called back: who takes it, when, and what comes of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from acd.config.document import Refused
from acd.core.lines.recipe import Leave, Offer, Recipe, When
from acd.core.outside.callback import CallbackOutcome
from acd.core.outside.callback_policy import CallbackPolicy
from acd.core.policy import Policy
from acd.sim.dice import Exponential, Fixed
from acd.sim.experiment import Experiment, Given, Shift, Stream, run
from acd.sim.offered import Offered
from acd.sim.results import ALL, measured
from acd.sim.scenario import read_scenario
from acd.sim.tally import Tally
from acd.words import AgentId, FlowId, QueueId
from tests.core.world import policy
from tests.sim.test_people import SALES

Q = QueueId("sales")
AFTER_A_MINUTE = When(waited_s=60.0)
SCENARIO = """
from: 09:00
until: 10:00
queues:
  sales:
    arrivals: {per_hour: 60}
    talk: {exponential: 2m}
    patience: {exponential: 5m}
    callback: {share: 50%, answer: {exponential: 5s}, missed: 10%, refused: 5%}
staff: [{queues: [sales], count: 1}]
"""
KIND = "arrivals: {per_hour: 60}, talk: 2m, callback: {share: 50%}"


def rules(*recipes: Recipe, callback: CallbackPolicy | None = CallbackPolicy(mode="customer_first"), **more: Any) -> Policy:  # noqa: B008
    made = policy(agents=1, queue_wrap_up_s=0.0, queue_short_abandon_s=0.0)
    return replace(made, queues={Q: replace(made.queues[Q], callback=callback, recipes=recipes, **more)})


def offers(flow: str = "call_you", waited_s: float = 60.0) -> Recipe:
    return Recipe(name=flow, when=When(waited_s=waited_s), do=(Offer(flow=FlowId(flow)),))


def lived(house: Policy, times: Sequence[float], seed: object = 1, *, agent_until: float = 1e9, **how: Any) -> Tally:
    """One agent, from 300 s on; talks of 30 s; everybody takes it, unless ``how`` says otherwise, and answers after 4 s."""
    offered = Offered(**({"share": 1.0, "answer": Fixed(mean_s=4.0)} | how))
    stream = Stream(name="s", ask=SALES, arrivals=Given(times), talk=Fixed(mean_s=30.0), offered=offered)
    shifts = [Shift(agent=AgentId("a0"), start=300.0, end=agent_until)]
    return run(Experiment(policy=replace(house, agents=house.agents), shifts=shifts, streams=[stream], end=100_000.0), seed)


def visits(tally: Tally) -> list[tuple[str, float]]:
    return [(str(row["outcome"]), round(row["waited_s"], 3)) for row in tally.visits]


def test_given_a_recipe_that_offers_it_when_they_have_waited_so_long_then_they_leave_and_are_called_in_their_place() -> None:
    tally = lived(rules(offers()), [10.0, 20.0])
    assert visits(tally) == [("callback_requested", 60.0), ("callback_requested", 60.0)]
    first, second = tally.callbacks.values()
    assert [(each.asked_at, each.since, each.outcome, len(each.attempts)) for each in (first, second)] == [
        (70.0, 10.0, CallbackOutcome.SERVED, 1),
        (80.0, 20.0, CallbackOutcome.SERVED, 1),
    ]
    assert tally.reached == {first.id: 304.0, second.id: 338.0}, "each 4 s after the agent was free"


def test_given_no_callback_in_the_queue_or_nobody_who_takes_it_when_offered_then_they_wait_on() -> None:
    for house, share in ((rules(offers(), callback=None), 0.0), (rules(offers()), 0.0)):
        tally = lived(house, [10.0, 20.0], share=share)
        assert visits(tally) == [("answered", 290.0), ("answered", 310.0)] and not tally.callbacks


def test_given_recipes_that_offer_several_flows_when_one_is_named_then_only_that_one_is_the_offer() -> None:
    two = rules(offers("survey", 20.0), offers("call_you", 90.0))
    assert visits(lived(two, [10.0])) == [("callback_requested", 20.0)]
    assert visits(lived(two, [10.0], flow="call_you")) == [("callback_requested", 90.0)]


def test_given_it_is_offered_after_so_long_when_it_is_longer_than_the_patience_then_they_have_gone() -> None:
    after = Fixed(mean_s=45.0)
    assert visits(lived(rules(offers()), [10.0], after=after)) == [("exited_key", 45.0)]
    offered = Offered(share=1.0, answer=Fixed(mean_s=4.0), after=after)
    gone = Stream(name="s", ask=SALES, arrivals=Given([10.0]), talk=Fixed(mean_s=30.0), patience=Fixed(mean_s=44.0), offered=offered)
    tally = run(Experiment(policy=rules(), shifts=(), streams=[gone], end=1000.0), 1)
    assert [outcome for outcome, _ in visits(tally)] != ["callback_requested"] and not tally.callbacks


def test_given_an_exit_that_leads_to_it_when_the_queue_lets_them_go_then_they_ask() -> None:
    leaves = Recipe(name="out", when=AFTER_A_MINUTE, do=(Leave(exit="later"),))
    timed_out, left = (
        lived(rules(max_wait_s=50.0), [290.0, 291.0], exits=("timed_out",)),
        lived(rules(leaves), [10.0], exits=("later",)),
    )
    assert visits(left) == [("callback_requested", 60.0)] and len(left.callbacks) == 1
    assert [outcome for outcome, _ in visits(timed_out)] == ["answered", "answered"] and not timed_out.callbacks
    timed_out = lived(rules(max_wait_s=50.0), [10.0], exits=("timed_out",))
    assert [wait for _, wait in visits(timed_out)] == [50.0] and len(timed_out.callbacks) == 1


@pytest.mark.parametrize(("how", "came_to"), [({"missed": 1.0}, "no_answer"), ({"refused": 1.0}, "failed")])
def test_given_customers_who_never_answer_or_refuse_when_called_then_as_often_as_the_rules_say_and_no_more(
    how: dict[str, float], came_to: str
) -> None:
    retries = CallbackPolicy(mode="customer_first", retries=(600.0, 900.0), ring_s=25.0)
    tally = lived(rules(offers(), callback=retries), [10.0], **how)
    [callback] = tally.callbacks.values()
    assert (callback.outcome, len(callback.attempts)) == (CallbackOutcome.NOT_REACHED, 3) and not tally.reached
    lasted_s = [(each.ended_at or 0.0) - each.at for each in callback.attempts]
    assert lasted_s == ([25.0] * 3 if "missed" in how else [0.0] * 3)
    assert {each.outcome for each in callback.attempts} == {came_to}


def test_given_nobody_to_call_them_when_their_time_is_over_then_expired_and_counted_as_never() -> None:
    tally = lived(rules(offers(), callback=CallbackPolicy(expires_s=1800.0)), [10.0, 500.0], agent_until=400.0)
    found = measured(tally)
    outcomes = Counter(str(each.outcome) for each in tally.callbacks.values())
    assert outcomes == {"served": 1, "expired": 1} and len(tally.callbacks) == 2
    assert (found[ALL, -1, "callbacks_asked/acd-1"], found["sales", -1, "callbacks_expired/acd-1"]) == (2.0, 1.0)
    assert found[ALL, -1, "callbacks_kept/acd-1"] == 0.5
    [wait_s] = [at - tally.callbacks[id].asked_at for id, at in tally.reached.items()]
    assert found[ALL, -1, "callback_wait_p50/acd-1"] == found[ALL, -1, "callback_wait_p80/acd-1"] == wait_s


def test_given_who_asked_to_be_called_when_they_are_of_those_who_call_again_then_they_do_not() -> None:
    offered = Offered(share=1.0, answer=Fixed(mean_s=4.0))
    again = Stream(
        name="s",
        ask=SALES,
        arrivals=Given([10.0]),
        talk=Fixed(mean_s=30.0),
        offered=offered,
        redials=1.0,
        redial_after=Fixed(mean_s=5.0),
    )
    tally = run(Experiment(policy=rules(offers()), shifts=(), streams=[again], end=1000.0), 1)
    assert visits(tally) == [("callback_requested", 60.0)]


def test_given_somebody_who_asks_twice_when_counted_then_once() -> None:
    offered = Offered(share=1.0, answer=Fixed(mean_s=4.0))
    twice = [
        Stream(name=name, ask=SALES, arrivals=Given([at]), talk=Fixed(mean_s=30.0), offered=offered)
        for name, at in (("s", 10.0), ("t", 20.0))
    ]
    tally = run(Experiment(policy=rules(offers()), shifts=(), streams=twice, end=1000.0), 1)
    assert len(tally.callbacks) == 2 and measured(tally)[ALL, -1, "callbacks_asked/acd-1"] == 1.0, "they have the same number"


def test_given_a_seed_when_drawn_twice_then_the_same_and_a_larger_share_only_adds_those_who_take_it() -> None:
    def takers(share: float, seed: int, **how: Any) -> dict[str, tuple[object, ...]]:
        offered = Offered(share=share, answer=Exponential(mean_s=5.0), missed=0.2, refused=0.1, **how)
        stream = Stream(name="s", ask=SALES, arrivals=Given(range(500)), talk=Exponential(mean_s=60.0), offered=offered)
        found = {str(each.id): each for each in stream.callers(seed)}
        assert len({each.number for each in found.values()}) == 500
        return {id: each.back.attempts for id, each in found.items() if each.back is not None}

    few, many = takers(0.3, 1), takers(0.6, 1)
    assert few == takers(0.3, 1) != takers(0.3, 2)
    assert few.items() <= many.items() and 110 < len(few) < 190 and 260 < len(many) < 340
    rings = Counter("refused" if isinstance(one, str) else one is None for of in many.values() for one in of)
    assert 0.17 < rings[True] / rings.total() < 0.23 and 0.08 < rings["refused"] / rings.total() < 0.12


def test_given_a_scenario_when_simulated_twice_with_one_seed_then_the_same_callbacks_and_without_them_the_same_callers(
    tmp_path: Path,
) -> None:
    (tmp_path / "s.yaml").write_text(SCENARIO)
    read = read_scenario(tmp_path / "s.yaml")
    made, plain = read.experiment(rules(offers())), read.experiment(rules(offers(), callback=None))
    one, two = run(made, 7), run(made, 7)
    assert one.visits == two.visits and one.callbacks == two.callbacks and len(one.callbacks) > 5
    calls = [{(str(row["contact"]), row["joined_at"]) for row in tally.visits} for tally in (one, run(plain, 7))]
    assert calls[0] == calls[1]
    assert "callback_requested" not in {outcome for outcome, _ in visits(run(plain, 7))}, "where nobody calls back nobody is asked"
    (tmp_path / "s.yaml").write_text(SCENARIO.replace("staff:", f"  others: {{queue: sales, {KIND}}}\nstaff:"))
    both = read_scenario(tmp_path / "s.yaml").experiment(rules(offers())).streams
    assert not {each.number for each in both[0].callers(7)} & {each.number for each in both[1].callers(7)}, "everybody has their own"


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("share: 50%", "share: 50", ":9:23:", "a share from 0% to 100%"),
        ("share: 50%, ", "", ":9:5:", "'share'"),
        ("missed: 10%", "mised: 10%", ":9:55:", "did you mean 'missed'"),
        ("missed: 10%", "missed: 96%", ":9:5:", "together at most 100%"),
        ("{exponential: 5s}", "{lognormal: 5s}", ":9:28:", "cv"),
        ("missed: 10%", "exits: [timed_ot]", ":9:55:", "did you mean 'timed_out'"),
        ("missed: 10%", "flow: call_me", ":9:55:", "did you mean 'call_you'"),
    ],
)
def test_given_a_wrong_callback_when_read_then_its_place_and_what_was_allowed(
    tmp_path: Path, old: str, new: str, place: str, words: str
) -> None:
    assert words in (said := refused(tmp_path, SCENARIO.replace(old, new), rules(offers()))) and place in said, said


def test_given_configurations_none_of_which_offers_it_when_simulated_then_refused_and_one_that_does_is_enough(tmp_path: Path) -> None:
    without, silent = rules(offers(), callback=None), rules()
    assert "s.yaml:9:5: the queue sales calls nobody back" in refused(tmp_path, SCENARIO, without)
    assert "s.yaml:9:5: no recipe of the queue sales offers a flow; after or exits" in refused(tmp_path, SCENARIO, silent)
    after = SCENARIO.replace("share: 50%", "share: 50%, after: 1m")
    (tmp_path / "s.yaml").write_text(after)
    read_scenario(tmp_path / "s.yaml").fits([without, silent])


def refused(tmp_path: Path, text: str, house: Policy) -> str:
    (tmp_path / "s.yaml").write_text(text)
    with pytest.raises(Refused) as found:
        read = read_scenario(tmp_path / "s.yaml")
        read.fits([house])
        read.experiment(house)
    return "\n".join(map(str, found.value.problems))
