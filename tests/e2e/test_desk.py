"""ACD.md 24: an agent's desk dies while its phone is alive and talks; nobody on the line notices. And it comes back."""

import sys
import time
from collections.abc import Callable

from .centre import Plan
from .house import CALLER_TONE, TONES, House
from .phones import Phone
from .processes import Program
from .sipp import Caller
from .switches import ROOT
from .waiting import throughout, until

OpenHouse = Callable[..., House]
LEASE_S = 5


def _desk(here: House, agent: str) -> Program:
    centre = here.centre
    name = f"desk-{sum(program.name.startswith('desk') for program in here.stage.programs) + 1}"
    argv = [sys.executable, "-m", "acd", "desk", agent, "--home", str(centre.home)]
    program = here.stage.start(name, argv, env={"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"})
    until("the house knows the desk", lambda: centre.agent(agent)["desk"] == "open", within_s=15, seen=program.tail)
    return program


def _hear_each_other(caller: Caller, anna: Phone) -> None:
    since = time.monotonic()
    until("the caller hears Anna", lambda: caller.ear.hears_tone(TONES["anna"], since=since, blocks=8), within_s=10)
    until("Anna hears the caller", lambda: anna.hears_tone(CALLER_TONE, last_s=2), within_s=10)


def test_row_24_given_a_desk_that_is_killed_in_a_talk_when_the_lease_is_over_then_the_talk_goes_on_and_not_ready_after_it(
    house: OpenHouse,
) -> None:
    here = house(Plan(settings={"desk": {"lease": f"{LEASE_S}s"}}))
    centre = here.centre
    anna = here.ready_phone("anna")
    desk = _desk(here, "anna")
    caller = here.caller().must_be_answered()
    anna.must_ring()
    until("the desk shows who rings", lambda: f"offered: {caller.number} " in desk.log, within_s=10, seen=desk.tail)
    anna.accept()
    centre.must_become("anna", "talking")
    until("the desk shows the talk", lambda: f"talking: {caller.number} " in desk.log, within_s=10, seen=desk.tail)

    desk.kill()
    until("the house misses the desk", lambda: centre.agent("anna")["desk"] == "lost", within_s=3 * LEASE_S)
    assert centre.agent_state("anna") == "talking"
    assert (centre.agent("anna")["pending"], centre.agent("anna")["pending_reason"]) == ("not_ready", "desk_lost")
    _hear_each_other(caller, anna)
    caller.hang_up()
    anna.must_be_released()
    centre.must_become("anna", "not_ready desk_lost")

    rung = anna.times_rung
    second = here.caller().must_be_answered()
    until("the second caller waits", lambda: len(centre.callers()) == 1)
    throughout("nobody is rung", lambda: anna.times_rung == rung and centre.callers()[0]["rings"] is None, for_s=3)

    again = _desk(here, "anna")
    anna.must_ring(count=2)
    anna.accept()
    centre.must_become("anna", "talking")
    _hear_each_other(second, anna)
    second.hang_up()
    centre.must_become("anna", "ready")
    (offer,) = centre.story(second.number)["offers"]
    assert (offer["agent"], offer["outcome"]) == ("anna", "answered")

    again.interrupt()
    assert "goodbye; anna is still logged in (ready)" in again.log, again.tail()
    throughout("she goes on by phone alone", lambda: centre.agent_state("anna") == "ready", for_s=LEASE_S + 1)
    assert centre.agent("anna")["desk"] is None


def test_row_75_given_a_desk_when_the_controller_is_away_longer_than_the_lease_then_it_finds_back_and_nobody_is_lost(
    house: OpenHouse,
) -> None:
    here = house(Plan(settings={"desk": {"lease": f"{LEASE_S}s"}}))
    centre = here.centre
    here.ready_phone("anna")
    desk = _desk(here, "anna")
    centre.kill()
    until("the desk notices", lambda: "no word from the controller" in desk.log, within_s=15, seen=desk.tail)
    away_from = time.monotonic()
    until("the lease would be over", lambda: time.monotonic() - away_from > LEASE_S + 1, within_s=LEASE_S + 5)
    centre.start()
    assert centre.agent_state("anna") == "ready"
    there = ("ready", "open")
    throughout("she stays ready", lambda: (centre.agent_state("anna"), centre.agent("anna")["desk"]) == there, for_s=LEASE_S + 2)
    assert desk.is_up
