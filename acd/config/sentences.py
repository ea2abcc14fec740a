"""What pydantic found wrong, as sentences for people: what was found, what is allowed, and what was perhaps meant."""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

Path = tuple[str | int, ...]
SHOWN = 40

NEEDED = {
    "string_type": "a text",
    "string_sub_type": "a text",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a smaller number",
    "float_parsing": "a number",
    "float_type": "a number",
    "finite_number": "a number",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "set_type": "a list",
    "frozen_set_type": "a list",
    "dict_type": "a mapping",
    "mapping_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}


def sentences(model: type[BaseModel], found: Any, error: ValidationError) -> Iterator[tuple[Path, str, bool]]:
    """Path, sentence, and whether the value is meant (not its key); one for each place: a second only repeats the first."""
    seen: set[Path] = set()
    for one in error.errors(include_url=False):
        path = real_path(found, one["loc"], is_missing=one["type"] == "missing")
        if path not in seen:
            seen.add(path)
            yield path, sentence(model, path, one), is_value(one)


def is_value(error: Any) -> bool:
    """Whether an error is about a value; if not, its key is what is wrong."""
    return error["type"] not in ("missing", "extra_forbidden") and error["loc"][-1:] != ("[key]",)


def real_path(found: Any, loc: tuple[int | str, ...], *, is_missing: bool) -> Path:
    """The part of pydantic's ``loc`` that is in the data (it also names branches of unions) and the missing key, if any."""
    path: list[int | str] = []
    here = found
    for n, part in enumerate(loc):
        try:
            here = here[part]
        except (KeyError, IndexError, TypeError):
            if is_missing and n == len(loc) - 1 and isinstance(here, Mapping | None):
                path.append(part)
        else:
            path.append(part)
    return tuple(path)


def sentence(model: type[BaseModel], path: Path, error: Any) -> str:
    kind, name = error["type"], str(path[-1]) if path else ""
    if kind == "missing":
        return f"{name!r} is missing"
    if kind == "extra_forbidden":
        allowed = keys_at(model, path[:-1])
        return f"{shown(name)} is not known here{perhaps(name, allowed)}; {one_of(allowed)}"
    if error["input"] is None and kind != "value_error":
        return f"{shown(name)} is empty; {NEEDED.get(kind, 'a value')} is needed"
    if kind in ("literal_error", "enum"):
        allowed = re.findall(r"'([^']*)'", str(error["ctx"]["expected"]))
        return f"found {shown(error['input'])}{perhaps(str(error['input']), allowed)}; {one_of(allowed)}"
    if kind in NEEDED:
        return f"found {shown(error['input'])}; {NEEDED[kind]} is needed"
    if kind in ("value_error", "assertion_error"):
        return str(error["ctx"]["error"])
    if kind in ("too_short", "too_long"):
        return bounds(error)
    return f"found {shown(error['input'])}; {bounds(error) or lower_first(error['msg'])}"


BOUNDS = {
    "greater_than_equal": "at least {ge} is allowed",
    "less_than_equal": "at most {le} is allowed",
    "greater_than": "more than {gt} is allowed",
    "less_than": "less than {lt} is allowed",
    "string_too_short": "at least {min_length} characters are needed",
    "string_too_long": "at most {max_length} characters are allowed",
    "too_short": "at least {min_length} is needed, here are {actual_length}",
    "too_long": "at most {max_length} are allowed, here are {actual_length}",
}


def bounds(error: Any) -> str:
    wanted = BOUNDS.get(error["type"])
    return wanted.format(**error["ctx"]) if wanted else ""


def shown(value: Any) -> str:
    """A value as people wrote it, shortened."""
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if value is None:
        return "nothing"
    text = str(value)
    return repr(text if len(text) <= SHOWN else text[:SHOWN] + "…")


def perhaps(word: str, allowed: list[str]) -> str:
    """A near miss, as the tail of a sentence; '' when there is none."""
    by_lower = {one.lower(): one for one in allowed}
    near = get_close_matches(word[:SHOWN].lower(), by_lower, n=1, cutoff=0.6)
    return f" (did you mean {by_lower[near[0]]!r}?)" if near else ""


def one_of(allowed: list[str]) -> str:
    if not allowed:
        return "nothing is allowed here"
    return f"allowed: {', '.join(allowed)}"


def keys_at(model: type[BaseModel], path: Path) -> list[str]:
    """The keys that the shape knows at ``path``."""
    annotation: Any = model
    for part in path:
        inner = _model_in(annotation)
        if inner is not None:
            fields = {field.alias or name: field.annotation for name, field in inner.model_fields.items()}
            annotation = fields.get(str(part), inner)
        else:
            annotation = (get_args(annotation) or (annotation,))[-1]
    inner = _model_in(annotation)
    return [field.alias or name for name, field in inner.model_fields.items()] if inner else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model that an annotation is (``X``, ``X | None``, ``Annotated[X, …]``), not one in a list or mapping."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if getattr(annotation, "__origin__", None) in (list, tuple, dict, Mapping, set, frozenset):
        return None
    for inner in get_args(annotation):
        found = _model_in(inner)
        if found:
            return found
    return None


def lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def unknown(kind: str, name: str, known: list[str]) -> str:
    allowed = ", ".join(known) if known else "none"
    return f"there is no {kind} {name!r}{perhaps(name, known)}; there is: {allowed}"
