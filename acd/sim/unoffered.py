"""A callback in a scenario that no configuration offers: which key is wrong, and what would do. PURE."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from acd.config.sentences import unknown
from acd.core.lines.recipe import Leave, Offer
from acd.core.policy import QueuePolicy
from acd.sim.offered import UNSERVED
from acd.sim.shapes import OfferedShape


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """``key``: below ``callback``; () is all of it."""

    key: tuple[str, ...] = ()
    what: str


def unoffered(shape: OfferedShape, queues: Sequence[QueuePolicy]) -> Wrong | None:
    """``queues``: theirs, in each configuration that is simulated."""
    if not queues:
        return None  # said already
    name = queues[0].id
    if all(queue.callback is None for queue in queues):
        return Wrong(what=f"the queue {name} calls nobody back (acd.yaml: queues: {name}: callback)")
    flows = {flow for queue in queues for flow in _flows(queue)}
    if shape.flow is not None and shape.flow not in flows:
        return Wrong(key=("flow",), what=unknown("offered flow", shape.flow, sorted(flows)))
    exits = {exit for queue in queues for exit in _exits(queue)}
    for exit in shape.exits:
        if exit not in exits:
            return Wrong(key=("exits",), what=unknown("exit", exit, sorted(exits)))
    if shape.after is None and not shape.exits and not flows:
        return Wrong(what=f"no recipe of the queue {name} offers a flow; after or exits is needed")
    return None


def _flows(queue: QueuePolicy) -> Iterator[str]:
    return (str(one.flow) for recipe in queue.recipes for one in recipe.do if isinstance(one, Offer))


def _exits(queue: QueuePolicy) -> set[str]:
    return {*UNSERVED, *(one.exit for recipe in queue.recipes for one in recipe.do if isinstance(one, Leave))}
