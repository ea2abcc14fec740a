"""What a decision costs in a large house with skills: 1,000 agents, 500 queues and 10,000 waiting callers, beside a small one.

    python -m bench.routing

Each agent serves six queues, with tiers and skills of several levels; half of the queues ask for a skill and relax it. A steady
mix of events runs: callers join and give up, talks end, agents go on breaks and come back, requirements relax. Told for each house:
CPU time per event and as a ratio of the small house in the same run; the CPU time from an event to the last of its decisions (p50,
p99, worst, and p99 of those that made an offer); the memory of a waiting caller. The garbage collector runs as it does live.
"""

import gc
import time
import tracemalloc
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from acd.core import events as ev
from acd.core.call import Call
from acd.core.commands import Ring
from acd.core.events import Event
from acd.core.frame import Frame, Message
from acd.core.interpreter import EndCall, EnterQueue, Happening, Surroundings, Walk
from acd.core.matching.routing_policy import Membership, Relax, Sticky
from acd.core.policy import AgentPolicy, Policy, QueuePolicy
from acd.core.state import State
from acd.core.step import step
from acd.words import AgentId, FlowId, NodeId, PhoneId, QueueId, Strategy, Wish, leg_id

FS = NodeId("fs")
SKILLS = ("english", "german", "french", "billing", "technical")
EVENTS = 6_000
STRATEGIES = (Strategy.LONGEST_IDLE, Strategy.FEWEST_CALLS, Strategy.WEIGHTED, Strategy.ROUND_ROBIN)


@dataclass(frozen=True, slots=True)
class Size:
    agents: int
    queues: int
    waiting: int


SIZES: Sequence[Size] = (Size(10, 5, 100), Size(1_000, 1, 10_000), Size(1_000, 500, 10_000))


class Straight:
    """A number is a queue; the call ends after the talk."""

    def begin(self, at: float, call: Call, flow: FlowId, around: Surroundings) -> Walk:
        return Walk(frame=Frame(flow=flow, version="1", step="queue", since=at), ask=EnterQueue(queue=QueueId(flow)))

    def resume(self, at: float, call: Call, happening: Happening, around: Surroundings) -> Walk:
        assert call.frame is not None
        return Walk(frame=call.frame, ask=EndCall())

    def left_behind(self, at: float, frame: Frame, seconds: float) -> tuple[Message, ...]:
        return ()

    def place(self, at: float, flow: FlowId, step: str) -> Frame | None:
        return None


def house(size: Size, draw: Random) -> Policy:
    queues = {id: _queue(id, n, draw) for n in range(size.queues) if (id := QueueId(f"q{n}"))}
    agents = {}
    for n in range(size.agents):
        served = tuple(draw.sample(list(queues), min(6, size.queues)))
        agents[AgentId(f"a{n}")] = AgentPolicy(
            id=AgentId(f"a{n}"),
            name="",
            phone=PhoneId(f"{n}"),
            queues=served,
            memberships={each: Membership(tier=draw.choice((1, 1, 2)), weight=draw.randint(1, 3)) for each in served},
            skills={skill: draw.choice((2, 5, 8)) for skill in draw.sample(SKILLS, 2)},
        )
    numbers: Mapping[str, FlowId] = {str(n): FlowId(f"q{n}") for n in range(size.queues)}
    return Policy(version="bench", queues=queues, agents=agents, numbers=numbers, failsafe_s=1e6)


def _queue(id: QueueId, n: int, draw: Random) -> QueuePolicy:
    needs = {draw.choice(SKILLS): draw.choice((2, 5))} if n % 2 else {}
    relax = tuple(Relax(after_s=after, requires=dict.fromkeys(needs, 2)) for after in (60.0, 120.0)) if needs else ()
    return QueuePolicy(
        id=id,
        wrap_up_s=0.0,
        strategy=STRATEGIES[n % len(STRATEGIES)],
        tiers={2: 20.0},
        requires=needs,
        relax=relax,
        priority=n % 3,
        sticky=Sticky(for_s=86400.0, wait_s=20.0) if n % 5 == 0 else None,
    )


@dataclass
class Day:
    """A house in which something happens all the time."""

    size: Size
    draw: Random
    at: float = 1.0
    calls: int = 0
    every: list[float] = field(default_factory=list)
    offering: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.state = State(house(self.size, self.draw), Straight())
        self.feed(ev.SnapshotTaken(at=self.at, node=FS, asked_at=self.at, channels=()))

    def feed(self, event: Event, told: bool = False) -> None:
        began = time.process_time()
        rings = sum(isinstance(c, Ring) for decision in step(self.state, event) for c in decision.commands)
        took = time.process_time() - began
        if told:
            self.every.append(took)
            if rings:
                self.offering.append(took)

    def joins(self, told: bool = False) -> None:
        self.calls += 1
        number = f"+49301{self.draw.randrange(100_000):06d}"
        leg, dialled = leg_id(FS, f"c{self.calls}"), str(self.draw.randrange(self.size.queues))
        self.feed(ev.CallArrived(at=self.at, leg=leg, dialled=dialled, caller_number=number), told)

    def fill(self) -> None:
        for _ in range(self.size.waiting):
            self.at += 120.0 / self.size.waiting
            self.joins()

    def wakes(self, told: bool = False) -> None:
        while (due := self.state.next_deadline()) is not None and due <= self.at:
            self.feed(ev.TimePassed(at=due), told)

    def goes_on(self) -> None:
        """One thing more happens, and what follows from it."""
        self.at += 0.05
        self.wakes(told=True)
        agent = AgentId(f"a{self.draw.randrange(self.size.agents)}")
        known = self.state.agents.get(agent)
        offer = self.state.offers.get(known.offer) if known and known.offer else None
        what = self.draw.random()
        if what < 0.25:
            self.joins(told=True)
        elif what < 0.28 and self.state.calls:
            self.feed(ev.LegEnded(at=self.at, leg=leg_id(FS, f"c{self.draw.randint(1, self.calls)}"), cause="NORMAL_CLEARING"), True)
        elif offer is not None:
            caller = self.state.calls[offer.call].leg
            for event in (
                ev.LegAnswered(at=self.at, leg=offer.leg),
                ev.LegParked(at=self.at, leg=offer.leg, inbound=False),
                ev.LegsBridged(at=self.at, leg=caller, other=offer.leg),
                ev.LegEnded(at=self.at + 0.01, leg=caller, cause="NORMAL_CLEARING"),
            ):
                self.feed(event, True)
        elif what < 0.4:
            self.feed(ev.AgentAsked(at=self.at, agent=agent, wish=Wish.NOT_READY, reason=""), True)
        else:
            self.feed(ev.AgentAsked(at=self.at, agent=agent, wish=Wish.READY), True)


@dataclass(frozen=True, slots=True)
class Cost:
    us_per_event: float
    events: int
    p50_ms: float
    p99_ms: float
    worst_ms: float
    offer_p99_ms: float
    kib_per_caller: float


def measure(size: Size, events: int = EVENTS, seed: int = 1) -> Cost:
    day = Day(size, Random(seed))
    day.fill()
    day.wakes()
    gc.collect()
    began = time.process_time()
    while len(day.every) < events:
        day.goes_on()
    spent = time.process_time() - began
    every, offering = sorted(day.every), sorted(day.offering) or [0.0]
    return Cost(
        us_per_event=spent / len(every) * 1e6,
        events=len(every),
        p50_ms=every[len(every) // 2] * 1e3,
        p99_ms=every[int(len(every) * 0.99)] * 1e3,
        worst_ms=every[-1] * 1e3,
        offer_p99_ms=offering[int(len(offering) * 0.99)] * 1e3,
        kib_per_caller=_memory(size, seed) / 1024,
    )


def _memory(size: Size, seed: int) -> float:
    """Bytes that one more waiting caller takes."""
    day = Day(size, Random(seed))
    gc.collect()
    tracemalloc.start()
    day.fill()
    gc.collect()
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return used / size.waiting


def main() -> None:
    titles = ("agents", 7), ("queues", 7), ("waiting", 8), ("us/event", 10), ("ratio", 7), ("p50 ms", 8), ("p99 ms", 8)
    print("".join(f"{title:>{width}}" for title, width in (*titles, ("worst", 8), ("offers p99", 11), ("KiB/caller", 11))))
    base = 0.0
    for size in SIZES:
        cost = measure(size)
        base = base or cost.us_per_event
        print(
            f"{size.agents:>7}{size.queues:>7}{size.waiting:>8}{cost.us_per_event:>10.1f}{cost.us_per_event / base:>7.2f}"
            f"{cost.p50_ms:>8.3f}{cost.p99_ms:>8.3f}{cost.worst_ms:>8.2f}{cost.offer_p99_ms:>11.3f}{cost.kib_per_caller:>11.1f}"
        )


if __name__ == "__main__":
    main()
