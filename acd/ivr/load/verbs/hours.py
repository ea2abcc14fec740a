"""`hours` as it is written."""

from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.calendars import CalendarShape
from acd.ivr.load.shape import WithExits
from acd.ivr.steps.hours import Hours


class HoursShape(WithExits):
    makes = Hours
    calendar: CalendarShape

    def build(self, name: str, known: Known) -> Step:
        return Hours(name=name, exits=self.targets(), calendar=self.calendar.calendar())
