"""A recipe: what is done for a caller who waits, when this is so (ACD.md 50, F38). Plain data, made from the configuration."""

from dataclasses import dataclass, field

from acd.core.lines.hours import Hours
from acd.core.media import Media
from acd.words import FlowId, QueueId


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """Whether a calendar is open now, or is not."""

    calendar: str
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """All of it must be so; what is None is not asked."""

    waited_s: float | None = None  # at least, in this wait
    position_over: int | None = None  # the place in the line is worse than this
    waiting_over: int | None = None  # more callers than this are in line
    available_under: int | None = None  # fewer agents than this could take a call now
    eligible_under: int | None = None  # fewer than this are at work and have what this caller needs
    hours: tuple[Open, ...] = ()
    between: Hours | None = None  # open then, by a clock of its own

    @property
    def is_time_alone(self) -> bool:
        """Only the caller's own waiting decides, so that the moment is known beforehand."""
        return self == When(waited_s=self.waited_s) and self.waited_s is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSkill:
    skill: str
    level: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DropSkill:
    skill: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefer:
    """More (or less) priority."""

    by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Announce:
    media: tuple[Media, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A flow is heard in place of the waiting flow, once; it may lead out of the line as that one may."""

    flow: FlowId


@dataclass(frozen=True, slots=True, kw_only=True)
class Overflow:
    queue: QueueId


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    exit: str


Action = AddSkill | DropSkill | Prefer | Announce | Offer | Overflow | Leave


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    name: str
    when: When
    do: tuple[Action, ...]
    every_s: float | None = None  # None: once for each caller

    @property
    def is_heard(self) -> bool:
        return any(isinstance(one, Announce | Offer) for one in self.do)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """A recipe was followed for a caller, which is remembered with the entry: so nothing is done twice, and it can be told."""

    recipe: str
    first_at: float
    last_at: float
    times: int = 1
    did: tuple[str, ...] = field(default=())  # in words
