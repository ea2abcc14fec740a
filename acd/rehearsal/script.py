"""What a test of a flow may say, a class for each kind of line. PURE."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from acd.rehearsal.performance import MOST_TURNS, Answer, Line, Performance, Untrue

CAUSES = {
    "answered": "NORMAL_CLEARING",
    "busy": "USER_BUSY",
    "no_answer": "NO_ANSWER",
    "failed": "NORMAL_TEMPORARY_FAILURE",
}
ENDS = {"normal": "NORMAL_CLEARING", "busy": "USER_BUSY", "rejected": "CALL_REJECTED", "failed": "NORMAL_TEMPORARY_FAILURE"}
BEFORE_POINT = re.compile(r" (?=[.,;:!?])")


@dataclass(frozen=True, slots=True)
class Hears(Line):
    text: str

    def run(self, on: Performance) -> None:
        if not on.until(lambda: self._found(on) is not None):
            raise Untrue(f"the caller does not hear {self.text!r}; {on.instead()}")
        on.read = (self._found(on) or 0) + 1

    def _found(self, on: Performance) -> int | None:
        heard = on.stage.heard
        return next((n for n in range(on.read, len(heard)) if plain(self.text) in plain(heard[n].text)), None)


@dataclass(frozen=True, slots=True)
class NeverHears(Line):
    """Nowhere in what was heard up to here."""

    text: str

    def run(self, on: Performance) -> None:
        for one in on.stage.heard:
            if plain(self.text) in plain(one.text):
                raise Untrue(f"the caller heard {one.text!r} at step {one.step!r}")


@dataclass(frozen=True, slots=True)
class Presses(Line):
    digits: str

    def run(self, on: Performance) -> None:
        for digit in self.digits:
            on.until(lambda: on.stage.errand is None)
            if on.stage.is_over:
                raise Untrue(f"nobody is there to hear {digit!r}: {on.place()}")
            on.stage.press(digit)


@dataclass(frozen=True, slots=True)
class Silence(Line):
    """The caller lets the time pass in which they were to do something."""

    def run(self, on: Performance) -> None:
        on.until(lambda: False)
        if on.stage.is_over or on.stage.frame.deadline is None:
            raise Untrue(f"nobody waits for the caller: {on.place()}")
        if on.stage.recording is not None:
            on.stage.record(0.0)
        else:
            on.stage.pass_time()


@dataclass(frozen=True, slots=True)
class Waits(Line):
    seconds: float

    def run(self, on: Performance) -> None:
        end = on.stage.at + self.seconds
        on.until(lambda: on.stage.at >= end)
        for _ in range(MOST_TURNS):
            frame = on.stage.call.frame if on.stage.is_over else on.stage.frame
            if on.stage.is_over or frame is None or frame.deadline is None or frame.deadline > end:
                break
            on.stage.pass_time()
            on.until(lambda: on.stage.at >= end)
        on.stage.at = max(on.stage.at, end)


@dataclass(frozen=True, slots=True)
class Says(Line):
    seconds: float

    def run(self, on: Performance) -> None:
        if not on.until(lambda: on.stage.recording is not None):
            raise Untrue(f"nothing is recorded; {on.instead()}")
        on.stage.record(self.seconds)


@dataclass(frozen=True, slots=True)
class Answers(Line):
    """This time, an errand is answered like this."""

    answer: Answer

    def run(self, on: Performance) -> None:
        if not on.until(lambda: on.stage.errand is not None):
            raise Untrue(f"no other system is asked; {on.instead()}")
        on.errand_done(self.answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dials(Line):
    number: str
    outcome: str = "answered"

    def run(self, on: Performance) -> None:
        if not on.until(lambda: on.stage.dialling is not None):
            raise Untrue(f"no number is dialled; {on.instead()}")
        dial = on.stage.dialling
        assert dial is not None
        if dial.number != self.number:
            raise Untrue(f"{dial.number!r} is dialled, not {self.number!r}")
        on.stage.dialled(CAUSES[self.outcome])


@dataclass(frozen=True, slots=True, kw_only=True)
class InQueue(Line):
    queue: str = ""
    priority: int | None = None
    agent: str = ""

    def run(self, on: Performance) -> None:
        if not on.until(lambda: on.stage.entry is not None):
            raise Untrue(f"the caller is in no queue; {on.instead()}")
        entry = on.stage.entry
        assert entry is not None
        for what, wanted, found in (
            ("queue", self.queue, entry.queue),
            ("agent", self.agent, entry.agent or ""),
            ("priority", self.priority, entry.priority),
        ):
            if wanted not in ("", None) and wanted != found:
                raise Untrue(f"the {what} is {found!r}, not {wanted!r}")


@dataclass(frozen=True, slots=True)
class LeavesQueue(Line):
    exit: str

    def run(self, on: Performance) -> None:
        if on.stage.entry is None:
            on.until(lambda: on.stage.entry is not None)
        if on.stage.entry is None:
            raise Untrue(f"the caller is in no queue; {on.instead()}")
        on.stage.leave_queue(self.exit)


@dataclass(frozen=True, slots=True)
class AtStep(Line):
    step: str

    def run(self, on: Performance) -> None:
        if not on.until(lambda: not on.stage.is_over and on.stage.step == self.step):
            raise Untrue(f"the caller does not come to step {self.step!r}; {on.instead()}")


@dataclass(frozen=True, slots=True)
class Has(Line):
    """Variables, or contact data, as they stand now."""

    kind: str  # variables, tags
    values: Mapping[str, str]

    def run(self, on: Performance) -> None:
        on.until(lambda: all(found_in(on, self.kind).get(name) == value for name, value in self.values.items()))
        found = found_in(on, self.kind)
        for name, value in self.values.items():
            if found.get(name, "") != value:
                raise Untrue(f"{name!r} is {found.get(name, '')!r}, not {value!r}; {on.place()}")


def found_in(on: Performance, kind: str) -> Mapping[str, str]:
    frame = on.stage.call.frame
    return on.stage.call.tags if kind == "tags" else frame.variables if frame else {}


@dataclass(frozen=True, slots=True)
class LeavesMessage(Line):
    mailbox: str

    def run(self, on: Performance) -> None:
        on.until(lambda: any(one.mailbox == self.mailbox for one in on.stage.messages))
        left = [one.mailbox for one in on.stage.messages]
        if self.mailbox not in left:
            raise Untrue(f"no message is in mailbox {self.mailbox!r} (messages: {', '.join(left) or 'none'}); {on.instead()}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AsksCallback(Line):
    queue: str = ""
    number: str = ""
    at: datetime | None = None  # on the clock of the test's zone

    def run(self, on: Performance) -> None:
        on.until(lambda: bool(on.stage.callbacks))
        if not on.stage.callbacks:
            raise Untrue(f"no callback is asked for; {on.instead()}")
        found = on.stage.callbacks[-1]
        if self.queue not in ("", found.queue) or self.number not in ("", found.number):
            raise Untrue(f"the callback is for {found.number!r} in queue {found.queue!r}")
        when = None if found.at is None else datetime.fromtimestamp(found.at, ZoneInfo(on.zone)).replace(tzinfo=None)
        if self.at not in (None, when):
            raise Untrue(f"the callback is for {when or 'as soon as it is their turn'}")


@dataclass(frozen=True, slots=True)
class HangsUp(Line):
    def run(self, on: Performance) -> None:
        if on.stage.is_over:
            raise Untrue(f"nobody is there any more: {on.place()}")
        on.stage.hang_up()


@dataclass(frozen=True, slots=True)
class Ends(Line):
    how: str = ""

    def run(self, on: Performance) -> None:
        if not on.until(lambda: on.stage.is_over):
            raise Untrue(f"the call does not end; {on.instead()}")
        cause = on.stage.ended.cause if on.stage.ended else ""
        if self.how and cause != ENDS[self.how]:
            raise Untrue(f"the call ends with {cause or 'the caller hanging up'}, not {ENDS[self.how]}")


def plain(text: str) -> str:
    """As people hear it: case, line breaks and the space that a variable leaves before a comma make no difference."""
    return BEFORE_POINT.sub("", " ".join(text.lower().split()))
