"""A scenario of a campaign: a file that says who is called, how long they talk, and who is there; made into a world.

Raises Refused with file, line and column for everything that is wrong.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from acd.config.document import Document, Problem, Refused, read_file, validate
from acd.config.kinds import Duration, duration, seconds
from acd.config.shape import Shape
from acd.sim.dice import Draw, Exponential, Fixed, Gamma, Lognormal
from acd.sim.shapes import Drawn, DrawShape, PerHour, Share, always, share
from dialer.sim.world import RINGS, SHIFT_S, Below, Inbound, Leaves, World

KINDS = ("fixed", "exponential", "lognormal", "gamma")
Keys = tuple[str | int, ...]


def shares(found: Any) -> dict[float, float]:
    """The same hit ratio all the shift, or one from each time into it on. Raises ValueError."""
    by_time = found if isinstance(found, dict) else {"0s": found}
    read = {seconds(since): share(each) for since, each in by_time.items()}
    if 0.0 not in read or not all(read.values()):
        raise ValueError("a hit ratio above 0% is needed from 0s on")
    return dict(sorted(read.items()))


class AwayShape(Shape):
    after: Duration
    agents: Annotated[int, Field(ge=1, le=1_000)] = 1
    for_: Annotated[float, Field(alias="for"), duration(1)] = SHIFT_S


class InboundShape(Shape):
    per_hour: PerHour
    talk: Drawn


class WorldShape(Shape):
    agents: Annotated[int, Field(ge=1, le=1_000)]
    hit_ratio: Annotated[dict[float, float], BeforeValidator(shares)]
    talk: Drawn
    wrap_up: Drawn = always("0s")
    answer: Drawn | None = None
    ring: Annotated[float, duration(5, 120)] = 25.0
    patience: Annotated[float, duration(0.1, 10)] = 2.0
    shift: Annotated[float, duration(60, 86_400)] = SHIFT_S
    limit: Share = 0.03
    trunks: Annotated[int, Field(ge=1, le=100_000)] | None = None
    calls_per_second: Annotated[int, Field(ge=1, le=10_000)] | None = None
    away: list[AwayShape] = []
    inbound: InboundShape | None = None


def read_world(file: Path) -> World:
    """Raises Refused."""
    document = read_file(file)
    return _Builder(validate(WorldShape, document), document).world()


class _Builder:
    def __init__(self, shape: WorldShape, document: Document) -> None:
        self.shape, self.document = shape, document
        self.problems: list[Problem] = []

    def world(self) -> World:
        shape = self.shape
        first, *steps = shape.hit_ratio.items()
        world = World(
            agents=shape.agents,
            hit_ratio=first[1],
            hit_ratio_steps=steps,
            talk=self.draw(shape.talk, ("talk",)),
            wrap_up=self.draw(shape.wrap_up, ("wrap_up",)),
            rings=self.rings(),
            patience_s=shape.patience,
            shift_s=shape.shift,
            limit=shape.limit,
            trunks=shape.trunks,
            calls_per_second=shape.calls_per_second,
            leaves=[Leaves(after_s=away.after, agents=away.agents, for_s=away.for_) for away in shape.away],
            inbound=self.inbound(),
        )
        self.too_many_away(world.leaves)
        if self.problems:
            raise Refused(self.problems)
        return world

    def inbound(self) -> Inbound | None:
        inbound = self.shape.inbound
        if inbound is None or not inbound.per_hour:
            return None
        return Inbound(per_hour=inbound.per_hour, talk=self.draw(inbound.talk, ("inbound", "talk")))

    def rings(self) -> Draw:
        if self.shape.answer is None:
            return Below(draw=RINGS.draw, most_s=self.shape.ring)
        draw = self.draw(self.shape.answer, ("answer",))
        if draw.mean_s >= self.shape.ring:
            self.problem(("answer",), "people who answer do so, in the mean, before the line has rung for its time (ring)")
        return Below(draw=draw, most_s=self.shape.ring)

    def draw(self, shape: DrawShape, path: Keys) -> Draw:
        given = [kind for kind in KINDS if getattr(shape, kind) is not None]
        others = shape.file is not None or shape.never is not None
        if len(given) != 1 or others:
            self.problem(path, f"one of {', '.join(KINDS)} is needed")
        elif (shape.cv is None) is (given[0] in ("lognormal", "gamma")):
            self.problem(path, "cv (the standard deviation as a multiple of the mean) belongs to lognormal and gamma")
        elif shape.exponential is not None:
            return Exponential(mean_s=shape.exponential)
        elif shape.lognormal is not None:
            return Lognormal(mean_s=shape.lognormal, cv=shape.cv or 0.0)
        elif shape.gamma is not None:
            return Gamma(mean_s=shape.gamma, cv=shape.cv or 0.0)
        return Fixed(mean_s=shape.fixed or 0.0)

    def too_many_away(self, leaves: Sequence[Leaves]) -> None:
        for n, leave in enumerate(leaves):
            gone = sum(each.agents for each in leaves if each.after_s <= leave.after_s < each.after_s + each.for_s)
            if gone > self.shape.agents:
                self.problem(("away", n), f"{gone} agents would be away at once; there are {self.shape.agents}")

    def problem(self, path: Keys, what: str) -> None:
        self.problems.append(self.document.problem(path, what))
