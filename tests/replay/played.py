"""A day that is played with a journal behind it: what everybody does is drawn; what the house made of it stands on the disk."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from acd.core.interpreter import EnterQueue
from acd.core.outside.callback_policy import CallbackPolicy
from acd.core.policy import Policy
from acd.live.codec import encode_decision, encode_snapshot
from acd.live.segments import SEGMENT, SNAPSHOT, path_of
from acd.sim.dice import Exponential, stream
from acd.sim.experiment import unbarred
from acd.sim.people import BY_TRANSFER, Back, Caller, OwnCall, People, Stop
from acd.sim.phones import Manners
from acd.sim.straight import OWN, STRAIGHT, Straight
from acd.sim.tally import Tally
from acd.sim.world import World
from acd.words import AgentId, CallId, QueueId, Wish
from tests.core.world import policy

SALES, SUPPORT = QueueId("sales"), QueueId("support")
HOUR = 3600.0


def rules(**more: Any) -> Policy:
    """Five agents for two queues; wrap-ups, overflow, callbacks, places that are kept."""
    made = policy(agents=5, queues=("sales", "support"), queue_wrap_up_s=20.0, queue_ring_s=18.0, queue_retry_s=10.0)
    sales = replace(
        made.queues[SALES],
        overflow={"timed_out": SUPPORT},
        max_wait_s=240.0,
        keep_place_s=600.0,
        callback=CallbackPolicy(retries=(120.0, 300.0)),
        **more,
    )
    support = replace(made.queues[SUPPORT], priority=1)
    return replace(made, queues={SALES: sales, SUPPORT: support}, max_hops=2)


def callers(n: int, seed: object, every_s: float = 36.0) -> list[Caller]:
    """Some with a priority of their own, some sent on, some who press a key to be called back, some who call again."""
    dice, at, found = stream(seed, "callers"), 0.0, list[Caller]()
    for k in range(n):
        at += dice.expovariate(1 / every_s)
        queue = SALES if dice.random() < 0.7 else SUPPORT
        ask = EnterQueue(queue=queue, priority=3 if dice.random() < 0.1 else None)
        id, kind = CallId(f"c{k}"), dice.random()
        then: tuple[Stop, ...] = ()
        more: dict[str, Any] = {}
        if kind < 0.12:
            other = SUPPORT if queue == SALES else SALES
            then = (Stop(ask=EnterQueue(queue=other), talk_s=60 + dice.expovariate(1 / 60), by=BY_TRANSFER, wrap_up_s=6.0),)
        elif kind < 0.24 and queue == SALES:
            tries = (None, 6.0) if dice.random() < 0.5 else (4.0,)
            back = Back(id=f"b{k}", queue=queue, number=f"+49301{k:07d}", talk_s=90.0, wrap_up_s=5.0, attempts=tries)
            more = {"back": back, "back_by": ("1",), "key": "1", "patience_s": 30 + dice.expovariate(1 / 60)}
        found.append(
            Caller(
                id=id,
                at=at,
                ask=ask,
                number=f"+49302{k % 60:07d}",
                talk_s=30 + dice.expovariate(1 / 150),
                wrap_up_s=dice.expovariate(1 / 15),
                redials=(90.0,) if dice.random() < 0.2 else (),
                then=then,
                **({"patience_s": 20 + dice.expovariate(1 / 300)} | more),
            )
        )
    return found


class Played:
    """``folder`` is a journal's directory; ``visits`` are what its records would say."""

    def __init__(self, folder: Path, rules: Policy, who: list[Caller], seed: object, snapshot_at: float | None = None) -> None:
        folder.mkdir(parents=True)
        self.folder, self.n = folder, 0
        self._file = path_of(folder, SEGMENT, 1).open("wb")
        flows = Straight()
        in_force = replace(rules, numbers={"*": STRAIGHT, OWN: STRAIGHT}, outbound=unbarred(rules.outbound))
        self.world = World(in_force, flows, at=0.0)
        self.world.watchers.append(self._remember)
        self.tally = Tally(self.world, end=8 * HOUR)
        people = People(self.world, flows, Manners(answer=Exponential(mean_s=5.0), missed=0.06, back=Exponential(mean_s=40.0)), seed)
        self._staff(people, rules)
        people.come(who)
        if snapshot_at is not None:
            self.world.when(snapshot_at, partial(self._snapshot, snapshot_at))
        self.world.run(9 * HOUR)
        self.tally.close()
        self._file.close()

    def _staff(self, people: People, rules: Policy) -> None:
        at = self.world.when
        for n, id in enumerate(rules.agents):
            at(5.0 * n, partial(people.asks, id, Wish.LOG_IN))
            at(5.0 * n + 2.5, partial(people.asks, id, Wish.READY))
            at(HOUR + 613.7 * n, partial(people.asks, id, Wish.NOT_READY, "lunch"))
            at(HOUR + 613.7 * n + 601.0, partial(people.asks, id, Wish.READY))
        first = AgentId("a0")
        at(2130.0, partial(people.dials, OwnCall(agent=first, at=2130.0, lasts_s=222.0)))
        at(2.5 * HOUR, partial(people.asks, first, Wish.LOG_OUT))
        at(3 * HOUR, partial(people.asks, first, Wish.READY))

    def _remember(self, decision: Any) -> None:
        self.n += 1
        self._file.write(encode_decision(self.n, decision))

    def _snapshot(self, at: float) -> None:
        path_of(self.folder, SNAPSHOT, self.n).write_bytes(encode_snapshot(self.n, at, list(self.world.state.records())))
        self._file.close()
        self._file = path_of(self.folder, SEGMENT, self.n + 1).open("wb")

    @property
    def visits(self) -> Mapping[str, Mapping[str, Any]]:
        return {row["id"]: row for row in self.tally.visits}
