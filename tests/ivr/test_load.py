"""Files of flows: every refusal with its place and sentence, and nothing that stalls or crashes the loader.

A bad file's first line says where its first problem stands and how the sentence begins.
"""

import json
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acd.config.document import Refused
from acd.core.outside.outbound_policy import Way
from acd.ivr.check import Known
from acd.ivr.flow import Flow
from acd.ivr.load import load_file, load_folder, load_text
from acd.ivr.load.shapes import SHAPES

HERE = Path(__file__).parent
SAMPLES = HERE.parent.parent / "ivr_flows"
HOUSE = Known(
    queues=frozenset({"sales", "support", "shop"}),
    ways_out={"shop": frozenset({"closed"})},
    agents=frozenset({"anna", "ben"}),
    flows=frozenset({"main", "other"}),
    trunks=frozenset({"provider"}),
    reasons=frozenset({"break", "lunch"}),
    music=frozenset({"default"}),
    recordings=frozenset({"welcome"}),
    calendars=frozenset({"main"}),
    mailboxes=frozenset({"main"}),
    outside=(Way(trunk="provider", prefixes=("+4930",)), Way(trunk="other", prefixes=("+4990",))),
)


@pytest.mark.parametrize("file", sorted((HERE / "bad").glob("*.yaml")), ids=lambda file: file.stem)
def test_given_a_bad_file_when_loaded_then_it_is_refused_with_place_and_sentence(file: Path) -> None:
    expected = file.read_text().splitlines()[0].removeprefix("# ")
    with pytest.raises(Refused) as refused:
        load_file(file, HOUSE, name=file.name)
    told = [str(problem) for problem in refused.value.problems]
    assert told[0].startswith(f"{file.name}:{expected}"), told


@pytest.mark.parametrize("file", sorted((HERE / "good").glob("*.yaml")), ids=lambda file: file.stem)
def test_given_a_good_file_when_loaded_then_it_is_a_flow(file: Path) -> None:
    assert load_file(file, HOUSE).steps


def test_given_the_good_files_when_loaded_then_every_verb_is_among_them() -> None:
    verbs = {step.verb for step in load_file(HERE / "good" / "every_step.yaml", HOUSE).steps.values()}
    assert verbs == set(SHAPES)


def test_given_the_sample_flows_when_loaded_then_they_are_good() -> None:
    known = Known(
        queues=frozenset({"sales", "support"}), reasons=frozenset({"break", "lunch", "meeting"}), recordings=frozenset(), outside=()
    )
    agents = {f"agent_{name}" for name in ("log_in", "ready", "not_ready", "log_out", "messages")}
    assert {"main", *agents} <= load_folder(SAMPLES, known).keys()


def test_given_several_problems_in_several_files_when_loaded_then_all_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("start: x\nsteps:\n  a: {step: say}\n  b: {step: saay}\n")
    (tmp_path / "b.yaml").write_text("start: ]")
    with pytest.raises(Refused) as refused:
        load_folder(tmp_path)
    assert [(Path(p.file).name, p.line) for p in refused.value.problems] == [("a.yaml", 3), ("a.yaml", 4), ("b.yaml", 1)]


def test_given_an_empty_folder_when_loaded_then_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="holds no flow"):
        load_folder(tmp_path)


def test_given_the_same_text_when_loaded_twice_then_the_version_is_the_same_and_changes_with_text_and_recordings() -> None:
    text = (HERE / "good" / "every_step.yaml").read_text()
    version = load_text(text, "a", HOUSE).version
    assert load_text(text, "a", HOUSE).version == version
    assert load_text(text + "# more\n", "a", HOUSE).version != version
    assert load_text(text, "a").version == version
    more = Known(recordings=frozenset({"welcome", "nothing_like_it"}))
    assert load_text(text, "a", more).version != version


def test_given_a_flow_when_loaded_again_from_its_source_then_it_is_the_same() -> None:
    flow = load_file(HERE / "good" / "every_step.yaml", HOUSE)
    assert load_text(flow.source, flow.id, HOUSE) == flow


@pytest.mark.parametrize(
    "bomb",
    [
        "[" * 100_000,
        "{a: " * 50_000,
        "- " * 50_000 + "x",
        "a: &a [x,x]\n" + "".join(f"b{n}: &b{n} [*a,*a]\n" for n in range(5000)),
    ]
    + ["steps:\n" + "  a: {step: hang_up}\n" * 20_000, "? " * 10_000, "'" * 100_000, "a" * 2_100_000, "- x\n" * 250_000],
    ids=["lists", "mappings", "sequences", "aliases", "duplicates", "keys", "quotes", "long", "many"],
)
def test_given_a_bomb_when_loaded_then_it_is_refused_soon_f37(bomb: str) -> None:
    began = time.process_time()
    with pytest.raises(Refused):
        load_text(bomb, "bomb")
    assert time.process_time() - began < 5  # the processor's time, so a busy machine does not matter


def test_given_a_long_chain_of_steps_when_loaded_then_its_graph_costs_no_recursion() -> None:
    steps = "".join(f"  s{n}: {{step: say, text: Hi., next: s{n + 1}}}\n" for n in range(999))
    assert len(load_text(f"start: s0\nsteps:\n{steps}  s999: {{step: hang_up}}\n", "long").steps) == 1000


def tried(text: str) -> Flow | None:
    try:
        return load_text(text, "fuzzed", HOUSE)
    except Refused as refused:
        assert refused.problems and all(p.line >= 1 and p.column >= 1 and p.what for p in refused.problems)
        return None


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_given_any_text_when_loaded_then_it_is_a_flow_or_refused(text: str) -> None:
    tried(text)


GOOD = (HERE / "good" / "every_step.yaml").read_text()
WORDS = st.sampled_from(
    [*SHAPES, "{", "}", "[", "]", ":", "- ", "\n", "  ", "&a", "*a", "!x", "{{", "}}", "''", "|", "<<", "\t", "é", "\0"]
)


@given(st.integers(0, len(GOOD)), st.integers(0, 40), st.one_of(WORDS, st.text(max_size=8)))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_given_a_good_file_when_anything_in_it_is_changed_then_it_is_a_flow_or_refused(at: int, cut: int, put: str) -> None:
    tried(GOOD[:at] + put + GOOD[at + cut :])


VALUES = st.recursive(
    st.one_of(st.none(), st.text(max_size=8), st.sampled_from(["a", "b", "1", "5s", "true", "hang_up", "say"])),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abc"), inner, max_size=3)),
    max_leaves=6,
)
KEYS = sorted({key for shape in SHAPES.values() for key in shape.model_fields} | {"if", "go"})


@given(st.sampled_from(sorted(SHAPES)), st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=6))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_given_a_step_of_any_form_when_loaded_then_it_is_a_flow_or_refused(verb: str, more: dict[str, object]) -> None:
    tried(json.dumps({"start": "a", "steps": {"a": {**more, "step": verb}, "b": {"step": "hang_up"}}}))
