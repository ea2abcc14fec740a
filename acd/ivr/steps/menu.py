"""`menu`: the caller chooses by digit; the exit is what was chosen. More typed than that waits for the next step that asks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from acd.ivr.scene import Scene, Turn
from acd.ivr.steps.asking import Asking, WrongAnswer

EXTENSION = "extension"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extensions:
    """Who knows an extension dials it at once: it stands in the variable ``extension``, and so is the exit called."""

    length: int
    begins: str = "0123456789"  # the digits with which extensions begin

    def may_become(self, typed: str) -> bool:
        return len(typed) <= self.length and typed[:1] in self.begins and typed.isascii() and typed.isdecimal()


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu(Asking):
    verb: ClassVar[str] = "menu"

    options: Mapping[str, str] = field(default_factory=dict)  # digits -> step; they stand in ``exits`` too
    labels: Mapping[str, str] = field(default_factory=dict)  # digits -> what is there, for people
    extensions: Extensions | None = None

    @property
    def sets(self) -> frozenset[str]:
        return frozenset({EXTENSION} if self.extensions else ())

    def judge(self, scene: Scene, typed: str, over: bool) -> Turn | None:
        for n in range(1, len(typed) + 1):
            so_far = typed[:n]
            longer = self._may_become_more(so_far)
            if so_far in self.options and (not longer or (over and n == len(typed))):
                return scene.leave(so_far, digits=typed[n:])
            if self._is_extension(so_far) and not longer:
                return scene.leave(EXTENSION, digits=typed[n:], variables={**scene.frame.variables, EXTENSION: so_far})
            if not longer:
                raise WrongAnswer
        return None

    def _may_become_more(self, so_far: str) -> bool:
        if any(option.startswith(so_far) and option != so_far for option in self.options):
            return True
        return self.extensions is not None and len(so_far) < self.extensions.length and self.extensions.may_become(so_far)

    def _is_extension(self, typed: str) -> bool:
        return self.extensions is not None and len(typed) == self.extensions.length and self.extensions.may_become(typed)
