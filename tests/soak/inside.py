"""A world of days in minutes: the core, its journal's codec, a make-believe switch, and everything of FAULTS.md that can be had in a
process, at random. After every event the invariants are checked; after every calm, that what is believed is what is.

    python -m tests.soak.inside --days 7 --seed 1

The seed is printed; the same seed fails in the same place. A difference that a look heals without a fault since the look before is a
failure: nothing is healed that was not injected.
"""

import argparse
import heapq
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import count
from random import Random

from acd.core import commands as cm
from acd.core import events as ev
from acd.core.call import Call
from acd.core.decision import Decision
from acd.core.interpreter import Happening, Surroundings, Walk
from acd.core.lines.entry import Entry
from acd.core.offers.offer import Offer
from acd.core.outside.callback_policy import AGENT_FIRST, CUSTOMER_FIRST
from acd.core.policy import Policy
from acd.core.state import State
from acd.core.step import step
from acd.live.codec import decode_line, encode_decision, encode_snapshot
from acd.live.recovery import recover
from acd.sim.switch import FakeSwitch
from acd.words import EntryState, FlowId, PhoneId, Strategy, TalkState, Wish
from tests.core.invariants import Ledger, assert_invariants
from tests.core.world import FS, Flows, policy
from tests.soak.faults import FAULTS, Fault
from tests.soak.in_talk import watched
from tests.soak.people import People
from tests.soak.pipes import Way

LOOK_EVERY_S = 300.0
COMPACT_LINES = 1_000
CALM_S = 40.0
QUIET_S = 5.0
FELT_S = 6.0
"""What is too young to be judged by one look is judged by the next: so long may a fault be felt after the look that followed it."""


class Failed(AssertionError):
    """With the seed and the moment, so that it can be had again."""


class TidyFlows(Flows):
    """Those of the tests, but that a menu and a message know when what plays is over, as the real ones do."""

    def resume(self, at: float, call: Call, happening: Happening, around: Surroundings) -> Walk:
        frame = call.frame
        if (
            isinstance(happening, ev.PlayEnded)
            and frame is not None
            and frame.step in ("menu", "voicemail")
            and frame.play == happening.play
        ):
            return Walk(frame=replace(frame, play=None))
        return super().resume(at, call, happening, around)


class Inside:
    """One world. ``log`` keeps the last happenings, for whoever has to understand a failure."""

    def __init__(self, seed: int, *, faults: Iterable[Fault] = FAULTS, agents: int = 6, fault_every_s: float = 60.0) -> None:
        self.seed, self.dice = seed, Random(f"soak/{seed}")
        self.at = 1_000_000.0
        self.rules = self._rules(agents)
        self.flows = TidyFlows(exit_keys="9", max_wait_s=180.0, waiting=FlowId("wait.callback"))
        self.state, self.switch = State(self.rules, self.flows), FakeSwitch()
        self.ledger, self.journal, self.n = Ledger(), list[bytes](), 0
        self.ended: set[tuple[str, str]] = set()
        self.agenda: list[tuple[float, int, Callable[[], None]]] = []
        self._number = count()
        self.alive, self.heard = True, False
        self._unwritten = False
        self.die: str = ""  # the next decisions die with the controller: "unwritten" or "undone"
        self.injected, self.injected_before, self.injected_at = 0, 0, 0.0  # faults since the last look, and since the one before
        self.looking = False
        self.counts: Counter[str] = Counter()
        self.healed: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()
        self.log: deque[str] = deque(maxlen=25)
        self.hears = Way(self.dice, lambda: self.at, self.when, self._hears, self.note_fault)
        self.tells = Way(self.dice, lambda: self.at, self.when, self._does, self.note_fault)
        self.people = People(self)
        self.faults, self.fault_every_s, self.busy_until = tuple(faults), fault_every_s, 0.0
        self.look()
        self.every(LOOK_EVERY_S, self.look)
        self.people.begin()
        if self.faults:
            self._next_fault()

    def _rules(self, agents: int) -> Policy:
        """Each seed has its own strategies; one agent has two phones."""
        rules = policy(agents, ("sales", "support"), max_missed=2, queue_max_waiting=12, queue_ring_s=12.0)
        queues = {id: replace(queue, strategy=self.dice.choice(list(Strategy))) for id, queue in rules.queues.items()}
        first, *rest = rules.agents.values()
        first = replace(first, phones=(first.phone, PhoneId("1000m")))
        phones = {phone: each.id for each in (first, *rest) for phone in each.devices}
        house = replace(rules, queues=queues, agents={each.id: each for each in (first, *rest)}, agent_of_phone=phones)
        return watched(house, self.dice.choice((AGENT_FIRST, CUSTOMER_FIRST)))

    # -- time ----------------------------------------------------------------------------------------------------------

    def when(self, at: float, do: Callable[[], None]) -> None:
        heapq.heappush(self.agenda, (at, next(self._number), do))

    def after(self, seconds: float, do: Callable[[], None]) -> None:
        self.when(self.at + seconds, do)

    def every(self, seconds: float, do: Callable[[], None]) -> None:
        def again() -> None:
            do()
            self.after(seconds, again)

        self.after(seconds, again)

    def run(self, seconds: float) -> None:
        """Raises Failed."""
        until = self.at + seconds
        try:
            while self.agenda:
                due = self.state.next_deadline() if self.alive and self.heard else None
                at = self.agenda[0][0] if due is None else min(due, self.agenda[0][0])
                if at > until:
                    break
                self.at = max(self.at, at)
                if due is not None and due <= self.agenda[0][0]:
                    self.feed(ev.TimePassed(at=self.at))
                else:
                    heapq.heappop(self.agenda)[2]()
        except Exception as error:
            told = "\n  ".join(self.log)
            raise Failed(f"seed {self.seed}, {self.at - 1_000_000:.3f} s in: {error!r}\n  {told}") from error
        self.at = until

    # -- the core's side -----------------------------------------------------------------------------------------------

    def feed(self, event: ev.Event) -> list[Decision]:
        """What the live shell does: step, remember all, then do all. It may die between any two of them."""
        if not self.alive:
            return []
        self.log.append(f"{self.at - 1_000_000:.3f} {event}"[:300])
        decisions = list(step(self.state, event))
        if self.die == "unwritten":
            self._unwritten = True
            self._died()
            return []
        for decision in decisions:
            self.n += 1
            self.journal.append(encode_decision(self.n, decision))
        self.ledger.note(decisions)
        self._counted(decisions)
        if self.die == "undone":
            self._died()
            return []
        for decision in decisions:
            for command in decision.commands:
                self.tells.send(command)
        assert_invariants(self.state, self.ledger)
        if len(self.journal) > COMPACT_LINES:
            self._compact()
        return decisions

    def _compact(self) -> None:
        """The journal to a snapshot; and what ended long ago is only remembered as ended."""
        self.journal = [encode_snapshot(self.n, self.at, self.state.records())]
        again = self.ended & self.ledger.ended.keys()
        assert not again, f"I3, I4: ended twice: {again}"
        self.ended |= self.ledger.ended.keys()
        self.ledger.born -= self.ledger.ended.keys()
        self.ledger.ended.clear()

    def _counted(self, decisions: list[Decision]) -> None:
        for decision in decisions:
            if decision.healed:
                self.healed[type(decision.event).__name__] += 1
            for record in decision.changes:
                if isinstance(record, Entry | Offer) and record.outcome is not None:
                    self.outcomes[f"{type(record).__name__} {record.outcome}"] += 1
                elif isinstance(record, Call) and not record.is_live:
                    assert record.ended_at is not None and record.ended_at >= record.arrived_at, record  # W4
                    self.outcomes["Call ended"] += 1

    def _hears(self, event: ev.Event) -> None:  # type: ignore[override]
        if not self.alive:
            return self.note_fault()
        if isinstance(event, ev.SnapshotTaken):
            return self._looked(event)
        self.feed(replace(event, at=self.at))

    def note_fault(self) -> None:
        self.injected += 1
        self.injected_at = self.at

    # -- looking -------------------------------------------------------------------------------------------------------

    def look(self, restarted: bool = False) -> None:
        """Ask the switch what stands on it. The answer comes behind what it has said before."""
        if not self.alive or self.looking or self.hears.trouble.torn or self.people.hung:
            return
        self.looking = True
        seen = replace(self.switch.snapshot(self.at, restarted), phones=tuple(sorted(self.people.registered)))
        injected = self.injected + self.injected_before + (self.injected_at > self.at - FELT_S)
        self.injected_before, self.injected = self.injected, 0
        line = self.hears.line
        at = max(self.hears.last, self.at + 0.05, self.hears.trouble.held_until)
        self.hears.last = at
        self.when(at, lambda: self._answered(seen, injected, line))

    def _answered(self, seen: ev.SnapshotTaken, injected: int, line: int) -> None:
        self.looking = False
        if line != self.hears.line or not self.alive:
            self.injected += injected  # nobody saw it
            return self.after(0.5, self.look)
        self._looked(seen, injected)

    def _looked(self, seen: ev.SnapshotTaken, injected: int = 0) -> None:
        decisions = self.feed(replace(seen, at=self.at))
        self.heard = True
        healed = [decision for decision in decisions if decision.healed and not _is_news(decision.event)]
        assert not healed or injected or self.at < 1_000_100.0, f"healed, though nothing was injected: {[d.event for d in healed]}"

    # -- the switch's side ---------------------------------------------------------------------------------------------

    def _does(self, command: cm.Command) -> None:  # type: ignore[override]
        self.people.commanded(command)
        self.said()

    def said(self) -> None:
        """What the switch has to say is on its way; the people saw it happen."""
        while self.switch.outbox:
            event = self.switch.outbox.pop(0)
            self.people.happened(event)
            self.hears.send(event)

    # -- dying and coming back -----------------------------------------------------------------------------------------

    def kill(self, how: str) -> None:
        """kill -9: now, or in the middle of the next event."""
        if how:
            self.die = how
        else:
            self._died()

    def _died(self) -> None:
        self.counts["deaths"] += 1
        self.alive = self.heard = self.looking = False
        self.die = ""
        self.note_fault()
        self.hears.cut()
        self.tells.cut()
        self.after(self.dice.uniform(0.2, 8.0), self._comes_back)

    def _comes_back(self) -> None:
        """What the journal says is the state, exactly."""
        before = {(type(r).__name__, r.id): r for r in self.state.records()} if not self._unwritten else None
        self._unwritten = False
        self.state = State(self.rules, self.flows)
        recover(self.state, (decode_line(line) for line in self.journal))
        if before is not None:
            again = {(type(r).__name__, r.id): r for r in self.state.records()}
            assert again == before, (
                f"recovered otherwise: {[key for key in again.keys() | before.keys() if again.get(key) != before.get(key)]}"
            )
        self.alive = True
        self.hears.cut()
        self.tells.cut()
        self.feed(ev.NodeLost(at=self.at, node=FS))
        self.look()
        self.after(3.0, self.look)

    def lose_line(self, for_s: float) -> None:
        """The event socket is gone, and comes back."""
        self.note_fault()
        for way in (self.hears, self.tells):
            way.cut()
            way.trouble.torn = True
        if self.alive:
            self.feed(ev.NodeLost(at=self.at, node=FS))
        self.after(for_s, self._line_is_back)

    def _line_is_back(self) -> None:
        for way in (self.hears, self.tells):
            way.trouble.torn = False
        self.looking = False
        self.look()
        self.after(3.0, self.look)

    # -- faults --------------------------------------------------------------------------------------------------------

    def _next_fault(self) -> None:
        self.after(self.dice.expovariate(1 / self.fault_every_s), self._fault)

    def _fault(self) -> None:
        if self.at >= self.busy_until and self.alive:
            fault = self.dice.choice(self.faults)
            self.counts[fault.__name__] += 1
            self.log.append(f"{self.at - 1_000_000:.3f} FAULT {fault.__name__}")
            self.note_fault()
            lasts_s = fault(self)
            self.busy_until = self.at + lasts_s
            if self.dice.random() < 0.25:
                self.busy_until += 2 * CALM_S + QUIET_S
                self.after(lasts_s + CALM_S, self._calm)
        self._next_fault()

    def _calm(self) -> None:
        """The dust has settled: look, look again when what that led to is done, and compare."""
        self.look()
        self.after(10.0, self.look)
        self.after(20.0, self.assert_true)

    def assert_true(self) -> None:
        """What is believed is what is (W1-W3), but for what is under way this very second."""
        state, legs = self.state, self.switch.legs
        moving = self.people.recent(1.0)
        callers = {x for x, truth in legs.items() if truth.inbound}
        there = {c.leg for c in state.calls.values() if c.is_here and c.talk.left_at is None and not c.is_callback}
        wrong = (there ^ callers) - moving
        wrong = {each for each in wrong if not state.gone.since(each, self.at - 1)}
        assert not wrong, f"W3: a caller is on the switch or in the state alone: {wrong}"
        out = {x for x, truth in legs.items() if not truth.inbound}
        known = {each for o in state.offers.values() for each in o.legs} | {m.leg for m in state.monitors.values() if m.leg}
        known |= {each.leg for each in state.callbacks.values() if each.leg and state.calls[each.call].talk.left_at is None}
        wrong = (known ^ out) - moving
        young = {each for o in state.offers.values() if o.offered_at > self.at - 1 for each in o.legs}
        young |= {m.leg for m in state.monitors.values() if m.begun_at > self.at - 1}
        wrong = {each for each in wrong - young if not state.gone.since(each, self.at - 1)}
        assert not wrong, f"I5: a leg without an owner, or an offer without its leg: {wrong}"
        for offer in state.offers.values():
            truth = legs.get(offer.leg)
            talk = state.calls[offer.call].talk
            if truth is not None and offer.leg not in moving and talk.state is TalkState.TALKING and offer.entry != talk.consult:
                assert (offer.bridged_at is not None) == (truth.bridged_to is not None), f"W1: {offer}"
        for call in state.calls.values():
            entry = state.entries.get(call.entry) if call.entry else None
            if entry and entry.state is EntryState.WAITING and not call.ending and call.leg not in moving and call.leg in legs:
                assert legs[call.leg].playing is not None, f"dead air: {call.id}"
        self.counts["compared"] += 1

    # -- for people ----------------------------------------------------------------------------------------------------

    def asks(self, agent: str, wish: Wish, reason: str = "") -> None:
        self.feed(ev.AgentAsked(at=self.at, agent=agent, wish=wish, reason=reason))  # type: ignore[arg-type]


def _is_news(event: ev.Event) -> bool:
    """Of a registration the switch tells by list alone what it has not told by event."""
    return isinstance(event, ev.PhoneRegistered | ev.PhoneUnregistered)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=float, default=7.0)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--fault-every", type=float, default=60.0, help="Seconds, on the mean.")
    given = parser.parse_args()
    world, began = Inside(given.seed, fault_every_s=given.fault_every), time.perf_counter()
    named = ", ".join(f"{queue.id} {queue.strategy}" for queue in world.rules.queues.values())
    print(f"seed {given.seed}: {named}; {given.days:g} days, a fault every {given.fault_every:g} s", flush=True)
    for n in range(int(given.days * 24)):
        world.run(3600.0)
        if n % 12 == 11:
            print(f"{(n + 1) / 24:5.1f} days, {world.n:,} decisions, {sum(world.counts.values()):,} faults and looks", flush=True)
    for title, counted in (("injected", world.counts), ("healed", world.healed), ("outcomes", world.outcomes)):
        print(f"{title}: " + ", ".join(f"{name} {n:,}" for name, n in sorted(counted.items())))
    print(f"seed {given.seed}: nothing healed that was not injected; {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
