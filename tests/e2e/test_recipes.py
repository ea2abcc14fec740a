"""What recipes and the clock do with callers in line: over into another queue, out to a message, heard over a flow that pauses.

ACD.md 47, 51; docs/QUEUES.md.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from .centre import RIGHT_TONE
from .house import House
from .line import EXITS, LINE, SAID_TONE, hears, is_served, line, plan, waits
from .phones import Phone
from .sipp import Caller
from .switches import MUSIC_TONE
from .waiting import throughout, until

OpenHouse = Callable[..., House]
PAUSES = """
title: Music, and nothing else, again and again
start: music
steps:
  music: {step: pause, for: 1m, next: again}
  again: {step: return}
"""
MESSAGE = """
  message: {step: voicemail, mailbox: life, greeting: {file: right}, next: bye, exits: {failed: bye}}
  bye: {step: hang_up}
"""


def over(house: OpenHouse, rules: dict[str, Any]) -> tuple[House, Caller, Phone]:
    """A caller in line for anna, who is not ready; ben of the other queue is, and the controller is killed before it is time."""
    here = house(plan(rules))
    here.staffed()
    ben = here.ready_phone("ben")
    caller = waits(here)
    assert ben.times_rung == 0, "not before it is time"
    here.centre.kill()
    here.centre.start()
    is_served(caller, ben)
    caller.hang_up()
    return here, caller, ben


def stays(here: House, caller: Caller) -> list[tuple[str, str]]:
    return [(visit["queue"], visit["outcome"]) for visit in here.centre.story(caller.number)["visits"]]


def test_given_a_recipe_that_sends_callers_over_when_its_moment_comes_then_the_other_queue_serves_them(house: OpenHouse) -> None:
    recipe = {"name": "help", "when": {"waited": "3s", "available_under": 1}, "do": [{"overflow": "support"}]}
    here, caller, _ = over(house, {"recipes": [recipe]})
    first, second = here.centre.story(caller.number)["visits"]
    assert [(one["queue"], one["outcome"]) for one in (first, second)] == [("life", "overflowed"), ("support", "answered")]
    assert [(one["recipe"], one["did"]) for one in first["recipes"]] == [("help", ["over to support"])]
    assert second["carried_s"] >= 3, "and they have waited there as long as in all"


def test_row_51_given_a_queue_whose_time_is_over_when_another_takes_its_callers_then_its_agent_serves_them(house: OpenHouse) -> None:
    here, caller, _ = over(house, {"max_wait": "4s", "overflow": {"timed_out": "support"}})
    assert stays(here, caller) == [("life", "overflowed"), ("support", "answered")]


@pytest.mark.parametrize("why", ["closed", "no_agents"])
def test_row_51_given_a_line_when_it_closes_or_everybody_goes_then_another_queue_takes_it(house: OpenHouse, why: str) -> None:
    here = house(plan({"hours": "shop", "at_close": "leave", "grace": "1s", "overflow": {why: "support"}}))
    here.staffed()
    caller = waits(here)
    ben = here.ready_phone("ben")
    if why == "closed":
        here.centre.ask("POST", "/v1/calendars/shop/close", {"by": "test"})
    else:
        here.centre.wish("anna", "log-out")
    is_served(caller, ben)
    caller.hang_up()
    assert stays(here, caller) == [("life", "overflowed"), ("support", "answered")]


def test_given_a_recipe_that_takes_callers_out_when_its_exit_is_a_mailbox_then_they_leave_a_message(house: OpenHouse) -> None:
    rules = plan({"recipes": [{"when": {"waited": "3s"}, "do": [{"leave": "message"}]}]})
    flow = LINE.replace("EXITS", EXITS + ", message: message").rstrip() + MESSAGE
    here = house(replace(rules, flows={**rules.flows, "life": flow}))
    here.staffed()
    caller = waits(here)
    here.centre.kill()
    here.centre.start()
    hears(caller, RIGHT_TONE)
    until("the message is begun", lambda: line(here) == [])
    time.sleep(4.0)  # on tape it is as long
    caller.hang_up()
    [stay] = here.centre.story(caller.number)["visits"]
    assert (stay["outcome"], stay["exit"]) == ("voicemail", "message")
    [message] = until("it is listed", lambda: here.centre.cli("voicemail", "list"), within_s=10)
    assert message["mailbox"] == "life" and message["seconds"] > 2


def test_given_a_flow_that_pauses_when_a_recipe_announces_then_it_is_heard_and_the_music_comes_back(house: OpenHouse) -> None:
    rules = plan({"recipes": [{"when": {"waited": "3s"}, "every": "8s", "do": [{"announce": [{"file": "said"}] * 2}]}]})
    flow = LINE.replace("EXITS", EXITS).replace("queue: life", "queue: life\n    while_waiting: pauses")
    here = house(replace(rules, flows={**rules.flows, "life": flow, "pauses": PAUSES}))
    here.staffed()
    caller = waits(here)
    hears(caller, MUSIC_TONE)
    for _ in range(2):
        hears(caller, SAID_TONE, within_s=12)
        hears(caller, MUSIC_TONE)
    since = time.monotonic()
    throughout("music in between", lambda: not caller.ear.hears_tone(SAID_TONE, since=since), for_s=2)
    is_served(caller, here.ready_phone("anna"))
