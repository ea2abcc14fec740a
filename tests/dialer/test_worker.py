"""The dialer beside a house that is played: what it asks of it, and when not (ACD.md 94)."""

from types import SimpleNamespace
from typing import Any

import pytest

from acd.campaign import After, Disposition, Mode
from acd.core.events import DialAsked, Event
from acd.live.subscribers import Subscribers
from dialer.core.attempt import Attempt, AttemptState
from dialer.core.decisions import Dial
from dialer.core.events import RulesChanged, RunWished
from dialer.core.run import RunWish
from dialer.live.errands import MayBeDialled
from dialer.live.worker import Worker

from .floor import NOON, campaign


class House:
    """Takes what it is asked, and says nothing of it."""

    def __init__(self) -> None:
        self.state = SimpleNamespace(dialled={})
        self.subscribers = Subscribers()
        self.asked: list[Event] = []

    def now(self) -> float:
        return NOON

    def ask(self, event: Event) -> tuple[Any, ...]:
        self.asked.append(event)
        return ()

    def post(self, event: Event) -> None:
        self.asked.append(event)


@pytest.mark.parametrize("stopped", [False, True])
def test_given_a_lead_that_an_agent_looked_at_when_stopped_while_the_database_is_asked_then_nobody_is_dialled(stopped: bool) -> None:
    house, rules = House(), campaign(mode=Mode.PREVIEW, message=None)
    worker = Worker(controller=house, leads=object(), house=lambda: None, remembers=True)  # type: ignore[arg-type, return-value]
    attempt = Attempt(id="t1", campaign="spring", lead=1, number="+442079460001", claimed_at=NOON - 30)
    worker.state.attempts["t1"] = attempt.move(AttemptState.ASKED, asked_at=NOON)
    worker._hear(RulesChanged(at=NOON, campaigns={"spring": rules}))
    worker._hear(RunWished(at=NOON, campaign="spring", wish=RunWish.START, by="sue"))
    if stopped:
        worker._hear(RunWished(at=NOON, campaign="spring", wish=RunWish.STOP, by="sue"))
    worker._answer(MayBeDialled(at=NOON, dial=Dial(attempt=attempt, rules=rules)), None)
    assert [each.attempt for each in house.asked if isinstance(each, DialAsked)] == ([] if stopped else ["t1"])


def test_row_93_given_a_callback_that_an_agent_promised_when_dialled_then_asked_for_that_agent_and_with_what_needs_a_time() -> None:
    house = House()
    timed = {"call_back": Disposition(then=After.CALLBACK), "soon": Disposition(then=After.CALLBACK, after_s=7200.0)}
    worker = Worker(controller=house, leads=object(), house=lambda: None, remembers=True)  # type: ignore[arg-type, return-value]
    attempt = Attempt(id="t1", campaign="spring", lead=1, number="+442079460001", claimed_at=NOON, promised_by="anna")
    worker._do(Dial(attempt=attempt, rules=campaign(dispositions={**timed, "sold": Disposition()})))
    (asked,) = [each for each in house.asked if isinstance(each, DialAsked)]
    assert (asked.prefer, asked.callbacks) == ("anna", {"call_back": 0.0, "soon": 7200.0})
