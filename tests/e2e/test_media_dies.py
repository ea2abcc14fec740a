"""ACD.md row 8: somebody's media stops, and no BYE ever comes. The switch finds it out, the house does what is right."""

from collections.abc import Callable

from .centre import Plan
from .house import CALLER_TONE, House
from .sipp import Caller, ScriptedPhone
from .waiting import throughout, until

OpenHouse = Callable[..., House]
SILENCE_S = 4
"""Whole seconds, as FreeSWITCH has them; more than a phone that has just answered needs to begin."""


def test_row_8_given_a_talk_when_the_callers_media_dies_then_the_call_ends_and_the_agent_is_freed(house: OpenHouse) -> None:
    here = house(Plan(wrap_up="2s"), silence_s=SILENCE_S)
    anna = here.ready_phone("anna")
    caller = here.caller().must_be_answered()
    anna.must_ring()
    anna.accept()
    here.centre.must_become("anna", "talking")
    until("anna hears the caller", lambda: anna.hears_tone(CALLER_TONE), within_s=8)
    caller.ear.fall_silent()
    caller.must_be_ended(within_s=SILENCE_S + 6)
    anna.must_be_released()
    story = here.centre.story(caller.number)
    assert (story["contact"]["cause"], story["contact"]["ended_by"]) == ("MEDIA_TIMEOUT", "customer")
    (visit,), (offer,) = story["visits"], story["offers"]
    assert (visit["outcome"], offer["outcome"], offer["ended_by"]) == ("answered", "answered", "customer")
    here.centre.must_become("anna", "ready")
    assert here.centre.agent("anna")["missed"] == 0


def test_row_8_given_a_waiting_caller_when_their_media_dies_then_the_visit_is_abandoned_and_nobody_is_rung(
    house: OpenHouse,
) -> None:
    here = house(silence_s=SILENCE_S)
    anna = here.phone("anna")
    here.staffed()
    caller = here.caller().must_be_answered()
    until("the caller waits", here.centre.callers, within_s=8)
    caller.ear.fall_silent()
    caller.must_be_ended(within_s=SILENCE_S + 6)
    until("nobody waits", lambda: not here.centre.callers(), within_s=5)
    here.ready("anna")
    story = here.centre.story(caller.number)
    assert (story["contact"]["cause"], story["visits"][0]["outcome"]) == ("MEDIA_TIMEOUT", "abandoned")
    assert anna.times_rung == 0 and here.centre.agent_state("anna") == "ready"


def test_row_8_given_a_talk_in_which_one_listens_only_when_the_other_speaks_then_nobody_is_cut_off(house: OpenHouse) -> None:
    """Silence is sent too: a quiet line is not a dead one."""
    here = house(silence_s=SILENCE_S)
    anna = here.ready_phone("anna")
    caller = here.caller().must_be_answered()
    caller.ear.hum(None)
    anna.must_ring()
    anna.accept()
    here.centre.must_become("anna", "talking")
    throughout("both are there", lambda: caller.is_connected and anna.is_in_call, for_s=SILENCE_S + 3)
    caller.hang_up()
    assert here.centre.story(caller.number)["contact"]["ended_by"] == "customer"


def test_f31_given_a_talk_when_the_phones_media_dies_then_the_agent_is_freed_not_blamed_and_the_talk_is_recorded(
    house: OpenHouse,
) -> None:
    here, caller, anna = _talk(house)
    anna.ear.fall_silent()
    anna.twin.hear("ended", within_s=SILENCE_S + 6)
    until("anna is free", lambda: here.centre.agent_state("anna") not in ("talking", "wrap_up"), within_s=8)
    assert here.centre.agent("anna")["missed"] == 0
    if caller.is_connected:
        caller.hang_up()
    first = here.centre.story(caller.number)["offers"][0]
    assert (first["agent"], first["outcome"], first["cause"]) == ("anna", "answered", "MEDIA_TIMEOUT")


def test_f31_given_a_talk_when_the_phones_media_dies_then_the_caller_is_offered_again_with_their_place(
    house: OpenHouse,
) -> None:
    """I6: what happens to an agent never ends the caller's call."""
    here, caller, anna = _talk(house)
    ben = here.phone("ben")
    here.ready("ben")
    anna.ear.fall_silent()
    ben.must_ring(within_s=SILENCE_S + 8)
    assert caller.is_connected
    ben.accept()
    here.centre.must_become("ben", "talking")
    caller.hang_up()
    first, second = here.centre.story(caller.number)["offers"]
    assert first["ended_by"] != "customer"
    assert (second["agent"], second["outcome"], second["ended_by"]) == ("ben", "answered", "customer")


def _talk(house: OpenHouse) -> tuple[House, Caller, ScriptedPhone]:
    here = house(silence_s=SILENCE_S)
    anna = here.scripted_phone("anna")
    here.ready("anna")
    caller = here.caller().must_be_answered()
    invited = anna.must_be_invited()
    anna.tell(invited.call, "answer")
    here.centre.must_become("anna", "talking")
    return here, caller, anna
