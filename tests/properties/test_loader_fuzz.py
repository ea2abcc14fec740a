"""Files as no one would write them: whatever is done to a good file, its loader hands out what it should, or refuses with places.

Work is counted (calls of our functions), not timed; what stalls inside a single call is ended by the test's own limit of time.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acd.campaign import Mode
from acd.config.campaign_shapes import CampaignShape
from acd.config.document import MAX_PROBLEMS, Refused
from acd.config.load import load as load_house
from acd.ivr.check import Known
from acd.ivr.flow import Flow
from acd.ivr.load import load_text
from acd.ivr.load.named import load_prompts_text
from acd.ivr.load.shapes import SHAPES
from acd.rehearsal.load import load_tests
from tests.config import test_campaigns as campaigns
from tests.config.samples import uncommented

ROOT = Path(__file__).parent.parent.parent
EXAMPLES = int(os.environ.get("ACD_FUZZ_EXAMPLES", "100"))
LONGEST_SENTENCE = 800
CALLS = 100_000
CALLS_PER_CHARACTER = 12
HOUSE = Known(
    queues=frozenset({"sales", "support"}),
    flows=frozenset({"main", "other"}),
    trunks=frozenset({"provider"}),
    reasons=frozenset({"break", "lunch"}),
    music=frozenset({"default"}),
    recordings=frozenset({"welcome"}),
    calendars=frozenset({"main"}),
)
FLOWS = [
    *[file.read_text() for file in sorted((ROOT / "tests" / "ivr" / "good").glob("*.yaml"))],
    *[file.read_text() for file in sorted((ROOT / "ivr_flows").glob("*.yaml")) if "." not in file.stem],
]
TESTS = [file.read_text() for file in sorted((ROOT / "ivr_flows").glob("*.test.yaml"))]
SAMPLE = (ROOT / "config" / "acd.yaml").read_text()
HOUSES = [SAMPLE, uncommented(SAMPLE, "trunks", "outbound", "campaigns"), campaigns.HOUSE + campaigns.WHOLE]
PROMPTS = [
    "welcome: Welcome.\nbye: {say: Goodbye., file: good_bye}\nhello:\n  en: Hello {{ name }}.\n  de: [Hallo., {file: x}]\n",
    "only:\n  - {file: a}\n  - 'It is {{ time(at) }}'\n",
]

ODD = [
    *["\0", "\x07", "\x1b[2J", "\x7f", "\x85", "\u2028", "\ufeff", "\u202e", "\ud800", "é", "\U0001f4a3", "\r", "\t", "\\"],
    *[
        "{",
        "}",
        "[",
        "]",
        "]]",
        ": ",
        "- ",
        "? ",
        "| ",
        ">\n",
        "'",
        '"',
        "#",
        "%YAML 1.1\n",
        "---\n",
        "...\n",
        "@",
        "`",
        ",",
        "&a ",
        "*a",
        "<<: *a",
    ],
    *["!!int ", "!!python/object/apply:os.system ", "!x ", "!!binary ", "!!merge ", "!<tag:x> ", "~", "null", "[]", "{}", "''"],
    *[
        "NO",
        "on",
        "0123",
        "0x1F",
        "1_000",
        "1e999",
        "-1",
        "-0",
        ".nan",
        ".inf",
        "-.inf",
        "09:00",
        "12:30:45",
        "2026-13-45",
        "٣",
        "½",
        "1" * 6000,
    ],
    *[
        "{{",
        "}}",
        "{{ }}",
        "{{ " + "(" * 300,
        "{{ " + "not " * 500 + "a }}",
        "{{ 9 ** 9 }}",
        "{{ a.__class__ }}",
        "{{ " + "a + " * 3000 + "a }}",
    ],
    *["x" * 70, "x" * 3000, "a" * 100_000, "k" * 2000 + ": v", "[" * 60, "{a: " * 60, "[" * 20_000, "[a, " * 30, "- " * 40],
    *[
        "999999999d",
        "1.0000000001s",
        "0s",
        "5",
        "true",
        "False",
        "https://[::1",
        "https://a/{{ b }}/../x",
        "+49" + "9" * 40,
        "a,b",
        "mon-fri",
    ],
    *[
        "hang_up",
        "say",
        "gather",
        "flow",
        "return",
        "lookup",
        "other",
        "main",
        "support",
        "default",
        "__proto__",
        "step",
        "exits",
        "done",
    ],
]
PIECES = st.one_of(st.sampled_from(ODD), st.text(max_size=6))
LINES = st.integers(0, 400)


def _delete(lines: list[str], at: int, to: int, put: str) -> list[str]:
    return lines[:at] + lines[at + 1 + to % 4 :]


def _double(lines: list[str], at: int, to: int, put: str) -> list[str]:
    return lines[: at + 1] + lines[at:]


def _swap(lines: list[str], at: int, to: int, put: str) -> list[str]:
    to %= len(lines)
    swapped = list(lines)
    swapped[at], swapped[to] = swapped[to], swapped[at]
    return swapped


def _indent(lines: list[str], at: int, to: int, put: str) -> list[str]:
    return [*lines[:at], " " * (to % 9) + lines[at].lstrip(), *lines[at + 1 :]]


def _insert(lines: list[str], at: int, to: int, put: str) -> list[str]:
    column = to % (len(lines[at]) + 1)
    return [*lines[:at], lines[at][:column] + put + lines[at][column:], *lines[at + 1 :]]


def _new_value(lines: list[str], at: int, to: int, put: str) -> list[str]:
    return [*lines[:at], lines[at].partition(":")[0] + ": " + put, *lines[at + 1 :]]


def _new_key(lines: list[str], at: int, to: int, put: str) -> list[str]:
    blank = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
    return [*lines[:at], f"{blank}{put}:{lines[at].partition(':')[2]}", *lines[at + 1 :]]


def _word(lines: list[str], at: int, to: int, put: str) -> list[str]:
    words = lines[at].split(" ")
    words[to % len(words)] = put
    return [*lines[:at], " ".join(words), *lines[at + 1 :]]


CHANGES = st.tuples(st.sampled_from([_delete, _double, _swap, _indent, _insert, _new_value, _new_key, _word]), LINES, LINES, PIECES)


def changed(goods: list[str]) -> st.SearchStrategy[str]:
    def apply(good: str, changes: list[Any]) -> str:
        lines = good.split("\n")
        for change, at, to, put in changes:
            lines = change(lines, at % len(lines), to, put) or [""]
        return "\n".join(lines)

    return st.builds(apply, st.sampled_from(goods), st.lists(CHANGES, min_size=1, max_size=5))


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), PIECES),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.one_of(PIECES, st.sampled_from(["en", "file", "say", "name", "go", "if"])), inner, max_size=4),
    ),
    max_leaves=8,
)
KEYS = sorted({field.alias or name for shape in SHAPES.values() for name, field in shape.model_fields.items()})
STEPS = st.builds(
    lambda verb, more: {**more, "step": verb},
    st.sampled_from(sorted(SHAPES)),
    st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=6),
)
STRUCTURES = st.one_of(
    VALUES.map(json.dumps),
    st.builds(lambda one, two: json.dumps({"start": "a", "steps": {"a": one, "b": two}}), STEPS, st.one_of(STEPS, VALUES)),
    st.builds(lambda word, times: word * times, PIECES, st.integers(1, 300)),
)  # of JSON, which is YAML


CAMPAIGN_KEYS = st.sampled_from(sorted(CampaignShape.model_fields))
CAMPAIGN_VALUES = st.one_of(
    VALUES,
    st.sampled_from(["us", "sales", "work", "carrier", "message", "predictive", "9", "2%", "20s", "mon-sun", "00:00-24:00"]),
    st.dictionaries(
        st.sampled_from(["limit", "message", "busy", "after", "mon-fri", "sold", "retry", "lead_total"]), VALUES, max_size=4
    ),
)
CAMPAIGNS = st.builds(
    lambda kind, more: f"{campaigns.HOUSE}  c: {json.dumps({'mode': kind, **more})}\n",
    st.sampled_from([*Mode, "x"]),
    st.dictionaries(CAMPAIGN_KEYS, CAMPAIGN_VALUES, max_size=8),
)


def held(load: Callable[[str], Any], text: str) -> Any:
    """What is loaded; None when it was refused, with sentences that people can read and find."""
    try:
        return load(text)
    except Refused as refused:
        assert 0 < len(refused.problems) <= MAX_PROBLEMS
        lines = len(text.splitlines()) + 1
        for problem in refused.problems:
            assert 1 <= problem.line <= lines and problem.column >= 1, problem
            assert 0 < len(problem.what) <= LONGEST_SENTENCE, len(problem.what)
            assert problem.what.isprintable(), problem
        return None


def as_flow(text: str) -> Flow:
    return load_text(text, "fuzzed", HOUSE)


fuzzed = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.timeout(300)
@given(changed(FLOWS))
@fuzzed
def test_given_a_good_flow_when_it_is_mangled_then_it_is_a_flow_or_refused(text: str) -> None:
    flow = held(as_flow, text)
    assert flow is None or isinstance(flow, Flow)


@pytest.mark.timeout(300)
@given(STRUCTURES)
@fuzzed
def test_given_any_structure_when_loaded_then_it_is_a_flow_or_refused(text: str) -> None:
    flow = held(as_flow, text)
    assert flow is None or isinstance(flow, Flow)


@pytest.mark.timeout(300)
@given(st.one_of(changed(PROMPTS), STRUCTURES))
@fuzzed
def test_given_named_prompts_when_they_are_mangled_then_they_are_prompts_or_refused(text: str) -> None:
    held(load_prompts_text, text)


@pytest.mark.timeout(300)
@given(text=st.one_of(changed(TESTS), STRUCTURES))
@fuzzed
def test_given_tests_of_a_flow_when_they_are_mangled_then_they_are_tests_or_refused(tmp_path_factory: Any, text: str) -> None:
    folder = tmp_path_factory.getbasetemp() / "mangled tests"
    folder.mkdir(exist_ok=True)
    file = folder / "mangled.test.yaml"
    file.write_text(text, encoding="utf-8", errors="surrogatepass", newline="")
    held(lambda _: load_tests(file), text)


@pytest.mark.timeout(300)
@given(text=st.one_of(changed(HOUSES), CAMPAIGNS, STRUCTURES))
@fuzzed
def test_given_the_house_when_it_is_mangled_then_it_is_a_house_or_refused(tmp_path_factory: Any, text: str) -> None:
    folder = tmp_path_factory.getbasetemp() / "mangled house"  # its own: every file of a house's folder is read
    folder.mkdir(exist_ok=True)
    (folder / "acd.yaml").write_text(text, encoding="utf-8", errors="surrogatepass", newline="")
    held(lambda _: load_house(folder), text)


def calls_of(work: Callable[[], Any]) -> int:
    """How many functions of Python are called."""
    count = 0

    def note(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.timeout(300)
@given(st.one_of(changed(FLOWS), STRUCTURES))
@settings(fuzzed, max_examples=EXAMPLES // 3)
def test_given_any_file_when_loaded_then_the_work_is_bounded_by_its_size(text: str) -> None:
    spent = calls_of(lambda: held(as_flow, text))
    assert spent <= CALLS + CALLS_PER_CHARACTER * len(text)


@pytest.mark.parametrize(
    "evil",
    [
        "start: a\nsteps:\n" + "".join(f"  s{n}: {{step: menu, prompt: x, options: {{1: s{n + 1}}}}}\n" for n in range(999)),
        "start: a\nsteps:\n  a: {step: set, next: b, values: {x: '" + "{{ a }}" * 5000 + "'}}\n",
        "start: a\nsteps:\n  a: {step: branch, when: [" + "{if: a == b, go: c}, " * 5000 + "]}\n",
        "start: a\nsteps:\n  a: {step: say, text: [" + "x, " * 50_000 + "]}\n",
        "start: a\nsteps:\n  a: {step: hang_up, " + ", ".join(f"k{n}: v" for n in range(20_000)) + "}\n",
        "start: a\nsteps:\n  a: {step: branch, when: [{if: " + "not " * 50_000 + "a, go: a}]}\n",
        "start: a\nsteps:\n  a: {step: menu, prompt: x, options: {1: a}, exits: {"
        + ", ".join(f"e{n}: v" for n in range(9000))
        + "}}\n",
        "start: a\nsteps:\n  a: {step: gather, prompt: x, into: b, pattern: [" + "9XX., " * 20_000 + "]}\n",
    ],
    ids=["menus", "template", "conditions", "parts", "keys", "nots", "exits", "patterns"],
)
@pytest.mark.timeout(60)
def test_given_a_file_made_to_cost_when_loaded_then_the_work_is_bounded_by_its_size(evil: str) -> None:
    spent = calls_of(lambda: held(as_flow, evil))
    assert spent <= CALLS + CALLS_PER_CHARACTER * len(evil)
