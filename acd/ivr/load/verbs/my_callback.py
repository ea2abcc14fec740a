"""`my_callback` as it is written."""

from pydantic import model_validator

from acd.config.kinds import Name
from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.checks import Region
from acd.ivr.load.prompts import TemplateText
from acd.ivr.load.shape import OnwardWithExits
from acd.ivr.load.verbs.at_time import WithTime
from acd.ivr.steps.my_callback import INVALID, MyCallback
from acd.words import OwnCallback, QueueId


class MyCallbackShape(WithTime, OnwardWithExits):
    makes = MyCallback
    queue: Name
    do: OwnCallback = OwnCallback.LOOK
    number: TemplateText | None = None
    region: Region | None = None

    @model_validator(mode="after")
    def something_to_change(self) -> "MyCallbackShape":
        if (self.do is OwnCallback.CHANGE) is not (self.is_timed or self.number is not None):
            raise ValueError("'do: change' needs a 'number', or a time by 'at' or 'after'; and they go with nothing else")
        if self.region is not None and self.number is None:
            raise ValueError("a 'region' goes with 'number'")
        if self.number is not None and INVALID not in self.exits and not self.otherwise:
            raise ValueError(f"a number may be none that the house calls; give {INVALID!r} a target in 'exits', or 'otherwise'")
        if self.number is None and INVALID in self.exits:
            raise ValueError(f"the exit {INVALID!r} goes with 'number'")
        self.needs_a_way_out(self.exits, self.otherwise)
        return self

    def targets(self) -> dict[str, str]:
        targets = self.led(super().targets(), self.otherwise)
        return {INVALID: self.otherwise} | targets if self.number is not None and self.otherwise else targets

    def build(self, name: str, known: Known) -> Step:
        return MyCallback(
            name=name,
            exits=self.targets(),
            queue=QueueId(self.queue),
            do=self.do,
            number=self.number,
            region=self.region or "",
            time=self.time(),
        )
