"""What can be played to a caller, as data. The live shell turns it into files; nothing here knows a path."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A prompt by name; a file the admin recorded, found by the prompt library."""

    name: str
    language: str = ""
    kind: str = "recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """Text to be spoken; rendered beforehand and cached by content."""

    text: str
    language: str = ""
    voice: str = ""
    kind: str = "speech"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tone:
    """A tone by name: ``beep``, ``gone`` (the other side has left)."""

    name: str
    kind: str = "tone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Music:
    """Endless music; its playback has no end of its own."""

    name: str = "default"
    kind: str = "music"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a caller recorded in this call, by the id that we gave the recording."""

    name: str
    kind: str = "kept"


Media = Recorded | Speech | Tone | Music | Kept
