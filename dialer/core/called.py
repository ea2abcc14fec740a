"""Somebody who called us by themselves, as far as campaigns are concerned."""

from dataclasses import dataclass

from acd.words import CallId, QueueId


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """On the line, or in the memory of an hour: what came of the talk may be said after it."""

    call: CallId
    number: str
    queues: tuple[QueueId, ...] = ()  # whose agents talked to them
    disposition: str = ""
    by: str = ""
    over_at: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A talk that is over with somebody who may be a lead of the campaign; told until the database has it."""

    call: CallId
    campaign: str
    number: str
    at: float
    disposition: str = ""
    by: str = ""
