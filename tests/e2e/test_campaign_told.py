"""A screen that only listens to the house's event stream knows the lead before its agent talks."""

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import click

from acd.cli.events import listened
from acd.cli.place import control_socket

from .house import House
from .people import Does
from .test_campaign import NUMBERS, PERSON_TONE, dialer, opened, plan
from .waiting import until

OpenHouse = Callable[..., House]
WORDS = {"dispositions": ["sold", "never_again"], "wrap_up_mode": "mandatory"}
QUEUES = {"sales": {"ring": "20s", "short_abandon": "0s", **WORDS}}


class Screen:
    """An agent's: whatever it knows it has from the stream."""

    def __init__(self, here: House, agent: str) -> None:
        self.heard: list[dict[str, Any]] = []
        self.listens = False
        self._lines = listened(control_socket(here.centre.home), agent)
        threading.Thread(target=self._run, name="screen", daemon=True).start()
        until("it listens", lambda: self.listens, within_s=10)

    def _run(self) -> None:
        with suppress(click.ClickException):  # the house ends
            for line in self._lines:
                self.listens = True
                if line.strip():
                    self.heard.append(json.loads(line))

    def of(self, event: str) -> list[dict[str, Any]]:
        return [each for each in self.heard if each["event"] == event]


def test_given_a_screen_that_only_listens_when_somebody_answers_then_it_knows_the_lead_before_the_talk_and_what_came_of_it(
    house: OpenHouse,
) -> None:
    given = plan(dispositions={"never_again": "do_not_call"}, guide="Ask how it was.")
    given = replace(given, settings={**given.settings, "queues": QUEUES})
    here, people = opened(house, lambda number: Does(talks_s=4), NUMBERS[:1], given)
    anna, screen = here.ready_phone("anna"), Screen(here, "anna")
    dialer(here, "start", "spring")
    anna.must_ring()
    (seen,) = until("the screen knows whom", lambda: screen.of("lead_offered"), within_s=2)
    assert not anna.hears_tone(PERSON_TONE), "and nobody talks yet"
    assert (seen["v"], seen["campaign"], seen["number"], seen["guide"]) == (1, "spring", NUMBERS[0], "Ask how it was.")
    assert seen["lead"]["name"] == "Customer 0" and seen["dispositions"]["never_again"] == {"code": "2", "then": "do_not_call"}
    anna.accept()
    until("they talk", lambda: anna.hears_tone(PERSON_TONE), within_s=10)
    here.centre.wish("anna", "dispose", "never_again")
    (said,) = until("the screen knows what came of it", lambda: screen.of("lead_disposed"), within_s=5)
    assert (said["attempt"], said["disposition"], said["by"]) == (seen["attempt"], "never_again", "anna")
    assert people.dialled == NUMBERS[:1] and len(screen.of("lead_offered")) == 1


def test_given_a_screen_that_only_listens_when_a_lead_is_shown_then_it_has_its_fields_and_hears_that_it_was_passed_on(
    house: OpenHouse,
) -> None:
    given = plan()
    spring = {"mode": "preview", "queue": "sales", "law": "us", "lists": ["spring"], "preview": "5m", "opt_out": "9"}
    spring |= {"abandon": {"message": "sorry"}, "guide": "Ask how it was."}
    given = replace(given, settings={"queues": QUEUES, "campaigns": {"spring": spring}})
    here, people = opened(house, lambda number: Does(talks_s=4), NUMBERS[:2], given)
    here.ready_phone("anna")
    screen = Screen(here, "anna")
    dialer(here, "start", "spring")
    (first,) = until("a lead is shown", lambda: screen.of("lead_shown"), within_s=10)
    assert (first["number"], first["lead"]["name"], first["guide"]) == (NUMBERS[0], "Customer 0", "Ask how it was.")
    dialer(here, "skip", "anna")
    until("and the next", lambda: len(screen.of("lead_shown")) == 2, within_s=15)
    assert [each["event"] for each in screen.heard] == ["lead_shown", "lead_withdrawn", "lead_shown"]
    assert screen.heard[1]["attempt"] == first["attempt"] and screen.heard[2]["number"] == NUMBERS[1] and not people.dialled
