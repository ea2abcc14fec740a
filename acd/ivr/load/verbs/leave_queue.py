"""`leave_queue` as it is written."""

from pydantic import field_validator

from acd.config.kinds import Name
from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.shape import StepShape
from acd.ivr.steps.leave_queue import LeaveQueue

OURS = frozenset({"served", "done", "otherwise"})


class LeaveQueueShape(StepShape):
    makes = LeaveQueue
    exit: Name

    @field_validator("exit")
    @classmethod
    def a_name_of_its_own(cls, exit: str) -> str:
        if exit in OURS:
            raise ValueError(f"{exit!r} means something else in a queue step; choose another word, such as callback")
        return exit

    def build(self, name: str, known: Known) -> Step:
        return LeaveQueue(name=name, exit=self.exit)
