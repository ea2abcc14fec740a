"""`my_callback`: whether the caller is to be called back by a queue already; and if they like elsewhere, later, or no more."""

from dataclasses import dataclass
from typing import ClassVar

from acd.core.events import TimePassed
from acd.core.interpreter import CallbackAsk, Happening, WishDone
from acd.ivr.flow import Step
from acd.ivr.scene import Scene, Turn
from acd.ivr.steps.at_time import NOT_THEN, AtTime, moment_of
from acd.ivr.template import Template
from acd.words import OwnCallback, QueueId

WISHING = "wish"
INVALID = "invalid"
LONGEST_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MyCallback(Step):
    """Exits: ``done`` (there is one; it is changed, or cancelled), ``none`` (there is none, or whose it is cannot be told), and of
    a change ``invalid`` (no number that the house calls) and ``not_then`` (no time at which somebody is called).
    """

    verb: ClassVar[str] = "my_callback"
    needs: ClassVar[frozenset[str]] = frozenset({"done", "none"})
    offers: ClassVar[frozenset[str]] = frozenset({INVALID, NOT_THEN})

    queue: QueueId
    do: OwnCallback = OwnCallback.LOOK
    number: Template | None = None
    region: str = ""  # where numbers without a country code are dialled
    time: AtTime | None = None

    @property
    def loose_ends(self) -> frozenset[str]:
        return frozenset()

    @property
    def names(self) -> dict[str, str]:
        return {"queue": self.queue}

    @property
    def reads(self) -> frozenset[str]:
        return frozenset(self.number.names if self.number else ()) | (self.time.reads if self.time else frozenset())

    @property
    def sets(self) -> frozenset[str]:
        return self.time.sets if self.time else frozenset()

    def enter(self, scene: Scene) -> Turn:
        number, at = "", None
        if self.number is not None:
            number = scene.around.callable(self.number.text(scene.variables).strip(), self.region)
            if not number:
                return scene.leave(INVALID)
        if self.time is not None:
            scene = self.time.told(scene, self.queue)
            at = moment_of(scene)
            if at is None:
                return scene.leave(NOT_THEN)
        ask = CallbackAsk(wish=self.do, queue=self.queue, number=number, at=at)
        return scene.ask(ask, WISHING, scene.at + LONGEST_S)

    def hear(self, scene: Scene, happening: Happening) -> Turn | None:
        match happening:
            case WishDone(why=why):
                return scene.leave("none" if why else "done")
            case TimePassed() if scene.is_due:
                return scene.leave("none")
        return None
