"""`transfer` to one agent, or into a queue. An agent is offered the caller like any other, and nobody else is.

``enter`` is how any step sends its caller to an agent; ``exit_of`` says in the flow's words how that ended.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from acd.core.interpreter import EnterQueue, Happening, QueueExit
from acd.core.lines.personal import personal_queue
from acd.ivr.scene import Scene, Turn
from acd.ivr.steps.queue import KEYS, WAITING, InLine, Queue
from acd.ivr.template import Template
from acd.words import AgentId, FlowId

EXITS: Mapping[str, str] = {"served": "done", "timed_out": "no_answer"}
NEEDS = frozenset({"no_answer", "busy", "not_there", "failed"})


def enter(
    scene: Scene,
    agent: AgentId,
    *,
    ring_s: float = 30.0,
    wait_s: float | None = None,
    music: str | None = None,
    waiting: FlowId | None = None,
    exit_keys: str = "",
) -> Turn:
    """Ask for this agent: for ``ring_s`` if they are free now; ``wait_s`` is how long the caller may wait until they are.

    The step then hears QueueExit; give its exit to ``exit_of``.
    """
    wish = EnterQueue(
        queue=personal_queue(agent),
        agent=agent,
        ring_s=ring_s,
        max_wait_s=wait_s,
        music=music,
        waiting=waiting,
        exit_keys=exit_keys,
    )
    return scene.ask(wish, WAITING, digits="")


def exit_of(exit: str) -> str:
    """``done`` after a talk, else ``no_answer``, ``busy``, ``not_there`` or ``failed`` (or what leads out of the line by name)."""
    return EXITS.get(exit, exit)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToAgent(InLine):
    """Every way in which the agent does not talk to the caller needs a target; without one for ``done`` the call then ends."""

    verb: ClassVar[str] = "transfer"
    needs: ClassVar[frozenset[str]] = NEEDS
    offers: ClassVar[frozenset[str]] = frozenset({"done"})
    waits: ClassVar[frozenset[str]] = frozenset({"done", "no_answer"}) | KEYS

    agent: AgentId = AgentId("")
    extension: Template | None = None  # in place of the agent: the number of the agent's phone
    ring_s: float = 30.0
    wait_s: float | None = None

    @property
    def names(self) -> dict[str, str]:
        named = {"agent": self.agent, "music": self.music, "while_waiting": self.waiting}
        return {kind: name for kind, name in named.items() if name}

    @property
    def reads(self) -> frozenset[str]:
        return self.extension.names if self.extension else frozenset()

    def enter(self, scene: Scene) -> Turn:
        """An extension that is nobody's is a phone that is not there."""
        agent = scene.around.agent_at(self.extension.text(scene.variables).strip()) if self.extension else self.agent
        if agent is None:
            return scene.leave("not_there")
        return enter(
            scene,
            agent,
            ring_s=self.ring_s,
            wait_s=self.wait_s,
            music=self.music,
            waiting=self.waiting,
            exit_keys=self.exit_keys,
        )

    def hear(self, scene: Scene, happening: Happening) -> Turn | None:
        return self.comes_back(scene, exit_of(happening.exit)) if isinstance(happening, QueueExit) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToQueue(Queue):
    """Into a queue, with what a queue step has when nothing more is said."""

    verb: ClassVar[str] = "transfer"
    offers: ClassVar[frozenset[str]] = frozenset({"done"})
    waits: ClassVar[frozenset[str]] = frozenset({"timed_out", "done"}) | KEYS

    def hear(self, scene: Scene, happening: Happening) -> Turn | None:
        if not isinstance(happening, QueueExit):
            return None
        return self.comes_back(scene, "done" if happening.exit == "served" else happening.exit)
