"""`hours`: open, closed or holiday, by a calendar."""

from dataclasses import dataclass
from typing import ClassVar

from acd.ivr.calendar import Calendar
from acd.ivr.flow import Step
from acd.ivr.scene import Scene, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours(Step):
    """Without a target for ``holiday``, a holiday is simply closed."""

    verb: ClassVar[str] = "hours"
    needs: ClassVar[frozenset[str]] = frozenset({"open", "closed"})
    offers: ClassVar[frozenset[str]] = frozenset({"holiday"})

    calendar: Calendar

    def enter(self, scene: Scene) -> Turn:
        state = self.calendar.state(scene.at)
        return scene.leave(state if state in self.exits else "closed")
