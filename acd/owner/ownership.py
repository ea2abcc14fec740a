"""Whose all the switches are: a house is taken whole, and given up whole.

A controller that stands by takes its switches only when none that it can reach is another's: agents and queues are of the house, not
of a switch. Once it is the owner it takes each further one that becomes free. One that is lost to another ends it (``on_lost``): the
other has the house now.
"""

import logging
from collections.abc import Callable, Mapping
from functools import partial

import gevent
from gevent.event import Event as Signal

from acd.owner.keeper import Keeper, Wish, boot_clock
from acd.owner.lease import Lease
from acd.owner.token import VARIABLE
from acd.switch.node_config import NodeConfig
from acd.words import NodeId

log = logging.getLogger(__name__)

RELEASE_S = 2.0
SETTLE_S = 0.01


class Ownership:
    """``on_lost(why)`` is called when another is the owner; it must not return to what an owner does."""

    def __init__(
        self,
        *,
        home: str,
        process: str,
        lease_s: float,
        alone: bool,
        on_lost: Callable[[str], None],
        clock: Callable[[], float] = boot_clock,
    ) -> None:
        """``alone``: whether no other process can have this home (its lock is ours)."""
        self.home, self.process, self.lease_s, self.alone = home, process, lease_s, alone
        self.on_lost, self._clock = on_lost, clock
        self._keepers: dict[NodeId, Keeper] = {}
        self._greenlets: dict[NodeId, gevent.Greenlet[..., None]] = {}
        self._acquired = Signal()
        self._stopping = False

    # -- which switches ---

    def keep(self, config: NodeConfig) -> Callable[[], bool]:
        """Follows this switch from now on, if it did not yet. Returns whether commands may go there, to be asked just before."""
        there = self._keepers.get(config.node)
        if there is None or there.config != config:
            self.drop(config.node)
            lease = Lease(home=self.home, process=self.process, lease_s=self.lease_s, met=not self.alone)
            self._keepers[config.node] = Keeper(config, lease, wish=self._wish, told=self._told, clock=self._clock)
            self._spawn(config.node)
        return self._keepers[config.node].may_send

    def drop(self, node: NodeId) -> None:
        """Is nobody's from now on, as far as we had it."""
        keeper, greenlet = self._keepers.pop(node, None), self._greenlets.pop(node, None)
        if keeper is not None and greenlet is not None:
            keeper.stop()
            greenlet.join(timeout=RELEASE_S)
            greenlet.kill(block=False)

    def stop(self) -> None:
        """Releases all: whoever stands by may begin at once."""
        self._stopping = True
        for keeper in self._keepers.values():
            keeper.stop()
        gevent.joinall(list(self._greenlets.values()), timeout=RELEASE_S)
        gevent.killall(list(self._greenlets.values()), block=False)

    # -- whose they are ---

    @property
    def is_owner(self) -> bool:
        return self._acquired.is_set()

    def acquire(self, wait_s: float) -> bool:
        """Waits, at most so long, until the house is ours. True too when no switch can be reached and none was seen as another's."""
        return bool(self._acquired.wait(timeout=wait_s))

    @property
    def comes_from_elsewhere(self) -> bool:
        """Whether another home had the house before: what ours remembers of calls is older than theirs."""
        return any(one.lease.taken_from not in ("", self.home) for one in self._keepers.values())

    def settle(self) -> None:
        """Waits while it is not known whether the house is ours: after this process stood still. Not for a switch that is away."""
        while any(one.reachable and one.lease.held and not one.may_send() for one in self._keepers.values()):
            for one in self._keepers.values():
                one.hurry()
            gevent.sleep(SETTLE_S)

    @property
    def owns(self) -> Mapping[NodeId, bool]:
        """Whether commands may go to each switch now."""
        return {id: keeper.may_send() for id, keeper in self._keepers.items()}

    @property
    def epochs(self) -> Mapping[NodeId, int]:
        """How often each switch has changed hands."""
        return {id: keeper.lease.epoch for id, keeper in self._keepers.items()}

    @property
    def waits_for(self) -> list[str]:
        """In words, why it is not ours."""
        return [
            f"node {keeper.node}: {'another controller has it' if keeper.reachable else keeper.why or 'not asked yet'}"
            for keeper in self._keepers.values()
            if not keeper.lease.held
        ]

    def _wish(self, keeper: Keeper) -> Wish:
        if self.is_owner:
            return Wish.TAKE if keeper.lease.may_take(alone=self.alone) else Wish.WAIT
        if not all(one.tried for one in self._keepers.values()):
            return Wish.WAIT
        reachable = sorted((one for one in self._keepers.values() if one.reachable), key=lambda one: one.node)
        if not all(one.lease.held or one.lease.may_take(alone=self.alone) for one in reachable):
            return Wish.RELEASE if keeper.lease.held else Wish.WAIT
        first = next((one for one in reachable if not one.lease.held), keeper)
        return Wish.TAKE if keeper is first else Wish.WAIT

    def _told(self, keeper: Keeper) -> None:
        if self._stopping or self._keepers.get(keeper.node) is not keeper:
            return
        lease = keeper.lease
        if lease.lost:
            self.on_lost(f"node {keeper.node} was taken by another controller ({VARIABLE} is {lease.seen})")
        elif self.is_owner and lease.alive and not any(one.lease.held for one in self._keepers.values()):
            self.on_lost(f"node {keeper.node} is another controller's ({VARIABLE} is {lease.seen}), and no other is ours")
        elif not self.is_owner and self._has_all():
            self._acquired.set()
        elif not self.is_owner:
            self._hurry_next(keeper)

    def _has_all(self) -> bool:
        keepers = self._keepers.values()
        if not all(one.tried for one in keepers):
            return False
        reachable = [one for one in keepers if one.reachable]
        if not reachable:
            return self.alone and not any(one.lease.met for one in keepers)
        return all(one.lease.held for one in reachable)

    def _hurry_next(self, but: Keeper) -> None:
        for keeper in self._keepers.values():
            if keeper is not but and keeper.reachable and self._wish(keeper) is not Wish.WAIT:
                keeper.hurry()

    def _spawn(self, node: NodeId) -> None:
        greenlet: gevent.Greenlet[..., None] = gevent.Greenlet(self._keepers[node].run)
        greenlet.name = f"node {node} lease"
        greenlet.link_exception(partial(self._hear_death, node, self._keepers[node]))
        self._greenlets[node] = greenlet
        greenlet.start()

    def _hear_death(self, node: NodeId, keeper: Keeper, greenlet: "gevent.Greenlet[..., None]") -> None:
        """A fault of ours that nothing foresaw: say so, and go on with a new greenlet; meanwhile the lease runs out."""
        log.critical("%s died: %r", greenlet.name, greenlet.exception)
        if self._keepers.get(node) is keeper and not self._stopping:
            self._spawn(node)
