"""Agents whom those who call us will have: inbound wins (ACD.md 37).

While somebody waits, the agents who come free next are theirs; who is free beside them serves none of their queues, or lacks what
they need. A campaign may stand back further, by its own thresholds.
"""

from collections.abc import Mapping

from acd.campaign import Campaign
from acd.words import QueueId
from dialer.core import sharing
from dialer.core.held import Held, HeldBy
from dialer.core.state import Dialler


def left(state: Dialler, rules: Campaign, wanted: int) -> int:
    """Of the lines that a pacer wants, those that take no agent from who waits."""
    assert rules.queue is not None
    waiting = sharing.callers(state, rules.queue)
    if not waiting:
        return max(0, wanted)
    spare = min(wanted, sharing.spare(state, rules.queue, waiting))
    if _is_over(rules, waiting):
        return max(0, spare)
    return max(0, spare, wanted - sharing.needed(state, rules.queue))


def held(state: Dialler, rules: Campaign) -> Held | None:
    """Why it dials nobody at all, by its thresholds."""
    assert rules.queue is not None
    waiting = sharing.callers(state, rules.queue)
    if _is_over(rules, waiting) and not sharing.spare(state, rules.queue, waiting):
        return _kept(f"{said(waiting)}, and it stands back above {rules.blend.waiting_over}")
    free, least = state.floor(rules.queue).free, rules.blend.available_under
    if least is not None and free < least:
        return _kept(f"{_count(free, 'agent', 'is', 'are')} available in {rules.queue}, and it stands back under {least}")
    return None


def kept_for(state: Dialler, rules: Campaign) -> str:
    """For whom it dials less, though no threshold of its own is passed; '' when nobody waits."""
    waiting = sharing.callers(state, rules.queue) if rules.queue is not None else {}
    return f"agents are kept for inbound: {said(waiting)}, for whom the next ones are" if waiting else ""


def said(waiting: Mapping[QueueId, int]) -> str:
    """2 callers wait in sales; 3 callers wait (sales 1, support 2)."""
    count = _count(sum(waiting.values()), "caller", "waits", "wait")
    if len(waiting) == 1:
        return f"{count} in {next(iter(waiting))}"
    return f"{count} ({', '.join(f'{queue} {n}' for queue, n in waiting.items())})"


def _is_over(rules: Campaign, waiting: Mapping[QueueId, int]) -> bool:
    return rules.blend.waiting_over is not None and sum(waiting.values()) > rules.blend.waiting_over


def _kept(why: str) -> Held:
    return Held(by=HeldBy.BLEND, why=f"agents are kept for inbound: {why}")


def _count(n: int, what: str, one: str, more: str) -> str:
    return f"{n} {what} {one}" if n == 1 else f"{n} {what}s {more}"
