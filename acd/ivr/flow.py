"""A flow as frozen data: named steps with named exits. What a step does is its verb's file. PURE."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from acd.core.interpreter import Happening
from acd.ivr.template import Template
from acd.ivr.wording import Prompt as Prompt
from acd.ivr.wording import parts_of
from acd.words import FlowId

if TYPE_CHECKING:
    from acd.ivr.scene import Scene, Turn

ENDED = "ended"
"""The phase of a frame whose call we have asked to be ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One place in a flow. A verb's class says what it does and what it needs; ``exits`` say where callers go from here."""

    verb: ClassVar[str]
    needs: ClassVar[frozenset[str]] = frozenset()  # exits that must have a target
    offers: ClassVar[frozenset[str]] = frozenset()  # further exits; without a target the call ends there
    knows: ClassVar[frozenset[str]] = frozenset()  # exits that are taken in some houses only, and need a target there
    waits: ClassVar[frozenset[str]] = frozenset()  # exits that nobody reaches without input or time from outside
    open_exits: ClassVar[bool] = False  # its exits are named elsewhere: by the flow that it calls

    asks: ClassVar[bool] = False  # waits for what callers type

    name: str
    exits: Mapping[str, str] = field(default_factory=dict)

    def enter(self, scene: "Scene") -> "Turn":
        raise NotImplementedError

    def hear(self, scene: "Scene", happening: Happening) -> "Turn | None":
        """What happens next in this step; None when it does not wait for this."""
        return None

    @property
    def loose_ends(self) -> frozenset[str]:
        """Exits without a target: the flow is over where one is taken."""
        return self.offers - self.exits.keys()

    @property
    def takes_any_exit(self) -> bool:
        """Whether further exits may be named in its file, for another flow to use."""
        return self.open_exits

    def is_blind(self, exit: str) -> bool:
        """Whether a caller may get out by this exit with nothing having come from outside."""
        return exit not in self.waits

    def target(self, exit: str) -> str | None:
        """The step to which an exit leads."""
        return self.exits.get(exit)

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        """All that may be heard here, so that it can be rendered beforehand."""
        return ()

    @property
    def reads(self) -> frozenset[str]:
        """Variables that this step reads, those of its prompts included."""
        return frozenset(name for part in parts_of(self.prompts) if isinstance(part, Template) for name in part.names)

    @property
    def sets(self) -> frozenset[str]:
        return frozenset()

    @property
    def hides(self) -> frozenset[str]:
        """Of these variables, those that are asked for in confidence: neither they nor their digits are ever written down."""
        return frozenset()

    def rereads(self, phase: str) -> bool:
        """Whether what the step reads is needed (again) in this phase; if it is lost, the caller is asked for it again."""
        return True

    def listens(self, phase: str) -> bool:
        """Whether digits typed in this phase are an answer here; if not, they are typed ahead."""
        return False

    @property
    def names(self) -> Mapping[str, str]:
        """What it names outside its flow, by kind: ``queue``, ``flow``, ``while_waiting``, ``agent``, ``reason``, ``music``."""
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    id: FlowId
    version: str
    start: str
    steps: Mapping[str, Step]
    language: str = "en"
    languages: tuple[str, ...] = ()  # that callers may choose
    voice: str = ""
    title: str = ""
    source: str = field(default="", repr=False)  # the text it was made from, to be kept while callers are in it
    named: Mapping[str, Any] = field(default_factory=dict, repr=False)  # the named prompts in it, as they are written

    @property
    def spoken(self) -> tuple[str, ...]:
        """Every language that may be heard here, its own first."""
        return tuple(dict.fromkeys((self.language, *self.languages)))
