"""Which prompts of the house are recorded, rendered, or missing. Reads; makes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

from acd.config.document import Problem
from acd.core.media import Speech
from acd.ivr.load.inventory import Written, inventory
from acd.ivr.speak import words
from acd.live.prompts import Prompts
from acd.live.speech import NoSpeech
from acd.loading import Loaded

RECORDED, RENDERED, SPOKEN, MISSING = "recorded", "rendered", "to be rendered", "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """``why`` says what callers hear in place of what is missing."""

    written: Written
    state: str
    why: str = ""

    @property
    def text(self) -> str:
        return self.written.text.source


def found_in(loaded: Loaded, prompts: Prompts) -> list[Found]:
    """Raises Refused."""
    recordings = loaded.known.recordings or frozenset()
    return [_found(one, recordings, prompts) for one in inventory(loaded.configuration.flows, loaded.known)]


def untranslated(loaded: Loaded) -> Iterator[Problem]:
    """What a caller who chose a language hears in the flow's own instead."""
    recordings = loaded.known.recordings or frozenset()
    for one in inventory(loaded.configuration.flows, loaded.known):
        if one.lacks and not one.is_recorded(recordings):
            place = one.place
            what = f"step {one.step!r} says nothing in {one.language!r}; callers hear {one.flow.language!r} there"
            yield Problem(file=place.file, line=place.line, column=place.column, what=what)


def _found(one: Written, recordings: frozenset[str], prompts: Prompts) -> Found:
    if one.is_recorded(recordings):
        return Found(written=one, state=RECORDED)
    if one.lacks:
        return Found(written=one, state=MISSING, why=f"callers hear {one.flow.language!r}")
    if not one.text.parts:
        return Found(written=one, state=MISSING, why="there is no such recording, and no text")
    if isinstance(prompts.engine, NoSpeech):
        return Found(written=one, state=MISSING, why="no engine is there to speak it; callers hear two notes")
    voice = one.flow.voice if one.language == one.flow.language else ""
    fixed = [word for text in one.text.fixed for word in words(text)]
    kept = all(prompts.kept(Speech(text=word, language=one.language, voice=voice)) for word in fixed)
    return Found(written=one, state=RENDERED if kept else SPOKEN)
