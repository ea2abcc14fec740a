"""An entry: one stay of a contact in a queue. It ends exactly once, with one outcome (ACD.md I4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from acd.core.illegal import IllegalMove
from acd.core.lines.forecast import Promise
from acd.core.lines.recipe import Ran
from acd.words import AgentId, CallId, EntryId, EntryKind, EntryOutcome, EntryState, FlowId, LegId, OfferId, PlayId, QueueId

S, O = EntryState, EntryOutcome

MOVES: dict[EntryState, frozenset[EntryState]] = {
    S.WAITING: frozenset({S.WAITING, S.OFFERED, S.ENDED}),
    S.OFFERED: frozenset({S.OFFERED, S.CONNECTING, S.CONNECTED, S.WAITING, S.ENDED}),
    S.CONNECTING: frozenset({S.CONNECTED, S.WAITING, S.ENDED}),
    S.CONNECTED: frozenset({S.ENDED}),
    S.ENDED: frozenset(),
}

Place = tuple[float, float, int, EntryId]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    id: EntryId
    call: CallId
    leg: LegId  # who is joined to the agent
    queue: QueueId
    joined_at: float
    since: float  # whence the waiting counts: joined_at, or earlier when age was carried from another queue
    kind: EntryKind = EntryKind.CALL
    priority: int = 0
    ageing_s: float = 60.0  # the waiting that a point of priority is worth
    weight: int = 0  # of the queue
    requires: Mapping[str, int] = field(default_factory=dict)  # skill -> level, before what the queue asks of everybody; 0: none
    prefer: AgentId | None = None  # this agent first,
    prefer_until: float | None = None  # until then; None: it is over
    reserved: str = ""  # the attempt of a campaign for which they are reserved: this agent and nobody else, however long
    aged_s: float = 0.0  # what opens with the waiting has opened up to here (acd.core.matching.ageing)
    opens_at: float | None = None  # and the next
    state: EntryState = S.WAITING
    music: str = "default"
    exit_keys: str = ""
    waiting: FlowId | None = None  # the flow that runs meanwhile; None: music only
    exits: tuple[str, ...] = ()  # that the step in which its caller stands has targets for
    via: tuple[QueueId, ...] = ()  # the queues that this wait has overflowed from, in order
    ring_s: float | None = None  # in place of the queue's own
    held: bool = False  # keeps its place and is offered to nobody: a callback whose time is not now
    patient: bool = True  # of somebody who asked for one agent: waits until that one is free
    leave_at: float | None = None  # the longest wait ends, or the caller leaves
    leave_by: str = ""  # by this exit; '' is timed_out
    leave_as: EntryOutcome = O.TIMED_OUT
    retry_at: float | None = None  # an agent who was excluded may be asked again
    music_at: float | None = None  # the music stopped by itself: start it again then
    music_from: float = 0.0  # when it was started
    music_on: bool = True  # False while the waiting flow is heard
    rings: bool = False  # of a consult: what is heard in place of music is that a phone rings
    hums: bool = False  # what the waiting flow plays is music too
    lap_from: float = 0.0  # when the waiting flow was begun
    lap_at: float | None = None  # when it begins again
    empty_laps: int = 0  # in a row
    plays: int = 0
    saying: PlayId | None = None  # an announcement of a recipe is heard
    interlude: FlowId | None = None  # a flow that a recipe offers, in place of the waiting flow until it is over
    promises: tuple[Promise, ...] = ()  # waits that its caller was told
    recipes: tuple[Ran, ...] = ()  # those that were followed, in the order of their first time
    recipe_at: float | None = None  # the next one is due that asks for nothing but waiting
    outcomes: Mapping[str, EntryOutcome] = field(default_factory=dict)  # how the stay ends when it is left by this exit
    rung: tuple[OfferId, ...] = ()  # the live offers that ring for it, in the order in which they were made
    offer: OfferId | None = None  # the one that was picked up
    offers: int = 0
    more_at: float | None = None  # when the next phone rings beside those that do
    excluded: tuple[tuple[AgentId, float], ...] = ()  # (agent, until)
    asked: tuple[AgentId, ...] = ()  # who was asked in vain, the last one last: the others go first (ACD.md 35)
    agent: AgentId | None = None  # who served
    connected_at: float | None = None
    handed_at: float | None = None  # of a consult: when the customer was put through to whom it had reached
    ended_at: float | None = None
    outcome: EntryOutcome | None = None
    exit: str = ""

    @property
    def deadline(self) -> float | None:
        """The longest wait never cuts an offer short: it is looked at again when the offer has failed (ACD.md 48).

        But of somebody whom a campaign dialled it does: a phone that rings is nobody who talks to them (ACD.md 86).
        """
        heard = (self.music_at, self.lap_at)
        waking: tuple[float | None, ...] = ()
        if self.state is S.WAITING:
            waking = (self.leave_at, self.retry_at, self.recipe_at, self.prefer_until, self.opens_at, *heard)
        elif self.state is S.OFFERED:
            waking = (self.more_at, self.opens_at, self.leave_at if self.cuts_offers else None, *heard)
        return min((t for t in waking if t is not None), default=None)

    @property
    def place(self) -> "Place":
        """The order of all lines: a point of priority is so much waiting, so that nobody waits for ever; then by age, by the
        queue's weight, by id (ACD.md 30, 31). It does not change as time passes.
        """
        return (self.since - self.priority * self.ageing_s - self._ahead_s, self.since, -self.weight, self.id)

    @property
    def cuts_offers(self) -> bool:
        return self.kind is EntryKind.DIALLED

    @property
    def _ahead_s(self) -> float:
        """Whom a campaign dialled stands before callers of the same priority who have not waited for a whole point yet, and, as long
        as they may wait, behind every caller of a higher one, also one who comes after them (ACD.md 37).
        """
        if self.kind is not EntryKind.DIALLED or self.leave_at is None:
            return 0.0
        return max(0.0, self.ageing_s - max(0.0, self.leave_at - self.since))

    @property
    def is_live(self) -> bool:
        return self.state is not S.ENDED

    @property
    def next_offer(self) -> OfferId:
        return OfferId(f"{self.id}.o{self.offers + 1}")

    @property
    def outstanding(self) -> tuple[OfferId, ...]:
        """Every live offer of it, whether it rings or was picked up."""
        return self.rung if self.offer is None else (*self.rung, self.offer)

    def outcome_of(self, exit: str, otherwise: EntryOutcome) -> EntryOutcome:
        """How the stay ends when its caller is taken out by an exit: to leave a message, to be called back, or otherwise."""
        return self.outcomes.get(exit, otherwise)

    def excludes(self, agent: AgentId, at: float) -> bool:
        return any(who == agent and until > at for who, until in self.excluded)

    def move(self, state: EntryState, **changes: Any) -> "Entry":
        if state not in MOVES[self.state]:
            raise IllegalMove(f"entry {self.id}: {self.state} -> {state}")
        return replace(self, state=state, **changes)
