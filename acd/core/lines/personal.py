"""A line of their own for each agent: whoever asks for one agent stands in ``@anna``, which she and nobody else serves.

It is a queue like others to the match, the offers and the records. It is in no configuration: its rules are those of the
first queue that the agent serves. No configured queue can have such a name.
"""

from dataclasses import replace
from typing import Any

from acd.core.policy import ALWAYS, Policy, QueuePolicy
from acd.core.staff.agent import Agent
from acd.words import AgentId, EntryOutcome, OfferOutcome, QueueId, Strategy

E, O = EntryOutcome, OfferOutcome

SIGN = "@"
NO_ANSWER, BUSY, NOT_THERE, FAILED = "no_answer", "busy", "not_there", "failed"

OUTCOME_OF = {NO_ANSWER: E.TIMED_OUT, BUSY: E.NO_STAFF, NOT_THERE: E.NO_STAFF, FAILED: E.SYSTEM_ERROR}
EXIT_AFTER: dict[OfferOutcome, str] = {
    O.NO_ANSWER: NO_ANSWER,
    O.DUMPED: NO_ANSWER,
    O.DECLINED: BUSY,
    O.BUSY: BUSY,
    O.AGENT_LEFT: BUSY,
    O.AGENT_UNAVAILABLE: BUSY,
    O.DEVICE_DOWN: NOT_THERE,
    O.FORWARDED: NOT_THERE,
    O.NETWORK_ERROR: FAILED,
    O.BRIDGE_FAILED: FAILED,
    O.CANCELLED_BY_SYSTEM: FAILED,
}
ANSWERS = frozenset({O.NO_ANSWER, O.DUMPED, O.DECLINED})
"""The agent was asked and did not take it: nobody waits for a second answer."""


def personal_queue(agent: AgentId) -> QueueId:
    return QueueId(f"{SIGN}{agent}")


def agent_of(queue: QueueId) -> AgentId | None:
    return AgentId(queue.removeprefix(SIGN)) if queue.startswith(SIGN) else None


def rules(policy: Policy, queue: QueueId) -> QueuePolicy | None:
    """None when it is no personal queue, or its agent is gone."""
    id = agent_of(queue)
    agent = policy.agents.get(id) if id else None
    if agent is None:
        return None
    like = next((policy.queues[each] for each in agent.queues if each in policy.queues), QueuePolicy(id=queue))
    none: dict[str, Any] = {"max_wait_s": None, "max_waiting": None, "keep_place_s": None, "hours": "", "overflow": {}, "recipes": ()}
    like = replace(like, id=queue, join_when=ALWAYS, **none)
    return replace(like, strategy=Strategy.LONGEST_IDLE, tiers={}, requires={}, relax=(), sticky=None)


def refusal(agent: Agent, *, phone_is_down: bool, is_caller: bool, patient: bool) -> str:
    """The exit by which a caller leaves at once who asks for this agent; '' when they may wait."""
    if not agent.is_online or phone_is_down:
        return NOT_THERE
    return BUSY if is_caller or not (patient or agent.is_free) else ""


def exit_after(outcome: OfferOutcome, *, patient: bool) -> str:
    """The exit by which a caller leaves when the offer came to this; '' when they wait on."""
    return EXIT_AFTER.get(outcome, "") if outcome in ANSWERS or not patient else ""
