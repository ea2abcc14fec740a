"""From one queue into another, as the same contact: the stay ends as overflowed, a new one begins (ACD.md 50, 51).

Nobody goes where they would not be taken, nor back to where they came from, nor on and on: such callers stay where they are, or
leave by their exit.
"""

from dataclasses import replace

from acd.core.draft import Draft
from acd.core.interpreter import EnterQueue
from acd.core.lines import line
from acd.core.lines.entry import Entry
from acd.words import QueueId

NEVER = "never"
"""Not an exit: the queue is gone, or the caller has been there, or about enough."""


def instead_of(draft: Draft, entry: Entry, exit: str) -> QueueId | None:
    """The queue that takes this caller in place of an exit; None when the exit is to be taken.

    One that does not take them may itself name a queue for that case.
    """
    here = entry.queue
    for _ in range(draft.state.policy.max_hops):
        to = draft.state.queue(here).overflow.get(exit)
        if to is None:
            return None
        exit = refusal(draft, entry, to)
        if not exit:
            return to
        here = to
    return None


def refusal(draft: Draft, entry: Entry, to: QueueId) -> str:
    """The exit by which another queue would turn this caller away now; '' when it takes them."""
    state, rules = draft.state, draft.state.policy.queues.get(to)
    if rules is None or rules.is_draining or to in (entry.queue, *entry.via) or len(entry.via) >= state.policy.max_hops:
        return NEVER
    if not state.is_open(rules, draft.at):
        return "closed"
    if line.is_full(state, rules):
        return "full"
    return "" if line.can_join(state.roster, rules) else "no_agents"


def onward(draft: Draft, entry: Entry, to: QueueId) -> EnterQueue:
    """What brings them into the other queue. They wait there no longer than they would have here, if that was not over yet."""
    max_wait_s = draft.state.queue(to).max_wait_s
    if entry.leave_at is not None and entry.leave_at > draft.at:
        max_wait_s = min(entry.leave_at - draft.at, max_wait_s or entry.leave_at)
    return replace(line.asked(entry), queue=to, agent=None, max_wait_s=max_wait_s, via=(*entry.via, entry.queue))
