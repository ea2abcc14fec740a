"""`tag`: what is worth knowing about the contact later, kept with its record: words of your own, and the disposition.

A value is a text with ``{{ expression }}`` in it; an empty one takes the tag away. A call keeps so many tags and no more.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from acd.ivr.flow import Step
from acd.ivr.scene import Scene, Turn
from acd.ivr.template import Template

DISPOSITION = "disposition"
TAGS_MAX = 50
VALUE_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag(Step):
    verb: ClassVar[str] = "tag"
    needs: ClassVar[frozenset[str]] = frozenset({"done"})

    tags: Mapping[str, Template]  # the disposition among them

    @property
    def reads(self) -> frozenset[str]:
        return frozenset(name for value in self.tags.values() for name in value.names)

    def enter(self, scene: Scene) -> Turn:
        variables = scene.variables
        said = {name: value.text(variables).strip()[:VALUE_MAX] for name, value in self.tags.items()}
        return replace(scene.leave("done"), tags=within_bounds(scene.call.tags, said))


def within_bounds(there: Mapping[str, str], said: Mapping[str, str]) -> dict[str, str]:
    """Of what is said, as much as the call has room for: a tag that is there may always change, the disposition always fits."""
    room = TAGS_MAX - len(there)
    kept: dict[str, str] = {}
    for name, value in said.items():
        if name not in there and name != DISPOSITION and value:
            if room <= 0:
                continue
            room -= 1
        kept[name] = value
    return kept
