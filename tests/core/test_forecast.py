"""The expected wait is said only when it is known (ACD.md 55)."""

from dataclasses import replace

import pytest

from acd.core.entry import Entry
from acd.core.forecast import Forecast
from acd.words import CallId, EntryId, EntryState, LegId, QueueId

Q = QueueId("sales")


def entry(n: int, at: float = 0.0) -> Entry:
    return Entry(id=EntryId(f"e{n}"), call=CallId(f"c{n}"), leg=LegId(f"n/{n}"), queue=Q, joined_at=at, since=at)


def line(answers: list[float], waiting: int = 30) -> Forecast:
    """``waiting`` callers from the beginning, and answers at these instants."""
    forecast = Forecast()
    for n in range(waiting):
        forecast.change(None, entry(n))
    for n, at in enumerate(answers):
        answer(forecast, n, at)
    return forecast


def answer(forecast: Forecast, n: int, at: float) -> None:
    offered = replace(entry(n), state=EntryState.OFFERED)
    connecting = replace(offered, state=EntryState.CONNECTING)
    connected = replace(connecting, state=EntryState.CONNECTED, connected_at=at)
    for old, new in [(entry(n), offered), (offered, connecting), (connecting, connected)]:
        forecast.change(old, new)


def test_given_steady_answers_when_asked_then_place_times_the_time_between_them() -> None:
    forecast = line([30.0 * n for n in range(1, 8)])
    assert forecast.wait_s(Q, 1, 215) == pytest.approx(30)
    assert forecast.wait_s(Q, 4, 215) == pytest.approx(120)


@pytest.mark.parametrize(("answers", "known"), [(5, False), (6, True)])
def test_given_few_answers_when_asked_then_nothing_is_said(answers: int, known: bool) -> None:
    forecast = line([30.0 * n for n in range(1, answers + 1)])
    assert (forecast.wait_s(Q, 1, 30.0 * answers) is not None) is known


def test_given_times_that_scatter_when_asked_then_nothing_is_said() -> None:
    assert line([1, 2, 3, 4, 5, 900]).wait_s(Q, 1, 901) is None


def test_given_no_answer_for_long_when_asked_then_nothing_is_said() -> None:
    forecast = line([30.0 * n for n in range(1, 8)])
    assert forecast.wait_s(Q, 1, 210 + 149) is not None and forecast.wait_s(Q, 1, 210 + 151) is None


def test_given_an_empty_line_between_two_answers_when_counted_then_that_time_says_nothing() -> None:
    forecast = line([30.0 * n for n in range(1, 8)], waiting=7)
    forecast.change(None, entry(8, 5000))
    answer(forecast, 8, 5003)
    known = list(forecast._paces[Q].between)
    assert len(known) == 6 and all(seconds == pytest.approx(30) for _, seconds in known)


def test_given_an_abandoned_line_when_it_was_empty_meanwhile_then_that_time_says_nothing() -> None:
    forecast = line([10.0, 20.0], waiting=3)
    forecast.change(entry(2), replace(entry(2), state=EntryState.ENDED))
    forecast.change(None, entry(3))
    answer(forecast, 3, 500)
    assert [seconds for _, seconds in forecast._paces[Q].between] == [10.0]


def test_given_answers_of_long_ago_when_asked_then_they_are_forgotten() -> None:
    forecast = line([30.0 * n for n in range(1, 8)], waiting=7)
    assert forecast.wait_s(Q, 1, 4000) is None


def test_given_a_snapshot_of_talks_when_put_back_then_they_count_as_no_answers() -> None:
    forecast = Forecast()
    for n in range(9):
        forecast.change(None, replace(entry(n), state=EntryState.CONNECTED, connected_at=float(n)))
    assert forecast.wait_s(Q, 1, 10) is None
