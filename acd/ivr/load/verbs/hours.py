"""`hours` as it is written."""

from typing import Annotated, Any

from pydantic import Discriminator, Tag

from acd.config.calendars import CalendarShape
from acd.config.kinds import Name, Zone
from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.shape import WithExits
from acd.ivr.steps.hours import Hours


def _written(found: Any) -> str:
    return "calendar" if isinstance(found, dict | CalendarShape) else "name"


NamedOrInline = Annotated[Annotated[Name, Tag("name")] | Annotated[CalendarShape, Tag("calendar")], Discriminator(_written)]


class HoursShape(WithExits):
    makes = Hours
    calendar: NamedOrInline
    zone: Zone = ""

    def build(self, name: str, known: Known) -> Step:
        calendar = self.calendar if isinstance(self.calendar, str) else self.calendar.calendar()
        return Hours(name=name, exits=self.targets(), calendar=calendar, zone=self.zone)
