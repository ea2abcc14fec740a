"""Queues open and close, lose their agents, overflow, keep places and follow recipes, as callers hear it (ACD.md 6, 43-51, 54)."""

import time
from collections.abc import Callable

from .centre import RIGHT_TONE, TIMED_OUT_TONE
from .house import CALLER_TONE, House
from .line import CLOSED_TONE, EXITS, OFFER_TONE, SAID_TONE, hears, is_served, line, plan, waits
from .sipp import Caller
from .switches import MUSIC_TONE
from .waiting import throughout, until

OpenHouse = Callable[..., House]


def test_given_rows_43_and_44_callers_in_line_when_the_queue_closes_then_they_leave_and_who_comes_later_is_told(
    house: OpenHouse,
) -> None:
    here = house(plan({"hours": "shop", "at_close": "leave"}))
    here.staffed()
    callers = [waits(here), waits(here)]
    closed_at = time.monotonic()
    here.centre.ask("POST", "/v1/calendars/shop/close", {"by": "test"})
    for caller in callers:
        hears(caller, CLOSED_TONE, since=closed_at)
        caller.must_be_ended()
    late = here.caller("600").must_be_answered()
    hears(late, CLOSED_TONE)
    late.must_be_ended()
    for caller in (*callers, late):
        assert [(visit["outcome"], visit["exit"]) for visit in here.centre.story(caller.number)["visits"]] == [("closed", "closed")]


def test_given_row_44_a_line_when_the_queue_closes_by_default_then_it_is_served_to_its_end(house: OpenHouse) -> None:
    here = house(plan({"hours": "shop"}))
    here.staffed()
    caller = waits(here)
    here.centre.ask("POST", "/v1/calendars/shop/close", {"by": "test"})
    late = here.caller("600").must_be_answered()
    hears(late, CLOSED_TONE)
    anna = here.ready_phone("anna")
    is_served(caller, anna)


def test_given_row_47_a_line_when_everybody_leaves_then_it_leaves_after_the_grace_also_across_a_restart(house: OpenHouse) -> None:
    here = house(plan({"grace": "6s"}))
    here.staffed()
    caller = waits(here)
    here.centre.wish("anna", "not-ready", "break")
    throughout("a short break is no reason to leave", lambda: len(line(here)) == 1, for_s=1)
    here.centre.wish("anna", "not-ready", "lunch")
    gone_at = time.monotonic()
    here.centre.kill()
    here.centre.start()
    hears(caller, TIMED_OUT_TONE, within_s=20)
    assert time.monotonic() - gone_at > 5.5, "not before the grace was over"
    caller.must_be_ended()
    assert [(visit["outcome"], visit["exit"]) for visit in here.centre.story(caller.number)["visits"]] == [("no_staff", "no_agents")]


def test_given_row_51_a_full_queue_when_another_takes_its_callers_then_its_agent_serves_them_as_the_same_contact(
    house: OpenHouse,
) -> None:
    here = house(plan({"max_waiting": "1", "overflow": {"full": "support"}}))
    here.staffed()
    waits(here)
    ben = here.ready_phone("ben")
    second = here.caller("600").must_be_answered()
    is_served(second, ben)
    second.hang_up()
    visits = here.centre.story(second.number)["visits"]
    assert [(visit["queue"], visit["outcome"]) for visit in visits] == [("life", "overflowed"), ("support", "answered")]


def test_given_row_6_a_caller_who_gave_up_when_they_call_back_then_they_have_the_old_place(house: OpenHouse) -> None:
    here = house(plan({"keep_place": "10m"}))
    here.staffed()
    first, second = waits(here), waits(here)
    given_up = line(here)[0]["call"]
    first.hang_up()
    until("only the second waits", lambda: [one["caller_number"] for one in line(here)] == [second.number])
    here.centre.kill()
    here.centre.start()
    again = Caller(here.stage, to=here.switch.callers, dialled="600", number=first.number).must_be_answered()
    again.ear.hum(CALLER_TONE)
    until(
        "the old place",
        lambda: [one["caller_number"] for one in line(here)] == [first.number, second.number],
        seen=lambda: line(here),
    )
    so_far = here.centre.story_so_far(line(here)[0]["call"])
    assert so_far["contact"]["linked_to"] == given_up
    anna = here.ready_phone("anna")
    is_served(again, anna)


def test_given_a_recipe_when_its_moment_comes_then_it_is_heard_once_and_music_goes_on_also_across_a_restart(house: OpenHouse) -> None:
    recipe = {"name": "thanks", "when": {"waited": "4s"}, "do": [{"announce": [{"file": "said"}] * 3}]}
    here = house(plan({"recipes": [recipe]}))
    here.staffed()
    caller = waits(here)
    hears(caller, MUSIC_TONE)
    hears(caller, SAID_TONE)
    here.centre.kill()
    here.centre.start()
    hears(caller, MUSIC_TONE, within_s=12)
    since = time.monotonic()
    throughout("it is heard once", lambda: not caller.ear.hears_tone(SAID_TONE, since=since), for_s=6)
    anna = here.ready_phone("anna")
    is_served(caller, anna)
    caller.hang_up()
    [visit] = here.centre.story(caller.number)["visits"]
    assert [(one["recipe"], one["times"], one["did"]) for one in visit["recipes"]] == [("thanks", 1, ["announced"])]


def test_given_row_54_an_announcement_of_a_recipe_when_an_agent_answers_then_it_is_cut_and_both_talk(house: OpenHouse) -> None:
    here = house(plan({"recipes": [{"when": {"waited": "1s"}, "do": [{"announce": [{"file": "said"}] * 10}]}]}))
    anna = here.ready_phone("anna")
    caller = waits(here)
    anna.must_ring()
    here.centre.wish("anna", "not-ready", "break")
    anna.must_be_released(within_s=4)
    hears(caller, SAID_TONE)
    here.ready("anna")
    is_served(caller, anna)
    since = time.monotonic()
    throughout("nothing of it comes back", lambda: not caller.ear.hears_tone(SAID_TONE, since=since), for_s=2)
    assert not anna.hears_tone(SAID_TONE, blocks=1)


def test_given_a_flow_that_a_recipe_offers_when_the_caller_takes_it_then_out_by_its_exit(house: OpenHouse) -> None:
    here = house(plan({"recipes": [{"when": {"waited": "2s"}, "do": [{"offer": "offer"}]}]}, EXITS + ", out: right"))
    here.staffed()
    caller = waits(here)
    hears(caller, OFFER_TONE)
    caller.press("1")
    hears(caller, RIGHT_TONE)
    caller.must_be_ended()
    assert [(visit["outcome"], visit["exit"]) for visit in here.centre.story(caller.number)["visits"]] == [("exited_key", "out")]
