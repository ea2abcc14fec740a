"""The schema of scenarios, as an editor reads it."""

from pathlib import Path

import pytest

from acd.sim.described import KEYS
from acd.sim.schema import scenario_schema, unknown_kinds
from tests.ivr.test_schema import complaints

SAMPLES = sorted(Path("scenarios").glob("*.yaml"))


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.stem)
def test_given_a_sample_when_an_editor_reads_it_then_it_complains_of_nothing(file: Path) -> None:
    assert complaints(scenario_schema(), file.read_text()) == []


@pytest.mark.parametrize(("old", "new"), [("30%", "30"), ("12:00-12:30", "noon"), ("patience:", "patients:")])
def test_given_a_slip_when_an_editor_reads_it_then_it_is_seen(old: str, new: str) -> None:
    text = Path("scenarios/a_weekday.yaml").read_text()
    assert complaints(scenario_schema(), text.replace(old, new)) != []


def test_given_the_shapes_when_drawn_up_then_every_kind_has_a_form_and_every_key_a_word() -> None:
    assert unknown_kinds() == []
    schema = scenario_schema()
    bodies = {"Scenario": schema, **schema["definitions"]}
    untold = [f"{name}.{key}" for name, body in bodies.items() for key, form in body["properties"].items() if "description" not in form]
    assert untold == [] and len(KEYS) > 30
