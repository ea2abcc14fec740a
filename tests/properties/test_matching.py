"""Any house, anything that happens in it: every match is the one that the slow and simple reference makes (tests.core.reference).

Skills with levels and relaxing, tiers and delays, strategies, priorities that age, held callers, agents with an order of their
own, several phones at once, a changed configuration, all together (ACD.md 26-36). Houses and stories are drawn by seed, busy enough
that both callers and agents are mostly there; ACD_MATCHING_SEEDS=1000 looks longer.
"""

import os
from random import Random
from typing import Any

import pytest

from acd.core import events as ev
from acd.core.interpreter import EnterQueue
from acd.core.matching.routing_policy import Membership, Relax, Sticky
from acd.core.offers.offer import Offer
from acd.core.outside.outbound_policy import OutboundPolicy, Way
from acd.core.policy import FAILURE_RULES, AgentPolicy, FailureRule, Policy, QueuePolicy
from acd.core.step import step
from acd.words import AgentId, FlowId, OfferOutcome, OfferState, PhoneId, QueueId, Strategy, Wish
from tests.core import reference
from tests.core.invariants import assert_invariants
from tests.core.world import FS, Flows, World

SEEDS = int(os.environ.get("ACD_MATCHING_SEEDS", "30"))
STEPS = 300
SKILLS = ("english", "german")
QUEUES = tuple(map(QueueId, ("sales", "support", "billing")))


def levels(draw: Random, most: int, chance: float) -> dict[str, int]:
    return {skill: draw.randint(0, most) for skill in SKILLS if draw.random() < chance}


def queue(draw: Random, id: QueueId) -> QueuePolicy:
    steps = sorted(draw.sample([3.0, 6.0, 12.0], draw.randint(0, 2)))
    relax = tuple(
        Relax(after_s=after, requires=levels(draw, 3, 0.5), drop=frozenset(s for s in SKILLS if draw.random() < 0.2)) for after in steps
    )
    return QueuePolicy(
        id=id,
        ring_s=8.0,
        wrap_up_s=draw.choice([0.0, 3.0]),
        priority=draw.randint(0, 2),
        strategy=draw.choice([*Strategy, Strategy.RING_ALL, Strategy.RING_PROGRESSIVELY]),
        ring_more_s=2.0,
        ring_at_most=draw.randint(1, 4),
        tiers={tier: draw.choice([0.0, 5.0, 15.0]) for tier in (2, 3) if draw.random() < 0.7},
        requires=levels(draw, 2, 0.3),
        relax=relax,
        ageing_s=draw.choice([1.0, 20.0, 1e6]),
        weight=draw.randint(0, 1),
        retry_s=draw.choice([1.0, 30.0]),
        sticky=draw.choice([None, Sticky(for_s=60.0, wait_s=9.0)]),
    )


def member(draw: Random) -> Membership:
    return Membership(
        tier=draw.choice([1, 1, 2, 3]),
        position=draw.randint(0, 2),
        weight=draw.randint(1, 3),
        delay_s=draw.choice([0.0, 0.0, 0.0, 4.0]),
        order=draw.choice([1, 1, 2]),
    )


def house(draw: Random, agents: int) -> Policy:
    people = {}
    for n in range(agents):
        served = tuple(draw.sample(QUEUES, draw.randint(1, 3)))
        people[AgentId(f"a{n}")] = AgentPolicy(
            id=AgentId(f"a{n}"),
            name="",
            phone=PhoneId(f"100{n}"),
            queues=served,
            memberships={each: member(draw) for each in served},
            skills=levels(draw, 4, 0.8),
            personal=Membership(order=draw.choice([0, 1, 3])),
        )
    return Policy(
        version="p",
        queues={id: queue(draw, id) for id in QUEUES},
        agents=people,
        numbers={str(n): FlowId(f"ask.{n}") for n in range(9)},
        on_failed_offer={**FAILURE_RULES, OfferOutcome.NO_ANSWER: FailureRule(not_ready_after=3)},
        fair_window_s=30.0,
        outbound=OutboundPolicy(ways=(Way(trunk="carrier", prefixes=("+",), caller_id="+493099"),), region="DE"),
        agent_of_phone={each.phone: each.id for each in people.values()},
    )


def ask(draw: Random) -> EnterQueue:
    return EnterQueue(
        queue=draw.choice(QUEUES),
        priority=draw.choice([None, None, 0, 1, 3]),
        max_wait_s=draw.choice([None, None, 40.0]),
        requires=levels(draw, 3, 0.15),
        prefer=draw.choice([None, None, None, AgentId("a0"), AgentId("a1")]),
        agent=draw.choice([None] * 5 + [AgentId("a0")]),
    )


class Watched(World):
    """Every decision is looked at as it is made."""

    def feed(self, event: ev.Event) -> list[Any]:
        self.at = max(self.at, event.at)
        expected, decisions = None, []
        for decision in step(self.state, event):
            for record in decision.changes:
                if isinstance(record, Offer) and record.id not in self.offered:
                    self.offered.add(record.id)
                    assert expected is not None and (record.entry, record.agent) == (expected[0].id, expected[1])
            expected = reference.next_match(self.state, event.at)
            decisions.append(decision)
        assert expected is None, f"{expected[0].id} waits beside {expected[1]}"
        self.decisions += decisions
        self.ledger.note(decisions)
        assert_invariants(self.state, self.ledger)
        return [command for decision in decisions for command in decision.commands]

    @property
    def offered(self) -> set[str]:
        return self.__dict__.setdefault("_offered", set())  # type: ignore[no-any-return]


ACTS = ["dial"] * 2 + ["reserve"] * 2
ACTS += (
    ["call"] * 5
    + ["dial", "dial"]
    + ["ready"] * 5
    + ["answer"] * 3
    + ["fail"] * 2
    + ["talked"] * 4
    + ["wait"] * 6
    + ["leave", "lunch", "log_out"]
)


def dial(world: Watched, draw: Random) -> None:
    """A campaign dials, and a person answers at once."""
    reserved = [agent for agent in world.state.agents.values() if agent.reserved_for and draw.random() < 0.7]
    attempt, queue = f"t{len(world.decisions)}", draw.choice(QUEUES)
    if reserved:
        attempt, queue = reserved[0].reserved_for, draw.choice(world.state.policy.agents[reserved[0].id].queues)
    how: dict[str, Any] = {"priority": draw.choice([0, 0, 1, 3]), "answer_s": draw.choice([2.0, 2.0, 5.0, 30.0])}
    how["reserved"] = reserved[0].id if reserved else None
    world.feed(ev.DialAsked(at=world.at, attempt=attempt, queue=queue, number=f"+49309876{draw.randrange(1000):03}", **how))
    dialled = world.state.dialled.get(attempt)
    if dialled is not None and dialled.leg is not None:
        world.feed(ev.LegAnswered(at=world.at, leg=dialled.leg))
        world.feed(ev.LegParked(at=world.at, leg=dialled.leg, inbound=False))


def play(world: Watched, draw: Random, agents: int) -> None:
    state, name, what = world.state, f"a{draw.randrange(agents)}", draw.choice(ACTS)
    offers = sorted(state.offers.values(), key=lambda offer: offer.id)
    ringing = [offer for offer in offers if offer.state is OfferState.RINGING]
    talks = [offer for offer in offers if offer.state is OfferState.BRIDGED]
    match what:
        case "call":
            world.arrives(f"c{len(world.decisions)}", dialled=str(draw.randrange(9)), caller_number=f"+49301234{draw.randrange(5)}")
        case "dial":
            dial(world, draw)
        case "reserve":
            attempt, queue = f"r{len(world.decisions)}", draw.choice(QUEUES)
            world.feed(ev.ReserveAsked(at=world.at, agent=AgentId(name), attempt=attempt, queue=queue, for_s=draw.choice([2.0, 20.0])))
        case "ready":
            world.asks(name, Wish.READY)
        case "lunch":
            world.asks(name, Wish.NOT_READY)
        case "log_out":
            world.asks(name, Wish.LOG_OUT)
        case "answer" if ringing:
            who = draw.choice(ringing).agent
            world.picks_up(who)
            world.is_bridged(who)
        case "fail" if ringing:
            who = draw.choice(ringing).agent
            world.rings(who)
            world.phone_ends(who, draw.choice(["NO_ANSWER", "CALL_REJECTED", "USER_BUSY"]))
        case "talked" if talks:
            world.hangs_up(draw.choice(talks).call)
        case "leave" if state.calls:
            world.hangs_up(draw.choice(sorted(state.calls)))
        case "wait":
            world.after(draw.choice([0.5, 1, 2, 4, 8]))


def disturb(world: Watched, draw: Random, agents: int) -> None:
    """Now and then: another configuration, or the switch is away for a while, with calls and agents coming meanwhile."""
    if draw.random() < 0.5:
        world.state.policy = house(draw, agents)
        world.feed(ev.PolicyChanged(at=world.at))
        return
    world.feed(ev.NodeLost(at=world.at, node=FS))
    for _ in range(8):
        play(world, draw, agents)
    young = world.at + 1e9  # nothing is judged lost
    world.feed(ev.SnapshotTaken(at=world.at, node=FS, asked_at=young - 2e9, channels=()))


@pytest.mark.parametrize("seed", range(SEEDS))
def test_given_any_house_when_anything_happens_then_each_match_is_that_of_the_reference(seed: int) -> None:
    draw = Random(seed)
    agents = draw.randint(2, 6)
    world = Watched(house(draw, agents), Flows(asks={str(n): ask(draw) for n in range(9)}))
    for n in range(STEPS):
        world.at += 0.25
        world.after(0.0)
        if n % 40 == 39:
            disturb(world, draw, agents)
        play(world, draw, agents)
    assert len(world.offered) > 10
