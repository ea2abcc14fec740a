"""Why a contact went as it did, told from its rows (issue: explain; the fifteen things, 1)."""

from typing import Any

import pytest

from acd.records.reasons import STRATEGIES, WHY_NOT, considered, headline, passed, reasons, standing, why_not
from acd.records.rows import contact_row, offer_row, visit_row
from acd.records.story import ENDED_AS, offering, tell
from acd.records.unoffered import Unoffered, lines, stretches, summary, unoffered
from acd.records.why import explained, of_agent, plain
from acd.words import OfferOutcome

from .making import T0, call, entry, offer


def trace(**changes: Any) -> dict[str, Any]:
    return {
        "strategy": "fewest_calls", "policy": "p1", "at": T0 + 9, "waited_s": 5.0, "line": 2,
        "candidates": [
            {"agent": "ann", "idle_since": T0, "tier": 1, "values": {"calls": 3.2}},
            {"agent": "ben", "idle_since": T0 - 300, "tier": 1, "values": {"calls": 4.1}},
        ],
        "passed_over": [
            {"agent": "cy", "rule": "not_ready", "value": "lunch"},
            {"agent": "dee", "rule": "skill", "value": "german: has 1, needs 2"},
        ],
        "counts": {"free": 3, "not_ready": 1}, "requires": {"german": 2}, "aged_s": 0.0, "held_for": None, "rung": 0, **changes,
    }  # fmt: skip


def test_given_a_choice_by_fewest_calls_when_told_then_the_counts_that_decided_are_there() -> None:
    assert [*considered("ann", trace())] == [
        "1. ann: 3.2 calls lately <- chosen",
        "2. ben: 4.1 calls lately",
        "passed over: cy was not ready (lunch)",
        "passed over: dee lacked a skill (german: has 1, needs 2)",
    ]
    assert "by fewest calls (who had the fewest calls lately goes first)" in headline(trace())
    assert "needed: german 2" in [*reasons("ann", trace())]


@pytest.mark.parametrize(
    ("strategy", "candidate", "expected"),
    [
        ("longest_idle", {"values": {"idle_s": 65.2}}, "free for 65 s"),
        ("longest_idle", {}, "free for 9 s"),  # as older releases kept it
        ("least_talk_time", {"values": {"talk_s": 150.0}}, "2.5 min of talk lately"),
        ("weighted", {"values": {"calls": 3.0, "weight": 2.0}}, "3.0 calls lately for a weight of 2"),
        ("top_down", {"values": {"position": 2.0}, "tier": 2}, "tier 2, position 2"),
        ("round_robin", {"values": {"last_turn_s": 240.0}}, "last turn 4 min ago"),
        ("round_robin", {"values": {}}, "no turn yet"),
        ("random", {"values": {"lot": 0.125}}, "drew 0.125"),
    ],
)
def test_given_each_strategy_when_told_then_its_key_is_in_words(strategy: str, candidate: dict[str, Any], expected: str) -> None:
    assert expected == (standing({"agent": "ann", "idle_since": T0, **candidate}, trace(strategy=strategy)))


def test_given_more_agents_than_are_named_when_told_then_they_are_counted() -> None:
    assert [*considered("ann", trace(counts={"free": 900, "talking": 100}))][-1] == "in all: 900 free, 100 talking"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"aged_s": 30.0}, "needed: german 2, as it is after 30 s of waiting"),
        ({"requires": {}, "aged_s": 30.0}, "open to whoever is asked after 30 s of waiting"),
        ({"held_for": "ben"}, "held for ben"),
        ({"rung": 2}, "2 phones rang for this caller already"),
    ],
)
def test_given_what_was_asked_of_agents_when_told_then_it_is_said(changes: dict[str, Any], expected: str) -> None:
    assert expected in [*reasons("ann", trace(**changes))]


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        ("ann", "was chosen"),
        ("ben", "could have taken it and stood at place 2: 4.1 calls lately; ann: 3.2 calls lately"),
        ("cy", "was not ready (lunch)"),
        ("dee", "lacked a skill (german: has 1, needs 2)"),
        ("zoe", "was not among the agents of the queue then"),
    ],
)
def test_given_an_agent_when_asked_why_not_then_the_rule_is_told(agent: str, expected: str) -> None:
    assert why_not(agent, "ann", trace()) == expected


def test_given_an_agent_whom_a_large_trace_does_not_name_when_asked_then_that_is_said_rather_than_guessed() -> None:
    assert "names at most fifty" in why_not("zoe", "ann", trace(counts={"free": 900}))


def test_given_the_words_of_the_core_when_compared_then_each_strategy_and_rule_has_some() -> None:
    from acd.words import AgentState

    assert {state.value for state in AgentState if state != "ready"} <= WHY_NOT.keys()
    try:
        from acd.words import Strategy
    except ImportError:
        return
    assert {strategy.value for strategy in Strategy} <= STRATEGIES.keys()


def test_given_a_rule_of_a_later_release_when_told_then_it_is_shown_as_it_is() -> None:
    assert passed({"agent": "ann", "rule": "on_the_moon", "value": ""}) == "ann on_the_moon"


# -- nobody was offered ---


def visit(**changes: Any) -> dict[str, Any]:
    return visit_row(entry(**{"joined_at": T0, "since": T0, "connected_at": T0 + 60, "ended_at": T0 + 90, **changes}))


def rang(since: float, until: float, **changes: Any) -> dict[str, Any]:
    return offer_row(offer(offered_at=T0 + since, bridged_at=None, ended_at=T0 + until, **changes))


@pytest.mark.parametrize(
    ("offers", "expected"),
    [
        ([], [(0, 60)]),
        ([(10, 25)], [(0, 10), (25, 60)]),
        ([(0.2, 15), (15.1, 60)], []),  # deciding takes no time that is worth a word
        ([(10, 30), (12, 20)], [(0, 10), (30, 60)]),  # two phones at once
        ([(10, 30), (20, 59.8)], [(0, 10)]),
    ],
)
def test_given_offers_when_the_time_between_is_looked_for_then_it_is_what_nobody_rang_in(
    offers: list[tuple[float, float]], expected: list[tuple[float, float]]
) -> None:
    found = stretches(visit(), [rang(*each) for each in offers], T0 + 1000)
    assert [(since - T0, until - T0) for since, until in found] == [pytest.approx(each) for each in expected]


def test_given_a_caller_who_still_waits_when_looked_at_then_the_time_until_now_counts() -> None:
    waiting = visit(connected_at=None, ended_at=None, outcome=None)
    assert [*stretches(waiting, [], T0 + 33)] == [(T0, T0 + 33)]


def did(agent: str, state: str, since: float, until: float | None, reason: str = "") -> dict[str, Any]:
    return {"agent": agent, "state": state, "reason": reason, "since": T0 + since, "until": None if until is None else T0 + until}


def gap(*activities: dict[str, Any], members: str = "ann ben", others: Any = ()) -> Unoffered:
    (found,) = unoffered(visit(), [], activities, members.split(), others, T0 + 1000)
    return found


@pytest.mark.parametrize(
    ("activities", "expected"),
    [
        ([did("ann", "talking", -9, None), did("ben", "talking", -9, 99)], "all 2 agents who were there were talking"),
        ([did("ann", "talking", -9, None)], "ann, alone there, was talking"),
        ([], "nobody was logged in (of 2 agents)"),
        ([did("ann", "logged_out", -9, None)], "nobody was logged in (of 2 agents)"),
        (
            [did("ann", "talking", 0, 50), did("ann", "wrap_up", 50, 60), did("ben", "not_ready", 0, None, "lunch")],
            "of 2 agents who were there none was free: 1 talking, 1 not ready (lunch)",
        ),
        ([did("ann", "ready", 10, 40), did("ben", "talking", 0, None)], "ready, but not for this caller: ann for 30 s"),
        ([did("ann", "ready", 10, 10.2), did("ann", "talking", 10.2, 60)], "ann, alone there, was talking"),
    ],
)
def test_given_what_agents_did_when_nobody_was_offered_then_one_sentence_says_why(activities: list[Any], expected: str) -> None:
    assert summary(gap(*activities)) == expected


def test_given_a_queue_that_nobody_serves_when_nobody_was_offered_then_that_is_why() -> None:
    assert summary(gap(members="")) == "nobody serves this queue"


def test_given_what_agents_did_when_told_one_by_one_then_the_longest_comes_first() -> None:
    found = gap(did("ann", "wrap_up", -5, 20), did("ann", "talking", 20, None), members="ann ben")
    assert [*lines(found)] == ["ann: talking 40 s, in wrap-up 20 s", "not logged in: 1 agent"]


def other(id: str, joined: float, over: float | None, **changes: Any) -> dict[str, Any]:
    ended = None if over is None else T0 + over
    since = changes.pop("since", joined)
    return visit_row(entry(id=id, joined_at=T0 + joined, since=T0 + since, connected_at=None, ended_at=ended, **changes))


@pytest.mark.parametrize(
    ("others", "before"),
    [
        ([other("x", -30, 40), other("y", -60, 10)], 2),
        ([other("x", -30, -1)], 0),  # was served before
        ([other("x", 5, 40)], 0),  # came later
        ([other("x", -5, 40, priority=-1)], 0),
        ([other("x", 0, 40, priority=5)], 1),
        ([other("x", 0, 40, since=-100)], 1),  # as old, in all
        ([other("e1", -30, 40)], 0),  # itself
    ],
)
def test_given_others_in_line_when_counted_then_those_who_stood_before(others: list[Any], before: int) -> None:
    assert gap(others=others).before == before


def test_given_a_free_agent_and_others_in_line_when_told_then_they_stood_before() -> None:
    found = gap(did("ann", "ready", 0, 9), others=[other("x", -30, 40)])
    assert summary(found) == "1 caller stood before (ready: ann for 9 s)"


# -- all of it ---


def rows(**contact: Any) -> dict[str, Any]:
    missed = {
        **rang(10, 25, id="o1", agent="ann", outcome="no_answer", ended_by=None, cause="NO_ANSWER", answered_at=None),
        "trace": trace(),
    }
    times = {"ringing_at": T0 + 51, "answered_at": T0 + 59, "bridged_at": T0 + 60, "ended_at": T0 + 90}
    taken = {
        **offer_row(offer("o2", agent="ben", offered_at=T0 + 50, **times)),
        "trace": trace(strategy="longest_idle", candidates=[{"agent": "ben", "idle_since": T0 - 9}]),
    }
    return {"contact": contact_row(call(**contact)), "visits": [visit()], "offers": [missed, taken]}


def gaps() -> list[Unoffered]:
    activities = [did("ann", "talking", 0, 10), did("ann", "not_ready", 25, None, "rna"), did("ben", "talking", -9, 50)]
    return unoffered(visit(), rows()["offers"], activities, ["ann", "ben"], [], T0 + 1000)


def test_given_a_contact_when_explained_then_offers_and_the_times_between_stand_in_their_order() -> None:
    told = [moment.text for moment in explained(rows(ended_at=T0 + 95), gaps())]
    assert told[0].startswith("+4930123 (Ada) called 100") and told[-1].startswith("the call ended")
    assert [text for text in told if not text.startswith(("left queue", "talk with", "the house"))][1:-1] == [
        "joined queue sales",
        "for 10 s nobody was offered this call: all 2 agents who were there were talking",
        "main: menu -> 1 (3.0 s)",
        "offered to ann, queue sales",
        "ann's phone rings",
        "ann: did not answer [NO_ANSWER]",
        "for 25 s nobody was offered this call: of 2 agents who were there none was free: 1 not ready (rna), 1 talking",
        "offered to ben, queue sales",
        "ben's phone rings",
        "ben picked up after 9.0 s",
        "ben and the caller talk (1.00 s after the pick-up)",
    ]


def test_given_an_agent_when_explained_then_each_offer_and_each_time_between_says_why_not() -> None:
    told = [moment.text for moment in of_agent("ben", rows(), gaps(), serves=True)]
    assert told == [
        "for 10 s nobody was offered this call: ben was talking for 10 s",
        "offered to ann: ben could have taken it and stood at place 2: 4.1 calls lately; ann: 3.2 calls lately",
        "for 25 s nobody was offered this call: ben was talking for 25 s",
        "offered to ben: ben was chosen; talk with ben over after 30.0 s, ended by the customer",
    ]


def test_given_an_agent_of_another_queue_when_explained_then_that_is_why() -> None:
    told = [moment.text for moment in of_agent("zoe", rows(), gaps(), serves=False)]
    assert "zoe does not serve this queue" in told[0] and "was not among the agents of the queue then" in told[1]


def test_given_a_running_contact_when_explained_then_what_has_not_ended_is_not_told() -> None:
    running = rows(ended_at=None, ended_by=None)
    running["visits"] = [visit(connected_at=None, ended_at=None, outcome=None)]
    running["offers"] = [{**rang(10, 0), "ended_at": None, "outcome": None, "trace": trace()}]
    told = [moment.text for moment in explained(running, [])]
    assert "offered to ann, queue sales" in told and told[-1] == "ann picked up after 3.5 s"


def test_given_a_contact_when_explained_for_programs_then_traces_and_gaps_are_whole() -> None:
    found = plain(rows(), gaps(), explained(rows(), gaps()), ["x"])
    assert found["offers"][0]["trace"]["candidates"][1]["values"] == {"calls": 4.1}
    assert found["unoffered"][0]["agents"]["ann"] == [{"state": "talking", "reason": "", "seconds": 10.0}]
    assert found["unoffered"][0]["in_words"] == "all 2 agents who were there were talking" and found["configuration_since"] == ["x"]


def test_given_the_story_of_a_call_when_told_then_the_reasons_are_the_same_words() -> None:
    told = tell({**rows(), "activities": [], "messages": []})
    (details,) = [moment.details for moment in told if moment.text == "offered to ann"]
    assert details == tuple(reasons("ann", trace()))


def test_given_a_clock_that_was_set_back_when_told_then_nobody_picked_up_before_they_were_rung() -> None:
    """FAULTS.md F30: durations are never negative."""
    back = offer_row(offer(offered_at=T0 + 10, answered_at=T0 + 4, bridged_at=None)) | {"trace": trace()}
    assert "ann picked up after 0.0 s" in [moment.text for moment in offering({"offers": [back]}, back)]


@pytest.mark.parametrize("outcome", OfferOutcome)
def test_given_any_end_of_an_offer_when_told_then_in_words(outcome: OfferOutcome) -> None:
    assert outcome in ENDED_AS
