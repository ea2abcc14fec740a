"""A script under way on its stage, line by line. PURE.

Between the lines the call goes on by itself as far as it can: prompts are heard out, errands get the answers that the test
gives, pauses pass. It stops where the caller is asked for something, and where a line has come true.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from acd.core.commands import MarkMessage
from acd.ivr.mailbox import Lying, values
from acd.rehearsal.stage import Stage

MOST_TURNS = 2000


class Untrue(Exception):
    """A line that did not come true; says what was there instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A message in a mailbox; ``at`` is wall-clock time where the test plays."""

    at: datetime
    caller: str = ""
    seconds: float = 10.0
    heard: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How an errand (http, lookup, messages) is answered."""

    status: int = 200
    why: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    messages: tuple[Left, ...] | None = None


@dataclass(kw_only=True)
class Performance:
    """A script under way on its stage."""

    stage: Stage
    errands: Mapping[str, Answer] = field(default_factory=dict)  # step -> how it is answered
    zone: str = "UTC"
    read: int = 0  # how much of what was heard is spoken for
    left: str = ""

    # -- going on ---

    def go_on(self) -> bool:
        """The next thing that needs nobody; False when there is none."""
        stage = self.stage
        if stage.is_over or stage.is_asked:
            return False
        if stage.errand is not None:
            self.errand_done(Answer() if isinstance(stage.errand, MarkMessage) else self.given())
        elif stage.playing is not None and not stage.is_endless:
            stage.hear_out()
        elif stage.frame.deadline is not None:
            stage.pass_time()
        else:
            return False
        return True

    def until(self, true: Callable[[], bool]) -> bool:
        for _ in range(MOST_TURNS):
            if true():
                return True
            if not self.go_on():
                return False
        raise Untrue("the call goes round and round without the caller being asked for anything")

    def given(self) -> Answer:
        found = self.errands.get(self.stage.step)
        if found is None:
            raise Untrue(f"step {self.stage.step!r} asks another system; give its answer under 'answers: {{{self.stage.step}: ...}}'")
        return found

    def errand_done(self, answer: Answer) -> None:
        told = answer.values if answer.messages is None else self.lying(answer.messages)
        self.stage.answer(status=answer.status, why=answer.why, values=told)

    def lying(self, messages: Iterable[Left]) -> Mapping[str, str]:
        zone = ZoneInfo(self.zone)
        return values(
            Lying(id=f"m{n}", left_at=one.at.replace(tzinfo=zone).timestamp(), seconds=one.seconds, caller=one.caller, heard=one.heard)
            for n, one in enumerate(messages, 1)
        )

    # -- what was there instead ---

    @property
    def unread(self) -> list[str]:
        return [one.text for one in self.stage.heard[self.read :]]

    def place(self) -> str:
        stage = self.stage
        if stage.hung_up:
            return "the caller has hung up"
        if stage.ended is not None:
            return f"the call has ended ({stage.ended.cause})"
        if stage.entry is not None:
            return f"the caller waits in queue {stage.entry.queue!r}"
        return f"the caller is at step {stage.step!r} ({stage.verb})"

    def instead(self) -> str:
        heard = f"; heard since: {' | '.join(self.unread)!r}" if self.unread else "; nothing was heard since"
        return f"{self.place()}{heard}"


class Line:
    """One line of a script."""

    def run(self, on: Performance) -> None:
        """Raises Untrue."""
        raise NotImplementedError


def perform(on: Performance, lines: Iterable[Line]) -> tuple[int, str] | None:
    """Runs the lines in order; the number of the first that is untrue and what is wrong, or None when all came true."""
    for n, line in enumerate(lines):
        try:
            line.run(on)
        except Untrue as untrue:
            return n, str(untrue)
    return None
