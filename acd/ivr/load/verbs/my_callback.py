"""`my_callback` as it is written."""

from acd.config.kinds import Name
from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.shape import OnwardWithExits
from acd.ivr.steps.my_callback import MyCallback
from acd.words import OwnCallback, QueueId


class MyCallbackShape(OnwardWithExits):
    makes = MyCallback
    queue: Name
    do: OwnCallback = OwnCallback.LOOK

    def build(self, name: str, known: Known) -> Step:
        return MyCallback(name=name, exits=self.targets(), queue=QueueId(self.queue), do=self.do)
