"""`hours`: open, closed or holiday, by a calendar: one of the house by its name, or one that stands in the flow."""

from dataclasses import dataclass, replace
from typing import ClassVar

from acd.ivr.calendar import Calendar
from acd.ivr.flow import Step
from acd.ivr.scene import Scene, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours(Step):
    """Without a target for ``holiday``, a holiday is simply closed. So is a calendar that the house no longer has.

    A calendar of the house is looked up when a caller comes, so that a change of hours is in force for all callers at once,
    also for those who are in an older version of the flow; and only it can be opened and closed by hand.
    """

    verb: ClassVar[str] = "hours"
    needs: ClassVar[frozenset[str]] = frozenset({"open", "closed"})
    offers: ClassVar[frozenset[str]] = frozenset({"holiday"})

    calendar: Calendar | str
    zone: str = ""  # in place of the calendar's own

    @property
    def loose_ends(self) -> frozenset[str]:
        return frozenset()

    @property
    def names(self) -> dict[str, str]:
        return {"calendar": self.calendar} if isinstance(self.calendar, str) else {}

    def enter(self, scene: Scene) -> Turn:
        state = self._state(scene)
        return scene.leave(state if state in self.exits else "closed")

    def _state(self, scene: Scene) -> str:
        if isinstance(self.calendar, Calendar):
            return self._by_hours(self.calendar, scene.at)
        known = scene.calendars.get(self.calendar)
        return scene.around.forced(self.calendar) or (self._by_hours(known, scene.at) if known else "closed")

    def _by_hours(self, calendar: Calendar, at: float) -> str:
        return (replace(calendar, zone=self.zone) if self.zone else calendar).state(at)
