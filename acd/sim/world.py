"""The core on a clock of events: nothing waits, time goes from one happening to the next.

It does what the live shell does (step, have the commands done, wake the core at its deadlines) with a make-believe switch in place
of the socket. It adds no behaviour: what is decided here is decided by ``acd.core.step``.
"""

from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from math import inf

from acd.core import events as ev
from acd.core.commands import Command
from acd.core.decision import Decision
from acd.core.interpreter import Interpreter
from acd.core.policy import Policy
from acd.core.state import State
from acd.core.step import step
from acd.sim.switch import FakeSwitch
from acd.words import NodeId

NODE = NodeId("sim")

Do = Callable[[], None]


class World:
    """``watchers`` see every decision, ``hands`` every command after the switch has it. Both may arrange for later things (``when``)
    but feed nothing themselves while they are told.
    """

    def __init__(self, policy: Policy, flows: Interpreter, at: float = 0.0) -> None:
        self.state, self.switch = State(policy, flows), FakeSwitch(NODE)
        self.at = at
        self.events = 0
        self.watchers: list[Callable[[Decision], None]] = []
        self.hands: list[Callable[[Command], None]] = []
        self._agenda: list[tuple[float, int, Do]] = []
        self._number = count()
        self.feed(ev.SnapshotTaken(at=at, node=NODE, asked_at=at, channels=()))

    def when(self, at: float, do: Do) -> None:
        """Something happens then, in the order in which it was arranged where times are the same."""
        heappush(self._agenda, (at, next(self._number), do))

    def feed(self, event: ev.Event) -> None:
        """One event now, and all that the switch says to it."""
        self._hear(event)
        outbox = self.switch.outbox
        while outbox:
            self._hear(outbox.pop(0))

    def said(self) -> None:
        """The switch has something to say of itself."""
        outbox = self.switch.outbox
        while outbox:
            self._hear(outbox.pop(0))

    def run(self, until: float = inf) -> None:
        """On to ``until``, or until nothing more would ever happen."""
        agenda, state = self._agenda, self.state
        while True:
            due, planned = state.next_deadline(), agenda[0][0] if agenda else inf
            at = planned if due is None else min(due, planned)
            if at > until or at == inf:
                break
            self.at = max(self.at, at)
            if due is not None and due <= planned:
                self.feed(ev.TimePassed(at=self.at))
            else:
                heappop(agenda)[2]()
        self.at = max(self.at, until) if until < inf else self.at

    def _hear(self, event: ev.Event) -> None:
        self.events += 1
        for decision in step(self.state, event):
            for command in decision.commands:
                self.switch.do(self.at, command)
                for hand in self.hands:
                    hand(command)
            for watch in self.watchers:
                watch(decision)
