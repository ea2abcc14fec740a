"""`gather`: the caller types a number, which becomes a variable. A sensitive one is never in a record, trail or log of ours."""

from dataclasses import dataclass, replace
from typing import ClassVar

from acd.core.events import DigitPressed, PlayEnded, TimePassed
from acd.core.interpreter import Happening
from acd.ivr.checks import Check, checked
from acd.ivr.flow import Prompt
from acd.ivr.scene import Scene, Turn
from acd.ivr.steps.asking import Asking, WrongAnswer

MEANS = {**{digit: digit for digit in "0123456789*#"}, "X": "0123456789", "Z": "123456789", "N": "23456789"}
READING_BACK = "reading back"
CONFIRMING = "confirming"


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm:
    """The number is read back (``value`` in the prompt), and the caller says whether it is right."""

    prompt: Prompt
    yes: str = "1"
    no: str = "2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gather(Asking):
    verb: ClassVar[str] = "gather"
    needs: ClassVar[frozenset[str]] = frozenset({"done", "timeout", "invalid"})

    into: str
    least: int = 1
    most: int = 32
    terminator: str = "#"  # '' for none
    patterns: tuple[str, ...] = ()  # a digit for itself, X any digit, Z 1-9, N 2-9; at the end `.` for any number more
    checks: tuple[Check, ...] = ()
    confirm: Confirm | None = None
    sensitive: bool = False

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        return (self.prompt, self.timeout_prompt, self.invalid_prompt, *([self.confirm.prompt] if self.confirm else []))

    @property
    def reads(self) -> frozenset[str]:
        return Asking.reads.fget(self) - {"value"}  # type: ignore[attr-defined, no-any-return]

    @property
    def sets(self) -> frozenset[str]:
        return frozenset({self.into})

    @property
    def hides(self) -> frozenset[str]:
        return frozenset({self.into} if self.sensitive else ())

    def listens(self, phase: str) -> bool:
        return phase in (READING_BACK, CONFIRMING) or Asking.listens(self, phase)

    def judge(self, scene: Scene, typed: str, over: bool) -> Turn | None:
        number, ended, rest = self._cut(typed)
        if not (ended or over or len(number) == self.most):
            return None
        value = self.value(scene, number)
        if value is None:
            raise WrongAnswer
        if self.confirm is None:
            return self._done(scene, value, rest)
        # An answer that was typed ahead is one, too.
        return self._answered(scene, number, rest[0], rest[1:]) if rest else self._read_back(scene, number)

    def hear(self, scene: Scene, happening: Happening) -> Turn | None:
        if scene.frame.phase not in (READING_BACK, CONFIRMING):
            return Asking.hear(self, scene, happening)
        number = scene.frame.digits
        match happening:
            case DigitPressed(digit=digit):
                return self._answered(scene, number, digit, "")
            case PlayEnded(play=play) if play == scene.frame.play:
                return scene.played_out().wait(CONFIRMING, scene.at + self.first_digit_s)
            case TimePassed() if scene.is_due and scene.frame.phase == READING_BACK:
                return scene.wait(CONFIRMING, scene.at + self.first_digit_s)
            case TimePassed() if scene.is_due:
                return self._unsure(scene, number, "timeout")
        return None

    def _read_back(self, scene: Scene, number: str) -> Turn:
        assert self.confirm is not None
        return scene.play(scene.showing("value", number).media(self.confirm.prompt), READING_BACK, digits=number)

    def _answered(self, scene: Scene, number: str, digit: str, rest: str) -> Turn:
        assert self.confirm is not None
        if digit == self.confirm.yes:
            return self._done(scene, self.value(scene, number) or number, rest)
        if digit == self.confirm.no:
            return self._typed_again(scene)
        return self._unsure(scene, number, "invalid")

    def _typed_again(self, scene: Scene) -> Turn:
        """Who mistypes and says so has used up a try, and hears no word of reproach."""
        if scene.frame.tries >= self.tries:
            return scene.leave("invalid", digits="")
        return self._ask(replace(scene, frame=replace(scene.frame, tries=scene.frame.tries + 1, digits="")))

    def _unsure(self, scene: Scene, number: str, why: str) -> Turn:
        """Neither yes nor no: it is read back again."""
        if scene.frame.tries >= self.tries:
            return scene.leave(why, digits="")
        return self._read_back(replace(scene, frame=replace(scene.frame, tries=scene.frame.tries + 1)), number)

    def _done(self, scene: Scene, value: str, rest: str) -> Turn:
        frame = scene.frame
        secrets = {**frame.secrets, self.into: f"{frame.flow}/{self.name}"} if self.sensitive else frame.secrets
        # What follows a secret may be the rest of it, so it is not kept either.
        rest = "" if self.sensitive else rest
        return scene.leave("done", digits=rest, variables={**frame.variables, self.into: value}, secrets=secrets)

    def value(self, scene: Scene, number: str) -> str | None:
        """What is kept; None when the number is wrong."""
        if len(number) < self.least or not self._fits(number):
            return None
        return checked(number, self.checks)

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
