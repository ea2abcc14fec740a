"""`transfer` as it is written: to a flow, a number outside, an agent or a queue."""

from typing import Annotated, Self

from pydantic import model_validator

from acd.config.kinds import Digit, Name, duration
from acd.config.sentences import one_of
from acd.config.shape import Shape
from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.prompts import TemplateText
from acd.ivr.load.shape import OnwardWithExits
from acd.ivr.steps.queue import OTHERWISE
from acd.ivr.steps.to_agent import ToAgent, ToQueue
from acd.ivr.steps.transfer import ToFlow, ToNumber
from acd.words import AgentId, FlowId, QueueId

KINDS: dict[str, type[Step]] = {"flow": ToFlow, "number": ToNumber, "agent": ToAgent, "extension": ToAgent, "queue": ToQueue}
ALLOWED = {
    "flow": frozenset[str](),
    "number": frozenset({"ring"}),
    "agent": frozenset({"ring", "wait", "music", "while_waiting", "keys"}),
    "queue": frozenset[str](),
}
ALLOWED["extension"] = ALLOWED["agent"]
"""Of the keys that say how, those that mean something for this kind of target."""


class Target(Shape):
    flow: Name | None = None
    number: TemplateText | None = None
    trunk: Name | None = None
    trunks: list[Name] = []
    agent: Name | None = None
    extension: TemplateText | None = None
    queue: Name | None = None

    @property
    def kind(self) -> str:
        return next(kind for kind in KINDS if getattr(self, kind) is not None)

    @model_validator(mode="after")
    def one_kind(self) -> Self:
        named = [kind for kind in KINDS if getattr(self, kind) is not None]
        if len(named) != 1:
            kinds = ", ".join(f"'{kind}'" for kind in KINDS)
            raise ValueError(f"one of {kinds} is needed, found {' and '.join(named) or 'none'}")
        if bool(self.trunk) + bool(self.trunks) > (self.kind == "number"):
            raise ValueError("only one of 'trunk' and 'trunks' may stand beside 'number'; without them any trunk that allows it")
        return self


class TransferShape(OnwardWithExits):
    makes = ToNumber
    to: Target
    ring: Annotated[float, duration(5, 120)] = 30.0
    wait: Annotated[float, duration(1, 86400)] | None = None
    music: Name | None = None
    while_waiting: Name | None = None
    keys: dict[Digit, Name] = {}

    @model_validator(mode="after")
    def fits(self) -> Self:
        kind = self.to.kind
        if kind == "flow" and (self.next or self.exits or self.otherwise):
            raise ValueError("a caller who goes to another flow does not come back; leave out next, exits and otherwise")
        odd = sorted((self.model_fields_set & ALLOWED["agent"]) - ALLOWED[kind])
        if odd:
            allowed = one_of(sorted(ALLOWED[kind])) if ALLOWED[kind] else "leave it out"
            raise ValueError(f"{odd[0]!r} means nothing for a transfer to {kind!r}; {allowed}")
        return self

    def targets(self) -> dict[str, str]:
        if not self.otherwise:
            return {**super().targets(), **self.keys}
        rest = dict.fromkeys(sorted(KINDS[self.to.kind].needs - {"done"}), self.otherwise)
        more = {OTHERWISE: self.otherwise} if self.while_waiting else {}
        onward = {"done": self.next} if self.next else {}
        return {**rest, **more, **self.exits, **onward, **self.keys}

    def build(self, name: str, known: Known) -> Step:
        exits, to = self.targets(), self.to
        if to.flow is not None:
            return ToFlow(name=name, flow=FlowId(to.flow))
        if to.queue is not None:
            return ToQueue(name=name, exits=exits, queue=QueueId(to.queue))
        if to.number is not None:
            trunks = (to.trunk,) if to.trunk else tuple(to.trunks)
            return ToNumber(name=name, exits=exits, number=to.number, trunks=trunks, ring_s=round(self.ring))
        return ToAgent(
            name=name,
            exits=exits,
            agent=AgentId(to.agent or ""),
            extension=to.extension,
            ring_s=self.ring,
            wait_s=self.wait,
            music=self.music,
            waiting=FlowId(self.while_waiting) if self.while_waiting else None,
        )
