"""The simulator meets Erlang's formulas within its own confidence intervals, over a grid; so the core decides as queueing theory says.

Seeds are fixed, so this never fails by chance. Intervals are cut so that a right simulator with other seeds would fail once in a
hundred runs of the whole grid (``COMPARISONS`` divides the doubt). ``python -m bench.simulate --grid`` does the same at length.
"""

import pytest

from tests.sim.grid import GRID, Point, compared

COMPARISONS = sum(len(point.expected) for point in GRID)
CONFIDENCE = 1 - 0.01 / COMPARISONS


@pytest.mark.parametrize("point", GRID, ids=lambda point: point.name)
def test_given_a_point_of_the_grid_when_simulated_then_erlang_is_met(point: Point) -> None:
    for measure, (found, expected) in compared(point, CONFIDENCE).items():
        assert found.holds(expected), f"{measure}: {found.mean:.5f} ± {found.half:.5f}, expected {expected:.5f}"
        assert found.half < max(0.5 * abs(expected), 0.02), f"{measure}: ± {found.half:.5f} of {expected:.5f} says nothing"
