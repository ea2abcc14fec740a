"""Two controllers, one switch: exactly one acts, the other takes over when it must, and who comes back does nothing (ACD.md 83).

FAULTS.md F35 (stopped for longer than the lease), F47 (SIGTERM), and the crash that the second need not wait out.
"""

import os
import shutil
import signal
import time
from collections.abc import Callable

import pytest

from .centre import Centre, Plan
from .house import CALLER_TONE, House
from .phones import Phone
from .sipp import Caller
from .waiting import throughout, until

OpenHouse = Callable[..., House]
LEASE_S = 4.0
LOST = 75
PLAN = Plan(ring="30s", settings={"lease": "4s"})


def second(here: House, *, same_home: bool) -> Centre:
    """Stands by, in the first one's home or in one of its own (which knows the phones' passwords)."""
    home = here.centre.home if same_home else None
    other = Centre(here.stage, here.switch, here.plan, name="second", home=home, options=("--standby",) if same_home else ())
    if not same_home:
        shutil.copyfile(here.centre.home / "secrets.yaml", other.home / "secrets.yaml")
    program = other.launch()
    until("the second stands by", lambda: "STANDING BY" in program.log, within_s=40, seen=program.tail)
    return other


def takes_over(other: Centre, *, within_s: float) -> None:
    assert other.program
    until("the second has the house", lambda: "is running" in (other.program.log if other.program else ""), within_s=within_s)
    until("the second reaches the switch", other.is_working, within_s=20, seen=other.program.tail)


def talk(caller: Caller, phone: Phone) -> None:
    since = time.monotonic()
    until("the caller hears the agent", lambda: caller.ear.hears_tone(phone.tone, since=since, blocks=8), within_s=12)
    until("the agent hears the caller", lambda: phone.hears_tone(CALLER_TONE, last_s=1.5, blocks=8), within_s=8)


@pytest.mark.parametrize("same_home", [True, False], ids=["same home", "another home"])
def test_given_an_owner_that_is_stopped_for_longer_than_the_lease_when_it_comes_back_then_the_other_serves_and_it_does_nothing(
    house: OpenHouse, same_home: bool
) -> None:
    """FAULTS.md F35: the caller who waited for the first is served by the second, once; W1, W2."""
    here = house(PLAN, through_proxy=True)
    anna = here.phone("anna")
    here.staffed()
    caller = here.caller().must_be_answered()
    until("the caller waits", lambda: len(here.centre.callers()) == 1, within_s=8)
    other = second(here, same_home=same_home)
    first = here.centre.program
    assert first and here.proxy
    os.kill(first.pid, signal.SIGSTOP)
    stopped_at = time.monotonic()
    takes_over(other, within_s=60)
    assert time.monotonic() - stopped_at > LEASE_S - 0.5
    until("the caller waits there too", lambda: len(other.callers()) == 1, within_s=10)
    other.wish("anna", "log-in")
    other.wish("anna", "ready")
    anna.must_ring(within_s=12)
    resumed_at = time.monotonic()
    os.kill(first.pid, signal.SIGCONT)
    until("the first has ended", lambda: not first.is_up, within_s=10, seen=first.tail)
    assert first.exit_code == LOST and first.log.count("NOT THE OWNER ANY MORE") == 1
    said = b"".join(piece for at, piece in here.proxy.asked if at >= resumed_at)
    assert [line for line in said.splitlines() if line.strip() and b"acd_owner" not in line and line != b"api status"] == []
    anna.accept()
    talk(caller, anna)
    assert anna.times_rung == 1
    caller.hang_up()
    anna.must_be_released()
    story = other.story(caller.number)
    assert [visit["outcome"] for visit in story["visits"]] == ["answered"]
    assert [offer["outcome"] for offer in story["offers"]] == ["answered"]


def test_given_an_owner_that_is_killed_when_another_stands_by_in_its_home_then_it_does_not_wait_for_the_lease_and_the_talk_goes_on(
    house: OpenHouse,
) -> None:
    here = house(Plan(ring="30s", settings={"lease": "60s"}))
    anna = here.ready_phone("anna")
    caller = here.caller().must_be_answered()
    anna.must_ring()
    anna.accept()
    talk(caller, anna)
    other = second(here, same_home=True)
    here.centre.kill()
    takes_over(other, within_s=40)
    talk(caller, anna)
    other.must_become("anna", "talking")
    caller.hang_up()
    anna.must_be_released()
    assert [offer["outcome"] for offer in other.story(caller.number)["offers"]] == ["answered"]


def test_given_an_owner_that_is_killed_and_started_again_when_the_lease_is_long_then_it_does_not_wait_for_it(house: OpenHouse) -> None:
    here = house(Plan(settings={"lease": "5m"}))
    here.centre.kill()
    here.centre.start(within_s=40)


def test_given_an_owner_that_is_told_to_end_when_another_stands_by_then_it_takes_over_at_once_and_the_talk_goes_on(
    house: OpenHouse,
) -> None:
    """FAULTS.md F47."""
    here = house(Plan(ring="30s", settings={"lease": "60s"}))
    anna = here.ready_phone("anna")
    caller = here.caller().must_be_answered()
    anna.must_ring()
    anna.accept()
    talk(caller, anna)
    other = second(here, same_home=True)
    assert here.centre.stop() == 0
    takes_over(other, within_s=40)
    throughout("the call stays up", lambda: caller.is_connected, for_s=1)
    other.must_become("anna", "talking")
    caller.hang_up()
    anna.must_be_released()
    assert [visit["outcome"] for visit in other.story(caller.number)["visits"]] == ["answered"]
