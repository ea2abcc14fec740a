"""The tests that stand beside the sample flows, as `acd flow test` runs them."""

from dataclasses import replace
from pathlib import Path

import pytest

from acd.config.load import load
from acd.ivr.library import FlowLibrary
from acd.ivr.load import load_folder
from acd.loading import known_of
from acd.rehearsal.load import FlowTest, files_of_tests, load_tests
from acd.rehearsal.run import run_one

ROOT = Path(__file__).parents[2]
CONFIGURATION = load(ROOT / "config")
KNOWN = known_of(CONFIGURATION)
LIBRARY = FlowLibrary(flows=load_folder(CONFIGURATION.flows, replace(KNOWN, recordings=None)), outside=KNOWN.outside or ())
TESTS = [test for file in files_of_tests(CONFIGURATION.flows) for test in load_tests(file, LIBRARY.flows)]


@pytest.mark.parametrize("test", TESTS, ids=lambda test: f"{test.flow}: {test.name}")
def test_given_a_sample_flow_when_its_test_is_run_then_it_is_true(test: FlowTest) -> None:
    result = run_one(test, LIBRARY, clock=lambda: 0.0)
    assert result.is_true, f"{result.place}: {result.wrong}"


def test_given_the_samples_when_counted_then_there_are_tests() -> None:
    assert len(TESTS) >= 12
