"""Opening hours: zones, midnight, the days the clocks change (ACD.md 45, F30, F49), holidays and exceptions."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from acd.ivr.calendar import Calendar
from tests.ivr.caller import Caller, flow
from tests.ivr.quiet import Quiet

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


# -- when it changes next ---


@pytest.mark.parametrize(
    ("when", "change"),
    [
        ("2025-11-24 08:00", ("2025-11-24 09:00", "open")),
        ("2025-11-24 09:00", ("2025-11-24 17:00", "closed")),
        ("2025-11-21 17:00", ("2025-11-24 09:00", "open")),  # Friday evening to Monday
    ],
)
def test_given_office_hours_when_asked_for_the_next_change_then_it_is_the_next_opening_or_closing(
    when: str, change: tuple[str, str]
) -> None:
    assert OFFICE.next_change(at(when)) == (at(change[0]), change[1])


def test_given_hours_that_never_end_or_never_begin_when_asked_then_there_is_no_change() -> None:
    assert Calendar(zone="Europe/Berlin", weekly=(((0, 1440),),) * 7).next_change(at("2025-03-29 12:00")) is None
    assert Calendar(zone="Europe/Berlin", weekly=((),) * 7).next_change(at("2025-03-29 12:00")) is None


def test_given_holidays_when_asked_for_the_next_change_then_they_are_passed_over() -> None:
    berlin = Calendar(zone="Europe/Berlin", weekly=OFFICE.weekly, country="DE", exceptions={date(2025, 12, 24): ((540, 720),)})
    assert berlin.next_change(at("2025-12-24 10:00")) == (at("2025-12-24 12:00"), "closed")
    assert berlin.next_change(at("2025-12-24 12:00")) == (at("2025-12-29 09:00"), "open")  # the 25th and 26th are holidays


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"])
@pytest.mark.parametrize("hours", [((0, 150),), ((120, 180),), ((150, 240),), ((1320, 150),), ((1380, 30), (60, 90))])
def test_given_the_days_the_clocks_change_when_asked_for_every_change_then_each_is_the_very_second_row_45(
    zone: str, hours: tuple[tuple[int, int], ...]
) -> None:
    calendar = Calendar(zone=zone, weekly=(hours,) * 7)
    for month in (3, 4, 10, 11):
        now, end = at(f"2025-{month:02}-01 12:00", zone), at(f"2025-{month:02}-28 12:00", zone)
        minutes = [calendar.state(minute) == "open" for minute in range(int(now), int(end), 60)]
        changes = [int(now) + 60 * n for n in range(1, len(minutes)) if minutes[n] != minutes[n - 1]]
        found: list[float] = []
        while (change := calendar.next_change(found[-1] if found else now)) and change[0] < end:
            found.append(change[0])
        assert found == changes


# -- calendars of the house, and those that are forced ---

NAMED = """
start: {step: hours, calendar: main%s, exits: {open: here, closed: away, holiday: off}}
here: {step: say, text: Here., next: end}
away: {step: say, text: Away., next: end}
off: {step: say, text: Off., next: end}
"""
HOUSE = {"main": Calendar(zone="Europe/Berlin", weekly=OFFICE.weekly, country="DE")}


def step_at(when: str, *, forced: str = "", more: str = "", calendars: dict[str, Calendar] | None = None) -> str:
    """Where the hours step leads a caller who reaches it then."""
    moment = at(when)
    caller = Caller(flow("start: {step: pause, for: 1s, next: hours}\n" + NAMED.replace("start", "hours") % more), at=moment - 1)
    caller.library = replace(caller.library, calendars=HOUSE if calendars is None else calendars)
    caller.around.calendars = {"main": forced}
    return caller.waits().step


def test_given_a_calendar_of_the_house_when_a_caller_comes_then_it_is_looked_up_by_name() -> None:
    assert [step_at("2025-11-24 11:00"), step_at("2025-11-24 18:00"), step_at("2025-12-25 11:00")] == ["here", "away", "off"]


def test_given_a_zone_on_the_step_when_a_caller_comes_then_it_takes_the_place_of_the_calendars_own() -> None:
    assert step_at("2025-11-24 18:00", more=", zone: America/New_York") == "here"


def test_given_a_calendar_that_a_supervisor_forced_when_a_caller_comes_then_that_wins_over_hours_and_holidays() -> None:
    assert step_at("2025-11-24 11:00", forced="closed") == "away"
    assert step_at("2025-12-25 11:00", forced="open") == "here"


def test_given_a_calendar_that_the_house_no_longer_has_when_a_caller_of_an_older_version_comes_then_it_is_closed() -> None:
    assert step_at("2025-11-24 11:00", calendars={}) == "away"


def test_given_a_calendar_in_the_flow_when_one_of_the_house_is_forced_then_it_is_not() -> None:
    caller = Caller(flow(HOURS % ""), at=at("2025-11-24 11:00"), around=Quiet(calendars={"main": "closed", "": "closed"}))
    assert caller.step == "here"


def test_given_a_closed_calendar_when_asked_when_it_opens_then_by_its_own_clock_and_nothing_while_open_or_for_ever() -> None:
    assert OFFICE.opens(at("2025-11-21 18:00")) == "Mon 2025-11-24 09:00"
    assert OFFICE.opens(at("2025-11-21 12:00")) == "" == Calendar(zone="Europe/Berlin", weekly=((),) * 7).opens(at("2025-11-21 12:00"))
