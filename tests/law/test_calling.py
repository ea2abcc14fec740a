"""When people may be called: by all clocks that may be theirs, on days on which clocks change, on weekends and holidays."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acd.law.calling import UNKNOWN, hours_of, open_now, opens_at
from acd.law.profile import CallingHours, Ranges, by_day, same_every_day
from acd.law.profiles import PROFILES
from acd.law.ranges import both, joined, within, written

US, UK, CA, IT, STRICT = (PROFILES[id] for id in ("us", "uk", "ca", "it", "strict"))
NEW_YORK, CHICAGO, LOS_ANGELES, HONOLULU = "America/New_York", "America/Chicago", "America/Los_Angeles", "Pacific/Honolulu"


def at(text: str, zone: str = "UTC") -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


@pytest.mark.parametrize(
    ("profile", "when", "zones", "opens"),
    [
        (US, "2026-11-25 07:59:59", [NEW_YORK], False),
        (US, "2026-11-25 08:00:00", [NEW_YORK], True),
        (US, "2026-11-25 20:59:59", [NEW_YORK], True),
        (US, "2026-11-25 21:00:00", [NEW_YORK], False),
        (US, "2026-11-25 08:30", [NEW_YORK, CHICAGO], False),  # half past seven in one of them
        (US, "2026-11-25 09:00", [NEW_YORK, CHICAGO], True),
        (US, "2026-11-25 20:30", [NEW_YORK, LOS_ANGELES], True),
        (US, "2026-11-25 21:30", [NEW_YORK, LOS_ANGELES], False),
        (US, "2026-11-26 12:00", [NEW_YORK], True),  # a holiday, of which the rule says nothing
    ],
)
def test_given_the_clocks_of_who_is_called_when_asked_then_all_must_be_inside(profile, when, zones, opens) -> None:  # type: ignore[no-untyped-def]
    assert (open_now(profile, zones, at(when, NEW_YORK)) is True) == opens


@pytest.mark.parametrize(
    ("profile", "zone", "when", "opens"),
    [
        (CA, "America/Toronto", "2026-11-25 21:15", True),
        (CA, "America/Toronto", "2026-11-28 18:00", False),  # a Saturday
        (CA, "America/Toronto", "2026-11-28 17:59", True),
        (CA, "America/Toronto", "2026-12-25 09:30", False),  # Christmas, a Friday
        (CA, "America/Toronto", "2026-12-25 10:00", True),
        (IT, "Europe/Rome", "2026-11-25 19:59", True),
        (IT, "Europe/Rome", "2026-11-25 20:00", False),
        (IT, "Europe/Rome", "2026-11-28 19:30", False),  # a Saturday
        (IT, "Europe/Rome", "2026-11-29 12:00", False),  # a Sunday
        (IT, "Europe/Rome", "2026-12-08 12:00", False),  # a holiday, a Tuesday
        (IT, "Europe/Rome", "2026-12-07 09:30", False),  # the day before it
        (IT, "Europe/Rome", "2026-12-07 10:00", True),
        (UK, "Europe/London", "2026-11-28 08:30", False),
    ],
)
def test_given_weekends_holidays_and_the_days_before_when_asked_then_they_have_hours_of_their_own(profile, zone, when, opens) -> None:  # type: ignore[no-untyped-def]
    assert (open_now(profile, [zone], at(when, zone)) is True) == opens


def test_given_the_strict_profile_when_the_country_is_told_then_its_holidays_hold() -> None:
    unity = at("2025-10-03 12:00", "Europe/Berlin")  # a Friday, and a holiday of Germany
    assert open_now(STRICT, ["Europe/Berlin"], unity) is True
    assert open_now(STRICT, ["Europe/Berlin"], unity, "DE") == "it is 12:00 in Europe/Berlin; people are called there today: never"
    assert open_now(STRICT, ["Europe/Berlin"], unity, "XX") is True  # nobody knows holidays of it


@pytest.mark.parametrize("zones", [[], ["Etc/Unknown"], [NEW_YORK, "Etc/Unknown"], [""], ["../etc/passwd"], ["x" * 300]])
def test_given_a_zone_that_nobody_knows_when_asked_then_nobody_is_called(zones: list[str]) -> None:
    noon = at("2026-11-25 12:00", NEW_YORK)
    assert open_now(US, zones, noon) == UNKNOWN and opens_at(US, zones, noon) is None


@pytest.mark.parametrize(
    ("profile", "zones", "when", "opens"),
    [
        (US, [NEW_YORK], "2026-11-25 12:00", "2026-11-25 12:00"),
        (US, [NEW_YORK], "2026-11-25 21:00", "2026-11-26 08:00"),
        (US, [NEW_YORK, HONOLULU], "2026-11-25 09:00", "2026-11-25 13:00"),
        (US, [HONOLULU, NEW_YORK], "2026-11-25 22:00", "2026-11-26 13:00"),
        (US, [NEW_YORK], "2026-10-31 22:00", "2026-11-01 08:00"),  # clocks go back in that night
        (US, [NEW_YORK], "2027-03-13 22:00", "2027-03-14 08:00"),  # and ahead
        (IT, ["Europe/Rome"], "2026-12-05 19:00", "2026-12-07 10:00"),  # over a Sunday, to the day before a holiday
        (IT, ["Europe/Rome"], "2026-12-24 19:00", "2026-12-28 09:00"),  # over Christmas and a Sunday
    ],
)
def test_given_it_is_too_late_when_asked_then_the_next_opening_is_told(profile, zones, when, opens) -> None:  # type: ignore[no-untyped-def]
    local = "Europe/Rome" if profile is IT else NEW_YORK
    found = opens_at(profile, zones, at(when, local))
    assert found is not None and datetime.fromtimestamp(found, ZoneInfo(local)) == datetime.fromisoformat(opens).replace(
        tzinfo=ZoneInfo(local)
    )


def test_given_clocks_that_are_never_inside_together_when_asked_then_it_never_opens() -> None:
    zones = ["Pacific/Auckland", "UTC"]  # twelve hours apart in June; eleven are allowed
    assert opens_at(IT, zones, at("2026-06-01 00:00")) is None
    assert opens_at(US, zones, at("2026-06-01 00:00")) == at("2026-06-01 08:00")


def test_given_a_campaigns_own_hours_when_asked_then_they_take_away_and_add_nothing() -> None:
    own: tuple[Ranges, ...] = (((420, 720), (780, 1320)),) * 5 + ((), ((600, 660),))
    asked = {hour: open_now(US, [NEW_YORK], at(f"2026-11-25 {hour}", NEW_YORK), own=own) is True for hour in HOURS_ASKED}
    assert asked == {"07:30": False, "08:00": True, "12:30": False, "13:00": True, "20:59": True, "21:30": False}
    friday_night = at("2026-11-27 21:30", NEW_YORK)
    assert opens_at(US, [NEW_YORK], friday_night, own=own) == at("2026-11-29 10:00", NEW_YORK)


HOURS_ASKED = ("07:30", "08:00", "12:30", "13:00", "20:59", "21:30")
ZONES = ["Europe/Berlin", NEW_YORK, "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kathmandu", "Africa/Casablanca", "Pacific/Apia"]
TIMES = st.integers(0, 1440)
CHANGES = ("2026-03-28 20:00", "2026-10-24 20:00", "2026-11-01 01:00", "2018-11-03 22:00", "2026-12-24 10:00", "2011-12-29 00:00")
RANGES = st.lists(st.tuples(TIMES, TIMES).map(lambda pair: (min(pair), max(pair))), max_size=3).map(tuple)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(ZONES), min_size=1, max_size=3),
    st.lists(RANGES, min_size=7, max_size=7),
    RANGES,
    st.sampled_from(
        ["2026-03-28 20:00", "2026-10-24 20:00", "2026-11-01 01:00", "2018-11-03 22:00", "2026-12-24 10:00", "2011-12-29 00:00"]
    ),
    st.integers(0, 3600),
)
def test_given_any_hours_and_zones_around_changes_of_the_clocks_when_asked_for_the_next_opening_then_no_minute_before_it_is_open(
    zones: list[str], weekly: list[Ranges], holiday: Ranges, when: str, more_s: int
) -> None:
    profile = replace(US, country="DE", hours=CallingHours(weekly=tuple(weekly), holiday=holiday))
    start = at(when) + more_s
    found = opens_at(profile, zones, start)
    first = next((s for s in sorted({start, *_minutes(start)}) if open_now(profile, zones, s) is True), None)
    if first is not None:
        assert found == first
    else:
        assert found is None or (found > start + DAYS_LOOKED * 86400 - 60 and open_now(profile, zones, found) is True)


@pytest.mark.parametrize(
    ("times", "asked", "opens"),
    [
        ((150, 200), "2026-03-29 00:00+00:00", "2026-03-29 01:00+00:00"),  # the wall goes from two to three: half past two is not there
        ((135, 150), "2026-10-25 00:40+00:00", "2026-10-25 01:15+00:00"),  # a quarter past two is there twice
        ((135, 150), "2026-10-25 01:40+00:00", "2026-10-26 01:15+00:00"),
    ],
)
def test_given_an_hour_that_is_not_there_or_there_twice_when_asked_then_the_wall_says_when_it_opens(
    times: tuple[int, int], asked: str, opens: str
) -> None:
    profile = replace(US, hours=same_every_day(times))
    found = opens_at(profile, ["Europe/Berlin"], datetime.fromisoformat(asked).timestamp())
    assert found == datetime.fromisoformat(opens).timestamp()


DAYS_LOOKED = 3


def _minutes(start: float) -> list[float]:
    return [(start // 60 + n) * 60 for n in range(1, DAYS_LOOKED * 1440)]


def test_given_a_day_of_any_profile_when_its_hours_are_asked_for_then_the_strict_ones_are_within_them() -> None:
    day = date(2026, 1, 1)
    for n in range(400):
        for profile in (US, UK, CA, IT):
            where = profile.country
            assert within(hours_of(STRICT, day + timedelta(days=n), where), hours_of(profile, day + timedelta(days=n)))


def test_given_ranges_when_they_are_put_together_then_touching_ones_are_one() -> None:
    assert joined(((600, 700), (480, 600), (5, 5))) == ((480, 700),)
    assert both(((480, 720), (780, 1200)), ((700, 800),)) == ((700, 720), (780, 800))
    assert within(((480, 600), (600, 700)), ((400, 700),)) and not within(((480, 701),), ((400, 700),)) and within((), ())
    assert written(((780, 1440), (540, 750))) == "09:00-12:30, 13:00-24:00" and written(()) == "never"


def test_given_the_very_instant_when_hours_begin_in_utc_then_it_is_the_one_told() -> None:
    profile = replace(US, hours=same_every_day((0, 1440)))
    now = datetime(2026, 7, 1, 12, tzinfo=UTC).timestamp()
    assert opens_at(profile, ["UTC"], now) == now
    week = by_day(weekday=(), saturday=(), sunday=((90, 100),), holiday=())
    assert opens_at(replace(US, hours=week, country=""), ["UTC"], now) == at("2026-07-05 01:30")
