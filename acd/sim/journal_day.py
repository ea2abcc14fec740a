"""A stretch of a journal, to be lived again with other rules: callers as they came, agents as they asked, phones as they rang. PURE.

Known of each caller: when they joined which queue with what they asked for, how long they talked, where they went then. Of patience:
who gave up, or pressed a key, did so then; of all others only that they bore their wait (Kaplan and Meier). What the rules in force
gave (a priority, a longest wait) is given by the rules that are tried; what a flow asked for in its own words stays.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from math import inf

from acd.core import events as ev
from acd.core.interpreter import EnterQueue
from acd.core.lines.entry import Entry
from acd.core.lines.line import EXIT_OF
from acd.core.lines.personal import agent_of
from acd.core.offers.offer import Offer
from acd.core.outside.callback import Attempt, Callback
from acd.core.policy import Policy
from acd.core.staff.agent import Agent
from acd.records.rows import Row, visit_row
from acd.sim.dice import Dice, stream
from acd.sim.experiment import Experiment, Happening
from acd.sim.journal_reading import AFTER_S, STOOD, Reading, Stay
from acd.sim.people import BY_TRANSFER, Back, Caller, OwnCall, People, Stop
from acd.sim.phones import Ring, Rung
from acd.sim.survival import Survival, kaplan_meier
from acd.sim.unknown import GONE, Unknown
from acd.sim.world import NODE
from acd.words import CallId, EndedBy, EntryOutcome, EntryState, OfferOutcome, QueueId, WrapUpEnd

CHOSEN = frozenset({EntryOutcome.EXITED_KEY, EntryOutcome.CALLBACK_REQUESTED, EntryOutcome.VOICEMAIL})
"""Left by the caller's own choice, unless the exit is one of the house."""
WAY_OUT = "#"
"""In place of a way out that is no key: a choice in the flow that ran meanwhile."""
CALLED_OFF = frozenset(
    {
        OfferOutcome.CALLER_GONE,
        OfferOutcome.LOST_RACE,
        OfferOutcome.AGENT_LEFT,
        OfferOutcome.AGENT_UNAVAILABLE,
        OfferOutcome.CANCELLED_BY_SYSTEM,
        OfferOutcome.NOT_REACHED,
        OfferOutcome.TOO_LATE,
    }
)
READY_BY = frozenset({WrapUpEnd.READY, WrapUpEnd.DISPOSITION})


def visits_of(reading: Reading, rules: Policy) -> list[Row]:
    """What really happened, as the records have it."""
    found = []
    for entry in reading.ended:
        if reading.since <= entry.joined_at < reading.until:
            queue = rules.queues.get(entry.queue)
            found.append(visit_row(entry, queue.service_level_s if queue else None))
    return found


def unknown(reading: Reading, policy: Policy) -> Unknown:
    stays = [stay for of in reading.stays.values() for stay in of if stay.last.outcome is not None]
    gone: dict[str, int] = {}
    for stay in stays:
        if not _has(policy, stay.first.queue):
            gone[stay.first.queue] = gone.get(stay.first.queue, 0) + 1
    agents = {done.act.agent for done in reading.done} | {offer.agent for offer in reading.offers.values()}
    return Unknown(
        callers=len(stays),
        patience_known=sum(_leaves(stay) for stay in stays),
        talk_known=sum(stay.last.outcome is EntryOutcome.ANSWERED for stay in stays),
        queues_gone=gone,
        agents_gone=tuple(sorted(agents - set(policy.agents))),
    )


def experiment_of(reading: Reading, policy: Policy, rules: Policy, seed: object) -> Experiment:
    """``rules``: those that were in force; ``policy``: those that are tried, or the same."""
    day = _Day(reading=reading, policy=policy, rules=rules, seed=seed)
    begin = min(reading.since if reading.begin is None else reading.begin, reading.since)
    return Experiment(
        policy=policy,
        shifts=(),
        begin=begin,
        start=reading.since,
        end=reading.until,
        interval_s=1800.0,
        drain_s=AFTER_S,
        restored=[r for r in reading.restored.values() if not isinstance(r, Agent) or r.id in policy.agents],
        happenings=[(max(at, begin), order, what) for at, order, what in day.happenings()],
        rung=[_rung(offer, reading.backs_s.get(offer.id)) for offer in reading.offers.values() if _is_over(offer)],
        uncounted=frozenset(_consult_id(stay) for stay in reading.consults),
    )


def _has(policy: Policy, queue: QueueId) -> bool:
    agent = agent_of(queue)
    return agent in policy.agents if agent else queue in policy.queues


def _leaves(stay: Stay) -> bool:
    return stay.last.outcome in GONE or _key(stay.last) != ""


def _key(entry: Entry) -> str:
    """With which a caller left the line by their own choice; '' when they did not."""
    if entry.outcome not in CHOSEN or entry.exit in EXIT_OF.values():
        return ""
    return entry.exit if len(entry.exit) == 1 and entry.exit in "0123456789*#" else WAY_OUT


def _consult_id(stay: Stay) -> CallId:
    return CallId(f"{stay.first.call}-consult-{stay.first.id}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Guesses:
    """What is drawn where the day does not tell it, by queue."""

    patience: Mapping[QueueId, Survival]
    talks: Mapping[QueueId, Sequence[float]]
    every_talk: Sequence[float]

    def patience_s(self, dice: Dice, stay: Stay) -> float:
        return self.patience[stay.first.queue](dice, stay.waited_s)

    def talk_s(self, dice: Dice, queue: QueueId) -> float:
        known = self.talks.get(queue) or self.every_talk
        return known[int(dice.random() * len(known))]


def _guesses(stays: Sequence[Stay]) -> _Guesses:
    queues = {stay.first.queue for stay in stays}
    waits = {queue: [(s.waited_s, _leaves(s)) for s in stays if s.first.queue == queue] for queue in queues}
    talks = {queue: [t for s in stays if s.last.queue == queue and (t := _talk_s(s.last)) is not None] for queue in queues}
    every = [talk for each in talks.values() for talk in each] or [0.0]
    return _Guesses(patience={q: kaplan_meier(of) for q, of in waits.items()}, talks=talks, every_talk=every)


def _talk_s(entry: Entry) -> float | None:
    if entry.outcome is not EntryOutcome.ANSWERED or entry.connected_at is None or entry.ended_at is None:
        return None
    return max(0.0, entry.ended_at - entry.connected_at)


class _Day:
    def __init__(self, *, reading: Reading, policy: Policy, rules: Policy, seed: object) -> None:
        self.reading, self.policy, self.rules, self.seed = reading, policy, rules, seed
        stays = [stay for of in reading.stays.values() for stay in of if stay.last.outcome is not None]
        self.guesses = _guesses(stays)
        self.acted = {(done.act.agent, done.at) for done in reading.done}

    def happenings(self) -> Iterator[tuple[float, int, Happening]]:
        reading = self.reading
        backs = {callback.id: self.back(callback) for _, callback in reading.callbacks.values()}
        asked = {callback.id: callback.first for _, callback in reading.callbacks.values() if callback.first is not None}
        taken: set[str] = set()
        for id, stays in reading.stays.items():
            caller, order = self.caller(id, stays, backs, asked, taken)
            if caller is not None:
                yield caller.at, order, partial(People.calls, caller=caller)
        for stay in reading.consults:
            if stay.last.outcome is not None and _has(self.policy, stay.first.queue):
                yield stay.first.joined_at, stay.order, partial(People.calls, caller=self.consult(stay))
        for order, callback in reading.callbacks.values():
            if callback.id not in taken and _has(self.policy, callback.queue):
                yield callback.asked_at, order, partial(People.wishes, back=backs[callback.id])
        for done in reading.done:
            if done.act.agent in self.policy.agents:
                yield done.at, done.order, _act(done.act.agent, done.act.wish, done.act.reason)
        for order, event in reading.happened:
            yield event.at, order, partial(_happens, event)
        for order, agent, at, until in reading.own_calls:
            if agent in self.policy.agents and until is not None:
                yield at, order, partial(People.dials, own=OwnCall(agent=agent, at=at, lasts_s=until - at))

    # -- callers -------------------------------------------------------------------------------------------------------

    def caller(
        self, id: CallId, stays: Sequence[Stay], backs: Mapping[str, Back], asked: Mapping[str, CallId], taken: set[str]
    ) -> tuple[Caller | None, int]:
        """From the first queue that these rules have; nobody, where there is none."""
        known = [stay for stay in stays if stay.last.outcome is not None and not self.was_with_an_agent(stay)]
        if not known or not all(_has(self.policy, stay.first.queue) for stay in known[:1]):
            return None, 0
        own = [back for back in backs.values() if asked.get(back.id) == id]
        stops = list[Stop]()
        for n, stay in enumerate(known):
            if not _has(self.policy, stay.first.queue):
                break  # what would have come of them is not known
            stop = self.stop(id, n, stay)
            if own and n == len(known) - 1:
                taken.add(own[0].id)
                stop = replace(stop, back=own[0], back_by=(stop.key or stay.last.exit,))
            if stops:
                before = known[n - 1].last
                by = BY_TRANSFER if self.was_sent_on(before) else stops[-1].key or before.exit
                stop = replace(stop, by=by, after_s=max(0.0, stay.first.joined_at - (before.ended_at or 0.0)))
            stops.append(stop)
        first = {each.name: getattr(stops[0], each.name) for each in fields(Stop)}
        number = self.reading.numbers_of.get(id, "")
        made = Caller(**first, id=id, at=known[0].first.joined_at, number=number, then=tuple(stops[1:]))
        return made, known[0].order

    def was_with_an_agent(self, stay: Stay) -> bool:
        """When the journal begins: neither of the two is free before that is over, and what came before it is not known."""
        asked = stay.first.state is EntryState.OFFERED and stay.last.outcome is EntryOutcome.ANSWERED
        return stay.order == STOOD and (stay.first.state in (EntryState.CONNECTED, EntryState.CONNECTING) or asked)

    def before_s(self, entry: Entry) -> float:
        """What somebody had waited already when the journal begins."""
        return max(0.0, (self.reading.begin or 0.0) - entry.joined_at)

    def stop(self, id: CallId, n: int, stay: Stay) -> Stop:
        dice, key = stream(self.seed, id, n), _key(stay.last)
        leaves, talk_s = _leaves(stay), _talk_s(stay.last)
        drawn_s, guessed_s = self.guesses.patience_s(dice, stay), self.guesses.talk_s(dice, stay.last.queue)
        wrap_up_s, disposition = self.written(stay.last)
        return Stop(
            ask=self.ask(stay.first),
            talk_s=guessed_s if talk_s is None else talk_s,
            patience_s=max(0.0, (stay.waited_s if leaves else drawn_s) - self.before_s(stay.first)),
            key=key,
            wrap_up_s=wrap_up_s,
            disposition=disposition,
        )

    def ask(self, first: Entry) -> EnterQueue:
        """What was asked for beyond what the rules in force said."""
        rules = self.rules.queues.get(first.queue)
        agent = agent_of(first.queue)
        waits_s = None if first.leave_at is None else first.leave_at - first.joined_at
        own_wait = waits_s if rules is None or rules.max_wait_s is None or abs(rules.max_wait_s - (waits_s or 0.0)) > 1e-3 else None
        before_s = self.before_s(first)
        sticky = rules is not None and rules.sticky is not None
        return EnterQueue(
            queue=first.queue,
            priority=None if rules is not None and rules.priority == first.priority else first.priority,
            max_wait_s=own_wait if first.patient and not before_s else waits_s and max(0.0, waits_s - before_s),
            exit_keys=first.exit_keys,
            exits=frozenset(first.exits),
            agent=agent,
            ring_s=first.ring_s,
            outcomes=first.outcomes,
            requires=first.requires,
            prefer=None if sticky else first.prefer,
            prefer_s=None if sticky or first.prefer_until is None else first.prefer_until - first.joined_at,
        )

    def written(self, last: Entry) -> tuple[float | None, str]:
        """How long was written after the talk, where that was the agent's choice, and what came of it."""
        wrap_up = self.reading.wrap_ups.get(last.offer) if last.offer else None
        if wrap_up is None:
            return None, ""
        chosen = wrap_up.ended_by in READY_BY
        if wrap_up.ended_by is WrapUpEnd.LEFT:  # to what was asked for in the talk; what was asked for then is an act of its own
            chosen = (wrap_up.agent, wrap_up.ended_at) not in self.acted
        return (wrap_up.ended_at - wrap_up.began_at if chosen and wrap_up.ended_at else None), wrap_up.disposition

    def was_sent_on(self, last: Entry) -> bool:
        offer = self.reading.offers.get(last.offer) if last.offer else None
        return offer is not None and offer.ended_by is EndedBy.TRANSFER

    def consult(self, stay: Stay) -> Caller:
        """A colleague who is asked is as busy as with a caller; nobody counts it."""
        stop = self.stop(_consult_id(stay), 0, stay) if stay.first.queue in self.guesses.patience else None
        talk_s = _talk_s(stay.last)
        ask = stop.ask if stop else self.ask(stay.first)
        patience_s = inf if talk_s is not None else stay.waited_s
        return Caller(id=_consult_id(stay), at=stay.first.joined_at, ask=ask, talk_s=talk_s or 0.0, patience_s=patience_s)

    # -- who is called back --------------------------------------------------------------------------------------------

    def back(self, callback: Callback) -> Back:
        stay = self.reading.back_stays.get(callback.id)
        talk_s = _talk_s(stay) if stay is not None else None
        dice = stream(self.seed, callback.id)
        guessed_s = self.guesses.talk_s(dice, callback.queue)
        wrap_up_s, disposition = self.written(stay) if stay is not None else (None, "")
        picked_up = self.reading.answered.get(callback.id, [])
        return Back(
            id=callback.id,
            queue=callback.queue,
            number=self.reading.numbers.of(callback.number),
            talk_s=guessed_s if talk_s is None else talk_s,
            wrap_up_s=wrap_up_s,
            disposition=disposition,
            priority=callback.priority,
            not_before=callback.not_before,
            attempts=tuple(_picked_up(attempt, picked_up) for attempt in callback.attempts) or (0.0,),
        )


def _picked_up(attempt: Attempt, picked_up: Sequence[tuple[float, float]]) -> float | None:
    return next((answered_at - dialled_at for dialled_at, answered_at in picked_up if abs(dialled_at - attempt.at) < 0.5), None)


def _act(agent: object, wish: object, reason: str) -> Callable[[People], None]:
    def act(people: People) -> None:
        people.asked(agent, wish, reason)  # type: ignore[arg-type]

    return act


def _happens(event: ev.Event, people: People) -> None:
    people.happens(replace(event, node=NODE) if isinstance(event, ev.PhoneRegistered | ev.PhoneUnregistered) else event)


# -- phones ----------------------------------------------------------------------------------------------------------------


def _is_over(offer: Offer) -> bool:
    return offer.outcome is not None or offer.answered_at is not None


def _rung(offer: Offer, back_s: float | None) -> Rung:
    at = offer.rung_at if offer.rung_at is not None else offer.offered_at
    over_s = None if offer.ended_at is None else max(0.0, offer.ended_at - at)
    known = Ring(back_s=back_s, told_s=0.0)
    if offer.answered_at is not None:
        talked = offer.bridged_at is not None
        connect_s = max(0.0, (offer.bridged_at or 0.0) - offer.answered_at) if talked and offer.ready_at is None else 0.0
        known = replace(known, answer_s=max(0.0, offer.answered_at - at), connect_s=connect_s)
        if offer.outcome is OfferOutcome.DUMPED:
            known = replace(known, connect_s=inf, end_s=over_s, cause=offer.cause)
    elif offer.outcome in CALLED_OFF:
        return Rung(agent=offer.agent, at=at, ring=known, at_least_s=over_s or 0.0)
    elif offer.outcome is not OfferOutcome.NO_ANSWER:
        known = replace(known, end_s=over_s, cause=offer.cause or "NETWORK_OUT_OF_ORDER")
    return Rung(agent=offer.agent, at=at, ring=known)
