"""A profile in words: rule, value, where it comes from. Made for docs/LAW.md, and whoever asks. PURE."""

from collections.abc import Iterator
from dataclasses import dataclass

from acd.law.profile import DAY_S, CallingHours, LawProfile
from acd.law.ranges import written

COUNSEL = "to be checked by your counsel"
RULES = {
    "abandon_limit": "at most abandoned, of those who answer in person",
    "periods_s": "in any",
    "answer_s": "an agent is there within",
    "after_greeting": "may be counted from the end of the greeting (this program counts from the answer)",
    "ring_least_s": "a phone rings at least",
    "redial_lock_s": "after an abandon no call for",
    "lock_is_absolute": "not even by an agent reserved for it",
    "then_reserved": "and the next call with an agent reserved for it",
    "hours": "people are called (their clock)",
    "per_day": "attempts to a number in a day",
    "keep_s": "records are kept",
    "message_needs": "an abandoned one is told",
    "dnc_needed": "a public do-not-call list is asked",
    "dnc_fresh_s": "which is not older than",
}
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    rule: str
    value: str
    source: str
    check: str

    @property
    def line(self) -> str:
        return f"| {self.rule} | {self.value} | {self.source} | {self.check} |"


def rows(profile: LawProfile) -> Iterator[Row]:
    for name, rule in RULES.items():
        source = profile.source[name]
        yield Row(rule=rule, value=value(profile, name), source=source.text, check="" if source.checked else COUNSEL)


def value(profile: LawProfile, name: str) -> str:
    match found := getattr(profile, name):
        case CallingHours():
            return hours(found)
        case bool():
            return "yes" if found else "no"
        case None:
            return "no limit"
        case frozenset():
            return ", ".join(word.replace("_", " ") for word in ("name", "number", "opt_out") if word in found)
        case tuple():
            return ", ".join(_lasts(each) for each in found)
        case int():
            return str(found)
    return percent(found) if name == "abandon_limit" else _lasts(found)


def percent(share: float) -> str:
    return f"{share * 100:g} %"


def hours(found: CallingHours) -> str:
    """``Mon-Fri 09:00-20:00, Sat 10:00-19:00, Sun never; holidays never``."""
    runs: list[tuple[int, int]] = []
    for day in range(7):
        if runs and found.weekly[runs[-1][0]] == found.weekly[day]:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    week = ", ".join(f"{DAYS[a]}{'-' + DAYS[b] if b > a else ''} {written(found.weekly[a])}" for a, b in runs)
    eves = "" if found.eve is None else f"; days before holidays {written(found.eve)}"
    return f"{week}; holidays {written(found.holiday)}{eves}"


def _lasts(duration_s: float) -> str:
    for unit, word in ((366 * DAY_S, "year"), (DAY_S, "day"), (3600.0, "hour"), (60.0, "minute")):
        if duration_s and duration_s % unit == 0:
            count = f"{duration_s / unit:g}"
            return f"{count} {word}{'' if count == '1' else 's'}"
    return f"{duration_s:g} s"
