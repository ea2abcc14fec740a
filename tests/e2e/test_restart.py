"""The controller is killed (-9) in each phase of a call and started again: nobody lost, nobody rung twice, nothing forgotten.

ACD.md 75. The journal is all that it has, and the switch, which went on without it.
"""

import time
from collections.abc import Callable

import pytest

from .centre import RIGHT_TONE, Plan
from .house import CALLER_TONE, House
from .phones import Phone
from .sipp import Caller
from .switches import MUSIC_TONE, PROMPT_TONE
from .waiting import throughout, until

OpenHouse = Callable[..., House]
LONGEST_SILENCE_S = 2.0


def _die_and_come_back(here: House) -> None:
    here.centre.kill()
    here.centre.start()


def test_given_a_prompt_that_plays_when_the_controller_restarts_then_the_caller_goes_on_to_the_menu_and_is_served(
    house: OpenHouse,
) -> None:
    here = house(Plan(prompt_s=8))
    caller = here.caller("100").must_be_answered()
    began = time.monotonic()
    until("the prompt plays", lambda: caller.ear.hears_tone(PROMPT_TONE, since=began), within_s=8)
    _die_and_come_back(here)
    anna = here.ready_phone("anna")
    caller.press("1")
    _is_served(here, caller, anna)


def test_given_a_caller_asked_for_a_digit_when_the_controller_restarts_then_the_digit_counts(house: OpenHouse) -> None:
    here = house(Plan(prompt_s=1))
    anna = here.ready_phone("anna")
    caller = here.caller("100").must_be_answered()
    until("the menu waits", lambda: _step(here) == "choose", within_s=8)
    _die_and_come_back(here)
    caller.press("1")
    _is_served(here, caller, anna)


def test_given_two_of_four_digits_when_the_controller_restarts_then_the_other_two_complete_them(house: OpenHouse) -> None:
    here = house(Plan(prompt_s=1))
    caller = here.caller("300").must_be_answered()
    until("the question is asked", lambda: _step(here) == "code", within_s=8)
    caller.press("47")
    until("both digits are known", lambda: here.centre.journal_holds('"digits":"47"'), within_s=5)
    _die_and_come_back(here)
    caller.press("11")
    since = time.monotonic()
    until("the caller hears that it is right", lambda: caller.ear.hears_tone(RIGHT_TONE, since=since), within_s=8)
    caller.must_be_ended()


def test_given_three_waiting_callers_when_the_controller_restarts_then_their_order_and_waiting_time_are_kept(
    house: OpenHouse,
) -> None:
    here = house(Plan(ring="30s"))
    here.staffed()
    callers = []
    for number in range(1, 4):
        callers.append(here.caller().must_be_answered())
        until(f"{number} wait", lambda: len(here.centre.callers()) == number, within_s=8)  # noqa: B023
    before, began = here.centre.callers(), time.monotonic()
    _die_and_come_back(here)
    after = here.centre.callers()
    assert [c["call"] for c in after] == [c["call"] for c in before]
    for old, new in zip(before, after, strict=True):
        assert new["waited_s"] >= old["waited_s"]
    for caller in callers:
        until("music goes on", lambda: caller.ear.hears_tone(MUSIC_TONE, since=began), within_s=5)  # noqa: B023
        assert caller.ear.longest_silence_s(begin=began, end=time.monotonic()) < LONGEST_SILENCE_S
    anna = here.ready_phone("anna")
    for caller in callers:
        _is_served(here, caller, anna)


def test_given_a_ringing_phone_when_the_controller_restarts_then_it_rings_on_once_and_its_answer_counts(
    house: OpenHouse,
) -> None:
    here = house(Plan(ring="30s"))
    anna = here.ready_phone("anna")
    caller = here.caller().must_be_answered()
    anna.must_ring()
    _die_and_come_back(here)
    throughout("rung once", lambda: anna.times_rung == 1, for_s=1)
    _is_served(here, caller, anna, rings=0)


def test_given_a_ringing_phone_when_it_is_answered_while_the_controller_is_dead_then_the_two_are_joined_after(
    house: OpenHouse,
) -> None:
    here = house(Plan(ring="30s"))
    anna = here.ready_phone("anna")
    caller = here.caller().must_be_answered()
    anna.must_ring()
    here.centre.kill()
    anna.accept()
    anna.must_talk()
    here.centre.start()
    _talk(caller, anna)
    assert anna.times_rung == 1
    _hangs_up_and_is_recorded(here, caller, anna)


def test_given_an_answer_known_but_no_bridge_when_the_controller_restarts_then_the_two_are_joined(house: OpenHouse) -> None:
    here = house(Plan(ring="30s"), through_proxy=True)
    anna = here.ready_phone("anna")
    caller = here.caller().must_be_answered()
    anna.must_ring()
    assert here.proxy
    here.proxy.keep_back(lambda piece: b"uuid_bridge" in piece)
    anna.accept()
    anna.must_talk()
    until("the answer is known", lambda: any(c["state"] == "connecting" for c in here.centre.callers()), within_s=4)
    here.centre.kill()
    here.proxy.keep_back(None)
    here.centre.start()
    _talk(caller, anna)
    assert anna.times_rung == 1
    _hangs_up_and_is_recorded(here, caller, anna)


def test_given_two_who_talk_when_the_controller_restarts_then_their_talk_is_not_disturbed_and_the_record_is_whole(
    house: OpenHouse,
) -> None:
    here = house()
    anna = here.ready_phone("anna")
    caller = here.caller().must_be_answered()
    anna.must_ring()
    anna.accept()
    _talk(caller, anna)
    began = time.monotonic()
    _die_and_come_back(here)
    here.centre.must_become("anna", "talking")
    assert caller.ear.longest_silence_s(begin=began, end=time.monotonic()) < 0.3
    assert anna.hears_tone(CALLER_TONE, last_s=1, blocks=8)
    assert caller.ear.hears_tone(anna.tone, since=began, blocks=int((time.monotonic() - began) * 10) - 3)
    _hangs_up_and_is_recorded(here, caller, anna)


def test_given_two_who_talk_when_they_hang_up_while_the_controller_is_dead_then_the_record_says_so_and_wrap_up_follows(
    house: OpenHouse,
) -> None:
    here = house(Plan(wrap_up="5s"))
    anna = here.ready_phone("anna")
    caller = here.caller().must_be_answered()
    anna.must_ring()
    anna.accept()
    _talk(caller, anna)
    here.centre.kill()
    caller.hang_up()
    anna.must_be_released()
    here.centre.start()
    story = here.centre.story(caller.number)
    assert story["visits"][0]["outcome"] == "answered" and story["offers"][0]["bridged_at"]
    here.centre.must_become("anna", "ready", within_s=12)


def test_given_an_agent_in_wrap_up_when_the_controller_restarts_then_it_ends_when_it_would_have(house: OpenHouse) -> None:
    here = house(Plan(wrap_up="9s"))
    anna = here.ready_phone("anna")
    caller = here.caller().must_be_answered()
    anna.must_ring()
    anna.accept()
    _talk(caller, anna)
    caller.hang_up()
    here.centre.must_become("anna", "wrap_up")
    began = time.monotonic() - here.centre.agent("anna")["for_s"]
    _die_and_come_back(here)
    assert here.centre.agent_state("anna") == "wrap_up"
    here.centre.must_become("anna", "ready", within_s=12)
    assert time.monotonic() - began == pytest.approx(9, abs=1.5)


def test_given_agents_in_several_states_when_the_controller_restarts_then_each_has_theirs(house: OpenHouse) -> None:
    here = house(Plan(agents={"anna": "1001", "ben": "1002", "cleo": "1003"}))
    here.ready_phone("anna")
    here.phone("ben")
    here.centre.wish("ben", "ready")
    here.centre.wish("ben", "not-ready", "lunch")
    before = {id: here.centre.agent(id)["since"] for id in here.plan.agents}
    _die_and_come_back(here)
    states = {id: here.centre.agent_state(id) for id in here.plan.agents}
    assert states == {"anna": "ready", "ben": "not_ready lunch", "cleo": "logged_out"}
    assert {id: here.centre.agent(id)["since"] for id in here.plan.agents} == before


def test_given_a_running_call_when_the_controller_is_stopped_and_started_then_the_call_stays_up(house: OpenHouse) -> None:
    here = house()
    anna = here.ready_phone("anna")
    caller = here.caller().must_be_answered()
    anna.must_ring()
    anna.accept()
    _talk(caller, anna)
    began = time.monotonic()
    assert here.centre.stop() == 0
    throughout("the call stays up", lambda: caller.is_connected, for_s=1)
    here.centre.start()
    assert caller.ear.longest_silence_s(begin=began, end=time.monotonic()) < 0.3
    _hangs_up_and_is_recorded(here, caller, anna)


def _step(here: House) -> str:
    calls = here.centre.state()["calls"]
    return str(calls[0]["step"]) if calls else ""


def _is_served(here: House, caller: Caller, phone: Phone, *, rings: int = 1) -> None:
    """The phone rings (once more) for this caller, they talk, the caller hangs up, and all of it is recorded."""
    if rings:
        rung = phone.times_talked + 1
        phone.must_ring(count=rung, within_s=12)
    phone.accept()
    _talk(caller, phone)
    _hangs_up_and_is_recorded(here, caller, phone)


def _talk(caller: Caller, phone: Phone) -> None:
    since = time.monotonic()
    until("the caller hears the agent", lambda: caller.ear.hears_tone(phone.tone, since=since, blocks=8), within_s=12)
    until("the agent hears the caller", lambda: phone.hears_tone(CALLER_TONE, last_s=1.5, blocks=8), within_s=8)


def _hangs_up_and_is_recorded(here: House, caller: Caller, phone: Phone) -> None:
    talked = phone.times_talked
    caller.hang_up()
    phone.must_be_released(count=talked)
    story = here.centre.story(caller.number)
    (visit,), offers = story["visits"], story["offers"]
    assert visit["outcome"] == "answered" and visit["talk_s"] > 0.5 and visit["ended_at"]
    assert [offer["outcome"] for offer in offers] == ["answered"], offers
    assert story["contact"]["ended_by"] == "customer" and story["contact"]["duration_s"] > visit["talk_s"]
    done = ("ready", "offered")  # the next caller may be there already
    until("the agent is free again", lambda: here.centre.agent_state("anna") in done, within_s=15)
