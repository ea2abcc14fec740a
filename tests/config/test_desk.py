"""`desk` of acd.yaml."""

from pathlib import Path

import pytest

from acd.config.load import load
from acd.core.policy import DeskPolicy, Reason
from acd.words import DESK_LOST
from tests.config.test_acd_yaml import SMALL, refusal, written


def test_given_nothing_of_it_when_loaded_then_half_a_minute_and_five_minutes(tmp_path: Path) -> None:
    policy = load(written(tmp_path, SMALL)).policy
    assert policy.desk == DeskPolicy(lease_s=30.0, away_after_s=300.0)
    assert policy.reason(DESK_LOST) == Reason(most_s=300.0)


def test_given_all_of_it_when_loaded_then_it_is_what_the_core_wants(tmp_path: Path) -> None:
    policy = load(written(tmp_path, SMALL + "desk: {lease: 1m, away_after: 0s}\n")).policy
    assert policy.desk == DeskPolicy(lease_s=60.0, away_after_s=0.0)


@pytest.mark.parametrize(
    ("desk", "said"),
    [
        ("{lease: 2s}", "acd.yaml:15:15: found '2s'; 5s to 1h is allowed"),
        ("{lease: 30}", "acd.yaml:15:15: "),
        ("{leese: 30s}", "acd.yaml:15:8: 'leese' is not known here (did you mean 'lease'?)"),
        ("{away_after: 25h}", "acd.yaml:15:20: "),
    ],
)
def test_given_a_desk_written_wrong_when_loaded_then_refused_with_its_place(tmp_path: Path, desk: str, said: str) -> None:
    assert said in refusal(tmp_path, SMALL + f"desk: {desk}\n")


def test_given_a_reason_that_the_house_sets_when_configured_then_refused(tmp_path: Path) -> None:
    assert "'desk_lost' is set by the house" in refusal(tmp_path, SMALL.replace("[lunch]", "[desk_lost]"))
