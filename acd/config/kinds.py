"""The kinds of value that files hold, as annotated types: each takes a text as it was written and refuses it with a sentence.

Units are ours when they leave here: durations are seconds, times of day are minutes after midnight.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

import phonenumbers
from pydantic import BeforeValidator

from acd.config.sentences import perhaps, shown

UNITS_S = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
DURATION = re.compile(r"(?:[0-9]{1,9}(?:\.[0-9]{1,3})?(?:ms|s|m|h|d))+")
PART = re.compile(r"([0-9.]+)(ms|s|m|h|d)")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")
HOST = re.compile(r"[A-Za-z0-9.-]{1,253}|\[[0-9a-fA-F:]{2,45}\]")
ANY_DURATION_S = 366 * 86400.0
TEXT_MAX = 2000


def text(found: Any, needed: str) -> str:
    """What was found, if it is a text at all. Raises ValueError."""
    if isinstance(found, str):
        return found
    raise ValueError(f"found {shown(found)}; {needed} is needed")


@dataclass(frozen=True, slots=True)
class Matching:
    """A reader of texts that match a pattern as a whole (ASCII only; patterns here are fixed ones of ours)."""

    pattern: str
    needed: str

    def __call__(self, found: Any) -> str:
        """Raises ValueError."""
        if re.fullmatch(self.pattern, text(found, self.needed), re.ASCII):
            return str(found)
        raise ValueError(f"found {shown(found)}; {self.needed} is needed")


def matching(pattern: str, needed: str) -> Matching:
    return Matching(pattern, needed)


def seconds(found: Any, least: float = 0.0, most: float = ANY_DURATION_S) -> float:
    """``5s``, ``2m``, ``1h30m``, ``500ms`` in seconds. Raises ValueError."""
    written = text(found, "a duration such as 5s, 2m or 1h")
    if not DURATION.fullmatch(written):
        raise ValueError(f"found {shown(found)}; a duration such as 5s, 2m or 1h is needed")
    total = sum(float(number) * UNITS_S[unit] for number, unit in PART.findall(written))
    if not least <= total <= most:
        raise ValueError(f"found {shown(found)}; {spoken(least)} to {spoken(most)} is allowed")
    return total


def spoken(duration_s: float) -> str:
    """A duration as people would write it in a file."""
    if 0 < duration_s < 1:
        return f"{duration_s * 1000:g}ms"
    for unit in ("d", "h", "m"):
        if duration_s and duration_s % UNITS_S[unit] == 0:
            return f"{duration_s / UNITS_S[unit]:g}{unit}"
    return f"{duration_s:g}s"


@dataclass(frozen=True, slots=True)
class Lasting:
    """A reader of durations within bounds."""

    least_s: float
    most_s: float

    def __call__(self, found: Any) -> float:
        """Raises ValueError."""
        return seconds(found, self.least_s, self.most_s)


def duration(least: float = 0.0, most: float = ANY_DURATION_S) -> Any:
    """A duration kind with bounds, for use in ``Annotated``."""
    return BeforeValidator(Lasting(least, most))


def minutes_of_day(found: Any) -> int:
    """``HH:MM``, and ``24:00`` for the day's end, in minutes after midnight. Raises ValueError."""
    written = text(found, "a time of day such as 09:30")
    if not CLOCK.fullmatch(written):
        raise ValueError(f"found {shown(found)}; a time of day such as 09:30 (00:00 to 24:00) is needed")
    return int(written[:2]) * 60 + int(written[3:])


def day(found: Any) -> date:
    """``YYYY-MM-DD``. Raises ValueError."""
    written = text(found, "a date such as 2026-12-24")
    try:
        if DATE.fullmatch(written):
            return date.fromisoformat(written)
    except ValueError:
        pass
    raise ValueError(f"found {shown(found)}; a date such as 2026-12-24 is needed")


def zone(found: Any) -> str:
    """The name of a time zone. Raises ValueError."""
    written = text(found, "a time zone such as Europe/Berlin")
    known = available_timezones()
    if written not in known:
        near = perhaps(written, sorted(known))
        raise ValueError(f"found {shown(found)}{near}; a time zone such as Europe/Berlin is needed")
    ZoneInfo(written)
    return written


def prose(found: Any) -> str:
    """Text for people: not empty, of bounded length, without control characters. Raises ValueError."""
    written = text(found, "a text").strip()
    if not written or len(written) > TEXT_MAX:
        raise ValueError(f"a text of 1 to {TEXT_MAX} characters is needed, this one has {len(written)}")
    if any(ord(char) < 32 and char not in "\n\t" or ord(char) == 127 for char in written):
        raise ValueError("control characters are not allowed in a text")
    return " ".join(written.split())


def address(found: Any) -> tuple[str, int]:
    """``HOST:PORT``. Raises ValueError."""
    host, _, port = text(found, "HOST:PORT").rpartition(":")
    if not (HOST.fullmatch(host) and port.isascii() and port.isdecimal() and 0 < int(port) <= 65535):
        raise ValueError(f"found {shown(found)}; HOST:PORT with a port from 1 to 65535 is needed")
    return host, int(port)


def phone_region(found: Any) -> str:
    """A country, as DE, in which numbers are dialled. Raises ValueError."""
    known = sorted(phonenumbers.SUPPORTED_REGIONS)
    if not isinstance(found, str) or found not in known:
        raise ValueError(f"found {shown(found)}{perhaps(str(found), known)}; a country such as DE is needed")
    return found


def truth(found: Any) -> bool:
    written = text(found, "true or false")
    if written not in ("true", "false"):
        raise ValueError(f"found {shown(found)}; true or false is needed")
    return written == "true"


Address = Annotated[tuple[str, int], BeforeValidator(address)]
Duration = Annotated[float, duration()]
"""Seconds."""
ClockTime = Annotated[int, BeforeValidator(minutes_of_day)]
"""Minutes after midnight."""
Day = Annotated[date, BeforeValidator(day)]
Zone = Annotated[str, BeforeValidator(zone)]
Prose = Annotated[str, BeforeValidator(prose)]
Truth = Annotated[bool, BeforeValidator(truth)]
PhoneNumber = Annotated[str, BeforeValidator(matching(r"\+?[0-9]{1,20}", "a phone number (digits, perhaps a + before)"))]
CallerId = Annotated[str, BeforeValidator(matching(r"\+?[0-9]{3,15}", "a number, such as +493012345"))]
Prefix = Annotated[str, BeforeValidator(matching(r"\+?[0-9]{1,15}", "the first digits of a number, such as +49"))]
FeatureCode = Annotated[str, BeforeValidator(matching(r"[0-9*#+]{1,20}", "a number to dial (digits, * and #)"))]
Name = Annotated[str, BeforeValidator(matching(r"[a-z0-9][a-z0-9_-]{0,62}", "a name of small letters, digits, _ and - (up to 63)"))]
"""An id of ours: queue, agent, flow, step, mailbox, trunk. It may stand in a path or a dial string as it is."""
Variable = Annotated[
    str, BeforeValidator(matching(r"[a-z][a-z0-9_]{0,62}", "a variable (a small letter, then small letters, digits, _)"))
]
Language = Annotated[str, BeforeValidator(matching(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?", "a language such as en or de-AT"))]
Digit = Annotated[str, BeforeValidator(matching(r"[0-9*#]", "one digit (0-9, * or #)"))]
Digits = Annotated[str, BeforeValidator(matching(r"[0-9*#]{1,16}", "a choice of digits (0-9, * and #)"))]
