"""How much risk the abandon budget bears: theta, closed on what the ledgers still allow.

Theta is the chance, that one more line's answer finds nobody, up to which lines are launched. Its level is learnt (an integral
control on its logarithm): up with every answer while more is left than a buffer, down while less. Around the level it follows what
is left at once: a little more when much is left, and smoothly towards nothing before the limit, because a team that is stopped at
the limit stands one-to-one until 1/limit persons more have answered.
"""

from dataclasses import dataclass
from math import exp

from dialer.core.pacing.pacer import Ledger, View

LEAST, MOST = 0.002, 0.06
SPEED = 0.004
"""How much the logarithm of the level moves with one answer, at most."""


@dataclass(slots=True)
class Budget:
    level: float = 0.03
    answers: int | None = None
    """Of the first ledger at the last question."""
    scarce: bool = False
    """Whether less is left than the buffer."""

    def theta(self, view: View, agents: int) -> float:
        if not view.ledgers:
            return self.level
        plenty = min(_plenty(ledger, agents) for ledger in view.ledgers)
        self._learns(view.ledgers[0].answers, plenty)
        self.scarce = plenty < 0.0
        return self.level * (max(0.02, 1.0 + plenty) ** 1.5 if self.scarce else 1.0 + 0.5 * min(plenty, 1.0))

    def _learns(self, answers: int, plenty: float) -> None:
        new = max(0, answers - self.answers) if self.answers is not None else 0
        self.answers = answers
        self.level = min(MOST, max(LEAST, self.level * exp(SPEED * new * max(-1.0, min(1.0, plenty)))))


def _plenty(ledger: Ledger, agents: int) -> float:
    """What is left against the buffer: 0 at the buffer, -1 where one abandon more would not be borne."""
    buffer = 2.0 + agents / 10
    return (ledger.left - 0.01 * ledger.limit * ledger.answers - 1.0 - buffer) / buffer
