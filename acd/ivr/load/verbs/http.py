"""`http` as it is written."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from acd.config.kinds import Name, Truth, Variable, duration, matching, text
from acd.config.sentences import shown
from acd.config.shape import Shape
from acd.core.commands import Secret
from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.prompts import PromptParts, TemplateText, resolved
from acd.ivr.load.shape import OnwardWithExits
from acd.ivr.request import Asked, Json
from acd.ivr.steps.http import Http
from acd.ivr.template import Template, template

REPEATABLE = ("GET", "PUT", "DELETE")
HOST = re.compile(r"https?://([A-Za-z0-9]([A-Za-z0-9.-]{0,252})|\[[0-9a-fA-F:.]{2,45}\])(:[0-9]{1,5})?(?=[/?]|$)", re.ASCII)
IN_URL = re.compile(r"[A-Za-z0-9\-._~:/?@!$&'()*+,;=%\[\]]*", re.ASCII)
OURS = frozenset({"host", "content-length", "transfer-encoding", "connection", "te", "upgrade", "trailer", "expect", "accept-encoding"})
DEEPEST = 8
MOST_LEAVES = 200
_header_name = matching(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}", "the name of a header, such as X-Api-Key")


def url(found: Any) -> Template:
    """A template whose host is fixed. Raises ValueError."""
    written = template(text(found, "a URL such as https://crm.example.com/callers/{{ number }}"))
    first = written.parts[0] if written.parts and isinstance(written.parts[0], str) else ""
    host = HOST.match(first)
    if not host or (host.end() == len(first) and len(written.parts) > 1):
        raise ValueError(f"found {shown(found)}; a URL begins with http:// or https:// and a fixed host, then / and what varies")
    for part in written.fixed:
        if not IN_URL.fullmatch(part):
            odd = next(char for char in part if not IN_URL.fullmatch(char))
            raise ValueError(f"{odd!r} cannot stand in a URL; write it percent-encoded, such as %20 for a blank")
    path = "".join(part if isinstance(part, str) else "x" for part in written.parts).partition("?")[0]
    if {".", ".."} & set(path.split("/")):
        raise ValueError(f"found {shown(found)}; a path without . and .. is needed")
    return written


def header_name(found: Any) -> str:
    name = _header_name(found)
    if name.lower() in OURS:
        raise ValueError(f"the header {name!r} is set by the house; leave it out")
    return name


def json_of(found: Any) -> Json:
    """Texts with variables, in lists and mappings. Raises ValueError."""
    count = [0]

    def read(one: Any, deep: int) -> Json:
        count[0] += 1
        if deep > DEEPEST or count[0] > MOST_LEAVES:
            raise ValueError(f"up to {DEEPEST} levels and {MOST_LEAVES} values are allowed in json")
        if isinstance(one, dict):
            return {name: read(inner, deep + 1) for name, inner in one.items()}
        if isinstance(one, list):
            return tuple(read(inner, deep + 1) for inner in one)
        return template("" if one is None else str(one))

    if not isinstance(found, dict | list):
        raise ValueError(f"found {shown(found)}; a mapping or a list is needed")
    return read(found, 1)


def header(found: Any) -> Template | Secret:
    """A text on one line, or ``{secret: name, before: "Bearer "}``. Raises ValueError."""
    if isinstance(found, dict):
        if "secret" not in found or found.keys() - {"secret", "before"}:
            keys = ", ".join(map(shown, list(found)[:5]))
            raise ValueError(f"found a mapping with {keys}; a text, or {{secret: name, before: 'Bearer '}} is needed")
        shape = SecretHeader.model_validate(found)
        return Secret(name=shape.secret, before=shape.before)
    written = template(text(found, "a text, or {secret: name, before: 'Bearer '}"))
    if any(not char.isprintable() for part in written.fixed for char in part):
        raise ValueError("a header has one line, without control characters")
    return written


class SecretHeader(Shape):
    secret: Name
    before: Annotated[str, BeforeValidator(matching(r"[ -~]{0,64}", "up to 64 ASCII characters, such as 'Bearer '"))] = ""


def distinct(headers: dict[str, Any]) -> dict[str, Any]:
    lower = [name.lower() for name in headers]
    twice = next((name for name in headers if lower.count(name.lower()) > 1), None)
    if twice:
        raise ValueError(f"the header {twice!r} is here twice; capitals make no difference")
    return headers


Url = Annotated[Template, BeforeValidator(url)]
Header = Annotated[Template | Secret, BeforeValidator(header)]
HeaderName = Annotated[str, BeforeValidator(header_name)]
JsonData = Annotated[Any, BeforeValidator(json_of)]
Parameter = Annotated[str, BeforeValidator(matching(r"[!-~ ]{1,100}", "the name of a parameter"))]
Parameters = Annotated[dict[Parameter, TemplateText], Field(max_length=50)]
_path = matching(r"[A-Za-z0-9_@$ -]{1,64}(\.[A-Za-z0-9_@$ -]{1,64}){0,9}", "a path in the answer, such as customer.name or rows.0.id")
AnswerPath = Annotated[str, BeforeValidator(_path)]


class HttpShape(OnwardWithExits):
    makes = Http
    url: Url
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    query: Parameters = {}
    headers: Annotated[dict[HeaderName, Header], Field(max_length=30), AfterValidator(distinct)] = {}
    json_: JsonData | None = Field(None, alias="json")
    form: Parameters | None = None
    into: Annotated[dict[Variable, AnswerPath], Field(max_length=50)] = {}
    status_into: Variable | None = None
    timeout: Annotated[float, duration(0.5, 30)] = 5.0
    tries: Annotated[int, Field(ge=1, le=5)] = 1
    safe_to_repeat: Truth | None = None
    prompt: PromptParts = ()
    music: Name = "default"

    @property
    def repeatable(self) -> bool:
        return self.method in REPEATABLE if self.safe_to_repeat is None else self.safe_to_repeat

    @model_validator(mode="after")
    def sensible(self) -> "HttpShape":
        if self.json_ is not None and self.form is not None:
            raise ValueError("only one of 'json' and 'form' can be sent")
        if self.method in ("GET", "DELETE") and (self.json_ is not None or self.form is not None):
            raise ValueError(f"a {self.method} sends no data; use 'query', or the method POST, PUT or PATCH")
        if self.tries > 1 and not self.repeatable:
            what = "done twice, for the answer to the first may only have been lost; leave out 'tries'"
            raise ValueError(f"a {self.method} that is tried again may be {what}, or say 'safe_to_repeat: true' if it may be")
        if self.status_into in self.into:
            raise ValueError(f"the variable {self.status_into!r} is in 'into' already")
        return self

    def build(self, name: str, known: Known) -> Step:
        return Http(
            name=name,
            exits=self.targets(),
            asked=Asked(
                method=self.method,
                url=self.url,
                query=self.query,
                headers=tuple(self.headers.items()),
                json=self.json_,
                form=self.form,
            ),
            into=self.into,
            status_into=self.status_into or "",
            timeout_s=self.timeout,
            most_tries=self.tries,
            repeatable=self.repeatable,
            prompt=resolved(self.prompt, known.recordings),
            music=self.music,
        )
