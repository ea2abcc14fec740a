"""What came of a talk, as somebody says it: a disposition by its name or its digits, and for some of them when to call again.

By phone the time is ``*`` and so many hours: ``3*2`` is the disposition 3, in two hours.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

TIMED = re.compile(r"(.+)\*([1-9][0-9]{0,2})", re.ASCII)
HOUR_S = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    disposition: str  # by its name
    hours: int | None = None
    call_at: float | None = None

    @property
    def has_time(self) -> bool:
        return self.hours is not None or self.call_at is not None

    def due(self, at: float, after_s: float | None) -> float | None:
        """When to call again, said at ``at``. ``after_s``: where no time was said, 0 is not known; None: the disposition takes none."""
        if after_s is None:
            return None
        if self.call_at is not None:
            return self.call_at
        if self.hours is not None:
            return at + self.hours * HOUR_S
        return at + after_s if after_s else None


def word_of(dispositions: Mapping[str, str], said: str, call_at: float | None = None) -> Word | None:
    """``dispositions``: name -> digits. What is a code as it stands, though with a ``*`` in it, is no time. None: there is no such."""
    if name := _named(dispositions, said):
        return Word(disposition=name, call_at=call_at)
    timed = TIMED.fullmatch(said)
    name = _named(dispositions, timed[1]) if timed else ""
    return Word(disposition=name, hours=int(timed[2]), call_at=call_at) if timed and name else None


def _named(dispositions: Mapping[str, str], said: str) -> str:
    return next((name for name, digits in dispositions.items() if said and said in (name, digits)), "")
