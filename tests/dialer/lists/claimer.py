"""A process that takes leads beside others, at the same moments as they do."""

import itertools
from collections.abc import Sequence
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from typing import Any

from dialer.lists import claiming
from dialer.lists.store import LeadStore

from .making import BERLIN, T0, taking

ROUND_S = 31.0  # a lead that is set aside because its number was somebody's for a moment comes back


def take_turns(url: str, name: str, list_id: str, rounds: int, together: Barrier, told: "Queue[tuple[str, Sequence[Any]]]") -> None:
    """Tells (name, (lead, number) of everything it got)."""
    store, ids = LeadStore(url, lock_timeout_s=30.0).open(), itertools.count(1)
    taken: list[tuple[int, str]] = []
    for n in range(rounds):
        together.wait(timeout=60)
        with store.begin() as connection:
            rules = taking(list_id, lists=(list_id,))
            at = T0 + n * ROUND_S
            taken += [
                (one.lead, one.number) for one in claiming.claim(connection, rules, 3, at, [BERLIN], lambda: f"{name}.{next(ids)}")
            ]
    store.close()
    told.put((name, taken))
