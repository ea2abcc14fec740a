"""The flows in the documents of the verbs that ask: they load, and a caller gets through them."""

from pathlib import Path

import pytest

from acd.core.outside.outbound_policy import Way
from acd.ivr.load import load_text
from tests.ivr.caller import Caller

DOCS = Path(__file__).parents[2] / "docs" / "flows"


def documented(verb: str) -> Caller:
    (block,) = (DOCS / f"{verb}.md").read_text(encoding="utf-8").split("```yaml\n")[1:]
    flow = load_text(block.split("```")[0], verb)
    return Caller(flow, outside=(Way(trunk="carrier", prefixes=("+49",)),), caller_number="+493012345678")


@pytest.mark.parametrize(
    ("verb", "pressed", "step"),
    [("gather", "2412197014711", "welcome"), ("menu", "2", "workshop"), ("menu", "4711", "nobody"), ("survey", "1510", "thanks")],
)
def test_given_a_documented_flow_when_a_caller_answers_then_they_get_where_it_says(verb: str, pressed: str, step: str) -> None:
    assert documented(verb).presses(pressed).step == step


def test_given_the_documented_recording_when_kept_then_its_length_is_said() -> None:
    caller = documented("record").hears_out().hears_out(seconds=12).presses("1")
    assert caller.heard == ["We have noted", "12", "seconds."] and len(caller.messages) == 1


def test_given_the_documented_callback_when_the_line_is_left_by_key_then_the_number_is_kept() -> None:
    caller = documented("callback").comes_back("1").presses("11")
    assert [wish.number for wish in caller.callbacks] == ["+493012345678"] and caller.hears_out().step == "bye"
