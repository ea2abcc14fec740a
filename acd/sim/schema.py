"""Scenarios as JSON Schema, for editors; drawn up from their shapes."""

from acd.config.kinds import minutes_of_day
from acd.config.schema import Draft, Form, either, schema, written
from acd.ivr.load.schema import FORMS
from acd.sim import shapes
from acd.sim.described import KEYS
from acd.sim.shapes import ScenarioShape

TITLE = "A scenario to simulate (acd simulate)"
DURATION = r"([0-9]{1,9}(\.[0-9]{1,3})?(ms|s|m|h|d))+"
KINDS = {
    **FORMS,
    minutes_of_day: written(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00", "a time of day such as 09:30", examples=["09:30"]),
    shapes.draw: lambda inner: either(written(rf"never|{DURATION}", "a duration such as 4m, or never"), inner),
    shapes.share: written(r"[0-9]+(\.[0-9]+)?%", "a share such as 30%", examples=["30%"]),
    shapes.rate: lambda inner: either(written(r"[0-9]+(\.[0-9]+)?", "a number"), inner),
    shapes.span: written(r"[0-9:]+ *- *[0-9:]+", "a time such as 12:00-12:30", examples=["12:00-12:30"]),
}


def scenario_schema() -> Form:
    return schema(draft := _draft(), draft.body(ScenarioShape), TITLE)


def unknown_kinds() -> list[str]:
    draft = _draft()
    draft.body(ScenarioShape)
    return draft.unknown


def _draft() -> Draft:
    return Draft(kinds=KINDS, words=KEYS)
