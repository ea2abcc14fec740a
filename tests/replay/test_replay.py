"""Live, replayed, recovered: one ``step``. The same story is told to the bare core, to the live shell, and out of the journal.

``histories/`` holds stories as they were recorded; they must still replay to the same decisions, or the change that broke them is
meant, and the history is recorded anew (``python -m tests.replay.test_replay``) and reviewed with it.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from acd.core import events
from acd.core.commands import Command
from acd.core.decision import Decision, Record
from acd.core.events import Event, TimePassed
from acd.core.state import State
from acd.core.step import step
from acd.live.codec import encode_tagged
from acd.live.controller import Controller
from acd.live.journal import Journal
from acd.live.poison import Poison
from acd.live.recovery import recover
from acd.live.segments import read_journal
from acd.words import NodeId
from tests.core.world import Flows, policy
from tests.properties.story import Story

HISTORIES = Path(__file__).parent / "histories"
STORIES: dict[str, list[tuple[str, int]]] = {
    "a_morning": [("rush", 0), ("wait", 16), ("ready", 1), ("call", 2), ("deliver", 0), ("press", 1), ("deliver", 0)] * 4,
    "a_bad_day": [
        *[("rush", 0), ("lose", 1), ("phone_ends", 1), ("deliver", 0), ("node_lost", 0), ("wait", 40), ("snapshot", 0)],
        *[("rush", 0), ("not_ready", 0), ("phone_down", 1), ("caller_ends", 0), ("deliver", 0), ("switch_crash", 0)],
        *[("phone_up", 1), ("rush", 0), ("wait", 400), ("log_out", 2), ("twice", 0), ("later", 2), ("snapshot", 0)],
    ],
}


def told(script: Sequence[tuple[str, int]]) -> Story:
    story = Story()
    for what, n in script:
        story.play(what, n)
    return story


def fresh() -> State:
    rules = policy(agents=3, queues=("sales", "support"), queue_max_waiting=6, max_missed=2)
    return State(rules, Flows(exit_keys="9", max_wait_s=120.0))


def replayed(state: State, events: Sequence[Event]) -> Iterator[Decision]:
    for event in events:
        yield from step(state, event)


@pytest.mark.parametrize("name", STORIES)
def test_given_a_story_when_its_events_are_replayed_then_the_same_decisions_and_the_same_state(name: str) -> None:
    story, state = told(STORIES[name]), fresh()
    assert list(replayed(state, story.world.events)) == story.world.decisions
    assert sorted(map(repr, state.records())) == sorted(map(repr, story.world.state.records()))


class Sent:
    def __init__(self) -> None:
        self.commands: list[Command] = []

    def send(self, commands: Sequence[Command]) -> None:
        self.commands += commands


def live(tmp_path: Path, events: Sequence[Event]) -> tuple[Controller, Sent]:
    """The same events through the live shell; its clock stands at each event's time and never wakes the core by itself."""
    clock, sent = [0.0], Sent()
    controller = Controller(
        state=fresh(),
        step=step,
        journal=Journal(tmp_path / "journal"),
        nodes={NodeId("fs"): sent},
        clock=lambda: clock[0],
        poison=Poison(tmp_path / "poison.jsonl"),
    )
    for event in events:
        controller.post(event)
        controller.turn()
    assert controller._poison.count == 0
    return controller, sent


@pytest.mark.parametrize("name", STORIES)
def test_given_a_story_when_lived_through_the_shell_then_the_same_commands(name: str, tmp_path: Path) -> None:
    story = told(STORIES[name])
    _, sent = live(tmp_path, story.world.events)
    assert sent.commands == [command for decision in story.world.decisions for command in decision.commands]


@pytest.mark.parametrize("name", STORIES)
def test_given_a_journal_when_read_back_then_the_same_state_without_deciding(name: str, tmp_path: Path) -> None:
    controller, _ = live(tmp_path, told(STORIES[name]).world.events)
    state = fresh()
    recover(state, read_journal(tmp_path / "journal"))
    assert sorted(map(repr, state.records())) == sorted(map(repr, controller.state.records()))
    assert list(state.due) == list(controller.state.due)
    assert {q: list(state.line(q)) for q in state.policy.queues} == {q: list(controller.state.line(q)) for q in state.policy.queues}


@pytest.mark.parametrize("name", STORIES)
def test_given_a_recorded_history_when_replayed_by_this_release_then_the_same_decisions(name: str) -> None:
    recorded = [json.loads(line) for line in (HISTORIES / f"{name}.jsonl").read_text().splitlines()]
    again = list(history([event_of(line["event"]) for line in recorded]))
    for old, new in zip(recorded, again, strict=True):
        assert (new["changes"], new["commands"]) == (old["changes"], old["commands"]), old["event"]


def event_of(recorded: dict[str, Any]) -> Event:
    """An event as an older release wrote it: fields that have been added since have their defaults."""
    fields = {name: value for name, value in recorded.items() if name != "type"}
    found: Event = msgspec.convert(fields, getattr(events, recorded["type"]))
    return found


def history(told: Sequence[Event]) -> Iterator[dict[str, Any]]:
    """One entry an event with what was decided on it: readable, diffable."""
    state = fresh()
    for event in told:
        decisions = list(step(state, event))
        commands = [{"type": type(c).__name__} | msgspec.to_builtins(c) for d in decisions for c in d.commands]
        yield {
            "event": json.loads(encode_tagged(event)),
            "changes": [state_of(record) for d in decisions for record in d.changes],
            "commands": json.loads(json.dumps(commands)),
        }


def state_of(record: Record) -> str:
    """What it came to, without the fields that a release may add."""
    state = getattr(record, "state", getattr(record, "owner", ""))
    return " ".join(filter(None, (type(record).__name__, record.id, str(state), str(getattr(record, "outcome", None) or ""))))


def test_given_the_histories_when_looked_at_then_they_are_worth_replaying() -> None:
    kinds = {json.loads(line)["event"]["type"] for path in HISTORIES.glob("*.jsonl") for line in path.read_text().splitlines()}
    assert {"CallArrived", "LegsBridged", "LegEnded", "SnapshotTaken", "NodeLost", "AgentAsked", "DigitPressed"} <= kinds
    assert TimePassed.__name__ in kinds


if __name__ == "__main__":
    HISTORIES.mkdir(exist_ok=True)
    for name, script in STORIES.items():
        (HISTORIES / f"{name}.jsonl").write_text("".join(json.dumps(entry) + "\n" for entry in history(told(script).world.events)))
