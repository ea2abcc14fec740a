"""Who takes whom in ``acd.yaml``: what is understood, and what is refused with its place (ACD.md 28-36)."""

from pathlib import Path

import pytest

from acd.config.document import Refused
from acd.config.load import load
from acd.core.matching.routing_policy import Membership, Relax, Sticky
from acd.core.policy import Policy
from acd.words import AgentId, QueueId, Strategy

HOUSE = """\
nodes: {local: {}}
queues:
  sales:
    strategy: weighted
    tiers: {2: 20s}
    requires: {english: 5}
    relax: [{after: 30s, requires: {english: 3}}, {after: 1m, drop: [english]}]
    ageing: 30s
    weight: 2
    sticky: {for: 7d, wait: 15s}
  support: {strategy: ring_progressively, ring_more: 4s, ring_at_most: 3}
agents:
  anna: {name: Anna, phone: "1001", queues: [sales, support], skills: {english: 8}}
  ben:
    name: Ben
    phone: "1002"
    queues: {sales: {tier: 2, position: 7, weight: 3, delay: 10s, order: 2}, support: }
    personal: {order: 0}
routing: {fair_window: 2h, breaks_reset_idle: false}
"""
SALES, SUPPORT = QueueId("sales"), QueueId("support")


def policy(tmp_path: Path, text: str = HOUSE) -> Policy:
    (tmp_path / "acd.yaml").write_text(text)
    return load(tmp_path).policy


def test_given_all_keys_of_routing_when_loaded_then_they_are_the_policy(tmp_path: Path) -> None:
    found = policy(tmp_path)
    sales, support = found.queues[SALES], found.queues[SUPPORT]
    assert (sales.strategy, sales.tiers, sales.requires) == (Strategy.WEIGHTED, {2: 20.0}, {"english": 5})
    assert sales.relax == (Relax(after_s=30.0, requires={"english": 3}), Relax(after_s=60.0, drop=frozenset({"english"})))
    assert (sales.ageing_s, sales.weight, sales.sticky) == (30.0, 2, Sticky(for_s=7 * 86400.0, wait_s=15.0))
    assert (support.strategy, support.ring_more_s, support.ring_at_most) == (Strategy.RING_PROGRESSIVELY, 4.0, 3)
    anna, ben = found.agents[AgentId("anna")], found.agents[AgentId("ben")]
    assert anna.skills == {"english": 8} and anna.queues == ben.queues == (SALES, SUPPORT)
    assert anna.membership(SALES) == Membership(position=1), "the place in the file"
    assert ben.membership(SALES) == Membership(tier=2, position=7, weight=3, delay_s=10.0, order=2)
    assert ben.membership(SUPPORT) == Membership(position=2) and ben.personal == Membership(order=0)
    assert (found.fair_window_s, found.breaks_reset_idle) == (7200.0, False)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("strategy: weighted", "strategy: wieghted", "acd.yaml:4:"),
        ("strategy: weighted", "strategy: weighted\n    ring_more: 5s", "acd.yaml:5:5: it belongs to the strategy ring_progressively"),
        ("{2: 20s}", "{3: 20s}", "acd.yaml:5:13: no agent of the queue is in tier 3; there is: 1, 2"),
        ("{2: 20s}", "{1: 20s}", "acd.yaml:5:13: tier 1 is open at once"),
        ("{2: 20s}", "{0: 20s}", "acd.yaml:5:"),
        ("after: 1m, drop: [english]", "after: 30s, drop: [english]", "acd.yaml:7:"),
        ("after: 1m, drop: [english]", "after: 1m", "acd.yaml:7:51: it relaxes nothing"),
        ("requires: {english: 5}", "requires: {french: 5}", "acd.yaml:6:5: no agent of the queue 'sales' has french 5, the highest"),
        ("requires: {english: 5}", "requires: {english: 0}", "acd.yaml:6:"),
        ("{for: 7d,", "{", "acd.yaml:10:"),
        ("sales: {tier: 2,", "sales: {tir: 2,", "acd.yaml:17:"),
        ("support: }", "suport: }", "acd.yaml:17:"),
        ("[sales, support]", "[sales, sales]", "acd.yaml:13:53: the queue 'sales' is here twice"),
        ("breaks_reset_idle: false", "breaks_reset_idle: no", "acd.yaml:19:"),
    ],
)
def test_given_something_wrong_about_routing_when_loaded_then_refused_with_its_place(
    tmp_path: Path, old: str, new: str, says: str
) -> None:
    assert old in HOUSE
    with pytest.raises(Refused) as refused:
        policy(tmp_path, HOUSE.replace(old, new))
    assert says in str(refused.value), str(refused.value)


def test_given_skills_that_no_single_agent_has_together_when_loaded_then_refused(tmp_path: Path) -> None:
    text = HOUSE.replace("requires: {english: 5}", "requires: {english: 5, german: 2}").replace(", {after: 1m, drop: [english]}", "")
    with pytest.raises(Refused, match=r"has all of english 3, german 2"):
        policy(tmp_path, text.replace("    personal:", "    skills: {german: 3}\n    personal:"))
