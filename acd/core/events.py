"""What happened. Every event carries its time; nothing in the core asks a clock.

``at`` is seconds since the epoch, steady within one run (it never jumps back or ahead with the wall clock).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from acd.words import (
    AgentId,
    CallId,
    FlowId,
    Follows,
    LegId,
    MachineTone,
    NodeId,
    PhoneId,
    PlayId,
    QueueId,
    RecordingId,
    Supervise,
    SupervisorId,
    TalkWish,
    TapeWish,
    Wish,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CallArrived(Event):
    """An inbound leg stands parked and nobody of ours knows it yet.

    ``phone`` is set when one of our own registered phones dialled (digest proven by the switch), else None.
    ``marks`` are the ``acd_*`` variables found on the channel, without the prefix; empty for a fresh call.
    """

    leg: LegId
    dialled: str
    caller_number: str = ""
    caller_name: str = ""
    phone: PhoneId | None = None
    marks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LegParked(Event):
    """A leg that carries our marks is parked again (its bridge partner went away), or an agent's leg parked after its answer."""

    leg: LegId
    inbound: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LegRinging(Event):
    leg: LegId


@dataclass(frozen=True, slots=True, kw_only=True)
class LegAnswered(Event):
    """An outgoing leg was picked up (200 OK; early media is not an answer), or the switch has answered a caller for us."""

    leg: LegId


@dataclass(frozen=True, slots=True, kw_only=True)
class LegsBridged(Event):
    leg: LegId
    other: LegId


@dataclass(frozen=True, slots=True, kw_only=True)
class LegEnded(Event):
    """A leg is gone, or could never be made. ``cause`` is the switch's word (Q.850 name), ``sip_status`` 0 when unknown."""

    leg: LegId
    cause: str
    sip_status: int = 0
    by_far_end: bool | None = None  # whoever holds that phone hung up, not the switch; None when the switch did not say


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeFailed(Event):
    """The switch refused to join two legs; both may still be up."""

    leg: LegId
    other: LegId
    why: str = ""


SILENCE = "SILENCE"
"""The ``result`` of a recording that ended because nobody spoke any more."""
LOST = "LOST"
"""In place of the switch's word, when it was asked because it had not said it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayEnded(Event):
    """A playback, recording or dial that we asked for is over. ``result`` is the switch's word, e.g. ``FILE PLAYED``, or LOST."""

    leg: LegId
    play: PlayId
    result: str = ""
    cause: str = ""  # of a dial: why the far leg ended
    seconds: float = 0.0  # of a recording: its length


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrandDone(Event):
    """What became of an errand. ``why`` is '' when it was done, else what was wrong, in a word:

    ``timeout``, ``unreachable``, ``forbidden`` (an address that nobody listed), ``too_large``, ``bad_answer``,
    ``resting`` (it failed too often just now), ``not_found``, ``failed``. ``status`` is HTTP's, 0 without an answer.
    """

    leg: LegId
    errand: PlayId
    status: int = 0
    why: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DigitPressed(Event):
    leg: LegId
    digit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineHeard(Event):
    """A tone that machines make and people do not was heard of this leg, as CallOut asked. It may be told more than once."""

    leg: LegId
    tone: MachineTone


@dataclass(frozen=True, slots=True, kw_only=True)
class LegHeld(Event):
    """Whoever holds that phone put the other side on hold; they hear music from the switch. Ends with LegResumed."""

    leg: LegId


@dataclass(frozen=True, slots=True, kw_only=True)
class LegResumed(Event):
    """The hold is over: taken off by the phone, or because the two have parted."""

    leg: LegId


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingEnded(Event):
    """A recording is over. ``why`` is '' when it ended as it should, else what was wrong: the switch's word, or LOST."""

    leg: LegId
    recording: RecordingId
    seconds: float = 0.0
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneRegistered(Event):
    """``anew``: at a place that was not known before, not only a refresh: the phone moved, or came up again."""

    node: NodeId
    phone: PhoneId
    anew: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneUnregistered(Event):
    node: NodeId
    phone: PhoneId


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSeen:
    """One channel of a snapshot."""

    leg: LegId
    inbound: bool
    answered: bool
    bridged_to: LegId | None = None
    held: bool = False  # its phone holds the other side
    born_at: float | None = None  # by the switch's own clock, to the second
    playing: bool = False  # an application that plays, records or dials is running
    cause: str = ""  # of a dial that is over, as in PlayEnded
    seconds: float = 0.0  # of a recording that is over, as in PlayEnded
    dialled: str = ""
    caller_number: str = ""
    caller_name: str = ""
    phone: PhoneId | None = None
    marks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotTaken(Event):
    """All that stands on a node, asked for after a gap. What was missed is derived from it.

    ``asked_at`` is when the question was sent: legs asked for after it may be missing from the answer.
    ``restarted`` says that the switch itself came up anew (its Core-UUID changed) since we last knew it.
    """

    node: NodeId
    asked_at: float
    channels: tuple[ChannelSeen, ...]
    phones: tuple[PhoneId, ...] | None = None  # registered now; None when the switch could not say
    restarted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OrphanSeen(Event):
    """A leg that we made stands on the switch and belongs to nothing (a cancel overtook its birth)."""

    leg: LegId


@dataclass(frozen=True, slots=True, kw_only=True)
class MusicLost(Event):
    """A caller who waits hears nothing, though music was asked for."""

    leg: LegId


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeLost(Event):
    """The event socket of a node is down. Its calls go on; no new leg is asked for there."""

    node: NodeId


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentAsked(Event):
    """An agent (or somebody for one) asks for something, from the command line or a desk.

    ``forced``: a supervisor says so; a wrap-up that owes a disposition does not hold it up.
    """

    agent: AgentId
    wish: Wish
    reason: str = ""
    by: str = ""
    forced: bool = False
    call_at: float | None = None  # with a disposition: when the customer is called again


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSeen(Event):
    """An agent's desk is there: it says so again and again, well within the house's lease."""

    agent: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskClosed(Event):
    """An agent's desk says goodbye. One that is only shut says nothing: its lease runs."""

    agent: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseStarted(Event):
    """The controller came up: nobody could say anything to it before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarForced(Event):
    """A supervisor opens or closes a calendar by hand; ``state`` '' gives it back to its hours. ``until`` None: until then."""

    calendar: str
    state: str
    until: float | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkAsked(Event):
    """An agent asks for something in a talk: ``what`` is hold, transfer … ``target`` is whom, as it was named."""

    agent: AgentId
    what: TalkWish
    target: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackAsked(Event):
    """Somebody of the house cancels a callback, or wants it made ``now``."""

    callback: str
    wish: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkAstray(Event):
    """Those in a talk do not stand as they should: a command of ours was lost. ``leg`` is one of them."""

    leg: LegId


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackWished(Event):
    """Somebody of the house asks that a number be called back; ``when`` None: as soon as it is its turn. The id is ours and new."""

    callback: str
    queue: QueueId
    number: str
    priority: int = 0
    when: float | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DialAsked(Event):
    """A campaign asks that a number be dialled, for an agent of ``queue`` once a person answers, or with no agent for a ``flow``.

    ``attempt`` is its own and new. ``answer_s``: so long after the answer an agent must be there, else ``message`` is heard (None:
    nothing) and it ends.
    """

    attempt: str
    number: str
    queue: QueueId | None = None
    flow: FlowId | None = None
    prefer: AgentId | None = None  # of the queue: who promised to call them; another one, if they are not free then
    reserved: AgentId | None = None  # of the queue, and free or reserved for it: talks to them, and nobody else
    campaign: str = ""
    trunks: tuple[str, ...] = ()  # in this order; none named: all of the house
    caller_id: str = ""  # must be a trunk's own or one of the house's; '' is the trunk's own
    ring_s: float = 30.0
    ring_least_s: float = 15.0
    priority: int = 0
    answer_s: float = 2.0
    message: FlowId | None = None
    detect: bool = False  # machines are told from people, beside whatever else happens
    voicemail: FlowId | None = None  # what a machine is told after its beep; None: it is hung up
    tags: Mapping[str, str] = field(default_factory=dict)
    callbacks: Mapping[str, float] = field(default_factory=dict)  # dispositions with a time -> so long after, or 0: it must be said
    no_more: tuple[str, ...] = ()  # dispositions after which they are called no more
    node: NodeId | None = None  # None: any switch
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveAsked(Event):
    """A campaign asks that an agent of ``queue`` be kept for an attempt that it has not dialled yet: they are offered nothing else for
    ``for_s``, or until it is dialled and over. Asked again it lasts so long from then.
    """

    agent: AgentId
    attempt: str
    queue: QueueId
    for_s: float
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetGoAsked(Event):
    """An attempt needs its agent no more. Of one who is not reserved for it nothing changes."""

    agent: AgentId
    attempt: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DialDropAsked(Event):
    """A campaign wants an attempt no more; a phone that rings is let ring its least."""

    attempt: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUpAsked(Event):
    """An operator ends a call."""

    call: CallId
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TapeAsked(Event):
    """Somebody asks for something of a call's recording, by the command line or a desk."""

    call: CallId
    wish: TapeWish
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuperviseAsked(Event):
    """A supervisor (or somebody for one) wants to be at an agent's talk, to do something else there, or to leave it."""

    supervisor: SupervisorId
    wish: Supervise
    agent: AgentId | None = None  # None: at the talk where they are
    follows: Follows | None = None  # None: the supervisor's own way
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyChanged(Event):
    """A new configuration is in force: re-evaluate; nothing that runs is disturbed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePassed(Event):
    """The next deadline has come (or may have)."""
