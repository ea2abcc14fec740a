"""What a change means for callers and agents, in sentences (the fifteen things, 13)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from acd.core.matching.routing_policy import Membership, Relax
from acd.core.outside.outbound_policy import OutboundPolicy, Way
from acd.core.policy import AgentPolicy, Policy, QueuePolicy
from acd.ivr.calendar import Calendar
from acd.plan.compare import compare
from acd.plan.effects import effects
from acd.plan.house import House, People
from acd.plan.oddities import DAYS
from acd.words import AgentId, PhoneId, QueueId, Strategy

SALES, SUPPORT = QueueId("sales"), QueueId("support")


def agent(id: str, queues: tuple[QueueId, ...] = (SALES,), tier: int = 1, **skills: int) -> AgentPolicy:
    memberships = {queue: Membership(tier=tier) for queue in queues}
    return AgentPolicy(id=AgentId(id), name=id.title(), phone=PhoneId(id), queues=queues, skills=skills, memberships=memberships)


def house(*agents: AgentPolicy, calendars: Mapping[str, Calendar] | None = None, numbers: Any = (), **rules: Any) -> House:
    queues = {SALES: QueuePolicy(id=SALES, **rules), SUPPORT: QueuePolicy(id=SUPPORT)}
    policy = Policy(queues=queues, agents={each.id: each for each in agents}, numbers=dict(numbers))
    return House(policy=policy, calendars=calendars or {})


def said(old: House, new: House, people: People | None = None) -> list[str]:
    plan = compare(old, new, people)
    return [*plan.people, *plan.warnings]


def test_given_an_agent_who_gets_another_queue_when_planned_then_it_is_told() -> None:
    assert said(house(agent("ann")), house(agent("ann", (SALES, SUPPORT)))) == ["agent ann (Ann) will serve support"]


def test_given_a_queue_that_asks_for_a_skill_when_planned_then_who_may_take_its_callers_no_more_is_told_with_the_reason() -> None:
    both = agent("ann", german=2), agent("ben", german=1)
    assert said(house(*both), house(*both, requires={"german": 2})) == [
        "queue sales: ben (german: has 1, needs 2) may take its callers no more"
    ]
    assert said(house(*both, requires={"german": 2}), house(*both)) == ["queue sales: ben may take its callers now"]


def test_given_a_skill_that_is_learnt_when_planned_then_the_agent_may_take_more() -> None:
    asks: dict[str, Any] = {"requires": {"german": 2}}
    assert said(house(agent("ann", german=1), **asks), house(agent("ann", german=3), **asks)) == [
        "queue sales: ann may take its callers now"
    ]


def test_given_a_requirement_that_relaxes_when_planned_then_it_is_told_after_how_long() -> None:
    relaxed: dict[str, Any] = {"requires": {"german": 2}, "relax": (Relax(after_s=30.0, requires={"german": 1}),)}
    assert said(house(agent("ann", german=1)), house(agent("ann", german=1), **relaxed)) == [
        "queue sales: ann (german: has 1, needs 2, until they have waited 30 s) may not take its callers at once any more"
    ]


def test_given_another_strategy_when_planned_then_it_is_told_in_words() -> None:
    found = said(house(agent("ann")), house(agent("ann"), strategy=Strategy.FEWEST_CALLS))
    assert found == ["queue sales: agents are chosen by fewest calls instead of longest idle, from the next offer on"]


def test_given_another_priority_with_callers_in_line_when_planned_then_they_keep_their_places() -> None:
    found = said(house(agent("ann")), house(agent("ann"), priority=5, weight=2), People(waiting={SALES: 3}))
    assert "queue sales: priority 0 -> 5 for who joins; the 3 callers in line keep theirs" in found
    assert "queue sales: weight 0 -> 2, also for the 3 callers in line" in found
    later = "queue sales: before its callers are served"
    assert not [line for line in found if line.startswith(later)], "of one priority, nobody is overtaken"
    assert not [line for line in said(house(agent("ann")), house(agent("ann"), priority=5)) if "for who joins" in line]


def test_given_agents_moved_to_another_tier_when_planned_then_it_is_told_when_they_are_asked() -> None:
    old = house(agent("ann"), agent("ben"), tiers={2: 45.0})
    new = house(agent("ann"), agent("ben", tier=2), tiers={2: 45.0})
    assert said(old, new) == ["queue sales: ben will be asked once a caller has waited 45 s, in tier 2"]
    assert said(new, old) == ["queue sales: ben will be asked at once, in tier 1"]


@pytest.mark.parametrize(
    ("skills", "needs", "expected"),
    [
        ({"french": 1}, {(("french", 2),): 2, (): 5}, ["2 callers in line for sales need french 2, which nobody there will have"]),
        ({"french": 1}, {(("french", 2),): 1}, ["1 caller in line for sales needs french 2, which nobody there will have"]),
        ({"french": 2}, {(("french", 2),): 2}, []),
        ({"french": 1}, {(("dutch", 1),): 2}, []),  # nobody could take them before either
    ],
)
def test_given_callers_with_needs_of_their_own_when_planned_then_who_is_left_alone_is_warned_of(
    skills: dict[str, int], needs: Any, expected: list[str]
) -> None:
    found = compare(house(agent("ann", french=3)), house(agent("ann", **skills)), People(needs={SALES: needs}))
    assert [*found.warnings] == expected


WEEK = ((9 * 60, 17 * 60),)


def calendar(*weekly: Any) -> Calendar:
    return Calendar(zone="UTC", weekly=tuple(weekly))


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (calendar(*[WEEK] * 5, (), ()), []),
        (calendar(((540, 750), (755, 1020)), *[WEEK] * 4, (), ()), ["calendar office is closed from 12:30 to 12:35 on mondays"]),
        (calendar(((540, 720), (780, 1020)), *[WEEK] * 4, (), ()), []),  # an hour is lunch
        (calendar(*[WEEK] * 4, (), (), ()), ["calendar office is closed all friday now"]),
        (calendar(*[()] * 7), [*(f"calendar office is closed all {day} now" for day in DAYS[:5]),
                               "calendar office is never open but on its exceptions"]),
    ],
)  # fmt: skip
def test_given_changed_hours_when_planned_then_holes_are_warned_of(new: Calendar, expected: list[str]) -> None:
    old = calendar(*[WEEK] * 5, (), ())
    assert said(house(calendars={"office": old}), house(calendars={"office": new})) == expected


def test_given_hours_that_have_not_changed_when_planned_then_nothing_is_said_of_them() -> None:
    odd = {"office": calendar(((540, 750), (755, 1020)), *[()] * 6)}
    assert said(house(calendars=odd), house(calendars=odd)) == []


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("+4930123456", []),
        ("+1555", ["number -> main: +1555 is too short or too long for its country"]),
        ("+999123456", ["number -> main: +999123456 has no country that there is"]),
        ("100", []),
        ("*", []),
    ],
)
def test_given_a_new_number_when_planned_then_one_that_cannot_exist_is_warned_of(number: str, expected: list[str]) -> None:
    new = house(numbers={number: "main"})
    assert said(house(), new) == expected
    assert said(new, new) == []


def test_given_a_trunk_that_shows_no_number_when_planned_then_it_is_warned_of() -> None:
    new = house()
    policy = replace(new.policy, outbound=OutboundPolicy(ways=(Way(trunk="provider", prefixes=("+49",), caller_id="+49"),)))
    (warned,) = said(new, replace(new, policy=policy))
    assert warned.startswith("caller_id of trunk provider: +49 ")


def test_row_31_given_priorities_that_change_when_planned_then_it_is_told_for_how_long_callers_may_be_overtaken() -> None:
    both = agent("ann", (SALES, SUPPORT))
    vip = QueuePolicy(id=SUPPORT, priority=3, ageing_s=60.0)
    old = house(both)
    new = replace(old, policy=replace(old.policy, queues={**old.policy.queues, SUPPORT: vip}))
    nobody, three = "nobody who joins after them", "at most those who join within 3 min after them"
    assert f"queue sales: before its callers are served {three}; until now {nobody}" in said(old, new)
    apart = replace(new, policy=replace(new.policy, agents={AgentId("ann"): agent("ann"), AgentId("ben"): agent("ben", (SUPPORT,))}))
    assert f"queue sales: before its callers are served {nobody}; until now {three}" in said(new, apart)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            {},
            {"two": {"address": "a:1"}},
            ["trunk two is new: the switches are asked to look for it; a FreeSWITCH must have it in its files"],
        ),
        (
            {"two": {"address": "a:1"}},
            {"two": {"address": "a:2"}},
            ["trunk two is somewhere else: the switches are asked to look for it"],
        ),
        ({"two": {"address": "a:1"}}, {"two": {"address": "a:1", "at_once": "3"}}, []),
    ],
)
def test_given_trunks_that_change_when_planned_then_what_a_switch_must_know_is_told(
    before: dict[str, Any], after: dict[str, Any], told: list[str]
) -> None:
    old, new = (House(policy=Policy(), written={"trunks": trunks}) for trunks in (before, after))
    found = [line for line in effects(old, new, People()) if line.startswith("trunk")]
    assert len(found) == len(told) and all(line.startswith(start) for line, start in zip(found, told, strict=True))
