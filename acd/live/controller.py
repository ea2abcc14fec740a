"""The one owner of the state: takes events from a mailbox, steps the core, remembers, and only then has it done.

Adds waiting to the core, never behaviour: what is decided here is decided by ``step``. Everything else only posts to it.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from gevent.event import AsyncResult
from gevent.event import Event as Flag
from gevent.timeout import Timeout

from acd.core.commands import Command, Errand
from acd.core.decision import Decision
from acd.core.events import Event, PolicyChanged, SnapshotTaken, TimePassed
from acd.core.interpreter import Interpreter
from acd.core.policy import Policy, draining
from acd.core.state import State
from acd.live.journal import Journal
from acd.live.mailbox import Decisions, Letter, Mailbox
from acd.live.poison import Poison
from acd.live.subscribers import Subscribers
from acd.words import NodeId, node_of

log = logging.getLogger(__name__)

Step = Callable[[State, Event], Iterator[Decision]]

IDLE_S = 1.0
"""The longest wait: the journal's retries and the snapshot are looked after at least so often."""
STUCK_S = 0.1
"""A deadline that stays due after it was stepped (a fault of the core) is tried again after this, not at once."""


class Sender(Protocol):
    def send(self, commands: Sequence[Command]) -> None:
        """Must not block."""


class Unanswered(Exception):
    """The controller did not come to it in time, or is stopping."""


class Controller:
    def __init__(
        self,
        *,
        state: State,
        step: Step,
        journal: Journal,
        nodes: Mapping[NodeId, Sender],
        clock: Callable[[], float],
        poison: Poison,
        errands: Sender | None = None,
        batch: int = 256,
        observe: Callable[[str, float], None] = lambda what, seconds: None,
        settle: Callable[[], None] = lambda: None,
    ) -> None:
        """``nodes`` may change while it runs; ``errands`` does what no switch does. ``settle`` returns when it may decide.

        ``observe("step", seconds)`` hears how long each event took.
        """
        self.state, self._step, self._journal, self._nodes = state, step, journal, nodes
        self._errands = errands
        self._clock, self._poison, self._batch, self._observe = clock, poison, batch, observe
        self._settle = settle
        self._mailbox = Mailbox()
        self._last_at = 0.0
        self._not_before = 0.0
        self._finished = Flag()
        self.subscribers = Subscribers()
        self.events = self.late = self.healed = self.undelivered = 0

    # -- from outside ---

    @property
    def depth(self) -> int:
        """Events that wait in the mailbox."""
        return len(self._mailbox)

    def now(self) -> float:
        return self._clock()

    def post(self, event: Event) -> None:
        """From any greenlet. Returns at once."""
        self._mailbox.put(Letter(event=event))

    def post_from_thread(self, event: Event) -> None:
        self._mailbox.put_from_thread(Letter(event=event))

    def ask(self, event: Event, timeout_s: float = 5.0) -> Decisions:
        """Posts and waits for what was decided; by then it is remembered and sent.

        Raises Unanswered, or what the core raised.
        """
        return self._ask(Letter(event=event), timeout_s)

    def change_policy(self, policy: Policy, renew: Callable[[State], Interpreter], timeout_s: float = 5.0) -> Decisions:
        """Puts a new configuration in place between two events. Raises Unanswered; what was not done by then never is.

        ``renew(state)`` gives the flows; it sees who is in which version at that very moment.
        """

        def swap(state: State) -> None:
            held = {entry.queue for entry in state.entries.values()}
            state.policy, state.flows = draining(state.policy, policy, held), renew(state)

        letter = Letter(event=PolicyChanged(at=self._clock()), before=swap)
        try:
            return self._ask(letter, timeout_s)
        except Unanswered:
            letter.before = None
            raise

    def _ask(self, letter: Letter, timeout_s: float) -> Decisions:
        if self._mailbox.closed:
            raise Unanswered("the controller is stopping")
        reply: AsyncResult[Decisions] = AsyncResult()
        letter.reply = reply
        self._mailbox.put(letter)
        try:
            return reply.get(timeout=timeout_s)  # type: ignore[return-value]  # never None: set() gives a tuple
        except Timeout:
            raise Unanswered(f"no answer within {timeout_s:g} s") from None

    def hold_deadlines(self, for_s: float) -> None:
        """After a start: what is due waits until a switch was heard (or so long), else its commands would go nowhere."""
        self._not_before = self._clock() + for_s

    def stop(self, timeout_s: float = 5.0) -> bool:
        """Takes no new events, finishes those that wait, and returns whether it came to the end in time."""
        self._mailbox.close()
        return bool(self._finished.wait(timeout=timeout_s))

    # -- the loop ---

    def run(self) -> None:
        """The controller's greenlet. Ends after ``stop``."""
        while not (self._mailbox.closed and not len(self._mailbox)):
            self.turn(self._wait_s())
        self._finished.set()

    def turn(self, wait_s: float = 0.0) -> None:
        """One drain of the mailbox: step each event, remember all, then do all, then tell the readers."""
        letters = self._mailbox.take(self._batch, wait_s)
        self._settle()
        if self._is_due():
            letters.insert(0, Letter(event=TimePassed(at=self._clock())))
        decisions: list[Decision] = []
        answers = [(letter, *self._one(letter, decisions)) for letter in letters]
        self._journal.write(decisions)
        self._do(decisions)
        for letter, made, error in answers:
            _answer(letter, made, error)
        if decisions:
            self.subscribers.tell(decisions)
        if self._journal.wants_snapshot():
            self._journal.snapshot(self._last_at, self.state.records())

    def _wait_s(self) -> float:
        if self._mailbox.closed:
            return 0.0
        deadline = self.state.next_deadline()
        if deadline is None:
            return IDLE_S
        return max(0.0, min(max(deadline, self._not_before) - self._clock(), IDLE_S))

    def _is_due(self) -> bool:
        deadline = self.state.next_deadline()
        return deadline is not None and max(deadline, self._not_before) <= self._clock()

    def _one(self, letter: Letter, decisions: list[Decision]) -> tuple[Decisions, Exception | None]:
        """Steps one event. What was decided before it raised counts, and is remembered and done like the rest."""
        event = self._in_order(letter.event)
        first, error = len(decisions), None
        started = time.perf_counter()
        try:
            if letter.before is not None:
                letter.before(self.state)
            decisions.extend(self._step(self.state, event))
        except Exception as caught:
            error = caught
            self._poison.set_aside(event, caught)
        self._observe("step", time.perf_counter() - started)
        self._count(event, decisions[first:])
        return tuple(decisions[first:]), error

    def _in_order(self, event: Event) -> Event:
        """Time never goes back, whoever posted and however late it came."""
        if event.at < self._last_at:
            return replace(event, at=self._last_at)
        self._last_at = event.at
        return event

    def _count(self, event: Event, made: Iterable[Decision]) -> None:
        now = self._clock()
        self.events += 1
        self.late += sum(d.late for d in made)
        self.healed += sum(d.healed for d in made)
        if isinstance(event, SnapshotTaken):
            self._not_before = 0.0
        elif isinstance(event, TimePassed):
            deadline = self.state.next_deadline()
            self._not_before = now + STUCK_S if deadline is not None and deadline <= event.at else 0.0

    def _do(self, decisions: Iterable[Decision]) -> None:
        """Each node's commands, in the order in which they were decided."""
        by_node: dict[NodeId, list[Command]] = {}
        errands: list[Command] = []
        for decision in decisions:
            for command in decision.commands:
                (errands if isinstance(command, Errand) else by_node.setdefault(node_of(command.leg), [])).append(command)
        for node, commands in by_node.items():
            self._send(f"node {node}", self._nodes.get(node), commands)
        if errands:
            self._send("errands", self._errands, errands)

    def _send(self, name: str, sender: Sender | None, commands: list[Command]) -> None:
        if sender is None:
            self.undelivered += len(commands)
            log.warning("%s: not configured, %d commands for it are dropped", name, len(commands))
            return
        try:
            sender.send(commands)
        except Exception as error:
            self.undelivered += len(commands)
            log.error("%s: %s", name, error, exc_info=error)


def _answer(letter: Letter, made: Decisions, error: Exception | None) -> None:
    if letter.reply is None:
        return
    if error is None:
        letter.reply.set(made)
    else:
        letter.reply.set_exception(error)
