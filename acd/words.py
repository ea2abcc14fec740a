"""The vocabulary as types: one word per thing, the same in YAML, code, log, API and README.

This file imports nothing of ours; everything else may import it.
"""

from enum import StrEnum
from typing import NewType

CallId = NewType("CallId", str)
"""One contact by voice, from INVITE to its record."""
EntryId = NewType("EntryId", str)
"""One stay of a contact in a queue."""
RecordingId = NewType("RecordingId", str)
"""One stretch of a talk on tape; its file is named by it and by nothing else."""
SupervisorId = NewType("SupervisorId", str)
MonitorId = NewType("MonitorId", str)
"""One stay of a supervisor at talks."""
OfferId = NewType("OfferId", str)
"""One agent reserved for one entry, with a deadline."""
AgentId = NewType("AgentId", str)
QueueId = NewType("QueueId", str)
FlowId = NewType("FlowId", str)
PhoneId = NewType("PhoneId", str)
"""The user part with which a SIP phone registers."""
NodeId = NewType("NodeId", str)
"""The configured name of one switch."""
LegId = NewType("LegId", str)
"""One channel on one switch, written ``node/uuid``."""
BondId = NewType("BondId", str)
"""A caller's number in one queue."""
PlayId = NewType("PlayId", str)
"""One playback, recording or outgoing dial that we asked for, so that its end can be recognised."""


def leg_id(node: NodeId, uuid: str) -> LegId:
    return LegId(f"{node}/{uuid}")


def node_of(leg: LegId) -> NodeId:
    return NodeId(leg.partition("/")[0])


def uuid_of(leg: LegId) -> str:
    return leg.partition("/")[2]


class Owner(StrEnum):
    """Who answers for a call. Exactly one, always."""

    FLOW = "flow"
    QUEUE = "queue"
    AGENT = "agent"
    NOBODY = "nobody"  # only when the call has ended


class AgentState(StrEnum):
    LOGGED_OUT = "logged_out"
    NOT_READY = "not_ready"
    READY = "ready"
    OFFERED = "offered"
    TALKING = "talking"
    WRAP_UP = "wrap_up"


class EntryState(StrEnum):
    WAITING = "waiting"
    OFFERED = "offered"  # an agent, or several, are reserved and rung
    CONNECTING = "connecting"  # the agent answered, the bridge is asked for
    CONNECTED = "connected"
    ENDED = "ended"


class EntryKind(StrEnum):
    """Who stands in a line, and so which leg is joined to the agent."""

    CALL = "call"  # a caller
    CONSULT = "consult"  # an agent who asks a colleague, for a customer who holds
    CALLBACK = "callback"  # somebody who is to be called
    DIALLED = "dialled"  # somebody whom a campaign dialled, and who answered


class TalkState(StrEnum):
    """Who hears whom while a call is in the hands of an agent."""

    TALKING = "talking"  # the agent and the customer
    HELD = "held"  # the customer hears music, the agent nothing
    CONSULTING = "consulting"  # the customer hears music, the agent waits for a colleague or talks to one
    TOGGLED = "toggled"  # the agent is with the customer again, the colleague hears music
    CONFERENCE = "conference"  # all three
    INTERNAL = "internal"  # the customer is gone, the two agents go on


class TalkWish(StrEnum):
    """What an agent asks for in a talk, from the phone or the command line."""

    HOLD = "hold"
    RESUME = "resume"
    TRANSFER = "transfer"
    CONSULT = "consult"
    TOGGLE = "toggle"
    COMPLETE = "complete"
    CANCEL = "cancel"
    CONFERENCE = "conference"
    LEAVE = "leave"


class OfferState(StrEnum):
    RINGING = "ringing"
    ANSWERED = "answered"  # picked up, not yet bridged
    BRIDGED = "bridged"
    ENDED = "ended"


class EntryOutcome(StrEnum):
    """How a stay in a queue ended; a closed set (every entry ends with exactly one)."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    SHORT_ABANDONED = "short_abandoned"
    ABANDONED_WHILE_RINGING = "abandoned_while_ringing"
    TIMED_OUT = "timed_out"
    EXITED_KEY = "exited_key"
    CLOSED = "closed"
    NO_STAFF = "no_staff"
    FULL = "full"
    OVERFLOWED = "overflowed"  # to another queue, where the contact has a new stay
    CALLBACK_REQUESTED = "callback_requested"
    VOICEMAIL = "voicemail"  # out of the line to leave a message
    WITHDRAWN = "withdrawn"  # taken out by a rule of the house; a consult that was called off before anybody answered
    DIALER_ABANDON = "dialer_abandon"  # a campaign dialled them, and nobody was there in time
    SYSTEM_ERROR = "system_error"


class OfferOutcome(StrEnum):
    """How an offer ended; a closed set. Only NO_ANSWER is the agent's own doing, and TOO_LATE again and again."""

    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    DECLINED = "declined"
    BUSY = "busy"
    DEVICE_DOWN = "device_down"
    NETWORK_ERROR = "network_error"
    FORWARDED = "forwarded"
    CALLER_GONE = "caller_gone"
    CALLER_GONE_AT_ANSWER = "caller_gone_at_answer"
    DUMPED = "dumped"  # the agent picked up and hung up before the bridge
    BRIDGE_FAILED = "bridge_failed"
    AGENT_UNAVAILABLE = "agent_unavailable"  # took up another line while ours rang (ACD.md 20, 23)
    LOST_RACE = "lost_race"  # somebody else who was rung for the same caller picked up first
    AGENT_LEFT = "agent_left"  # logged out or went not ready while rung
    EXITED_KEY = "exited_key"
    CANCELLED_BY_SYSTEM = "cancelled_by_system"
    NOT_REACHED = "not_reached"  # a callback's customer did not answer, or is wanted no more
    TOO_LATE = "too_late"  # whom a campaign had dialled could wait no longer, and the phone rang all the while


class Supervise(StrEnum):
    """What a supervisor does at a talk; each is a right of its own."""

    LISTEN = "listen"
    WHISPER = "whisper"  # the agent hears them
    BARGE = "barge"  # both hear them
    TAKE_OVER = "take_over"  # in place of the agent
    STOP = "stop"


class Follows(StrEnum):
    """Where a supervisor goes when the talk that they are at is handed on (ACD.md 62)."""

    CONTACT = "contact"
    AGENT = "agent"


class MonitorState(StrEnum):
    RINGING = "ringing"  # the supervisor's phone
    LISTENING = "listening"
    WAITING = "waiting"  # for the next talk of the agent
    TALKING = "talking"  # in the agent's place
    ENDED = "ended"


class RecordingState(StrEnum):
    ON = "on"
    MASKED = "masked"  # silence is on tape
    STOPPING = "stopping"  # the end is asked for
    BROKEN = "broken"  # it could not be recorded; it is tried again
    ENDED = "ended"


class RecordingOutcome(StrEnum):
    KEPT = "kept"
    FAILED = "failed"  # what was recorded until then may be there all the same


class TapeWish(StrEnum):
    """What somebody asks of a call's recording."""

    START = "start"
    STOP = "stop"
    PAUSE = "pause"  # masked until RESUME
    RESUME = "resume"
    DECLINE = "decline"  # the caller does not want to be recorded: nobody may start it any more


class OwnCallback(StrEnum):
    """What a caller asks of the callback that they have in a queue."""

    LOOK = "look"  # whether there is one
    CANCEL = "cancel"
    CHANGE = "change"  # its number or its time


class HeardBy(StrEnum):
    """Who hears somebody who listens in on a leg."""

    NOBODY = "nobody"
    TARGET = "target"  # whoever is at the leg that is listened to
    OTHER = "other"  # whoever that leg talks to
    BOTH = "both"


class Strategy(StrEnum):
    """Which agent of a queue goes first; one file each in ``acd.core.matching.strategies``."""

    LONGEST_IDLE = "longest_idle"
    ROUND_ROBIN = "round_robin"
    TOP_DOWN = "top_down"
    FEWEST_CALLS = "fewest_calls"
    LEAST_TALK_TIME = "least_talk_time"
    RANDOM = "random"
    WEIGHTED = "weighted"
    RING_ALL = "ring_all"
    RING_PROGRESSIVELY = "ring_progressively"


class MachineTone(StrEnum):
    """What a machine is known by."""

    BEEP = "beep"  # at the end of a greeting: speak now
    FAX = "fax"


class EndedBy(StrEnum):
    CUSTOMER = "customer"
    AGENT = "agent"
    SUPERVISOR = "supervisor"  # who took over
    SYSTEM = "system"
    TRANSFER = "transfer"


class Wish(StrEnum):
    """What an agent asks of the house, from the phone or the command line."""

    LOG_IN = "log_in"
    READY = "ready"
    NOT_READY = "not_ready"
    LOG_OUT = "log_out"
    DISPOSE = "dispose"  # say what came of a talk: the reason is a disposition of its queue, or the digits that stand for one
    MORE_TIME = "more_time"  # a longer wrap-up
    NAIL_UP = "nail_up"  # a leg that stands: calls are put through without ringing
    TAKE_DOWN = "take_down"  # and it is hung up


class WrapUpMode(StrEnum):
    """How an agent is let go after a talk (ACD.md 39)."""

    NONE = "none"
    OPTIONAL = "optional"  # for as long as the agent likes, up to the limit
    TIMED = "timed"  # so long, or until the agent is ready
    MANDATORY = "mandatory"  # until a disposition is given, up to the limit
    MANDATORY_TIMED = "mandatory_timed"  # until a disposition is given, or so long


class WrapUpEnd(StrEnum):
    """What ended a wrap-up."""

    DISPOSITION = "disposition"
    READY = "ready"
    LEFT = "left"  # the agent went not ready or logged out, or was made to
    TIMER = "timer"
    OVERRUN = "overrun"  # the limit of a wrap-up that has no timer, or a time that ran out without a disposition


OWN_CALL = "own_call"
"""What a ready agent does who is in a call of their own; no state: they are ready again when it is over."""

RNA = "rna"
DEVICE_DOWN = "device_down"
WRAPUP_OVERRUN = "wrapup_overrun"
SUPERVISOR_FORCED = "supervisor_forced"
NAILED_LEG_LOST = "nailed_leg_lost"
DESK_LOST = "desk_lost"
LOGGED_IN = "logged_in"
SYSTEM_REASONS = frozenset(
    {RNA, DEVICE_DOWN, DESK_LOST, WRAPUP_OVERRUN, SUPERVISOR_FORCED, LOGGED_IN, NAILED_LEG_LOST}
    | {"busy", "declined", "network_error", "forwarded", "dumped"}
)
"""Not-ready reasons that the house sets; an agent may not ask for one."""
