"""A node, the fake switch that it talks to, and a clock that passes when told to."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from acd.core import commands as c
from acd.core import events as e
from acd.core.media import Media, Music
from acd.switch.commands_to import Dialect
from acd.switch.node import Node
from acd.switch.node_config import NodeConfig
from acd.words import LegId, NodeId, PhoneId
from tests.switch.fake_socket import PASSWORD, FakeSocket

NODE = NodeId("fs1")


def resolve(media: Media) -> str:
    return f"local_stream://{media.name}" if isinstance(media, Music) else "/prompts/one.wav"


class Clock:
    """Hours of a test's own, that pass when told to."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class World:
    fake: FakeSocket
    node: Node
    clock: Clock
    posted: list[e.Event] = field(default_factory=list)

    def of(self, kind: type[e.Event]) -> list[e.Event]:
        return [each for each in self.posted if isinstance(each, kind)]

    def until(self, kind: type[e.Event], count: int = 1) -> bool:
        return self.fake.until(lambda: len(self.of(kind)) >= count)

    def start(self) -> "World":
        self.node.start()
        assert self.until(e.SnapshotTaken)
        return self

    def answered(self, commands: list[c.Command]) -> None:
        """Send these, and have their answers heard without a complaint: what is refused after them has been counted."""
        self.fake.answers["uuid_setvar_multi"] = "-ERR no\n"
        self.node.send([*commands, c.Mark(leg=leg("z"), values={"call": "z"})])
        assert self.fake.until(lambda: self.node.counters.command_errors > 0)
        assert self.node.counters.command_errors == 1

    def ticks(self, passed_s: float) -> None:
        """Time passes, and the node has looked at it: it does all that is due before it pings."""
        pings = len(self.asked("api status"))
        self.clock.now += passed_s
        assert self.fake.until(lambda: len(self.asked("api status")) > pings)

    def asked(self, words: str) -> list[str]:
        return [each for each in self.fake.asked if words in each]


def leg(uuid: str) -> LegId:
    return LegId(f"fs1/{uuid}")


def make(**config: object) -> Iterator[World]:
    fake, clock = FakeSocket(), Clock()
    posted: list[e.Event] = []
    settings = {"connect_s": 0.5, "reply_s": 0.5, "snapshot_s": 0.5, "tick_s": 0.01, "nudge_for_s": 0.0, "back_off_s": 0.01}
    settings |= config
    node = Node(
        NodeConfig(node=NODE, password=PASSWORD, port=fake.port, **settings),  # type: ignore[arg-type]
        Dialect(resolve=resolve, lasts=lambda medium: 2.0),
        posted.append,
        clock,
    )
    yield World(fake=fake, node=node, clock=clock, posted=posted)
    node.stop()
    fake.close()


def ring(uuid: str = "leg-b") -> c.Ring:
    return c.Ring(leg=leg(uuid), phone=PhoneId("1001"), timeout_s=20, caller_number="+4930", caller_name="", marks={})
