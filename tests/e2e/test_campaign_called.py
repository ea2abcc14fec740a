"""A lead who calls us by themselves (ACD.md 93): they talk to an agent, and nobody dials them then or afterwards."""

from collections.abc import Callable
from dataclasses import replace

from .centre import Plan
from .house import CALLER_TONE, House
from .people import Does
from .sipp import Caller
from .test_campaign import NUMBERS, attempts, dialer, leads_by_state, opened, plan
from .waiting import throughout, until

OpenHouse = Callable[..., House]
CALLED_FLOW = """
title: Who calls us
start: line
steps:
  line: {step: queue, queue: sales, exits: {timed_out: end, full: end, no_agents: end, failed: end}}
  end: {step: hang_up}
"""


def called_plan() -> Plan:
    given = plan()
    return replace(given, flows={**given.flows, "called": CALLED_FLOW}, numbers={"200": "called"})


def test_row_93_given_a_lead_who_calls_us_when_the_campaign_runs_then_not_dialled_in_the_talk_nor_after_it_and_others_are(
    house: OpenHouse,
) -> None:
    here, people = opened(house, lambda number: Does(talks_s=3), NUMBERS[:2], called_plan())
    anna, ben = here.ready_phone("anna"), here.phone("ben")
    caller = Caller(here.stage, to=here.switch.callers, dialled="200", number=NUMBERS[0])
    caller.ear.hum(CALLER_TONE)
    caller.must_be_answered()
    anna.must_ring()
    anna.accept()
    until("they talk", lambda: anna.hears_tone(CALLER_TONE), within_s=10)
    here.ready("ben")
    dialer(here, "start", "spring")
    ben.must_ring()
    ben.accept()
    until("the other was dialled", lambda: people.dialled == NUMBERS[1:2], within_s=10)
    throughout("who talks to us is not", lambda: NUMBERS[0] not in people.dialled, for_s=2)
    caller.hang_up()
    until("both leads are done", lambda: leads_by_state(here) == {"done": 2}, within_s=20)
    assert people.dialled == NUMBERS[1:2]
    assert [row["outcome"] for row in attempts(here) if row["number"] == NUMBERS[0]] in ([], ["returned"])
