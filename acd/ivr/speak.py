"""A prompt as media. PURE.

A text with variables is cut where they stand, so that all that is known when the flow is loaded can be rendered then, and
digits to be spoken one by one become a part each.
"""

import re
from collections.abc import Iterable, Mapping

from acd.core.media import Media, Recorded, Speech
from acd.ivr.flow import Flow, Prompt
from acd.ivr.functions import MAX_TEXT

ONE_BY_ONE = re.compile(r"[0-9*#]( [0-9*#])*", re.ASCII)
SOUND = re.compile(r"[\w*#]")
DIGITS = "0123456789*#"


def media(prompt: Prompt, variables: Mapping[str, str], language: str, voice: str) -> tuple[Media, ...]:
    found: list[Media] = []
    for part in prompt:
        if isinstance(part, Recorded):
            found.append(Recorded(name=part.name, language=language))
        else:
            texts = (word for piece in part.pieces(variables) for word in words(piece))
            found += [Speech(text=text, language=language, voice=voice) for text in texts]
    return tuple(found)


def words(piece: str) -> list[str]:
    """What is spoken as one: the piece, its digits one by one, or nothing when it makes no sound."""
    text = piece.strip()[:MAX_TEXT]
    if ONE_BY_ONE.fullmatch(text):
        return text.split(" ")
    return [text] if SOUND.search(text) else []


def fixed_media(flow: Flow) -> Iterable[Media]:
    """All that can be heard in a flow and is known now: its recordings, its texts, and the digits, in its language and voice."""
    spoken = [*DIGITS]
    for step in flow.steps.values():
        for prompt in step.prompts:
            for part in prompt:
                if isinstance(part, Recorded):
                    yield Recorded(name=part.name, language=flow.language)
                else:
                    spoken += [word for text in part.fixed for word in words(text)]
    yield from (Speech(text=text, language=flow.language, voice=flow.voice) for text in dict.fromkeys(spoken))
