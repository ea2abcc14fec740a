"""A place in line that is kept for somebody who gave up and calls back soon (ACD.md 6).

Who they are is told by their number, and only where that tells one person: it is shown, nobody else calls with it now, and no
place is kept for it already. A number that several share (a company's) keeps no place at all, until it has been quiet for as long.
"""

import re
from dataclasses import replace

from acd.core.call import Call
from acd.core.draft import Draft
from acd.core.lines.entry import Entry
from acd.core.lines.kept import KeptPlace
from acd.words import EntryOutcome, QueueId

NUMBER = re.compile(r"\+?[0-9]{3,20}", re.ASCII)
"""What is shown of a caller who withholds the number looks otherwise."""
KEPT_MAX = 10_000
"""So many at once; those who give up after that lose their place, as everywhere else."""
GAVE_UP = frozenset({EntryOutcome.ABANDONED, EntryOutcome.ABANDONED_WHILE_RINGING, EntryOutcome.SHORT_ABANDONED})


def gave_up(draft: Draft, call: Call, entry: Entry, outcome: EntryOutcome) -> None:
    """Keep the place, if the queue does that and the number is one person's."""
    keep_s = draft.state.queue(entry.queue).keep_place_s
    if keep_s is None or outcome not in GAVE_UP or not NUMBER.fullmatch(call.caller_number):
        return
    id, until = _id(entry.queue, call.caller_number), draft.at + keep_s
    there = draft.state.kept.get(id)
    if there is not None:
        draft.put(replace(there, is_shared=True, until=until))
    elif len(draft.state.kept) < KEPT_MAX:
        is_shared = draft.state.callers[call.caller_number] > 1
        draft.put(KeptPlace(id=id, call=call.id, since=entry.since, priority=entry.priority, until=until, is_shared=is_shared))


def place_of(draft: Draft, call: Call, queue: QueueId) -> KeptPlace | None:
    """The place that waits for this caller in this queue."""
    names = draft.state.policy.names_of(queue)
    found = [kept for name in names if (kept := draft.state.kept.get(_id(name, call.caller_number)))]
    if len(found) != 1:
        return None
    (kept,) = found
    if kept.is_shared or (kept.until or draft.at) <= draft.at:
        return None
    others = draft.state.callers[call.caller_number] - (call.id in draft.state.calls)
    return None if others else kept


def taken(draft: Draft, kept: KeptPlace) -> None:
    """Its caller stands in it again."""
    draft.put(replace(kept, until=None))


def _id(queue: QueueId, number: str) -> str:
    return f"{queue}/{number}"
