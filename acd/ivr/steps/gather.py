"""`gather`: the caller types a number, which becomes a variable. A sensitive one is never in a record, trail or log of ours."""

from dataclasses import dataclass
from typing import ClassVar

from acd.ivr.scene import Scene, Turn
from acd.ivr.steps.asking import Asking, WrongAnswer

MEANS = {**{digit: digit for digit in "0123456789*#"}, "X": "0123456789", "Z": "123456789", "N": "23456789"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gather(Asking):
    verb: ClassVar[str] = "gather"
    needs: ClassVar[frozenset[str]] = frozenset({"done", "timeout", "invalid"})

    into: str
    least: int = 1
    most: int = 32
    terminator: str = "#"  # '' for none
    patterns: tuple[str, ...] = ()  # a digit for itself, X any digit, Z 1-9, N 2-9; at the end `.` for any number more
    sensitive: bool = False

    @property
    def sets(self) -> frozenset[str]:
        return frozenset({self.into})

    def judge(self, scene: Scene, typed: str, over: bool) -> Turn | None:
        number, ended, rest = self._cut(typed)
        if not (ended or over or len(number) == self.most):
            return None
        if len(number) < self.least or not self._fits(number):
            raise WrongAnswer
        # What follows a secret may be the rest of it, so it is not kept either.
        return scene.leave(
            "done", digits="" if self.sensitive else rest, variables={**scene.frame.variables, self.into: number}
        )

    def _cut(self, typed: str) -> tuple[str, bool, str]:
        """The number, whether its end was typed, and what was typed after it."""
        at = typed.find(self.terminator) if self.terminator else -1
        if 0 <= at <= self.most:
            return typed[:at], True, typed[at + 1 :]
        return typed[: self.most], False, typed[self.most :]

    def _fits(self, number: str) -> bool:
        return not self.patterns or any(fits(number, pattern) for pattern in self.patterns)


def fits(number: str, pattern: str) -> bool:
    """Whether a number matches a pattern, in time that grows with its length only."""
    is_open = pattern.endswith(".")
    fixed = pattern.removesuffix(".")
    if len(number) < len(fixed) or (len(number) > len(fixed) and not is_open):
        return False
    return all(digit in MEANS[sign] for digit, sign in zip(number, fixed, strict=False))
