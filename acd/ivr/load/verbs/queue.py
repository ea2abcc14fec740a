"""`queue` as it is written."""

from typing import Annotated

from pydantic import Field

from acd.config.kinds import Digit, Name, duration
from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.prompts import TemplateText
from acd.ivr.load.shape import WithExits
from acd.ivr.steps.queue import OTHERWISE, Queue
from acd.words import FlowId, QueueId


class InLineShape(WithExits):
    """The keys of all steps in which callers stand in a line."""

    music: Name | None = None
    while_waiting: Name | None = None
    keys: dict[Digit, Name] = {}

    @property
    def flow(self) -> FlowId | None:
        return FlowId(self.while_waiting) if self.while_waiting else None

    def targets(self) -> dict[str, str]:
        rest = {OTHERWISE: self.otherwise} if self.otherwise and self.while_waiting else {}
        return {**super().targets(), **rest, **self.keys}


class QueueShape(InLineShape):
    makes = Queue
    queue: Name
    priority: Annotated[int, Field(ge=0, le=100)] | None = None
    max_wait: Annotated[float, duration(1, 86400)] | None = None
    requires: dict[Name, Annotated[int, Field(ge=0, le=100)]] = {}
    prefer: TemplateText | None = None
    prefer_wait: Annotated[float, duration(1, 3600)] | None = None

    def build(self, name: str, known: Known) -> Step:
        return Queue(
            name=name,
            exits=self.targets(),
            queue=QueueId(self.queue),
            priority=self.priority,
            max_wait_s=self.max_wait,
            music=self.music,
            waiting=self.flow,
            ways_out=known.ways_out.get(self.queue, frozenset()),
            offered=known.offered.get(self.queue, frozenset()),
            requires=dict(self.requires),
            prefer=self.prefer,
            prefer_s=self.prefer_wait,
        )

    def targets(self) -> dict[str, str]:
        """``otherwise`` stands for ways out, too, that only the queue's rules know."""
        return {**super().targets(), **({OTHERWISE: self.otherwise} if self.otherwise else {})}
