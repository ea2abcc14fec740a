"""`requires` and `prefer` of the queue step: what an agent needs to have for this caller, and for whom they wait first (ACD.md 32)."""

from functools import partial

import pytest

from acd.config.document import Refused
from acd.core.matching.skills import unmet
from acd.core.policy import AgentPolicy, Policy, QueuePolicy
from acd.ivr.check import Known
from acd.words import AgentId, PhoneId, QueueId
from tests.ivr.caller import Caller, flow

STEPS = """
start: {{step: set, values: {{manager: "{manager}"}}, next: line}}
line:
  step: queue
  queue: support
  requires: {requires}
  prefer: {prefer}
  prefer_wait: 12s
  exits: {{timed_out: end, full: end, no_agents: end, failed: end}}
"""
SUPPORT = QueuePolicy(id=QueueId("support"), requires={"english": 4})
ANNA = AgentPolicy(id=AgentId("anna"), name="", phone=PhoneId("1"), queues=(SUPPORT.id,), skills={"english": 5})
HOUSE = Policy(queues={SUPPORT.id: SUPPORT}, agents={ANNA.id: ANNA})


def known() -> Known:
    return Known(agents=frozenset({"anna"}), unmet=partial(lambda policy, queue, own: unmet(policy, policy.queues[queue], own), HOUSE))


def steps(manager: str = "anna", requires: str = "{english: 5, german: 0}", prefer: str = '"{{ manager }}"') -> str:
    return STEPS.format(manager=manager, requires=requires, prefer=prefer)


def test_given_a_queue_step_that_says_what_an_agent_needs_when_entered_then_the_core_is_told() -> None:
    asked = Caller(flow(steps(), known=known())).queued
    assert asked is not None
    assert (asked.requires, asked.prefer, asked.prefer_s) == ({"english": 5, "german": 0}, "anna", 12.0)


@pytest.mark.parametrize("manager", ["", "nobody at all", "../../etc"])
def test_given_a_variable_that_is_no_agent_when_the_queue_is_entered_then_nobody_is_waited_for(manager: str) -> None:
    asked = Caller(flow(steps(manager), known=known())).queued
    assert asked is not None and asked.prefer is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"requires": "{english: 6}"}, "no agent of the queue 'support' has english 6, the highest level there is 5"),
        ({"requires": "{french: 1}"}, "no agent of the queue 'support' has french 1"),
        ({"requires": "{english: 101}"}, "100"),
        ({"prefer": "ana"}, "there is no agent 'ana' (did you mean 'anna'?); allowed: anna"),
    ],
)
def test_given_what_nobody_of_the_queue_could_ever_be_when_loaded_then_refused(changes: dict[str, str], sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        flow(steps(**changes), known=known())
    assert sentence in str(refused.value)
