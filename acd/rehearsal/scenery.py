"""The house around a rehearsed call, as a test or a person describes it. PURE."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from acd.core.call import Call
from acd.core.lines.forecast import Wait
from acd.core.outside.gate import callable_form
from acd.core.outside.outbound_policy import OutboundPolicy
from acd.words import AgentId, QueueId


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueScenery:
    waiting: int = 0
    online: int = 0  # at least as many as are staffed
    staffed: int = 1
    ready: int = 0
    hours: str = ""  # the calendar in which it calls back


EMPTY = QueueScenery()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenery:
    """Implements ``acd.core.interpreter.Surroundings``."""

    calendars: Mapping[str, str] = field(default_factory=dict)  # name -> open or closed, by hand
    extensions: Mapping[str, str] = field(default_factory=dict)  # number -> agent
    queues: Mapping[str, QueueScenery] = field(default_factory=dict)
    place: int = 1
    wait_s: float | None = None
    outbound: OutboundPolicy = field(default_factory=OutboundPolicy)

    def forced(self, calendar: str) -> str:
        return self.calendars.get(calendar, "")

    def waiting(self, queue: QueueId) -> int:
        return self.queues.get(queue, EMPTY).waiting

    def online(self, queue: QueueId) -> int:
        found = self.queues.get(queue, EMPTY)
        return max(found.online, found.staffed)

    def staffed(self, queue: QueueId) -> int:
        return self.queues.get(queue, EMPTY).staffed

    def available(self, queue: QueueId) -> int:
        return self.queues.get(queue, EMPTY).ready

    def agent_at(self, extension: str) -> AgentId | None:
        found = self.extensions.get(extension)
        return AgentId(found) if found else None

    def calls_out(self) -> bool:
        return bool(self.outbound.ways)

    def callable(self, number: str, region: str = "") -> str:
        return callable_form(self.outbound, number, region)

    def callback_hours(self, queue: QueueId) -> str:
        return self.queues.get(queue, EMPTY).hours

    def position(self, call: Call) -> int:
        return self.place

    def expected_wait(self, call: Call) -> Wait | None:
        """Four in five do not wait half as long again."""
        return None if self.wait_s is None else Wait(p50_s=self.wait_s, p80_s=self.wait_s * 1.5)
