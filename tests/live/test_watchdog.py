"""Whoever blocks the hub is seen (ACD.md 85, FAULTS.md F43)."""

import logging

import pytest

from acd.live.watchdog import Beat, Watchdog
from tests.live.house import Time


def watchdog(time: Time) -> tuple[Watchdog, list[float]]:
    lags: list[float] = []
    return Watchdog(observe=lags.append, clock=time), lags


def test_given_a_free_hub_when_it_beats_then_the_lag_is_nothing() -> None:
    time = Time()
    dog, lags = watchdog(time)
    for _ in range(3):
        dog.once()
        time.at += 0.05
    assert lags == pytest.approx([0.0, 0.0, 0.0]) and dog.blocked == 0


def test_given_a_blocked_hub_when_it_beats_again_then_the_blocker_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    time = Time()
    dog, lags = watchdog(time)
    dog.once()
    for _ in range(10):  # the thread looks while nothing beats
        time.at += 0.05
        dog.look()
    with caplog.at_level(logging.WARNING):
        dog.once()
    assert lags[-1] == pytest.approx(0.45) and dog.blocked == 1
    assert "blocked for 450 ms" in caplog.text and "test_given_a_blocked_hub" in caplog.text


def test_given_one_long_blockage_when_looked_at_often_then_it_is_photographed_once() -> None:
    beat = Beat()
    beat.beat(0.0)
    assert [beat.is_overdue(t / 100) for t in (5, 14, 16, 20, 90)] == [False, False, True, False, False]
    beat.beat(1.0)
    assert beat.is_overdue(1.2)


def test_given_no_beat_yet_when_looked_at_then_nothing_is_overdue() -> None:
    assert not Beat().is_overdue(1e9)
