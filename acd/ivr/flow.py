"""A flow as frozen data: named steps with named exits. What a step does is its verb's file. PURE."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from acd.core.interpreter import Happening
from acd.core.media import Recorded
from acd.ivr.template import Template
from acd.words import FlowId

if TYPE_CHECKING:
    from acd.ivr.scene import Scene, Turn

Prompt = tuple[Recorded | Template, ...]
"""What a caller hears, in order: recordings and texts to be spoken."""

ENDED = "ended"
"""The phase of a frame whose call we have asked to be ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One place in a flow. A verb's class says what it does and what it needs; ``exits`` say where callers go from here."""

    verb: ClassVar[str]
    needs: ClassVar[frozenset[str]] = frozenset()  # exits that must have a target
    offers: ClassVar[frozenset[str]] = frozenset()  # further exits; without a target the call ends there
    waits: ClassVar[frozenset[str]] = frozenset()  # exits that nobody reaches without input or time from outside

    name: str
    exits: Mapping[str, str] = field(default_factory=dict)

    def enter(self, scene: "Scene") -> "Turn":
        raise NotImplementedError

    def hear(self, scene: "Scene", happening: Happening) -> "Turn | None":
        """What happens next in this step; None when it does not wait for this."""
        return None

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        """All that may be heard here, so that it can be rendered beforehand."""
        return ()

    @property
    def reads(self) -> frozenset[str]:
        """Variables that this step reads, those of its prompts included."""
        return frozenset(
            name for prompt in self.prompts for part in prompt if isinstance(part, Template) for name in part.names
        )

    @property
    def sets(self) -> frozenset[str]:
        return frozenset()

    @property
    def names(self) -> Mapping[str, str]:
        """What it names outside its flow, by kind: ``queue``, ``flow``, ``reason``, ``music``."""
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    id: FlowId
    version: str
    start: str
    steps: Mapping[str, Step]
    language: str = "en"
    voice: str = ""
    title: str = ""
    source: str = field(default="", repr=False)  # the text it was made from, to be kept while callers are in it
