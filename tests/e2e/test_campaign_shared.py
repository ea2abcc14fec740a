"""Campaigns that share their agents, with each other and with those who call us, with real calls (ACD.md 37)."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from .centre import Plan
from .house import House
from .people import Does, People
from .test_agents import NAIL_UP
from .test_campaign import HELLO, NUMBERS, PERSON_TONE, OpenHouse, dialer, plan
from .test_campaign_killed import NEVER
from .waiting import throughout, until

PHONES = {"anna": "1001", "ben": "1002", "cleo": "1003"}
SKILLS = {"anna": {"french": "2", "german": "1"}, "ben": {"french": "2", "german": "1"}, "cleo": {"french": "2"}}
AGENTS = {id: {"name": id.title(), "phone": phone, "queues": ["sales"], "skills": SKILLS[id]} for id, phone in PHONES.items()}


def rules(name: str, **more: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"mode": "progressive", "law": "us", "lists": [name], "abandon": {"message": "sorry"}, "opt_out": "9"}
    return given | {"retries": NEVER} | more


def shared(**campaigns: dict[str, Any]) -> Plan:
    given = plan()
    queues = {"sales": {**given.settings["queues"]["sales"], "wrap_up": "2s", "requires": {"german": "1"}}}
    settings = {**given.settings, "agents": AGENTS, "queues": queues, "campaigns": campaigns}
    return replace(given, agents=PHONES, flows={**given.flows, "nail_up": NAIL_UP}, codes={"*85": "nail_up"}, settings=settings)


def opened(house: OpenHouse, given: Plan, does: Callable[[str], Does], **lists: list[str]) -> tuple[House, People]:
    here = house(given)
    public = here.stage.directory / "public.txt"
    public.write_text("+12025550199\n")
    dialer(here, "dnc", "import", str(public), "--scope", "national:us", "--dated", time.strftime("%Y-%m-%d"))
    for name, numbers in lists.items():
        file = here.stage.directory / f"{name}.csv"
        file.write_text("number\n" + "".join(f"{number}\n" for number in numbers))
        dialer(here, "leads", "import", name, str(file))
    people = People(here.carrier("carrier", tone=PERSON_TONE), does).begin()
    here.stage.keep(people)
    return here, people


def nailed_up(here: House, *agents: str) -> None:
    """An agent to whom people are put through at once, as campaigns want it."""
    for agent in agents:
        phone = here.phone(agent)
        here.centre.wish(agent, "log-in")
        phone.dial("*85")
        until(f"the line of {agent} stands", lambda agent=agent: here.centre.agent(agent)["nailed_up"], within_s=10)  # type: ignore[misc]
    here.ready(*agents)


def outcomes(here: House) -> dict[str, str]:
    rows = json.loads(dialer(here, "attempts", "--limit", "50", "--json"))
    return {row["number"]: row["outcome"] for row in rows if row["outcome"] not in (None, "returned")}


def seen(here: House, campaign: str) -> dict[str, Any]:
    found: dict[str, Any] = here.centre.ask("GET", f"/v1/campaigns/{campaign}")
    return found


@pytest.mark.timeout(240)
def test_row_37_given_two_campaigns_for_the_same_agents_when_they_are_free_then_the_higher_has_them_first_and_the_lower_what_it_leaves(
    house: OpenHouse,
) -> None:
    """The lower asks for skills in place of a queue, and was started first."""
    given = shared(autumn=rules("autumn", requires={"french": "2"}), spring=rules("spring", queue="sales", priority="5"))
    first, rest = NUMBERS[:2], NUMBERS[2:5]
    here, people = opened(house, given, lambda number: Does(talks_s=5 if number in first else 2), spring=first, autumn=rest)
    for name in ("autumn", "spring"):
        dialer(here, "start", name)
    nailed_up(here, "anna", "ben")
    until("the higher one has both", lambda: len(people.dialled) == 2, within_s=15)
    until(
        "the lower one says where they are",
        lambda: "agents go to campaign spring of higher priority" in seen(here, "autumn")["binds"],
        within_s=5,
        seen=lambda: (seen(here, "autumn"), seen(here, "spring")),
    )
    talked = dict.fromkeys([*first, *rest], "talked")
    until("all have talked", lambda: outcomes(here) == talked, within_s=60, seen=lambda: outcomes(here))
    assert sorted(people.dialled[:2]) == sorted(first) and sorted(people.dialled[2:]) == sorted(rest)
    assert {name: seen(here, name)["ledger"][0]["abandoned"] for name in ("spring", "autumn")} == {"spring": 0, "autumn": 0}
    queues = {each["queue"] for each in here.centre.state()["queues"]}
    assert queues == {"sales", "autumn"}, "which it has brought"


@pytest.mark.timeout(240)
def test_row_37_given_a_campaign_when_callers_come_in_a_burst_then_they_are_served_first_and_it_goes_on_afterwards(
    house: OpenHouse,
) -> None:
    """The callers stand in another queue than who is dialled. Cleo, who comes meanwhile, cannot take them, and is kept all the same."""
    given = shared(spring=rules("spring", requires={"french": "2"}, blend={"waiting_over": "0"}))
    numbers = NUMBERS[:6]
    here, people = opened(house, given, lambda number: Does(talks_s=8), spring=numbers)
    nailed_up(here, "anna", "ben")
    dialer(here, "start", "spring")
    until("both talk", lambda: seen(here, "spring")["calls"]["talking"] == 2, within_s=20)
    callers = [here.caller().must_be_answered() for _ in range(3)]
    until("three wait", lambda: len(here.centre.callers()) == 3, within_s=10)
    told = dialer(here, "why", "spring")
    assert "agents are kept for inbound: 3 callers wait in sales, and it stands back above 0" in told, told
    nailed_up(here, "cleo")
    throughout("nobody is dialled for her while they wait", lambda: len(people.dialled) == 2 and here.centre.callers(), for_s=2)
    until("two callers are served", lambda: len(here.centre.callers()) == 1, within_s=20, seen=lambda: here.centre.state()["agents"])
    assert len(people.dialled) == 2
    for caller in callers[:2]:
        caller.hang_up()
    until("all callers are served", lambda: not here.centre.callers(), within_s=15)
    until("it goes on beside the last of them", lambda: len(people.dialled) > 2, within_s=15, seen=lambda: seen(here, "spring"))
    callers[2].hang_up()
    until("every lead has talked", lambda: outcomes(here) == dict.fromkeys(numbers, "talked"), within_s=90, seen=lambda: outcomes(here))
    assert seen(here, "spring")["ledger"][0]["abandoned"] == 0 and sorted(people.dialled) == sorted(numbers)
    for caller in callers:
        (visit,) = here.centre.story(caller.number)["visits"]
        assert (visit["queue"], visit["outcome"]) == ("sales", "answered"), visit


@pytest.mark.timeout(180)
def test_given_two_campaigns_on_one_trunk_when_it_takes_two_calls_then_never_more_and_no_lead_pays_for_it(house: OpenHouse) -> None:
    says = {"mode": "message", "law": "us", "script": "hello", "opt_out": "9", "lines": "4", "retries": NEVER}
    given = shared(spring=says | {"lists": ["spring"], "priority": "5"}, autumn=says | {"lists": ["autumn"]})
    trunks = {"carrier": {**given.trunks["carrier"], "at_once": "2"}}
    given = replace(given, flows={**given.flows, "hello": HELLO}, trunks=trunks)
    here, people = opened(house, given, lambda number: Does(talks_s=30), spring=NUMBERS[:3], autumn=NUMBERS[3:6])
    for name in ("autumn", "spring"):
        dialer(here, "start", name)
    until("the trunk is what binds", lambda: "on its trunks" in dialer(here, "why", "spring"), within_s=10)
    done = dict.fromkeys(NUMBERS[:6], "done")
    until("everybody was told", lambda: outcomes(here) == done, within_s=60, seen=lambda: dialer(here, "why", "spring"))
    rows = json.loads(dialer(here, "attempts", "--limit", "50", "--json"))
    at_once = [sum(row["at"] <= other["at"] < row["ended_at"] for row in rows) for other in rows]
    assert len(rows) == 6 and max(at_once) == 2, [(r["campaign"], r["outcome"], r["cause"]) for r in rows if r["outcome"] != "done"]
    assert set(people.dialled[2:4]) < set(NUMBERS[:3]), "the higher one has the first lines that are free"
