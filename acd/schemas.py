"""The JSON Schemas that editors complete and check our files with: which there are, and where they stand."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from acd.config import shapes
from acd.config.agent_shapes import by_digits, by_name
from acd.config.described import KEYS
from acd.config.kinds import Name, address
from acd.config.outside_shapes import allowed_place
from acd.config.schema import Draft, Form, Makes, either, schema, written
from acd.config.shapes import AcdShape, network
from acd.ivr.load.schema import FORMS, flow_schema
from acd.rehearsal.schema import tests_schema

CONFIGURATION = "acd.schema.json"
FLOW = "flow.schema.json"
TESTS = "test.schema.json"


def acd_schema() -> Form:
    return schema(draft := _draft(), draft.body(AcdShape), "The house of the contact centre (acd.yaml)")


def unknown_kinds() -> list[str]:
    draft = _draft()
    draft.body(shapes.AcdShape)
    return draft.unknown


def _draft() -> Draft:
    return Draft(kinds={**FORMS, **PLACES}, words=KEYS)


NAMES = Draft(kinds={}).of(Name)
PLACES: Mapping[Any, Makes] = {
    address: written(r".+:[0-9]{1,5}", "HOST:PORT", examples=["127.0.0.1:5060"]),
    network: {"type": "string", "examples": ["192.0.2.0/24", "127.0.0.1/32"]},
    by_name: lambda form: either({"type": "array", "items": NAMES}, form),
    by_digits: lambda form: either({"type": "array", "items": NAMES}, form),
    allowed_place: written(r"[A-Za-z0-9.:/\[\]-]+", "a network such as 10.1.2.0/24 or a host such as crm.internal:8080"),
}
IN_CONFIG: Mapping[str, Callable[[], Form]] = {CONFIGURATION: acd_schema}
IN_FLOWS: Mapping[str, Callable[[], Form]] = {FLOW: flow_schema, TESTS: tests_schema}


def texts(config: Path, flows: Path) -> Iterator[tuple[Path, str]]:
    """Each file with what it should say."""
    for folder, made in ((config, IN_CONFIG), (flows, IN_FLOWS)):
        for name, draw in made.items():
            yield folder / name, json.dumps(draw(), indent=1, ensure_ascii=False) + "\n"
