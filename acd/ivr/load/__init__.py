"""YAML into flows. A file is refused whole, with everything that is wrong with it and where; what was running goes on.

The only part of ``acd.ivr`` that reads files or knows YAML and pydantic, both through ``acd.config``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from acd.config.document import Document, Problem, Refused, read_file, read_text, validate
from acd.config.kinds import Language, Name, Prose
from acd.config.sentences import one_of, perhaps, shown
from acd.config.shape import Shape
from acd.core.media import Recorded
from acd.ivr.check import Fault, Known, faults
from acd.ivr.check_all import faults_across
from acd.ivr.flow import Flow, Step
from acd.ivr.load.named import load_prompts
from acd.ivr.load.prompts import MAX_LANGUAGES, Reading
from acd.ivr.load.shapes import SHAPES
from acd.ivr.load.tables import load_tables
from acd.ivr.steps.lookup import LookUp
from acd.ivr.steps.queue import InLine
from acd.ivr.wording import said
from acd.words import FlowId

MAX_STEPS = 1000
ANYTHING = Known()
NO_FLOWS = frozenset({"prompts"})  # what else stands in the folder


class FlowShape(Shape):
    title: Prose = ""
    note: Prose = ""
    language: Language = ""
    languages: Annotated[list[Language], Field(max_length=MAX_LANGUAGES)] = []
    voice: Name = ""
    start: Name
    steps: Annotated[dict[Name, Any], Field(min_length=1, max_length=MAX_STEPS)]

    @property
    def own(self) -> str:
        """The language in which callers begin."""
        return self.language or (self.languages[0] if self.languages else "en")

    @model_validator(mode="after")
    def knows_its_own(self) -> Self:
        if self.languages and self.own not in self.languages:
            raise ValueError(f"the flow's language {self.own!r} is not among its languages: {', '.join(self.languages)}")
        return self


def load_folder(folder: Path, known: Known = ANYTHING) -> Mapping[FlowId, Flow]:
    """All flows of a folder; a file's name is its flow's id. Raises Refused with the problems of all files together.

    ``known.flows`` need not be given: the flows of the folder are known.
    """
    files = flow_files(folder)
    names = frozenset(file.stem for file in files)
    house = known if known.flows is not None else _with_flows(known, names)
    flows: dict[FlowId, Flow] = {}
    problems: list[Problem] = []
    if house.prompts is None:
        try:
            house = replace(house, prompts=load_prompts(folder))
        except Refused as refused:
            problems += refused.problems
    if house.tables is None:
        try:
            house = replace(house, tables=load_tables(folder))
        except Refused as refused:
            problems += refused.problems
    for file in files:
        try:
            flow = _flow(read_file(file), file.stem, house)
        except Refused as refused:
            problems += refused.problems
        else:
            flows[flow.id] = flow
    problems += _across(folder, flows)
    if not files:
        problems.append(Problem(file=str(folder), line=1, column=1, what="holds no flow (no file that ends in .yaml)"))
    if problems:
        raise Refused(problems)
    return flows


def flow_files(folder: Path) -> list[Path]:
    """The files of a folder that are flows: ``main.yaml`` is one, ``main.test.yaml`` beside it holds its tests."""
    return sorted(file for file in folder.glob("*.yaml") if "." not in file.stem and file.stem not in NO_FLOWS)


def load_file(file: Path, known: Known = ANYTHING, *, name: str = "") -> Flow:
    """With the named prompts that stand beside it, unless ``known`` brings them. Raises Refused."""
    house = known if known.prompts is not None else replace(known, prompts=load_prompts(file.parent))
    house = house if house.tables is not None else replace(house, tables=load_tables(file.parent))
    return _flow(read_file(file, name=name), file.stem, house)


def load_text(text: str, flow: str, known: Known = ANYTHING, *, file: str = "") -> Flow:
    """A flow from its text, e.g. an older version that was kept (``Flow.source``). Raises Refused."""
    return _flow(read_text(text, file or f"{flow}.yaml"), flow, known)


def _across(folder: Path, flows: Mapping[FlowId, Flow]) -> Iterable[Problem]:
    for id, fault in faults_across(flows):
        document = read_text(flows[id].source, str(folder / f"{id}.yaml"))
        yield document.problem(_path(document, fault), fault.what)


def _with_flows(known: Known, names: frozenset[str]) -> Known:
    return replace(known, flows=names)


def _flow(document: Document, name: str, known: Known) -> Flow:
    return read_flow(document, name, known)[0]


def read_flow(document: Document, name: str, known: Known) -> tuple[Flow, Reading]:
    """The flow, and its prompts as they are written. Raises Refused."""
    shape = validate(FlowShape, document)
    reading = Reading(own=shape.own, languages=tuple(dict.fromkeys(shape.languages)), named=known.prompts)
    steps = _steps(document, known, reading)
    flow = Flow(
        id=FlowId(name),
        version=_version(document, steps.values(), reading.used),
        start=shape.start,
        steps=steps,
        language=shape.own,
        languages=reading.languages,
        voice=shape.voice,
        title=shape.title,
        source=document.text,
        named=reading.used,
    )
    found = [document.problem(_path(document, fault), fault.what) for fault in faults(flow, known)]
    if found:
        raise Refused(found)
    return flow, reading


def _version(document: Document, steps: Iterable[Step], named: Mapping[str, Any]) -> str:
    """Of the content: the text, the named prompts and the recordings in it (a text is spoken until its recording is there)."""
    parts = (one for step in steps for prompt in step.prompts for one in said(prompt, ""))
    recorded = sorted(f"{language}/{part.name}".lstrip("/") for language, part in parts if isinstance(part, Recorded))
    written = [repr(sorted(named.items()))] if named else []
    written += [repr((step.table.columns, step.table.rows)) for step in steps if isinstance(step, LookUp) and step.table.rows]
    return sha256("\0".join([document.text, *recorded, *written]).encode()).hexdigest()[:16]


def _steps(document: Document, known: Known, reading: Reading) -> dict[str, Step]:
    steps: dict[str, Step] = {}
    problems: list[Problem] = []
    for name in document.at(("steps",)):
        try:
            steps[name] = _step(document, name, known, reading)
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(problems)
    return steps


def _step(document: Document, name: str, known: Known, reading: Reading) -> Step:
    path = ("steps", name)
    written = document.at(path)
    if not isinstance(written, dict):
        raise Refused([document.problem(path, f"found {shown(written)}; a mapping with 'step: <verb>' is needed", value=True)])
    verb = written.get("step")
    shape = SHAPES.get(verb) if isinstance(verb, str) else None
    if shape is None:
        raise Refused([_no_verb(document, path, verb)])
    step = validate(shape, document, path, context=replace(reading, step=name)).build(name, known)
    odd = [exit for exit in written.get("exits") or {} if exit not in _exits(step) and not step.takes_any_exit]
    if odd:
        allowed = sorted(_exits(step))
        raise Refused(
            document.problem((*path, "exits", exit), f"{verb} has no exit {shown(exit)}{perhaps(exit, allowed)}; {one_of(allowed)}")
            for exit in odd
        )
    return step


def _exits(step: Step) -> frozenset[str]:
    ruled = step.ways_out if isinstance(step, InLine) else frozenset()
    return (step.needs | step.offers | step.knows | ruled) - {"done"}


def _no_verb(document: Document, path: tuple[str, ...], verb: Any) -> Problem:
    allowed = sorted(SHAPES)
    if verb is None:
        return document.problem(path, f"the step has no verb; give 'step', {one_of(allowed)}")
    near = perhaps(str(verb), allowed)
    return document.problem((*path, "step"), f"there is no verb {shown(verb)}{near}; {one_of(allowed)}", value=True)


def _path(document: Document, fault: Fault) -> tuple[str | int, ...]:
    """Where in the file a fault of the graph stands: at the line that names the target, if there is one."""
    if not fault.step:
        return (fault.exit,)
    step = ("steps", fault.step)
    places: list[tuple[str | int, ...]] = [(*step, group, fault.exit) for group in ("exits", "options", "keys", "shares", "to")]
    places += [(*step, {"done": "next"}.get(fault.exit, fault.exit))]
    places += [(*step, "extensions", "go")] if fault.exit == "extension" else []
    places += [(*step, "when", n, "go") for n, one in enumerate(document.at((*step, "when")) or ()) if one["go"] == fault.exit]
    if fault.exit:
        places.append((*step, "otherwise"))
    return next((place for place in places if place in document.keys), step)
