"""A step that is a short conversation: smaller steps one after the other, of which one is under way. Its name stands in the phase."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from acd.core.interpreter import Happening
from acd.ivr.flow import Prompt, Step
from acd.ivr.scene import Scene, Turn

BETWEEN = "/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk(Step):
    asks: ClassVar[bool] = True

    @property
    def parts(self) -> Mapping[str, Step]:
        """The smaller steps. Their exits are words for ``after``; nobody goes anywhere by them."""
        raise NotImplementedError

    def after(self, scene: Scene, part: str, exit: str) -> Turn:
        """What comes when a part has been left by an exit."""
        raise NotImplementedError

    def shows(self, scene: Scene) -> Mapping[str, str]:
        """What prompts may say beside the flow's variables."""
        return {}

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        return tuple(prompt for part in self.parts.values() for prompt in part.prompts)

    @property
    def sets(self) -> frozenset[str]:
        return frozenset(name for part in self.parts.values() for name in part.sets)

    def listens(self, phase: str) -> bool:
        name, inner = _split(phase)
        return name in self.parts and self.parts[name].listens(inner)

    def begin(self, scene: Scene, part: str) -> Turn:
        inner = self._inside(scene, "")
        return self._outside(scene, part, self.parts[part].enter(inner))

    def hear(self, scene: Scene, happening: Happening) -> Turn | None:
        name, phase = _split(scene.frame.phase)
        if name not in self.parts:
            return None
        turn = self.parts[name].hear(self._inside(scene, phase), happening)
        return self._outside(scene, name, turn) if turn is not None else None

    def _inside(self, scene: Scene, phase: str) -> Scene:
        variables = {**scene.frame.variables, **self.shows(scene)}
        return replace(scene, frame=replace(scene.frame, phase=phase, variables=variables))

    def _outside(self, scene: Scene, part: str, turn: Turn) -> Turn:
        shown = self.shows(scene).keys() - scene.frame.variables.keys()
        variables = {name: value for name, value in turn.frame.variables.items() if name not in shown}
        frame = replace(turn.frame, variables=variables, phase=f"{part}{BETWEEN}{turn.frame.phase}")
        if turn.exit is None:
            return replace(turn, frame=frame)
        then = self.after(replace(scene, frame=frame), part, turn.exit)
        return replace(then, commands=(*turn.commands, *then.commands))


def _split(phase: str) -> tuple[str, str]:
    part, _, inner = phase.partition(BETWEEN)
    return part, inner
