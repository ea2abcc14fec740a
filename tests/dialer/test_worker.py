"""The dialer beside a house that is played: what it asks of it, and when not (ACD.md 94)."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import gevent
import pytest

from acd.campaign import After, Disposition, Mode
from acd.core.events import DialAsked, Event, LetGoAsked, ReserveAsked
from acd.core.illegal import IllegalMove
from acd.core.staff.agent import Agent
from acd.live.subscribers import Subscribers
from acd.words import AgentId, AgentState
from dialer.core.attempt import Attempt, AttemptState
from dialer.core.decisions import Dial, LetGo, Reserve
from dialer.core.events import CallWished, NumberClaimed, NumberRefused, RulesChanged, RunWished, Ticked
from dialer.core.events import Event as WorkerEvent
from dialer.core.run import RunWish
from dialer.live.errands import MayBeDialled
from dialer.live.worker import Worker

from .floor import NOON, QUEUE, campaign


class House:
    """Takes what it is asked, and says nothing of it."""

    def __init__(self) -> None:
        self.state = SimpleNamespace(dialled={}, roster=SimpleNamespace(queues_of=lambda agent: (QUEUE,)), agent=lambda id: self.anna)
        self.anna, self.refuses = Agent(id=AgentId("anna"), state=AgentState.READY), ""
        self.subscribers = Subscribers()
        self.asked: list[Event] = []

    def now(self) -> float:
        return NOON

    def ask(self, event: Event) -> tuple[Any, ...]:
        self.asked.append(event)
        if isinstance(event, ReserveAsked) and not self.refuses:
            self.anna = replace(self.anna, reserved_for=event.attempt)
        return (SimpleNamespace(refused=self.refuses),) if self.refuses else ()

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


def worker_of(house: House, attempt: Attempt) -> Worker:
    empty = SimpleNamespace(policy=SimpleNamespace(queues={}), campaigns={})
    worker = Worker(controller=house, leads=object(), house=lambda: empty, remembers=True)  # type: ignore[arg-type, return-value]
    worker._queues = frozenset({QUEUE})
    worker._hear(RulesChanged(at=NOON, campaigns={"spring": campaign(mode=Mode.PREVIEW)}))
    worker._hear(RunWished(at=NOON, campaign="spring", wish=RunWish.START, by="sue"))
    worker.state.attempts["t1"] = attempt
    return worker


def test_row_37_given_an_agent_to_be_reserved_when_the_house_does_then_the_step_has_it_at_once_and_they_are_no_more_free() -> None:
    house = House()
    shown = Attempt(id="t1", campaign="spring", lead=1, number="+442079460001", claimed_at=NOON, zones=("Europe/London",))
    shown = shown.move(AttemptState.SHOWN, reserved="anna", shown_at=NOON)
    worker = worker_of(house, shown)
    worker._do(Reserve(attempt=shown, queue=QUEUE, for_s=60.0))
    assert [(each.agent, each.attempt, each.for_s) for each in house.asked if isinstance(each, ReserveAsked)] == [("anna", "t1", 60.0)]
    assert worker.state.attempts["t1"].reserved_at == NOON and worker.state.floor(QUEUE).reserved == {"anna": "t1"}
    worker._do(LetGo(attempt="t1", agent=AgentId("anna")))
    assert [(each.agent, each.attempt) for each in house.asked if isinstance(each, LetGoAsked)] == [("anna", "t1")]


def test_given_a_house_that_refuses_when_an_agent_is_to_be_reserved_then_the_lead_goes_back_and_who_is_free_is_free() -> None:
    house = House()
    house.refuses = "anna is not free: talking"
    shown = Attempt(id="t1", campaign="spring", lead=1, number="+442079460001", claimed_at=NOON, zones=("Europe/London",))
    shown = shown.move(AttemptState.SHOWN, reserved="anna", shown_at=NOON)
    worker = worker_of(house, shown)
    worker._do(Reserve(attempt=shown, queue=QUEUE, for_s=60.0))
    assert (worker.state.attempts["t1"].state, worker.state.attempts["t1"].why) == (AttemptState.ENDED, house.refuses)
    assert worker.state.floor(QUEUE).free_agents == ["anna"]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda attempt: NumberRefused(at=NOON, attempt="w1", why="it is on a do-not-call list"), "it is on a do-not-call list"),
        (lambda attempt: NumberClaimed(at=NOON, attempt=replace(attempt, state=AttemptState.CLAIMED, reserved="")), ""),
    ],
)
def test_given_a_number_of_an_agents_choice_when_the_database_answers_then_whoever_asked_is_told(
    answer: Callable[[Attempt], WorkerEvent], told: str
) -> None:
    house = House()
    worker = worker_of(house, Attempt(id="t0", campaign="spring", lead=1, number="+442079460009", claimed_at=NOON))
    worker._hear(RulesChanged(at=NOON, campaigns={"spring": campaign(mode=Mode.MANUAL)}))
    wish = CallWished(
        at=NOON, id="w1", agent="anna", campaign="spring", number="+442079460001", zones=("Europe/London",), country="GB"
    )  # fmt: skip
    asks = gevent.spawn(worker.call, wish)
    gevent.idle()
    worker._answer(*worker._inbox.popleft())
    worker._hear(answer(worker.state.attempts["w1"]))
    if not told:
        assert [each.reserved for each in house.asked if isinstance(each, DialAsked)] == ["anna"]
        house.state.dialled["w1"] = object()
        worker._hear(Ticked(at=NOON))
    assert asks.get(timeout=5) == told and not worker._told


def test_given_a_wish_that_is_refused_at_once_when_asked_then_raised_to_whoever_asked() -> None:
    worker = worker_of(House(), Attempt(id="t0", campaign="spring", lead=1, number="+442079460009", claimed_at=NOON))
    wish = CallWished(at=NOON, id="w1", agent="anna", campaign="spring", number="+442079460001", zones=("Europe/London",))
    asks = gevent.spawn(worker.call, wish)
    gevent.idle()
    worker._answer(*worker._inbox.popleft())
    with pytest.raises(IllegalMove, match="the mode of campaign spring is preview"):
        asks.get(timeout=5)
