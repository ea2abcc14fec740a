"""The agents of one queue: who may be asked for which need, and who of them is free, in the order of the strategy.

Agents with the same tier, delay and skills are alike to every caller: they share a profile, and free agents stand sorted within
their profile. So a decision costs the number of profiles, not of agents.
"""

from collections import Counter
from collections.abc import Iterator
from heapq import merge
from itertools import groupby
from typing import NamedTuple

from sortedcontainers import SortedList

from acd.core.matching.ageing import Openings, openings
from acd.core.matching.need import Need
from acd.core.matching.routing_policy import PLAIN, Membership
from acd.core.matching.skills import Levels, lacking
from acd.core.matching.strategies import ORDERS, random
from acd.core.matching.strategies.seen import Key, Seen
from acd.core.policy import QueuePolicy
from acd.core.staff.agent import Agent
from acd.words import AgentId, Strategy

FREE = "free"
LOGGED_OUT = "logged_out"
FORGET = 1000
"""So many needs are remembered with who may be asked for them."""


class Profile(NamedTuple):
    tier: int
    delay_s: float
    skills: Levels


class Pool:
    def __init__(self, rules: QueuePolicy, half_life_s: float) -> None:
        self.rules = rules
        self.members: list[AgentId] = []
        self.census: Counter[str] = Counter()
        self.openings: Openings = openings(rules, ())
        self._half_life_s = half_life_s
        self._order = ORDERS[rules.strategy]
        self._memberships: dict[AgentId, Membership] = {}
        self._profiles: dict[AgentId, Profile] = {}
        self._free: dict[Profile, SortedList] = {}
        self._able: Counter[Profile] = Counter()
        self._tiers_wait = any(wait > 0 for wait in rules.tiers.values())
        self._open: dict[tuple[Levels, float], dict[Profile, None]] = {}

    def add(self, agent: AgentId, membership: Membership, skills: Levels) -> None:
        """A member, who is logged out as far as is known."""
        self.members.append(agent)
        self._memberships[agent] = membership
        self._profiles[agent] = Profile(membership.tier, membership.delay_s, skills)
        self.census[LOGGED_OUT] += 1
        waits = {*self.openings, *openings(self.rules, [membership])}
        if len(waits) > len(self.openings):
            self.openings = tuple(sorted(waits))

    # -- as agents change ------------------------------------------------------------------------------------------

    def stands(self, agent: AgentId, was: str, now: str) -> None:
        self.census[was] -= 1
        self.census[now] += 1

    def joins(self, agent: Agent) -> Profile:
        """The agent is free."""
        profile = self._profiles[agent.id]
        line = self._free.get(profile)
        if line is None:
            line = self._free[profile] = SortedList()
        line.add(self._key(agent))
        return profile

    def leaves(self, agent: Agent) -> None:
        """The agent, who was free like this, is not any more (or not like this)."""
        self._free[self._profiles[agent.id]].remove(self._key(agent))

    def becomes_able(self, agent: AgentId, able: bool) -> bool:
        """Somebody comes to work or goes; True when that opens or closes something for those who wait (ACD.md 33)."""
        profile = self._profiles[agent]
        before = self._able[profile]
        self._able[profile] += 1 if able else -1
        if (before > 0) == (self._able[profile] > 0):
            return False
        self._open.clear()
        return self._tiers_wait

    def _key(self, agent: Agent) -> Key:
        return self._order.key(Seen(agent, self._memberships[agent.id], self._half_life_s))

    # -- who may be asked ------------------------------------------------------------------------------------------

    def open_to(self, need: Need) -> dict[Profile, None]:
        """The profiles of those at work who may be asked for this need, lower tiers first."""
        which = need.skills, need.aged_s
        known = self._open.get(which)
        if known is None:
            if len(self._open) >= FORGET:
                self._open.clear()
            known = self._open[which] = dict.fromkeys(self._opened(need))
        return known

    def _opened(self, need: Need) -> Iterator[Profile]:
        """A tier opens after its wait, or at once when nobody of the tiers before could ever take the caller as things are."""
        before, tier, able = False, None, False
        for profile in sorted(profile for profile, n in self._able.items() if n > 0):
            if profile.tier != tier:
                before, tier = before or able, profile.tier
            if profile.delay_s > need.aged_s or lacking(profile.skills, need.skills):
                continue
            able = True
            if not before or self.rules.tiers.get(profile.tier, 0.0) <= need.aged_s:
                yield profile

    def is_open(self, agent: AgentId, need: Need) -> bool:
        return self._profiles[agent] in self.open_to(need)

    def able_for(self, need: Need) -> int:
        """How many at work have what is needed, free or not, in whatever tier."""
        return sum(n for profile, n in self._able.items() if n > 0 and lacking(profile.skills, need.skills) is None)

    def could_take(self, agent: AgentId, need: Need) -> bool:
        """Whether a caller may wait for this one: tiers and delays do not stand between those two."""
        profile = self._profiles.get(agent)
        return profile is not None and lacking(profile.skills, need.skills) is None

    def free_for(self, need: Need, offer: str) -> Iterator[AgentId]:
        """The free agents who may be asked, best first: tier by tier, each in the order of the strategy."""
        if self.rules.strategy is Strategy.RANDOM:
            for _, profiles in groupby(self.open_to(need), key=lambda profile: profile.tier):
                yield from (key[-1] for key in random.drawn([self._free.get(each, ()) for each in profiles], offer))  # type: ignore[misc]
            return
        lines = [self._tiered(profile) for profile in self.open_to(need) if self._free.get(profile)]
        yield from (key[-1] for _, key in merge(*lines))  # type: ignore[misc]

    def _tiered(self, profile: Profile) -> Iterator[tuple[int, Key]]:
        return ((profile.tier, key) for key in self._free.get(profile, ()))

    def is_free(self, agent: Agent) -> bool:
        line = self._free.get(self._profiles[agent.id])
        return line is not None and self._key(agent) in line

    # -- for those who ask why -------------------------------------------------------------------------------------

    def free(self) -> Iterator[AgentId]:
        return (key[-1] for line in self._free.values() for key in line)

    def anyone_free(self) -> bool:
        return any(self._free.values())

    def told(self, agent: Agent, at: float) -> dict[str, float]:
        return dict(self._order.told(Seen(agent, self._memberships[agent.id], self._half_life_s), at))

    def has(self, agent: AgentId) -> bool:
        return agent in self._memberships

    def membership(self, agent: AgentId) -> Membership:
        return self._memberships.get(agent, PLAIN)

    def profile(self, agent: AgentId) -> Profile:
        return self._profiles[agent]
