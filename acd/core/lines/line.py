"""An entry in its line: joining, going back, leaving. Knows nothing of offers or flows."""

from dataclasses import replace

from acd.core.call import Call
from acd.core.commands import Arm, Mark, Play
from acd.core.draft import Draft
from acd.core.interpreter import EnterQueue
from acd.core.lines import keeping, personal, promising, recipes
from acd.core.lines.entry import Entry
from acd.core.matching import ageing, sticky
from acd.core.matching.roster import Roster
from acd.core.media import Music, Tone
from acd.core.outside.callback import Callback
from acd.core.outside.dialled_call import DialledCall
from acd.core.policy import AVAILABLE, ONLINE, STAFFED, QueuePolicy
from acd.core.state import State
from acd.words import AgentId, EntryId, EntryKind, EntryOutcome, EntryState, LegId, OfferId, Owner, PlayId

S, O = EntryState, EntryOutcome

OTHERS_FIRST_S = 5.0
"""After an offer that failed the others are tried first; but nobody waits long beside the only agent there is (ACD.md 35)."""
ASKED_MAX = 50
"""So many are remembered as asked in vain for one caller."""
RINGING = Tone(name="ringing")
MUSIC_AGAIN_S = 5.0
"""Music that comes to its end is started again at once; one that stops sooner than this only after it (its file is gone)."""


def join(draft: Draft, call: Call, ask: EnterQueue) -> Entry:
    """A new stay in a queue: waiting, or ended at once when the queue does not take anybody (ACD.md 46, 51).

    Nothing is heard yet.
    """
    entry = _entry(draft, call, ask, EntryId(f"{call.id}.q{call.entries + 1}"), call.leg)
    entry = _aged(draft, sticky.prefer(draft, call, entry, ask))
    if refused := _refusal(draft, call, entry, ask):
        draft.put(call.move(Owner.FLOW, entries=call.entries + 1))
        return leave(draft, entry, *refused)
    frame = replace(call.frame, position=0) if call.frame else None
    kept = keeping.place_of(draft, call, entry.queue)
    if kept is not None:
        keeping.taken(draft, kept)
        old = replace(entry, since=min(kept.since, entry.since), priority=max(kept.priority, entry.priority))
        entry = _aged(draft, old)
        call = replace(call, linked_to=kept.call)
    draft.put(call.move(Owner.QUEUE, frame=frame, entry=entry.id, entries=call.entries + 1, waiting_since=entry.since))
    draft.do(Mark(leg=call.leg, values=marks(call, entry)))
    return draft.put(replace(entry, recipe_at=recipes.next_at(draft.state.queue(entry.queue), entry)))


def stand_for(draft: Draft, call: Call, leg: LegId, ask: EnterQueue) -> Entry:
    """An agent, whose ``leg`` this is, stands in line for a colleague; the call stays where it is."""
    entry = _entry(draft, call, ask, EntryId(f"{call.id}.k{call.consults + 1}"), leg)
    entry = _aged(draft, replace(entry, kind=EntryKind.CONSULT, since=draft.at, music_on=True))
    return draft.put(replace(entry, recipe_at=recipes.next_at(draft.state.queue(entry.queue), entry)))


def stand_to_be_called(draft: Draft, callback: Callback, call: Call, leg: LegId) -> Entry:
    """A customer who is called when it is their turn; held until then. No longest wait, no recipes: nobody is there to hear them."""
    ask = EnterQueue(queue=callback.queue, priority=callback.priority)
    entry = _entry(draft, call, ask, EntryId(f"{call.id}.q{call.entries + 1}"), leg)
    place = {"kind": EntryKind.CALLBACK, "held": True, "since": min(callback.since, draft.at)}
    entry = _aged(draft, replace(entry, music_on=False, leave_at=None, **place))  # type: ignore[arg-type]
    draft.put(call.move(Owner.QUEUE, entry=entry.id, entries=call.entries + 1, waiting_since=entry.since))
    return draft.put(entry)


def stand_answered(draft: Draft, call: Call, dialled: DialledCall) -> Entry:
    """Somebody whom a campaign dialled waits for a moment, from their answer. No recipes, nobody whom they wait for: no time."""
    assert dialled.queue is not None
    ask = EnterQueue(queue=draft.state.policy.now_called(dialled.queue), priority=dialled.priority)
    entry = _entry(draft, call, ask, EntryId(f"{call.id}.q{call.entries + 1}"), call.leg)
    answered_at = dialled.answered_at if dialled.answered_at is not None else draft.at
    entry = replace(entry, kind=EntryKind.DIALLED, since=answered_at, leave_at=answered_at + dialled.answer_s)
    if dialled.reserved is not None:
        entry = replace(entry, prefer=dialled.reserved, reserved=dialled.id)
    elif dialled.prefer is not None:
        entry = replace(entry, prefer=dialled.prefer, prefer_until=answered_at + dialled.answer_s / 2)
    draft.put(call.move(Owner.QUEUE, entry=entry.id, entries=call.entries + 1, waiting_since=entry.since))
    return draft.put(_aged(draft, entry))


def _aged(draft: Draft, entry: Entry) -> Entry:
    return ageing.aged(entry, draft.state.roster.pool(entry.queue).openings, draft.at)


def _entry(draft: Draft, call: Call, ask: EnterQueue, id: EntryId, leg: LegId) -> Entry:
    name = personal.personal_queue(ask.agent) if ask.agent else ask.queue
    queue = draft.state.queue(name)
    patient = personal.agent_of(name) is None or ask.max_wait_s is not None
    max_wait_s = ask.max_wait_s if ask.max_wait_s is not None else queue.max_wait_s
    if not patient:
        max_wait_s = ask.ring_s or queue.ring_s
    return Entry(
        id=id,
        call=call.id,
        leg=leg,
        queue=name,
        joined_at=draft.at,
        since=draft.at if call.waiting_since is None or (ask.via and not queue.carry_age and not ask.is_back) else call.waiting_since,
        priority=queue.priority if ask.priority is None else ask.priority,
        music=ask.music or queue.music,
        exit_keys=ask.exit_keys,
        waiting=ask.waiting,
        exits=tuple(sorted(ask.exits)),
        via=ask.via,
        outcomes=ask.outcomes,
        ring_s=ask.ring_s,
        patient=patient,
        music_on=False,
        leave_at=None if max_wait_s is None else draft.at + max_wait_s,
        ageing_s=queue.ageing_s,
        weight=queue.weight,
        requires={} if personal.agent_of(name) else ask.requires,
    )


EXIT_OF = {
    O.SYSTEM_ERROR: "failed",
    O.CLOSED: "closed",
    O.FULL: "full",
    O.NO_STAFF: "no_agents",
    O.TIMED_OUT: "timed_out",
    O.ANSWERED: "served",
}


def _refusal(draft: Draft, call: Call, entry: Entry, ask: EnterQueue) -> tuple[EntryOutcome, str] | None:
    outcome: EntryOutcome | None = None
    rules = draft.state.rules(entry.queue)
    agent = personal.agent_of(entry.queue)
    if rules is None or rules.is_draining:
        outcome = O.SYSTEM_ERROR
    elif agent is not None:
        exit = _refused_by(draft, call, entry, agent)
        return (personal.OUTCOME_OF[exit], exit) if exit else None
    elif ask.is_back:
        outcome = None
    elif not draft.state.is_open(rules, draft.at):
        outcome = O.CLOSED
    elif is_full(draft.state, rules):
        outcome = O.FULL
    elif "no_agents" in ask.exits and not can_join(draft.state.roster, rules):
        outcome = O.NO_STAFF
    return (outcome, EXIT_OF[outcome]) if outcome else None


def asked(entry: Entry) -> EnterQueue:
    """What would bring a caller into this line again, as it did."""
    agent = personal.agent_of(entry.queue)
    return EnterQueue(
        queue=entry.queue,
        priority=entry.priority,
        music=entry.music,
        exit_keys=entry.exit_keys,
        exits=frozenset(entry.exits),
        waiting=entry.waiting,
        agent=agent,
        ring_s=entry.ring_s,
        via=entry.via,
        outcomes=entry.outcomes,
        requires=entry.requires,
    )


def is_full(state: State, rules: QueuePolicy) -> bool:
    return rules.max_waiting is not None and len(state.line(rules.id)) >= rules.max_waiting


def can_join(roster: Roster, rules: QueuePolicy) -> bool:
    """Whether enough of the queue's agents are there for somebody to join (ACD.md 46)."""
    count = {ONLINE: roster.online, STAFFED: roster.staffed, AVAILABLE: roster.available}.get(rules.join_when)
    return count is None or count(rules.id) > 0


def _refused_by(draft: Draft, call: Call, entry: Entry, id: AgentId) -> str:
    return personal.refusal(draft.agent(id), phone_is_down=draft.is_unreachable(id), is_caller=call.agent == id, patient=entry.patient)


def marks(call: Call, entry: Entry) -> dict[str, str]:
    """What rebuilds the line, should ever the journal be lost: it stands on the channel itself."""
    frame = call.frame
    place = {"flow": frame.flow, "step": frame.step} if frame else {}
    waiting = {"waiting": str(entry.waiting)} if entry.waiting else {}
    return {"queue": entry.queue, "since": f"{entry.since:.3f}", "priority": str(entry.priority), **place, **waiting}


def music(draft: Draft, entry: Entry) -> Entry:
    """Nobody waits in dead air, and an agent for whom a colleague's phone rings hears that. Of somebody who is not on the line
    nothing can be heard.
    """
    if not draft.call(entry.call).is_here:
        return entry
    play = PlayId(f"{entry.id}.m{entry.plays + 1}")
    rings = entry.kind is EntryKind.CONSULT and entry.state is S.OFFERED
    draft.do(Play(leg=entry.leg, play=play, media=(RINGING if rings else Music(name=entry.music),)))
    begun = replace(entry, plays=entry.plays + 1, music_at=None, music_from=draft.at, music_on=True, saying=None)
    return draft.put(replace(begun, rings=rings))


def music_stopped(draft: Draft, entry: Entry, play: PlayId) -> None:
    """Not while the two are being joined: that ends the music, and what is played then would be heard instead of the agent."""
    if play != f"{entry.id}.m{entry.plays}" or not entry.music_on or entry.state not in (S.WAITING, S.OFFERED):
        return draft.late()
    if draft.at - entry.music_from >= MUSIC_AGAIN_S:
        music(draft, entry)
    else:
        draft.put(replace(entry, music_at=entry.music_from + MUSIC_AGAIN_S))


def took_away(draft: Draft, entry: Entry, offer: OfferId, exclude: AgentId | None, *, declined: bool) -> Entry:
    """An offer that failed is no more the entry's; the agent who just failed is not asked again at once.

    One who declined is left alone with this contact for the queue's ``retry_s``, unless nobody else is staffed (ACD.md 11).
    """
    excluded = tuple(x for x in entry.excluded if x[1] > draft.at)
    if exclude is not None:
        retry_s = draft.state.queue(entry.queue).retry_s
        long = declined and draft.state.roster.staffed(entry.queue) > 1
        excluded += ((exclude, draft.at + (retry_s if long else min(retry_s, OTHERS_FIRST_S))),)
        asked = (*(each for each in entry.asked if each != exclude), exclude)[-ASKED_MAX:]
        entry = replace(entry, asked=asked, prefer_until=None if exclude == entry.prefer else entry.prefer_until)
    rung = tuple(each for each in entry.rung if each != offer)
    return draft.put(replace(entry, rung=rung, offer=None, excluded=excluded))


def step_back(draft: Draft, entry: Entry, *, was_connecting: bool) -> Entry:
    """Nobody is asked any more: back to waiting with the old place, and with all that has opened meanwhile."""
    excluded = tuple(x for x in entry.excluded if x[1] > draft.at)
    until = entry.prefer_until if entry.prefer_until is not None and entry.prefer_until > draft.at else None
    entry = entry.move(S.WAITING, excluded=excluded, retry_at=_retry_at(excluded), prefer_until=until, more_at=None)
    entry = draft.put(_aged(draft, entry))
    if was_connecting and draft.call(entry.call).is_here:  # the bridge may have cut the music, and the dead man's switch is off
        if entry.kind is not EntryKind.CONSULT:
            draft.do(Arm(leg=entry.leg, after_s=draft.state.policy.failsafe_s))
        entry = draft.put(replace(entry, music_on=False, saying=None))
    return entry


def dismiss(draft: Draft, entry: Entry, exit: str) -> Entry:
    """Somebody who asked for one agent leaves, because of what became of it; as soon as time passes."""
    return draft.put(replace(entry, leave_at=draft.at, leave_by=exit, leave_as=personal.OUTCOME_OF[exit]))


def _retry_at(excluded: tuple[tuple[AgentId, float], ...]) -> float | None:
    return min((until for _, until in excluded), default=None)


def woken(draft: Draft, entry: Entry) -> bool:
    """The entry's deadline has come; True when the longest wait is over and the caller must leave."""
    may_leave = entry.state is S.WAITING or (entry.state is S.OFFERED and entry.cuts_offers)
    if may_leave and entry.leave_at is not None and entry.leave_at <= draft.at:
        return True
    if entry.music_at is not None and entry.music_at <= draft.at:
        entry = music(draft, entry)
    if entry.retry_at is not None and entry.retry_at <= draft.at:
        excluded = tuple(x for x in entry.excluded if x[1] > draft.at)
        entry = draft.put(replace(entry, excluded=excluded, retry_at=_retry_at(excluded)))
    _opens(draft, entry)
    return False


def _opens(draft: Draft, entry: Entry) -> None:
    """What has come with the time: further agents may be asked, further phones ring, nobody is waited for any more."""
    now = entry
    if entry.opens_at is not None and entry.opens_at <= draft.at:
        now = _aged(draft, now)
    if entry.state is S.WAITING and entry.prefer_until is not None and entry.prefer_until <= draft.at:
        now = replace(now, prefer_until=None)
    if entry.state is S.OFFERED and entry.more_at is not None and entry.more_at <= draft.at:
        now = replace(now, more_at=None)
    if now is not entry:
        draft.put(now)


def rules_changed(draft: Draft) -> None:
    """A new configuration is in force: those who wait go by it at once (ACD.md 53)."""
    for entry in draft.state.entries.values():
        if entry.state in (S.WAITING, S.OFFERED):
            pool = draft.state.roster.pool(entry.queue)
            now = _aged(draft, entry)
            if (pool.rules.ageing_s, pool.rules.weight) != (entry.ageing_s, entry.weight):
                now = replace(now, ageing_s=pool.rules.ageing_s, weight=pool.rules.weight)
            if now is not entry:
                draft.put(now)


def leave(draft: Draft, entry: Entry, outcome: EntryOutcome, exit: str, *, at: float | None = None) -> Entry:
    """The stay ends: once, with one outcome. ``at``: it had ended then already."""
    promising.left(draft, entry, outcome)
    nothing = {"leave_at": None, "retry_at": None, "music_at": None, "lap_at": None, "recipe_at": None}
    return draft.put(entry.move(S.ENDED, ended_at=draft.at if at is None else at, outcome=outcome, exit=exit, **nothing))


def abandoned(draft: Draft, entry: Entry) -> EntryOutcome:
    """Which kind of abandon it is when the caller hangs up now (ACD.md 1, 5)."""
    if draft.at - entry.joined_at <= draft.state.queue(entry.queue).short_abandon_s:
        return O.SHORT_ABANDONED
    return O.ABANDONED if entry.state is S.WAITING else O.ABANDONED_WHILE_RINGING
