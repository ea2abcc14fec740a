"""What the switch is asked to do. A command carries nothing that the state does not hold, and is safe to repeat."""

from collections.abc import Mapping
from dataclasses import dataclass

from acd.core.media import Media
from acd.words import LegId, PhoneId, PlayId


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    leg: LegId


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
    """Connect the caller to a number outside through a trunk; ends with PlayEnded(play, cause)."""

    play: PlayId
    trunk: str
    number: str
    timeout_s: int


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
