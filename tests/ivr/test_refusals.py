"""Every verb refuses what is wrong with it in words of ours: a key that is missing, misspelt or of the wrong kind, no such exit.

The steps are those of the good file that has every verb and key; what is done to them is written here once for all verbs, so a new
verb is held to the same. What needs several files stands in the folders of ``bad``, the expected words in the first lines.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from acd.config.document import Problem, Refused, read_file
from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load import load_folder, load_text
from acd.ivr.load.shapes import SHAPES
from tests.ivr.test_load import HOUSE

HERE = Path(__file__).parent
GOOD = read_file(HERE / "good" / "every_step.yaml").data
STEPS: dict[str, dict[str, Any]] = {name: step for name, step in GOOD["steps"].items()}
OURS = re.compile(
    r"is missing|is needed|are needed|is allowed|allowed:|is not known here|there is no|no step sets|cannot be read|may not"
    r"|no caller gets|needs to know|may be dialled|a prompt (is|has)|a check is|control characters|has no exit|nothing leads here"
    r"|an option is|a URL begins|checks are allowed|needs a value|only one of|a label is|means something else|together; they must be"
)
RAW = re.compile(r"input should|valid |Value error|type=|pydantic|unexpected|\bNone\b|Error\b|<class|object at")
ODD: dict[str, Any] = {
    "list": ["a", ["b"]],
    "mapping": {"odd key": {"x": "y"}},
    "letters": "ä ö",
    "number": "-1",
    "huge": "9" * 300,
    "not a number": ".nan",
    "empty": "",
    "nothing in a list": [],
    "control": "a\x07b",
}


def refusals(steps: dict[str, Any]) -> tuple[list[Problem], list[str]]:
    """What is wrong with a flow of these steps, and its lines; none when it is good."""
    text = json.dumps({**GOOD, "steps": steps}, indent=1, ensure_ascii=False)
    try:
        load_text(text, "mutated", HOUSE)
    except Refused as refused:
        return list(refused.problems), text.splitlines()
    return [], text.splitlines()


def with_step(name: str, step: dict[str, Any]) -> dict[str, Any]:
    """The step among the names of all others, which end the call: its own faults are told before those of the graph."""
    return {**dict.fromkeys(STEPS, {"step": "hang_up"}), name: step}


def told(name: str, step: dict[str, Any]) -> list[str]:
    """Each refusal behind the line that it names."""
    problems, lines = refusals(with_step(name, step))
    return [f"{lines[problem.line - 1].strip()} <- {problem.what}" for problem in problems]


def step_of(verb: str) -> tuple[str, dict[str, Any]]:
    """The step of the good file that has the most of a verb's keys."""
    return max(((name, step) for name, step in STEPS.items() if step["step"] == verb), key=lambda one: len(one[1]))


def required(verb: str) -> list[str]:
    fields = SHAPES[verb].model_fields
    return [fields[name].alias or name for name in fields if fields[name].is_required() and name != "step"]


@pytest.mark.parametrize("verb,key", [(verb, key) for verb in sorted(SHAPES) for key in required(verb)])
def test_given_a_step_when_a_key_that_it_needs_is_missing_then_it_says_which_at_the_step(verb: str, key: str) -> None:
    name, step = step_of(verb)
    lacking = {one: value for one, value in step.items() if one != key}
    assert any(re.fullmatch(rf'"{name}": {{ <- {key!r} is missing', one) for one in told(name, lacking)), told(name, lacking)


@pytest.mark.parametrize("verb", sorted(SHAPES))
def test_given_a_step_when_a_key_is_misspelt_then_it_says_where_and_what_was_perhaps_meant(verb: str) -> None:
    name, step = step_of(verb)
    for key in step:
        slip = {(f"{one}{one[-1]}" if one == key else one): value for one, value in step.items()}
        wanted = f"{key + key[-1]!r} is not known here (did you mean {key!r}?); allowed: step, note"
        if key == "step":
            wanted = "the step has no verb; give 'step', allowed: agent, "
        assert any(wanted in one for one in told(name, slip)), (key, told(name, slip))


def wrong_values(step: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for key in [key for key in step if key not in ("step", "note")]:
        for kind, odd in ODD.items():
            yield f"{key}: {kind}", {**step, key: odd}
            value = step[key]
            if isinstance(value, dict):
                yield from ((f"{key}.{one}: {kind}", {**step, key: {**value, one: odd}}) for one in value)
            if isinstance(value, list) and isinstance(value[0], dict):
                yield from ((f"{key}.0.{one}: {kind}", {**step, key: [{**value[0], one: odd}, *value[1:]]}) for one in value[0])


@pytest.mark.parametrize("verb", sorted(SHAPES))
def test_given_a_step_when_any_value_is_of_the_wrong_kind_then_it_is_refused_in_words_of_ours(verb: str) -> None:
    name, step = step_of(verb)
    count = 0
    for which, wrong in wrong_values(step):
        for problem in refusals(with_step(name, wrong))[0]:
            count += 1
            assert OURS.search(problem.what) and not RAW.search(problem.what), (which, problem.what)
            assert problem.what.isprintable() and len(problem.what) < 600, which
            assert problem.line > 1, (which, problem)
    assert count or not set(step) - {"step", "note"}


def closed_exits() -> Iterator[tuple[str, str]]:
    for verb, shape in sorted(SHAPES.items()):
        if "exits" in shape.model_fields and not shape.makes.open_exits and shape.makes.takes_any_exit is Step.takes_any_exit:
            yield from ((verb, exit) for exit in sorted((shape.makes.needs | shape.makes.offers) - {"done"}))


@pytest.mark.parametrize("verb,exit", list(closed_exits()))
def test_given_a_step_when_an_exit_is_misspelt_then_it_names_those_there_are(verb: str, exit: str) -> None:
    name, step = step_of(verb)
    if verb == "transfer":
        name, step = "outside", STEPS["outside"]
    found = told(name, {**step, "exits": {f"{exit}x": "bye"}})
    assert any(f"{verb} has no exit '{exit}x' (did you mean {exit!r}?); allowed: " in one for one in found), found


ONWARD = sorted({verb for verb, shape in SHAPES.items() if "done" in shape.makes.needs} - {"transfer"})  # whose `to` decides


@pytest.mark.parametrize("verb", ONWARD)
def test_given_a_step_when_it_leads_nowhere_or_to_no_step_then_it_says_so(verb: str) -> None:
    name, step = step_of(verb)
    nowhere = {key: value for key, value in step.items() if key != "next"}
    assert any(f"{verb} needs to know where callers go after 'done'; give 'next'" in one for one in told(name, nowhere))
    assert any("there is no step 'byee' (did you mean 'bye'?)" in one for one in told(name, {**step, "next": "byee"}))


FOLDERS = sorted(folder for folder in (HERE / "bad").iterdir() if folder.is_dir())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_given_flows_that_are_good_alone_when_loaded_together_then_they_are_refused_with_place_and_sentence(folder: Path) -> None:
    with pytest.raises(Refused) as refused:
        load_folder(folder, Known())
    found = [str(problem).removeprefix(f"{folder}/") for problem in refused.value.problems]
    firsts = {file.name: file.read_text().splitlines()[0] for file in folder.glob("*.yaml")}
    expected = {name: first.removeprefix("# ") for name, first in firsts.items() if first.startswith("# ")}
    assert expected, "no file says in its first line what is wrong"
    for name, words in expected.items():
        assert any(one.startswith(f"{name}:{words}") for one in found), found


def test_given_the_keys_of_the_language_when_read_then_none_is_a_trap_of_yaml() -> None:
    """Older readers of YAML make truths of on, off, yes, no, y and n. Only what follows `confirm` is so called: its digits."""
    traps = {"on", "off", "yes", "no", "y", "n", "true", "false", "null"}
    keys = {field.alias or name for shape in SHAPES.values() for name, field in shape.model_fields.items()}
    exits = {exit for shape in SHAPES.values() for exit in shape.makes.needs | shape.makes.offers}
    assert not traps & (keys | exits | SHAPES.keys())
