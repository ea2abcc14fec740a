"""What is new in a house and looks like a mistake, though it is allowed: hours with holes, numbers that cannot exist. PURE."""

from collections.abc import Iterator

import phonenumbers

from acd.ivr.calendar import Calendar, Ranges
from acd.plan.house import House

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
HOLE_MINUTES = 15
"""A pause that is shorter is taken for a slip of the pen."""


def oddities(old: House, new: House) -> Iterator[str]:
    for name, calendar in new.calendars.items():
        before = old.calendars.get(name)
        if calendar != before:
            yield from _hours(name, calendar, before)
    for number, what in _numbers(new).items():
        if number not in _numbers(old) and (why := _impossible(number)):
            yield f"{what}: {number} {why}"


def _hours(name: str, calendar: Calendar, before: Calendar | None) -> Iterator[str]:
    for day, ranges in enumerate(calendar.weekly):
        for end, start in _holes(ranges):
            yield f"calendar {name} is closed from {_clock(end)} to {_clock(start)} on {DAYS[day]}s"
        if before is not None and before.weekly[day] and not ranges:
            yield f"calendar {name} is closed all {DAYS[day]} now"
    if not any(calendar.weekly):
        yield f"calendar {name} is never open but on its exceptions"


def _holes(ranges: Ranges) -> Iterator[tuple[int, int]]:
    ordered = sorted(ranges)
    for (_, end), (start, _) in zip(ordered, ordered[1:], strict=False):
        if 0 < start - end < HOLE_MINUTES:
            yield end, start


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _numbers(house: House) -> dict[str, str]:
    """Those that are written with a country, and where."""
    policy = house.policy
    found = {number: f"number -> {flow}" for number, flow in policy.numbers.items()}
    found |= {way.caller_id: f"caller_id of trunk {way.trunk}" for way in policy.outbound.ways}
    found |= {number: "outbound.caller_ids" for number in policy.outbound.caller_ids}
    found |= {agent.external.number: f"external number of agent {id}" for id, agent in policy.agents.items() if agent.external}
    return {number: what for number, what in found.items() if number.startswith("+")}


def _impossible(number: str) -> str:
    """Why a number with its country (E.164) cannot be one; '' when it can."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return "has no country that there is"
    if not phonenumbers.is_possible_number(parsed):
        return "is too short or too long for its country"
    return ""
