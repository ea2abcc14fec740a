"""The reference of the flow language is true: each verb has its page, whose table names the verb's keys and whose flow runs."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from acd.ivr.check import Known
from acd.ivr.flow import Flow
from acd.ivr.library import FlowLibrary
from acd.ivr.load import load_text
from acd.ivr.load.shapes import SHAPES
from acd.ivr.steps.lookup import Table
from acd.rehearsal.coverage import coverage_of
from acd.rehearsal.load import load_tests
from acd.rehearsal.run import run
from acd.words import FlowId

DOCS = Path(__file__).parent.parent.parent / "docs"
PAGES = DOCS / "flows"
LANGUAGE = DOCS / "FLOWS.md"
EVERYWHERE = {"step", "note", "next", "exits", "otherwise"}  # explained once, in FLOWS.md
BLOCK = re.compile(r"^```(yaml(?: test)?)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
NAMED = {"ask_customer_number": "return", "on_hold": "leave_queue"}  # flows that examples name, by the page that has such a one


def blocks(page: Path, kind: str) -> list[str]:
    return [text for found, text in BLOCK.findall(page.read_text()) if found == kind]


def page_of(verb: str) -> Path:
    return PAGES / f"{verb}.md"


def example(page: Path) -> Flow:
    return load_text(blocks(page, "yaml")[0], page.stem.lower(), Known(tables={"customers": customers()}), file=str(page))


def customers() -> Table:
    """The table that stands on the page of `lookup`."""
    _, _, rest = page_of("lookup").read_text().partition("with `tables/customers.csv`:\n\n")
    columns, *rows = [tuple(line.strip().split(",")) for line in rest.partition("\n\n")[0].splitlines()]
    return Table(name="customers", columns=columns, rows=tuple(rows))


def library() -> FlowLibrary:
    """The examples of all pages, each a flow by its verb's name."""
    flows = {FlowId(verb): example(page_of(verb)) for verb in SHAPES}
    flows |= {FlowId(name): flows[FlowId(verb)] for name, verb in NAMED.items()}
    return FlowLibrary(flows={**flows, FlowId("flows"): example(LANGUAGE)})


def table_keys(page: Path) -> set[str]:
    """What stands in the first column of the table of keys."""
    lines = page.read_text().splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("| key |"))
    rows = [line for line in _until_blank(lines[start + 2 :])]
    return {key for row in rows for key in re.findall(r"`([^`:]+)[^`]*`", row.split("|")[1])}


def _until_blank(lines: list[str]) -> Iterator[str]:
    for line in lines:
        if not line.startswith("|"):
            return
        yield line


@pytest.mark.parametrize("verb", sorted(SHAPES))
def test_given_a_verb_when_its_page_is_read_then_it_names_exactly_its_keys(verb: str) -> None:
    fields = {field.alias or name for name, field in SHAPES[verb].model_fields.items()}
    assert fields - EVERYWHERE - table_keys(page_of(verb)) == set(), "keys that the page does not explain"
    assert table_keys(page_of(verb)) - fields == set(), "keys that the verb does not have"


@pytest.mark.parametrize("verb", sorted(SHAPES))
def test_given_a_verb_when_its_page_is_read_then_it_names_all_its_exits(verb: str) -> None:
    made, told = SHAPES[verb].makes, page_of(verb).read_text()
    exits = (made.needs | made.offers) - {"done"}
    assert [exit for exit in sorted(exits) if f"`{exit}`" not in told] == []


@pytest.mark.parametrize("page", [LANGUAGE, *sorted(PAGES.glob("*.md"))], ids=lambda page: page.stem)
def test_given_a_page_when_its_flow_is_loaded_then_it_is_good(page: Path) -> None:
    found = [load_text(text, page.stem.lower(), file=page.name) for text in blocks(page, "yaml")]
    if page.stem in SHAPES:
        assert len(found) == 1 and page.stem in {step.verb for step in found[0].steps.values()}


@pytest.mark.parametrize("name", ["flows", *sorted(SHAPES)])
def test_given_a_page_when_the_tests_beside_its_flow_are_run_then_they_are_true(name: str, tmp_path: Path) -> None:
    page = LANGUAGE if name == "flows" else page_of(name)
    tests = blocks(page, "yaml test")
    assert len(tests) == 1, "each page has one block of tests (```yaml test)"
    file = tmp_path / f"{name}.test.yaml"
    file.write_text(tests[0])
    results = run(load_tests(file), library(), lambda: 0.0)
    assert results and [result.wrong for result in results if not result.is_true] == []
    flow = library().flows[FlowId(name)]
    (walked,) = coverage_of({flow.id: flow}, [one.stage for one in results if one.stage])
    assert [step for step in walked.never if step in flow.steps and flow.steps[step].verb == name] == []


def test_given_the_language_on_one_page_when_read_then_it_leads_to_every_verb() -> None:
    assert [verb for verb in sorted(SHAPES) if f"[`{verb}`](flows/{verb}.md)" not in LANGUAGE.read_text()] == []


@pytest.mark.parametrize("page", [LANGUAGE, *sorted(PAGES.glob("*.md"))], ids=lambda page: page.stem)
def test_given_a_page_when_its_links_are_followed_then_each_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", page.read_text())
    assert [link for link in links if not (page.parent / link).is_file()] == []
