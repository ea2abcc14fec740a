"""Opening hours: zones, midnight, the days the clocks change (ACD.md 45, F30, F49), holidays and exceptions."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from acd.ivr.calendar import Calendar
from tests.ivr.caller import Caller, flow

NINE_TO_FIVE = ((540, 1020),)
OFFICE = Calendar(zone="Europe/Berlin", weekly=(NINE_TO_FIVE,) * 5 + ((), ()))


def at(text: str, zone: str = "Europe/Berlin", fold: int = 0) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp()


@pytest.mark.parametrize(
    ("when", "state"),
    [
        ("2025-11-24 08:59:59", "closed"),
        ("2025-11-24 09:00:00", "open"),
        ("2025-11-24 16:59:59", "open"),
        ("2025-11-24 17:00:00", "closed"),
        ("2025-11-22 12:00:00", "closed"),
    ],
)
def test_given_office_hours_when_asked_then_the_minute_decides(when: str, state: str) -> None:
    assert OFFICE.state(at(when)) == state


def test_given_a_zone_when_asked_then_its_own_clock_decides() -> None:
    tokyo = Calendar(zone="Asia/Tokyo", weekly=OFFICE.weekly)
    assert tokyo.state(at("2025-11-24 04:00:00")) == "open"  # noon in Tokyo
    assert tokyo.state(at("2025-11-24 12:00:00")) == "closed"


@pytest.mark.parametrize(
    ("when", "state"),
    [
        ("2025-11-28 21:59", "closed"),
        ("2025-11-28 22:00", "open"),
        ("2025-11-29 01:59", "open"),  # still Friday's night, although Saturday is closed
        ("2025-11-29 02:00", "closed"),
        ("2025-11-28 01:00", "closed"),  # Thursday has no night
    ],
)
def test_given_hours_over_midnight_when_asked_then_they_belong_to_the_day_they_begin_on(when: str, state: str) -> None:
    night = Calendar(zone="Europe/Berlin", weekly=((), (), (), (), ((1320, 120),), (), ()))
    assert night.state(at(when)) == state


def test_given_the_night_before_new_year_when_asked_then_it_reaches_into_the_next() -> None:
    night = Calendar(zone="UTC", weekly=(((1320, 120),),) * 7, exceptions={date(2026, 1, 1): ()})
    assert night.state(at("2026-01-01 01:00", "UTC")) == "open"
    assert night.state(at("2026-01-01 23:00", "UTC")) == "closed"


def test_given_the_night_the_clocks_go_back_when_asked_then_both_half_past_twos_are_open_row_45() -> None:
    night = Calendar(zone="Europe/Berlin", weekly=(((120, 180),),) * 7)
    first, second = at("2025-10-26 02:30"), at("2025-10-26 02:30", fold=1)
    assert second - first == 3600
    assert night.state(first) == night.state(second) == "open"
    assert night.state(second + 1800) == "closed"


def test_given_the_night_the_clocks_go_ahead_when_the_opening_time_never_comes_then_it_is_open_after_it_row_45() -> None:
    night = Calendar(zone="Europe/Berlin", weekly=(((150, 240),),) * 7)
    before, after = at("2025-03-30 01:59:59"), at("2025-03-30 03:00:00")
    assert after - before == 1
    assert (night.state(before), night.state(after)) == ("closed", "open")


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])
def test_given_every_quarter_of_a_year_when_asked_then_a_day_of_24_hours_is_always_open_and_nine_to_five_as_local_time_says(
    zone: str,
) -> None:
    always = Calendar(zone=zone, weekly=(((0, 1440),),) * 7)
    office = Calendar(zone=zone, weekly=(NINE_TO_FIVE,) * 7)
    start = int(at("2025-01-01 00:00", "UTC"))
    for instant in range(start, start + 366 * 86400, 900 * 7):
        assert always.state(instant) == "open"
        hour = datetime.fromtimestamp(instant, ZoneInfo(zone)).hour
        assert (office.state(instant) == "open") is (9 <= hour < 17)


def test_given_a_public_holiday_when_asked_then_country_and_region_decide() -> None:
    berlin = Calendar(zone="Europe/Berlin", weekly=OFFICE.weekly, country="DE", region="BE")
    bavaria = Calendar(zone="Europe/Berlin", weekly=OFFICE.weekly, country="DE", region="BY")
    epiphany = at("2026-01-06 12:00")
    assert (berlin.state(epiphany), bavaria.state(epiphany)) == ("open", "holiday")
    assert berlin.state(at("2025-12-25 12:00")) == "holiday"


def test_given_an_exception_when_asked_then_it_wins_over_holiday_and_week() -> None:
    calendar = Calendar(
        zone="Europe/Berlin",
        weekly=OFFICE.weekly,
        country="DE",
        exceptions={date(2025, 12, 25): ((600, 720),), date(2025, 11, 24): ()},
    )
    assert calendar.state(at("2025-12-25 11:00")) == "open"
    assert calendar.state(at("2025-12-25 13:00")) == "closed"
    assert calendar.state(at("2025-11-24 12:00")) == "closed"


HOURS = """
start:
  step: hours
  calendar:
    zone: Europe/Berlin
    weekly: {mon-fri: "09:00-12:00, 13:00-17:00"}
    exceptions: {2025-11-25: closed}
    holidays: {country: DE}
  exits: {open: here, closed: away%s}
here: {step: say, text: Here., next: end}
away: {step: say, text: Away., next: end}
"""


@pytest.mark.parametrize(
    ("when", "step"),
    [("2025-11-24 11:00", "here"), ("2025-11-24 12:30", "away"), ("2025-11-25 11:00", "away"), ("2025-12-25 11:00", "away")],
)
def test_given_an_hours_step_when_a_call_comes_then_the_time_decides(when: str, step: str) -> None:
    assert Caller(flow(HOURS % ""), at=at(when)).step == step


def test_given_a_target_for_holidays_when_it_is_one_then_the_exit_is_holiday() -> None:
    steps = HOURS % ", holiday: off" + "off: {step: say, text: Off., next: end}"
    assert Caller(flow(steps), at=at("2025-12-25 11:00")).exits == [("start", "holiday")]
