"""Every prompt of every flow as it is written, in each language that callers can choose: what a house has to record or translate."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from acd.config.document import Document, Problem, read_file
from acd.ivr.check import Known
from acd.ivr.flow import Flow
from acd.ivr.load import flow_files, read_flow
from acd.ivr.load.named import load_prompts
from acd.ivr.load.prompts import Part
from acd.ivr.template import Template
from acd.ivr.wording import candidates, is_mute

NOTHING = Template(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One part of a prompt in one language. ``file``: the recording that would be heard; ``text``: what is spoken without one."""

    flow: Flow
    step: str
    language: str
    file: str
    text: Template = NOTHING
    place: Problem  # where it stands
    lacks: bool = False  # nothing is written for this language: the flow's own is heard

    def is_recorded(self, recordings: frozenset[str]) -> bool:
        """A recording that stands in no language's folder is in the flow's language, and for all when there is no text."""
        if not self.file:
            return False
        own = candidates(self.flow.language)[-1] == candidates(self.language)[-1] or (not self.text.parts and not self.lacks)
        return any(f"{key}/{self.file}" in recordings for key in candidates(self.language)) or (own and self.file in recordings)


def inventory(folder: Path, known: Known) -> list[Written]:
    """Raises Refused."""
    house = replace(known, prompts=load_prompts(folder))
    return [one for file in flow_files(folder) for one in _of_flow(read_file(file), file.stem, house)]


def _of_flow(document: Document, name: str, known: Known) -> Iterator[Written]:
    flow, reading = read_flow(document, name, known)
    for step, parts in reading.seen:
        place = document.problem(("steps", step), "")
        for part in parts:
            yield from _of_part(Written(flow=flow, step=step, language=flow.language, file="", place=place), part)


def _of_part(where: Written, part: Part) -> Iterator[Written]:
    if not part.ways:
        yield from _one(where, part)
        return
    for language, parts in part.ways.items():
        yield from (replace(where, language=language, file=one.file, text=one.say or NOTHING) for one in parts)
    own = next((part.ways[key] for key in candidates(where.flow.language) if key in part.ways), ())
    for language in where.flow.spoken if len(part.ways) > 1 or own else ():
        if not any(key in part.ways for key in candidates(language)):
            yield from (replace(where, language=language, file=one.file, lacks=True) for one in own if not _is_same(one))


def _one(where: Written, part: Part) -> Iterator[Written]:
    """What is written once: values alone, and a recording without a text, are the same in all languages."""
    found = replace(where, file=part.file, text=part.say or NOTHING)
    yield found
    for language in where.flow.spoken[1:]:
        if part.say is None:
            yield replace(found, language=language)
        elif not is_mute(part.say):
            yield replace(found, language=language, text=NOTHING, lacks=True)


def _is_same(part: Part) -> bool:
    return part.say is not None and is_mute(part.say) and not part.file
