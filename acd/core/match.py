"""Which caller beside which agent, and why. Looks only at heads of lines and at free agents; nothing here knows about voice."""

from itertools import islice

from acd.core.entry import Entry
from acd.core.personal import agent_of
from acd.core.roster import FREE, rule_against
from acd.core.state import State
from acd.core.strategies import ASKED_FOR, LONGEST_IDLE
from acd.core.trace import TRACE_MAX, Candidate, PassedOver, Trace
from acd.words import AgentId, QueueId

Match = tuple[Entry, AgentId]


def next_match(state: State, at: float) -> Match | None:
    """The one match to make now, among the queues where something has changed; None when nothing more can be matched.

    Between queues the caller with the better place goes first: higher priority, then longer waiting, then id (ACD.md 30).
    """
    best: Match | None = None
    for queue in sorted(state.touched):
        match = _first_pair(state, queue, at)
        if match is None:
            state.touched.discard(queue)
        elif best is None or match[0].place < best[0].place:
            best = match
    return best


def _first_pair(state: State, queue: QueueId, at: float) -> Match | None:
    if not state.roster.anyone_free(queue):
        return None
    for entry in state.line(queue):
        if entry.leave_at is not None and entry.leave_at <= at:
            continue  # the longest wait is over; the next deadline sees to it (ACD.md 48)
        for agent in state.roster.free(queue):
            if not entry.excludes(agent, at):
                return entry, agent
    return None


def trace_of(state: State, entry: Entry, chosen: AgentId, at: float) -> Trace:
    """Who was considered in which order, and who was passed over by which rule: told at the moment of the decision."""
    free = [a for a in islice(state.roster.free(entry.queue), TRACE_MAX) if not entry.excludes(a, at)]
    candidates = tuple(Candidate(agent=a, idle_since=state.agent(a).idle_since) for a in free)
    return Trace(
        strategy=ASKED_FOR if agent_of(entry.queue) else LONGEST_IDLE,
        policy=state.policy.version,
        at=at,
        waited_s=at - entry.since,
        line=len(state.line(entry.queue)),
        candidates=candidates,
        passed_over=tuple(_passed_over(state, entry, at)),
        counts=state.roster.census(entry.queue),
    )


def _passed_over(state: State, entry: Entry, at: float) -> list[PassedOver]:
    passed = []
    for id in state.roster.members(entry.queue)[:TRACE_MAX]:
        rule, value = rule_against(state.agent(id))
        if rule == FREE and entry.excludes(id, at):
            rule, value = "asked_before", ""
        if rule != FREE:
            passed.append(PassedOver(agent=id, rule=rule, value=value))
    return passed
