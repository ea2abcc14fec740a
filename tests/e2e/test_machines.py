"""Answering machines and faxes that a campaign reaches: taken back from the agent, told a message after the beep (ACD.md 89)."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from . import audio
from .centre import DONE_TONE, Plan
from .conftest import NO_MOD_AVMD
from .house import House
from .people import Does, People
from .switches import PROMPT_TONE, FreeSwitch
from .test_campaign import NUMBERS, attempts, campaign, dialer, leads, plan
from .test_campaign_measured import value
from .waiting import NeverHappened, throughout, until

OpenHouse = Callable[..., House]
LEFT = """
title: What a machine is told
start: left
steps:
  left: {step: play, prompt: {file: done}, next: end}
  end: {step: hang_up}
"""
HELLO = """
title: What a campaign without agents says
start: hello
steps:
  hello: {step: menu, prompt: {file: welcome}, options: {"9": no_more}, first_digit: 20s, tries: 1, otherwise: end}
  no_more: {step: opt_out, next: end, otherwise: end}
  end: {step: hang_up}
"""
GREETING = audio.words(2.5) + audio.still(0.2)
BEEP = audio.sine(1000, start=0, samples=3200) + audio.still(0.2)
FAX = audio.still(0.5) + audio.sine(2100, start=0, samples=24000)


def machines(**rules: Any) -> Plan:
    given = plan(**({"amd": "async"} | rules))
    return replace(given, flows={**given.flows, "left": LEFT})


def without_agents() -> Plan:
    spring = {"mode": "message", "law": "us", "lists": ["spring"], "script": "hello", "opt_out": "9", "lines": "1", "amd": "async"}
    return replace(plan(), flows={"hello": HELLO}, settings={"campaigns": {"spring": spring}})


def hears_beeps(here: House) -> bool:
    """A switch that has just come up says so a moment later."""
    try:
        until("it hears beeps", lambda: value(here, "node_hears_beeps") == 1, within_s=8)
    except NeverHappened:
        return False
    return True


class Answering:
    """Whoever answers at the far end, and what they hear and say."""

    def __init__(self, here: House, *, beeps: bool = True) -> None:
        self.here = here
        if beeps and not hears_beeps(here):
            pytest.skip(NO_MOD_AVMD)
        leads(here, NUMBERS[:1])
        carrier = here.carrier("carrier", tone=0)
        carrier.ear.hum(None)
        self.people = People(carrier, lambda number: Does(talks_s=45)).begin()
        self.ear, self.told = carrier.ear, carrier.twin
        here.stage.keep(self.people)

    def is_there(self) -> float:
        """Waits for the answer; when that was."""
        return self.told.hear("answered", within_s=20).at

    def says(self, pcm: bytes) -> None:
        self.ear.say(pcm)
        until("all is said", lambda: not self.ear.is_speaking, within_s=20)

    def hears(self, tone: int, *, since: float, blocks: int = 8) -> None:
        until(f"{tone} Hz is heard", lambda: self.ear.hears_tone(tone, since=since, blocks=blocks), within_s=10)

    def ended(self) -> dict[str, Any]:
        (row,) = until("its end is stored", lambda: [each for each in attempts(self.here) if each["outcome"]], within_s=25) or []
        return row


def test_row_89_given_a_machine_that_an_agent_has_when_it_beeps_then_the_agent_is_free_and_it_is_told_the_message(
    house: OpenHouse,
) -> None:
    here = house(machines(voicemail="left"))
    far = Answering(here)
    anna = here.ready_phone("anna")
    dialer(here, "start", "spring")
    answered = far.is_there()
    anna.must_ring()
    anna.accept()
    anna.must_talk()
    assert time.monotonic() - answered < 2, "nobody waits for a verdict"
    far.says(GREETING)
    assert anna.is_in_call, "a greeting alone is none"
    far.says(BEEP)
    beeped = time.monotonic()
    anna.must_be_released(within_s=3)
    until("the agent is ready", lambda: here.centre.agent_state("anna") == "ready", within_s=5)
    far.hears(DONE_TONE, since=beeped)
    far.told.hear("ended", within_s=10)
    row = far.ended()
    assert (row["outcome"], row["agent"]) == ("machine", "anna")
    assert [(each["answered"], each["abandoned"]) for each in campaign(here)["ledger"]] == [(0, 0)] * 2


def test_row_89_given_a_person_who_talks_when_machines_are_listened_for_then_they_are_never_taken_back(house: OpenHouse) -> None:
    here = house(machines(voicemail="left"))
    far = Answering(here)
    anna = here.ready_phone("anna")
    dialer(here, "start", "spring")
    far.is_there()
    anna.must_ring()
    anna.accept()
    anna.must_talk()
    until("they talk", lambda: here.centre.agent_state("anna") == "talking", within_s=5)
    far.ear.say(audio.words(4) + audio.still(1) + audio.words(4))
    throughout("they talk", lambda: anna.is_in_call and here.centre.agent_state("anna") == "talking", for_s=10)
    anna.hang_up()
    row = far.ended()
    assert (row["outcome"], campaign(here)["ledger"][0]["answered"]) == ("talked", 1)


def test_row_89_given_a_fax_that_an_agent_has_when_its_tone_is_heard_then_the_agent_is_free_and_it_is_a_fax(house: OpenHouse) -> None:
    here = house(machines(voicemail="left"))
    far = Answering(here, beeps=False)
    anna = here.ready_phone("anna")
    dialer(here, "start", "spring")
    far.is_there()
    anna.must_ring()
    anna.accept()
    anna.must_talk()
    far.ear.say(FAX)
    anna.must_be_released(within_s=6)
    row = far.ended()
    assert row["outcome"] == "fax" and campaign(here)["ledger"][0]["answered"] == 0


def test_row_89_given_a_campaign_without_agents_when_the_machine_beeps_then_its_message_begins_again_and_is_whole_on_tape(
    house: OpenHouse,
) -> None:
    here = house(without_agents())
    far = Answering(here)
    dialer(here, "start", "spring")
    answered = far.is_there()
    far.hears(PROMPT_TONE, since=answered, blocks=3)
    far.says(GREETING + BEEP)
    beeped = time.monotonic()
    far.hears(PROMPT_TONE, since=beeped + 0.5, blocks=10 * here.plan.prompt_s - 4)
    far.ear.press("#")
    until("it is over", lambda: campaign(here)["calls"]["told"] == 0, within_s=30)
    assert far.ended()["outcome"] == "machine"


@pytest.mark.parametrize("kind", ["freeswitch"], indirect=True)
def test_row_89_given_a_freeswitch_without_mod_avmd_when_a_campaign_listens_for_machines_then_it_is_said_and_calls_go_on(
    house: OpenHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = FreeSwitch.write

    def without(self: FreeSwitch) -> Any:
        conf = shipped(self)
        modules = conf / "autoload_configs" / "modules.conf.xml"
        text = modules.read_text()
        assert '<load module="mod_avmd"/>' in text
        modules.write_text(text.replace('<load module="mod_avmd"/>', ""))
        return conf

    monkeypatch.setattr(FreeSwitch, "write", without)
    here = house(machines(voicemail="left"))
    assert value(here, "node_hears_beeps") == 0
    far = Answering(here, beeps=False)
    anna = here.ready_phone("anna")
    dialer(here, "start", "spring")
    far.is_there()
    anna.must_ring()
    anna.accept()
    anna.must_talk()
    far.says(GREETING + BEEP)
    throughout("they talk", lambda: anna.is_in_call, for_s=3)
    assert value(here, "node_beeps_unheard_total") == 1
    assert "has no mod_avmd" in here.centre.program.tail()  # type: ignore[union-attr]
    far.says(FAX)
    anna.must_be_released(within_s=6)
    assert far.ended()["outcome"] == "fax"
