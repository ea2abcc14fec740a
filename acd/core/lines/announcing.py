"""A caller hears that the talk is recorded, before anybody may take the call (ACD.md 64, 66).

Once a contact: in the first queue whose talks are recorded and that says so, before the music. Until then the entry is held: it keeps
its place and is offered to nobody, so that no talk begins before the announcement was heard. What could not be played whole was
not heard; the caller waits on like everybody else, and ``Call.told_of_tape`` keeps the tape from them (acd.core.talking.taping).
"""

from dataclasses import replace

from acd.core.call import Call
from acd.core.commands import Mark, Play
from acd.core.draft import Draft
from acd.core.lines import recipes
from acd.core.lines.entry import Entry
from acd.core.lines.recipe import Ran
from acd.words import EntryKind, PlayId, TapeWish

HEARD = "FILE PLAYED"
LONGEST_S = 60.0
"""An end that is not told by then is waited for no more."""
NAME = "recording"
TOLD = "told_of_tape"


def is_due(draft: Draft, call: Call, entry: Entry) -> bool:
    policy = draft.state.queue(entry.queue).record
    if entry.kind is not EntryKind.CALL or not policy.announce or call.told_of_tape:
        return False
    return call.tape not in (TapeWish.STOP, TapeWish.DECLINE) and policy.chooses(call.id)


def begin(draft: Draft, entry: Entry) -> Entry:
    play = PlayId(f"{entry.id}.a{entry.plays + 1}")
    draft.do(Play(leg=entry.leg, play=play, media=draft.state.queue(entry.queue).record.announce))
    quiet = replace(entry, music_on=False, music_at=None, music_from=draft.at, lap_at=draft.at + LONGEST_S)
    return draft.put(replace(quiet, plays=entry.plays + 1, saying=play, held=True))


def is_heard(entry: Entry) -> bool:
    """It is being heard now."""
    return entry.held and entry.kind is EntryKind.CALL


def over(draft: Draft, call: Call, entry: Entry, result: str) -> Entry:
    """From now on the caller may be offered; what is heard next is the line's."""
    was_heard = result == HEARD
    if was_heard:
        draft.put(replace(call, told_of_tape=True))
        draft.do(Mark(leg=call.leg, values={TOLD: "1"}))
    did = Ran(recipe=NAME, first_at=draft.at, last_at=draft.at, did=("announced",) if was_heard else ("not heard: no tape",))
    now = replace(entry, held=False, saying=None, lap_at=None, recipes=(*entry.recipes, did))
    return draft.put(replace(now, recipe_at=recipes.next_at(draft.state.queue(entry.queue), now)))
