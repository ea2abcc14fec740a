"""The kinds of value in files: what each takes, and the sentence with which it refuses."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from acd.config import kinds


def read(kind: Any, found: object) -> Any:
    return TypeAdapter(kind).validate_python(found)


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        (kinds.Duration, "5s", 5.0),
        (kinds.Duration, "1h30m", 5400.0),
        (kinds.Duration, "500ms", 0.5),
        (kinds.Duration, "1.5m", 90.0),
        (kinds.Duration, "2d", 172800.0),
        (kinds.ClockTime, "00:00", 0),
        (kinds.ClockTime, "09:30", 570),
        (kinds.ClockTime, "24:00", 1440),
        (kinds.PhoneNumber, "+15551234567", "+15551234567"),
        (kinds.PhoneNumber, "0123", "0123"),
        (kinds.FeatureCode, "*81", "*81"),
        (kinds.Zone, "Australia/Lord_Howe", "Australia/Lord_Howe"),
        (kinds.Name, "no", "no"),
        (kinds.Name, "agent_log-in2", "agent_log-in2"),
        (kinds.Language, "de-AT", "de-AT"),
        (kinds.Digit, "#", "#"),
        (kinds.Prose, "  two \n  lines ", "two lines"),
        (kinds.Truth, "true", True),
        (kinds.Truth, "false", False),
    ],
)
def test_given_a_value_as_people_write_it_when_read_then_it_is_ours(kind: Any, written: str, value: object) -> None:
    assert read(kind, written) == value


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        *((kinds.Duration, text) for text in ("5", "", "s", "-5s", "5 s", "1e3s", "٥s", "5s\n", "400d")),
        *((kinds.ClockTime, text) for text in ("9:00", "24:01", "09:60", "0900", "09:00 ", "09:00\n")),
        *((kinds.PhoneNumber, text) for text in ("", "+", "12 34", "1" * 21, "٤٩", "123\n", "1,2", "00+1", "${x}")),
        *((kinds.Zone, text) for text in ("Berlin", "../etc/passwd", "", "europe/berlin")),
        *((kinds.Name, text) for text in ("", "NO", "a b", "a/b", "..", "-a", "é", "a\n", "x" * 64)),
        *((kinds.Day, text) for text in ("2026-02-30", "24.12.2026", "20261224", "2026-W01-1", "2026-1-1")),
        *((kinds.Truth, text) for text in ("yes", "NO", "1", "True", "on", None)),
        *((kinds.Prose, text) for text in ("", "  ", "a\x00b", "a\x1b[31m", "x" * 2001)),
    ],
)
def test_given_what_is_none_when_read_then_it_is_refused(kind: Any, written: object) -> None:
    with pytest.raises(ValidationError):
        read(kind, written)


def test_given_a_duration_out_of_bounds_when_read_then_the_sentence_names_them_as_people_write_them() -> None:
    with pytest.raises(ValueError, match="found '2h'; 500ms to 1m is allowed"):
        kinds.seconds("2h", 0.5, 60)


def test_given_a_zone_that_is_nearly_one_when_read_then_it_is_suggested() -> None:
    with pytest.raises(ValueError, match="did you mean 'Europe/Berlin'"):
        kinds.zone("Europe/Berlim")
