"""Walks a caller through a flow until a step needs the world outside. PURE: no clock, no state but what it is given."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from acd.core.call import Call
from acd.core.commands import Answer, Command, Play, Record, StopPlay
from acd.core.events import DigitPressed, TimePassed
from acd.core.frame import Answered, CallbackWish, Frame, Message, Passed
from acd.core.interpreter import Ask, EndCall, EnterQueue, Happening, QueueExit, Surroundings, Walk
from acd.ivr.flow import ENDED, Flow, Step
from acd.ivr.outside import Way
from acd.ivr.scene import Scene, Turn
from acd.words import FlowId

MAX_WALKED = 100
FAILED = EndCall(cause="NORMAL_TEMPORARY_FAILURE")
KEEPS_THE_LINE = frozenset({"full", "no_agents", "failed"})


@dataclass(slots=True, kw_only=True)
class Walker:
    """One walk; thrown away when it is over."""

    at: float
    call: Call
    newest: Callable[[FlowId], Flow | None]
    around: Surroundings
    outside: tuple[Way, ...] = ()
    commands: list[Command] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)
    answers: list[Answered] = field(default_factory=list)
    callbacks: list[CallbackWish] = field(default_factory=list)

    def begin(self, flow: Flow) -> Walk:
        frame = Frame(flow=flow.id, version=flow.version, step=flow.start, since=self.at)
        return self.walk(flow, frame)

    def walk(self, flow: Flow, frame: Frame) -> Walk:
        """Enter the frame's step, and go on from there."""
        return self.go_on(flow, self._enter(flow, frame))

    def hear(self, flow: Flow, frame: Frame, happening: Happening) -> Walk:
        turn = flow.steps[frame.step].hear(self._scene(flow, frame), happening)
        if turn is None:
            return Walk(frame=frame)
        return self.go_on(flow, replace(turn, frame=replace(turn.frame, walked=walked_after(frame, happening))))

    def go_on(self, flow: Flow, turn: Turn) -> Walk:
        while True:
            self.commands += turn.commands
            self.messages += turn.messages
            self.tags |= turn.tags
            self.answers += turn.answers
            self.callbacks += turn.callbacks
            if turn.ask is not None or turn.exit is None:
                return self._done(turn.frame, turn.ask)
            self._pass(turn)
            onward = self._onward(flow, turn)
            if onward is None:
                return self._end(turn.frame, EndCall())
            if turn.frame.walked >= MAX_WALKED:
                return self._end(turn.frame, FAILED)
            flow, frame = onward
            turn = self._enter(flow, frame)

    def _onward(self, flow: Flow, turn: Turn) -> tuple[Flow, Frame] | None:
        """The next step's flow and frame; None where the flow says nothing, which ends the call."""
        if turn.flow is not None:
            found = self.newest(turn.flow)
            return (found, self._next(turn.frame, found, found.start)) if found else None
        target = flow.steps[turn.frame.step].exits.get(turn.exit or "")
        return (flow, self._next(turn.frame, flow, target)) if target else None

    def _next(self, frame: Frame, flow: Flow, step: str) -> Frame:
        return replace(
            frame, flow=flow.id, version=flow.version, step=step, since=self.at, phase="", tries=0, walked=frame.walked + 1
        )

    def _enter(self, flow: Flow, frame: Frame) -> Turn:
        step: Step = flow.steps[frame.step]
        return step.enter(self._scene(flow, replace(frame, phase="", play=None, deadline=None)))

    def _scene(self, flow: Flow, frame: Frame) -> Scene:
        return Scene(at=self.at, call=self.call, flow=flow, frame=frame, around=self.around, outside=self.outside)

    def _pass(self, turn: Turn) -> None:
        frame = turn.frame
        self.passed.append(
            Passed(flow=frame.flow, step=frame.step, exit=turn.exit or "", entered_at=frame.since, left_at=self.at)
        )

    def _end(self, frame: Frame, ask: EndCall) -> Walk:
        return self._done(replace(frame, phase=ENDED, play=None, deadline=None), ask)

    def _done(self, frame: Frame, ask: Ask | None) -> Walk:
        return Walk(
            frame=frame,
            commands=_in_order(self.call, self.commands, ask),
            ask=ask,
            passed=tuple(self.passed),
            messages=tuple(self.messages),
            tags=self.tags,
            answers=tuple(self.answers),
            callbacks=tuple(self.callbacks),
        )


def walked_after(frame: Frame, happening: Happening) -> int:
    """Only what comes from outside proves that this is no loop; the end of our own prompt or a deadline does not."""
    if isinstance(happening, DigitPressed):
        return 0
    if isinstance(happening, QueueExit) and happening.exit not in KEEPS_THE_LINE:
        return 0
    return frame.walked


def is_due(frame: Frame, at: float, happening: Happening) -> bool:
    """A frame that stands before its step (it was placed there) is entered when its time comes."""
    return frame.phase == "" and isinstance(happening, TimePassed) and at >= (frame.deadline or at)


def _in_order(call: Call, commands: list[Command], ask: Ask | None) -> tuple[Command, ...]:
    """Answered before anything is heard; a stop is left out where a new playback takes the old one's place anyway."""
    last_play = max((n for n, one in enumerate(commands) if isinstance(one, Play)), default=-1)
    kept = [one for n, one in enumerate(commands) if not (isinstance(one, StopPlay) and n < last_play)]
    heard = isinstance(ask, EnterQueue) or any(isinstance(one, Play | Record) for one in kept)
    if heard and call.answered_at is None:
        kept.insert(0, Answer(leg=call.leg))
    return tuple(kept)
