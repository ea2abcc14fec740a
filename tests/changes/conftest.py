"""A house that is started as often as a test likes, with no switch there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from acd.app import App
from acd.places import Places
from tests.changes.house import FLOW, Start
from tests.test_app import free_port


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
