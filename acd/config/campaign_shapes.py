"""How ``acd.yaml`` writes a campaign: its mode, whom it calls when, and how often again."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from acd.campaign import After, Disposition, Mode
from acd.config.calendars import Times, Weekdays
from acd.config.kinds import CallerId, Digit, Name, Prose, Truth, duration, matching, seconds, truth
from acd.config.routing_shapes import Skills
from acd.config.sentences import one_of, perhaps, shown
from acd.config.shape import Shape

NEVER = "never"
WORDS = [After.FINAL.value, After.CALLBACK.value, After.DO_NOT_CALL.value]
YEAR_S = 366 * 86400.0
RETRIES_MAX = 20


def or_never(found: Any) -> Any:
    """``never``: no retry at all, not even with another number."""
    return {"after": []} if found == NEVER else found


def disposition(found: Any) -> Disposition:
    """``final``, ``callback``, ``do_not_call``, ``{retry: 2d}`` or ``{callback: {after: 2h, personal: true}}``. Raises ValueError."""
    if isinstance(found, str) and found in WORDS:
        return Disposition(then=After(found))
    if isinstance(found, dict) and found.keys() == {"retry"}:
        return Disposition(then=After.RETRY, after_s=seconds(found["retry"], 60, YEAR_S))
    if isinstance(found, dict) and found.keys() == {"callback"}:
        return _callback(found["callback"])
    near = perhaps(found, WORDS) if isinstance(found, str) else ""
    raise ValueError(f"found {shown(found)}{near}; {one_of(WORDS)}, {{retry: 2d}} or {{callback: {{after: 2h}}}}")


def _callback(found: Any) -> Disposition:
    if not isinstance(found, dict) or not found or not found.keys() <= {"after", "personal"}:
        raise ValueError(f"found {shown(found)}; a callback has {{after: 2h, personal: true}}, one of them or both")
    after_s = seconds(found["after"], 60, YEAR_S) if "after" in found else None
    return Disposition(then=After.CALLBACK, after_s=after_s, personal="personal" in found and truth(found["personal"]))


Percent = Annotated[str, BeforeValidator(matching(r"(100|[1-9]?[0-9](\.[0-9]{1,2})?)%", "a share such as 2.5%"))]
Order = Annotated[
    str,
    BeforeValidator(
        matching(
            r"oldest|newest|chance|(highest|lowest) [a-z][a-z0-9_]{0,62}",
            "oldest, newest, chance, or a field of the lead such as: highest score",
        )
    ),
]
Count = Annotated[int, Field(ge=0, le=100_000)]
Least = Annotated[int, Field(ge=1, le=100_000)]
Cap = Annotated[int, Field(ge=1, le=1000)]
Pause = Annotated[float, duration(10, YEAR_S)]


class RetryShape(Shape):
    after: Annotated[list[Pause], Field(max_length=RETRIES_MAX)]
    at_most: Annotated[int, Field(ge=1, le=100)] | None = None
    other_number: Truth = False
    between: Times = ()


OutcomeRetry = Annotated[RetryShape, BeforeValidator(or_never)]


class RetriesShape(Shape):
    """An outcome -> what follows it."""

    busy: OutcomeRetry | None = None
    no_answer: OutcomeRetry | None = None
    machine: OutcomeRetry | None = None
    fax: OutcomeRetry | None = None
    hung_up: OutcomeRetry | None = None
    dialer_abandon: OutcomeRetry | None = None
    rejected: OutcomeRetry | None = None
    invalid: OutcomeRetry | None = None
    congestion: OutcomeRetry | None = None
    blocked: OutcomeRetry | None = None
    dropped: OutcomeRetry | None = None
    lost: OutcomeRetry | None = None
    refused: OutcomeRetry | None = None
    failed: OutcomeRetry | None = None
    called_us: OutcomeRetry | None = None


class CapsShape(Shape):
    lead_per_day: Cap | None = None
    lead_total: Cap | None = None
    number_per_day: Cap | None = None
    number_total: Cap | None = None


class AbandonShape(Shape):
    limit: Percent | None = None
    answer: Annotated[float, duration(0.5, 60)] | None = None
    start: Literal["answer", "greeting"] = "answer"
    message: Name | None = None
    lock: Annotated[float, duration(0, YEAR_S)] | None = None


class BlendShape(Shape):
    waiting_over: Count | None = None
    available_under: Least | None = None


class CampaignShape(Shape):
    mode: Mode
    law: Literal["us", "uk", "ca", "it", "strict"] = "strict"
    queue: Name | None = None
    requires: Skills = {}
    lists: Annotated[list[Name], Field(max_length=100)] = []
    caller_id: CallerId | None = None
    trunks: list[Name] = []
    lines: Annotated[int, Field(ge=1, le=100_000)] | None = None
    per_second: Annotated[float, Field(ge=0.1, le=1000)] | None = None
    ring: Annotated[float, duration(5, 120)] = 30.0
    ring_least: Annotated[float, duration(5, 120)] | None = None
    hours: Name | None = None
    local_hours: dict[Weekdays, Times] | None = None
    retries: RetriesShape = RetriesShape()
    caps: CapsShape = CapsShape()
    abandon: AbandonShape = AbandonShape()
    priority: Annotated[int, Field(ge=0, le=100)] = 0
    weight: Annotated[int, Field(ge=1, le=100)] = 1
    order: Order = "oldest"
    chance: Truth = True
    ratio: Annotated[float, Field(ge=1, le=10)] | None = None
    preview: Annotated[float, duration(5, 3600)] | None = None
    may_skip: Truth = True
    blend: BlendShape = BlendShape()
    dispositions: dict[Name, Annotated[Disposition, BeforeValidator(disposition)]] = {}
    opt_out: Digit | None = None
    script: Name | None = None
    guide: Prose = ""
    amd: Literal["off", "async"] = "off"
    voicemail: Name | None = None
    replaces: Annotated[list[Name], Field(max_length=20)] = []
