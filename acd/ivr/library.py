"""The flows that are in force, and older versions while callers are still in them: the core's Interpreter. PURE, never changed.

A caller finishes in the version in which they began. When that version is gone (nobody saved it), they go on at the same step of
the newest one, or at its start when there is no such step: better to hear the menu again than to be hung up on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from acd.core.call import Call
from acd.core.frame import Frame, Message
from acd.core.interpreter import Happening, Surroundings, Walk
from acd.core.media import Media
from acd.core.outside.outbound_policy import OutboundPolicy
from acd.ivr.advance import FAILED, Walker, is_due
from acd.ivr.calendar import Calendar
from acd.ivr.flow import ENDED, Flow
from acd.ivr.private import guarded
from acd.ivr.speak import fixed_media
from acd.ivr.steps.record import Record
from acd.ivr.steps.voicemail import Voicemail
from acd.words import FlowId

Key = tuple[FlowId, str]


@dataclass(frozen=True, kw_only=True)
class FlowLibrary:
    """``outbound``: what the house lets out, for whoever walks flows without a house around them."""

    flows: Mapping[FlowId, Flow]
    older: Mapping[Key, Flow] = field(default_factory=dict)
    outbound: OutboundPolicy = field(default_factory=OutboundPolicy)
    calendars: Mapping[str, Calendar] = field(default_factory=dict)

    def begin(self, at: float, call: Call, flow: FlowId, around: Surroundings) -> Walk:
        return self._walker(at, call, around).begin(self.flows[flow])

    def resume(self, at: float, call: Call, happening: Happening, around: Surroundings) -> Walk:
        if call.frame is None:
            raise ValueError(f"call {call.id} is in no flow")
        frame = call.frame
        if frame.phase == ENDED:
            return Walk(frame=frame, is_private=True)
        flow = self.version(frame)
        if flow is None or frame.step not in flow.steps:
            return self._strayed(at, call, frame, around)
        walker = self._walker(at, call, around)
        return walker.walk(flow, frame) if is_due(frame, at, happening) else walker.hear(flow, frame, happening)

    def knows(self, flow: FlowId) -> bool:
        return flow in self.flows

    def place(self, at: float, flow: FlowId, step: str) -> Frame | None:
        """Before the step, to be entered at once if the call is in its flow; if in a queue, its exit is waited for."""
        found = self.flows.get(flow)
        if found is None or step not in found.steps:
            return None
        return Frame(flow=flow, version=found.version, step=step, since=at, deadline=at)

    def left_behind(self, at: float, frame: Frame, seconds: float) -> tuple[Message, ...]:
        """What a caller leaves who is gone while their message is recorded; ``seconds`` is the recording's length."""
        flow = self.version(frame)
        step = flow.steps.get(frame.step) if flow else None
        return step.left_behind(at, frame, seconds) if isinstance(step, Voicemail | Record) else ()

    def is_sensitive(self, frame: Frame) -> bool:
        flow = self.version(frame)
        step = flow.steps.get(frame.step) if flow else None
        return step is None or bool(step.hides)

    def version(self, frame: Frame) -> Flow | None:
        """The flow as it was for this caller, or the newest; None when there is none of that name."""
        return self._kept(frame.flow, frame.version)

    def _kept(self, flow: FlowId, version: str) -> Flow | None:
        newest = self.flows.get(flow)
        if newest is not None and newest.version == version:
            return newest
        return self.older.get((flow, version), newest)

    def renewed(
        self,
        flows: Mapping[FlowId, Flow],
        in_use: Iterable[Key],
        outbound: OutboundPolicy | None = None,
        calendars: Mapping[str, Calendar] | None = None,
    ) -> "FlowLibrary":
        """The library with new flows in force; of the old ones, those versions are kept that callers are in."""
        used = set(in_use)
        old = {**self.older, **{(flow.id, flow.version): flow for flow in self.flows.values()}}
        return FlowLibrary(
            flows=flows,
            older={key: flow for key, flow in old.items() if key in used},
            outbound=self.outbound if outbound is None else outbound,
            calendars=self.calendars if calendars is None else calendars,
        )

    def media(self) -> frozenset[Media]:
        """All that can be heard and is known now, to be rendered before anybody calls."""
        return frozenset(one for flow in (*self.flows.values(), *self.older.values()) for one in fixed_media(flow))

    @cached_property
    def guarded(self) -> frozenset[FlowId]:
        """The flows in which digits typed ahead may be those of a secret."""
        return guarded((*self.flows.values(), *self.older.values()))

    def _walker(self, at: float, call: Call, around: Surroundings) -> Walker:
        return Walker(
            at=at,
            call=call,
            newest=self.flows.get,
            kept=self._kept,
            around=around,
            calendars=self.calendars,
            guarded=self.guarded,
        )

    def _strayed(self, at: float, call: Call, frame: Frame, around: Surroundings) -> Walk:
        flow = self.flows.get(frame.flow)
        if flow is None:
            return Walk(frame=replace(frame, phase=ENDED, play=None, deadline=None), ask=FAILED)
        walker = self._walker(at, call, around)
        walker.is_private = True  # nobody knows what this step would have done with a digit
        onward = replace(frame, version=flow.version, step=flow.start, since=at, phase="", tries=0, walked=frame.walked + 1)
        return walker.walk(flow, onward)
