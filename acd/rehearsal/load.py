"""Tests of flows as they are written: ``main.test.yaml`` beside ``main.yaml``. The part of the rehearsal that reads files."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, model_validator

from acd.config.document import Document, Refused, read_file, validate
from acd.config.kinds import Digits, Name, PhoneNumber, Prefix, Prose, Truth, Variable, Zone, duration, minutes_of_day, text
from acd.config.sentences import perhaps, shown
from acd.config.shape import Shape
from acd.core.outside.outbound_policy import OutboundPolicy, Way
from acd.ivr.flow import Flow
from acd.ivr.library import FlowLibrary
from acd.rehearsal.performance import Answer, Left, Line, Performance
from acd.rehearsal.scenery import QueueScenery, Scenery
from acd.rehearsal.script import (
    Answers,
    AsksCallback,
    AtStep,
    Dials,
    Ends,
    HangsUp,
    Has,
    Hears,
    InQueue,
    LeavesMessage,
    LeavesQueue,
    NeverHears,
    Presses,
    Says,
    Silence,
    Waits,
)
from acd.rehearsal.stage import Person, Stage
from acd.words import FlowId

SUFFIX = ".test.yaml"
WEEK = datetime(2026, 3, 9)
"""The Monday of the week that weekdays mean: one without public holidays in most countries."""
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
MOMENT = re.compile(r"(\S+) (\d\d:\d\d)")


def moment(found: Any) -> datetime:
    """``tuesday 10:05`` or ``2026-12-24 10:05``, without a zone yet. Raises ValueError."""
    written = text(found, "a moment such as 'tuesday 10:05' or '2026-12-24 10:05'")
    match = MOMENT.fullmatch(written.lower())
    if not match:
        raise ValueError(f"found {shown(found)}; a moment such as 'tuesday 10:05' or '2026-12-24 10:05' is needed")
    day, minutes = match[1], minutes_of_day(match[2])
    if day in DAYS:
        return WEEK + timedelta(days=DAYS.index(day), minutes=minutes)
    try:
        return datetime.fromisoformat(day) + timedelta(minutes=minutes)
    except ValueError:
        raise ValueError(f"found {shown(found)}{perhaps(day, DAYS)}; a weekday or a date such as 2026-12-24 is needed") from None


class QueueShape(Shape):
    waiting: Annotated[int, Field(ge=0)] = 0
    online: Annotated[int, Field(ge=0)] = 0
    staffed: Annotated[int, Field(ge=0)] = 1
    ready: Annotated[int, Field(ge=0)] = 0
    hours: Name | None = None


class LeftShape(Shape):
    """A message in a mailbox."""

    left: Annotated[datetime, BeforeValidator(moment)] = moment("tuesday 09:30")
    caller: PhoneNumber | Literal["anonymous"] = "anonymous"
    length: Annotated[float, duration(1, 3600)] = 10.0
    heard: Truth = False

    def message(self) -> Left:
        caller = "" if self.caller == "anonymous" else self.caller
        return Left(at=self.left, caller=caller, seconds=self.length, heard=self.heard)


class AnswerShape(Shape):
    """How another system answers. ``values`` are the variables that the step takes from the answer, by name; a step
    ``messages`` gets the ``messages`` that lie in its mailbox."""

    status: Annotated[int, Field(ge=100, le=599)] = 200
    values: dict[Variable, str] = {}
    messages: Annotated[list[LeftShape], Field(max_length=100)] | None = None
    trouble: Literal["timeout", "unreachable", "failed", "not_found", "bad_answer", "too_large", "forbidden", "resting"] | None = None

    def answer(self) -> Answer:
        if self.trouble:
            return Answer(status=0, why=self.trouble)
        messages = None if self.messages is None else tuple(one.message() for one in self.messages)
        return Answer(status=self.status, values=self.values, messages=messages)


class GivenShape(Shape):
    at: Annotated[datetime, BeforeValidator(moment)] | None = None
    zone: Zone | None = None
    caller: PhoneNumber | Literal["anonymous"] | None = None
    caller_name: Prose | None = None
    dialled: str | None = None
    phone: Name | None = None
    agent: Name | None = None
    variables: dict[Variable, str] = {}
    calendars: dict[Name, Literal["open", "closed"]] = {}
    extensions: dict[str, Name] = {}
    queues: dict[Name, QueueShape] = {}
    position: Annotated[int, Field(ge=1)] | None = None
    expected_wait: Annotated[float, duration()] | None = None
    answers: dict[Name, AnswerShape] = {}
    outside: list[Prefix] | None = None  # numbers that may be called; left out: what the house's trunks take
    refused: dict[str, Prose] = {}

    def over(self, other: "GivenShape") -> "GivenShape":
        """This where it says something, the other where it does not."""
        mine = {name: getattr(self, name) for name in self.model_fields_set}
        for name in ("variables", "calendars", "extensions", "queues", "answers", "refused"):
            mine[name] = {**getattr(other, name), **getattr(self, name)}
        return other.model_copy(update=mine)


class QueueLine(Shape):
    queue: Name | None = None
    agent: Name | None = None
    priority: Annotated[int, Field(ge=0, le=100)] | None = None


class DialsLine(Shape):
    number: PhoneNumber
    outcome: Literal["answered", "busy", "no_answer", "failed"] = "answered"


class CallbackLine(Shape):
    queue: Name | None = None
    number: PhoneNumber | None = None
    at: Annotated[datetime, BeforeValidator(moment)] | None = None


def queue_line(found: Any) -> Any:
    return {"queue": found} if isinstance(found, str) else found


def dials_line(found: Any) -> Any:
    return {"number": found} if isinstance(found, str) else found


class LineShape(Shape):
    """One line of a script; exactly one key."""

    hears: Prose | list[Prose] | None = None
    never_hears: Prose | list[Prose] | None = None
    presses: Digits | None = None
    silence: Truth | None = None
    waits: Annotated[float, duration(0.1)] | None = None
    says: Annotated[float, duration(0.1, 3600)] | None = None
    answers: AnswerShape | None = None
    dials: Annotated[DialsLine, BeforeValidator(dials_line)] | None = None
    queue: Annotated[QueueLine, BeforeValidator(queue_line)] | None = None
    leaves_queue: Annotated[str, Field(max_length=63)] | None = None
    step: Name | None = None
    variables: dict[Variable, str] | None = None
    tags: dict[Name, str] | None = None
    message: Name | None = None
    callback: CallbackLine | None = None
    hangs_up: Truth | None = None
    ends: Literal["normal", "busy", "rejected", "failed"] | Truth | None = None

    @model_validator(mode="after")
    def one(self) -> Self:
        if len(self.model_fields_set) != 1:
            keys = ", ".join(sorted(self.model_fields_set)) or "none"
            raise ValueError(f"a line of a script says one thing, here are: {keys}")
        return self

    def lines(self) -> Iterator[Line]:
        match self:
            case LineShape(hears=str() | list() as heard):
                yield from map(Hears, [heard] if isinstance(heard, str) else heard)
            case LineShape(never_hears=str() | list() as heard):
                yield from map(NeverHears, [heard] if isinstance(heard, str) else heard)
            case LineShape(presses=str() as digits):
                yield Presses(digits)
            case LineShape(silence=True):
                yield Silence()
            case LineShape(waits=float() as seconds):
                yield Waits(seconds)
            case LineShape(says=float() as seconds):
                yield Says(seconds)
            case LineShape(answers=AnswerShape() as answer):
                yield Answers(answer.answer())
            case LineShape(dials=DialsLine() as dials):
                yield Dials(number=dials.number, outcome=dials.outcome)
            case LineShape(queue=QueueLine() as queue):
                yield InQueue(queue=queue.queue or "", priority=queue.priority, agent=queue.agent or "")
            case LineShape(leaves_queue=str() as exit):
                yield LeavesQueue(exit)
            case _:
                yield from self._rest()

    def _rest(self) -> Iterator[Line]:
        match self:
            case LineShape(step=str() as step):
                yield AtStep(step)
            case LineShape(variables=dict() as values):
                yield Has("variables", values)
            case LineShape(tags=dict() as values):
                yield Has("tags", values)
            case LineShape(message=str() as mailbox):
                yield LeavesMessage(mailbox)
            case LineShape(callback=CallbackLine() as callback):
                yield AsksCallback(queue=callback.queue or "", number=callback.number or "", at=callback.at)
            case LineShape(hangs_up=True):
                yield HangsUp()
            case LineShape(ends=str() as how):
                yield Ends(how)
            case LineShape(ends=True):
                yield Ends()


WORDS = {"silence", "hangs_up", "ends"}


def line(found: Any) -> Any:
    """A line that is one word needs no value."""
    if isinstance(found, str):
        if found not in WORDS:
            raise ValueError(f"found {shown(found)}{perhaps(found, sorted(WORDS))}; a line is 'hears: …', 'presses: …' and so on")
        return {found: "true"}
    return found


class TestShape(Shape):
    __test__ = False  # not one for pytest

    test: Prose
    given: GivenShape = GivenShape()
    script: Annotated[list[Annotated[LineShape, BeforeValidator(line)]], Field(min_length=1, max_length=500)]


class TestsShape(Shape):
    __test__ = False

    flow: Name | None = None
    note: Prose = ""
    given: GivenShape = GivenShape()
    tests: Annotated[list[TestShape], Field(min_length=1, max_length=1000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowTest:
    """One test: who calls, into what, and the lines of the script with their places in the file."""

    name: str
    file: str
    flow: FlowId
    given: GivenShape
    script: tuple[tuple[Line, int], ...]  # with its line in the file

    def performance(self, library: FlowLibrary) -> Performance:
        """Raises KeyError when there is no such flow."""
        given = self.given
        at = (given.at or moment("tuesday 10:05")).replace(tzinfo=ZoneInfo(given.zone or "UTC")).timestamp()
        person = Person(
            number="" if given.caller == "anonymous" else given.caller or "+15550100",
            name=given.caller_name or "",
            dialled=given.dialled or "100",
            phone=given.phone or "",
            agent=given.agent or "",
        )
        queues = {name: QueueScenery(**one.model_dump(exclude_none=True)) for name, one in given.queues.items()}
        scenery = Scenery(
            calendars=given.calendars, extensions=given.extensions, queues=queues, place=given.position or 1, wait_s=given.expected_wait
        )
        if given.outside is not None:
            outbound = OutboundPolicy(ways=(Way(trunk="rehearsal", prefixes=tuple(given.outside)),))
            library = replace(library, outbound=outbound)
        stage = Stage(library=library, at=at, person=person, scenery=scenery, refusals=given.refused)
        stage.begin(self.flow, given.variables)
        errands = {step: one.answer() for step, one in given.answers.items()}
        return Performance(stage=stage, errands=errands, zone=given.zone or "UTC")


def files_of_tests(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*{SUFFIX}"))


def load_tests(file: Path, flows: Mapping[FlowId, Flow] | None = None) -> list[FlowTest]:
    """Raises Refused, also for a flow that is not there when ``flows`` are given."""
    document = read_file(file)
    shape = validate(TestsShape, document)
    flow = FlowId(shape.flow or file.name.removesuffix(SUFFIX))
    if flows is not None and flow not in flows:
        near = perhaps(flow, [*flows])
        raise Refused([document.problem(("flow",), f"there is no flow {flow!r}{near}", value=True)])
    return [
        FlowTest(
            name=one.test,
            file=document.file,
            flow=flow,
            given=one.given.over(shape.given),
            script=tuple(_script(document, n, one)),
        )
        for n, one in enumerate(shape.tests)
    ]


def _script(document: Document, n: int, test: TestShape) -> Iterator[tuple[Line, int]]:
    for m, written in enumerate(test.script):
        place = document.values.get(("tests", n, "script", m)) or document.place(("tests", n, "script", m))
        for each in written.lines():
            yield each, place.line
