"""Times for which a caller wants to be called: as typed, in a zone, on the days on which the clocks change."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from acd.ivr.appointment import NotATime, at_clock, from_now

BERLIN = "Europe/Berlin"


def at(written: str) -> float:
    return datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(BERLIN)).timestamp()


@pytest.mark.parametrize(
    ("now", "written", "then"),
    [
        ("2025-11-24T12:00", "1430", "2025-11-24T14:30"),
        ("2025-11-24T12:00", "14:30", "2025-11-24T14:30"),
        ("2025-11-24T12:00", "0930", "2025-11-25T09:30"),  # tomorrow
        ("2025-11-24T12:00:40", "1200", "2025-11-24T12:00"),  # this very minute is now
        ("2025-11-24T12:00", "2025-12-24 10:00", "2025-12-24T10:00"),
        ("2025-11-24T12:00", "2025-12-24T1000", "2025-12-24T10:00"),
        ("2025-03-30T01:00", "0230", "2025-03-30T03:30"),  # an hour that is left out
        ("2025-03-29T12:00", "0900", "2025-03-30T09:00"),  # a day of 23 hours
        ("2025-10-26T01:00", "0230", "2025-10-26T02:30"),  # the first of two
    ],
)
def test_given_a_time_when_read_then_it_is_the_next_on_the_clock(now: str, written: str, then: str) -> None:
    assert at_clock(written, at(now), BERLIN) == at(then)


def test_given_a_time_that_comes_twice_when_the_first_is_over_then_it_is_the_second() -> None:
    first = at("2025-10-26T02:30")
    assert at_clock("0230", first + 600, BERLIN) == first + 3600


@pytest.mark.parametrize(
    ("written", "why"),
    [("2460", "unreadable"), ("9", "unreadable"), ("", "unreadable"), ("12a0", "unreadable"), ("2025-02-30 10:00", "unreadable"),
     ("2025-11-23 10:00", "past"), ("2026-11-24 10:00", "too_far"), ("１４３０", "unreadable")],
)  # fmt: skip
def test_given_no_such_time_when_read_then_it_says_why(written: str, why: str) -> None:
    with pytest.raises(NotATime) as wrong:
        at_clock(written, at("2025-11-24T12:00"), BERLIN)
    assert wrong.value.why == why


@pytest.mark.parametrize(("written", "minutes"), [("30", 30), ("30m", 30), ("2h", 120)])
def test_given_so_long_from_now_when_read_then_it_is_that_minute(written: str, minutes: int) -> None:
    now = at("2025-11-24T12:00")
    assert from_now(written, now + 20) == now + minutes * 60


@pytest.mark.parametrize(("written", "why"), [("0", "unreadable"), ("", "unreadable"), ("1d", "unreadable"), ("99999", "too_far")])
def test_given_no_such_wait_when_read_then_it_says_why(written: str, why: str) -> None:
    with pytest.raises(NotATime) as wrong:
        from_now(written, at("2025-11-24T12:00"))
    assert wrong.value.why == why
