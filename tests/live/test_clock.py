"""The clock of every event does not step (ACD.md 81, FAULTS.md F30)."""

import pytest

from acd.live.clock import SLEW, SteadyClock

HOUR = 3600.0


class Sources:
    def __init__(self) -> None:
        self.wall, self.mono = 1_000_000.0, 50.0

    def pass_s(self, seconds: float, wall_jump_s: float = 0.0) -> None:
        self.mono += seconds
        self.wall += seconds + wall_jump_s

    def clock(self, not_before: float = 0.0) -> SteadyClock:
        return SteadyClock(wall=lambda: self.wall, monotonic=lambda: self.mono, not_before=not_before)


def test_given_a_start_when_asked_then_it_is_the_wall_clock() -> None:
    assert Sources().clock()() == 1_000_000.0


@pytest.mark.parametrize("jump_s", [HOUR, -HOUR])
def test_given_a_wall_clock_that_jumps_an_hour_when_asked_then_only_the_time_that_passed_has_passed(jump_s: float) -> None:
    """ACD.md 81, FAULTS.md F30."""
    sources = Sources()
    clock = sources.clock()
    before = clock()
    sources.pass_s(10.0, wall_jump_s=jump_s)
    assert clock() - before == pytest.approx(10.0, abs=10.0 * SLEW * 1.01)
    assert clock.apart_s == pytest.approx(jump_s, abs=0.01)


def test_given_a_wall_clock_set_back_when_asked_often_then_time_never_goes_back() -> None:
    sources = Sources()
    clock = sources.clock()
    seen = [clock()]
    for _ in range(1000):
        sources.pass_s(0.001, wall_jump_s=-1.0)
        seen.append(clock())
    assert seen == sorted(seen) and seen[-1] > seen[0]


@pytest.mark.parametrize("off_s", [0.2, -0.2])
def test_given_a_small_difference_when_time_passes_then_it_is_drawn_to_the_wall_clock(off_s: float) -> None:
    sources = Sources()
    clock = sources.clock()
    sources.pass_s(0.0, wall_jump_s=off_s)
    for _ in range(1000):
        sources.pass_s(1.0)
        clock()
    assert clock() == pytest.approx(sources.wall, abs=0.001)


def test_given_a_journal_from_the_future_when_started_then_time_goes_on_from_there() -> None:
    """The wall clock was set back while nothing ran: deadlines that are remembered must still come."""
    sources = Sources()
    clock = sources.clock(not_before=1_000_000.0 + HOUR)
    assert clock() == 1_000_000.0 + HOUR
    sources.pass_s(10.0)
    assert clock() - (1_000_000.0 + HOUR) == pytest.approx(10.0, abs=0.02)
