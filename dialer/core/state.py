"""All that the dialer knows now: campaigns with their runs and ledgers, attempts, floors. Changed by ``step`` alone."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from acd.campaign import Campaign, Mode
from acd.law.ledger import Ledger
from acd.law.profiles import DEFAULT, PROFILES
from acd.words import CallId, OfferId, QueueId
from dialer.core.attempt import Attempt, Outcome
from dialer.core.called import Called, Caller
from dialer.core.events import Hours
from dialer.core.floor import Floor, PacerOf
from dialer.core.held import Held
from dialer.core.pacing.events import Event as PacingEvent
from dialer.core.pacing.pacer import Why
from dialer.core.run import Run, RunState
from dialer.core.said import Said


@dataclass(slots=True)
class Running:
    """One campaign, as it is now."""

    rules: Campaign
    run: Run
    ledger: Ledger
    counts: frozenset[str]  # the names of campaigns whose people count in it
    gone: bool = False  # no longer in the configuration: finishes what it began
    claiming: int = 0  # leads asked for, and no answer yet
    claim_at: float = 0.0  # not asked for before
    failed: int = 0  # times in a row that the database did not answer
    starts: float = 1.0  # calls that may be begun now, by the calls per second
    starts_at: float | None = None
    held: Held | None = None  # why nothing is dialled, when it is not for the pacer
    why: Why | None = None  # what the last number of lines was decided by
    bound: str = ""  # and without agents, by what
    turn: float = 0.0  # how far it is among its equals, a call being one over its weight
    dialled_at: float | None = None  # the last one
    ended: Counter[Outcome] = field(default_factory=Counter)  # attempts since we were started

    @property
    def id(self) -> str:
        return self.rules.id

    @property
    def dials(self) -> bool:
        return self.run.state is RunState.RUNNING and not self.gone

    @property
    def is_draining(self) -> bool:
        return self.run.state is RunState.DRAINING


class Dialler:
    def __init__(self, pacer_of: PacerOf) -> None:
        self.pacer_of = pacer_of
        self.at = 0.0
        self.campaigns: dict[str, Running] = {}
        self.floors: dict[QueueId, Floor] = {}
        self.attempts: dict[str, Attempt] = {}
        self.asked: set[str] = set()  # to be dialled, and the house has told nothing of them yet
        self.told_at: dict[str, float] = {}  # of those that ended: when the database was last told
        self.callers: dict[CallId, Caller] = {}  # who called us, and did within the hour
        self.on_line: defaultdict[str, set[CallId]] = defaultdict(set)  # by number: only those who are
        self.called: dict[str, Called] = {}  # talks with them, until they are stored
        self.shown: dict[str, Attempt] = {}  # that were told to be before an agent, and may be taken back
        self.offered: set[OfferId] = set()  # that were told of
        self.heard: dict[str, float] = {}  # when what was said of an attempt was said, of those that were told
        self.said: dict[str, Said] = {}  # what agents said came of their talks, until it is stored; by attempt
        self.learnt: dict[str, Mapping[str, Mapping[str, object]]] = {}  # by queue, then by mode
        self.calendars: Mapping[str, Hours] = {}
        self.trunks: Mapping[str, int | None] = {}  # calls more that each takes, as the house has counted them
        self.runs: dict[str, Run] = {}  # of campaigns that the configuration has not (yet)
        self.beside: dict[QueueId, tuple[int, tuple[tuple[QueueId, float], ...]]] = {}  # as ``sharing`` has summed it up
        self.turns: dict[tuple[QueueId | None, int], float] = {}  # by queue and priority: how far it is with those who take turns
        self.counted: dict[str, Ledger] = {}  # by the name under which it was, whoever goes on in its place

    def of(self, campaign: str) -> list[Attempt]:
        return [each for each in self.attempts.values() if each.campaign == campaign]

    def under_way(self, campaign: str) -> int:
        return sum(each.is_under_way for each in self.attempts.values() if each.campaign == campaign)

    def trunks_of(self, rules: Campaign) -> frozenset[str]:
        return frozenset(rules.trunks or self.trunks)

    def knows(self, campaign: str) -> bool:
        """Its rules, or those of whoever goes on in its place."""
        return campaign in self.campaigns or any(campaign in each.counts for each in self.campaigns.values())

    def rules_of(self, campaign: str) -> Campaign:
        """Of one that was taken out while we were away: those of whoever goes on in its place, or what holds where nothing is said."""
        if campaign in self.campaigns:
            return self.campaigns[campaign].rules
        after = (each.rules for each in self.campaigns.values() if campaign in each.counts)
        return next(after, Campaign(id=campaign, mode=Mode.MANUAL))

    def counted_for(self, campaign: str) -> Ledger:
        if campaign not in self.counted:
            self.counted[campaign] = Ledger.of(PROFILES[DEFAULT])
        return self.counted[campaign]

    def counts_in(self, campaign: str) -> list[Ledger]:
        """All in which a person counts who was dialled for it: under its name, and for whoever goes on in its place."""
        return [self.counted_for(campaign), *(each.ledger for each in self.campaigns.values() if campaign in each.counts)]

    def feed(self, attempt: Attempt, event: PacingEvent) -> None:
        """To the pacers of those who would talk to whoever is dialled; nobody's, where none is needed, or one is reserved."""
        of = self.campaigns.get(attempt.campaign)
        there = next((each for each in self.floors.values() if each.has(attempt.id)), None)
        if there is not None:  # where it was dialled, whichever queue its campaign has by now
            there.feed(event)
        elif of is not None and of.rules.queue is not None and not attempt.reserved:
            self.floor(of.rules.queue).feed(event)

    def floor(self, queue: QueueId) -> Floor:
        if queue not in self.floors:
            self.floors[queue] = Floor(queue, self.pacer_of, self.learnt.get(queue, {}))
        return self.floors[queue]
