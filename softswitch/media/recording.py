"""A recording that never stops a call. INTERFACE FIRST."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingEnd:
    """How a recording ended: why is ``stopped``, ``maximum``, ``silence``, ``closed`` or ``failed`` (see ``error``)."""

    path: Path
    seconds: float
    why: str
    error: str = ""
