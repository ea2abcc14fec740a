"""`set`: variables get values. A value is a text with ``{{ expression }}`` in it, put together once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from acd.ivr.flow import Step
from acd.ivr.scene import Scene, Turn
from acd.ivr.template import Template


@dataclass(frozen=True, slots=True, kw_only=True)
class Set(Step):
    verb: ClassVar[str] = "set"
    needs: ClassVar[frozenset[str]] = frozenset({"done"})

    values: Mapping[str, Template]

    @property
    def reads(self) -> frozenset[str]:
        return frozenset(name for value in self.values.values() for name in value.names)

    @property
    def sets(self) -> frozenset[str]:
        return frozenset(self.values)

    def enter(self, scene: Scene) -> Turn:
        return put(scene, self.values).leave("done")


def put(scene: Scene, values: Mapping[str, Template]) -> Scene:
    """The scene with these variables, in the order of the file: a later value may use an earlier one."""
    for name, value in values.items():
        variables = {**scene.frame.variables, name: value.text(scene.variables)}
        scene = replace(scene, frame=replace(scene.frame, variables=variables))
    return scene
