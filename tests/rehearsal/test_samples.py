"""The tests that stand beside the sample flows, as `acd flow test` runs them."""

from pathlib import Path

import pytest

from acd.cli.flow_files import library_of
from acd.rehearsal.load import FlowTest, files_of_tests, load_tests
from acd.rehearsal.run import run_one

ROOT = Path(__file__).parents[2]
LIBRARY, FOLDER = library_of(ROOT / "config", None)
TESTS = [test for file in files_of_tests(FOLDER) for test in load_tests(file, LIBRARY.flows)]


@pytest.mark.parametrize("test", TESTS, ids=lambda test: f"{test.flow}: {test.name}")
def test_given_a_sample_flow_when_its_test_is_run_then_it_is_true(test: FlowTest) -> None:
    result = run_one(test, LIBRARY, clock=lambda: 0.0)
    assert result.is_true, f"{result.place}: {result.wrong}"


def test_given_the_samples_when_counted_then_there_are_tests() -> None:
    assert len(TESTS) >= 12
