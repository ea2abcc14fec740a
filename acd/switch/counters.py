"""What a node counts about its event socket; plain numbers that metrics may read at any time."""

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class Counters:
    events: int = 0
    """Events posted to the controller."""
    frames: int = 0
    bytes: int = 0
    skipped: int = 0
    """Events that were received and say nothing to us."""
    malformed: int = 0
    """Frames without a kind, or streams given up because their lengths were out of bounds."""
    duplicates: int = 0
    gaps: int = 0
    """Times that events were found to be missing; each ends in a snapshot."""
    overflows: int = 0
    connects: int = 0
    reconnects: int = 0
    restarts: int = 0
    """Times that the switch itself came up anew."""
    snapshots: int = 0
    commands: int = 0
    command_errors: int = 0
    """Commands that the switch answered with an error."""
    unencodable: int = 0
    dropped: int = 0
    """Commands given up because the node was down or its outgoing queue full."""
    kills_repeated: int = 0
    starts_repeated: int = 0
    """Playbacks that had to be asked for again because they did not begin."""
    ends_found: int = 0
    """Playbacks that were over and whose end had not been told."""
    stray_replies: int = 0
    handler_errors: int = 0
    lag_s: float = 0.0
    """How old the last event was when it was posted."""
    backlog: int = 0
    up: bool = False
    hears_beeps: bool = True
    """Whether it hears the beep of an answering machine, as of the last connection."""
    beeps_unheard: int = 0
    """Legs on which it should have."""
