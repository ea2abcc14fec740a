"""What a recipe asks for is done for a caller: heard, moved in the line, taken into another one or out of it."""

from dataclasses import replace
from typing import assert_never

from acd.core import calls
from acd.core.commands import Mark, Play
from acd.core.draft import Draft
from acd.core.lines import line, overflow, recipe, recipes, waiting
from acd.core.lines.entry import Entry
from acd.core.lines.recipe import Action, AddSkill, DropSkill, Prefer, Recipe
from acd.core.state import State
from acd.words import EntryKind, EntryOutcome, EntryState, Owner, PlayId

PRIORITY_MAX = 100
ONE_BY_ONE_S = 0.01
"""Of a line whose recipes have changed, so much later each."""


def due(draft: Draft, entry: Entry) -> None:
    """The entry's moment has come: each recipe whose time it is, until one takes its caller out of the line."""
    rules = draft.state.queue(entry.queue)
    for each in recipes.timed(rules):
        entry = draft.entry(entry.id)
        is_due = not recipes.is_done(entry, each, draft.at) and recipes.holds(draft.state, entry, each.when, draft.at)
        if entry.state is EntryState.WAITING and is_due:
            follow(draft, entry, each)
    entry = draft.entry(entry.id)
    if entry.is_live:
        at = recipes.next_at(rules, entry)
        draft.put(replace(entry, recipe_at=at if at is None or at > draft.at else draft.at + recipes.POSTPONED_S))


def is_other(state: State, entry: Entry) -> bool:
    """Whether the entry was promised another moment than that of the recipes in force."""
    at = recipes.next_at(state.queue(entry.queue), entry)
    return (at is None) is not (entry.recipe_at is None) or (at is not None and at > (entry.recipe_at or 0.0))


def anew(draft: Draft, entry: Entry, later_s: float) -> None:
    """``later_s``: a whole line whose moment has passed is not met in one (F38)."""
    at = recipes.next_at(draft.state.queue(entry.queue), entry)
    draft.put(replace(entry, recipe_at=None if at is None else max(at, draft.at + later_s)))


def follow(draft: Draft, entry: Entry, what: Recipe) -> bool:
    """Do one recipe, or not now: what is to be heard waits until nothing else is said, so that nobody is interrupted."""
    if what.is_heard and (entry.saying or not (entry.music_on or entry.hums)):
        return False
    call = draft.state.calls.get(entry.call)
    is_caller = call is not None and call.owner is Owner.QUEUE and call.entry == entry.id and entry.kind is EntryKind.CALL
    do = [one for one in what.do if is_caller or isinstance(one, AddSkill | DropSkill | Prefer)]
    did = tuple(words(draft, entry, one) for one in do)
    draft.put(recipes.noted(entry, what, draft.at, did))
    for one in do:
        now = draft.entry(entry.id)
        if now.state is EntryState.WAITING:
            _do(draft, now, one)
    return True


def words(draft: Draft, entry: Entry, what: Action) -> str:
    match what:
        case recipe.AddSkill(skill=skill, level=level):
            return f"{skill} at level {level} is needed"
        case recipe.DropSkill(skill=skill):
            return f"{skill} is not needed any more"
        case recipe.Prefer(by=by):
            return f"priority {by:+d}"
        case recipe.Announce():
            return "announced"
        case recipe.Offer(flow=flow):
            return f"{flow} was offered"
        case recipe.Overflow(queue=queue):
            why = overflow.refusal(draft, entry, queue)
            return f"not over to {queue}, which takes nobody now" if why else f"over to {queue}"
        case recipe.Leave(exit=exit):
            return f"out by {exit}"
    assert_never(what)


def _do(draft: Draft, entry: Entry, what: Action) -> None:
    match what:
        case recipe.AddSkill(skill=skill, level=level):
            draft.put(replace(entry, requires={**entry.requires, skill: level}))
        case recipe.DropSkill(skill=skill):
            draft.put(replace(entry, requires={**entry.requires, skill: 0}))
        case recipe.Prefer(by=by):
            _prefer(draft, entry, by)
        case recipe.Announce(media=media):
            play = PlayId(f"{entry.id}.a{entry.plays + 1}")
            draft.do(Play(leg=entry.leg, play=play, media=media))
            heard = {"music_on": False, "music_at": None, "music_from": draft.at}
            draft.put(replace(entry, plays=entry.plays + 1, saying=play, **heard))  # type: ignore[arg-type]
        case recipe.Offer(flow=flow):
            waiting.begin(draft, draft.put(replace(entry, interlude=flow)))
            _leave_if_asked(draft, draft.entry(entry.id))
        case recipe.Overflow(queue=queue):
            if not overflow.refusal(draft, entry, queue):
                calls.go_over(draft, draft.call(entry.call), entry, queue, "recipe")
        case recipe.Leave(exit=exit):
            calls.leave_queue(draft, draft.call(entry.call), entry, entry.outcome_of(exit, EntryOutcome.WITHDRAWN), exit)


def _prefer(draft: Draft, entry: Entry, by: int) -> None:
    entry = draft.put(replace(entry, priority=min(max(entry.priority + by, 0), PRIORITY_MAX)))
    call = draft.call(entry.call)
    if call.owner is Owner.QUEUE:
        draft.do(Mark(leg=entry.leg, values=line.marks(call, entry)))


def _leave_if_asked(draft: Draft, entry: Entry) -> None:
    if entry.is_live and entry.leave_by:
        calls.leave_queue(draft, draft.call(entry.call), entry, entry.leave_as, entry.leave_by)
