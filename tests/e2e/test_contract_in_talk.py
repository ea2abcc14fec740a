"""What is done in a talk, by the same commands of ours on both switches: who hears whom after each, and what is told of it.

The commands go through the translation that the contact centre uses; what comes back is translated by it too, and compared. No
contact centre runs here: it would answer what it is told.
"""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gevent
import pytest

from acd.core import commands as c
from acd.core import events as ev
from acd.switch.commands_to import Dialect, encoded
from acd.switch.events_from import event_from, subscription
from acd.switch.wire import Splitter
from acd.words import HeardBy, LegId, NodeId, PlayId, RecordingId, leg_id
from softswitch.media import MediaEngine
from softswitch.party.heard import tone_share
from softswitch.party.line import Line
from softswitch.party.phone import Phone
from softswitch.party.script import Manner

from .conftest import NO_FREESWITCH
from .processes import Stage
from .switches import KINDS, PASSWORD, freeswitch_binary

NODE = NodeId("n")
TONES = {"cust": 1000, "anna": 700, "sue": 1300}
SETTLES_S, LISTENS_S = 0.6, 0.6
Hearing = dict[str, set[str]]


class Wire:
    """One connection to an event socket, in greenlets."""

    def __init__(self, port: int) -> None:
        self._socket = gevent.socket.create_connection(("127.0.0.1", port))
        self._splitter = Splitter()
        self.answers: gevent.queue.Queue[str] = gevent.queue.Queue()
        self.told: list[ev.Event] = []
        gevent.spawn(self._read)
        self.answers.get(timeout=5)
        self.write(f"auth {PASSWORD}\n\n".encode())

    def write(self, text: bytes) -> str:
        self._socket.sendall(text)
        return self.answers.get(timeout=10)

    def _read(self) -> None:
        while piece := self._socket.recv(65536):
            for frame in self._splitter.feed(piece):
                if frame.kind != "text/event-plain":
                    self.answers.put(frame.data)
                elif (event := event_from(frame, NODE, 0.0)) is not None:
                    self.told.append(event)


class Talk:
    """A customer and an agent who talk, a supervisor whose leg stands parked; each speaks a tone of their own."""

    def __init__(self, kind: str, stage: Stage) -> None:
        self.engine = MediaEngine()
        self.engine.start()
        self.phones = {name: self._phone(name, tone) for name, tone in TONES.items()}
        trunks = {name: phone.agent.port for name, phone in self.phones.items()}
        self.switch = KINDS[kind](stage, trunks=trunks)
        self.switch.directory_file.write_text("<include></include>")
        self.switch.start()
        for phone in self.phones.values():
            phone.server = self.switch.callers
            phone._domain = f"127.0.0.1:{self.switch.ports.callers}"
        self.dialect = Dialect(resolve=lambda medium: str(self.switch.music / "default.wav"), talks=str(stage.directory / "talks"))
        self.events, self.commands = (Wire(self.switch.ports.event_socket) for _ in range(2))
        self.events.write(subscription().encode() + b"\n\n")
        self.legs: dict[str, LegId] = {}
        self.lines: dict[str, Line] = {}
        self._customer()
        for name in ("anna", "sue"):
            self._ring(name)
        self.do(c.Bridge(leg=self.legs["cust"], other=self.legs["anna"]))
        self._await(ev.LegsBridged)
        self.events.told.clear()

    def _phone(self, name: str, tone: int) -> Phone:
        phone = Phone(user=name, server=("127.0.0.1", 0), engine=self.engine, manner=Manner(answer_after_s=0.02))
        phone.start()
        return phone

    def _customer(self) -> None:
        self.lines["cust"] = self.phones["cust"].dial("100")
        arrived = self._await(ev.CallArrived)
        self.legs["cust"] = arrived.leg
        self.do(c.Arm(leg=arrived.leg, after_s=600), c.Answer(leg=arrived.leg))
        self.lines["cust"].wait_answered(timeout_s=5)
        self._speak("cust")

    def _ring(self, name: str) -> None:
        uuid = f"00000000-0000-4000-8000-00000000000{list(TONES).index(name)}"
        self.legs[name] = leg_id(NODE, uuid)
        self.do(c.CallOut(leg=self.legs[name], trunk=name, number="1", timeout_s=10))
        self.lines[name] = self.phones[name].wait_call(timeout_s=5)
        self._await(ev.LegParked, self.legs[name])
        self._speak(name)

    def _speak(self, name: str) -> None:
        self.lines[name].speak_tone(f"%(60000,0,{TONES[name]});loops=-1")

    def _await(self, kind: type, leg: LegId | None = None) -> Any:
        for _ in range(200):
            for event in self.events.told:
                if isinstance(event, kind) and (leg is None or event.leg == leg):
                    return event
            gevent.sleep(0.05)
        raise AssertionError(f"no {kind.__name__}: {self.events.told}")

    def do(self, *commands: c.Command) -> None:
        for command in commands:
            for request in encoded(command, self.dialect):
                answer = self.commands.write(request.text)
                assert not request.essential or not answer.startswith("-"), (command, answer)

    def hears(self) -> Hearing:
        gevent.sleep(SETTLES_S)
        for line in self.lines.values():
            line.heard.forget()
        gevent.sleep(LISTENS_S)
        return {name: _tones(line) for name, line in self.lines.items() if not line.ended.is_set()}

    def told(self) -> dict[str, list[str]]:
        """Of each leg, in order; what is told of both legs at once is told of the first."""
        names = {leg: name for name, leg in self.legs.items()}
        found: dict[str, list[str]] = {name: [] for name in self.legs}
        for event in self.events.told:
            leg = getattr(event, "leg", None)
            if leg in names and not (isinstance(event, ev.PlayEnded) and "-" in event.play):  # of the switch's own music
                found[names[leg]].append(_words(event))
        self.events.told.clear()
        return found

    def close(self) -> None:
        for phone in self.phones.values():
            phone.stop()
        self.engine.stop()


def _tones(line: Line) -> set[str]:
    samples = line.heard.samples()
    return {name for name, hz in {**TONES, "music": 520}.items() if tone_share(samples, hz) > 0.08}


def _words(event: ev.Event) -> str:
    more = {"DigitPressed": "digit", "PlayEnded": "play", "RecordingEnded": "recording"}.get(type(event).__name__)
    return f"{type(event).__name__} {getattr(event, more)}" if more else type(event).__name__


TAPE = RecordingId("talk.r1")
Steps = list[tuple[str, Callable[[Talk], None]]]


def cust(talk: Talk) -> LegId:
    return talk.legs["cust"]


def listen(talk: Talk, play: str, to: str, heard_by: HeardBy = HeardBy.NOBODY) -> None:
    talk.do(c.ListenIn(leg=talk.legs["sue"], play=PlayId(play), to=talk.legs[to], heard_by=heard_by, keys="12"))


def speak_to(heard_by: HeardBy) -> Callable[[Talk], None]:
    return lambda talk: talk.do(c.SpeakTo(leg=talk.legs["sue"], heard_by=heard_by))


def join(one: str, other: str) -> Callable[[Talk], None]:
    return lambda talk: talk.do(c.Bridge(leg=talk.legs[one], other=talk.legs[other]))


STORIES: dict[str, Steps] = {
    "listening": [
        ("she listens at the agent's leg", lambda talk: listen(talk, "m1.1", "anna")),
        ("she whispers", speak_to(HeardBy.TARGET)),
        ("she barges in", speak_to(HeardBy.BOTH)),
        ("to the customer alone", speak_to(HeardBy.OTHER)),
        ("she listens again", speak_to(HeardBy.NOBODY)),
        ("her keys are told, those that are bound", lambda talk: talk.lines["sue"].press("217")),
        ("the two are parted", lambda talk: talk.do(c.Separate(leg=cust(talk)))),
        ("parted again: nothing is broken", lambda talk: talk.do(c.Separate(leg=cust(talk)))),
        ("joined again", join("cust", "anna")),
        ("she stops", lambda talk: talk.do(c.StopListening(leg=talk.legs["sue"]))),
        ("she barges in at the customer's leg", lambda talk: listen(talk, "m1.2", "cust", HeardBy.BOTH)),
        ("she takes over", join("cust", "sue")),
        ("the customer leaves", lambda talk: talk.lines["cust"].hang_up()),
    ],
    "three": [
        ("three-way", lambda talk: talk.do(c.ThreeWay(leg=talk.legs["sue"], play=PlayId("w1"), to=cust(talk)))),
        ("the agent leaves", lambda talk: talk.lines["anna"].hang_up()),
        ("the two others are joined", join("cust", "sue")),
    ],
    "holding": [
        ("the agent's phone holds", lambda talk: talk.lines["anna"].call.hold()),
        ("and resumes", lambda talk: talk.lines["anna"].call.resume()),
        ("holds again", lambda talk: talk.lines["anna"].call.hold()),
        ("and they are parted", lambda talk: talk.do(c.Separate(leg=cust(talk)))),
    ],
    "tape": [
        ("recorded", lambda talk: talk.do(c.StartRecording(leg=cust(talk), recording=TAPE, max_s=60))),
        ("and again", lambda talk: talk.do(c.StartRecording(leg=cust(talk), recording=TAPE, max_s=60))),
        ("masked", lambda talk: talk.do(c.MaskRecording(leg=cust(talk), recording=TAPE))),
        ("masked twice", lambda talk: talk.do(c.MaskRecording(leg=cust(talk), recording=TAPE))),
        ("unmasked", lambda talk: talk.do(c.UnmaskRecording(leg=cust(talk), recording=TAPE))),
        ("parted", lambda talk: talk.do(c.Separate(leg=cust(talk)))),
        ("joined", join("cust", "anna")),
        ("stopped", lambda talk: talk.do(c.StopRecording(leg=cust(talk), recording=TAPE))),
    ],
}


@pytest.fixture
def stage() -> Iterator[Callable[[], Stage]]:
    made: list[Stage] = []

    def make() -> Stage:
        made.append(Stage(Path(tempfile.mkdtemp(prefix="acd-e2e-"))))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.mark.timeout(240)
@pytest.mark.parametrize("story", STORIES)
def test_given_the_same_commands_when_both_switches_obey_then_the_same_is_heard_and_told(
    stage: Callable[[], Stage], story: str
) -> None:
    if freeswitch_binary() is None:
        pytest.skip(NO_FREESWITCH)
    found = {kind: _played(kind, STORIES[story], stage()) for kind in ("embedded", "freeswitch")}
    for (step, _), ours, theirs in zip(STORIES[story], found["embedded"], found["freeswitch"], strict=True):
        assert ours[0] == theirs[0], f"{step}: who hears whom, embedded against FreeSWITCH"
        assert ours[1] == theirs[1], f"{step}: what is told, embedded against FreeSWITCH"


def _played(kind: str, steps: Steps, stage: Stage) -> list[tuple[Hearing, dict[str, list[str]]]]:
    talk = Talk(kind, stage)
    try:
        found = []
        for _, act in steps:
            act(talk)
            found.append((talk.hears(), talk.told()))
        return found
    finally:
        talk.close()
