"""A house around a call in which nothing is going on, unless a test says so."""

from dataclasses import dataclass, field

from acd.core.call import Call
from acd.core.lines.forecast import Wait
from acd.core.outside.gate import callable_form
from acd.core.outside.outbound_policy import OutboundPolicy
from acd.words import AgentId, QueueId


@dataclass(kw_only=True)
class Quiet:
    calendars: dict[str, str] = field(default_factory=dict)
    callers: dict[str, int] = field(default_factory=dict)
    extensions: dict[str, str] = field(default_factory=dict)
    agents: dict[str, int] = field(default_factory=dict)
    free: dict[str, int] = field(default_factory=dict)
    place: int = 0
    wait_s: float | None = None
    outbound: OutboundPolicy = field(default_factory=OutboundPolicy)

    hours = ""

    def forced(self, calendar: str) -> str:
        return self.calendars.get(calendar, "")

    def waiting(self, queue: QueueId) -> int:
        return self.callers.get(queue, 0)

    def staffed(self, queue: QueueId) -> int:
        return self.agents.get(queue, 0)

    def online(self, queue: QueueId) -> int:
        return self.staffed(queue)

    def available(self, queue: QueueId) -> int:
        return self.free.get(queue, 0)

    def agent_at(self, extension: str) -> AgentId | None:
        found = self.extensions.get(extension)
        return AgentId(found) if found else None

    def calls_out(self) -> bool:
        return bool(self.outbound.ways)

    def callable(self, number: str, region: str = "") -> str:
        return callable_form(self.outbound, number, region)

    def callback_hours(self, queue: QueueId) -> str:
        return self.hours

    def position(self, call: Call) -> int:
        return self.place

    def expected_wait(self, call: Call) -> Wait | None:
        return None if self.wait_s is None else Wait(p50_s=self.wait_s, p80_s=2 * self.wait_s)
