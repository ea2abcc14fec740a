"""`queue` as it is written."""

from typing import Annotated

from pydantic import Field

from acd.config.kinds import Digit, Name, duration
from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.shape import WithExits
from acd.ivr.steps.queue import Queue
from acd.words import QueueId


class QueueShape(WithExits):
    makes = Queue
    queue: Name
    priority: Annotated[int, Field(ge=0, le=100)] | None = None
    max_wait: Annotated[float, duration(1, 86400)] | None = None
    music: Name | None = None
    keys: dict[Digit, Name] = {}

    def targets(self) -> dict[str, str]:
        return {**super().targets(), **self.keys}

    def build(self, name: str, known: Known) -> Step:
        return Queue(
            name=name,
            exits=self.targets(),
            queue=QueueId(self.queue),
            priority=self.priority,
            max_wait_s=self.max_wait,
            music=self.music,
        )
