"""Builders for the tests of the live shell: a situation in one line, and a core so small that nothing hides in it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from acd.core.call import Call
from acd.core.commands import Answer, Command
from acd.core.decision import Decision
from acd.core.events import CallArrived, Event, LegEnded, PolicyChanged, TimePassed
from acd.core.policy import Policy
from acd.core.state import State
from acd.live.controller import Controller
from acd.live.disk import Disk
from acd.live.journal import Journal
from acd.live.poison import Poison
from acd.words import CallId, LegId, NodeId, Owner


class Time:
    """A clock that a test turns."""

    def __init__(self, at: float = 1_000.0) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at


class FullDisk(Disk):
    """Takes ``room`` bytes and then no more; a short write first, as a real disk does."""

    def __init__(self, room: int = 1 << 60) -> None:
        self.room = room
        self.writes = 0

    def write(self, fd: int, data: Any) -> int:
        self.writes += 1
        if self.room <= 0:
            raise OSError(28, "No space left on device")
        written = super().write(fd, data[: self.room])
        self.room -= written
        return written


class Node:
    """Remembers what was sent, and what the journal's file held at that moment."""

    def __init__(self, journal: Journal | None = None) -> None:
        self.sent: list[Command] = []
        self.written_when_sent: list[int] = []
        self.journal = journal

    def send(self, commands: Sequence[Command]) -> None:
        self.sent.extend(commands)
        if self.journal is not None:
            self.written_when_sent.append(self.journal.written_n)


def call(uuid: str = "u1", **more: Any) -> Call:
    given: dict[str, Any] = {"owner": Owner.FLOW, "arrived_at": 1_000.0, "dialled": "100"} | more
    return Call(id=CallId(uuid), leg=LegId(f"a/{uuid}"), **given)


def arrived(uuid: str = "u1", at: float = 1_000.0) -> CallArrived:
    return CallArrived(at=at, leg=LegId(f"a/{uuid}"), dialled="100")


def decision(uuid: str = "u1", at: float = 1_000.0) -> Decision:
    return Decision(event=arrived(uuid, at), changes=(call(uuid, arrived_at=at),), commands=(Answer(leg=LegId(f"a/{uuid}")),))


def tiny_step(state: State, event: Event) -> Iterator[Decision]:
    """Calls arrive and end. A call to ``bad`` raises after its decision; a call to ``worse`` before."""
    match event:
        case CallArrived():
            if event.dialled == "worse":
                raise RuntimeError("a fault before deciding")
            version = call(event.leg.partition("/")[2], arrived_at=event.at, arm_at=event.at + 60)
            state.put(version)
            yield Decision(event=event, changes=(version,), commands=(Answer(leg=event.leg),))
            if event.dialled == "bad":
                raise RuntimeError("a fault after deciding")
        case LegEnded():
            ended = state.calls[state.call_of_leg[event.leg]].move(Owner.NOBODY, ended_at=event.at, cause=event.cause)
            state.put(ended)
            yield Decision(event=event, changes=(ended,))
        case TimePassed():
            for due in [c for c in state.calls.values() if c.deadline and c.deadline <= event.at]:
                renewed = due.move(due.owner, arm_at=event.at + 60)
                state.put(renewed)
                yield Decision(event=event, changes=(renewed,))
        case PolicyChanged():
            yield Decision(event=event)


def house(tmp_path: Path, step: Any = tiny_step, **journal: Any) -> tuple[Controller, Node, Time]:
    """A controller with one node, a clock to turn, and a real journal; nothing runs until ``turn``."""
    memory = Journal(tmp_path / "journal", **journal)
    memory.start(on_died=lambda name, error: None)
    node, time = Node(memory), Time()
    controller = Controller(
        state=State(Policy(), None),  # type: ignore[arg-type]
        step=step,
        journal=memory,
        nodes={NodeId("a"): node},
        clock=time,
        poison=Poison(tmp_path / "poison.jsonl"),
    )
    return controller, node, time
