"""A line with every way out, and what its tests ask of those who stand in it: number 600 leads to the queue ``life``."""

import time
from typing import Any

from .centre import Plan
from .house import CALLER_TONE, House
from .phones import Phone
from .sipp import Caller
from .waiting import until

CLOSED_TONE, SAID_TONE, OFFER_TONE = 1240, 1430, 1810
LINE = """
title: A line with every way out
start: line
steps:
  line:
    step: queue
    queue: life
    exits: {EXITS}
  closed: {step: hang_up, prompt: {file: closed}}
  nobody: {step: hang_up, prompt: {file: sorry}}
  right: {step: hang_up, prompt: {file: right}}
"""
EXITS = "closed: closed, no_agents: nobody, timed_out: right, full: right, failed: right"
OFFER = f"""
title: What a recipe offers
start: asks
steps:
  asks:
    step: menu
    prompt: [{", ".join(["{file: offer}"] * 6)}]
    first_digit: 5s
    tries: 1
    options: {{"1": out}}
    otherwise: back
  out: {{step: leave_queue, exit: out}}
  back: {{step: return}}
"""


def plan(rules: dict[str, Any], exits: str = EXITS) -> Plan:
    """anna serves the queue ``life``, ben ``support``; number 600 leads to the first."""
    plain = {"ring": "20s", "wrap_up": "1s", "short_abandon": "0s"}
    agents = {"anna": ("1001", "life"), "ben": ("1002", "support")}
    return Plan(
        flows={"life": LINE.replace("EXITS", exits), "offer": OFFER},
        numbers={"600": "life"},
        tones={"closed": CLOSED_TONE, "said": SAID_TONE, "offer": OFFER_TONE},
        settings={
            "queues": {"life": plain | rules, "support": plain, "sales": plain},
            "agents": {id: {"name": id.title(), "phone": phone, "queues": [queue]} for id, (phone, queue) in agents.items()},
            "calendars": {"shop": {"zone": "UTC", "weekly": {"mon-sun": "00:00-24:00"}}},
            "reasons": {"lunch": {}, "break": {"returning": True}},
        },
    )


def waits(here: House) -> Caller:
    before = len(line(here))
    caller = here.caller("600").must_be_answered()
    until("the caller is in line", lambda: len(line(here)) > before)
    return caller


def line(here: House) -> list[dict[str, Any]]:
    return here.centre.callers("life")


def hears(caller: Caller, tone: int, *, within_s: float = 10.0, since: float | None = None) -> None:
    since = time.monotonic() if since is None else since
    until(f"the caller hears {tone} Hz", lambda: caller.ear.hears_tone(tone, since=since), within_s=within_s)


def is_served(caller: Caller, phone: Phone) -> None:
    phone.must_ring()
    phone.accept()
    since = time.monotonic()
    until("the caller hears the agent", lambda: caller.ear.hears_tone(phone.tone, since=since, blocks=8), within_s=12)
    until("the agent hears the caller", lambda: phone.hears_tone(CALLER_TONE, last_s=1.5, blocks=8), within_s=8)
