"""The way between the switch and the core, slow, torn, or lying: what FAULTS.md F13 to F18, F20, F23 look like to the core.

Both directions keep their order as long as nothing is wrong. Everything that is lost, doubled or overtaken was asked for by a fault.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from acd.core.commands import Command
from acd.core.events import Event

LATENCY_S = (0.001, 0.04)


@dataclass
class Trouble:
    """What is wrong with a way at present; all of it is zero or False on a good day."""

    lost: float = 0.0  # the share that never arrives
    doubled: float = 0.0
    overtaken: float = 0.0
    held_until: float = 0.0  # nothing arrives before
    torn: bool = False  # nothing arrives at all


@dataclass
class Way:
    """``arrange(at, do)`` has something happen then. ``deliver`` takes what has arrived."""

    dice: Random
    now: Callable[[], float]
    arrange: Callable[[float, Callable[[], None]], None]
    deliver: Callable[[Event | Command], None]
    on_loss: Callable[[], None]
    trouble: Trouble = field(default_factory=Trouble)
    last: float = 0.0
    line: int = 0  # what was under way when the line was cut never arrives

    def send(self, thing: Event | Command) -> None:
        trouble = self.trouble
        if trouble.torn or self.dice.random() < trouble.lost:
            return self.on_loss()
        at = max(self.last, self.now() + self.dice.uniform(*LATENCY_S), trouble.held_until)
        if self.dice.random() < trouble.overtaken:
            at += self.dice.uniform(0.0, 1.0)  # what comes after it may arrive before it
        else:
            self.last = at
        line = self.line
        for _ in range(2 if self.dice.random() < trouble.doubled else 1):
            self.arrange(at, lambda: self._arrives(thing, line))

    def _arrives(self, thing: Event | Command, line: int) -> None:
        if line != self.line:
            return self.on_loss()
        self.deliver(thing)

    def cut(self) -> None:
        """What is under way is lost."""
        self.line += 1
        self.last = 0.0
