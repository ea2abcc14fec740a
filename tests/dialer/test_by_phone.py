"""What agents ask by telephone, answered in words to be spoken."""

from typing import Any

import pytest

from acd.campaign import Mode
from acd.core.illegal import IllegalMove
from acd.live.controller import Unanswered
from acd.words import AgentState
from dialer.core.events import Event
from dialer.core.run import RunWish
from dialer.core.showing import of_agent
from dialer.live.by_phone import ByPhone

from .floor import NOON, QUEUE, World, campaign


class Service:
    """Asks the step itself."""

    def __init__(self, *campaigns: Any) -> None:
        self.world = World(*campaigns)
        self.world.agent("anna")
        self.state, self.called = self.world.state, list[tuple[str, str, str]]()
        self.fails: Exception | None = None

    def now(self) -> float:
        return NOON

    def ask(self, event: Event) -> None:
        self.world.hear(event)

    def call(self, campaign: str, agent: str, number: str, by: str) -> str:
        if self.fails is not None:
            raise self.fails
        self.called.append((campaign, agent, number))
        return "w1"

    def queues_of(self, agent: str) -> tuple[str, ...]:
        return (QUEUE,) if agent == "anna" else ()


def preview(**more: Any) -> Any:
    return campaign(mode=Mode.PREVIEW, preview_s=None, **more)


def asked(service: Service, what: str, agent: str = "anna", number: str = "", campaign: str = "") -> tuple[str, dict[str, str]]:
    why, values = ByPhone(service).asked(agent, what, number, campaign)  # type: ignore[arg-type]
    return why, dict(values)


def test_row_37_given_a_lead_that_is_shown_when_looked_at_by_phone_then_told_and_kept_until_they_say_more() -> None:
    service = Service(preview())
    why, values = asked(service, "look")
    assert (why, values["lead_number"], values["lead_campaign"]) == ("", "+442079460001", "spring")
    assert not service.world.dialled and of_agent(service.state, "anna") is not None
    assert asked(service, "accept")[0] == "" and service.world.dialled == ["t1"]
    assert asked(service, "accept") == ("no lead is shown to anna", {})


def test_given_a_lead_that_is_shown_when_skipped_by_phone_then_the_next_unless_nobody_may_pass_one_on() -> None:
    service = Service(preview())
    assert asked(service, "skip")[1]["lead_number"] == "+442079460001"
    assert asked(service, "look")[1]["lead_number"] == "+442079460002"
    strict = Service(preview(may_skip=False))
    assert "lets nobody pass a lead on" in asked(strict, "skip")[0]


def test_given_nobody_who_sees_a_lead_when_asked_then_told_so() -> None:
    service = Service(preview())
    service.world.agent("anna", AgentState.NOT_READY)
    assert asked(service, "look") == ("no lead is shown to anna", {})


def test_given_a_number_when_called_by_phone_then_for_the_only_campaign_it_can_be_or_the_one_that_is_said() -> None:
    service = Service(campaign(mode=Mode.MANUAL), preview(id="other"))
    assert asked(service, "call", number="030 12") == ("", {"lead_number": "030 12", "lead_campaign": "spring"})
    asked(service, "call", number="030 12", campaign="autumn")
    assert service.called == [("spring", "anna", "030 12"), ("autumn", "anna", "030 12")]


def test_given_no_such_campaign_or_several_when_a_number_is_called_then_told_what_is_missing() -> None:
    service = Service(campaign(mode=Mode.MANUAL), campaign("summer", mode=Mode.MANUAL))
    assert asked(service, "call", number="1")[0] == "it may be for spring, summer: the flow has to say which"
    assert asked(service, "call", agent="ben", number="1")[0] == "no campaign runs for which you may dial"
    service.world.wish("summer", RunWish.PAUSE)
    assert asked(service, "call", number="1")[0] == "" and service.called == [("spring", "anna", "1")]


@pytest.mark.parametrize("fails", [IllegalMove("it is on a do-not-call list"), Unanswered("the dialer did not answer")])
def test_row_94_given_what_holds_a_number_when_called_by_phone_then_those_words(fails: Exception) -> None:
    service = Service(campaign(mode=Mode.MANUAL))
    service.fails = fails
    assert asked(service, "call", number="1") == (str(fails), {})
