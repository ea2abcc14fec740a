"""What a queue's callers live through becomes its pace; what they are told, a promise that is remembered and judged."""

from dataclasses import replace

from acd.core.draft import Draft
from acd.core.lines import forecast, pace
from acd.core.lines.entry import Entry
from acd.core.lines.forecast import UNSERVED, Promise, Wait
from acd.words import EntryOutcome, EntryState

PROMISES_MAX = 10
"""So many are remembered of one stay: the first ones, and the last."""
GAVE_UP = frozenset({EntryOutcome.ABANDONED, EntryOutcome.ABANDONED_WHILE_RINGING, EntryOutcome.SHORT_ABANDONED})


def next_promise(draft: Draft, entry: Entry) -> Promise | None:
    """What may be told to somebody in line now; None while nothing honest can be said."""
    place = draft.state.place_in_line(entry) + _rung_for(draft, entry)
    at_work = draft.state.roster.at_work(entry.queue)
    wait = forecast.expected(draft.pace(entry.queue), position=place, at_work=at_work, at=draft.at)
    return forecast.told_next(wait, _last(entry), position=place, at_work=at_work, at=draft.at)


def _rung_for(draft: Draft, entry: Entry) -> int:
    """Others for whom a phone rings already: they are in line no more, and will be answered first."""
    away = len(draft.state.unserved(entry.queue)) - len(draft.state.line(entry.queue))
    return max(0, away - (entry.state is not EntryState.WAITING))


def _last(entry: Entry) -> Promise | None:
    return entry.promises[-1] if entry.promises else None


def expected_wait(draft: Draft, entry: Entry) -> Wait | None:
    promise = next_promise(draft, entry)
    return Wait(p50_s=promise.p50_s, p80_s=promise.p80_s) if promise else None


def made(draft: Draft, entry: Entry) -> Entry:
    """The caller is being told."""
    promise = next_promise(draft, entry)
    if promise is None:
        return entry
    kept = entry.promises if len(entry.promises) < PROMISES_MAX else entry.promises[:-1]
    return draft.put(replace(entry, promises=(*kept, promise)))


def answered(draft: Draft, entry: Entry) -> None:
    """Two-way media: the line has moved, and what was promised is kept or is not."""
    waits = [draft.at - one.at for one in entry.promises]
    known = pace.answered(
        draft.pace(entry.queue),
        draft.at,
        at_work=draft.state.roster.at_work(entry.queue),
        waited_s=draft.at - entry.joined_at,
        others_wait=_others_wait(draft, entry),
    )
    draft.put(
        pace.judged(
            known,
            told=len(waits),
            kept=sum(waited_s <= one.p50_s for waited_s, one in zip(waits, entry.promises, strict=True)),
            told_at_most=len(waits),
            kept_at_most=sum(waited_s <= one.p80_s for waited_s, one in zip(waits, entry.promises, strict=True)),
        )
    )


def left(draft: Draft, entry: Entry, outcome: EntryOutcome) -> None:
    """Out of the line without an answer. A promise whose time had not come when its caller left is neither kept nor broken."""
    if entry.id not in draft.state.entries or entry.state not in UNSERVED:
        return
    waited_s, gave_up = draft.at - entry.joined_at, outcome in GAVE_UP
    known = pace.left(draft.pace(entry.queue), draft.at, waited_s=waited_s, gave_up=gave_up, others_wait=_others_wait(draft, entry))
    broken = sum(draft.at - one.at > one.p50_s for one in entry.promises)
    broken_at_most = sum(draft.at - one.at > one.p80_s for one in entry.promises)
    draft.put(pace.judged(known, told=broken, told_at_most=broken_at_most))


def moved(draft: Draft, entry: Entry) -> None:
    """Into another queue, in the same stay: when nobody else waits where they were, time there counts no more."""
    known = draft.pace(entry.queue)
    if known.busy_since is not None and not _others_wait(draft, entry):
        draft.put(replace(known, busy_since=None))


def _others_wait(draft: Draft, entry: Entry) -> bool:
    return any(id != entry.id for id in draft.state.unserved(entry.queue))


def verdict(entry: Entry, promise: Promise, of_s: float) -> bool | None:
    """Whether a promise of at most ``of_s`` held; None while nobody can say, or when its caller left before that."""
    until = entry.connected_at or entry.ended_at
    if until is None:
        return None
    return until - promise.at <= of_s if entry.connected_at is not None else False if until - promise.at > of_s else None
