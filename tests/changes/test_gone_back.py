"""Back to what was in force before, and what a start takes up when the folder is good, bad or damaged (FAULTS.md F36)."""

import logging

import pytest

from acd.app import App
from acd.changes import NotNow
from acd.config.document import Refused
from acd.places import Places
from acd.versions import Versions
from tests.changes.house import Start, arrives, counted, numbers, say, spoil, version_of


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
