"""What a campaign may count on: agents who are free for its queue now or may be soon, and calls of its own that may soon need one.

A reading and nothing else. It reserves nobody: those who call us are never kept from an agent by what a campaign expects (ACD.md 37).
Costs as much as the queue has agents, plus the calls that are dialled now.
"""

from dataclasses import dataclass

from acd.core.outside.dialled_call import RINGS
from acd.core.state import State
from acd.words import AgentState, QueueId

A = AgentState


@dataclass(frozen=True, slots=True, kw_only=True)
class Seats:
    """Every time is when it began, the longest first. An agent who goes away after this call is not counted."""

    free: int  # could take a call now
    offered: tuple[float, ...]  # rung, or reserved, for somebody
    talking: tuple[float, ...]
    wrap_up: tuple[float, ...]
    dialling: tuple[float, ...]  # dialled for this queue, and nothing rings yet
    ringing: tuple[float, ...]  # since the phone rings
    answered: tuple[float, ...]  # a person is there and waits
    callers: int  # others who wait in this queue, and have no agent yet


def seats(state: State, queue: QueueId) -> Seats:
    agents = [state.agent(id) for id in state.roster.members(queue)]
    busy = {each: sorted(a.since for a in agents if a.state is each and a.is_able) for each in (A.OFFERED, A.TALKING, A.WRAP_UP)}
    dialled = [each for id in state.dialled_of_leg.values() if (each := state.dialled[id]).queue == queue]
    waiting = [each.answered_at for each in dialled if each.waits and each.answered_at is not None]
    rings = [each for each in dialled if each.state in RINGS and not each.given_up]
    mine = {each.call for each in dialled}
    return Seats(
        free=sum(each.is_free for each in agents),
        offered=tuple(busy[A.OFFERED]),
        talking=tuple(busy[A.TALKING]),
        wrap_up=tuple(busy[A.WRAP_UP]),
        dialling=tuple(sorted(each.at for each in rings if each.ringing_at is None)),
        ringing=tuple(sorted(each.ringing_at for each in rings if each.ringing_at is not None)),
        answered=tuple(sorted(waiting)),
        callers=sum(each.call not in mine for each in state.unserved(queue).values()),
    )
