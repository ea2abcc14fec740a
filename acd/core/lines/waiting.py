"""The flow that runs while its caller stands in line: begun, walked, begun again, cut.

Whenever it says nothing itself, the queue's music plays: nobody waits in dead air. It may say and ask what it likes, but it
moves nobody: the only way out that it has is an exit of the queue step (LeaveQueue). A flow that does nothing is not met
again and again; its caller hears music for the rest. Knows nothing of offers.
"""

from collections.abc import Callable
from dataclasses import replace

from acd.core.call import TRAIL_MAX, Call
from acd.core.commands import Answer, Command, Errand, Play, StopPlay
from acd.core.draft import Draft
from acd.core.frame import Frame, Passed
from acd.core.interpreter import EndCall, Happening, LeaveQueue, Walk
from acd.core.lines import line, promising
from acd.core.lines.entry import Entry
from acd.core.media import Music
from acd.core.outside import callback_wishes
from acd.core.surroundings import House
from acd.words import EntryOutcome, EntryState, Owner

WAITS = frozenset({EntryState.WAITING, EntryState.OFFERED})
LAP_LEAST_S = 1.0
"""A lap that is over sooner than this was empty: nothing was heard, or what should be heard cannot be played."""
LAP_AGAIN_S = 5.0
EMPTY_MAX = 3
"""So many empty laps in a row, and it is music for the rest."""
ENDED = EndCall()
"""What a flow asks for at its end; with any other cause it has failed."""


def begin(draft: Draft, entry: Entry) -> Entry:
    """Something is heard at once: the waiting flow from its start, or music."""
    call = cut(draft, draft.call(entry.call), None)
    flow = entry.interlude or entry.waiting
    if flow is None:
        return line.music(draft, entry)
    entry = draft.put(replace(entry, lap_from=draft.at, lap_at=None))
    return _walk(draft, entry, None, lambda: draft.state.flows.begin(draft.at, call, flow, House(draft)))


def heard(draft: Draft, call: Call, happening: Happening) -> Entry | None:
    """A digit, an end of a playback, a deadline: for the waiting flow, if one runs. None when nobody waits for it."""
    entry = draft.entry(call.entry) if call.owner is Owner.QUEUE and call.entry else None
    if entry is None or call.waiting is None or call.ending or entry.state not in WAITS:
        draft.late()
        return None
    frame = call.waiting
    if draft.at - frame.since >= LAP_LEAST_S:
        frame = replace(frame, walked=0)  # it took its time, so it chases no tail: a wait may be long
    seen = replace(call, frame=frame)
    return _walk(draft, entry, frame, lambda: draft.state.flows.resume(draft.at, seen, happening, House(draft)))


def cut(draft: Draft, call: Call, exit: str | None = "") -> Call:
    """The waiting flow is over, wherever it was. What the caller told it stays with the call.

    ``exit`` None: its last step stands in the trail already.
    """
    if call.waiting is None:
        return call
    last, frame = call.waiting, call.frame
    trail = call.trail
    if exit is not None and call.entry is not None:
        step = Passed(flow=last.flow, step=last.step, exit=exit, entered_at=last.since, left_at=draft.at)
        trail = told(trail, (step,), draft.entry(call.entry).joined_at)
    return draft.put(replace(call, waiting=None, frame=_carried(frame, last) if frame else None, trail=trail))


def _carried(frame: Frame, last: Frame) -> Frame:
    return replace(
        frame,
        variables=last.variables,
        secrets=last.secrets,
        private=last.private,
        language=last.language,
        plays=max(frame.plays, last.plays),  # what was played then must not be taken for what plays now
        position=last.position,
    )


def silenced(draft: Draft, entry: Entry) -> Entry:
    """What the waiting flow did is of no use: music for the rest. What a recipe offered in its place: that flow again."""
    cut(draft, draft.call(entry.call), None)
    if entry.interlude is not None:
        return begin(draft, draft.put(replace(entry, interlude=None)))
    return entry if entry.music_on or entry.saying else line.music(draft, entry)


def _walk(draft: Draft, entry: Entry, before: Frame | None, walked: Callable[[], Walk]) -> Entry:
    try:
        walk = walked()
    except KeyError:  # the flow has left the configuration
        return silenced(draft, entry)
    if walk.is_private:
        draft.hide()
    if walk.frame == before and not walk.commands and walk.ask is None:
        draft.late()
        return entry
    if not all(isinstance(each, Play | StopPlay | Errand | Answer) for each in walk.commands):
        return silenced(draft, entry)
    call = _keep(draft, draft.call(entry.call), entry, walk)
    entry = promising.made(draft, entry) if walk.tells_wait else entry
    match walk.ask:
        case None:
            return _sound(draft, entry, before, walk)
        case LeaveQueue(exit=exit):
            cut(draft, call, exit)
            outcome = EntryOutcome.CALLBACK_REQUESTED if asked_back(call, entry) else entry.outcome_of(exit, EntryOutcome.EXITED_KEY)
            return draft.put(replace(entry, leave_at=draft.at, leave_by=exit, leave_as=outcome))
        case EndCall() if walk.ask == ENDED:
            return _lap_over(draft, entry)
    return silenced(draft, entry)


def _keep(draft: Draft, call: Call, entry: Entry, walk: Walk) -> Call:
    return draft.put(
        replace(
            call,
            waiting=walk.frame,
            trail=told(call.trail, walk.passed, entry.joined_at),
            tags={name: value for name, value in {**call.tags, **walk.tags}.items() if value},
            answers=call.answers + walk.answers,
            callbacks=call.callbacks + tuple(callback_wishes.taken(draft, call, wish) for wish in walk.callbacks),
        )
    )


def _sound(draft: Draft, entry: Entry, before: Frame | None, walk: Walk) -> Entry:
    """What the flow says takes the music's place; where it says nothing (any more), the music takes its."""
    said: list[Command] = [each for each in walk.commands if isinstance(each, Play | Errand)]
    plays = [each for each in said if isinstance(each, Play)]
    hums = bool(plays) and all(isinstance(one, Music) for one in plays[-1].media)
    if hums and entry.saying:  # music begins when the announcement is over
        draft.do(*(each for each in said if not isinstance(each, Play)))
        return draft.put(replace(entry, hums=True))
    draft.do(*said)
    if plays:
        return draft.put(replace(entry, music_on=False, music_at=None, saying=None, hums=hums))
    stopped = any(isinstance(each, StopPlay) for each in walk.commands)
    goes_on = before is not None and before.play is not None and before.play == walk.frame.play and not stopped
    return entry if entry.music_on or entry.saying or goes_on else line.music(draft, entry)


def _lap_over(draft: Draft, entry: Entry) -> Entry:
    """From the start again, at once; after an empty lap only when some music was heard. What was offered comes once."""
    if entry.interlude is not None:
        return begin(draft, draft.put(replace(entry, interlude=None)))
    if draft.at - entry.lap_from >= LAP_LEAST_S:
        return begin(draft, draft.put(replace(entry, empty_laps=0)))
    empty = entry.empty_laps + 1
    entry = draft.put(replace(entry, empty_laps=empty, lap_at=draft.at + LAP_AGAIN_S if empty < EMPTY_MAX else None))
    return silenced(draft, entry)


def asked_back(call: Call, entry: Entry) -> bool:
    """Whether the caller has asked in this stay to be called back."""
    return any(wish.asked_at >= entry.joined_at for wish in call.callbacks)


def told(trail: tuple[Passed, ...], passed: tuple[Passed, ...], joined_at: float) -> tuple[Passed, ...]:
    """The trail with steps of a waiting flow. One that was passed in this stay before is counted: a long wait stays readable."""
    kept = list(trail)
    for step in passed:
        before = next((n for n, one in enumerate(kept) if one.entered_at >= joined_at and one.is_like(step)), None)
        if before is None:
            kept.append(step)
        else:
            kept[before] = kept[before].again(step)
    return tuple(kept[:TRAIL_MAX])
