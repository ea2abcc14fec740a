"""The keys ``at`` and ``after`` of a step: for which time a callback is wished, and whether it may be. PURE."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from acd.ivr.appointment import NotATime, at_clock, from_now
from acd.ivr.scene import Scene
from acd.ivr.template import Template
from acd.words import QueueId

TIME, REFUSED = "callback_time", "callback_refused"
NOT_THEN = "not_then"


@dataclass(frozen=True, slots=True, kw_only=True)
class AtTime:
    at: Template | None = None  # on a clock
    after: Template | None = None  # so long from now; one of the two
    zone: str = ""  # '' is that of the queue's hours, else the one that all the house's calendars have, or UTC

    @property
    def reads(self) -> frozenset[str]:
        return frozenset(name for each in (self.at, self.after) if each for name in each.names)

    @property
    def sets(self) -> frozenset[str]:
        return frozenset({TIME, REFUSED})

    def told(self, scene: Scene, queue: QueueId) -> Scene:
        """With the time in one variable, or in the other what is wrong with it: unreadable, past, too_far or closed."""
        hours = scene.around.callback_hours(queue)
        zone = self.zone or _zone(scene, hours)
        try:
            moment = self._moment(scene, zone)
        except NotATime as wrong:
            return scene.showing(TIME, "").showing(REFUSED, wrong.why)
        calendar = scene.calendars.get(hours)
        if hours and (calendar is None or calendar.state(moment) != "open"):
            return scene.showing(TIME, "").showing(REFUSED, "closed")
        return scene.showing(TIME, datetime.fromtimestamp(moment, ZoneInfo(zone)).isoformat(timespec="minutes")).showing(REFUSED, "")

    def _moment(self, scene: Scene, zone: str) -> float:
        if self.at is not None:
            return at_clock(self.at.text(scene.variables), scene.at, zone)
        assert self.after is not None
        return from_now(self.after.text(scene.variables), scene.at)


def moment_of(scene: Scene) -> float | None:
    """The time that stands in the variable; None when it was refused."""
    written = scene.frame.variables.get(TIME, "")
    return datetime.fromisoformat(written).timestamp() if written else None


def _zone(scene: Scene, hours: str) -> str:
    if hours in scene.calendars:
        return scene.calendars[hours].zone
    zones = {calendar.zone for calendar in scene.calendars.values()}
    return zones.pop() if len(zones) == 1 else "UTC"
