"""What callers and phones do at the wrong moment. ACD.md rows by number, as far as a SIP program can provoke them."""

import time
from collections.abc import Callable

from .centre import Plan
from .house import CALLER_TONE, House
from .sipp import ScriptedPhone
from .switches import MUSIC_TONE
from .waiting import throughout, until

OpenHouse = Callable[..., House]


def test_given_a_ringing_phone_when_the_caller_hangs_up_then_it_stops_and_the_agent_is_ready_and_not_blamed(
    house: OpenHouse,
) -> None:
    here = house()
    anna = here.ready_phone("anna")
    caller = here.caller().must_be_answered()
    anna.must_ring()
    caller.hang_up()
    anna.must_be_released()
    here.centre.must_become("anna", "ready")
    story = here.centre.story(caller.number)
    assert story["offers"][0]["outcome"] == "caller_gone"
    assert story["visits"][0]["outcome"] == "abandoned_while_ringing"
    assert here.centre.agent("anna")["missed"] == 0


def test_given_a_call_not_yet_answered_when_the_caller_cancels_then_nobody_is_rung_and_no_call_is_left(
    house: OpenHouse,
) -> None:
    here = house(through_proxy=True)
    anna = here.ready_phone("anna")
    assert here.proxy
    here.proxy.freeze()  # or the house would be faster than any caller
    caller = here.caller("100", tells_of_ringing=True)
    caller.twin.hear("ringing")
    caller.cancel()
    here.proxy.thaw()
    throughout("no phone rings", lambda: anna.times_rung == 0, for_s=1)
    until("the house has no call", lambda: here.centre.state()["calls_in_all"] == 0, within_s=10)
    here.centre.must_become("anna", "ready")
    assert here.centre.agent("anna")["missed"] == 0


def test_given_a_phone_that_declines_when_it_is_offered_a_caller_then_the_next_agent_has_them(house: OpenHouse) -> None:
    here, outcome = _refused(house, "decline")
    assert outcome["outcome"] == "declined" and outcome["sip_status"] == 603
    assert here.centre.agent("anna")["missed"] == 0


def test_given_a_busy_phone_when_it_is_offered_a_caller_then_the_next_agent_has_them(house: OpenHouse) -> None:
    here, outcome = _refused(house, "busy")
    assert outcome["outcome"] == "busy" and outcome["sip_status"] == 486
    assert here.centre.agent("anna")["missed"] == 0


def _refused(house: OpenHouse, how: str) -> tuple[House, dict[str, object]]:
    """Anna's phone refuses, Ben talks to the caller; returns the house and Anna's offer as it is recorded."""
    here = house()
    anna, ben = here.scripted_phone("anna"), here.phone("ben")
    here.ready("anna")
    caller = here.caller().must_be_answered()
    invited = anna.must_be_invited()
    here.ready("ben")
    anna.tell(invited.call, how)
    ben.must_ring()
    ben.accept()
    here.centre.must_become("ben", "talking")
    assert anna.times_invited == 1
    caller.hang_up()
    story = here.centre.story(caller.number)
    first, second = story["offers"]
    assert (first["agent"], second["agent"], second["outcome"]) == ("anna", "ben", "answered")
    assert story["visits"][0]["offers"] == 2
    return here, first


def test_given_a_phone_that_nobody_answers_when_its_time_is_over_then_the_agent_is_not_ready_and_the_caller_is_offered_again(
    house: OpenHouse,
) -> None:
    here = house(Plan(ring="4s"))
    anna, ben = here.ready_phone("anna"), here.phone("ben")
    caller = here.caller().must_be_answered()
    began = time.monotonic()
    anna.must_ring()
    here.ready("ben")
    ben.must_ring()
    here.centre.must_become("anna", "not_ready rna")
    anna.must_be_released()
    assert 2.5 < time.monotonic() - began < 8
    ben.accept()
    here.centre.must_become("ben", "talking")
    caller.hang_up()
    first, second = here.centre.story(caller.number)["offers"]
    assert (first["agent"], first["outcome"], second["agent"]) == ("anna", "no_answer", "ben")
    assert anna.times_rung == 1


def test_given_a_ready_agent_without_a_registered_phone_when_a_caller_waits_then_no_phone_rings(house: OpenHouse) -> None:
    here = house()
    ben = here.phone("ben")
    here.centre.wish("ben", "log-in")  # somebody is there: one whose phone is away is nobody (ACD.md 46)
    here.centre.wish("anna", "ready")
    caller = here.caller().must_be_answered()
    since = time.monotonic()
    until("the caller waits with music", lambda: caller.ear.hears_tone(MUSIC_TONE, since=since), within_s=8)
    here.centre.wish("ben", "ready")
    ben.must_ring()
    ben.accept()
    here.centre.must_become("ben", "talking")
    caller.hang_up()
    for offer in here.centre.story(caller.number)["offers"]:
        assert offer["agent"] == "ben" or offer["outcome"] == "device_down"
    assert here.centre.agent_state("anna") in ("not_ready device_down", "ready", "logged_out")
    assert here.centre.agent("anna")["missed"] == 0


def test_given_an_agent_who_answers_when_they_drop_at_once_then_the_caller_keeps_waiting_and_is_offered_again(
    house: OpenHouse,
) -> None:
    here = house()
    anna, ben = here.scripted_phone("anna"), here.phone("ben")
    here.ready("anna")
    caller = here.caller().must_be_answered()
    invited = anna.must_be_invited()
    here.centre.wish("ben", "ready")
    anna.tell(invited.call, "answer")
    anna.tell(invited.call, "bye")
    until("it is clear what it was", lambda: ben.times_rung or not caller.is_connected, within_s=10)
    if not caller.is_connected:  # the bridge was faster than the hang-up: a talk, if a short one
        (offer,) = here.centre.story(caller.number)["offers"]
        assert (offer["outcome"], offer["ended_by"]) == ("answered", "agent")
        return
    ben.accept()
    here.centre.must_become("ben", "talking")
    caller.hang_up()
    first, second = here.centre.story(caller.number)["offers"]
    assert (first["outcome"], second["outcome"]) == ("dumped", "answered")


def test_given_a_ringing_phone_when_answer_and_hang_up_cross_then_nothing_is_left_over(house: OpenHouse) -> None:
    here = house()
    phone = here.scripted_phone("anna")
    here.ready("anna")
    for count in range(1, 5):
        _cross(here, phone, count)
        until("no call is left", lambda: here.centre.state()["calls_in_all"] == 0, within_s=10)
        here.centre.must_become("anna", "ready")
        assert here.centre.agent("anna")["missed"] == 0


def _cross(here: House, phone: ScriptedPhone, count: int) -> None:
    caller = here.caller().must_be_answered()
    invited = phone.must_be_invited(count=count)
    phone.tell(invited.call, "ring")
    phone.start(invited.call, "answer")
    caller.start_hanging_up()
    until(
        "the phone is free again",
        lambda: phone.twin.count("ended", invited.call) or phone.twin.count("cancelled", invited.call),
        within_s=10,
        seen=phone.twin.words,
    )
    story = here.centre.story(caller.number)
    assert (story["visits"][0]["outcome"], story["offers"][0]["outcome"]) in (
        ("abandoned_while_ringing", "caller_gone"),
        ("abandoned_while_ringing", "caller_gone_at_answer"),
        ("answered", "answered"),
    )


def test_F34_given_a_phone_that_is_picked_up_as_the_caller_goes_when_its_answer_crosses_the_cancel_then_it_is_free_and_not_blamed(
    house: OpenHouse,
) -> None:
    here = house()
    phone = here.scripted_phone("anna")
    here.ready("anna")
    caller = here.caller().must_be_answered()
    invited = phone.must_be_invited()
    phone.tell(invited.call, "ring")
    phone.tell(invited.call, "cross")
    waited_s = time.monotonic() - caller.answered_at
    caller.hang_up()
    phone.must_be_released()
    here.centre.must_become("anna", "ready")
    assert here.centre.agent("anna")["missed"] == 0
    story = here.centre.story(caller.number)
    [visit], [offer] = story["visits"], story["offers"]
    assert (visit["outcome"], offer["outcome"]) == ("abandoned_while_ringing", "caller_gone")
    assert waited_s - 1 < visit["waited_s"] < waited_s + 3


def test_given_two_callers_and_two_agents_when_all_are_connected_then_everybody_hears_only_their_own(
    house: OpenHouse,
) -> None:
    here = house()
    anna, ben = here.ready_phone("anna"), here.ready_phone("ben")
    first = here.caller().must_be_answered()
    anna.must_ring()  # idle for longer
    anna.accept()
    second = here.caller().must_be_answered()
    second.ear.hum(CALLER_TONE + 300)
    ben.must_ring()
    ben.accept()
    since = time.monotonic()
    until("first hears anna", lambda: first.ear.hears_tone(anna.tone, since=since, blocks=10), within_s=8)
    until("second hears ben", lambda: second.ear.hears_tone(ben.tone, since=since, blocks=10), within_s=8)
    until("anna hears the first", lambda: anna.hears_tone(CALLER_TONE, blocks=10), within_s=8)
    until("ben hears the second", lambda: ben.hears_tone(CALLER_TONE + 300, blocks=10), within_s=8)
    assert not first.ear.hears_tone(ben.tone, since=since, blocks=2)
    assert not second.ear.hears_tone(anna.tone, since=since, blocks=2)
    assert not anna.hears_tone(CALLER_TONE + 300, blocks=2)
    throughout("both talk", lambda: first.is_connected and second.is_connected, for_s=1)
    first.hang_up()
    ben.hang_up()
    second.must_be_ended()
    here.centre.must_become("anna", "ready")
    here.centre.must_become("ben", "ready")
