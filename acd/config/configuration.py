"""The configuration as the running house uses it: plain frozen data, already checked. Holds no secret."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from acd.campaign import Campaign
from acd.config.document import Document
from acd.config.outside import Outside
from acd.core.policy import Policy
from acd.ivr.calendar import Calendar
from acd.words import NodeId


@dataclass(frozen=True, slots=True, kw_only=True)
class NodePlace:
    """Where a switch is. ``phones`` and ``callers`` are for people (and for whoever configures the switch)."""

    id: NodeId
    event_socket: tuple[str, int]
    phones: tuple[str, int]
    callers: tuple[str, int]
    callers_from: tuple[str, ...]
    domain: str
    profile: str
    password_env: str | None
    password_file: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trunk:
    id: str
    address: tuple[str, int]
    prefixes: tuple[str, ...]  # what a number must begin with; empty allows nothing
    caller_id: str = ""  # the number that is shown to who is called; '' shows the caller's own


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechChoice:
    engine: str
    voice: str
    language: str
    voices: Mapping[str, str] = field(default_factory=dict)  # by language; for piper the files


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    policy: Policy
    nodes: Mapping[NodeId, NodePlace]
    trunks: Mapping[str, Trunk]
    speech: SpeechChoice
    calendars: Mapping[str, Calendar]  # opening hours, by name
    flows: Path
    sounds: Path
    music: Path
    directory: Path | None  # the file from which the switch reads its users; None: one in the home directory
    http_port: int
    database: str | None  # None: a SQLite file in the home directory
    database_env: str | None
    document: Document
    """For problems that only show beside other files."""
    zone: str | None = None  # by whose clock reports cut days and hours; None: the machine's
    journal_keep_s: float = 0.0  # how long, and how much,
    journal_most_bytes: int = 0  # of a journal that nothing needs any more stays there
    watch: bool = False  # whether changed files are put in force by themselves
    lease_s: float = 10.0  # how long a controller that says nothing keeps its switches
    outside: Outside = field(default_factory=Outside)
    campaigns: Mapping[str, Campaign] = field(default_factory=dict)
