"""``acd flow``: test, try and draw, as an admin types them."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from acd.cli.main import main
from acd.core.frame import Passed
from acd.records.batch import batch_of
from acd.records.store import Store
from acd.words import EndedBy, FlowId, Owner
from tests.records.making import FakeLine, call

FLOW = """
title: Shop
start: choose
steps:
  choose: {step: menu, prompt: "For sales, press 1.", options: {1: bye}, exits: {timeout: bye, invalid: bye}}
  bye: {step: hang_up, prompt: Goodbye.}
"""
TESTS = """
tests:
  - test: One
    script: [{hears: For sales}, {presses: 1}, {hears: Goodbye}, ends]
  - test: Two
    script: [{hears: For sales}, %s]
"""


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "shop.yaml").write_text(FLOW)
    return tmp_path / "flows"


def acd(*words: object, typed: str = "") -> Result:
    return CliRunner().invoke(main, ["flow", *map(str, words)], input=typed)


def test_given_tests_that_are_true_when_run_then_coverage_is_shown_and_all_is_well(flows: Path) -> None:
    (flows / "shop.test.yaml").write_text(TESTS % "silence, silence, silence, ends")
    done = acd("test", "--flows", flows, "--least", 100)
    assert done.exit_code == 0, done.output
    assert "2 tests, 0 untrue" in done.output and "choose.invalid" in done.output


def test_given_a_test_that_is_not_true_when_run_then_its_line_is_told_and_a_report_is_written(flows: Path, tmp_path: Path) -> None:
    (flows / "shop.test.yaml").write_text(TESTS % "{hears: For support}")
    report = tmp_path / "report.xml"
    done = acd("test", "--flows", flows, "--junit", report)
    assert done.exit_code == 1
    assert "shop.test.yaml:6: the caller does not hear 'For support'" in done.output
    assert 'failures="1"' in report.read_text()


@pytest.mark.parametrize(
    ("words", "said"), [(("--least", 100), "of 2 steps were walked, 100 % are asked for"), (("shpo",), "there is no such file")]
)
def test_given_too_little_when_run_then_it_fails_and_says_so(flows: Path, words: tuple[object, ...], said: str) -> None:
    (flows / "shop.test.yaml").write_text("tests:\n  - test: One\n    script: [{hears: For sales}]\n")
    done = acd("test", "--flows", flows, *words)
    assert done.exit_code == 1 and said in done.output


def test_given_a_flow_when_it_is_tried_then_what_the_caller_would_hear_is_told(flows: Path) -> None:
    done = acd("try", "shop", "--flows", flows, "--at", "tuesday 10:05", typed="1\n\n")
    assert done.exit_code == 0, done.output
    assert "10:05:00 you hear  For sales, press 1." in done.output
    assert "shop.choose -> 1" in done.output and "the call is over: NORMAL_CLEARING" in done.output


def test_given_a_flow_when_it_is_tried_and_nobody_types_then_the_call_is_hung_up(flows: Path) -> None:
    done = acd("try", flows / "shop.yaml", "--flows", flows)
    assert done.exit_code == 0 and "you hung up" in done.output


@pytest.mark.parametrize(("words", "said"), [(("shpo",), "did you mean 'shop'?"), (("shop", "--at", "noon"), "a moment such as")])
def test_given_a_slip_when_a_flow_is_tried_then_it_says_what_was_meant(flows: Path, words: tuple[str, ...], said: str) -> None:
    done = acd("try", "--flows", flows, *words)
    assert done.exit_code == 2 and said in done.output


def test_given_a_flow_when_it_is_drawn_then_as_text_or_as_a_picture(flows: Path, tmp_path: Path) -> None:
    assert "flowchart TD" in acd("draw", "shop", "--flows", flows, "--format", "mermaid").output
    out = tmp_path / "shop.dot"
    assert acd("draw", "shop", "--flows", flows, "--out", out).exit_code == 0
    assert "step_choose" in out.read_text()


def test_given_calls_when_a_flow_is_drawn_with_traffic_then_each_way_says_how_many(flows: Path, tmp_path: Path) -> None:
    now = time.time()
    trail = tuple(
        Passed(flow=FlowId(flow), step=step, exit=exit, entered_at=now, left_at=now)
        for flow, step, exit in (("shop", "choose", "1"), ("other", "choose", "1"), ("shop", "bye", ""))
    )
    over = call("c1", owner=Owner.NOBODY, ended_at=now, ended_by=EndedBy.CUSTOMER, trail=trail, arrived_at=now - 60)
    old = replace(over, id="c2", arrived_at=now - 40 * 86400)  # type: ignore[arg-type]
    (tmp_path / "var").mkdir()
    store = Store(f"sqlite:///{tmp_path / 'var' / 'acd.db'}")
    store.open()
    store.write(batch_of(0, [FakeLine(n=1, changes=(over, old))], {}))
    store.close()
    done = acd("draw", "shop", "--flows", flows, "--format", "mermaid", "--traffic", 30, "--home", tmp_path / "var")
    assert '1 (1)"| step_bye' in done.output and "1 callers, 1 hung up" in done.output
