"""How ``acd.yaml`` writes which agent takes which caller: memberships, skills, tiers, what relaxes, who is waited for."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from acd.config.agent_shapes import by_name
from acd.config.kinds import Name, Truth, duration, matching
from acd.config.shape import Shape
from acd.core.matching.routing_policy import Membership, Relax, Sticky

Level = Annotated[int, Field(ge=1, le=100)]
Skills = dict[Name, Level]
Tier = Annotated[int, Field(ge=1, le=20)]
TierNumber = Annotated[str, BeforeValidator(matching(r"[1-9]|1[0-9]|20", "the number of a tier, 1 to 20"))]
Longer = Annotated[float, duration(0, 86400)]


class MembershipShape(Shape):
    tier: Tier = 1
    position: Annotated[int, Field(ge=0, le=10_000)] | None = None
    weight: Annotated[int, Field(ge=1, le=100)] = 1
    delay: Longer = 0.0
    order: Annotated[int, Field(ge=0, le=100)] = 1

    def membership(self, position: int) -> Membership:
        """``position``: where the agent stands in the file."""
        place = position if self.position is None else self.position
        return Membership(tier=self.tier, position=place, weight=self.weight, delay_s=self.delay, order=self.order)


class PersonalShape(Shape):
    order: Annotated[int, Field(ge=0, le=100)] = 1


Memberships = Annotated[dict[Name, MembershipShape | None], BeforeValidator(by_name)]


class RelaxShape(Shape):
    after: Annotated[float, duration(1, 86400)]
    requires: Skills = {}
    drop: list[Name] = []

    def relax(self) -> Relax:
        return Relax(after_s=self.after, requires=self.requires, drop=frozenset(self.drop))


class StickyShape(Shape):
    for_: Annotated[float, duration(60, 366 * 86400)] = Field(alias="for")
    wait: Annotated[float, duration(1, 3600)] = 20.0

    def sticky(self) -> Sticky:
        return Sticky(for_s=self.for_, wait_s=self.wait)


class RoutingShape(Shape):
    """What holds for all queues of the house."""

    fair_window: Annotated[float, duration(300, 30 * 86400)] = 4 * 3600.0
    breaks_reset_idle: Truth = True
