"""A flow sends its caller on inside the house: to one agent and nobody else, into a queue, into another flow."""

import time
from collections.abc import Callable
from typing import Any

from .centre import DONE_TONE, RIGHT_TONE, Plan
from .house import CALLER_TONE, House
from .phones import Phone
from .sipp import Caller
from .waiting import until

OpenHouse = Callable[..., House]
AWAY_TONE, BUSY_TONE, LATE_TONE, TROUBLE_TONE = 1120, 1320, 1560, 1680
RING_S = 5
TO_AGENT = f"""
start: one
steps:
  one:
    step: transfer
    to: {{agent: anna}}
    ring: {RING_S}s
    next: after
    exits: {{not_there: away, busy: busy, no_answer: late, failed: trouble}}
  after: {{step: hang_up, prompt: {{file: right}}}}
  away: {{step: hang_up, prompt: {{file: away}}}}
  busy: {{step: hang_up, prompt: {{file: busy}}}}
  late: {{step: hang_up, prompt: {{file: late}}}}
  trouble: {{step: hang_up, prompt: {{file: trouble}}}}
"""
TO_QUEUE = """
start: one
steps:
  one: {step: transfer, to: {queue: sales}, next: after, otherwise: trouble}
  after: {step: hang_up, prompt: {file: right}}
  trouble: {step: hang_up, prompt: {file: trouble}}
"""
TO_FLOW = "start: one\nsteps:\n  one: {step: transfer, to: {flow: elsewhere}}\n"
ELSEWHERE = "start: two\nsteps:\n  two: {step: hang_up, prompt: {file: done}}\n"
AGENT, QUEUE, FLOW = "800", "801", "802"
PLAN = Plan(
    ring="30s",
    flows={"agent": TO_AGENT, "queue": TO_QUEUE, "flow": TO_FLOW, "elsewhere": ELSEWHERE},
    numbers={AGENT: "agent", QUEUE: "queue", FLOW: "flow"},
    tones={"away": AWAY_TONE, "busy": BUSY_TONE, "late": LATE_TONE, "trouble": TROUBLE_TONE},
)


def test_given_two_free_agents_when_a_caller_is_sent_to_one_then_that_phone_alone_rings_and_they_talk(house: OpenHouse) -> None:
    here = house(PLAN)
    anna, ben = here.ready_phone("anna"), here.ready_phone("ben")
    caller = here.caller(AGENT).must_be_answered()
    _talk(caller, anna)
    anna.hang_up()
    _hears(caller, RIGHT_TONE)
    caller.must_be_ended()
    story = here.centre.story(caller.number)
    assert _path(story)[0] == "one.done"
    (visit,) = story["visits"]
    assert (visit["queue"], visit["outcome"]) == ("@anna", "answered")
    assert ben.times_rung == 0
    here.centre.must_become("anna", "ready")


def test_given_an_agent_who_is_logged_out_when_a_caller_is_sent_to_them_then_they_are_not_there(house: OpenHouse) -> None:
    here = house(PLAN)
    _leaves_by(here, here.caller(AGENT).must_be_answered(), "not_there", AWAY_TONE)


def test_given_an_agent_who_is_not_ready_when_a_caller_is_sent_to_them_then_they_are_busy_and_not_rung(house: OpenHouse) -> None:
    here = house(PLAN)
    anna = here.ready_phone("anna")
    here.centre.wish("anna", "not-ready", "lunch")
    _leaves_by(here, here.caller(AGENT).must_be_answered(), "busy", BUSY_TONE)
    assert anna.times_rung == 0


def test_given_an_agent_who_declines_when_a_caller_is_sent_to_them_then_they_are_busy(house: OpenHouse) -> None:
    here = house(PLAN)
    anna = here.scripted_phone("anna")
    here.ready("anna")
    caller = here.caller(AGENT).must_be_answered()
    call = anna.must_be_invited().call
    anna.tell(call, "ring")
    anna.tell(call, "decline")
    _leaves_by(here, caller, "busy", BUSY_TONE)
    assert anna.times_invited == 1


def test_given_an_agent_who_does_not_answer_when_a_caller_is_sent_to_them_then_the_phone_stops_and_the_caller_goes_on(
    house: OpenHouse,
) -> None:
    here = house(PLAN)
    anna = here.ready_phone("anna")
    caller = here.caller(AGENT).must_be_answered()
    anna.must_ring()
    anna.must_be_released(within_s=RING_S + 5)
    _leaves_by(here, caller, "no_answer", LATE_TONE)
    assert anna.times_rung == 1


def test_given_a_caller_sent_into_a_queue_when_an_agent_has_served_them_then_they_go_on(house: OpenHouse) -> None:
    here = house(PLAN)
    ben = here.ready_phone("ben")
    caller = here.caller(QUEUE).must_be_answered()
    _talk(caller, ben)
    ben.hang_up()
    _hears(caller, RIGHT_TONE)
    caller.must_be_ended()
    story = here.centre.story(caller.number)
    assert _path(story)[0] == "one.done" and [visit["queue"] for visit in story["visits"]] == ["sales"]


def test_given_a_caller_sent_into_another_flow_when_it_ends_then_the_call_ends_there(house: OpenHouse) -> None:
    here = house(PLAN)
    caller = here.caller(FLOW).must_be_answered()
    _hears(caller, DONE_TONE)
    caller.must_be_ended()
    assert [name.partition(".")[0] for name in _path(here.centre.story(caller.number))] == ["one", "two"]


def _leaves_by(here: House, caller: Caller, exit: str, tone: int) -> None:
    _hears(caller, tone)
    caller.must_be_ended()
    assert _path(here.centre.story(caller.number))[0] == f"one.{exit}"


def _talk(caller: Caller, phone: Phone) -> None:
    phone.must_ring()
    phone.accept()
    since = time.monotonic()
    until("the caller hears the agent", lambda: caller.ear.hears_tone(phone.tone, since=since, blocks=8), within_s=12)
    until("the agent hears the caller", lambda: phone.hears_tone(CALLER_TONE, last_s=1.5, blocks=8), within_s=8)


def _hears(caller: Caller, tone: int, *, within_s: float = 10.0) -> None:
    since = caller.answered_at
    until(f"the caller hears {tone} Hz", lambda: caller.ear.hears_tone(tone, since=since), within_s=within_s)


def _path(story: dict[str, Any]) -> list[str]:
    return [f"{step['step']}.{step['exit']}" for step in story["contact"]["path"]]
