"""Files as text with places: no typing traps, every problem with its line, bombs refused."""

import json
from pathlib import Path
from typing import Annotated, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field

from acd.config.document import Problem, Refused, read_file, read_text, validate
from acd.config.shape import Shape


class Inner(Shape):
    count: Annotated[int, Field(ge=1, le=9)] = 1
    kind: Literal["voice", "chat"] = "voice"


class Outer(Shape):
    name: str
    inner: Inner | None = None
    several: list[Inner] = []
    named: dict[str, Inner] = {}


def told(text: str, shape: bool = True) -> list[str]:
    with pytest.raises(Refused) as refused:
        document = read_text(text, "f.yaml")
        if shape:
            validate(Outer, document)
    return [str(problem) for problem in refused.value.problems]


@pytest.mark.parametrize("value", ["NO", "yes", "09:00", "+15551234567", "0123", "0x1F", "1_000", "null", "~", "2026-12-24", "1e3"])
def test_given_a_typing_trap_when_read_then_it_is_the_text_as_written_s08(value: str) -> None:
    assert read_text(f"a: {value}\n{value}: b", "f.yaml").data == {"a": value, value: "b"}


def test_given_nothing_when_read_then_it_is_none_and_quotes_make_an_empty_text() -> None:
    assert read_text("a:\nb: ''\nc: \"\"", "f.yaml").data == {"a": None, "b": "", "c": ""}
    assert read_text("", "f.yaml").data is None


def test_given_every_form_of_text_when_read_then_places_are_those_of_the_file() -> None:
    document = read_text("a: x\nb:\n  - y\n  - {c: z}\nd: |\n  long\n", "f.yaml")
    assert document.data == {"a": "x", "b": ["y", {"c": "z"}], "d": "long\n"}
    assert document.values[("b", 1, "c")].line == 4 and document.values[("b", 1, "c")].column == 9
    assert document.keys[("d",)].line == 5
    assert document.at(("b", 1, "c")) == "z" and document.at(("b", 7, "q")) is None


def test_given_a_problem_when_printed_then_it_is_file_line_column_what() -> None:
    assert str(Problem(file="a.yaml", line=3, column=7, what="is wrong")) == "a.yaml:3:7: is wrong"


def test_given_a_place_that_is_not_in_the_file_when_asked_then_it_is_its_parents() -> None:
    document = read_text("a:\n  b: {}\n", "f.yaml")
    assert document.problem(("a", "b", "c", 5), "x").line == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name: a\nname: b\nname: c", ["f.yaml:2:1: the key 'name' is here twice; it was given first in line 1"] * 1),
        ("name: a\nx: &b [c]\ny: *b", ["f.yaml:2:4: an anchor (&b)", "f.yaml:3:4: an alias (*b)"]),
        ("<<: *a\nname: b", ["f.yaml:1:5: an alias (*a)"]),
        ("name: !!int 5", ["f.yaml:1:7: a tag (tag:yaml.org,2002:int)"]),
        ("name: !python 5", ["f.yaml:1:7: a tag (!python)"]),
        ("? [a]\n: b", ["f.yaml:1:3: a key must be a plain text"]),
        ("a: b: c", ["f.yaml:1:5: this is not YAML: no ': ' here; a text that holds a comma"]),
        ("a: \x07", ["f.yaml:1:4: this character is not allowed"]),
        ("a: 1\n\tb: 2", ["f.yaml:2:1: this is not YAML"]),
        ("a: 1\n---\nb: 2", ["f.yaml:2:1: a second document begins here"]),
    ],
)
def test_given_what_has_no_business_here_when_read_then_it_is_refused_with_its_place(text: str, expected: list[str]) -> None:
    found = told(text, shape=False)
    assert all(one.startswith(words) for one, words in zip(found, expected, strict=False)), found
    assert len(found) >= len(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["f.yaml:1:1: 'name' is missing"]),
        ("name:", ["f.yaml:1:6: 'name' is empty; a text is needed"]),
        ("- a", ["f.yaml:1:1: found a list; a mapping is needed"]),
        ("just text", ["f.yaml:1:1: found 'just text'; a mapping is needed"]),
        ("name: [a]", ["f.yaml:1:7: found a list; a text is needed"]),
        (
            "nmae: a",
            ["f.yaml:1:1: 'name' is missing", "f.yaml:1:1: 'nmae' is not known here (did you mean 'name'?); allowed: name"],
        ),
        ("name: a\ninner: {cuont: 1}", ["f.yaml:2:9: 'cuont' is not known here (did you mean 'count'?); allowed: count, kind"]),
        ("name: a\ninner: {count: many}", ["f.yaml:2:16: found 'many'; a whole number is needed"]),
        ("name: a\ninner: {count: 0}", ["f.yaml:2:16: found '0'; at least 1 is allowed"]),
        ("name: a\nseveral: [{}, {kind: Voice}]", ["f.yaml:2:22: found 'Voice' (did you mean 'voice'?); allowed: voice, chat"]),
        ("name: a\nnamed:\n  x:\n    kind: fax", ["f.yaml:4:11: found 'fax'; allowed: voice, chat"]),
        ("name: a\nnamed:\n  x: {z: 1}", ["f.yaml:3:7: 'z' is not known here; allowed: count, kind"]),
        ("name: a\nseveral: {}", ["f.yaml:2:10: found a mapping; a list is needed"]),
    ],
)
def test_given_a_file_that_misses_its_shape_when_validated_then_a_sentence_says_what_is_allowed(text: str, expected: list[str]) -> None:
    found = told(text)
    assert len(found) == len(expected) and all(one.startswith(words) for one, words in zip(found, expected, strict=True)), found


def test_given_many_problems_when_refused_then_all_are_told_in_the_files_order_and_no_more_than_a_hundred() -> None:
    assert [one.split(":")[1] for one in told("name: a\nx: 1\ny: 2\ninner: {q: 1}\n")] == ["2", "3", "4"]
    assert len(told("name: a\n" + "".join(f"k{n}: 1\n" for n in range(500)))) == 100


def test_given_a_part_of_a_document_when_validated_then_places_are_those_of_the_whole() -> None:
    with pytest.raises(Refused, match="f.yaml:3:12: found 'x'"):
        validate(Inner, read_text("a:\n  b:\n    count: x\n", "f.yaml"), ("a", "b"))


@pytest.mark.parametrize("depth", [24, 25])
def test_given_deep_nesting_when_read_then_only_so_much_is_allowed(depth: int) -> None:
    text = "[" * depth + "]" * depth
    if depth <= 24:
        assert read_text(text, "f.yaml").data is not None
    else:
        assert "nested too deeply" in told(text, shape=False)[0]


def test_given_a_file_that_cannot_be_read_when_read_then_the_refusal_says_why(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be read: No such file"):
        read_file(tmp_path / "nothing.yaml")
    with pytest.raises(Refused, match="cannot be read: Is a directory"):
        read_file(tmp_path)
    odd = tmp_path / "odd.yaml"
    odd.write_bytes(b"a: b\nc: \xff\n")
    with pytest.raises(Refused, match="odd.yaml:2:1: is not UTF-8"):
        read_file(odd)
    odd.write_bytes(b"\xef\xbb\xbfa: b\n")
    assert read_file(odd).data == {"a": "b"}
    odd.write_bytes(b"#" * 2_000_001)
    with pytest.raises(Refused, match="too large"):
        read_file(odd)


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_given_any_text_when_read_and_validated_then_it_is_good_or_refused(text: str) -> None:
    try:
        validate(Outer, read_text(text, "f.yaml"))
    except Refused as refused:
        assert refused.problems


TEXTS = st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=5)  # beyond, JSON writes surrogates
DATA = st.recursive(TEXTS, lambda v: st.lists(v, max_size=4) | st.dictionaries(TEXTS, v, max_size=4), max_leaves=20)


@given(DATA)
@settings(max_examples=200, deadline=None)
def test_given_any_data_when_written_as_yaml_then_it_is_read_back_as_it_was(data: object) -> None:
    assert read_text(json.dumps(data), "f.yaml").data == data
