"""Runs tests of flows; says what came true and where not. PURE but for the clock that times them, which is given."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from acd.ivr.library import FlowLibrary
from acd.rehearsal.load import FlowTest
from acd.rehearsal.performance import perform
from acd.rehearsal.stage import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    test: FlowTest
    stage: Stage | None
    took_s: float
    line: int = 0  # of the file; 0 when all came true
    wrong: str = ""

    @property
    def is_true(self) -> bool:
        return not self.wrong

    @property
    def place(self) -> str:
        return f"{self.test.file}:{self.line}" if self.line else self.test.file


def run(tests: Iterable[FlowTest], library: FlowLibrary, clock: Callable[[], float]) -> list[Result]:
    return [run_one(test, library, clock) for test in tests]


def run_one(test: FlowTest, library: FlowLibrary, clock: Callable[[], float]) -> Result:
    began = clock()
    try:
        on = test.performance(library)
    except KeyError:
        return Result(test=test, stage=None, took_s=clock() - began, line=1, wrong=f"there is no flow {test.flow!r}")
    untrue = perform(on, [line for line, _ in test.script])
    took_s = clock() - began
    if untrue is None:
        return Result(test=test, stage=on.stage, took_s=took_s)
    n, wrong = untrue
    return Result(test=test, stage=on.stage, took_s=took_s, line=test.script[n][1], wrong=wrong)


def junit(results: Sequence[Result]) -> str:
    """In the form that CI systems read: a suite for each file, a case for each test."""
    root = ElementTree.Element("testsuites")
    for file in dict.fromkeys(result.test.file for result in results):
        mine = [result for result in results if result.test.file == file]
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            name=file,
            tests=str(len(mine)),
            failures=str(sum(not result.is_true for result in mine)),
            time=f"{sum(result.took_s for result in mine):.6f}",
        )
        for result in mine:
            case = ElementTree.SubElement(
                suite, "testcase", classname=result.test.flow, name=result.test.name, time=f"{result.took_s:.6f}"
            )
            if not result.is_true:
                failure = ElementTree.SubElement(case, "failure", message=_xml(result.wrong))
                failure.text = _xml(f"{result.place}: {result.wrong}")
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


def _xml(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(char for char in text if char.isprintable() or char in "\n\t")
