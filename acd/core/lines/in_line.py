"""What happens to a call while it stands in line: digits, ends of what is heard, deadlines; and the ways out that follow."""

from dataclasses import replace

from acd.core.call import Call
from acd.core.draft import Draft
from acd.core.events import LOST, DigitPressed, PlayEnded, TimePassed
from acd.core.interpreter import Happening
from acd.core.lines import announcing, following, leaving, line, waiting
from acd.core.lines.entry import Entry
from acd.words import EntryOutcome, EntryState, Owner


def heard(draft: Draft, call: Call, happening: Happening) -> None:
    """What a caller in line does, or what was asked for them: a key of the queue leaves; the rest is for the waiting flow."""
    entry = draft.entry(call.entry) if call.entry else None
    if entry is not None and isinstance(happening, DigitPressed) and _leaves(entry, happening.digit):
        return leaving.leave(draft, call, entry, EntryOutcome.EXITED_KEY, happening.digit)
    _leave_if_asked(draft, call, waiting.heard(draft, call, happening))


def _leaves(entry: Entry, digit: str) -> bool:
    return digit in entry.exit_keys and entry.state is not EntryState.CONNECTING


def play_ended(draft: Draft, call: Call, event: PlayEnded) -> None:
    """The music's end, that of an announcement, or that of what the waiting flow said."""
    entry = draft.entry(call.entry) if call.entry else None
    if entry is not None and event.play == entry.saying and entry.state in waiting.WAITS:
        _announced(draft, call, entry, event.result)
    elif entry is not None and entry.saying and call.waiting is not None and event.play == call.waiting.play:
        draft.late()  # the flow's music, in whose place the announcement is heard
    elif entry is not None and event.play.startswith(f"{entry.id}."):
        line.music_stopped(draft, entry, event.play)
    else:
        heard(draft, call, event)


def _announced(draft: Draft, call: Call, entry: Entry, result: str = "") -> None:
    """An announcement is over: what it took the place of is heard again."""
    if announcing.is_heard(entry):
        return _leave_if_asked(draft, call, waiting.begin(draft, announcing.over(draft, call, entry, result)))
    entry = draft.put(replace(entry, saying=None))
    if call.waiting is not None and call.waiting.play is not None:
        heard(draft, call, PlayEnded(at=draft.at, leg=call.leg, play=call.waiting.play, result="BREAK"))
    else:
        line.music(draft, entry)


def silent(draft: Draft, call: Call) -> None:
    """A caller in line hears nothing, though something was asked for: what it was is over, or the music begins again."""
    entry = draft.entry(call.entry) if call.entry else None
    if entry is None or entry.state not in waiting.WAITS:
        return draft.late()
    if announcing.is_heard(entry):
        announcing.begin(draft, entry)  # whether it was heard to its end, nobody knows: once more
    elif entry.saying:
        _announced(draft, call, entry)
    elif call.waiting is None or call.waiting.play is None or entry.music_on:
        line.music(draft, entry)
    else:
        heard(draft, call, PlayEnded(at=draft.at, leg=call.leg, play=call.waiting.play, result=LOST))


def entry_woken(draft: Draft, entry: Entry) -> None:
    """The entry's deadline has come: out by its exit, or something is to be heard again."""
    call = draft.call(entry.call)
    if line.woken(draft, entry):
        return leaving.leave(draft, call, entry, entry.leave_as, entry.leave_by or "timed_out")
    entry = draft.entry(entry.id)
    if entry.lap_at is not None and entry.lap_at <= draft.at:
        if announcing.is_heard(entry):
            entry = announcing.over(draft, call, entry, LOST)
        _leave_if_asked(draft, call, waiting.begin(draft, entry))
        entry = draft.entry(entry.id)
    if entry.is_live and entry.recipe_at is not None and entry.recipe_at <= draft.at:
        following.due(draft, entry)


def _leave_if_asked(draft: Draft, call: Call, entry: Entry | None) -> None:
    if entry is not None and entry.leave_by:
        leaving.leave(draft, draft.call(call.id), entry, entry.leave_as, entry.leave_by)


def woken(draft: Draft, call: Call) -> None:
    """What the waiting flow wanted to be woken for."""
    heard(draft, call, TimePassed(at=draft.at))
    now = draft.call(call.id)
    if now.owner is Owner.QUEUE and now.entry and now.deadline == call.deadline:
        waiting.silenced(draft, draft.entry(now.entry))  # it wants to be woken in the past: it would never be heard of again
