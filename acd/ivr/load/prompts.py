"""Kinds of value that only flows have: texts with variables, expressions, prompts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator

from acd.config.kinds import matching, prose, text
from acd.config.sentences import shown
from acd.core.media import Recorded
from acd.ivr.expressions import Expression, parse
from acd.ivr.flow import Prompt
from acd.ivr.template import Template, template

MAX_PARTS = 50
file_name = matching(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}", "a recording's name without its ending (letters, digits, _ and -)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a prompt as it was written: a recording, a text, or a recording with the text that stands in for it."""

    file: str = ""
    say: Template | None = None

    def chosen(self, recordings: frozenset[str] | None) -> Recorded | Template:
        """The recording if it is there, else the text."""
        if self.say is None or (recordings is not None and self.file in recordings):
            return Recorded(name=self.file)
        return self.say


Parts = tuple[Part, ...]


def parts(found: Any) -> Parts:
    """Raises ValueError with a sentence."""
    listed = found if isinstance(found, list) else [found]
    if not 0 < len(listed) <= MAX_PARTS:
        raise ValueError(f"a prompt has 1 to {MAX_PARTS} parts, this one has {len(listed)}")
    return tuple(_parts(listed))


def _parts(listed: list[Any]) -> Iterator[Part]:
    for one in listed:
        if isinstance(one, str):
            yield Part(say=template(prose(one)))
        elif isinstance(one, dict) and one and one.keys() <= {"file", "say"}:
            say = template(prose(one["say"])) if "say" in one else None
            yield Part(file=file_name(one["file"]) if "file" in one else "", say=say)
        else:
            allowed = "a prompt is a text, {file: name}, {file: name, say: text} or a list of these"
            raise ValueError(f"found {shown(one)}; {allowed}")


def resolved(written: Parts, recordings: frozenset[str] | None) -> Prompt:
    return tuple(part.chosen(recordings) for part in written)


def _expression(found: Any) -> Expression:
    return parse(text(found, "a condition"))


def _template(found: Any) -> Template:
    return template("" if found is None else text(found, "a text"))


PromptParts = Annotated[Parts, BeforeValidator(parts)]
TextParts = Annotated[Parts, BeforeValidator(lambda found: parts(text(found, "a text")))]
Condition = Annotated[Expression, BeforeValidator(_expression)]
TemplateText = Annotated[Template, BeforeValidator(_template)]
_one_pattern = matching(r"[0-9*#XZN]{0,60}\.?", "a pattern (digits, X any digit, Z 1-9, N 2-9, . at the end for any more)")


def _patterns(found: Any) -> tuple[str, ...]:
    listed = found if isinstance(found, list) else [found]
    return tuple(_one_pattern(one) for one in listed[:MAX_PARTS])


Patterns = Annotated[tuple[str, ...], BeforeValidator(_patterns)]
