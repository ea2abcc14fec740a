"""`queue`: the caller waits for an agent. The core has them meanwhile and gives them back by a named exit."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from acd.core.interpreter import EnterQueue, Happening, QueueExit
from acd.ivr.flow import Flow, Step
from acd.ivr.scene import Scene, Turn
from acd.ivr.template import Template
from acd.words import AgentId, EntryOutcome, FlowId, QueueId

WAITING = "queue"
KEYS = frozenset("0123456789*#")
OTHERWISE = "otherwise"
ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
ENDS_AS = {"voicemail": EntryOutcome.VOICEMAIL, "callback": EntryOutcome.CALLBACK_REQUESTED}
"""The verb of the step to which an exit leads -> how the stay ends for those whom the house, or the waiting flow, sends there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InLine(Step):
    """What has its caller in a line meanwhile. A flow may run while they wait, and name further exits by `leave_queue`."""

    music: str | None = None
    waiting: FlowId | None = None
    ways_out: frozenset[str] = frozenset()  # the exits that the rules of the queue may take
    offered: frozenset[FlowId] = frozenset()  # the flows that they may offer to those who wait

    @property
    def names(self) -> dict[str, str]:
        named = {"queue": self.line, "music": self.music, "while_waiting": self.waiting}
        return {kind: name for kind, name in named.items() if name}

    @property
    def line(self) -> str:
        """The configured queue in which the caller stands, if it is one."""
        return ""

    @property
    def missing(self) -> frozenset[str]:
        """The queue's own ways out that lead nowhere here."""
        return frozenset() if OTHERWISE in self.exits else self.ways_out - self.exits.keys()

    @property
    def takes_any_exit(self) -> bool:
        return self.waiting is not None or bool(self.offered)

    @property
    def heard(self) -> tuple[FlowId, ...]:
        """The flows that may run while callers wait here."""
        return tuple(sorted(self.offered | ({self.waiting} if self.waiting else set())))

    @property
    def exit_keys(self) -> str:
        return "".join(sorted(KEYS & self.exits.keys()))

    def is_blind(self, exit: str) -> bool:
        """A waiting flow takes its time before it lets callers go."""
        return exit in self.needs | self.knows and exit not in self.waits

    def target(self, exit: str) -> str | None:
        return self.exits.get(exit) or (self.exits.get(OTHERWISE) if exit not in self.offers else None)

    def comes_back(self, scene: Scene, exit: str) -> Turn:
        known = self.target(exit) is not None or exit in self.offers
        return scene.leave(exit if known else "failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue(InLine):
    """Every way in which nobody serves a caller needs a target: only ``served`` may be left out, and then ends the call."""

    verb: ClassVar[str] = "queue"
    needs: ClassVar[frozenset[str]] = frozenset({"timed_out", "full", "no_agents", "failed"})
    offers: ClassVar[frozenset[str]] = frozenset({"served"})
    knows: ClassVar[frozenset[str]] = frozenset({"closed"})
    waits: ClassVar[frozenset[str]] = frozenset({"timed_out", "served"}) | KEYS

    queue: QueueId
    priority: int | None = None
    max_wait_s: float | None = None
    requires: Mapping[str, int] = field(default_factory=dict)  # skill -> level, before what the queue asks; 0: not at all
    prefer: Template | None = None  # the id of an agent who is waited for first
    prefer_s: float | None = None

    @property
    def reads(self) -> frozenset[str]:
        return self.prefer.names if self.prefer else frozenset()

    @property
    def line(self) -> str:
        return self.queue

    def enter(self, scene: Scene) -> Turn:
        wish = EnterQueue(
            queue=self.queue,
            priority=self.priority,
            max_wait_s=self.max_wait_s,
            music=self.music,
            exit_keys=self.exit_keys,
            exits=frozenset(self.exits),
            waiting=self.waiting,
            outcomes=self.outcomes(scene.flow),
            requires=self.requires,
            prefer=self._preferred(scene),
            prefer_s=self.prefer_s,
        )
        return scene.ask(wish, WAITING, digits="")

    def _preferred(self, scene: Scene) -> AgentId | None:
        """Nobody, when no id stands there: whoever is not of the queue is waited for by nobody."""
        found = self.prefer.text(scene.variables).strip() if self.prefer else ""
        return AgentId(found) if ID.fullmatch(found) else None

    def outcomes(self, flow: Flow) -> Mapping[str, EntryOutcome]:
        """How a stay ends that is left by an exit which leads to a message, or to a callback."""
        ends = {exit: flow.steps[target].verb for exit in sorted(self.exits.keys() | self.ways_out) if (target := self.target(exit))}
        return {exit: ENDS_AS[verb] for exit, verb in ends.items() if verb in ENDS_AS}

    def hear(self, scene: Scene, happening: Happening) -> Turn | None:
        return self.comes_back(scene, happening.exit) if isinstance(happening, QueueExit) else None
