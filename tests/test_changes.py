"""The whole house planned, changed, gone back and started again, with no switch there (FAULTS.md F36, ACD.md 84)."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from acd.app import App
from acd.changes import NotNow
from acd.config.document import Refused
from acd.core.events import CallArrived, SnapshotTaken
from acd.core.frame import Frame
from acd.live.controller import Unanswered
from acd.loading import in_use
from acd.places import Places
from acd.versions import Versions
from acd.words import LegId, NodeId
from tests.test_app import free_port

FLOW = "start: hello\nsteps:\n  hello: {step: play, prompt: %s, next: bye}\n  bye: {step: hang_up}\n"
Start = Callable[[], App]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    config = tmp_path / "config"
    (config / "flows").mkdir(parents=True)
    (config / "flows" / "main.yaml").write_text(FLOW % "Hello.")
    (config / "acd.yaml").write_text(
        f"nodes: {{a: {{event_socket: '127.0.0.1:{free_port()}'}}}}\nqueues: {{sales: {{}}}}\nnumbers: {{'100': main}}\n"
        "paths: {flows: flows, sounds: sounds, music: music}\nspeech: {engine: none}\n"
        f"http: {{port: {free_port()}}}\napply: {{watch: false}}\n"
    )
    return Places(config=config, home=tmp_path / "home")


@pytest.fixture
def start(places: Places, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    monkeypatch.setattr("acd.changes.LOOK_S", 3600)  # the tests look, by a clock of their own
    apps: list[App] = []

    def started() -> App:
        for app in apps:
            app.stop()
        app = App(places)
        apps.append(app)
        app.start()
        return app

    yield started
    for app in apps:
        app.stop()


def say(places: Places, text: str) -> None:
    (places.config / "flows" / "main.yaml").write_text(FLOW % text)


def spoil(places: Places) -> None:
    say(places, "Hello., nxt: bye")


def arrives(app: App, uuid: str) -> str:
    app.controller.ask(CallArrived(at=app.clock(), leg=LegId(f"a/{uuid}"), dialled="100"))
    return version_of(app, uuid)


def version_of(app: App, uuid: str) -> str:
    frame = app.state.calls[app.state.call_of_leg[LegId(f"a/{uuid}")]].frame
    assert frame is not None
    return frame.version


def numbers(app: App) -> list[int]:
    return [version.n for version in Versions(app.places.versions).all()]


def counted(app: App, name: str) -> object:
    return app.floor.counters[name]


# -- looked at and applied ---


def test_given_a_changed_flow_with_a_caller_in_it_when_planned_then_they_are_counted_and_nothing_changes(
    places: Places, start: Start
) -> None:
    app = start()
    arrives(app, "u1")
    say(places, "Good day.")
    before = app.state.policy
    plan = app.changes.plan()
    assert [(c.sign, c.kind, c.name) for c in plan.changes] == [("~", "flow", "main")]
    assert "1 caller is in the flow main (hello 1); they finish on their version" in plan.people
    assert app.state.policy is before and numbers(app) == [1]


def test_given_a_plan_when_files_change_after_it_then_it_is_not_applied_and_a_new_one_is(places: Places, start: Start) -> None:
    app = start()
    say(places, "Good day.")
    looked_at = app.changes.plan()
    say(places, "Good night.")
    before = app.state.policy
    with pytest.raises(NotNow, match="files have changed meanwhile"):
        app.changes.apply(by="ann", expect=looked_at.token)
    assert app.state.policy is before and numbers(app) == [1]
    version = app.changes.apply(by="ann", expect=app.changes.plan().token)
    assert app.state.policy.version == version.version != before.version
    assert (version.n, version.by, version.how, version.what, version.before) == (2, "ann", "apply", "flow ~main", 1)
    assert app.changes.plan().is_empty


def test_given_a_bad_file_when_applied_then_nothing_changes_and_it_is_counted(places: Places, start: Start) -> None:
    app = start()
    before = app.state.policy, app.state.flows
    spoil(places)
    with pytest.raises(Refused, match=r"main\.yaml:3:"):
        app.changes.apply(by="ann")
    with pytest.raises(Refused, match=r"main\.yaml:3:"):
        app.changes.plan()
    assert (app.state.policy, app.state.flows) == before and numbers(app) == [1]
    assert (counted(app, "configuration_refusals"), counted(app, "configuration_refused")) == (1, 0)


def test_given_a_step_that_loses_its_way_when_planned_then_what_led_there_is_said(places: Places, start: Start) -> None:
    app = start()
    (places.config / "flows" / "main.yaml").write_text(FLOW.replace("next: bye", "next: end") % "Hello." + "  end: {step: hang_up}\n")
    with pytest.raises(Refused, match=r"no caller gets to the step 'bye'.*\(what runs: by done of hello\)"):
        app.changes.plan()


def test_given_a_disk_that_takes_no_version_when_applied_then_nothing_changes(
    places: Places, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = start()
    before = app.state.policy
    say(places, "Good day.")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Versions, "keep", full)
        with pytest.raises(OSError, match="No space"):
            app.changes.apply(by="ann")
    assert app.state.policy is before and not app.changes.plan().is_empty


def test_given_a_controller_that_does_not_answer_when_applied_then_the_version_is_not_kept(
    places: Places, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = start()
    say(places, "Good day.")

    def hang(*_: object) -> None:
        raise Unanswered("no answer within 5 s")

    with monkeypatch.context() as patched:
        patched.setattr(app.controller, "change_policy", hang)
        with pytest.raises(Unanswered):
            app.changes.apply(by="ann")
    assert numbers(app) == [1] and not app.changes.plan().is_empty
    assert app.changes.apply(by="ann").n == 2


def test_given_an_answer_that_is_late_when_the_controller_comes_to_it_then_what_was_given_up_is_not_done(places: Places) -> None:
    app = App(places)
    before = app.state.policy, app.state.flows
    with pytest.raises(Unanswered):
        app.controller.change_policy(replace(before[0], version="late"), lambda state: state.flows, timeout_s=0)
    app.controller.turn()
    assert (app.state.policy, app.state.flows) == before
    app.journal.close()


def test_given_a_change_under_way_when_another_is_asked_for_then_it_waits_and_is_told(
    places: Places, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = start()
    monkeypatch.setattr("acd.changes.WAIT_S", 0)
    with app.changes._alone(), pytest.raises(NotNow, match="another change is under way"):
        app.changes.apply(by="ann")


def test_given_a_caller_in_a_waiting_flow_when_versions_in_use_are_asked_for_then_theirs_is_one(places: Places, start: Start) -> None:
    app = start()
    arrives(app, "u1")
    (call,) = app.state.calls.values()
    app.state.calls[call.id] = replace(call, waiting=Frame(flow="tune", version="v7", step="say", since=1.0))  # type: ignore[arg-type]
    assert ("tune", "v7") in in_use(app.state)
    app.state.calls[call.id] = call


def test_given_nothing_that_changed_when_applied_all_the_same_then_secrets_are_read_anew_and_there_is_no_new_version(
    places: Places, start: Start
) -> None:
    app = start()
    before = app.state.policy
    assert app.changes.apply(by="", how="SIGHUP").n == 1 and numbers(app) == [1]
    assert app.state.policy is not before and app.state.policy == before


# -- back, and started again ---


def test_given_two_versions_when_gone_back_then_new_callers_hear_the_old_one_and_those_on_their_way_theirs(
    places: Places, start: Start
) -> None:
    app = start()
    first = arrives(app, "u1")
    say(places, "Good day.")
    app.changes.apply(by="ann")
    second = arrives(app, "u2")
    plan = app.changes.plan(0)
    back = app.changes.apply(by="ben", how="rollback", n=0, expect=plan.token)
    assert arrives(app, "u3") == first != second == version_of(app, "u2")
    assert (back.n, back.copy_of, back.pinned, back.by) == (3, 1, True, "ben")
    assert counted(app, "configuration_pinned") == 1
    with pytest.raises(NotNow, match="no version before this one"):
        app.changes.plan(0)
    with pytest.raises(NotNow, match="no version 9; there are: 1, 2, 3"):
        app.changes.apply(by="ben", n=9)


def test_given_a_pin_when_restarted_then_it_is_started_and_said_until_the_folder_is_applied(
    places: Places, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    app = start()
    first = app.state.policy.version
    say(places, "Good day.")
    app.changes.apply(by="ann")
    app.changes.apply(by="ann", n=1, how="rollback")
    app = start()
    assert app.state.policy.version == first and numbers(app) == [1, 2, 3]
    assert any("PINNED: version 3 is started" in text for text in caplog.messages)
    assert "version 3 is pinned" in app.changes.plan().standing[0] and counted(app, "configuration_pinned") == 1
    applied = app.changes.apply(by="ann")
    assert not applied.pinned and app.changes.plan().standing == () and counted(app, "configuration_pinned") == 0
    assert start().state.policy.version == applied.version != first


def test_given_a_restart_without_a_pin_when_the_folder_is_good_then_it_is_started_and_kept_only_when_it_is_another(
    places: Places, start: Start
) -> None:
    start()
    app = start()
    assert numbers(app) == [1]
    say(places, "Good day.")
    app = start()
    (first, second) = Versions(places.versions).all()
    assert app.state.policy.version == second.version and (second.how, second.what, second.before) == ("start", "flow ~main", 1)


def test_given_a_bad_folder_when_restarted_then_the_last_good_version_is_started_and_every_problem_is_said(
    places: Places, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    app = start()
    good, caller = app.state.policy.version, arrives(app, "u1")
    spoil(places)
    app = start()
    assert app.state.policy.version == good and version_of(app, "u1") == caller == arrives(app, "u2")
    errors = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert any("main.yaml:3:" in text for text in errors) and any("version 1 is started" in text for text in errors)
    assert (counted(app, "configuration_refused"), numbers(app)) == (1, [1])
    assert counted(app, "configuration_applied_at") == Versions(places.versions).all()[0].applied_at
    with pytest.raises(Refused) as refused:
        app.changes.plan()
    assert "started with an older version" in refused.value.__notes__[0]
    say(places, "Good day.")
    (standing,) = app.changes.plan().standing
    assert "because the folder was refused" in standing and "main.yaml:3:" in standing
    app.changes.apply(by="ann")
    assert counted(app, "configuration_refused") == 0 and app.changes.plan().standing == ()


def test_given_a_bad_folder_when_started_for_the_first_time_then_it_is_refused_and_nothing_is_kept(places: Places) -> None:
    spoil(places)
    with pytest.raises(Refused, match=r"main\.yaml:3:"):
        App(places)
    assert not places.versions.exists()


def test_given_a_recording_that_is_gone_when_restarted_then_the_last_version_is_started_all_the_same(
    places: Places, start: Start
) -> None:
    sounds = places.config / "sounds"
    sounds.mkdir()
    (sounds / "welcome.wav").write_bytes(b"RIFF")
    say(places, "{file: welcome}")
    good = start().state.policy.version
    (sounds / "welcome.wav").unlink()
    assert start().state.policy.version == good


def test_given_a_last_version_that_was_damaged_when_the_folder_is_bad_too_then_the_one_before_is_started(
    places: Places, start: Start
) -> None:
    app = start()
    first = app.state.policy.version
    say(places, "Good day.")
    second = app.changes.apply(by="ann")
    (Versions(places.versions).folder_of(second) / "acd.yaml").write_text("queues: {}\n")
    spoil(places)
    assert start().state.policy.version == first


# -- by itself ---


def watching(places: Places) -> None:
    text = (places.config / "acd.yaml").read_text()
    (places.config / "acd.yaml").write_text(text.replace("watch: false", "watch: true"))


def test_given_watching_when_files_were_left_alone_then_they_are_in_force_once_and_a_bad_one_changes_nothing(
    places: Places, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    watching(places)
    app = start()
    say(places, "Good day to you.")
    for at in (1000.0, 1001.9):
        app.changes.look(at)
        assert numbers(app) == [1]
    app.changes.look(1002.0)
    app.changes.look(1010.0)
    assert numbers(app) == [1, 2] and Versions(places.versions).all()[1].how == "watch"
    spoil(places)
    for at in (1020.0, 1022.0, 1030.0):
        app.changes.look(at)
    told = [text for text in caplog.messages if "main.yaml:3:" in text]
    assert numbers(app) == [1, 2] and len(told) == 1
    say(places, "Good evening to you all.")
    for at in (1040.0, 1042.0):
        app.changes.look(at)
    assert numbers(app) == [1, 2, 3]


def test_given_no_watching_or_a_pin_when_files_change_then_nothing_does(
    places: Places, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    app = start()
    say(places, "Good day to you.")
    for at in (1000.0, 1002.0):
        app.changes.look(at)
    assert numbers(app) == [1]
    watching(places)
    app.changes.apply(by="ann")
    app.changes.apply(by="ann", n=2, how="rollback")
    say(places, "Good evening to you all.")
    for at in (1010.0, 1012.0):
        app.changes.look(at)
    assert numbers(app) == [1, 2, 3] and any("version 3 is pinned" in text for text in caplog.messages)


def test_given_what_somebody_applied_by_hand_when_watched_then_it_is_not_applied_again(places: Places, start: Start) -> None:
    watching(places)
    app = start()
    say(places, "Good day to you.")
    app.changes.apply(by="ann")
    for at in (1000.0, 1002.0):
        app.changes.look(at)
    assert numbers(app) == [1, 2]


# -- a house in several files ---


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
