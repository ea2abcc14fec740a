"""PURE: the times in which a caller waited and nobody was offered, and why: what the agents of the queue did meanwhile."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Rows = Mapping[str, Any]

LEAST_S = 0.5
"""Shorter stretches are the time that deciding and ringing take."""
DOING = {
    "ready": "ready",
    "offered": "being rung",
    "talking": "talking",
    "wrap_up": "in wrap-up",
    "not_ready": "not ready",
    "logged_out": "logged out",
}
UNKNOWN = "logged_out"
"""Of whom nothing is recorded: never logged in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """What an agent did for some of the time."""

    state: str
    reason: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Unoffered:
    """``agents``: what each agent of the queue did, the longest first; ``before``: callers who stood before this one when it began."""

    queue: str
    since: float
    until: float
    agents: Mapping[str, Sequence[Spell]] = field(default_factory=dict)
    before: int = 0

    @property
    def seconds(self) -> float:
        return self.until - self.since

    @property
    def ready(self) -> dict[str, float]:
        """Agents who could have been asked for some of the time, as far as their state goes, and for how long."""
        found = {agent: sum(s.seconds for s in spells if s.state == "ready") for agent, spells in self.agents.items()}
        return {agent: seconds for agent, seconds in found.items() if seconds >= LEAST_S}


def stretches(visit: Rows, offers: Iterable[Rows], now: float) -> Iterator[tuple[float, float]]:
    """(since, until) of the waiting in which no phone rang for the caller."""
    over = visit["connected_at"] or visit["ended_at"] or now
    at = visit["joined_at"]
    rung = sorted((offer["offered_at"], offer["bridged_at"] or offer["ended_at"] or now) for offer in offers)
    for since, until in [*rung, (over, over)]:
        if min(since, over) - at >= LEAST_S:
            yield at, min(since, over)
        at = max(at, until)


def doing(activities: Iterable[Rows], since: float, until: float) -> dict[str, list[Spell]]:
    """What each agent did within a stretch, the longest first."""
    found: dict[str, dict[tuple[str, str], float]] = {}
    for row in activities:
        seconds = min(row["until"] if row["until"] is not None else until, until) - max(row["since"], since)
        if seconds > 0:
            spent = found.setdefault(row["agent"], {})
            key = (row["state"], row["reason"])
            spent[key] = spent.get(key, 0.0) + seconds
    return {
        agent: [Spell(state=state, reason=reason, seconds=seconds) for (state, reason), seconds in sorted(spent.items(), key=_longest)]
        for agent, spent in found.items()
    }


def _longest(spent: tuple[tuple[str, str], float]) -> float:
    return -spent[1]


def unoffered(
    visit: Rows, offers: Iterable[Rows], activities: Sequence[Rows], members: Iterable[str], others: Sequence[Rows], now: float
) -> list[Unoffered]:
    """``others``: the visits of the queue that overlap this one; ``members``: who serves the queue."""
    found = []
    serving = sorted(members)
    for since, until in stretches(visit, offers, now):
        spent = doing(activities, since, until)
        agents = {id: spent.get(id) or [Spell(state=UNKNOWN, reason="", seconds=until - since)] for id in serving}
        before = sum(_stands_before(other, visit, since) for other in others)
        found.append(Unoffered(queue=visit["queue"], since=since, until=until, agents=agents, before=before))
    return found


def _stands_before(other: Rows, visit: Rows, at: float) -> bool:
    """As far as the records know: more priority, or the same and waiting for longer."""
    over = other["connected_at"] or other["ended_at"]
    if other["id"] == visit["id"] or other["joined_at"] > at or (over is not None and over <= at):
        return False
    return _place(other) < _place(visit)


def _place(visit: Rows) -> tuple[float, float]:
    return (-visit["priority"], visit["joined_at"] - (visit["carried_s"] or 0.0))


# -- in words ---


def summary(one: Unoffered) -> str:
    """One sentence: ``all 4 agents who were there were talking``."""
    there = {agent: spells for agent, spells in one.agents.items() if any(spell.state != UNKNOWN for spell in spells)}
    if not one.agents:
        return "nobody serves this queue"
    if not there:
        return f"nobody was logged in (of {_agents(len(one.agents))})"
    if one.ready:
        return _though_ready(one)
    mostly = Counter(_mostly(spells) for spells in there.values())
    if len(mostly) == 1:
        (doing,) = mostly
        who = f"all {len(there)} agents who were there were" if len(there) > 1 else f"{next(iter(there))}, alone there, was"
        return f"{who} {doing}"
    told = ", ".join(f"{n} {doing}" for doing, n in mostly.most_common())
    return f"of {_agents(len(there))} who were there none was free: {told}"


def _though_ready(one: Unoffered) -> str:
    who = ", ".join(f"{agent} for {seconds:.0f} s" for agent, seconds in sorted(one.ready.items(), key=lambda each: -each[1])[:5])
    if one.before:
        return f"{_callers(one.before)} stood before (ready: {who})"
    return f"ready, but not for this caller: {who}"


def _mostly(spells: Sequence[Spell]) -> str:
    longest = max(spells, key=lambda spell: spell.seconds)
    return named(longest.state, longest.reason)


def named(state: str, reason: str) -> str:
    return DOING.get(state, state.replace("_", " ")) + (f" ({reason})" if reason and state == "not_ready" else "")


def lines(one: Unoffered, shown: int = 12) -> Iterator[str]:
    """Agent by agent; who was not logged in at all is counted."""
    there = {agent: spells for agent, spells in one.agents.items() if any(spell.state != UNKNOWN for spell in spells)}
    for agent, spells in sorted(there.items())[:shown]:
        yield f"{agent}: " + ", ".join(f"{named(s.state, s.reason)} {s.seconds:.0f} s" for s in spells)
    if len(there) > shown:
        yield f"and {len(there) - shown} more"
    if len(there) < len(one.agents):
        yield f"not logged in: {_agents(len(one.agents) - len(there))}"
    if one.before and not one.ready:
        yield f"{_callers(one.before)} stood before in line"


def _agents(n: int) -> str:
    return f"{n} agent{'s' if n != 1 else ''}"


def _callers(n: int) -> str:
    return f"{n} caller{'s' if n != 1 else ''}"
