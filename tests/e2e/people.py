"""People outside who are called by campaigns: each does what its number says, behind one trunk."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from acd.law.calling import open_now
from acd.law.profiles import PROFILES
from dialer.lists.numbering import number_of

from .sipp import Carrier

RANGES = ("+1212555{:04}", "+1808555{:04}", "+8133123{:04}", "+4420794{:05}", "+9111234{:05}", "+6129999{:04}", "+649999{:04}")


def numbers_by_day(law: str = "us", at: float | None = None) -> list[str]:
    """Numbers of a place where people may be called at this hour."""
    now = time.time() if at is None else at
    for pattern in RANGES:
        found = [pattern.format(n) for n in range(1000, 3000)]
        window = number_of(found[0], "").window
        if open_now(PROFILES[law], window.zones, now, window.country) is True and open_now(
            PROFILES[law], window.zones, now + 1800, window.country
        ):
            return found
    raise AssertionError("it is night everywhere, which cannot be")


@dataclass(frozen=True, slots=True, kw_only=True)
class Does:
    """``what``: answer, busy, or a refusal of the scripted phone; '' rings for ever. Times are from the moment that it rings."""

    what: str = "answer"
    after_s: float = 0.5
    talks_s: float = 1.0


@dataclass(slots=True)
class People:
    """``does(number)``; ``dialled``: every call that came, by number, in order."""

    carrier: Carrier
    does: Callable[[str], Does]
    dialled: list[str] = field(default_factory=list)
    stopped: bool = False

    def close(self) -> None:
        self.stopped = True

    def begin(self) -> "People":
        threading.Thread(target=self._run, name="people", daemon=True).start()
        return self

    def times(self) -> Mapping[str, int]:
        return {number: self.dialled.count(number) for number in set(self.dialled)}

    def _run(self) -> None:
        seen, due = 0, []
        while not self.stopped:
            told = list(self.carrier.twin.told)
            for each in told[seen:]:
                if each.word == "invited":
                    self.carrier.ear.talk_to("127.0.0.1", int(each.value))  # to the last one
                    number = self._number(each.call)
                    self.dialled.append(number)
                    due += [(time.monotonic() + at, each.call, what) for at, what in self._plan(self.does(number))]
            seen = len(told)
            for item in [item for item in due if item[0] <= time.monotonic()]:
                due.remove(item)
                self.carrier.start(item[1], item[2])
            time.sleep(0.02)

    def _plan(self, does: Does) -> list[tuple[float, str]]:
        ring = [(0.02, "ring")]
        if does.what == "answer":
            return [*ring, (does.after_s, "answer"), (does.after_s + does.talks_s, "bye")]
        return [*ring, (does.after_s, does.what)] if does.what else ring

    def _number(self, call: str) -> str:
        return next(str(each["number"]) for each in self.carrier.invites() if each["Call-ID"] == call)
