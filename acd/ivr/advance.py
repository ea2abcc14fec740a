"""Walks a caller through a flow until a step needs the world outside. PURE: no clock, no state but what it is given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from acd.core.call import Call
from acd.core.commands import Answer, Command, Play, Record, StopPlay
from acd.core.events import DigitPressed, TimePassed
from acd.core.frame import Answered, CallbackWish, Frame, Message, Passed, Private, Return
from acd.core.interpreter import Ask, EndCall, EnterQueue, Happening, QueueExit, Surroundings, Walk
from acd.ivr.calendar import Calendar
from acd.ivr.flow import ENDED, Flow, Step
from acd.ivr.private import asker, closed, hides_digits, lost_digits, opened
from acd.ivr.scene import Scene, Turn
from acd.ivr.variables import POSITION, WAIT
from acd.words import FlowId

MAX_WALKED = 100
FAILED = EndCall(cause="NORMAL_TEMPORARY_FAILURE")
KEEPS_THE_LINE = frozenset({"full", "closed", "no_agents", "failed"})


Onward = tuple[Flow, Frame] | EndCall


@dataclass(slots=True, kw_only=True)
class Walker:
    """One walk; thrown away when it is over."""

    at: float
    call: Call
    newest: Callable[[FlowId], Flow | None]
    kept: Callable[[FlowId, str], Flow | None]
    around: Surroundings
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    guarded: frozenset[FlowId] = frozenset()  # flows in which, or after which, callers are asked for secrets
    is_private: bool = False
    told: dict[str, int] = field(default_factory=dict)
    commands: list[Command] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)
    answers: list[Answered] = field(default_factory=list)
    callbacks: list[CallbackWish] = field(default_factory=list)

    def begin(self, flow: Flow) -> Walk:
        """What the call knows already is known here too."""
        frame, before = Frame(flow=flow.id, version=flow.version, step=flow.start, since=self.at), self.call.frame
        return self.walk(flow, _knowing(frame, before) if before else frame)

    def walk(self, flow: Flow, frame: Frame) -> Walk:
        """Enter the frame's step, and go on from there."""
        return self.go_on(*self._enter(flow, opened(frame)))

    def hear(self, flow: Flow, frame: Frame, happening: Happening) -> Walk:
        step, lost = flow.steps[frame.step], lost_digits(frame)
        self.is_private = isinstance(happening, DigitPressed) and hides_digits(frame, step, self.guarded)
        frame = opened(frame)
        if (lost and step.asks) or (step.rereads(frame.phase) and asker(flow, frame, self.newest)):
            return self._again(flow, frame)
        turn = step.hear(self._scene(flow, frame), happening)
        if turn is None:
            return self._done(flow, frame, None)
        walked = walked_after(frame, happening)
        if turn.frame.walked != walked:
            turn = replace(turn, frame=replace(turn.frame, walked=walked))
        return self.go_on(flow, turn)

    def _again(self, flow: Flow, frame: Frame) -> Walk:
        """What was typed in confidence did not outlive the controller: it is asked for again, from the beginning."""
        self._pass(Turn(frame=frame, exit="asked_again"))
        return self.walk(flow, replace(frame, digits="", since=self.at, tries=0, walked=frame.walked + 1))

    def go_on(self, flow: Flow, turn: Turn) -> Walk:
        while True:
            self._gather(turn)
            if turn.ask is not None or turn.exit is None:
                return self._done(flow, turn.frame, turn.ask)
            self._pass(turn)
            onward = self._onward(flow, turn)
            if isinstance(onward, EndCall):
                return self._end(flow, turn.frame, onward)
            if turn.frame.walked >= MAX_WALKED:
                return self._end(flow, turn.frame, FAILED)
            flow, frame = onward
            flow, turn = self._enter(flow, frame)

    def _gather(self, turn: Turn) -> None:
        """What is known of the call now is known to the next step: answered, tagged."""
        self.commands += turn.commands
        self.messages += turn.messages
        self.tags |= turn.tags
        self.answers += turn.answers
        self.callbacks += turn.callbacks
        if turn.tags:
            self.call = replace(self.call, tags={**self.call.tags, **turn.tags})
        if self.call.answered_at is None and any(isinstance(one, Answer) for one in turn.commands):
            self.call = replace(self.call, answered_at=self.at)

    def _onward(self, flow: Flow, turn: Turn) -> Onward:
        """The next step's flow and frame, or how the call ends: where the flow says nothing more, or nobody knows how to go on."""
        if turn.flow is not None:
            return self._into(flow, turn, turn.flow)
        if turn.is_return:
            return self._back(turn.frame, turn.exit or "")
        return self._by_exit(flow, turn.frame, turn.exit or "")

    def _by_exit(self, flow: Flow, frame: Frame, exit: str) -> Onward:
        step = flow.steps[frame.step]
        target = step.target(exit)
        if target:
            return flow, self._next(frame, flow, target)
        return FAILED if step.open_exits else self._back(frame, "done")

    def _into(self, flow: Flow, turn: Turn, id: FlowId) -> Onward:
        """Into another flow: for good (whoever called this one is still waiting), or to come back to this step."""
        frame, found = turn.frame, self.newest(id)
        if found is None:
            return self._by_exit(flow, frame, "failed") if turn.returns_here else EndCall()
        if turn.returns_here:
            frame = replace(frame, stack=(*frame.stack, Return(flow=flow.id, version=flow.version, step=frame.step)))
        return found, self._next(frame, found, found.start)

    def _back(self, frame: Frame, exit: str) -> Onward:
        """This flow is over: back to the step that called it, if one did, in the version in which it did."""
        if not frame.stack:
            return EndCall()
        *outer, caller = frame.stack
        flow = self.kept(caller.flow, caller.version)
        if flow is None:
            return FAILED
        frame = replace(frame, flow=flow.id, version=flow.version, step=caller.step, since=self.at, stack=tuple(outer))
        step = flow.steps.get(caller.step)
        if step is None or not step.open_exits:  # a newer version, in which nothing is called here
            return flow, self._next(frame, flow, step.name if step else flow.start)
        self.passed.append(Passed(flow=flow.id, step=caller.step, exit=exit, entered_at=self.at, left_at=self.at))
        return self._by_exit(flow, frame, exit)

    def _next(self, frame: Frame, flow: Flow, step: str) -> Frame:
        return replace(frame, flow=flow.id, version=flow.version, step=step, since=self.at, phase="", tries=0, walked=frame.walked + 1)

    def _enter(self, flow: Flow, frame: Frame) -> tuple[Flow, Turn]:
        flow, frame = asker(flow, frame, self.newest) or (flow, frame)
        step: Step = flow.steps[frame.step]
        return flow, step.enter(self._scene(flow, replace(frame, phase="", play=None, deadline=None)))

    def _scene(self, flow: Flow, frame: Frame) -> Scene:
        return Scene(
            at=self.at,
            call=self.call,
            flow=flow,
            frame=frame,
            around=self.around,
            calendars=self.calendars,
            told=self.told,
        )

    def _pass(self, turn: Turn) -> None:
        frame = turn.frame
        self.passed.append(Passed(flow=frame.flow, step=frame.step, exit=turn.exit or "", entered_at=frame.since, left_at=self.at))

    def _end(self, flow: Flow, frame: Frame, ask: EndCall) -> Walk:
        return self._done(flow, replace(frame, phase=ENDED, play=None, deadline=None), ask)

    def _done(self, flow: Flow, frame: Frame, ask: Ask | None) -> Walk:
        if self.told:
            frame = replace(frame, position=self.told.get(POSITION, frame.position))
        return Walk(
            frame=closed(frame, flow.steps.get(frame.step), self.guarded),
            commands=_in_order(self.call, self.commands, ask),
            ask=ask,
            passed=tuple(self.passed),
            messages=tuple(self.messages),
            tags=self.tags,
            answers=tuple(self.answers),
            callbacks=tuple(self.callbacks),
            is_private=self.is_private,
            tells_wait=WAIT in self.told,
        )


def _knowing(frame: Frame, before: Frame) -> Frame:
    return replace(
        frame,
        variables=before.variables,
        secrets=before.secrets,
        private=Private(before.private.values) if before.private else None,
        language=before.language,
        plays=before.plays,
        position=before.position,
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
