"""The schemas for editors: they say what the shapes say, and take what our loaders take, read as an editor reads it (YAML 1.2)."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from acd import schemas
from acd.ivr.load import schema as of_flows
from acd.ivr.load.described import KEYS, VERBS
from acd.ivr.load.shapes import SHAPES
from acd.rehearsal import schema as of_tests

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
FLOWS = ROOT / "ivr_flows"
GOOD = sorted((HERE / "good").glob("*.yaml"))
SAMPLES = [file for file in sorted(FLOWS.glob("*.yaml")) if "." not in file.stem and file.stem != "prompts"]
SEEN_BY_EDITORS = [
    "calendar_list", "cause_unknown", "clock_without_zero", "date", "duration_number", "empty_text", "flow_with_call_variable",
    "gather_pattern", "interruptible_letters", "missing_text", "no_steps", "no_verb", "option_letter", "recording_path",
    "repeat_too_often", "set_call_variable", "split_percent", "step_is_text", "step_name", "steps_list", "tag_name", "tries",
    "truth_no", "unknown_key", "unknown_top_key", "unknown_verb", "weekday", "wish_unknown",
]  # fmt: skip


class Core(yaml.CSafeLoader):
    """YAML 1.2's core schema: `NO` is a text, `0123` and `+1555` are numbers, `09:00` and dates are texts."""

    yaml_implicit_resolvers: dict[str, Any] = {}


Core.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))
Core.add_implicit_resolver("tag:yaml.org,2002:null", re.compile("^(?:~|null|Null|NULL|)$"), [*"~nN", ""])
Core.add_implicit_resolver("tag:yaml.org,2002:int", re.compile("^[-+]?[0-9]+$"), list("-+0123456789"))
FLOAT = re.compile(r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")
Core.add_implicit_resolver("tag:yaml.org,2002:float", FLOAT, list("-+.0123456789"))
Core.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value))
Core.add_constructor("tag:yaml.org,2002:float", lambda loader, node: float(node.value))


def read(text: str) -> Any:
    return with_text_keys(yaml.load(text, Core))


def with_text_keys(found: Any) -> Any:
    if isinstance(found, dict):
        return {str(key): with_text_keys(value) for key, value in found.items()}
    return [with_text_keys(one) for one in found] if isinstance(found, list) else found


def complaints(schema: dict[str, Any], text: str) -> list[str]:
    return [f"{'/'.join(map(str, error.path))}: {error.message}"[:300] for error in Draft7Validator(schema).iter_errors(read(text))]


@pytest.mark.parametrize("file,text", list(schemas.texts(ROOT / "config", FLOWS)), ids=lambda one: getattr(one, "name", ""))
def test_given_the_published_schema_when_drawn_up_again_then_it_is_the_same(file: Path, text: str) -> None:
    assert file.read_text(encoding="utf-8") == text, f"{file.name} is old; `acd schema` writes it anew"
    Draft7Validator.check_schema(yaml.safe_load(text))


@pytest.mark.parametrize("file", [*GOOD, *SAMPLES], ids=lambda file: file.stem)
def test_given_a_good_flow_when_an_editor_reads_it_then_it_complains_of_nothing(file: Path) -> None:
    assert complaints(of_flows.flow_schema(), file.read_text()) == []


@pytest.mark.parametrize("file", sorted(FLOWS.glob("*.test.yaml")), ids=lambda file: file.stem)
def test_given_tests_of_a_sample_when_an_editor_reads_them_then_it_complains_of_nothing(file: Path) -> None:
    assert complaints(of_tests.tests_schema(), file.read_text()) == []


def test_given_the_sample_house_when_an_editor_reads_it_then_it_complains_of_nothing() -> None:
    assert complaints(schemas.acd_schema(), (ROOT / "config" / "acd.yaml").read_text()) == []


@pytest.mark.parametrize("name", SEEN_BY_EDITORS)
def test_given_a_bad_flow_when_an_editor_reads_it_then_it_complains(name: str) -> None:
    assert complaints(of_flows.flow_schema(), (HERE / "bad" / f"{name}.yaml").read_text())


STEP = "start: a\nsteps:\n  a: {%s}\n"


@pytest.mark.parametrize(
    "step",
    [
        "step: gather, prompt: 1, into: x, min: 4, max: 6, tries: 2",
        'step: gather, prompt: 1, into: x, min: "4"',
        "step: menu, prompt: Press., options: {1: a, 12: b, '#': c}",
        "step: set, values: {a: 0123, b: +15550100, c: , d: true, e: 1.5}",
        "step: transfer, to: {number: +493012345}",
        "step: say, text: Hi., interruptible: true",
        "step: say, text: Hi., interruptible: 12",
        "step: split, shares: {a: 29.5, b: 70.5}",
        "step: hours, calendar: {zone: Europe/Berlin, weekly: {mon-fri: 09:00-17:00}, exceptions: {2026-12-24: closed}}",
        "step: pause, for: 1h30m, next: a",
    ],
)
def test_given_numbers_as_people_write_them_when_an_editor_reads_them_then_it_does_not_complain(step: str) -> None:
    assert complaints(of_flows.flow_schema(), STEP % step) == []


@pytest.mark.parametrize(
    "step,complaint",
    [
        ("step: say, txt: Hi.", "'txt' was unexpected"),
        ("step: menu, options: {1: a}, prompt: Hi., exits: {timed_out: a}", "'timed_out' was unexpected"),
        ("step: pause, for: 5", "5 is not of type 'string'"),
        ("step: hang_up, cause: angry", "'angry' is not one of"),
        ("text: Hi.", "'step' is a required property"),
    ],
)
def test_given_a_slip_when_an_editor_reads_it_then_it_complains_of_this_verb_only(step: str, complaint: str) -> None:
    told = complaints(of_flows.flow_schema(), STEP % step)
    assert any(complaint in one for one in told) and len(told) <= 2, told


def test_given_all_keys_when_drawn_up_then_each_has_a_form_and_a_line_that_says_what_it_is_for() -> None:
    assert [*of_flows.unknown_kinds(), *of_tests.unknown_kinds(), *schemas.unknown_kinds()] == []
    for drawn in (of_flows.flow_schema(), of_tests.tests_schema(), schemas.acd_schema()):
        parts = {**drawn["definitions"], "": drawn}
        without = [f"{n} {key}" for n, part in parts.items() for key, one in part.get("properties", {}).items() if not described(one)]
        assert without == [], "these need a line in a file described.py"


def described(key: dict[str, Any]) -> bool:
    return bool(key.get("description"))


def test_given_the_lines_about_verbs_and_keys_when_held_against_the_shapes_then_none_is_left_over() -> None:
    assert VERBS.keys() == SHAPES.keys()
    drawn = of_flows.flow_schema()
    keys = {key for part in [drawn, *drawn["definitions"].values()] for key in part.get("properties", {})}
    assert {name.rpartition(".")[2] for name in KEYS} <= keys


@pytest.mark.parametrize("file", [*FLOWS.glob("*.yaml"), ROOT / "config" / "acd.yaml"], ids=lambda file: file.name)
def test_given_a_sample_when_opened_then_its_first_line_tells_the_editor_the_schema(file: Path) -> None:
    first = file.read_text().splitlines()[0]
    named = first.removeprefix("# yaml-language-server: $schema=")
    assert named != first and (file.parent / named).is_file(), first
    kind = "acd" if file.name == "acd.yaml" else "test" if ".test." in file.name else "flow"
    assert named == f"{kind}.schema.json"
