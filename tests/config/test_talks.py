"""`talk` of acd.yaml: keys, short numbers, and every way in which they can be written wrong."""

from pathlib import Path

import pytest

from acd.config.load import flow_problems, load
from acd.core.policy import TALK_KEYS
from acd.core.talking.hold_policy import HoldPolicy
from acd.core.talking.transfer import Target, TargetKind
from acd.words import TalkWish
from tests.config.test_acd_yaml import SMALL, refusal, written

WHOLE = """
talk:
  keys: {hold: "#1", conference: none}
  targets: {"71": "queue:sales", "72": "agent:anna", "73": "flow:menu", "74": "number:+4930123"}
  hold: {remind: 60s, limit: 5m}
  consult_continues: false
"""


def test_given_nothing_of_it_when_loaded_then_the_keys_are_those_of_the_page(tmp_path: Path) -> None:
    policy = load(written(tmp_path, SMALL)).policy
    assert dict(policy.talk_keys) == dict(TALK_KEYS) and policy.consult_continues and not policy.talk_targets
    assert policy.hold == HoldPolicy()
    assert not any(agent.may_transfer_outside for agent in policy.agents.values())


def test_given_all_of_it_when_loaded_then_it_is_what_the_core_wants(tmp_path: Path) -> None:
    policy = load(written(tmp_path, SMALL.replace('phone: "1001"', 'phone: "1001", may_transfer_outside: true') + WHOLE)).policy
    assert policy.talk_keys[TalkWish.HOLD] == "#1" and TalkWish.CONFERENCE not in policy.talk_keys
    assert policy.talk_targets["72"] == Target(kind=TargetKind.AGENT, id="anna") and not policy.consult_continues
    assert policy.hold == HoldPolicy(remind_s=60.0, limit_s=300.0)
    assert policy.talk_targets["74"] == Target(kind=TargetKind.NUMBER, id="+4930123")
    assert policy.agents["anna"].may_transfer_outside  # type: ignore[index]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('hold: "#1"', 'hold: "*5"', "no code may begin another"),
        ('hold: "#1"', 'hold: "*30"', "'*30' begins with '*3', which is transfer already"),
        ('hold: "#1"', 'hold: "abc"', "one to four digits"),
        ('hold: "#1"', 'hod: "#1"', "hod"),
        ("queue:sales", "queue:sails", "there is no queue 'sails'"),
        ("agent:anna", "agent:zoe", "there is no agent 'zoe'"),
        ("agent:anna", "anna", "agent:…, queue:…, flow:… or number:…"),
        ("number:+4930123", "number:12", "number:…"),
        ("remind: 60s", "remind: 5m", "nobody would be reminded: the limit comes first"),
        ("limit: 5m", "limit: 1s", "5s to 366d is allowed"),
        ("limit: 5m", "limits: 5m", "limits"),
        ('"71"', '"7#1"', "one to eight digits"),
    ],
)
def test_given_it_is_wrong_when_loaded_then_it_is_refused_with_its_place(tmp_path: Path, old: str, new: str, what: str) -> None:
    said = refusal(tmp_path, SMALL + WHOLE.replace(old, new))
    assert what in said and "acd.yaml:" in said


def test_given_a_short_number_to_a_flow_that_is_not_there_when_checked_then_it_is_said(tmp_path: Path) -> None:
    loaded = load(written(tmp_path, SMALL + WHOLE))
    assert any("there is no flow 'menu'" in str(problem) for problem in flow_problems(loaded, {"main"}))
