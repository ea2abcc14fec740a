"""`queue`: the caller waits for an agent. The core has them meanwhile and gives them back by a named exit."""

from dataclasses import dataclass
from typing import ClassVar

from acd.core.interpreter import EnterQueue, Happening, QueueExit
from acd.ivr.flow import Step
from acd.ivr.scene import Scene, Turn
from acd.words import QueueId

WAITING = "queue"
KEYS = frozenset("0123456789*#")


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue(Step):
    """Every way in which nobody serves a caller needs a target: only ``served`` may be left out, and then ends the call."""

    verb: ClassVar[str] = "queue"
    needs: ClassVar[frozenset[str]] = frozenset({"timed_out", "full", "no_agents", "failed"})
    offers: ClassVar[frozenset[str]] = frozenset({"served"})
    waits: ClassVar[frozenset[str]] = frozenset({"timed_out", "served"}) | KEYS

    queue: QueueId
    priority: int | None = None
    max_wait_s: float | None = None
    music: str | None = None

    @property
    def names(self) -> dict[str, str]:
        return {"queue": self.queue} | ({"music": self.music} if self.music else {})

    def enter(self, scene: Scene) -> Turn:
        wish = EnterQueue(
            queue=self.queue,
            priority=self.priority,
            max_wait_s=self.max_wait_s,
            music=self.music,
            exit_keys="".join(sorted(KEYS & self.exits.keys())),
            exits=frozenset(self.exits),
        )
        return scene.ask(wish, WAITING, digits="")

    def hear(self, scene: Scene, happening: Happening) -> Turn | None:
        if not isinstance(happening, QueueExit):
            return None
        known = happening.exit in self.exits or happening.exit in self.offers
        return scene.leave(happening.exit if known else "failed")
