"""``supervisors`` of ``acd.yaml``."""

from pathlib import Path

import pytest

from acd.config.load import load
from acd.core.talking.supervisor_policy import AgentDrops
from acd.words import Follows, PhoneId, Supervise, SupervisorId
from tests.config.test_acd_yaml import SMALL, refusal, written

SUE = 'supervisors:\n  sue: {name: Sue, phone: "2001", queues: [sales], rights: [listen, barge], follow: agent, tell_agent: true}\n'


def test_given_a_supervisor_when_loaded_then_they_are_in_the_policy_and_their_phone_is_known(tmp_path: Path) -> None:
    policy = load(written(tmp_path, SMALL + SUE)).policy
    sue = policy.supervisors[SupervisorId("sue")]
    assert (sue.phone, sue.queues, sue.rights) == ("2001", {"sales"}, {Supervise.LISTEN, Supervise.BARGE})
    assert (sue.follows, sue.agent_drops, sue.tell_agent) == (Follows.AGENT, AgentDrops.TAKE_OVER, True)
    assert policy.phones == (PhoneId("1001"), PhoneId("2001"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[sales]", "[sale]", "there is no queue 'sale' (did you mean 'sales'?)"),
        ("queues: [sales]", "agents: [ann]", "there is no agent 'ann' (did you mean 'anna'?)"),
        ("queues: [sales], ", "", "'queues' or 'agents' is needed: whose talks they may be at"),
        ("barge", "eavesdrop", "found 'eavesdrop'; allowed: listen, whisper, barge, take_over"),
        ("follow: agent", "follow: me", "allowed: contact, agent"),
        ("tell_agent: true", "tell: true", "'tell' is not known here"),
        ("true}", 'true}\n  sam: {name: Sam, phone: "2001", queues: [sales]}', "belongs to supervisor 'sue' already"),
    ],
)
def test_given_a_bad_supervisor_when_loaded_then_it_is_refused_with_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in SUE
    found = refusal(tmp_path, SMALL + SUE.replace(old, new))
    assert said in found and found.startswith("acd.yaml:1")
