"""Two controllers, one switch: whatever is delayed, stopped or lost, and whosever clock runs fast, never may both send (FAULTS.md F35).

A promise that must hold in every order of events: nothing stands between the question whether one may send and the system call,
so at no instant do two answer yes. What is assumed: clocks run between 0.8 and 1.25 times as fast as time, and what is set without
condition (a claim) arrives within a tenth of the time that it must stand.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from acd.owner.lease import Lease, Question
from acd.owner.token import read

LEASE_S = 10.0
CLAIM_S = Lease(home="", process="", lease_s=LEASE_S).claim_s


@dataclass
class Flying:
    who: int
    run: int
    question: Question
    sent_at: float
    answer: str | None = None


@dataclass
class World:
    rates: list[float]
    value: str = ""
    now: float = 0.0
    leases: list[Lease] = field(default_factory=list)
    runs: list[int] = field(default_factory=lambda: [0, 0])
    flying: list[Flying] = field(default_factory=list)
    epochs: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.leases = [Lease(home=f"a{who}", process=f"{who}0", lease_s=LEASE_S) for who in (0, 1)]

    def clock(self, who: int) -> float:
        return 1000.0 * who + self.now * self.rates[who]

    def pass_by(self, seconds: float) -> None:
        """A claim that was written arrives in time; nothing else is sure to."""
        for each in [one for one in self.flying if one.answer is None and one.question.put and not one.question.expected]:
            if self.now + seconds > each.sent_at + CLAIM_S / 10:
                self.arrive(each)
        self.now += seconds
        self.check()

    def ask(self, who: int) -> None:
        if any(one.who == who and one.run == self.runs[who] for one in self.flying):
            return
        lease = self.leases[who]
        lease, question = lease.next(self.clock(who), take=lease.may_take(alone=True))
        self.leases[who] = lease
        if self.clock(who) <= question.by:
            self.flying.append(Flying(who=who, run=self.runs[who], question=question, sent_at=self.now))

    def arrive(self, each: Flying) -> None:
        question = each.question
        if question.put and (not question.expected or question.expected == self.value):
            self.value = question.put
            token = read(self.value)
            if token and not token.is_claim:
                self.epochs.append(token.epoch)
        each.answer = self.value

    def deliver(self, n: int, *, lost: bool = False) -> None:
        """The n-th that is under way gets as far as the switch, or its answer back."""
        if not self.flying:
            return
        each = self.flying[n % len(self.flying)]
        if each.answer is None:
            self.arrive(each)
            return
        self.flying.remove(each)
        if not lost and each.run == self.runs[each.who]:
            self.leases[each.who] = self.leases[each.who].heard(each.question, each.answer, self.clock(each.who))
        self.check()

    def give_up(self, who: int) -> None:
        """The connection is lost: whatever is under way may arrive, its answer will not."""
        for each in [one for one in self.flying if one.who == who]:
            each.run = -1
        self.leases[who] = self.leases[who].cut()

    def come_up_anew(self) -> None:
        """The switch: what stood there is gone, and so is every connection, with all that was on its way."""
        self.value, self.flying, self.epochs = "", [], []
        self.leases = [lease.cut() for lease in self.leases]

    def restart(self, who: int) -> None:
        """kill -9, and again in the same home, which nobody else has."""
        self.give_up(who)
        self.runs[who] += 1
        self.leases[who] = Lease(home=f"a{who}", process=f"{who}{self.runs[who]:x}", lease_s=LEASE_S)

    def check(self) -> None:
        sending = [who for who in (0, 1) if self.leases[who].may_send(self.clock(who))]
        assert len(sending) < 2, f"at {self.now}: both may send; {self.value}"


WHO = st.integers(0, 1)
STEP = st.one_of(
    st.tuples(st.just("pass"), st.sampled_from([0.001, 0.01, 0.05, 0.2, 0.6, 1.0, 2.0, 4.0, 5.0, 9.0, 11.0, 30.0])),
    st.tuples(st.just("ask"), WHO),
    st.tuples(st.just("deliver"), st.integers(0, 3)),
    st.tuples(st.just("whole"), WHO),
    st.tuples(st.just("0 looks on"), st.integers(3, 16)),
    st.tuples(st.just("1 looks on"), st.integers(3, 16)),
    st.tuples(st.just("late"), WHO),
    st.tuples(st.just("slow"), WHO),
    st.tuples(st.just("slow on the way back"), WHO),
    st.tuples(st.just("unanswered"), WHO),
    st.tuples(st.just("lose"), st.integers(0, 3)),
    st.tuples(st.just("cut"), WHO),
    st.tuples(st.just("restart"), WHO),
    st.tuples(st.just("anew"), st.just(0)),
    st.tuples(st.just("race"), st.integers(0, 3)),
)


def whole(world: World, who: int) -> None:
    """Asked, done and heard within a millisecond or so."""
    world.ask(who)
    for each in [one for one in world.flying if one.who == who and one.run == world.runs[who]]:
        if each.answer is None:
            world.arrive(each)
        world.pass_by(0.001)
        world.flying.remove(each)
        world.leases[who] = world.leases[who].heard(each.question, each.answer or "", world.clock(who))
        world.check()


def race(world: World, *, first: int, both_fresh: bool) -> None:
    """A fresh switch, which both see at the same time; one is a little later."""
    world.come_up_anew()
    second = 1 - first
    world.restart(second)
    if both_fresh:
        world.restart(first)
    whole(world, first)
    whole(world, second)
    world.ask(second)
    for _ in range(2):
        whole(world, first)
        world.pass_by(0.02)
    for each in [one for one in world.flying if one.who == second]:
        if each.answer is None:
            world.arrive(each)
        world.flying.remove(each)
        world.leases[second] = world.leases[second].heard(each.question, each.answer or "", world.clock(second))
    for _ in range(30):
        whole(world, second)
        world.pass_by(0.03)


def late(world: World, who: int) -> None:
    """Done at once; the answer is heard when another has had time to take over."""
    world.ask(who)
    mine = [one for one in world.flying if one.who == who and one.run == world.runs[who]]
    for each in mine:
        if each.answer is None:
            world.arrive(each)
    look(world, 1 - who, 16)
    for each in [one for one in mine if one in world.flying]:
        world.flying.remove(each)
        world.leases[who] = world.leases[who].heard(each.question, each.answer or "", world.clock(who))
    world.check()


def look(world: World, who: int, times: int) -> None:
    """As who stands by does: asked again and again, or until it is theirs."""
    for _ in range(times):
        whole(world, who)
        if world.leases[who].may_send(world.clock(who)):
            return
        world.pass_by(0.9)


def slow(world: World, who: int, *, there: float, back: float) -> None:
    """One question that takes so long to arrive, and its answer so long to come back."""
    world.ask(who)
    mine = [one for one in world.flying if one.who == who and one.run == world.runs[who]]
    world.pass_by(there)
    for each in mine:
        if each.answer is None:
            world.arrive(each)
    world.pass_by(back)
    for each in mine:
        world.flying.remove(each)
        world.leases[who] = world.leases[who].heard(each.question, each.answer or "", world.clock(who))
    world.check()


def unanswered(world: World, who: int) -> None:
    world.ask(who)
    for each in world.flying:
        if each.answer is None:
            world.arrive(each)
    world.give_up(who)


DONE: dict[str, Callable[[World, Any], None]] = {
    "pass": World.pass_by,
    "ask": World.ask,
    "deliver": World.deliver,
    "whole": whole,
    "0 looks on": lambda world, n: look(world, 0, n),
    "1 looks on": lambda world, n: look(world, 1, n),
    "race": lambda world, n: race(world, first=n % 2, both_fresh=n < 2),
    "late": late,
    "slow": lambda world, who: slow(world, who, there=6.0, back=0.0),
    "slow on the way back": lambda world, who: slow(world, who, there=0.0, back=6.0),
    "unanswered": unanswered,
    "lose": lambda world, n: world.deliver(n, lost=True),
    "cut": World.give_up,
    "restart": World.restart,
    "anew": lambda world, _: world.come_up_anew(),
}


@settings(max_examples=300, deadline=None)
@given(rates=st.tuples(*[st.sampled_from([0.8, 1.0, 1.25])] * 2), steps=st.lists(STEP, min_size=5, max_size=40))
def test_given_two_controllers_when_anything_happens_in_any_order_then_never_may_both_send(
    rates: tuple[float, float], steps: list[tuple[str, float]]
) -> None:
    world = World(rates=list(rates))
    look(world, 0, 16)
    for what, n in steps:
        DONE[what](world, n)
    assert world.epochs == sorted(world.epochs)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(WHO, st.sampled_from([0.01, 0.1, 0.5, 1.0, 3.0])), min_size=5, max_size=60))
def test_given_two_controllers_when_both_go_on_asking_then_one_of_them_becomes_the_owner(steps: list[tuple[int, float]]) -> None:
    """Standing by is no way out: somebody has the switch in the end."""
    world = World(rates=[1.0, 1.0])
    for who, seconds in steps:
        world.pass_by(seconds)
        whole(world, who)
    for _ in range(300):
        world.pass_by(0.05)
        whole(world, 0)
        whole(world, 1)
        if any(lease.may_send(world.clock(who)) for who, lease in enumerate(world.leases)):
            return
    raise AssertionError(f"nobody's: {world.value}")
