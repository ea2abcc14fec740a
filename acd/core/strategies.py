"""Who goes first, as keys to sort by: smaller is earlier. A strategy is a function of the record alone."""

from acd.core.agent import Agent
from acd.words import AgentId

LONGEST_IDLE = "longest_idle"
ASKED_FOR = "asked_for"
"""The caller asked for this agent and nobody else."""


def longest_idle(agent: Agent) -> tuple[float, AgentId]:
    """The agent who has been able to take a call for the longest; the id breaks a tie, so that a replay decides alike."""
    return (agent.idle_since, agent.id)
