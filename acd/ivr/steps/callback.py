"""`callback`: a caller who does not want to wait is called back, at a number that they confirm, and keeps their place."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from acd.core.frame import CallbackWish
from acd.ivr.flow import Prompt, Step
from acd.ivr.scene import Scene, Turn
from acd.ivr.steps.at_time import NOT_THEN, AtTime, moment_of
from acd.ivr.steps.gather import Gather
from acd.ivr.steps.menu import Menu
from acd.ivr.steps.play import Play
from acd.ivr.steps.talk import Talk
from acd.words import QueueId

NUMBER = "callback_number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Typing(Gather):
    """A number that the house does not call is as wrong as one that cannot be."""

    region: str = ""

    def value(self, scene: Scene, number: str) -> str | None:
        return scene.around.callable(number, self.region) or None


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback(Talk):
    """Exits: ``done``, ``declined``, ``timeout`` (no answer, or none that could be used), ``failed`` (nobody can be called), and
    where a time is wished ``not_then`` (there is none, or nobody is called then).
    """

    verb: ClassVar[str] = "callback"
    needs: ClassVar[frozenset[str]] = frozenset({"done", "declined", "timeout", "failed"})
    offers: ClassVar[frozenset[str]] = frozenset({NOT_THEN})
    waits: ClassVar[frozenset[str]] = frozenset({"done", "declined", "timeout"})

    queue: QueueId
    offer: Menu | None  # 1 yes, 2 no; None: the caller has already said so
    right: Menu  # 1 the number is right, 2 another one
    typing: Typing
    thanks: Prompt = ()
    region: str = ""  # where numbers without a country code are dialled
    priority: int = 0
    time: AtTime | None = None  # for which it is wished; None: as soon as it is their turn

    @property
    def loose_ends(self) -> frozenset[str]:
        return frozenset()

    @property
    def names(self) -> dict[str, str]:
        return {"queue": self.queue}

    @property
    def parts(self) -> Mapping[str, Step]:
        offer: dict[str, Step] = {"offer": self.offer} if self.offer else {}
        return offer | {"right": self.right, "typing": self.typing, "thanks": Play(name=self.name, prompt=self.thanks)}

    @property
    def sets(self) -> frozenset[str]:
        return frozenset({NUMBER}) | (self.time.sets if self.time else frozenset())

    @property
    def reads(self) -> frozenset[str]:
        said = frozenset(name for part in self.parts.values() for name in part.reads) - {"value"}
        return said | (self.time.reads if self.time else frozenset())

    def shows(self, scene: Scene) -> Mapping[str, str]:
        return {"value": scene.frame.variables.get(NUMBER, "")}

    def enter(self, scene: Scene) -> Turn:
        if not scene.around.calls_out():
            return scene.leave("failed")
        if self.time is not None:
            scene = self.time.told(scene, self.queue)
            if moment_of(scene) is None:
                return scene.leave(NOT_THEN)
        return self.begin(scene, "offer") if self.offer else self._own_number(scene)

    def after(self, scene: Scene, part: str, exit: str) -> Turn:
        match part, exit:
            case "offer", "1":
                return self._own_number(scene)
            case "offer", "2":
                return scene.leave("declined")
            case "right", "1":
                return self._promised(scene)
            case "right", "2":
                return self.begin(scene, "typing")
            case "typing", "done":
                return self.begin(scene, "right")
            case "thanks", _:
                return scene.leave("done")
        return scene.leave("timeout")

    def _own_number(self, scene: Scene) -> Turn:
        own = scene.around.callable(scene.call.caller_number, self.region)
        return self._confirm(scene, own) if own else self.begin(scene, "typing")

    def _confirm(self, scene: Scene, number: str) -> Turn:
        return self.begin(scene.showing(NUMBER, number), "right")

    def _promised(self, scene: Scene) -> Turn:
        call, id = scene.call, scene.next_play()
        at = moment_of(scene) if self.time is not None else None
        waits_since = scene.at if call.waiting_since is None else call.waiting_since
        wish = CallbackWish(
            id=id,
            queue=self.queue,
            number=scene.frame.variables.get(NUMBER, ""),
            asked_at=scene.at,
            since=waits_since if at is None else at,
            priority=self.priority,
            at=at,
        )
        counted = replace(scene, frame=replace(scene.frame, plays=scene.frame.plays + 1))
        return replace(self.begin(counted, "thanks"), callbacks=(wish,))
