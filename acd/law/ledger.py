"""How many answered, how many of them were abandoned, in every rolling period that the law looks at. PURE: the time is an argument.

Counted by the minute, so that thirty days of a busy campaign are some ten thousand numbers. What the minute hides is always taken to
the safe side: at the far edge of a period an abandon counts until its whole minute is outside, an answer no more once any of its
minute is. So ``room`` is never more than a list of every call would say, and at most a minute's answers less.

What is stamped later than the time that is asked for counts too: it happened, and a clock that was set back does not undo it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from acd.law.profile import DAY_S, LawProfile

GRAIN_S = 60.0
VERSION = 1
SLACK_S = DAY_S
"""What has left the longest period is kept so much longer, in case a clock is set back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    period_s: float
    answered: int
    abandoned: int

    @property
    def rate(self) -> float:
        """Of those who answered; 0 when nobody did."""
        return self.abandoned / self.answered if self.answered else 0.0

    def room(self, limit: float) -> int:
        """So many more may be abandoned; below zero: so many were too many."""
        return allowed(limit, self.answered) - self.abandoned


def allowed(limit: float, answered: int) -> int:
    """The whole part of ``limit * answered``, in whole numbers: 3 % of 100 are 3, whatever a float makes of it."""
    exact = _exact(limit)
    return exact.numerator * answered // exact.denominator


@lru_cache(maxsize=64)
def _exact(limit: float) -> Fraction:
    return Fraction(limit).limit_denominator(1_000_000)


class Ledger:
    """Of one campaign. Who answered counts as answered, whatever became of them, unless it was no person; who was abandoned counts as
    abandoned besides."""

    def __init__(self, *, periods_s: Iterable[float], limit: float) -> None:
        self.periods_s = tuple(sorted(periods_s))
        self.limit = limit
        self._minutes: list[int] = []  # in order
        self._answered: list[int] = []  # up to and with that minute, since ``_before``
        self._abandoned: list[int] = []
        self._before = (0, 0)  # what was forgotten

    @classmethod
    def of(cls, profile: LawProfile, limit: float | None = None) -> "Ledger":
        """Under a law; a campaign's own limit holds where it is lower."""
        own = profile.abandon_limit if limit is None else min(limit, profile.abandon_limit)
        return cls(periods_s=profile.periods_s, limit=own)

    def answered(self, at: float, count: int = 1) -> None:
        self._add(int(at // GRAIN_S), count, 0)

    def no_person(self, at: float) -> None:
        """Who was counted as having answered then was a machine. Nothing takes back an abandon."""
        self._add(int(at // GRAIN_S), -1, 0)

    def abandoned(self, at: float, count: int = 1) -> None:
        self._add(int(at // GRAIN_S), 0, count)

    def counts(self, at: float) -> tuple[Count, ...]:
        return tuple(self._count(at, period_s) for period_s in self.periods_s)

    def room(self, at: float, limit: float | None = None) -> int:
        """So many more may be abandoned now, in every period; below zero: so many were too many."""
        most = self.limit if limit is None else min(limit, self.limit)
        return min(count.room(most) for count in self.counts(at))

    def may_overdial(self, at: float, limit: float | None = None) -> bool:
        """Whether one more abandon would still be within the limit in every period; if not, only one call for each free agent."""
        return self.room(at, limit) >= 1

    def _count(self, at: float, period_s: float) -> Count:
        edge = int((at - period_s) // GRAIN_S)  # the minute that is cut
        answered_from = bisect_right(self._minutes, edge)
        abandoned_from = bisect_left(self._minutes, edge)
        return Count(
            period_s=period_s,
            answered=self._since(self._answered, answered_from, self._before[0]),
            abandoned=self._since(self._abandoned, abandoned_from, self._before[1]),
        )

    @staticmethod
    def _since(totals: list[int], place: int, before: int) -> int:
        if not totals:
            return 0
        return totals[-1] - (totals[place - 1] if place else before)

    def _add(self, minute: int, answered: int, abandoned: int) -> None:
        """Mostly at the end; what comes late is put in its place."""
        place = bisect_left(self._minutes, minute)
        if place == len(self._minutes) or self._minutes[place] != minute:
            self._minutes.insert(place, minute)
            self._answered.insert(place, self._answered[place - 1] if place else self._before[0])
            self._abandoned.insert(place, self._abandoned[place - 1] if place else self._before[1])
        for n in range(place, len(self._minutes)):
            self._answered[n] += answered
            self._abandoned[n] += abandoned
        self._forget()

    def _forget(self) -> None:
        keep_s = self.periods_s[-1] + SLACK_S
        old = bisect_left(self._minutes, self._minutes[-1] - keep_s / GRAIN_S - 1)
        if old < 1440 and old * 2 < len(self._minutes):
            return  # not for each minute
        if old:
            self._before = (self._answered[old - 1], self._abandoned[old - 1])
            del self._minutes[:old], self._answered[:old], self._abandoned[:old]

    # -- kept, and put together --------------------------------------------------------------------------------------

    def rows(self) -> Iterator[tuple[int, int, int]]:
        """(minute since the epoch, answered, abandoned), in order."""
        before = self._before
        for minute, answered, abandoned in zip(self._minutes, self._answered, self._abandoned, strict=True):
            yield minute, answered - before[0], abandoned - before[1]
            before = (answered, abandoned)

    def add(self, rows: Iterable[tuple[int, int, int]]) -> None:
        """Those of another ledger, such as that of a campaign in whose place this one is."""
        for minute, answered, abandoned in rows:
            self._add(minute, answered, abandoned)

    def kept(self) -> dict[str, Any]:
        """As plain data: each row as three numbers, its minute counted from the row before."""
        flat: list[int] = []
        last = 0
        for minute, answered, abandoned in self.rows():
            flat += [minute - last, answered, abandoned]
            last = minute
        return {"version": VERSION, "grain_s": GRAIN_S, "rows": flat}

    @classmethod
    def from_kept(cls, kept: Mapping[str, Any], profile: LawProfile, limit: float | None = None) -> "Ledger":
        """Under a law, as ``of``. Raises ValueError for what is no ledger: nobody may dial on with one that is empty by mistake."""
        flat = kept.get("rows")
        if kept.get("version") != VERSION or kept.get("grain_s") != GRAIN_S or not isinstance(flat, list) or len(flat) % 3:
            raise ValueError(f"not a ledger of version {VERSION}: version {kept.get('version')!r}, grain {kept.get('grain_s')!r}")
        if not all(type(each) is int and each >= 0 for each in flat):
            raise ValueError("not a ledger: whole numbers from 0 on are needed")
        ledger, minute = cls.of(profile, limit), 0
        for step, answered, abandoned in zip(flat[::3], flat[1::3], flat[2::3], strict=True):
            minute += step
            ledger._add(minute, answered, abandoned)
        return ledger
