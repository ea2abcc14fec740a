"""Shapes as JSON Schema (draft 7), for editors. The shapes decide; this only writes down what they and their kinds say.

An editor reads YAML's types where we read texts, so a number may be written wherever its digits are a text that is allowed. What a
schema cannot say (that a step is there, that an expression can be read) it lets pass: ``acd check`` tells it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import Ge, Le, MaxLen, MinLen
from pydantic import BaseModel, BeforeValidator
from pydantic.fields import FieldInfo

from acd.config.kinds import Lasting, Matching, day, prose, spoken, truth, zone

DRAFT = "http://json-schema.org/draft-07/schema#"
Form = dict[str, Any]
Makes = Form | Callable[[Form], Form]
"""A form, or what makes one of the form of the type below it."""

ANY_TEXT: Form = {"type": ["string", "number", "boolean"]}
TRUTH: Form = {"enum": [True, False, "true", "false"]}
DURATION = r"([0-9]{1,9}(\.[0-9]{1,3})?(ms|s|m|h|d))+"
NUMBERS = (("integer", "1"), ("integer", "+5"), ("integer", "123456"), ("integer", "+491234567"), ("number", "1.5"))


def written(pattern: str, needed: str, **more: Any) -> Form:
    """A text of a pattern, or the number that it would be in YAML."""
    kinds = {kind for kind, example in NUMBERS if re.fullmatch(pattern, example, re.ASCII)}
    types = ["string", *sorted(kinds)]
    return {
        "type": types if kinds else "string",
        "pattern": f"^(?:{pattern})$",
        "patternErrorMessage": f"{needed} is needed",
        **more,
    }


def either(*forms: Form) -> Form:
    flat = [one for form in forms for one in (form["anyOf"] if form.keys() == {"anyOf"} else [form])]
    return flat[0] if len(flat) == 1 else {"anyOf": flat}


KINDS: Mapping[Any, Makes] = {
    prose: {**ANY_TEXT, "minLength": 1, "maxLength": 2000},
    truth: TRUTH,
    zone: {"type": "string", "pattern": "^[A-Za-z0-9_+/-]+$", "examples": ["Europe/Berlin", "America/New_York", "UTC"]},
    day: written(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "a date such as 2026-12-24", examples=["2026-12-24"]),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A schema that is being drawn up. ``kinds`` by the function that reads them, or by the type that it makes.

    ``words``: what a key is for, as ``Shape.key`` or ``key``.
    """

    kinds: Mapping[Any, Makes]
    words: Mapping[str, str] = field(default_factory=dict)
    definitions: dict[str, Form] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)  # kinds that nobody has given a form

    def of(self, annotation: Any, metadata: tuple[Any, ...] = (), where: str = "") -> Form:
        if get_origin(annotation) is Annotated:
            inner, *more = get_args(annotation)
            return self.of(inner, (*more, *metadata), where)
        for reader in [one.func for one in metadata if isinstance(one, BeforeValidator)]:
            match reader:
                case Matching():
                    return written(reader.pattern, reader.needed)
                case Lasting():
                    return _lasting(reader)
            made = self.kinds.get(reader)
            if callable(made):
                rest = tuple(one for one in metadata if getattr(one, "func", None) is not reader)
                return made(self.of(annotation, rest, where))
            if made is not None:
                return made
        if annotation in self.kinds:
            made = self.kinds[annotation]
            return made if isinstance(made, dict) else made({})
        if any(isinstance(one, BeforeValidator) for one in metadata):
            self.unknown.append(where)
        return {**self._plain(annotation, where), **_bounds(annotation, metadata)}

    def _plain(self, annotation: Any, where: str) -> Form:
        origin, inner = get_origin(annotation), get_args(annotation)
        if origin in (Union, UnionType):
            return self._union([one for one in inner if one is not NoneType], NoneType in inner, where)
        if origin is Literal:
            return {"enum": list(inner)}
        if origin in (list, tuple):
            return {"type": "array", "items": self.of(inner[0], (), where)}
        if origin in (dict, Mapping):
            names = self.of(inner[0], (), where).get("pattern")
            return {
                "type": "object",
                **({"propertyNames": {"pattern": names}} if names else {}),
                "additionalProperties": self.of(inner[1], (), where),
            }
        if isinstance(annotation, type):
            return self._class(annotation)
        return {}

    def _class(self, annotation: type) -> Form:
        if issubclass(annotation, BaseModel):
            return self.model(annotation)
        if issubclass(annotation, Enum):
            return {"enum": [one.value for one in annotation]}
        if annotation is int:
            return {"type": ["integer", "string"], "pattern": "^[0-9]+$"}
        return dict(ANY_TEXT) if annotation is str else {}

    def _union(self, several: list[Any], may_be_empty: bool, where: str) -> Form:
        form = either(*[self.of(one, (), where) for one in several])
        if not may_be_empty:
            return form
        if "enum" in form:
            return {**form, "enum": [*form["enum"], None]}
        if "type" in form:
            types = form["type"] if isinstance(form["type"], list) else [form["type"]]
            return {**form, "type": [*dict.fromkeys([*types, "null"])]}
        return either(form, {"type": "null"})

    def model(self, shape: type[BaseModel]) -> Form:
        """A reference to the shape's own part of the schema."""
        name = shape.__name__.removesuffix("Shape")
        if name not in self.definitions:
            self.definitions[name] = {}  # a shape may hold itself
            self.definitions[name] = self.body(shape)
        return {"$ref": f"#/definitions/{name}"}

    def body(self, shape: type[BaseModel], words: str = "") -> Form:
        fields = {one.alias or name: one for name, one in shape.model_fields.items()}
        return {
            "type": "object",
            "additionalProperties": False,
            "required": [key for key, one in fields.items() if one.is_required()],
            "properties": {key: self._key(words or shape.__name__.removesuffix("Shape"), key, one) for key, one in fields.items()},
        }

    def _key(self, shape: str, key: str, one: FieldInfo) -> Form:
        form = self.of(one.annotation, tuple(one.metadata), f"{shape}.{key}")
        told = one.description or self.words.get(f"{shape}.{key}") or self.words.get(key)
        default = _default(one)
        return {
            **form,
            **({"description": told} if told else {}),
            **({"default": default} if default is not None else {}),
        }


def _lasting(reader: Lasting) -> Form:
    bounds = f"{spoken(reader.least_s)} to {spoken(reader.most_s)}"
    return {
        "type": "string",
        "pattern": f"^(?:{DURATION})$",
        "patternErrorMessage": f"a duration such as 5s, 2m or 1h is needed ({bounds})",
        "examples": ["5s", "2m", "1h30m"],
    }


def _bounds(annotation: Any, metadata: tuple[Any, ...]) -> Form:
    is_mapping = get_origin(annotation) in (dict, Mapping)
    found: Form = {}
    for one in [part for whole in metadata for part in (whole.metadata if isinstance(whole, FieldInfo) else [whole])]:
        match one:
            case Ge(ge=least):
                found["minimum"] = least
            case Le(le=most):
                found["maximum"] = most
            case MinLen(min_length=least):
                found["minProperties" if is_mapping else "minItems"] = least
            case MaxLen(max_length=most):
                found["maxProperties" if is_mapping else "maxItems"] = most
    return found


def _default(one: FieldInfo) -> Any:
    """As it would be written; None where an editor has nothing to put in."""
    if any(isinstance(part, BeforeValidator) and isinstance(part.func, Lasting) for part in one.metadata):
        return spoken(one.default) if isinstance(one.default, float) else None
    return one.default if isinstance(one.default, bool | int | str) and one.default != "" else None


def schema(draft: Draft, root: Form, title: str) -> Form:
    """The whole of it."""
    return {"$schema": DRAFT, "title": title, **root, "definitions": dict(sorted(draft.definitions.items()))}
