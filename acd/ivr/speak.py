"""A prompt as media. PURE.

A text with variables is cut where they stand, so that all that is known when the flow is loaded can be rendered then, and
digits and letters to be spoken one by one become a part each.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from string import ascii_uppercase

from acd.core.media import Media, Recorded, Speech
from acd.ivr.expressions import LANGUAGE
from acd.ivr.flow import Flow
from acd.ivr.functions import MAX_TEXT
from acd.ivr.template import Template
from acd.ivr.variables import also
from acd.ivr.wording import ANY, ByLanguage, Prompt, Said, chosen, is_mute, parts_of, said

ONE_BY_ONE = re.compile(r"(?:[^\W_]|[*#])(?: (?:[^\W_]|[*#]))*")
SOUND = re.compile(r"[\w*#]")
DIGITS = "0123456789*#"


def media(prompt: Prompt, variables: Mapping[str, str], flow: Flow, language: str = "") -> tuple[Media, ...]:
    """In ``language``, which is the one in force; '' is the flow's. What is missing there is heard in the flow's."""
    wanted = language or flow.language
    found: list[Media] = []
    for part in prompt:
        heard_in, parts = _heard(part, wanted, flow.language)
        for one in parts:
            found += _media(one, also(variables, LANGUAGE, heard_in), heard_in, _voice(flow, heard_in))
    return tuple(found)


def _heard(part: Said | ByLanguage, wanted: str, own: str) -> tuple[str, tuple[Said, ...]]:
    if isinstance(part, ByLanguage):
        return chosen(part.ways, wanted, own)
    return (wanted if isinstance(part, Recorded) or is_mute(part) else own), (part,)


def _media(part: Said, variables: Mapping[str, str], language: str, voice: str) -> Iterator[Media]:
    if isinstance(part, Recorded):
        yield Recorded(name=part.name, language=language)
        return
    for piece in part.pieces(variables):
        yield from (Speech(text=text, language=language, voice=voice) for text in words(piece))


def _voice(flow: Flow, language: str) -> str:
    """A flow's voice speaks the flow's language."""
    return flow.voice if language == flow.language else ""


def words(piece: str) -> list[str]:
    """What is spoken as one: the piece, its digits or letters one by one, or nothing when it makes no sound."""
    text = piece.strip()[:MAX_TEXT]
    if ONE_BY_ONE.fullmatch(text):
        return text.split(" ")
    return [text] if SOUND.search(text) else []


def fixed_media(flow: Flow) -> Iterable[Media]:
    """All that can be heard in a flow and is known now: its recordings, its texts, and digits, in its languages and voice."""
    found: dict[Media, None] = {}
    prompts = [prompt for step in flow.steps.values() for prompt in step.prompts]
    always = [*DIGITS, *(ascii_uppercase if _spells(prompts) else "")]
    for language in flow.spoken:
        found |= dict.fromkeys(Speech(text=text, language=language, voice=_voice(flow, language)) for text in always)
    for prompt in prompts:
        for language, part in said(prompt, flow.language):
            for heard_in in [language] if language != ANY else flow.spoken:
                found |= dict.fromkeys(_fixed(part, heard_in, _voice(flow, heard_in)))
    return found


def _fixed(part: Said, language: str, voice: str) -> Iterator[Media]:
    if isinstance(part, Recorded):
        yield Recorded(name=part.name, language=language)
    else:
        yield from (Speech(text=word, language=language, voice=voice) for text in part.fixed for word in words(text))


def _spells(prompts: Iterable[Prompt]) -> bool:
    return any(isinstance(part, Template) and "spell" in part.calls for part in parts_of(prompts))
