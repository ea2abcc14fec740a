"""Kinds of value that only flows have: texts with variables, expressions, prompts."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any

from pydantic import BeforeValidator, ValidationInfo

from acd.config.kinds import matching, prose, text
from acd.config.sentences import one_of, perhaps, shown
from acd.core.media import Recorded
from acd.ivr.expressions import Expression, parse
from acd.ivr.spoken import locale
from acd.ivr.template import Template, template
from acd.ivr.wording import ANY, ByLanguage, Prompt, Said, candidates

MAX_PARTS = 50
MAX_LANGUAGES = 20
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?", re.ASCII)
ALLOWED = "a prompt is a text, {file: name}, {file: name, say: text}, {name: name}, {en: text, de: text} or a list of these"
file_name = matching(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}", "a recording's name without its ending (letters, digits, _ and -)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the prompts of a flow are read with. ``used`` gathers the named ones, as they are written; ``seen`` all of them."""

    own: str = ANY  # the flow's language; ANY where there is none, as in the file of named prompts
    languages: tuple[str, ...] = ()  # that the flow declares; () allows all
    named: Mapping[str, Any] | None = None  # None: not known, so not checked
    used: dict[str, Any] = field(default_factory=dict)
    seen: list[tuple[str, "Parts"]] = field(default_factory=list)  # every prompt with its step, in the order of the file
    step: str = ""
    name: str = ""  # of the named prompt that is being read
    strict: bool = True  # other languages than those declared are refused
    deep: bool = False  # within {en: ...}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a prompt as it was written: a recording, a text, a recording with the text that stands in, or languages."""

    file: str = ""
    say: Template | None = None
    ways: Mapping[str, tuple["Part", ...]] = field(default_factory=dict)
    own: str = ANY
    languages: tuple[str, ...] = ()

    def chosen(self, recordings: frozenset[str] | None) -> Said | ByLanguage:
        """What is heard: a recording if it is there, else the text. ``recordings``: ``name``, or ``de/name`` for one language."""
        if self.ways:
            return ByLanguage(ways={key: tuple(part._said(key, recordings) for part in way) for key, way in self.ways.items()})
        if not self.file or recordings is None:
            return self.say or Recorded(name=self.file)
        if self.file in recordings:
            return Recorded(name=self.file)
        spoken = dict.fromkeys((self.own, *self.languages))
        ways: dict[str, tuple[Said, ...]] = {one: (Recorded(name=self.file),) for one in spoken if self._is_in(one, recordings)}
        if not ways:
            return self.say or Recorded(name=self.file)
        return ByLanguage(ways={**ways, ANY: (self.say,)} if self.say else ways)

    def _said(self, language: str, recordings: frozenset[str] | None) -> Said:
        if self.say is None or (self.file and recordings is not None and self._is_recorded(language, recordings)):
            return Recorded(name=self.file)
        return self.say

    def _is_recorded(self, language: str, recordings: frozenset[str]) -> bool:
        """A recording that stands in no language's folder is in the flow's own."""
        is_own = candidates(language)[-1] == candidates(self.own)[-1]
        return self._is_in(language, recordings) or (is_own and self.file in recordings)

    def _is_in(self, language: str, recordings: frozenset[str]) -> bool:
        return any(f"{key}/{self.file}" in recordings for key in candidates(language))


Parts = tuple[Part, ...]


def parts(found: Any, reading: Reading | None = None) -> Parts:
    """Raises ValueError with a sentence."""
    reading = reading or Reading()
    listed = found if isinstance(found, list) else [found]
    if not 0 < len(listed) <= MAX_PARTS:
        raise ValueError(f"a prompt has 1 to {MAX_PARTS} parts, this one has {len(listed)}")
    alone = reading if len(listed) == 1 else replace(reading, name="")
    return tuple(part for one in listed for part in _parts(one, alone))


def _parts(one: Any, reading: Reading) -> Iterator[Part]:
    if isinstance(one, str):
        yield _part(reading, file=reading.name, say=template(prose(one)))
    elif not isinstance(one, dict) or not one:
        raise ValueError(f"found {shown(one)}; {ALLOWED}")
    elif one.keys() <= {"file", "say"}:
        say = template(prose(one["say"])) if "say" in one else None
        yield _part(reading, file=file_name(one["file"]) if "file" in one else reading.name, say=say)
    elif one.keys() == {"name"}:
        yield from _named(one["name"], reading)
    elif all(LANGUAGE.fullmatch(key) for key in one) and not reading.deep:
        yield _in_languages(one, reading)
    else:
        raise ValueError(f"found {shown(one)} with {', '.join(shown(key)[1:-1] for key in list(one)[:5])}; {ALLOWED}")


def _part(reading: Reading, **more: Any) -> Part:
    return Part(own=reading.own, languages=reading.languages, **more)


def _named(found: Any, reading: Reading) -> Parts:
    name = file_name(found)
    if reading.name or reading.own == ANY and reading.named is not None:
        raise ValueError(f"found the name {shown(name)} in a named prompt; give its text here, or its file")
    if reading.named is None:
        return (_part(reading, file=name),)
    if name not in reading.named:
        known = sorted(reading.named)
        raise ValueError(f"there is no prompt {shown(name)} in prompts.yaml{perhaps(name, known)}; {one_of(known[:20])}")
    reading.used[name] = reading.named[name]
    return parts(reading.named[name], replace(reading, name=name, strict=False))


def _in_languages(one: Mapping[str, Any], reading: Reading) -> Part:
    known = list(reading.languages) if reading.strict else []
    for key in one:
        if not known and locale(key) is None:
            raise ValueError(f"found {shown(key)}, which is no language that is known, with its value; {ALLOWED}")
        if known and key not in known:
            raise ValueError(f"found the language {shown(key)}{perhaps(key, known)}; the flow's languages are: {', '.join(known)}")
    if len(one) > MAX_LANGUAGES:
        raise ValueError(f"up to {MAX_LANGUAGES} languages are allowed, here are {len(one)}")
    # One language alone is what everybody hears in it: "Für Deutsch drücken Sie die 2."
    if len(one) > 1 and reading.own != ANY and not any(key in one for key in candidates(reading.own)):
        raise ValueError(f"the text in {reading.own!r}, the flow's language, is missing; it is heard where another has none")
    inner = replace(reading, deep=True)
    return _part(reading, ways={key: parts(value, inner) for key, value in one.items()})


def resolved(written: Parts, recordings: frozenset[str] | None) -> Prompt:
    return tuple(part.chosen(recordings) for part in written)


def reading_of(info: ValidationInfo) -> Reading:
    return info.context if isinstance(info.context, Reading) else Reading()


def _prompt(found: Any, info: ValidationInfo) -> Parts:
    reading = reading_of(info)
    written = parts(found, reading)
    reading.seen.append((reading.step, written))
    return written


def _expression(found: Any) -> Expression:
    return parse(text(found, "a condition"))


def _template(found: Any) -> Template:
    return template("" if found is None else text(found, "a text"))


PromptParts = Annotated[Parts, BeforeValidator(_prompt)]
TextParts = PromptParts
Condition = Annotated[Expression, BeforeValidator(_expression)]
TemplateText = Annotated[Template, BeforeValidator(_template)]
_one_pattern = matching(r"[0-9*#XZN]{0,60}\.?", "a pattern (digits, X any digit, Z 1-9, N 2-9, . at the end for any more)")


def _patterns(found: Any) -> tuple[str, ...]:
    listed = found if isinstance(found, list) else [found]
    return tuple(_one_pattern(one) for one in listed[:MAX_PARTS])


Patterns = Annotated[tuple[str, ...], BeforeValidator(_patterns)]
