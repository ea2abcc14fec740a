"""A house beside the dialer, played by the test: leads that are claimed, agents, and calls that ring as the test says."""

from dataclasses import replace
from typing import Any

from acd.campaign import Campaign, Mode
from acd.core.outside.dialled_call import DialledCall, DialledState, DialOutcome
from acd.words import AgentId, AgentState, FlowId, LegId, QueueId
from dialer.core.attempt import Attempt, AttemptState
from dialer.core.decisions import Claim, ClaimNumber, Decision, Dial, Drop, Finish, LetGo, Reserve
from dialer.core.events import (
    AgentSeen,
    CallersSeen,
    CallSeen,
    EndStored,
    Event,
    LeadsClaimed,
    NotDialled,
    NumberClaimed,
    NumberRefused,
    PutBack,
    ReserveAnswered,
    RulesChanged,
    RunWished,
    Ticked,
)
from dialer.core.pacing.pacer import Pacer
from dialer.core.pacing.ratio import Progressive, Ratio
from dialer.core.run import Run, RunState, RunWish
from dialer.core.state import Dialler
from dialer.core.step import step

QUEUE = QueueId("sales")
NOON = 1_795_600_800.0  # Wednesday 2026-11-25, 10:00 UTC
D, O = DialledState, DialOutcome


def campaign(id: str = "spring", **more: Any) -> Campaign:
    rules: dict[str, Any] = {"mode": Mode.PROGRESSIVE, "queue": QUEUE, "law": "uk", "message": FlowId("sorry"), "abandon_limit": 0.03}
    return Campaign(id=id, **(rules | more))


def pacer_of(mode: Mode, ratio: float | None, kept: object) -> Pacer:
    return Ratio(ratio or 1.0) if mode is Mode.RATIO else Progressive()


class Closed:
    """A calendar that is closed, whenever it is asked."""

    def state(self, at: float) -> str:
        return "closed"

    def opens(self, at: float) -> str:
        return "Mon 2026-11-30 09:00"


class World:
    """``leads``: how many are left to be claimed. What is decided is done at once, and kept in ``decided``."""

    def __init__(self, *campaigns: Campaign, leads: int = 1000, start: bool = True, at: float = NOON) -> None:
        self.at, self.leads, self.claims = at, leads, 0
        self.without: set[str] = set()  # campaigns that have no leads
        self.zones: tuple[str, ...] = ("Europe/London",)
        self.state = Dialler(pacer_of)
        self.decided: list[Decision] = []
        self.calls: dict[str, DialledCall] = {}
        self.stores = True
        self.held: dict[str, str] = {}
        self.doing: dict[str, AgentState] = {}
        self.serves: dict[str, tuple[QueueId, ...]] = {}
        self.reserved: dict[str, str] = {}  # agent -> attempt
        self.rules(*campaigns)
        for each in campaigns if start else ():
            self.wish(each.id, RunWish.START)

    # -- what happens ---

    def rules(self, *campaigns: Campaign) -> list[Decision]:
        return self.hear(RulesChanged(at=self.at, campaigns={each.id: each for each in campaigns}))

    def wish(self, campaign: str, wish: RunWish, by: str = "sue") -> list[Decision]:
        return self.hear(RunWished(at=self.at, campaign=campaign, wish=wish, by=by))

    def agent(
        self, name: str, doing: AgentState = AgentState.READY, *, stays: bool = True, queues: tuple[QueueId, ...] = ()
    ) -> list[Decision]:
        """``queues``: that they serve, until it is said otherwise."""
        self.serves[name] = queues or self.serves.get(name, (QUEUE,))
        self.doing[name] = doing
        if doing is not AgentState.READY or not stays:
            self.reserved.pop(name, None)
        seen = {"agent": AgentId(name), "doing": doing, "stays": stays, "reserved_for": self.reserved.get(name, "")}
        is_free = doing is AgentState.READY and stays and not seen["reserved_for"]
        return self.hear(AgentSeen(at=self.at, queues=self.serves[name], is_free=is_free, **seen))  # type: ignore[arg-type]

    def waits(self, callers: int, queue: QueueId = QUEUE) -> list[Decision]:
        return self.hear(CallersSeen(at=self.at, queue=queue, callers=callers))

    def tick(self, for_s: float = 1.0) -> list[Decision]:
        self.at += for_s
        return self.hear(Ticked(at=self.at))

    def hear(self, event: Event) -> list[Decision]:
        made = step(self.state, event)
        self.decided += made
        for decision in made:
            self._do(decision)
        return made

    def _do(self, decision: Decision) -> None:
        match decision:
            case Claim():
                self.hear(self._claimed(decision))
            case ClaimNumber():
                self.hear(self._number(decision))
            case Dial():
                attempt = decision.attempt
                if attempt.reserved and (why := self._keep(attempt.reserved, attempt.id)):
                    self.hear(NotDialled(at=self.at, attempt=attempt.id, why=why))
                    return
                leg, of = LegId(f"a/{attempt.id}"), decision.rules.id
                call = DialledCall(id=attempt.id, queue=QUEUE, number=attempt.number, at=self.at, leg=leg, campaign=of)
                self.calls[attempt.id] = call
            case Reserve():
                refused = self._keep(decision.attempt.reserved, decision.attempt.id)
                self.hear(ReserveAnswered(at=self.at, attempt=decision.attempt.id, refused=refused))
            case LetGo():
                self.lets_go(decision.attempt)
            case Finish() if self.stores:
                self.hear(EndStored(at=self.at, attempt=decision.attempt.id))

    def _keep(self, name: str, attempt: str) -> str:
        """As the house would: whoever is free, or reserved for it already."""
        doing, kept = self.doing.get(name, AgentState.LOGGED_OUT), self.reserved.get(name, attempt)
        if doing is not AgentState.READY or kept != attempt:
            return f"{name} is not free: {doing}"
        self.reserved[name] = attempt
        self.agent(name)
        return ""

    def lets_go(self, attempt: str) -> None:
        """What was dialled for them is over."""
        for name in [name for name, kept in self.reserved.items() if kept == attempt]:
            del self.reserved[name]
            self.agent(name)

    def _claimed(self, claim: Claim) -> LeadsClaimed:
        n = min(claim.n, self.leads) if claim.rules.id not in self.without else 0
        self.leads -= n
        return LeadsClaimed(
            at=self.at, campaign=claim.rules.id, wanted=claim.n, attempts=tuple(self._attempt(claim) for _ in range(n))
        )  # fmt: skip

    def _number(self, claim: ClaimNumber) -> Event:
        """``held``: what the database says of a number; else it is leased as it was wished."""
        wish = claim.attempt
        if why := self.held.get(wish.number):
            return NumberRefused(at=self.at, attempt=wish.id, why=why)
        return NumberClaimed(at=self.at, attempt=replace(wish, state=AttemptState.CLAIMED, lead=77, reserved="", reserved_at=None))

    def _attempt(self, claim: Claim) -> Attempt:
        self.claims += 1
        n = self.claims
        return Attempt(
            id=f"t{n}",
            campaign=claim.rules.id,
            lead=n,
            number=f"+44207946{n:04}",
            claimed_at=self.at,
            zones=self.zones,
            country="GB",
        )

    # -- calls ---

    def see(self, id: str, **changes: Any) -> list[Decision]:
        self.calls[id] = replace(self.calls[id], **changes)
        return self.hear(CallSeen(at=self.at, call=self.calls[id]))

    def rings(self, id: str) -> list[Decision]:
        return self.see(id, state=D.RINGING, ringing_at=self.at)

    def answers(self, id: str) -> list[Decision]:
        return self.see(id, state=D.ANSWERED, answered_at=self.at)

    def talks(self, id: str, agent: str = "anna") -> list[Decision]:
        self.agent(agent, AgentState.TALKING)
        return self.see(id, state=D.TALKING, bridged_at=self.at, agent=AgentId(agent))

    def abandons(self, id: str) -> list[Decision]:
        made = self.see(id, state=D.ABANDONED, abandoned_at=self.at)
        self.lets_go(id)
        return made

    def ends(self, id: str, outcome: DialOutcome = O.NO_ANSWER, cause: str = "NO_ANSWER") -> list[Decision]:
        made = self.see(id, state=D.ENDED, ended_at=self.at, outcome=outcome, cause=cause)
        self.lets_go(id)
        return made

    # -- what was decided ---

    @property
    def dialled(self) -> list[str]:
        return [each.attempt.id for each in self.decided if isinstance(each, Dial)]

    @property
    def dialled_for(self) -> list[str]:
        """The campaign of each."""
        return [each.rules.id for each in self.decided if isinstance(each, Dial)]

    @property
    def dropped(self) -> list[str]:
        return [each.attempt for each in self.decided if isinstance(each, Drop)]

    @property
    def finished(self) -> dict[str, str]:
        return {each.attempt.id: str(each.attempt.outcome) for each in self.decided if isinstance(each, Finish)}


# -- a lead that takes its time -----------------------------------------------------------------------------------------


def leased(**more: object) -> Attempt:
    attempt = Attempt(
        id="t1", campaign="spring", lead=1, number="+442079460001", claimed_at=NOON, zones=("Europe/London",), country="GB"
    )  # fmt: skip
    return replace(attempt, **more)  # type: ignore[arg-type]


def slow() -> World:
    """Anna is free, a lead was asked for, and the database has not answered."""
    world = World(campaign(), leads=0)
    world.agent("anna")
    assert world.decided[-1] == Claim(rules=campaign(), n=1, at=NOON)
    world.state.campaigns["spring"].claiming = 1
    return world


def comes(world: World, attempt: Attempt) -> list[object]:
    return list(world.hear(LeadsClaimed(at=world.at, campaign="spring", wanted=1, attempts=(attempt,))))


def talked(world: World) -> World:
    world.agent("anna")
    world.answers("t1")
    world.talks("t1")
    return world


# -- after a kill -9 ----------------------------------------------------------------------------------------------------


def after_a_restart(attempt: Attempt, *events: object) -> tuple[World, list[object]]:
    world = World.__new__(World)
    World.__init__(world, start=False)
    world.state = Dialler(pacer_of)
    world.decided = []
    run = Run(campaign="spring", state=RunState.RUNNING, since=NOON)
    world.hear(PutBack(at=NOON, runs=(run,), open=(attempt,)))
    world.rules(campaign())
    made = [decision for event in events for decision in world.hear(event)]  # type: ignore[arg-type]
    return world, list(made)
