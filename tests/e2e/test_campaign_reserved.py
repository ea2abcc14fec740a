"""A number that was abandoned, under a law that lets only an agent who is reserved for it dial it again (ACD.md 92)."""

import json
import time
from dataclasses import replace
from typing import Any

from .house import House
from .people import Does, People, numbers_by_day
from .test_campaign import PERSON_TONE, OpenHouse, attempts, campaign, dialer, plan
from .waiting import until

(NUMBER,) = numbers_by_day("uk")[:1]


def lists(here: House) -> None:
    """One lead, in two lists: each campaign has one of them."""
    file, public = here.stage.directory / "leads.csv", here.stage.directory / "public.txt"
    file.write_text(f"number,name\n{NUMBER},Customer\n")
    public.write_text("+447700900123\n")
    dialer(here, "dnc", "import", str(public), "--scope", "national:uk", "--dated", time.strftime("%Y-%m-%d"))
    for name in ("spring", "summer", "own"):
        dialer(here, "leads", "import", name, str(file))


def of_law() -> Any:
    rules = {"queue": "sales", "law": "uk", "abandon": {"message": "sorry"}, "opt_out": "9", "caller_id": "+12125550100"}
    spring = {"mode": "progressive", "lists": ["spring"], **rules}
    summer = {"mode": "ratio", "ratio": "2", "lists": ["summer"], **rules}
    own = {"mode": "manual", "lists": ["own"], **rules}
    given = plan()
    trunks = {"carrier": {"prefixes": [NUMBER[:3]], "caller_id": "+12125550100"}}
    return replace(given, trunks=trunks, settings={**given.settings, "campaigns": {"spring": spring, "summer": summer, "own": own}})


def test_row_92_given_a_person_who_was_abandoned_when_dialled_again_then_by_an_agent_reserved_for_them_and_by_no_ratio(
    house: OpenHouse,
) -> None:
    here = house(of_law())
    lists(here)
    people = People(here.carrier("carrier", tone=PERSON_TONE), lambda number: Does(after_s=3, talks_s=8)).begin()
    here.stage.keep(people)
    anna = here.ready_phone("anna")
    dialer(here, "start", "spring")
    until("it rings", lambda: people.dialled, within_s=10)
    here.centre.wish("anna", "not-ready", "lunch")
    until("the ledger has it", lambda: campaign(here)["ledger"][0]["abandoned"] == 1, within_s=15)
    until("its end is stored", lambda: [each for each in attempts(here) if each["outcome"] == "dialer_abandon"], within_s=20)
    here.centre.wish("anna", "ready")
    dialer(here, "start", "summer")
    why = until("it is set aside", lambda: _held(here, "reserved"), within_s=15, seen=lambda: dialer(here, "why", "summer"))
    assert why == 1 and len(people.dialled) == 1
    dialer(here, "start", "own")
    dialer(here, "call", "anna", NUMBER, "--campaign", "own")
    anna.must_ring(within_s=15)
    anna.accept()
    until("anna hears the person", lambda: anna.hears_tone(PERSON_TONE), within_s=10)
    assert people.dialled == [NUMBER, NUMBER]
    ended = until("its end is stored", lambda: _own(here), within_s=20) or []
    assert [(row["outcome"], row["agent"]) for row in ended] == [("talked", "anna")]


def _held(here: House, by: str) -> int:
    found = here.centre.ask("GET", "/v1/campaigns/summer/why")
    return next((int(each["leads"]) for each in found["leads"] if each["by"] == by), 0)


def _own(here: House) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(dialer(here, "attempts", "--campaign", "own", "--json"))
    return [row for row in rows if row["outcome"]]
