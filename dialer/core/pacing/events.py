"""What a dialer can see of its lines and agents, with the time it happened. A pacer is fed with these and with nothing else."""

from dataclasses import dataclass

from acd.words import AgentId

LineId = str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDialled:
    at: float
    line: LineId


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAnswered:
    """By a person, as far as the dialer can tell."""

    at: float
    line: LineId


@dataclass(frozen=True, slots=True, kw_only=True)
class LineEnded:
    """Without a talk: machine, busy, no answer, invalid, congestion; or a person who hung up before anybody was due to them."""

    at: float
    line: LineId
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonServed:
    """Bridged to an agent, who talks from now on."""

    at: float
    line: LineId
    agent: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAbandoned:
    at: float
    line: LineId


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentReady:
    at: float
    agent: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentTalking:
    at: float
    agent: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentWrapUp:
    at: float
    agent: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentElsewhere:
    """Taken by other work (an inbound call): comes back by itself, after a time that is learnt."""

    at: float
    agent: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentGone:
    """Logged out or not ready: nobody counts on them."""

    at: float
    agent: AgentId


LineEvent = LineDialled | LineAnswered | LineEnded | PersonServed | PersonAbandoned
AgentEvent = AgentReady | AgentTalking | AgentWrapUp | AgentElsewhere | AgentGone
Event = LineEvent | AgentEvent
