"""One part of a prompt in several languages, and which of them a caller hears. PURE."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from acd.core.media import Recorded
from acd.ivr.template import Template

Said = Recorded | Template
ANY = ""
"""Stands for every language that has nothing of its own: what it holds is in the flow's language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ByLanguage:
    """``ways``: language -> what is heard in it, in order."""

    ways: Mapping[str, tuple[Said, ...]]


Prompt = tuple[Recorded | Template | ByLanguage, ...]
"""What a caller hears, in order: recordings and texts to be spoken, the same for all languages or one for each."""


def chosen(ways: Mapping[str, tuple[Said, ...]], language: str, own: str) -> tuple[str, tuple[Said, ...]]:
    """The best there is for ``language`` with the language it is in; ``own`` is the flow's, which stands in for what is missing."""
    for key in candidates(language):
        if key in ways:
            return key, ways[key]
    for key in (ANY, *candidates(own)):
        if key in ways:
            return key or own, ways[key]
    return next(iter(ways.items()))


def candidates(language: str) -> tuple[str, ...]:
    """``de-AT``, then ``de``."""
    base = language.partition("-")[0]
    return (language,) if base == language else (language, base)


def is_mute(part: Said) -> bool:
    """Whether a text is nothing but values, which every language can say."""
    return isinstance(part, Template) and not any(char.isalpha() for text in part.fixed for char in text)


def said(prompt: Prompt, own: str) -> Iterator[tuple[str, Said]]:
    """All that may be heard, with its language; ANY for what is heard in whichever is in force."""
    for part in prompt:
        if isinstance(part, ByLanguage):
            yield from ((language or own, one) for language, parts in part.ways.items() for one in parts)
        elif isinstance(part, Recorded) or is_mute(part):
            yield ANY, part
        else:
            yield own, part


def parts_of(prompts: Iterable[Prompt]) -> Iterator[Said]:
    """The same of several, without the languages."""
    return (part for prompt in prompts for _, part in said(prompt, ANY))
