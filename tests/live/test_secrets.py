"""What callers type in confidence, through the core, the controller and the journal: nowhere to be found, and asked for again."""

import logging
import re
from dataclasses import replace
from pathlib import Path

from pytest import LogCaptureFixture

from acd.core.call import Call
from acd.core.commands import Play
from acd.core.events import AgentAsked, CallArrived, DigitPressed, Event, LegEnded, PlayEnded, SnapshotTaken, TimePassed
from acd.core.media import Speech
from acd.core.policy import AgentPolicy, Policy, QueuePolicy
from acd.core.state import State
from acd.core.step import step
from acd.ivr.flow import Flow
from acd.ivr.library import FlowLibrary
from acd.live.codec import encode_snapshot
from acd.live.controller import Controller
from acd.live.journal import Journal
from acd.live.poison import Poison
from acd.live.recovery import recover
from acd.words import AgentId, CallId, FlowId, LegId, NodeId, Owner, PhoneId, QueueId, Wish
from tests.ivr.caller import flow
from tests.live.house import Node, Time

PIN = "86429753"
LEG = LegId("a/u1")
BANK = flow(
    """
    start: {step: say, text: Welcome., next: menu}
    menu: {step: menu, prompt: One for your account., options: {1: pin}, otherwise: end}
    pin: {step: gather, prompt: Your number., into: pin, max: 8, sensitive: true, tries: 2, next: told, otherwise: end}
    told: {step: say, text: Thank you., next: judge}
    judge:
      step: branch
      when: [{if: pin == "86429753", go: inside}]
      otherwise: end
    inside: {step: menu, prompt: Choose., options: {1: judge, 2: line}, otherwise: end}
    line: {step: queue, queue: support, otherwise: end}
    """,
    "main",
)

QUEUE, ANN, PHONE = QueueId("support"), AgentId("ann"), PhoneId("1001")
HOUSE = Policy(
    numbers={"100": FlowId("main")},
    queues={QUEUE: QueuePolicy(id=QUEUE)},
    agents={ANN: AgentPolicy(id=ANN, name="Ann", phone=PHONE, queues=(QUEUE,))},
    agent_of_phone={PHONE: ANN},
)


class Bank:
    """A caller in a live house, whose disk is read afterwards."""

    def __init__(self, folder: Path, flows: Flow = BANK) -> None:
        self.folder, self.flows, self.time = folder, flows, Time()
        self.start()

    def start(self) -> None:
        self.state = State(HOUSE, FlowLibrary(flows={self.flows.id: self.flows}))
        self.journal = Journal(self.folder / "journal", segment_lines=5)
        self.journal.start(on_died=lambda name, error: None)
        recover(self.state, self.journal.recovered())
        self.node = Node()
        self.controller = Controller(
            state=self.state,
            step=step,
            journal=self.journal,
            nodes={NodeId("a"): self.node},
            clock=self.time,
            poison=Poison(self.folder / "poison.jsonl"),
        )
        self.readers = self.controller.subscribers.subscribe("readers")

    def restarts(self) -> "Bank":
        self.journal.close()
        self.start()
        return self

    def happens(self, event: Event) -> "Bank":
        self.time.at = event.at
        self.controller.post(event)
        self.controller.turn()
        return self

    def has_an_agent(self) -> "Bank":
        self.happens(SnapshotTaken(at=self.time.at, node=NodeId("a"), asked_at=self.time.at, channels=(), phones=(PHONE,)))
        self.happens(AgentAsked(at=self.time.at, agent=ANN, wish=Wish.LOG_IN))
        return self.happens(AgentAsked(at=self.time.at, agent=ANN, wish=Wish.READY))

    def calls(self) -> "Bank":
        return self.happens(CallArrived(at=self.time.at, leg=LEG, dialled="100"))

    def presses(self, digits: str) -> "Bank":
        for digit in digits:
            self.happens(DigitPressed(at=self.time.at + 0.1, leg=LEG, digit=digit))
        return self

    def hears_out(self) -> "Bank":
        play = self.call.frame.play if self.call.frame else None
        assert play is not None
        return self.happens(PlayEnded(at=self.time.at + 3, leg=LEG, play=play))

    @property
    def call(self) -> Call:
        return self.state.calls[CallId("u1")]

    @property
    def step(self) -> str:
        assert self.call.frame is not None
        return self.call.frame.step

    @property
    def heard(self) -> list[str]:
        """What the caller was last told."""
        plays = [command for command in self.node.sent if isinstance(command, Play)]
        return [one.text for one in plays[-1].media if isinstance(one, Speech)] if plays else []

    @property
    def written(self) -> str:
        """All that is on the disk, what a snapshot would add, and what readers were told."""
        files = [file.read_text() for file in sorted(self.folder.rglob("*")) if file.is_file()]
        snapshot = encode_snapshot(1, 1.0, self.state.records()).decode()
        decisions = [decision for decision in self.readers.take(0) for decision in (replace(decision, commands=()), decision)]
        return "\n".join([*files, snapshot, repr(decisions)])


def digits_in(text: str) -> str:
    """Of the events, in order, as far as the journal has them."""
    return "".join(re.findall(r'"type":"DigitPressed"[^}]*"digit":"(.)"', text))


def holds_secret(text: str) -> bool:
    return any(PIN[n : n + 4] in text for n in range(len(PIN) - 3)) or bool(re.search(r"""digits["']?[:=]["'][0-9]{2,}""", text))


def at_the_question(bank: Bank) -> Bank:
    return bank.calls().hears_out().hears_out().presses("1").hears_out()


def test_given_a_secret_when_typed_then_it_stands_nowhere_and_the_flow_knows_it(tmp_path: Path, caplog: LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        bank = at_the_question(Bank(tmp_path)).presses(PIN).hears_out()
        assert bank.step == "inside"
        bank.presses("2").happens(LegEnded(at=bank.time.at, leg=LEG, cause="NORMAL_CLEARING"))
    written = bank.written
    assert not holds_secret(written + caplog.text)
    assert digits_in(written) == "1????????2"


def test_given_a_secret_typed_ahead_when_the_words_before_it_end_then_it_counts_and_stands_nowhere(tmp_path: Path) -> None:
    bank = Bank(tmp_path).calls().presses("1" + PIN)
    assert bank.step == "start"
    bank.hears_out()
    assert bank.step == "told" and not holds_secret(bank.written)


def test_given_half_a_secret_when_the_caller_hangs_up_then_that_half_stands_nowhere(tmp_path: Path) -> None:
    bank = at_the_question(Bank(tmp_path)).presses(PIN[:6])
    bank.happens(LegEnded(at=bank.time.at, leg=LEG, cause="NORMAL_CLEARING"))
    assert not holds_secret(bank.written)


def test_given_half_a_secret_when_no_more_comes_then_it_is_asked_again_and_that_half_stands_nowhere(tmp_path: Path) -> None:
    bank = at_the_question(Bank(tmp_path)).presses(PIN[:6] + "#").presses(PIN)
    assert bank.step == "told" and not holds_secret(bank.written)


def test_given_the_last_digit_when_it_leads_to_a_queue_then_also_what_follows_from_it_does_not_hold_it(tmp_path: Path) -> None:
    straight = """
    start: {step: gather, prompt: Your number., into: pin, max: 8, sensitive: true, next: line, otherwise: end}
    line: {step: queue, queue: support, otherwise: end}
    """
    bank = Bank(tmp_path, flow(straight, "main")).has_an_agent().calls().presses(PIN)
    assert bank.call.owner is Owner.QUEUE and len(bank.state.offers) == 1
    assert digits_in(bank.written) == "?????????" and not holds_secret(bank.written)


def test_given_a_core_that_fails_on_a_digit_when_set_aside_then_the_digit_is_not(tmp_path: Path, caplog: LogCaptureFixture) -> None:
    aside = Poison(tmp_path / "poison.jsonl")
    aside.set_aside(DigitPressed(at=1.0, leg=LEG, digit="8"), RuntimeError("a fault"))
    assert digits_in(aside.file.read_text()) == "?" and "digit='8'" not in caplog.text


def test_given_a_digit_that_comes_too_late_when_remembered_then_nobody_knows_which(tmp_path: Path) -> None:
    bank = Bank(tmp_path).presses("8")
    assert digits_in(bank.written) == "?"


def test_given_a_restart_while_a_secret_is_typed_when_the_rest_comes_then_it_is_asked_from_its_beginning(tmp_path: Path) -> None:
    bank = at_the_question(Bank(tmp_path)).presses(PIN[:6]).restarts()
    bank.presses(PIN[6:7])
    assert bank.step == "pin" and bank.heard == ["Your number."]
    bank.presses(PIN)
    assert bank.step == "told"
    assert [one.exit for one in bank.call.trail] == ["done", "1", "asked_again", "done"]


def test_given_a_restart_while_a_secret_is_typed_when_nothing_comes_then_it_is_asked_from_its_beginning(tmp_path: Path) -> None:
    bank = at_the_question(Bank(tmp_path)).presses(PIN[:6]).restarts()
    bank.happens(TimePassed(at=bank.time.at + 10))
    assert bank.step == "pin" and bank.heard == ["Your number."]


def test_given_a_restart_after_a_secret_when_a_step_needs_it_then_the_caller_is_asked_again(tmp_path: Path) -> None:
    bank = at_the_question(Bank(tmp_path)).presses(PIN).restarts()
    assert bank.step == "told"
    bank.hears_out()
    assert bank.step == "pin" and bank.heard == ["Your number."]
    assert bank.presses(PIN).hears_out().step == "inside"


def test_given_a_restart_after_a_secret_when_no_step_needs_it_then_nobody_is_asked(tmp_path: Path) -> None:
    bank = at_the_question(Bank(tmp_path).has_an_agent()).presses(PIN).hears_out().restarts()
    assert bank.presses("2").call.owner is Owner.QUEUE


def test_given_a_restart_without_a_secret_when_the_caller_goes_on_then_nothing_was_lost(tmp_path: Path) -> None:
    bank = Bank(tmp_path).calls().hears_out().restarts()
    assert bank.presses("1").step == "pin"
