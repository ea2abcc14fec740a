"""Opening hours as they are written: ``mon-fri: 09:00-12:30, 13:30-17:00``."""

from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, model_validator

from acd.config.kinds import Day, Zone, minutes_of_day, text
from acd.config.sentences import one_of, perhaps, shown
from acd.config.shape import Shape
from acd.ivr.calendar import Calendar, Ranges, regions

DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
NEEDED = "times such as 09:00-17:00, several with commas, or closed, are needed"


def ranges(found: Any) -> Ranges:
    """``09:00-12:00, 13:00-17:00`` or ``closed``. Raises ValueError."""
    written = text(found, "opening times")
    return () if written.strip() == "closed" else tuple(_range(part.strip()) for part in written.split(","))


def _range(part: str) -> tuple[int, int]:
    start, dash, end = part.partition("-")
    if not dash:
        raise ValueError(f"found {shown(part)}; {NEEDED}")
    found = minutes_of_day(start.strip()), minutes_of_day(end.strip())
    if found[0] == found[1] or found[0] == 1440:
        raise ValueError(f"found {shown(part)}; from and to are the same time, for the whole day write 00:00-24:00")
    return found


def weekdays(found: Any) -> tuple[int, ...]:
    """``mon``, ``mon-fri``, ``mon, wed`` as numbers from 0. Raises ValueError."""
    days: list[int] = []
    for part in text(found, "days").split(","):
        first, dash, last = (word.strip() for word in part.partition("-"))
        start = _weekday(first)
        end = _weekday(last) if dash else start
        days += [(start + n) % 7 for n in range((end - start) % 7 + 1)]
    return tuple(days)


def _weekday(word: str) -> int:
    if word not in DAYS:
        raise ValueError(f"found {shown(word)}{perhaps(word, DAYS)}; {one_of(DAYS)}, or ranges such as mon-fri")
    return DAYS.index(word)


Times = Annotated[Ranges, BeforeValidator(ranges)]
Weekdays = Annotated[tuple[int, ...], BeforeValidator(weekdays)]


class Holidays(Shape):
    country: str
    region: str = ""

    @model_validator(mode="after")
    def known(self) -> "Holidays":
        countries = regions()
        if self.country not in countries:
            near = perhaps(self.country, list(countries))
            raise ValueError(f"no holidays are known for the country {shown(self.country)}{near}; a code such as DE is needed")
        if self.region and self.region not in countries[self.country]:
            allowed = countries[self.country]
            near = perhaps(self.region, allowed)
            raise ValueError(f"{self.country} has no region {shown(self.region)}{near}; {one_of(allowed)}")
        return self


class CalendarShape(Shape):
    """What the ``hours`` step holds of a calendar."""

    zone: Zone
    weekly: dict[Weekdays, Times]
    exceptions: dict[Day, Times] = {}
    holidays: Holidays | None = None

    @model_validator(mode="after")
    def once(self) -> "CalendarShape":
        days = [DAYS[day] for line in self.weekly for day in line]
        twice = sorted({day for day in days if days.count(day) > 1}, key=DAYS.index)
        if twice:
            raise ValueError(f"{', '.join(twice)} is in more than one line of weekly; give each day's times in one line")
        return self

    def calendar(self) -> Calendar:
        times = {day: found for line, found in self.weekly.items() for day in line}
        exceptions: dict[date, Ranges] = dict(self.exceptions)
        holidays = self.holidays or Holidays.model_construct(country="", region="")
        return Calendar(
            zone=self.zone,
            weekly=tuple(times.get(day, ()) for day in range(7)),
            exceptions=exceptions,
            country=holidays.country,
            region=holidays.region,
        )
