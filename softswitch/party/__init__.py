"""Virtual phones and callers over real SIP and RTP, for tests, demo and load. They know nothing of the switch that
they call."""

from softswitch.party.caller import Told, play
from softswitch.party.heard import Heard, tone_share
from softswitch.party.line import Line
from softswitch.party.phone import Phone
from softswitch.party.script import BadScript, CallerScript, Manner, read_caller, read_manner

__all__ = [
    "BadScript",
    "CallerScript",
    "Heard",
    "Line",
    "Manner",
    "Phone",
    "Told",
    "play",
    "read_caller",
    "read_manner",
    "tone_share",
]
