"""A caller in a flow, for tests: says what happens to it, and remembers what the flow answered."""

import re
from collections.abc import Mapping
from dataclasses import replace
from textwrap import dedent, indent

from acd.core.call import Call
from acd.core.commands import Command, Dial, Play, Record
from acd.core.events import DigitPressed, PlayEnded, TimePassed
from acd.core.frame import Answered, CallbackWish, Frame, Message, Passed
from acd.core.interpreter import CallNumber, EndCall, EnterQueue, Happening, NotDialled, QueueExit, Walk, WishDone
from acd.core.media import Recorded, Speech
from acd.core.outside.gate import Nothing, Refused, Wanted, judge
from acd.core.outside.outbound_policy import OutboundPolicy, Way
from acd.ivr.check import Known
from acd.ivr.flow import Flow
from acd.ivr.library import FlowLibrary
from acd.ivr.load import load_text
from acd.live.codec import decode_line, encode_snapshot
from acd.words import CallId, FlowId, LegId, Owner
from tests.ivr.quiet import Quiet

NOON = 1_763_982_000.0  # Monday, 24 November 2025, 12:00 in Berlin


def flow(steps: str, name: str = "tested", known: Known | None = None) -> Flow:
    """A flow from its steps, which begin with `start`; `end`, when somebody goes there, hangs up."""
    body = indent(dedent(steps).strip("\n"), "  ")
    end = "  end: {step: hang_up}\n" if re.search(r"\bend\b", steps) else ""
    return load_text(f"start: start\nsteps:\n{body}\n{end}", name, known or Known())


def speech(command: Command) -> list[str]:
    """What a Play says, as texts."""
    assert isinstance(command, Play)
    return [one.text if isinstance(one, Speech) else f"[{one.name}]" for one in command.media]


class Caller:
    def __init__(
        self, *flows: Flow, at: float = NOON, outside: tuple[Way, ...] = (), around: Quiet | None = None, **known: str
    ) -> None:
        self.at = at
        self.around = around or Quiet()
        self.around.outbound = OutboundPolicy(ways=outside)
        self.library = FlowLibrary(flows={one.id: one for one in flows})
        self.call = Call(
            id=CallId("c1"),
            leg=LegId("n/u1"),
            owner=Owner.FLOW,
            arrived_at=at,
            dialled="100",
            **known,  # type: ignore[arg-type]
        )
        self.passed: list[Passed] = []
        self.messages: list[Message] = []
        self.answers: list[Answered] = []
        self.callbacks: list[CallbackWish] = []
        self.dialled: Dial | None = None
        self.take(self.library.begin(at, self.call, FlowId(flows[0].id), self.around))

    def take(self, walk: Walk) -> "Caller":
        self.walk = walk
        self.call = replace(self.call, frame=walk.frame)
        self.passed += walk.passed
        self.messages += walk.messages
        self.answers += walk.answers
        self.callbacks += walk.callbacks
        self.dialled = None
        return self._dial(walk.ask) if isinstance(walk.ask, CallNumber) else self

    def _dial(self, ask: CallNumber) -> "Caller":
        """As the core does it: the house says whether, and through which trunk."""
        call = self.call
        who = {"caller": call.caller_number, "caller_name": call.caller_name}
        wanted = Wanted(id=ask.play, number=ask.number, reason="transfer", trunks=ask.trunks, skip=ask.skip, **who)
        found = judge(self.around.outbound, Nothing(), wanted, self.at)
        if isinstance(found, Refused):
            return self.happens(NotDialled(at=self.at, rule=found.rule.value, why=found.why))
        self.dialled = Dial(
            leg=call.leg,
            play=ask.play,
            trunk=found.trunk,
            number=found.number,
            timeout_s=ask.ring_s,
            caller_number=found.shown,
            caller_name=found.name,
        )
        return self

    def happens(self, happening: Happening) -> "Caller":
        self.at = happening.at
        return self.take(self.library.resume(happening.at, self.call, happening, self.around))

    def presses(self, digits: str) -> "Caller":
        for digit in digits:
            self.happens(DigitPressed(at=self.at, leg=self.call.leg, digit=digit))
        return self

    def hears_out(self, **told: object) -> "Caller":
        """What plays, records or is dialled comes to its end."""
        assert self.frame.play is not None
        return self.happens(PlayEnded(at=self.at + 3, leg=self.call.leg, play=self.frame.play, **told))  # type: ignore[arg-type]

    def waits(self, seconds: float | None = None) -> "Caller":
        """Until the deadline, or so many seconds."""
        if seconds is None:
            assert self.frame.deadline is not None
            seconds = self.frame.deadline - self.at
        return self.happens(TimePassed(at=self.at + seconds))

    def comes_back(self, exit: str) -> "Caller":
        return self.happens(QueueExit(at=self.at + 60, exit=exit))

    def is_told(self, state: str, why: str = "") -> "Caller":
        return self.happens(WishDone(at=self.at, state=state, why=why))

    def restarts(self) -> "Caller":
        """The controller dies; the frame goes to the disk and back, as the journal does it."""
        saved = decode_line(encode_snapshot(1, self.at, [self.call])).changes[0]
        assert isinstance(saved, Call)
        self.call = saved
        return self

    @property
    def frame(self) -> Frame:
        assert self.call.frame is not None
        return self.call.frame

    @property
    def step(self) -> str:
        return self.frame.step

    @property
    def variables(self) -> Mapping[str, str]:
        return self.frame.variables

    @property
    def secret(self) -> Mapping[str, str]:
        """Variables that are in memory only."""
        return self.frame.private.values if self.frame.private else {}

    @property
    def exits(self) -> list[tuple[str, str]]:
        return [(one.step, one.exit) for one in self.passed]

    @property
    def commands(self) -> list[str]:
        return [type(one).__name__ for one in self.walk.commands]

    @property
    def heard(self) -> list[str]:
        return [text for one in self.walk.commands if isinstance(one, Play) for text in speech(one)]

    @property
    def recorded(self) -> Record | None:
        return next((one for one in self.walk.commands if isinstance(one, Record)), None)

    @property
    def ended(self) -> bool:
        return isinstance(self.walk.ask, EndCall)

    @property
    def queued(self) -> EnterQueue | None:
        return self.walk.ask if isinstance(self.walk.ask, EnterQueue) else None


__all__ = ["NOON", "Caller", "Recorded", "flow", "speech"]
