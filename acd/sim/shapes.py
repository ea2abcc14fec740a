"""What a scenario may say: its keys, their kinds and their bounds. ``acd.sim.described`` says what each is for."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from acd.config.kinds import ClockTime, Day, Duration, Name, Prose, Zone, duration, minutes_of_day, text
from acd.config.sentences import shown
from acd.config.shape import Shape

Cv = Annotated[float, Field(gt=0, le=10)]
Seconds = Annotated[float, duration(0.001)]
Span = tuple[int, int]
Level = Annotated[int, Field(ge=0, le=100)]


def draw(found: Any) -> Any:
    """``4m`` is always four minutes; ``never`` is a patience without end. Raises ValueError."""
    if isinstance(found, str):
        return {"never": "true"} if found == "never" else {"fixed": found}
    return found


def share(found: Any) -> float:
    """``30%`` as 0.3. Raises ValueError."""
    written = text(found, "a share such as 30%")
    try:
        value = float(written.removesuffix("%")) / 100
    except ValueError:
        value = -1.0
    if not (written.endswith("%") and 0 <= value <= 1):
        raise ValueError(f"found {shown(found)}; a share from 0% to 100% is needed")
    return value


def rate(found: Any) -> Any:
    """The same number all day, or one from each time of day on. Raises ValueError."""
    return {"00:00": found} if isinstance(found, str) else found


def span(found: Any) -> Span:
    """``12:00-12:30`` in minutes of the day. Raises ValueError."""
    first, dash, last = text(found, "a time such as 12:00-12:30").partition("-")
    if not dash:
        raise ValueError(f"found {shown(found)}; a time such as 12:00-12:30 is needed")
    begin, end = minutes_of_day(first.strip()), minutes_of_day(last.strip())
    if end <= begin:
        raise ValueError(f"found {shown(found)}; the end comes after the beginning")
    return begin, end


Share = Annotated[float, BeforeValidator(share)]
PerHour = Annotated[float, Field(ge=0, le=1_000_000)]
FilePath = Annotated[str, Field(min_length=1, max_length=1000)]


class DrawShape(Shape):
    fixed: Duration | None = None
    exponential: Seconds | None = None
    lognormal: Seconds | None = None
    gamma: Seconds | None = None
    cv: Cv | None = None
    file: FilePath | None = None
    never: Literal["true"] | None = None


Drawn = Annotated[DrawShape, BeforeValidator(draw)]


class ArrivalsShape(Shape):
    per_hour: Annotated[dict[ClockTime, PerHour], BeforeValidator(rate)] | None = None
    file: FilePath | None = None


class RedialsShape(Shape):
    share: Share
    after: Drawn
    most: Annotated[int, Field(ge=1, le=20)] = 3


def always(written: str) -> DrawShape:
    return DrawShape.model_validate(draw(written))


class OfferedShape(Shape):
    share: Share
    after: Drawn | None = None
    flow: Name | None = None
    exits: list[Name] = []
    answer: Drawn = always("5s")
    missed: Share = 0.0
    refused: Share = 0.0


class CallersShape(Shape):
    queue: Name | None = None
    requires: dict[Name, Level] = {}
    arrivals: ArrivalsShape | None = None
    talk: Drawn
    patience: Drawn = DrawShape(never="true")
    wrap_up: Drawn | None = None
    priority: Annotated[int, Field(ge=0, le=100)] | None = None
    redials: RedialsShape | None = None
    callback: OfferedShape | None = None


class StaffShape(Shape):
    skills: dict[Name, Level] = {}
    agent: Name | None = None
    like: Name | None = None
    queues: list[Name] | None = None
    count: Annotated[int, Field(ge=1, le=10_000)] = 1
    from_: Annotated[ClockTime | None, Field(alias="from")] = None
    until: ClockTime | None = None
    breaks: list[Annotated[Span, BeforeValidator(span)]] = []


class PhonesShape(Shape):
    answer: Drawn = always("3s")
    missed: Share = 0.0
    back: Drawn = always("1m")


class ScenarioShape(Shape):
    title: Prose = ""
    date: Day | None = None
    zone: Zone = "UTC"
    from_: Annotated[ClockTime | None, Field(alias="from")] = None
    until: ClockTime | None = None
    warm_up: Duration = 0.0
    interval: Annotated[float, duration(60, 86400)] = 1800.0
    queues: dict[Name, CallersShape] = {}
    staff: list[StaffShape] | None = None
    phones: PhonesShape = PhonesShape()
