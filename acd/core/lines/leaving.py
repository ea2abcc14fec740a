"""Out of a line alive: whither depends on who stood in it."""

from dataclasses import replace

from acd.core import calls
from acd.core.call import Call
from acd.core.draft import Draft
from acd.core.lines.entry import Entry
from acd.core.outside import dialling
from acd.core.talking import consulting, transferring
from acd.words import EntryKind, EntryOutcome


def leave(draft: Draft, call: Call, entry: Entry, outcome: EntryOutcome, exit: str) -> None:
    """A caller goes back to the flow; one whom an agent transferred, where the transfer says; who asked a colleague, to the talk.

    Of somebody whom a campaign dialled it is the end, whatever the reason.
    """
    if entry.kind is EntryKind.CONSULT:
        consulting.unreached(draft, entry, outcome, exit)
    elif entry.kind is EntryKind.DIALLED:
        dialling.nobody_came(draft, call, entry)
    elif transferring.left_line(call, entry, exit):
        calls.take_out(draft, call, entry, outcome, exit)
        transferring.came_back(draft, draft.call(call.id), exit)
    else:
        calls.leave_queue(draft, draft.put(replace(call, transfer=None)) if call.transfer else call, entry, outcome, exit)
