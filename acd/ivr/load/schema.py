"""The flow language as JSON Schema, drawn up from the shapes of its verbs: a new verb or key is in it without a line here.

Only a new *kind* of value needs a form (``FORMS``); until it has one, editors let it pass, and a test tells.
"""

from collections.abc import Mapping
from typing import Any

from acd.config.calendars import DAYS, ranges, weekdays
from acd.config.kinds import Name, phone_region
from acd.config.schema import ANY_TEXT, KINDS, Draft, Form, Makes, either, schema, written
from acd.ivr.expressions import Expression
from acd.ivr.flow import Step
from acd.ivr.load import MAX_STEPS, FlowShape, prompts
from acd.ivr.load.checks import DATES, EXAMPLES, MAX_CHECKS, PLAIN, checks
from acd.ivr.load.described import KEYS, VERBS
from acd.ivr.load.digits import NEEDED, interrupting
from acd.ivr.load.prompts import MAX_PARTS, Parts
from acd.ivr.load.shape import StepShape
from acd.ivr.load.shapes import SHAPES
from acd.ivr.load.verbs import http, menu, record, split
from acd.ivr.template import Template

TITLE = "A flow of the contact centre"
_RANGE = r"([01][0-9]|2[0-3]|24):[0-5][0-9]-([01][0-9]|2[0-3]|24):[0-5][0-9]"
_DAY = f"({'|'.join(DAYS)})"
_PART: Form = {
    "anyOf": [
        ANY_TEXT,
        {
            "type": "object",
            "additionalProperties": False,
            "minProperties": 1,
            "properties": {
                "file": {**written("[A-Za-z0-9][A-Za-z0-9_-]{0,62}", "a recording's name"), "description": "A recording, by name."},
                "say": {**ANY_TEXT, "description": "The text, spoken until the recording is there."},
            },
        },
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["name"],
            "properties": {"name": {"type": ["string", "number"], "description": "A prompt of prompts.yaml, by name."}},
        },
        {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": "^(?!(file|say|name)$)[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$"},
            "additionalProperties": {"anyOf": [ANY_TEXT, {"type": "object"}, {"type": "array", "minItems": 1}]},
        },
    ]
}
_PROMPT: Form = {"anyOf": [{"$ref": "#/definitions/Part"}, {"type": "array", "items": {"$ref": "#/definitions/Part"}, "minItems": 1}]}
_PROMPT["anyOf"][1]["maxItems"] = MAX_PARTS
_WHOLE: Form = {"type": ["integer", "string"], "pattern": "^[0-9]{1,18}$"}
_CHECK: Form = {
    "anyOf": [
        {"enum": [*PLAIN]},
        {
            "type": "object",
            "minProperties": 1,
            "maxProperties": 1,
            "additionalProperties": False,
            "properties": {
                **{name: {} for name in EXAMPLES},
                "date": {"enum": [*DATES]},
                "phone": {"type": "string", "pattern": "^[A-Z]{2}$"},
                "iban": {"type": "string", "pattern": "^[A-Z]{2}$"},
                "range": {"type": "object", "required": ["min", "max"], "properties": {"min": _WHOLE, "max": _WHOLE}},
                "length": {"anyOf": [_WHOLE, {"type": "array", "items": _WHOLE, "minItems": 1}]},
            },
        },
    ]
}
_TEXT: Form = {"type": [*ANY_TEXT["type"], "null"]}


def _list_or_one(one: Form, most: int) -> Form:
    return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1, "maxItems": most}]}


FORMS: Mapping[Any, Makes] = {
    **KINDS,
    Parts: {"$ref": "#/definitions/Prompt"},
    Template: _TEXT,
    Expression: {"type": ["string", "boolean", "number"], "examples": ['level == "gold"', "length(number) > 3"]},
    prompts._patterns: _list_or_one(written(r"[0-9*#XZN]{0,60}\.?", "a pattern such as 9XX."), MAX_PARTS),
    checks: _list_or_one({"$ref": "#/definitions/Check"}, MAX_CHECKS),
    interrupting: {"anyOf": [{"type": "boolean"}, written("true|false|[0-9*#]{1,12}", NEEDED)]},
    ranges: written(rf"\s*closed\s*|\s*{_RANGE}\s*(,\s*{_RANGE}\s*)*", "times such as 09:00-12:30, 13:30-17:00, or closed,"),
    weekdays: written(rf"\s*{_DAY}(\s*-\s*{_DAY})?\s*(,\s*{_DAY}(\s*-\s*{_DAY})?\s*)*", "days such as mon-fri or mon, wed"),
    phone_region: {"type": "string", "pattern": "^[A-Z]{2}$", "examples": ["DE", "AT", "US"]},
    split.percentage: written(r"[0-9]{1,3}(\.[0-9]{1,2})?", "a percentage from 0 to 100, such as 30 or 12.5,"),
    menu._option: lambda inner: either(written("[a-z0-9][a-z0-9_-]{0,62}", "the name of a step, or {label: text, go: step},"), inner),
    record._review: {"anyOf": [{"type": "boolean"}, {"$ref": "#/definitions/Prompt"}]},
    http.url: {"type": "string", "pattern": "^https?://", "examples": ["https://crm.example.com/callers/{{ call.caller_number }}"]},
    http.header_name: written(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}", "the name of a header, such as X-Api-Key,"),
    http.header: {"anyOf": [_TEXT, {"$ref": "#/definitions/Secret"}]},
    http.json_of: {"type": ["object", "array"]},
}


def flow_schema() -> Form:
    draft = Draft(kinds=FORMS, words=KEYS)
    draft.definitions.update(Part=_PART, Prompt=_PROMPT, Check=_CHECK, Secret=draft.body(http.SecretHeader, "Secret"))
    for verb in sorted(SHAPES):
        draft.definitions[f"step {verb}"] = _step(draft, verb, SHAPES[verb])
    draft.definitions["step"] = _any_step()
    body = draft.body(FlowShape, "")
    body["properties"]["steps"] |= {
        "type": "object",
        "minProperties": 1,
        "maxProperties": MAX_STEPS,
        "propertyNames": {"pattern": draft.of(Name)["pattern"]},
        "additionalProperties": {"$ref": "#/definitions/step"},
    }
    return schema(draft, body, TITLE)


def unknown_kinds() -> list[str]:
    """The keys whose kind of value has no form here."""
    draft = Draft(kinds=FORMS)
    for verb, shape in SHAPES.items():
        _step(draft, verb, shape)
    return draft.unknown


def _any_step() -> Form:
    """The verb decides which branch holds, so that an editor complains about that one only."""
    verbs = sorted(SHAPES)
    return {
        "type": "object",
        "required": ["step"],
        "properties": {"step": {"enum": verbs, "description": KEYS["step"], "enumDescriptions": [VERBS.get(one, "") for one in verbs]}},
        "allOf": [
            {
                "if": {"properties": {"step": {"const": verb}}, "required": ["step"]},
                "then": {"$ref": f"#/definitions/step {verb}"},
            }
            for verb in verbs
        ],
    }


def _step(draft: Draft, verb: str, shape: type[StepShape]) -> Form:
    body = draft.body(shape, verb)
    body["properties"]["step"] = {"const": verb, "description": VERBS.get(verb, "")}
    if "exits" in body["properties"]:
        body["properties"]["exits"] |= _exits(draft, shape)
    return {"description": VERBS.get(verb, ""), **body}


def _exits(draft: Draft, shape: type[StepShape]) -> Form:
    """By name; further ones where another flow names them."""
    made = shape.makes
    named = {exit: draft.of(Name) for exit in sorted((made.needs | made.offers | made.knows) - {"done"})}
    is_open = made.open_exits or made.takes_any_exit is not Step.takes_any_exit or "while_waiting" in shape.model_fields
    return {"properties": named, "additionalProperties": draft.of(Name) if is_open else False}
