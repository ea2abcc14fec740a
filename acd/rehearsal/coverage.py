"""Which steps and exits of the flows have been walked. PURE."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from acd.core.frame import Passed
from acd.ivr.flow import Flow
from acd.rehearsal.stage import Stage
from acd.words import FlowId

Way = tuple[str, str]
"""A step and the exit by which it was left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowCoverage:
    flow: FlowId
    steps: int
    steps_walked: int
    exits: int
    exits_walked: int
    never: tuple[str, ...]  # steps, and exits as step.exit


@dataclass(slots=True)
class Coverage:
    steps: dict[FlowId, set[str]] = field(default_factory=dict)
    exits: dict[FlowId, set[Way]] = field(default_factory=dict)

    def add(self, stage: Stage) -> None:
        self.walked(stage.passed)
        for frame in (stage.call.frame, stage.waiting):
            if frame is not None:
                self.steps.setdefault(frame.flow, set()).add(frame.step)

    def walked(self, passed: Iterable[Passed]) -> None:
        for one in passed:
            self.steps.setdefault(one.flow, set()).add(one.step)
            self.exits.setdefault(one.flow, set()).add((one.step, one.exit))

    def of(self, flow: Flow) -> FlowCoverage:
        """``never`` in the order of the file; of a step that nobody walked its exits are not told as well."""
        walked, left = self.steps.get(flow.id, set()), self.exits.get(flow.id, set())
        ways = [(name, exit) for name, step in flow.steps.items() for exit in step.exits]
        never = []
        for name, step in flow.steps.items():
            if name not in walked:
                never.append(name)
            else:
                never += [f"{name}.{exit}" for exit in step.exits if (name, exit) not in left]
        return FlowCoverage(
            flow=flow.id,
            steps=len(flow.steps),
            steps_walked=len(walked & flow.steps.keys()),
            exits=len(ways),
            exits_walked=sum(way in left for way in ways),
            never=tuple(never),
        )


def coverage_of(flows: Mapping[FlowId, Flow], stages: Iterable[Stage]) -> list[FlowCoverage]:
    found = Coverage()
    for stage in stages:
        found.add(stage)
    return [found.of(flow) for flow in flows.values()]
