"""A changed house looked at, and put in force or not (FAULTS.md F36, ACD.md 84)."""

from dataclasses import replace

import pytest

from acd.app import App
from acd.changes import NotNow
from acd.config.document import Refused
from acd.core.frame import Frame
from acd.live.controller import Unanswered
from acd.loading import in_use
from acd.places import Places
from acd.versions import Versions
from tests.changes.house import FLOW, Start, arrives, counted, numbers, say, spoil


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
