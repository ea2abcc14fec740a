"""The JSON Schemas that editors complete and check our files with: which there are, and where they stand."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from acd.config import shapes
from acd.config.agent_shapes import by_digits, by_name
from acd.config.campaign_shapes import NEVER, WORDS, disposition, or_never
from acd.config.described import KEYS
from acd.config.kinds import Name, address
from acd.config.outside_shapes import allowed_place
from acd.config.recipe_shapes import announcement, calendar_state, change, skill
from acd.config.schema import Draft, Form, Makes, either, schema, written
from acd.config.shapes import AcdShape, network
from acd.ivr.load.schema import FORMS, flow_schema
from acd.rehearsal.schema import tests_schema
from acd.sim.schema import scenario_schema

CONFIGURATION = "acd.schema.json"
FLOW = "flow.schema.json"
TESTS = "test.schema.json"
SCENARIO = "scenario.schema.json"
SCENARIOS = "scenarios"
"""A folder beside that of the configuration; where there is one."""


def acd_schema() -> Form:
    """Nothing is required in it: each file of a folder holds some of the keys, and ``acd check`` knows what is missing."""
    draft = _draft()
    return schema(draft, {**draft.body(AcdShape), "required": []}, "The house of the contact centre (acd.yaml, or a part of it)")


def unknown_kinds() -> list[str]:
    draft = _draft()
    draft.body(shapes.AcdShape)
    return draft.unknown


def _draft() -> Draft:
    return Draft(kinds={**FORMS, **PLACES}, words=KEYS)


NAMES = Draft(kinds={}).of(Name)
AGAIN: Form = {
    "type": "object",
    "properties": {"retry": {"type": "string", "examples": ["2d"]}},
    "required": ["retry"],
    "additionalProperties": False,
}
CALLBACK: Form = {
    "type": "object",
    "properties": {
        "callback": {
            "type": "object",
            "properties": {"after": {"type": "string", "examples": ["2h"]}, "personal": {"enum": [True, False, "true", "false"]}},
            "minProperties": 1,
            "additionalProperties": False,
        }
    },
    "required": ["callback"],
    "additionalProperties": False,
}
SAID: Form = {"anyOf": [{"type": "string"}, {"type": "object", "properties": {"file": {"type": "string"}}, "required": ["file"]}]}
PLACES: Mapping[Any, Makes] = {
    address: written(r".+:[0-9]{1,5}", "HOST:PORT", examples=["127.0.0.1:5060"]),
    network: {"type": "string", "examples": ["192.0.2.0/24", "127.0.0.1/32"]},
    by_name: lambda form: either({"type": "array", "items": NAMES}, form),
    by_digits: lambda form: either({"type": "array", "items": NAMES}, form),
    calendar_state: written(r"[a-z0-9][a-z0-9_-]{0,62}/(open|closed)", "a calendar and its state, such as office/open"),
    change: written(r"[+-][0-9]{1,3}", "more or less priority, such as +5 or -5", examples=["+5"]),
    skill: either(NAMES, {"type": "object", "minProperties": 1, "maxProperties": 1}),
    announcement: either(SAID, {"type": "array", "items": SAID, "minItems": 1, "maxItems": 10}),
    or_never: lambda form: either(form, {"enum": [NEVER]}),
    disposition: either({"enum": WORDS}, AGAIN, CALLBACK),
    allowed_place: written(r"[A-Za-z0-9.:/\[\]-]+", "a network such as 10.1.2.0/24 or a host such as crm.internal:8080"),
}
IN_CONFIG: Mapping[str, Callable[[], Form]] = {CONFIGURATION: acd_schema}
IN_FLOWS: Mapping[str, Callable[[], Form]] = {FLOW: flow_schema, TESTS: tests_schema}
IN_SCENARIOS: Mapping[str, Callable[[], Form]] = {SCENARIO: scenario_schema}


def texts(config: Path, flows: Path) -> Iterator[tuple[Path, str]]:
    """Each file with what it should say."""
    scenarios = config.parent / SCENARIOS
    for folder, made in ((config, IN_CONFIG), (flows, IN_FLOWS), (scenarios, IN_SCENARIOS if scenarios.is_dir() else {})):
        for name, draw in made.items():
            yield folder / name, json.dumps(draw(), indent=1, ensure_ascii=False) + "\n"
