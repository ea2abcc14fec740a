"""Files that are put in force by themselves when nobody has touched them for a while."""

import pytest

from acd.places import Places
from acd.versions import Versions
from tests.changes.house import Start, numbers, say, spoil


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
