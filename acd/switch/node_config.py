"""How one switch is reached, and how patient we are with it."""

from collections.abc import Callable
from dataclasses import dataclass

from acd.switch.counters import Counters
from acd.switch.esl import EventSocket
from acd.words import NodeId


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeConfig:
    """How one switch is reached. Seconds throughout."""

    node: NodeId
    password: str
    host: str = "127.0.0.1"
    port: int = 8021
    connect_s: float = 5.0
    reply_s: float = 5.0
    """Deadline of every reply; with ``ping_every_s`` and ``tick_s`` it bounds how long a dead peer goes unnoticed (8 s)."""
    ping_every_s: float = 2.0
    tick_s: float = 0.2
    snapshot_every_s: float = 300.0
    look_again_s: float = 3.0
    """After a gap, a second snapshot: what was too young to be judged by the first is not left until the next check."""
    snapshot_s: float = 6.0
    """Deadline of each answer of a snapshot."""
    recover_s: float = 3.0
    """A switch that came up anew gets so long to make its calls stand again, before what does not stand has ended."""
    heal_every_s: float = 10.0
    """Snapshots that are taken because events seem lost are at least so far apart."""
    back_off_s: float = 0.2
    back_off_most_s: float = 5.0
    nudge_every_s: float = 0.004
    nudge_for_s: float = 0.1
    """While an event is expected the switch's sender is kept awake: an empty line so often, so long after a command.
    0 turns it off.
    """
    max_outgoing: int = 10_000
    max_backlog: int = 20_000


def connection(
    config: NodeConfig, what: str, counters: Counters | None = None, *, may_write: Callable[[], bool] | None = None
) -> EventSocket:
    """A connection to that switch, yet to be made; ``what`` it is for is its name in the log."""
    return EventSocket(
        config.host,
        config.port,
        config.password,
        config.connect_s,
        name=f"node {config.node} {what}",
        reply_s=config.reply_s,
        max_outgoing=config.max_outgoing,
        max_backlog=config.max_backlog,
        counters=counters,
        may_write=may_write,
    )
