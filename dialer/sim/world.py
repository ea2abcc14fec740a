"""A described world: what happens to a line, how long people talk, who leaves. The default is the model that pacers are compared in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from acd.sim.dice import Dice, Draw, Lognormal

LARGE = 50
SHIFT_S = 8 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """Every value between the two is as likely."""

    low_s: float
    high_s: float

    @property
    def mean_s(self) -> float:
        return (self.low_s + self.high_s) / 2

    def __call__(self, dice: Dice) -> float:
        return dice.uniform(self.low_s, self.high_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Below:
    """Drawn again while it is above ``most_s``."""

    draw: Draw
    most_s: float

    @property
    def mean_s(self) -> float:
        """Before any was refused."""
        return self.draw.mean_s

    def __call__(self, dice: Dice) -> float:
        while (seconds := self.draw(dice)) > self.most_s:
            pass
        return seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A way for a line to end without a person. ``share`` is of those lines."""

    name: str
    share: float
    after: Draw


RING_S = 25.0
RINGS = Below(draw=Lognormal(mean_s=13.0003, cv=0.5), most_s=RING_S)
"""12 s in the mean, of those that are kept: only so the idle time of one-to-one dialling is the model's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """A machine rings like a person, and is known for one a little later."""

    rings: Draw
    verdict_s: float

    @property
    def mean_s(self) -> float:
        return self.rings.mean_s + self.verdict_s

    def __call__(self, dice: Dice) -> float:
        return self.rings(dice) + self.verdict_s


OUTCOMES = (
    Outcome(name="machine", share=0.30, after=Detected(rings=RINGS, verdict_s=2.5)),
    Outcome(name="busy", share=0.15, after=Between(low_s=1.0, high_s=5.0)),
    Outcome(name="no_answer", share=0.55, after=Between(low_s=RING_S, high_s=RING_S)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaves:
    """``agents`` leave ``after_s`` into the shift, as soon as they are free of their talk, for ``for_s``."""

    after_s: float
    agents: int
    for_s: float = SHIFT_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """Inbound calls, so many an hour, take the longest-idle agent, or wait for one before any outbound person does."""

    per_hour: float
    talk: Draw


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    agents: int
    hit_ratio: float
    talk: Draw
    wrap_up: Draw
    rings: Draw = RINGS
    outcomes: Sequence[Outcome] = OUTCOMES
    patience_s: float = 2.0
    shift_s: float = SHIFT_S
    hit_ratio_steps: Sequence[tuple[float, float]] = ()
    """From so many seconds into the shift on, the hit ratio is this."""
    leaves: Sequence[Leaves] = ()
    inbound: Inbound | None = None
    trunks: int | None = None
    calls_per_second: int | None = None
    limit: float = 0.03
    earlier: tuple[int, int] = (0, 0)
    """Answers and abandons of the days before, which the law's period still holds."""
    ticks_only: bool = False
    """The pacer is asked once a second, and not after every event besides."""

    def quickly(self) -> "World":
        """As it is simulated where time counts: a large team is asked for once a second, which costs a quarter."""
        return replace(self, ticks_only=self.agents >= LARGE)

    def hit_ratio_at(self, at: float) -> float:
        return next((ratio for since, ratio in reversed(self.hit_ratio_steps) if at >= since), self.hit_ratio)


def base(agents: int, hit_ratio: float, handling_s: float) -> World:
    """A cell of the table: handling time is talk (3/4, cv 1.3) and wrap-up (1/4, cv 1)."""
    return World(
        agents=agents,
        hit_ratio=hit_ratio,
        talk=Lognormal(mean_s=0.75 * handling_s, cv=1.3),
        wrap_up=Lognormal(mean_s=0.25 * handling_s, cv=1.0),
    )
