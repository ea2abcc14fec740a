"""Houses in which much may happen: devices, supervisors, numbers outside, skills, queues that are renamed."""

from dataclasses import replace

from acd.core.matching.routing_policy import Membership, Relax, Sticky
from acd.core.media import Speech
from acd.core.outside.outbound_policy import OutboundPolicy, Way
from acd.core.policy import NailedPolicy, Policy
from acd.core.talking.record_policy import RecordPolicy, When
from acd.core.talking.supervisor_policy import AgentDrops, SupervisorPolicy
from acd.words import (
    AgentId,
    FlowId,
    PhoneId,
    QueueId,
    Strategy,
    Supervise,
    SupervisorId,
)


def with_devices(rules: Policy) -> Policy:
    """a0 has two phones, a1 must press 1, and whoever takes a call for support hears a whisper first."""
    a0, a1, a2 = rules.agents.values()
    a0, a1 = replace(a0, phones=(a0.phone, PhoneId("1000m"))), replace(a1, confirm="1")
    support = replace(rules.queues[QueueId("support")], whisper=(Speech(text="support"),))
    return replace(
        rules,
        phone_numbers={**rules.phone_numbers, "*85": FlowId("wish.nail_up")},
        nailed=NailedPolicy(presence_after=3),
        agents={each.id: each for each in (a0, a1, a2)},
        queues={**rules.queues, support.id: support},
        agent_of_phone={**rules.agent_of_phone, PhoneId("1000m"): a0.id},
    )


def with_outside(rules: Policy) -> Policy:
    """a0 and a2 may call out, by two trunks of which the first takes one call at a time."""
    ways = (Way(trunk="one", prefixes=("+4930",), at_once=1), Way(trunk="two", prefixes=("+49",)))
    agents = {id: replace(each, may_transfer_outside=id != "a1") for id, each in rules.agents.items()}
    return replace(rules, agents=agents, outbound=OutboundPolicy(ways=ways, region="DE", per_agent=6))


def with_routing(rules: Policy) -> Policy:
    """Sales rings everybody and remembers who served; support rings one more each time, with tiers and a skill that relaxes."""
    sales, support = (rules.queues[QueueId(name)] for name in ("sales", "support"))
    sales = replace(sales, strategy=Strategy.RING_ALL, ring_at_most=2, sticky=Sticky(for_s=300.0, wait_s=10.0), ageing_s=30.0)
    relax = (Relax(after_s=12.0, requires={"english": 1}), Relax(after_s=30.0, drop=frozenset({"english"})))
    support = replace(
        support, strategy=Strategy.RING_PROGRESSIVELY, ring_more_s=3.0, tiers={2: 8.0}, requires={"english": 2}, relax=relax, priority=1
    )
    a0, a1, a2 = rules.agents.values()
    a0, a1 = replace(a0, skills={"english": 3}), replace(a1, skills={"english": 1})
    a2 = replace(a2, memberships={support.id: Membership(tier=2, order=2)}, skills={"english": 2})
    agents = {each.id: each for each in (a0, a1, a2)}
    return replace(rules, queues={sales.id: sales, support.id: support}, agents=agents, breaks_reset_idle=False)


def renamed(rules: Policy) -> Policy:
    """Sales is called orders, or again sales, with all who serve it; what drains is forgotten by the next configuration."""
    there = {id: one for id, one in rules.queues.items() if not one.is_draining}
    old, new = (QueueId("sales"), QueueId("orders")) if "sales" in there else (QueueId("orders"), QueueId("sales"))
    queues = {new if id == old else id: replace(one, id=new, replaces=(old,)) if id == old else one for id, one in there.items()}
    agents = {}
    for id, agent in rules.agents.items():
        served = tuple(new if queue == old else queue for queue in agent.queues if queue in there)
        memberships = {new if queue == old else queue: one for queue, one in agent.memberships.items() if queue in there}
        agents[id] = replace(agent, queues=served, memberships=memberships)
    return replace(rules, queues=queues, agents=agents, moved={old: new})


RIGHTS = frozenset({Supervise.LISTEN, Supervise.WHISPER, Supervise.BARGE, Supervise.TAKE_OVER})
SUPERVISORS = {
    SupervisorId(f"s{n}"): SupervisorPolicy(
        id=SupervisorId(f"s{n}"), name="S", phone=PhoneId(f"200{n}"), queues=frozenset({QueueId("sales")}), rights=RIGHTS,
        agents=frozenset({AgentId("a0")}), agent_drops=list(AgentDrops)[n],
    )
    for n in range(2)
}  # fmt: skip
WATCHED: dict[str, object] = {
    "supervisors": SUPERVISORS,
    "queue_record": RecordPolicy(when=When.ALWAYS, mask_longest_s=20.0),
}
