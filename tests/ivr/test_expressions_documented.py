"""docs/flows: every example of the expression language is evaluated, and each function has one; our pages' flows are walked."""

import re
from pathlib import Path

import pytest

from acd.ivr.expressions import parse
from acd.ivr.functions import FUNCTIONS
from acd.ivr.load import load_text
from tests.ivr.caller import Caller

DOCS = Path(__file__).parent.parent.parent / "docs" / "flows"
TEXT = (DOCS / "expressions.md").read_text()
ROW = re.compile(r"\| `([^|]*)` \| `([^|`]*)` \|$", re.MULTILINE)
EXAMPLES = ROW.findall(TEXT)


@pytest.mark.parametrize(("source", "value"), EXAMPLES)
def test_given_an_example_of_the_documentation_when_evaluated_then_it_has_the_value_that_is_written(source: str, value: str) -> None:
    assert parse(source).text({"call.language": "en"}) == value


def test_given_the_functions_when_looked_up_in_the_documentation_then_each_has_an_example() -> None:
    assert set(FUNCTIONS) == {name for source, _ in EXAMPLES for name in parse(source).calls}


@pytest.mark.parametrize(
    ("page", "heard"),
    [
        ("say", ["You owe", "twelve euro, fifty cents", ", due on", "December twenty-fourth, twenty twenty-six"]),
        ("prompts", ["Willkommen.", "Heute ist", "Donnerstag"]),
        ("language", ["For English press 1.", "Für Deutsch drücken Sie die 2."]),
        ("expressions", ["You have", "eighty-seven euro, fifty cents", "unknown"]),
    ],
)
def test_given_the_flow_of_a_page_when_walked_then_it_says_what_the_page_tells(page: str, heard: list[str]) -> None:
    (written,) = re.findall(r"```yaml\n(.*?)```", (DOCS / f"{page}.md").read_text(), re.DOTALL)
    said = Caller(load_text(written, page)).heard
    assert said[: len(heard)] == heard
