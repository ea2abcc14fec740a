"""A small house in files of its own, whose flow the tests change."""

from collections.abc import Callable

from acd.app import App
from acd.core.events import CallArrived
from acd.places import Places
from acd.versions import Versions
from acd.words import LegId

FLOW = "start: hello\nsteps:\n  hello: {step: play, prompt: %s, next: bye}\n  bye: {step: hang_up}\n"
Start = Callable[[], App]


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
