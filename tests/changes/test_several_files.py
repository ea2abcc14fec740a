"""A house in several files, planned, applied, gone back and watched (ACD.md 52)."""

from acd.core.events import CallArrived, SnapshotTaken
from acd.places import Places
from acd.words import LegId, NodeId
from tests.changes.house import Start, counted


def split_off(places: Places, name: str, text: str) -> None:
    file = places.config / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)


def test_given_a_house_in_files_when_one_is_added_and_applied_then_the_plan_tells_and_rollback_brings_all_back(
    places: Places, start: Start
) -> None:
    split_off(places, "queues/help.yaml", "queues: {help: {ring: 9s}}\n")
    app = start()
    assert app.floor.policy.queues.keys() == {"sales", "help"}
    split_off(places, "queues/more.yaml", "queues: {more: {}}\n")
    split_off(places, "queues/help.yaml", "queues: {help: {ring: 11s}}\n")
    plan = app.changes.plan()
    assert [(change.sign, change.name) for change in plan.changes] == [("~", "help"), ("+", "more")]
    version = app.changes.apply(by="me", expect=plan.token)
    assert version.files.keys() >= {"acd.yaml", "queues/help.yaml", "queues/more.yaml"}
    assert app.floor.policy.queues.keys() == {"sales", "help", "more"}

    app.changes.apply(by="me", how="rollback", n=0)
    assert app.floor.policy.queues.keys() == {"sales", "help"}
    assert app.floor.policy.queues["help"].ring_s == 9  # type: ignore[index]


def test_given_a_house_in_files_when_one_of_them_is_moved_into_another_then_nothing_changes(places: Places, start: Start) -> None:
    split_off(places, "queues/help.yaml", "queues: {help: {ring: 9s}}\n")
    app = start()
    (places.config / "queues" / "help.yaml").rename(places.config / "lines.yaml")
    plan = app.changes.plan()
    assert plan.is_empty


def test_given_watching_when_a_file_comes_into_a_folder_then_it_is_put_in_force(places: Places, start: Start) -> None:
    config = places.config / "acd.yaml"
    config.write_text(config.read_text().replace("watch: false", "watch: true"))
    app = start()
    split_off(places, "queues/help.yaml", "queues: {help: {}}\n")
    for at in (0.0, 1.0, 10.0, 20.0):
        app.changes.look(at)
    assert "help" in app.floor.policy.queues


def test_given_a_house_in_files_when_started_with_one_spoilt_then_what_was_in_force_last_goes_on(places: Places, start: Start) -> None:
    split_off(places, "queues/help.yaml", "queues: {help: {ring: 9s}}\n")
    start()
    split_off(places, "queues/help.yaml", "queues: {help: {ring: never}}\n")
    app = start()
    assert app.floor.policy.queues["help"].ring_s == 9  # type: ignore[index]
    assert counted(app, "configuration_refused") == 1.0


def test_row_52_given_a_caller_in_a_queue_when_the_folder_renames_it_then_planned_and_applied_they_stand_in_the_new_one(
    start: Start, places: Places
) -> None:
    flow = "start: line\nsteps:\n  line: {step: queue, queue: %s, otherwise: bye}\n  bye: {step: hang_up}\n"
    acd, main = places.config / "acd.yaml", places.config / "flows" / "main.yaml"
    main.write_text(flow % "sales")
    acd.write_text(acd.read_text().replace("{sales: {}}", "{sales: {join_when: always}}"))
    app = start()
    at = app.clock()
    app.controller.ask(SnapshotTaken(at=at, node=NodeId("a"), asked_at=at, channels=()))
    app.controller.ask(CallArrived(at=at, leg=LegId("a/u1"), dialled="100"))
    (entry,) = app.state.entries.values()
    assert (entry.queue, entry.state) == ("sales", "waiting")

    main.write_text(flow % "orders")
    acd.write_text(acd.read_text().replace("{sales: {", "{orders: {replaces: [sales], "))
    plan = app.changes.plan()
    assert "1 caller in the queue sales goes over to orders, which replaces it, with its place" in plan.people
    app.changes.apply(by="eva", expect=plan.token)
    (now,) = app.state.entries.values()
    assert (now.queue, now.since, now.call) == ("orders", entry.since, "u1")
