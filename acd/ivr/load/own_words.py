"""Prompts that a flow need not give, because we have words for them: in its languages, as far as we speak them."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationInfo

from acd.ivr.load.prompts import Part, Parts, parts, reading_of
from acd.ivr.phrases import PHRASES, labelled, phrase

OWN: Parts = ()
"""Stands for the words of ours."""


def prompt_or(what: str, key: str = "prompt") -> Any:
    """A kind of prompt that may be left out; its default is OWN."""

    def read(found: Any, info: ValidationInfo) -> Parts:
        return own_words(what, key, info) if found == OWN else parts(found, reading_of(info))

    return Annotated[Parts, BeforeValidator(read), Field(validate_default=True)]


def own_words(what: str, key: str, info: ValidationInfo) -> Parts:
    """Raises ValueError for a flow in a language that we have no words in."""
    reading = reading_of(info)
    own = reading.own or "en"
    spoken = dict.fromkeys((own, *reading.languages))
    ways = {language: (Part(say=said, own=own),) for language in spoken if (said := phrase(language, what))}
    if own not in ways:
        raise ValueError(no_words(own, key))
    return (Part(ways=ways, own=own, languages=reading.languages),)


def no_words(language: str, key: str) -> str:
    return f"{key!r} is missing; there are words for it in {', '.join(PHRASES)} only, and the flow speaks {language!r}"


def option(label: Parts, key: str) -> Parts:
    """«For sales, press 1.», in each language of the label. Raises ValueError."""
    (only,) = label
    ways = only.ways or {only.own or "en": label}
    said = {language: _sentence(language, way, key) for language, way in ways.items()}
    return (Part(ways=said, own=only.own or "en", languages=only.languages),)


def _sentence(language: str, way: Parts, key: str) -> Parts:
    text = way[0].say
    if len(way) != 1 or text is None or way[0].file:
        raise ValueError("a label is a text, or one for each language ({en: sales, de: Verkauf})")
    sentence = labelled(language, text, key)
    if sentence is None:
        raise ValueError(no_words(language, "prompt"))
    return (Part(say=sentence, own=way[0].own),)
