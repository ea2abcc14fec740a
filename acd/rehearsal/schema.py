"""Tests of flows as JSON Schema, for editors; drawn up from their shapes."""

from acd.config.schema import KINDS, Draft, Form, either, schema, written
from acd.rehearsal import load
from acd.rehearsal.described import KEYS
from acd.rehearsal.load import WORDS, TestsShape

TITLE = "Tests of a flow of the contact centre"
FORMS = {
    **KINDS,
    load.moment: {"type": "string", "pattern": r"^\S+ \d\d:\d\d$", "examples": ["tuesday 10:05", "2026-12-24 10:05"]},
    load.line: lambda inner: either({"enum": sorted(WORDS)}, {"allOf": [inner, {"minProperties": 1, "maxProperties": 1}]}),
    load.dials_line: lambda inner: either(written(r"\+?[0-9]{1,20}", "a phone number"), inner),
    load.queue_line: lambda inner: either(written("[a-z0-9][a-z0-9_-]{0,62}", "a queue's name"), inner),
}


def tests_schema() -> Form:
    return schema(draft := _draft(), draft.body(TestsShape), TITLE)


def unknown_kinds() -> list[str]:
    draft = _draft()
    draft.body(TestsShape)
    return draft.unknown


def _draft() -> Draft:
    return Draft(kinds=FORMS, words=KEYS)
