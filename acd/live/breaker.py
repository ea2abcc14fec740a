"""A circuit breaker: who fails again and again is left alone for a while, so that callers do not wait for nothing. PURE.

``closed`` (all go) -> five failures in a row -> ``open`` (nobody goes, for 30 s) -> one goes, to see; the others do not
yet -> it went well: closed; it did not: open again.
"""

from dataclasses import dataclass

FAILURES = 5
REST_S = 30.0


@dataclass(slots=True, kw_only=True)
class Breaker:
    failures: int = 0
    open_until: float | None = None
    under_way: int = 0

    def lets_through(self, at: float) -> bool:
        """Whether one more may go; if so, ``went`` must be told how it went."""
        if self.open_until is None:
            return True
        if at < self.open_until:
            return False
        self.open_until = at + REST_S  # this one goes to see, and nobody else until it is back or as long gone
        return True

    def went(self, at: float, well: bool) -> None:
        if well:
            self.failures, self.open_until = 0, None
            return
        self.failures += 1
        if self.failures >= FAILURES:
            self.open_until = at + REST_S
