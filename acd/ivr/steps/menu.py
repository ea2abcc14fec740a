"""`menu`: the caller chooses by digit; the exit is what was chosen. More typed than that waits for the next step that asks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from acd.ivr.scene import Scene, Turn
from acd.ivr.steps.asking import Asking, WrongAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu(Asking):
    verb: ClassVar[str] = "menu"

    options: Mapping[str, str] = field(default_factory=dict)  # digits -> step; they stand in ``exits`` too

    def judge(self, scene: Scene, typed: str, over: bool) -> Turn | None:
        for n in range(1, len(typed) + 1):
            so_far = typed[:n]
            longer = any(option.startswith(so_far) and option != so_far for option in self.options)
            if so_far in self.options and (not longer or (over and n == len(typed))):
                return scene.leave(so_far, digits=typed[n:])
            if not longer:
                raise WrongAnswer
        return None
