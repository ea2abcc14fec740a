"""Opening hours as plain JSON values: what is open now, why, and until when; and a supervisor's word, understood. Decides nothing."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from acd.core.events import CalendarForced
from acd.core.house import Forced
from acd.ivr.calendar import Calendar, instant

STATES = {"open": "open", "close": "closed", "auto": ""}
CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
FURTHEST_S = 366 * 86400.0
BY_MAX = 100


def calendars_view(calendars: Mapping[str, Calendar], forced: Mapping[str, Forced], now: float) -> list[dict[str, Any]]:
    return [calendar_view(name, calendar, forced.get(name), now) for name, calendar in sorted(calendars.items())]


def calendar_view(name: str, calendar: Calendar, forced: Forced | None, now: float) -> dict[str, Any]:
    """``next`` is the next change and ``next_at`` its instant; None for what stays as it is."""
    if forced is not None and forced.until is not None and forced.until <= now:
        forced = None
    state = forced.state if forced else calendar.state(now)
    change = _next_change(calendar, forced, now)
    return {
        "calendar": name,
        "zone": calendar.zone,
        "state": state,
        "by_hours": calendar.state(now),
        "forced": forced.state if forced else "",
        "by": forced.by if forced else "",
        "since": forced.since if forced else None,
        "until": forced.until if forced else None,
        "next_at": change[0] if change else None,
        "next": change[1] if change else None,
    }


def _next_change(calendar: Calendar, forced: Forced | None, now: float) -> tuple[float, str] | None:
    if forced is None:
        return calendar.next_change(now)
    if forced.until is None:
        return None
    then = calendar.state(forced.until)
    if (then == "open") != (forced.state == "open"):
        return forced.until, then
    return calendar.next_change(forced.until)


def forced(name: str, calendar: Calendar, wish: str, until: str, by: str, now: float) -> CalendarForced:
    """Raises ValueError with what is allowed."""
    if wish not in STATES:
        raise ValueError(f"unknown wish {wish}; allowed are: {', '.join(STATES)}")
    if until and wish == "auto":
        raise ValueError("until belongs to open and close: auto is for good")
    end = until_at(until, calendar.zone, now) if until else None
    return CalendarForced(at=now, calendar=name, state=STATES[wish], until=end, by=by[:BY_MAX])


def until_at(text: str, zone: str, now: float) -> float:
    """``18:00`` (the next one in the calendar's zone) or ``2026-12-24T14:00`` as an instant. Raises ValueError."""
    found = _clock_time(text, zone, now) or _date_and_time(text, zone)
    if found is None:
        raise ValueError(f"until {text!r}: allowed are a time such as 18:00 or a date and time such as 2026-12-24T14:00")
    if not now < found <= now + FURTHEST_S:
        raise ValueError(f"until {text!r} lies in the past or more than a year ahead")
    return found


def _clock_time(text: str, zone: str, now: float) -> float | None:
    match = CLOCK.fullmatch(text)
    if match is None:
        return None
    today, minute = datetime.fromtimestamp(now, ZoneInfo(zone)).date(), int(match[1]) * 60 + int(match[2])
    at = instant(today, minute, zone)
    return at if at > now else instant(today + timedelta(days=1), minute, zone)


def _date_and_time(text: str, zone: str) -> float | None:
    try:
        found = datetime.fromisoformat(text) if "T" in text else None
        return None if found is None else (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))).timestamp()
    except (ValueError, OverflowError):
        return None
