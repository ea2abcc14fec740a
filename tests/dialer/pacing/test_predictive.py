import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest

from dialer.core.pacing import events as ev
from dialer.core.pacing.budget import Budget
from dialer.core.pacing.pacer import Binds, View
from dialer.core.pacing.predictive import Predictive
from tests.dialer.pacing.made import FREE, agent, fed, history, ready

LATER = 40_000.0


def taught(hits: int, of: int) -> Predictive:
    pacer = Predictive()
    fed(pacer, history(hits, of))
    return pacer


def asked(pacer: Predictive, agents: int) -> int:
    fed(pacer, ready(agents, LATER))
    return pacer.lines(LATER, FREE)


def test_given_nothing_learnt_when_asked_then_it_dials_carefully_and_says_so() -> None:
    pacer = Predictive()
    assert 5 <= asked(pacer, 5) <= 8
    assert pacer.why().binds is Binds.NOTHING_LEARNT and (pacer.why().hit_ratio or 0) > 0.5


def test_given_a_low_hit_ratio_when_learnt_then_more_lines_than_with_a_high_one() -> None:
    low, high = asked(taught(1, 10), 5), asked(taught(6, 10), 5)
    assert low > 2 * high >= 10


def test_given_a_hit_ratio_when_learnt_then_the_forecast_says_it() -> None:
    pacer = taught(2, 10)
    asked(pacer, 5)
    assert pacer.why().hit_ratio == pytest.approx(0.2, abs=0.04)
    assert pacer.why().binds is Binds.AGENTS and pacer.why().expected_free == 5


def test_given_lines_launched_when_asked_again_then_no_more_for_the_same_agents() -> None:
    pacer = taught(1, 10)
    first = asked(pacer, 5)
    fed(pacer, (ev.LineDialled(at=LATER, line=f"n{n}") for n in range(first)))
    assert pacer.lines(LATER, FREE) == 0
    assert (pacer.why().risk or 0) > (pacer.why().theta or 1) and (pacer.why().expected_answers or 0) > 0.5


def test_given_more_idle_agents_when_asked_then_lines_grow_faster_than_agents() -> None:
    one, four = asked(taught(1, 10), 1), asked(taught(1, 10), 4)
    assert one >= 1 and four > 4 * one


def test_given_lines_ringing_when_agents_leave_then_none_are_launched_until_there_is_room() -> None:
    pacer = taught(1, 10)
    first = asked(pacer, 5)
    fed(pacer, (ev.LineDialled(at=LATER, line=f"n{n}") for n in range(first)))
    fed(pacer, (ev.AgentGone(at=LATER + 1, agent=agent(n)) for n in range(4)))
    assert pacer.lines(LATER + 1, FREE) == 0
    fed(pacer, (ev.LineEnded(at=LATER + 25, line=f"n{n}") for n in range(first)))
    assert 1 <= pacer.lines(LATER + 25, FREE) < first / 4


def test_given_many_agents_about_to_finish_when_asked_then_lines_for_those_who_are_busy() -> None:
    pacer = taught(1, 10)
    fed(pacer, ready(60, LATER))
    fed(pacer, (ev.AgentTalking(at=LATER, agent=agent(n)) for n in range(60)))
    assert pacer.lines(LATER + 28.0, FREE) > 30


def test_given_few_busy_agents_when_asked_then_no_line_for_them() -> None:
    pacer = taught(3, 10)
    fed(pacer, ready(2, LATER))
    fed(pacer, (ev.AgentTalking(at=LATER, agent=agent(n)) for n in range(2)))
    assert pacer.lines(LATER + 3.0, FREE) == 0


def test_given_a_jump_of_the_hit_ratio_when_a_few_answers_came_then_it_dials_for_the_new_one() -> None:
    pacer = taught(1, 10)
    before = asked(pacer, 5)
    for n, event in enumerate(history(1, 1, at=LATER + 100)):
        pacer.feed(event)
        if n > 7 * 15:
            break
    pacer.lines(at := LATER + 1_000, FREE)
    after = pacer.lines(at + 61, FREE)
    assert after < before / 2


def story() -> Iterator[tuple[ev.Event, float]]:
    for event in [*history(2, 10), *ready(6, LATER)]:
        yield event, event.at


def test_given_the_same_events_when_asked_at_the_same_times_then_the_same_lines_and_reasons() -> None:
    def through() -> list[object]:
        pacer = Predictive()
        told: list[object] = []
        for event, at in story():
            pacer.feed(event)
            told.append((pacer.lines(at, FREE), pacer.why()))
        return told

    assert through() == through()


def test_given_what_was_kept_when_restored_through_text_then_it_is_known_and_carefully_believed() -> None:
    pacer = taught(1, 10)
    kept = json.loads(json.dumps(pacer.kept()))
    again = Predictive.from_kept(kept)
    assert asked(again, 5) == pytest.approx(asked(pacer, 5), abs=2)
    assert again.why().binds is not Binds.NOTHING_LEARNT


def test_given_a_budget_that_learnt_its_level_and_its_cost_when_restored_then_it_goes_on_from_there() -> None:
    pacer = taught(1, 10)
    pacer._budget = Budget(level=0.011, came=40.0, reckoned=20.0)
    again = Predictive.from_kept(json.loads(json.dumps(pacer.kept())))._budget
    assert (again.level, again.came, again.reckoned) == (0.011, 40.0, 20.0)


def test_given_a_budget_that_saw_very_many_abandons_when_restored_then_it_knows_what_they_cost_and_is_less_sure() -> None:
    pacer = taught(1, 10)
    pacer._budget = Budget(came=1_000.0, reckoned=500.0)
    again = Predictive.from_kept(json.loads(json.dumps(pacer.kept())))._budget
    assert (again.came, again.reckoned) == (250.0, 125.0)


def test_given_nothing_learnt_when_the_first_lines_end_then_the_next_question_knows_of_them() -> None:
    pacer = Predictive()
    asked(pacer, 5)
    before = pacer.why().hit_ratio or 0
    for n in range(12):
        pacer.feed(ev.LineDialled(at=LATER, line=f"n{n}"))
        pacer.feed(ev.LineEnded(at=LATER + 2.0, line=f"n{n}", outcome="busy"))
    pacer.lines(LATER + 2.0, FREE)
    assert (pacer.why().hit_ratio or 1) < 0.8 * before


def test_given_lines_that_were_launched_without_risk_when_they_were_all_that_was_wanted_then_more_is_risked() -> None:
    pacer = taught(6, 10)
    asked(pacer, 1)
    level = pacer._budget.level
    fed(pacer, [ev.AgentReady(at=LATER + 1, agent=agent(50))])
    assert pacer.lines(LATER + 1, FREE)
    pacer.feed(ev.LineDialled(at=LATER + 1, line="n0"))
    assert pacer._budget.level > level


@dataclass
class Noting(Budget):
    told: list[tuple[float, float, bool]] = field(default_factory=list)

    def launched(self, answers: float, risk: float, *, wanted: bool) -> None:
        self.told.append((answers, risk, wanted))


def noted(pacer: Predictive, view: View) -> list[tuple[float, float, bool]]:
    """What the budget is told of the lines of one decision, however often it is asked for it."""
    pacer._budget = budget = Noting()
    lines = [pacer.lines(LATER, view) for _ in range(3)][-1]
    fed(pacer, (ev.LineDialled(at=LATER, line=f"n{n}") for n in range(lines)))
    fed(pacer, (ev.LineEnded(at=LATER, line=f"n{n}", outcome="busy") for n in range(lines)))
    return budget.told


def test_given_lines_at_once_when_dialled_then_the_budget_is_told_of_each_once_what_it_means_and_risks_in_the_mean() -> None:
    pacer = taught(2, 10)
    fed(pacer, ready(10, LATER))
    told, why = noted(pacer, FREE), pacer.why()
    assert len(told) == why.lines > 10 and len(set(told)) == 1
    answers, risk, wanted = told[0]
    assert answers == why.hit_ratio and answers < 0.5 and wanted
    assert why.risk is not None and why.theta is not None and 0.25 * why.theta < risk <= (why.risk + why.theta) / 2


def test_given_lines_that_end_within_a_second_when_asked_again_and_again_then_tables_are_built_once_in_it() -> None:
    pacer = Predictive()
    asked(pacer, 5)
    tables = pacer._tables
    for n in range(40):
        pacer.feed(ev.LineDialled(at=LATER, line=f"n{n}"))
        pacer.feed(ev.LineEnded(at=LATER + 0.9, line=f"n{n}", outcome="busy"))
    pacer.lines(LATER + 0.9, FREE)
    assert pacer._tables is tables
    pacer.lines(LATER + 1.0, FREE)
    assert pacer._tables is not tables


def test_given_one_trunk_when_more_lines_are_wanted_then_the_budget_is_told_of_one_that_was_not_all() -> None:
    pacer = taught(6, 10)
    fed(pacer, ready(20, LATER))
    ((_, risk, wanted),) = noted(pacer, replace(FREE, trunks=1))
    assert not wanted and risk == pacer.why().risk


@pytest.mark.parametrize(
    "damage",
    [
        {"version": 0},
        {"rings": [[1.0]]},
        {"rings": "none"},
        {"rings": [[100.0] * 89 + [-1.0]] * 2},
        {"work": None},
        {"work": {"talking": [[-1.0] * 3]}},
        {"level": "high"},
        {"level": float("nan")},
        {"came": None},
        {"reckoned": -1.0},
        {"ready_s": None},
    ],
)
def test_given_damage_to_what_was_kept_when_restored_then_it_begins_with_nothing(damage: dict[str, object]) -> None:
    again = Predictive.from_kept({**taught(1, 10).kept(), **damage})
    asked(again, 5)
    assert again.why().binds is Binds.NOTHING_LEARNT


def test_given_agents_who_often_go_elsewhere_when_ready_then_fewer_lines_are_launched_for_them() -> None:
    steady, taken = taught(1, 10), taught(1, 10)
    for n in range(50):
        at = LATER - 5_000 + 50 * n
        taken.feed(ev.AgentReady(at=at, agent=agent(99)))
        taken.feed(ev.AgentElsewhere(at=at + 10, agent=agent(99)))
    taken.feed(ev.AgentGone(at=LATER - 1, agent=agent(99)))
    assert asked(taken, 10) < asked(steady, 10)
