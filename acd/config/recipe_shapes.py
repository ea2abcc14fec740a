"""How ``acd.yaml`` writes the recipes of a queue: ``{when: {waited: 30s}, every: 1m, do: [{announce: ...}]}``."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from acd.config.calendars import Times
from acd.config.kinds import Name, Zone, duration, matching, prose, text
from acd.config.sentences import shown
from acd.config.shape import Shape
from acd.core.lines.recipe import Action, AddSkill, Announce, DropSkill, Leave, Offer, Open, Overflow, Prefer, Recipe, When
from acd.core.media import Media, Recorded, Speech
from acd.ivr.calendar import Calendar
from acd.words import FlowId, QueueId

RECIPES_MAX = 20
PARTS_MAX = 10
_file = matching(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}", "a recording's name without its ending (letters, digits, _ and -)")
_change = matching(r"[+-][0-9]{1,3}", "more or less priority, such as +5 or -5")
_hours = matching(r"[a-z0-9][a-z0-9_-]{0,62}/(open|closed)", "a calendar and its state, such as office/open")


def announcement(found: Any) -> tuple[tuple[str, str], ...]:
    """A text, ``{file: name}``, or a list of these, as (kind, words). Raises ValueError."""
    listed = found if isinstance(found, list) else [found]
    if not 0 < len(listed) <= PARTS_MAX:
        raise ValueError(f"1 to {PARTS_MAX} parts are allowed, here are {len(listed)}")
    return tuple(_part(one) for one in listed)


def _part(one: Any) -> tuple[str, str]:
    if isinstance(one, str):
        return "say", prose(one)
    if isinstance(one, dict) and one.keys() == {"file"}:
        return "file", _file(one["file"])
    raise ValueError(f"found {shown(one)}; a text, {{file: name}} or a list of these is needed")


def change(found: Any) -> int:
    return int(_change(found))


def calendar_state(found: Any) -> tuple[str, bool]:
    name, _, state = _hours(found).partition("/")
    return name, state == "open"


def skill(found: Any) -> tuple[str, int]:
    """``french``, or ``{french: 3}``. Raises ValueError."""
    if isinstance(found, dict) and len(found) == 1:
        (name, level), *_ = found.items()
        if isinstance(level, str) and level.isascii() and level.isdecimal() and 1 <= int(level) <= 100:
            return str(_skill(name)), int(level)
        raise ValueError(f"found {shown(level)}; a level from 1 to 100 is needed")
    return str(_skill(text(found, "a skill, or {skill: level}"))), 1


_skill = matching(r"[a-z0-9][a-z0-9_-]{0,62}", "a name of small letters, digits, _ and - (up to 63)")

Count = Annotated[int, Field(ge=0, le=100_000)]
Least = Annotated[int, Field(ge=1, le=100_000)]


class WhenShape(Shape):
    waited: Annotated[float, duration(0, 86400)] | None = None
    position_over: Count | None = None
    calls_waiting_over: Count | None = None
    available_under: Least | None = None
    eligible_under: Least | None = None
    hours: Annotated[tuple[str, bool], BeforeValidator(calendar_state)] | None = None
    between: Times | None = None
    zone: Zone | None = None

    @model_validator(mode="after")
    def asks(self) -> "WhenShape":
        if not self.model_fields_set - {"zone"}:
            raise ValueError("a recipe needs to know when; give 'waited', say")
        if self.zone and self.between is None:
            raise ValueError("'zone' belongs to 'between', which is not here")
        return self


class ActionShape(Shape):
    """Exactly one of these."""

    announce: Annotated[tuple[tuple[str, str], ...], BeforeValidator(announcement)] | None = None
    priority: Annotated[int, BeforeValidator(change)] | None = None
    add_skill: Annotated[tuple[str, int], BeforeValidator(skill)] | None = None
    drop_skill: Name | None = None
    offer: Name | None = None
    overflow: Name | None = None
    leave: Name | None = None

    @model_validator(mode="after")
    def one(self) -> "ActionShape":
        if len(self.model_fields_set) != 1:
            raise ValueError("one thing is done at a time; write each as an item of its own, such as - priority: +5")
        return self

    def action(self, language: str) -> Action:
        if self.announce is not None:
            return Announce(media=tuple(_media(kind, words, language) for kind, words in self.announce))
        if self.priority is not None:
            return Prefer(by=self.priority)
        if self.add_skill is not None:
            return AddSkill(skill=self.add_skill[0], level=self.add_skill[1])
        if self.drop_skill is not None:
            return DropSkill(skill=self.drop_skill)
        if self.offer is not None:
            return Offer(flow=FlowId(self.offer))
        if self.overflow is not None:
            return Overflow(queue=QueueId(self.overflow))
        return Leave(exit=self.leave or "")


def _media(kind: str, words: str, language: str) -> Media:
    return Recorded(name=words, language=language) if kind == "file" else Speech(text=words, language=language)


class RecipeShape(Shape):
    name: Name | None = None
    when: WhenShape
    every: Annotated[float, duration(5, 86400)] | Literal["once"] = "once"
    do: Annotated[list[ActionShape], Field(min_length=1, max_length=10)]

    @model_validator(mode="after")
    def ends_once(self) -> "RecipeShape":
        """Nothing can be done for somebody who has left."""
        for one in self.do[:-1]:
            if one.overflow or one.leave:
                raise ValueError("'overflow' and 'leave' come last: what stands after them would not be done")
        return self

    def recipe(self, place: int, language: str, zone: str) -> Recipe:
        """``place``: from 1, its name when it has none."""
        return Recipe(
            name=self.name or f"recipe {place}",
            when=self._when(zone),
            every_s=None if self.every == "once" else self.every,
            do=tuple(one.action(language) for one in self.do),
        )

    def _when(self, zone: str) -> When:
        when = self.when
        return When(
            waited_s=when.waited,
            position_over=when.position_over,
            waiting_over=when.calls_waiting_over,
            available_under=when.available_under,
            eligible_under=when.eligible_under,
            hours=(Open(calendar=when.hours[0], is_open=when.hours[1]),) if when.hours else (),
            between=Calendar(zone=when.zone or zone, weekly=(when.between,) * 7) if when.between is not None else None,
        )


Recipes = Annotated[list[RecipeShape], Field(max_length=RECIPES_MAX)]


def names(recipes: list[RecipeShape]) -> Iterator[str]:
    yield from (recipe.name or f"recipe {place}" for place, recipe in enumerate(recipes, start=1))
