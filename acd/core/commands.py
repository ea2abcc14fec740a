"""What the switch is asked to do. A command carries nothing that the state does not hold, and is safe to repeat."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from acd.core.media import Media
from acd.words import AgentId, HeardBy, LegId, PhoneId, PlayId, RecordingId


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    leg: LegId


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand(Command):
    """Something that not the switch does: for a caller, while they wait. Ends with ErrandDone(errand).

    ``tries`` counts attempts; an errand that must not be done twice has one. Nobody repeats it after a restart: the
    step that waits for it has a deadline of its own.
    """

    errand: PlayId
    timeout_s: float = 5.0
    tries: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A secret of the house by name, put in when the request is sent; its value is in no flow, record or log."""

    name: str
    before: str = ""  # e.g. "Bearer "


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch(Errand):
    """An HTTP request; ``take`` says which values of its JSON answer become which variables (name -> path, a.b.0.c)."""

    method: str
    url: str
    headers: tuple[tuple[str, str | Secret], ...] = ()
    body: str | None = None
    take: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Find(Errand):
    """One row of a table in a database: where columns have these values. ``take``: variable -> column."""

    source: str
    table: str
    where: Mapping[str, str]
    take: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskCampaigns(Errand):
    """An agent asks by phone: ``look``, ``accept`` or ``skip`` the lead that they see, or ``call`` a number for a campaign.

    ``why`` of the answer is a sentence.
    """

    agent: AgentId
    what: str
    number: str = ""
    campaign: str = ""  # '': the only one that it can be


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMessages(Errand):
    """What lies in a mailbox; how the answer's values are written is ``acd.ivr.mailbox``'s matter."""

    mailbox: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkMessage(Errand):
    """Somebody has heard a message, or wants it deleted. Done twice it is done once."""

    message: str
    mark: str  # HEARD, DELETED


HEARD, DELETED = "heard", "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ringback(Command):
    """Tell the caller's phone that it rings here (180), before the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm(Command):
    """(Re)arm the dead man's switch: the switch takes the caller to the fail-safe unless told otherwise within ``after_s``.

    Replaces whatever was armed before; this is also how a call is adopted.
    """

    after_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Disarm(Command):
    """Two people talk: nothing may pull the caller away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark(Command):
    """Write what rebuilds the line onto the channel, as ``acd_<key>`` variables. Values are ids and numbers of ours."""

    values: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Command):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Play(Command):
    """Play these, one after the other, in place of whatever plays now; ends with PlayEnded(play)."""

    play: PlayId
    media: tuple[Media, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StopPlay(Command):
    """Stop what plays or records now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Command):
    """Record the caller to the file named by ``play``; ends with PlayEnded(play)."""

    play: PlayId
    max_s: int
    silence_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial(Command):
    """Connect the caller to a number outside through a trunk; ends with PlayEnded(play, cause).

    ``caller_number`` and ``caller_name`` are what is shown there; what is no plain number is shown as anonymous.
    """

    play: PlayId
    trunk: str
    number: str
    timeout_s: int
    caller_number: str = ""
    caller_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOut(Command):
    """Make a leg (id ours) to a number outside through a trunk, on the node of ``leg``; on answer it parks. Early media is no answer.

    Like Dial made by ``acd.core.outside.outbound`` and nothing else.
    """

    trunk: str
    number: str
    timeout_s: int
    caller_number: str = ""
    caller_name: str = ""
    marks: Mapping[str, str] = field(default_factory=dict)
    detect_s: int | None = None  # so long after the answer the tones of machines are told (MachineHeard), by a switch that hears them


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring(Command):
    """Make a leg (id ours) to an agent's phone on the node of ``leg``; on answer it parks."""

    phone: PhoneId
    timeout_s: int
    caller_number: str
    caller_name: str
    marks: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge(Command):
    """Join the caller's leg and the agent's leg."""

    other: LegId


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUp(Command):
    cause: str = "NORMAL_CLEARING"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismiss(Command):
    """A short tone to an agent whose caller has left, then release."""


# -- in a talk ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Separate(Command):
    """Part the two who talk: each stands parked and hears nothing (LegParked of both; only then play something to one).

    To a leg that is joined to nobody it does no harm: that parks anew. Both are joined again by ``Bridge``.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep(Command):
    """An agent's leg: from now on it stands parked (LegParked) when whoever it is joined to goes; we end it ourselves.

    A Bridge with a leg that is joined already takes it out of there; whoever is left behind stands parked, if kept.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal(Command):
    """A short tone in this leg's ear, over what it hears; a talk goes on meanwhile. Nothing says that it is over."""

    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenIn(Command):
    """This leg, which stands parked, hears ``to`` and whoever that one talks to; ends with PlayEnded(play).

    It goes on when those two part and are joined again, and ends with ``to``. Digits in ``keys`` are told as DigitPressed,
    others are not; without keys none is. A Bridge with this leg ends it, too.
    """

    play: PlayId
    to: LegId
    heard_by: HeardBy = HeardBy.NOBODY
    keys: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakTo(Command):
    """Whoever listens in by this leg is heard by these from now on, without a gap."""

    heard_by: HeardBy


@dataclass(frozen=True, slots=True, kw_only=True)
class StopListening(Command):
    """Ends ListenIn and ThreeWay; the leg stands parked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreeWay(Command):
    """This leg, which stands parked, talks with ``to`` and whoever that one talks to; ends like ListenIn."""

    play: PlayId
    to: LegId


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectNoMore(Command):
    """What is known of this leg is enough (``CallOut.detect_s``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(Command):
    """A short tone to this leg, in the middle of its talk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRecording(Command):
    """Both sides from now on: left what is said at this leg, right what is heard there. It goes on through Separate and Bridge.

    Ends with RecordingEnded(recording), also when it could not begin. Asked for again while it runs, it runs on.
    """

    recording: RecordingId
    max_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRecording(Command):
    recording: RecordingId


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskRecording(Command):
    """Silence on tape in place of what is said, from now on; time goes on."""

    recording: RecordingId


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmaskRecording(Command):
    """What is said is on tape again. Of one that does not run any more RecordingEnded is told."""

    recording: RecordingId
