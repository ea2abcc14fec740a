"""How the house wants things done: queues, agents, numbers and limits, as plain frozen data.

Made from the configuration files by ``acd.config``; swapped whole, never edited. Durations are seconds.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from acd.core.lines.hours import Hours
from acd.core.lines.recipe import Announce, Leave, Offer, Recipe
from acd.core.matching.routing_policy import PLAIN, Membership, Relax, Sticky
from acd.core.media import Media
from acd.core.outside.callback_policy import CallbackPolicy
from acd.core.outside.outbound_policy import OutboundPolicy
from acd.core.talking.hold_policy import HoldPolicy
from acd.core.talking.record_policy import RecordPolicy
from acd.core.talking.supervisor_policy import SupervisorPolicy
from acd.core.talking.transfer import Target
from acd.words import DESK_LOST, AgentId, FlowId, OfferOutcome, PhoneId, QueueId, Strategy, SupervisorId, TalkWish, WrapUpMode

O = OfferOutcome

ALWAYS, ONLINE, STAFFED, AVAILABLE = "always", "online", "staffed", "available"
"""What must be there for a caller to join: nothing; somebody logged in; somebody not away; somebody who could take one now."""
SERVE, LEAVE = "serve", "leave"
OVERFLOWS = ("full", "timed_out", "closed", "no_agents")
"""The exits in whose place callers may go on in another queue."""

TALK_KEYS: Mapping[TalkWish, str] = {
    TalkWish.HOLD: "*2",
    TalkWish.TRANSFER: "*3",
    TalkWish.CONSULT: "*4",
    TalkWish.TOGGLE: "*5",
    TalkWish.COMPLETE: "*6",
    TalkWish.CONFERENCE: "*7",
    TalkWish.LEAVE: "*8",
    TalkWish.CANCEL: "*0",
}
"""What an agent types in a talk. The key that holds also resumes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePolicy:
    id: QueueId
    ring_s: float = 15.0  # how long an agent's phone rings
    wrap_up_s: float = 10.0
    wrap_up_mode: WrapUpMode = WrapUpMode.TIMED
    wrap_up_min_talk_s: float = 0.0  # a shorter talk earns no wrap-up (ACD.md 41)
    wrap_up_limit_s: float = 600.0  # closes a wrap-up that has no timer: its agent is not ready then (ACD.md 40)
    wrap_up_more_s: float = 0.0  # an agent who asks gets so much more time; 0: none
    wrap_up_more_times: int = 1  # and so often in one wrap-up
    whisper: tuple[Media, ...] = ()  # told to the agent after the pick-up, while the caller still waits (ACD.md 4)
    dispositions: Mapping[str, str] = field(default_factory=dict)  # what may come of a talk -> the digits that say so by phone
    max_wait_s: float | None = None
    max_waiting: int | None = None
    priority: int = 0  # higher is served first
    music: str = "default"
    short_abandon_s: float = 5.0
    service_level_s: float = 20.0  # T of the service level
    hours: str = ""  # the calendar by which it is open; '' is always
    at_close: str = SERVE  # those in line at closing time: SERVE them, or they LEAVE by ``closed``
    join_when: str = STAFFED  # ALWAYS, ONLINE, STAFFED or AVAILABLE: else out by ``no_agents`` (ACD.md 46)
    grace_s: float = 10.0  # all have gone: so long those in line wait for somebody to come back (ACD.md 47)
    overflow: Mapping[str, QueueId] = field(default_factory=dict)  # an exit (OVERFLOWS) -> the queue that takes its callers instead
    carry_age: bool = True  # who comes from another queue is as old here as there (ACD.md 50)
    keep_place_s: float | None = None  # so long the place of somebody who gave up is kept (ACD.md 6); None: not
    recipes: tuple[Recipe, ...] = ()
    record: RecordPolicy = RecordPolicy()
    strategy: Strategy = Strategy.LONGEST_IDLE
    ring_more_s: float = 5.0  # ring_progressively: one more phone after each
    ring_at_most: int = 20  # so many phones ring for one caller at once
    tiers: Mapping[int, float] = field(default_factory=dict)  # tier -> the wait after which it may be asked; absent: 0
    requires: Mapping[str, int] = field(default_factory=dict)  # skill -> level
    relax: tuple[Relax, ...] = ()  # by after_s
    ageing_s: float = 60.0  # the waiting that a point of priority is worth
    weight: int = 0  # between callers of equal place in different queues; higher goes first
    sticky: Sticky | None = None
    replaces: tuple[QueueId, ...] = ()  # names that are no queues any more: whoever is meant for one of them is this queue's
    is_draining: bool = False  # out of the configuration, with callers in it: they are served, nobody joins
    retry_s: float = 30.0  # an agent who declined is not offered the same entry again within this, unless nobody else is staffed
    callback: CallbackPolicy | None = None  # None: people of the house call back by hand


@dataclass(frozen=True, slots=True, kw_only=True)
class External:
    """An agent's number outside the house. Whoever answers there has to press ``confirm``, or a voicemail would swallow callers."""

    number: str
    trunks: tuple[str, ...] = ()  # in this order; none named: all of the house
    confirm: str = "1"
    prompt: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentPolicy:
    id: AgentId
    name: str
    phone: PhoneId
    queues: tuple[QueueId, ...]
    phones: tuple[PhoneId, ...] = ()  # all of them, the first being ``phone``; () is that one alone
    may_transfer_outside: bool = False
    caller_id: str = ""  # shown to whom the agent calls outside; one that the house allows
    confirm: str = ""  # a digit that must be pressed on a phone that was picked up, or it counts for nothing (ACD.md 15)
    prompt: tuple[Media, ...] = ()  # what asks for it
    external: External | None = None  # and this number outside
    memberships: Mapping[QueueId, Membership] = field(default_factory=dict)  # where it is not the plain one
    skills: Mapping[str, int] = field(default_factory=dict)  # skill -> level
    personal: Membership = PLAIN  # of the agent's own line

    def membership(self, queue: QueueId) -> Membership:
        return self.memberships.get(queue, PLAIN)

    @property
    def devices(self) -> tuple[PhoneId, ...]:
        return self.phones or ((self.phone,) if self.phone else ())

    def prompt_for(self, phone: PhoneId | None) -> tuple[Media, ...]:
        return self.external.prompt if phone is None and self.external else self.prompt


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What holds of a not-ready reason."""

    most_s: float | None = None  # longer than this, and somebody is told


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureRule:
    """What an offer that came to nothing means for its agent. Counted by cause, in a row; a talk begins the counts anew."""

    rest_s: float = 0.0  # left in peace for so long; of a phone that is registered and did not ring: until it is tried again
    not_ready_after: int | None = None  # so many make the agent not ready; None: never
    alarm_after: int | None = None  # so many and somebody is told


FAILURE_RULES: Mapping[OfferOutcome, FailureRule] = {
    O.NO_ANSWER: FailureRule(not_ready_after=1),
    O.BUSY: FailureRule(rest_s=10.0),
    O.DECLINED: FailureRule(),
    O.DEVICE_DOWN: FailureRule(rest_s=30.0, not_ready_after=1),
    O.NETWORK_ERROR: FailureRule(rest_s=10.0, alarm_after=3),
    O.BRIDGE_FAILED: FailureRule(rest_s=10.0, alarm_after=3),
    O.FORWARDED: FailureRule(not_ready_after=1),
    O.DUMPED: FailureRule(),
    O.TOO_LATE: FailureRule(not_ready_after=3),
}
"""ACD.md 9-15, 18, 19, 25. An outcome that is not here is nobody's fault: caller gone, cancelled, taken up another line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPolicy:
    lease_s: float = 30.0  # a desk that is not heard of for so long is lost
    away_after_s: float = 300.0  # whose desk is lost for longer counts as away, and somebody is told


@dataclass(frozen=True, slots=True, kw_only=True)
class NailedPolicy:
    when_lost_ring: bool = False  # an agent whose nailed-up leg is lost is rung for each call again; else not ready
    presence_after: int | None = None  # so many calls put through without a sign of life, and the next one must be confirmed
    presence_digit: str = "1"
    presence_prompt: tuple[Media, ...] = ()


class Leaving(StrEnum):
    """What an agent's wish to leave does to the offer that rings (ACD.md 16)."""

    CANCEL = "cancel"  # it stops, and the caller goes to the next one
    FINISH = "finish"  # it rings on, and the wish is granted afterwards


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    version: str = ""
    queues: Mapping[QueueId, QueuePolicy] = field(default_factory=dict)
    agents: Mapping[AgentId, AgentPolicy] = field(default_factory=dict)
    supervisors: Mapping[SupervisorId, SupervisorPolicy] = field(default_factory=dict)
    numbers: Mapping[str, FlowId] = field(default_factory=dict)  # dialled from outside -> flow; "*" is any other number
    phone_numbers: Mapping[str, FlowId] = field(default_factory=dict)  # dialled from an agent's phone (feature codes)
    moved: Mapping[QueueId, QueueId] = field(default_factory=dict)  # a name that is no queue any more -> the queue in its place
    reasons: frozenset[str] = frozenset()  # not-ready reasons an agent may give
    returning: frozenset[str] = frozenset()  # of those, a short break: who gives one still counts as staffed
    calendars: Mapping[str, Hours] = field(default_factory=dict)
    reason_rules: Mapping[str, Reason] = field(default_factory=dict)  # of those reasons of which more is said
    on_failed_offer: Mapping[OfferOutcome, FailureRule] = field(default_factory=lambda: FAILURE_RULES)
    leaving_while_rung: Leaving = Leaving.CANCEL
    nailed: NailedPolicy = NailedPolicy()
    desk: DeskPolicy = DeskPolicy()
    max_hops: int = 3  # so often a contact overflows before somebody serves it
    failsafe_s: float = 600.0  # a caller whom nobody renews for this long is taken to the fail-safe
    fair_window_s: float = 4 * 3600.0  # what an agent has done counts half after so long (acd.core.matching.fairness)
    breaks_reset_idle: bool = True  # whether the idle time begins anew after a break (ACD.md 36)
    answer_grace_s: float = 5.0  # picked up, but not bridged within this: the bridge has failed
    agent_of_phone: Mapping[PhoneId, AgentId] = field(default_factory=dict)
    talk_keys: Mapping[TalkWish, str] = field(default_factory=lambda: dict(TALK_KEYS))
    talk_targets: Mapping[str, Target] = field(default_factory=dict)  # short numbers for transfers and consults
    hold: HoldPolicy = HoldPolicy()
    consult_continues: bool = True  # the customer is gone: the two agents may go on (ACD.md 58)
    outbound: OutboundPolicy = field(default_factory=OutboundPolicy)

    def media(self) -> Iterator[Media]:
        """All that agents and callers may hear of the house, beside the flows: to be made ready before anybody calls."""
        for queue in self.queues.values():
            yield from queue.whisper
            yield from queue.record.announce
            for recipe in queue.recipes:
                yield from (part for one in recipe.do if isinstance(one, Announce) for part in one.media)
        yield from self.nailed.presence_prompt
        for agent in self.agents.values():
            yield from agent.prompt
            yield from agent.external.prompt if agent.external else ()

    def now_called(self, queue: QueueId) -> QueueId:
        """The queue itself, or the one that has taken its place."""
        return self.moved.get(queue, queue)

    def names_of(self, queue: QueueId) -> tuple[QueueId, ...]:
        """Its own, and those of the queues in whose place it is."""
        return (queue, *(old for old, new in self.moved.items() if new == queue))

    def reason(self, name: str) -> Reason:
        if name == DESK_LOST:
            return Reason(most_s=self.desk.away_after_s)
        return self.reason_rules.get(name) or Reason()

    @property
    def phones(self) -> tuple[PhoneId, ...]:
        """Every phone of the house: of agents, and of supervisors."""
        theirs = (each.phone for each in self.supervisors.values())
        return tuple(dict.fromkeys((*self.agent_of_phone, *theirs)))


def draining(old: Policy, new: Policy, held: Iterable[QueueId]) -> Policy:
    """``new``, in which the queues that callers stand in (``held``) but that it does not know are served to their end (F36).

    By whom they were served before and is still there; a queue of which nobody is left is not in the answer.
    """
    gone = {queue: old.queues[queue] for queue in held if queue in old.queues and queue not in new.queues}
    agents = {id: _serving_too(agent, old.agents.get(id), _of(old, id, gone)) for id, agent in new.agents.items()}
    served = {queue for agent in agents.values() for queue in agent.queues}
    queues = {queue: replace(rules, is_draining=True) for queue, rules in gone.items() if queue in served}
    return replace(new, queues={**new.queues, **queues}, agents=agents) if queues else new


def _serving_too(agent: AgentPolicy, old: AgentPolicy | None, queues: tuple[QueueId, ...]) -> AgentPolicy:
    memberships = {queue: old.membership(queue) for queue in queues} if old else {}
    return replace(agent, queues=agent.queues + queues, memberships={**agent.memberships, **memberships})


def _of(old: Policy, agent: AgentId, gone: Mapping[QueueId, QueuePolicy]) -> tuple[QueueId, ...]:
    known = old.agents.get(agent)
    return tuple(queue for queue in known.queues if queue in gone) if known else ()


def ways_out(queue: QueuePolicy) -> frozenset[str]:
    """The exits by which a queue's own rules may send callers away, beside those that every queue has."""
    left = {one.exit for recipe in queue.recipes for one in recipe.do if isinstance(one, Leave)}
    return frozenset(left | ({"closed"} if queue.hours else set()))


def offered(queue: QueuePolicy) -> frozenset[FlowId]:
    """The flows that its recipes offer to those in line."""
    return frozenset(one.flow for recipe in queue.recipes for one in recipe.do if isinstance(one, Offer))
