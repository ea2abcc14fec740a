"""ACD.md 52: what a plan says of those who are in a queue that is removed, and of the queue that takes its place."""

from pathlib import Path

import pytest

from acd.plan.house import People
from tests.plan.houses import FILES, planned, said

ACD, MAIN = "acd.yaml", "flows/main.yaml"
NEW_ACD = FILES[ACD].replace("  sales: {ring: 15s}", "  orders: {ring: 15s, replaces: [sales]}").replace("[sales]}\nnumbers", "")
NEW_ACD = NEW_ACD.replace("queues: [sales]", "queues: [orders]")
CHANGED = {ACD: NEW_ACD, MAIN: FILES[MAIN].replace("queue: sales", "queue: orders")}


@pytest.mark.parametrize(
    ("waiting", "sentence"),
    [
        (1, "1 caller in the queue sales goes over to orders, which replaces it, with its place"),
        (2, "2 callers in the queue sales go over to orders, which replaces it, with their place"),
    ],
)
def test_given_callers_in_a_queue_that_is_renamed_when_planned_then_how_many_go_whither(
    tmp_path: Path, waiting: int, sentence: str
) -> None:
    plan = planned(tmp_path, CHANGED, People(waiting={"sales": waiting}))  # type: ignore[dict-item]
    assert sentence in plan.people and not plan.warnings
    assert any(line.startswith("+ queue orders") and "replaces" in line for line in said(plan))


def test_given_callers_in_a_queue_that_is_removed_when_planned_then_that_it_drains_and_how_they_could_go_elsewhere(
    tmp_path: Path,
) -> None:
    changed = {ACD: NEW_ACD.replace(", replaces: [sales]", ""), MAIN: CHANGED[MAIN]}
    plan = planned(tmp_path, changed, People(waiting={"sales": 2}))  # type: ignore[dict-item]
    (warning,) = plan.warnings
    assert warning == (
        "2 callers wait in the removed queue sales: served by its agents to the last, and nobody joins; "
        "another queue takes them with 'replaces: [sales]'"
    )


@pytest.mark.parametrize(("callback", "where"), [(", callback: {trunks: [provider]}", "people"), ("", "warnings")])
def test_given_customers_who_are_to_be_called_back_when_their_queue_is_renamed_then_who_calls_them(
    tmp_path: Path, callback: str, where: str
) -> None:
    acd = NEW_ACD.replace("replaces: [sales]", f"replaces: [sales]{callback}")
    plan = planned(tmp_path, {**CHANGED, ACD: acd}, People(callbacks={"sales": 2}))  # type: ignore[dict-item]
    sentence = {
        "people": "2 customers of sales are called back by orders, which replaces it",
        "warnings": "2 customers of sales are called back by sales as before until the controller is restarted: "
        "orders calls nobody back",
    }[where]
    assert sentence in getattr(plan, where)


def test_given_a_name_that_was_never_a_queue_when_planned_then_it_may_be_mistyped(tmp_path: Path) -> None:
    acd = FILES[ACD].replace("{ring: 15s}", "{ring: 15s, replaces: [salse]}")
    assert planned(tmp_path, {ACD: acd}).warnings == ("the queue sales replaces salse, and no queue of that name runs",)


def test_given_a_rename_that_is_in_force_when_something_else_is_planned_then_nothing_is_said_of_it(tmp_path: Path) -> None:
    planned(tmp_path, CHANGED)
    from acd.plan.compare import compare
    from tests.plan.houses import house, write

    old = house(tmp_path)
    write(tmp_path, {ACD: NEW_ACD.replace("ring: 15s", "ring: 16s")})
    plan = compare(old, house(tmp_path), People())
    assert not plan.warnings and not plan.people
