"""An agent's phone in a make-believe house: rings, is picked up, confirms where it has to, or comes to nothing."""

from functools import partial
from math import inf

from acd.core import commands as cm
from acd.core.staff.agent import Agent
from acd.sim.phones import SAID_S, Phones, Ring
from acd.sim.world import World
from acd.words import DEVICE_DOWN, RNA, AgentId, LegId, OfferId, OfferOutcome

FAILED = frozenset({RNA, *(each.value for each in OfferOutcome)}) - {DEVICE_DOWN}
"""Reasons of an agent who is not ready because of an offer, and comes back by asking to."""


class PickingUp:
    def __init__(self, world: World, phones: Phones) -> None:
        self._world, self._phones = world, phones
        self._last: dict[AgentId, tuple[OfferId, Ring]] = {}
        world.hands.append(self._rung)
        world.hands.append(self._asked)

    def back(self, agent: Agent) -> float | None:
        """After how long an agent who is not ready because of the last offer is ready again."""
        last = self._last.get(agent.id)
        return last[1].back_s if last is not None and agent.reason in FAILED else None

    def told_s(self, leg: LegId) -> float:
        state = self._world.state
        offer = state.offers.get(state.offer_of_leg.get(leg, OfferId("")))
        last = self._last.get(offer.agent) if offer else None
        return last[1].told_s if last else SAID_S

    def _rung(self, command: cm.Command) -> None:
        if not isinstance(command, cm.Ring):
            return
        world, leg = self._world, command.leg
        world.switch.rings(world.at, leg)
        offer = world.state.offers.get(world.state.offer_of_leg.get(leg, OfferId("")))
        if offer is None or (offer.agent in self._last and self._last[offer.agent][0] == offer.id):
            return  # another device of the same agent rings already
        ring = self._phones.ring(world.at, offer.agent, command.phone)
        self._last[offer.agent] = (offer.id, ring)
        if ring.answer_s is not None and ring.answer_s > 0:
            world.when(world.at + ring.answer_s, partial(self.picks_up, leg, ring.connect_s))
        elif ring.answer_s is not None:
            self._answers(leg, ring.connect_s)
        if ring.end_s is not None:
            world.when(world.at + ring.end_s, partial(self._ends, offer.id, ring.cause))

    def picks_up(self, leg: LegId, connect_s: float) -> None:
        truth = self._world.switch.legs.get(leg)
        if truth is not None and not truth.answered:
            self._answers(leg, connect_s)
            self._world.said()

    def _answers(self, leg: LegId, connect_s: float) -> None:
        switch, at = self._world.switch, self._world.at
        if connect_s <= 0:
            switch.picks_up(at, leg)
        else:
            switch.answers(at, leg)
            if connect_s < inf:
                self._world.when(at + connect_s, partial(self._parks, leg))

    def _parks(self, leg: LegId) -> None:
        if leg in self._world.switch.legs:
            self._world.switch.parks(self._world.at, leg)
            self._world.said()

    def _ends(self, id: OfferId, cause: str) -> None:
        offer = self._world.state.offers.get(id)
        for leg in offer.legs if offer is not None else ():
            self._world.switch.end(self._world.at, leg, cause, by_far_end=True)
        self._world.said()

    def _asked(self, command: cm.Command) -> None:
        """A device that has to be confirmed with a digit is, by whoever picked it up."""
        if not isinstance(command, cm.Play):
            return
        offer = self._world.state.offers.get(self._world.state.offer_of_leg.get(command.leg, OfferId("")))
        device = next((each for each in offer.reached if each.leg == command.leg), None) if offer else None
        if device is not None and device.confirm and device.play == command.play:
            self._world.when(self._world.at, partial(self._press, command.leg, device.confirm))

    def _press(self, leg: LegId, digit: str) -> None:
        if leg in self._world.switch.legs:
            self._world.switch.press(self._world.at, leg, digit)
            self._world.said()
