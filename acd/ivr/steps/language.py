"""`language`: from here on the caller hears another of the flow's languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from acd.ivr.flow import Step
from acd.ivr.scene import Scene, Turn
from acd.ivr.template import Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Language(Step):
    """A value that is none of the flow's languages changes nothing and leaves by `failed`."""

    verb: ClassVar[str] = "language"
    needs: ClassVar[frozenset[str]] = frozenset({"done"})
    offers: ClassVar[frozenset[str]] = frozenset({"failed"})

    language: Template

    @property
    def reads(self) -> frozenset[str]:
        return self.language.names

    @property
    def names(self) -> Mapping[str, str]:
        return {} if self.language.names or self.language.calls else {"language": self.language.text({})}

    def enter(self, scene: Scene) -> Turn:
        wanted = self.language.text(scene.variables).strip()
        if wanted not in scene.flow.spoken:
            return scene.leave("failed")
        return scene.leave("done", language=wanted)
