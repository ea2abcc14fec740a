"""Intervals of the local day (ACD.md 45: both 02:30s work)."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from acd.measures.intervals import QUARTER_S, Cut, Every, begin_of, cut_of

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


@pytest.mark.parametrize(
    ("every", "moment", "expected"),
    [
        ("15m", "2026-11-27T10:44:59+01:00", "2026-11-27T10:30:00+01:00"),
        ("30m", "2026-11-27T10:44:59+01:00", "2026-11-27T10:30:00+01:00"),
        ("1h", "2026-11-27T10:44:59+01:00", "2026-11-27T10:00:00+01:00"),
        ("day", "2026-11-27T23:30:00+00:00", "2026-11-28T00:00:00+01:00"),
        ("30m", "2026-10-25T02:31:00+02:00", "2026-10-25T02:30:00+02:00"),  # the first 02:30
        ("30m", "2026-10-25T02:31:00+01:00", "2026-10-25T02:30:00+01:00"),  # the second
        ("1h", "2026-10-25T02:59:59+01:00", "2026-10-25T02:00:00+01:00"),
        ("day", "2026-10-25T23:59:00+01:00", "2026-10-25T00:00:00+02:00"),  # a day of 25 h
        ("day", "2026-03-29T03:00:00+02:00", "2026-03-29T00:00:00+01:00"),  # and one of 23
    ],
)
def test_given_a_moment_in_berlin_when_asked_then_its_interval_begins_by_the_local_clock(
    every: str, moment: str, expected: str
) -> None:
    assert begin_of(at(moment), Every(every), BERLIN) == at(expected)


@pytest.mark.parametrize(
    ("zone", "moment", "expected"),
    [
        ("Asia/Kolkata", "2026-11-27T10:44:00+05:30", "2026-11-27T10:00:00+05:30"),
        ("Asia/Kathmandu", "2026-11-27T10:44:00+05:45", "2026-11-27T10:00:00+05:45"),
        ("Africa/Cairo", "2026-04-24T09:00:00+03:00", "2026-04-24T09:00:00+03:00"),
    ],
)
def test_given_a_zone_with_an_odd_offset_when_an_hour_is_asked_for_then_it_is_the_local_one(
    zone: str, moment: str, expected: str
) -> None:
    assert begin_of(at(moment), Every.HOUR, ZoneInfo(zone)) == at(expected)


def piece(at: float, cut: Cut) -> float:
    """As a database computes it."""
    one = next(one for one in cut.stretches if at < one.end)
    return max((at + one.offset_s) // cut.size_s * cut.size_s - one.offset_s, one.begin)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "Africa/Cairo", "UTC"])
@pytest.mark.parametrize("every", list(Every))
def test_given_a_year_when_cut_for_a_database_then_each_piece_lies_in_the_interval_of_each_of_its_instants(
    zone: str, every: Every
) -> None:
    where, since = ZoneInfo(zone), at("2026-01-01T00:00:00+00:00")
    cuts = (cut_of(every, where, since, since + 366 * 86400), Cut())
    assert len(cuts[0].stretches) == (1 if zone in ("Asia/Kathmandu", "UTC") else 3)
    for instant in range(int(since), int(since) + 365 * 86400, 1713):
        for cut in cuts:
            assert begin_of(piece(instant, cut), every, where) == begin_of(instant, every, where), (instant, cut.size_s)


def test_given_an_autumn_day_when_its_quarters_are_folded_then_it_has_a_hundred_of_them() -> None:
    first = at("2026-10-25T00:00:00+02:00")
    assert [begin_of(first + n * QUARTER_S, Every.DAY, BERLIN) for n in range(100)] == [first] * 100
    assert begin_of(first - 1, Every.DAY, BERLIN) == at("2026-10-24T00:00:00+02:00")
    assert begin_of(first + 100 * QUARTER_S, Every.DAY, BERLIN) == at("2026-10-26T00:00:00+01:00")


def test_given_a_zone_whose_midnight_does_not_exist_when_a_day_is_asked_for_then_it_begins_when_it_begins() -> None:
    cairo = ZoneInfo("Africa/Cairo")  # 2026-04-24: 00:00 -> 01:00
    assert begin_of(at("2026-04-24T01:10:00+03:00"), Every.DAY, cairo) == at("2026-04-24T01:00:00+03:00")
    assert begin_of(at("2026-04-23T23:59:00+02:00"), Every.DAY, cairo) == at("2026-04-23T00:00:00+02:00")
