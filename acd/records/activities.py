"""PURE: an agent's versions -> one row for each stretch of a state, from ``since`` until the next one begins. A ready agent's own call
is a stretch too.

The open stretch of each agent is a row too (``until`` is NULL), so the database itself is the memory from which a
restarted writer goes on. An id is made of agent, instant and state: the same versions always give the same rows.
"""

from dataclasses import dataclass

from acd.core.staff.agent import Agent
from acd.records.rows import Row, clean, seconds_between
from acd.words import AgentId, AgentState, OfferId

NAMED_BY_OFFER = frozenset({AgentState.OFFERED, AgentState.TALKING, AgentState.WRAP_UP})


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One stretch of one state."""

    agent: AgentId
    state: str  # AgentState, or OWN_CALL
    since: float
    reason: str = ""
    by: str = ""  # who asked for it; '' is the house
    offer: OfferId | None = None  # what was offered, talked about or wrapped up

    @property
    def id(self) -> str:
        return f"{self.agent}/{self.since:.6f}/{self.state}"

    def row(self, until: float | None) -> Row:
        return {
            "id": self.id,
            "agent": self.agent,
            "state": self.state,
            "reason": clean(self.reason),
            "asked_by": clean(self.by) or None,
            "offer": self.offer,
            "since": self.since,
            "until": None if until is None else max(self.since, until),
            "duration_s": seconds_between(self.since, until),
        }


def follow(running: Activity | None, agent: Agent) -> tuple[Activity | None, tuple[Row, ...]]:
    """The stretch that runs now, and the rows to write: the one that ended, the one that began; none when nothing changed.

    An agent whom nobody has ever seen (``since`` 0) has no stretch yet.
    """
    if agent.since <= 0:
        return running, ()
    offer = offer_of(running, agent)
    now = Activity(agent=agent.id, state=agent.doing, since=agent.doing_since, reason=agent.reason, by=agent.by, offer=offer)
    if now == running:
        return running, ()
    closed = (running.row(now.since),) if running is not None and running.id != now.id else ()
    return now, (*closed, now.row(None))


def offer_of(running: Activity | None, agent: Agent) -> OfferId | None:
    """Wrap-up belongs to the offer that was talked about, also when the agent's version has let go of it."""
    if agent.state not in NAMED_BY_OFFER:
        return None
    if agent.offer is None and agent.state is AgentState.WRAP_UP and running is not None:
        return running.offer
    return agent.offer
