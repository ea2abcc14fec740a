"""What a flow sends to a server, filled with what is known of the caller. PURE.

The host, the names of parameters and headers, and the form of the data are fixed in the file. Variables are only ever data:
percent-encoded in a URL, one line in a header, a text (or the number, or the truth, that one expression gives) in JSON.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import quote

from acd.core.commands import Secret
from acd.ivr.expressions import Expression
from acd.ivr.functions import as_text
from acd.ivr.template import Template

URL_MOST = 4000
BODY_MOST = 64_000
HEADER_MOST = 1000

Json: TypeAlias = Template | tuple["Json", ...] | Mapping[str, "Json"]
Variables = Mapping[str, str]


class Unfit(Exception):
    """What this caller brings along makes no request that should be sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as it is written in a flow."""

    method: str
    url: Template
    query: Mapping[str, Template] = field(default_factory=dict)
    headers: tuple[tuple[str, Template | Secret], ...] = ()
    json: Json | None = None
    form: Mapping[str, Template] | None = None

    @property
    def reads(self) -> frozenset[str]:
        found = [self.url, *self.query.values(), *(self.form or {}).values()]
        found += [value for _, value in self.headers if isinstance(value, Template)]
        found += leaves(self.json) if self.json is not None else []
        return frozenset(name for one in found for name in one.names)

    @property
    def secrets(self) -> frozenset[str]:
        return frozenset(value.name for _, value in self.headers if isinstance(value, Secret))

    def filled_url(self, variables: Variables) -> str:
        """Raises Unfit when a variable would change which thing is meant: an empty one in the path, or ``..``."""
        url = filled(self.url, variables)
        segments, meant = _segments(url), _segments(_with_letters(self.url))
        if any(part in (".", "..") for part in segments) or segments.count("") > meant.count(""):
            raise Unfit("a variable in the path is empty or leads elsewhere")
        if self.query:
            url += ("&" if "?" in url else "?") + pairs(self.query, variables)
        if len(url) > URL_MOST:
            raise Unfit("too long")
        return url

    def filled_headers(self, variables: Variables) -> tuple[tuple[str, str | Secret], ...]:
        written = {name.lower() for name, _ in self.headers}
        own = {"accept": "application/json"}
        if self.json is not None or self.form is not None:
            own["content-type"] = "application/json" if self.json is not None else "application/x-www-form-urlencoded"
        found: list[tuple[str, str | Secret]] = [(name, value) for name, value in own.items() if name not in written]
        for name, value in self.headers:
            found.append((name, value if isinstance(value, Secret) else one_line(value.text(variables))))
        return tuple(found)

    def filled_body(self, variables: Variables) -> str | None:
        """Raises Unfit."""
        if self.json is None and self.form is None:
            return None
        body = pairs(self.form, variables) if self.form is not None else json.dumps(as_json(self.json, variables))
        if len(body) > BODY_MOST:
            raise Unfit("too long")
        return body


def filled(url: Template, variables: Variables) -> str:
    return "".join(part if isinstance(part, str) else encoded(part.text(variables)) for part in url.parts)


def encoded(text: str) -> str:
    return quote(text, safe="", errors="replace")


def pairs(values: Mapping[str, Template], variables: Variables) -> str:
    return "&".join(f"{encoded(name)}={encoded(value.text(variables))}" for name, value in values.items())


def one_line(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text).strip()[:HEADER_MOST]


def as_json(found: Any, variables: Variables) -> Any:
    if isinstance(found, Template):
        return _value(found, variables)
    if isinstance(found, tuple):
        return [as_json(one, variables) for one in found]
    return {name: as_json(one, variables) for name, one in found.items()}


def _value(leaf: Template, variables: Variables) -> Any:
    """A text; but what one expression alone gives keeps its kind, so that ``{{ amount + 0 }}`` is a number."""
    if len(leaf.parts) != 1 or not isinstance(leaf.parts[0], Expression):
        return leaf.text(variables)
    value = leaf.parts[0].value(variables)
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return value if isinstance(value, bool) else as_text(value)


def leaves(found: Json) -> list[Template]:
    if isinstance(found, Template):
        return [found]
    return [leaf for one in (found if isinstance(found, tuple) else found.values()) for leaf in leaves(one)]


def _with_letters(url: Template) -> str:
    return "".join(part if isinstance(part, str) else "x" for part in url.parts)


def _segments(url: str) -> list[str]:
    return url.partition("?")[0].partition("://")[2].split("/")[1:]
