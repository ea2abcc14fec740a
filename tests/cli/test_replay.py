"""``acd replay`` on a day whose truth is known, for it was simulated and recorded: the rules that were in force must give it back."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from acd.config.load import load
from acd.core.decision import Decision
from acd.core.interpreter import EnterQueue
from acd.records.batch import batch_of
from acd.records.store import Store
from acd.sim.dice import Exponential
from acd.sim.experiment import Poisson, Shift, Stream
from acd.sim.people import Manners, People
from acd.sim.straight import STRAIGHT, Straight
from acd.sim.world import World
from acd.words import QueueId, Wish
from tests.records.making import T0, FakeLine

HOURS = 6
HOUSE = {
    "nodes": {"local": {}},
    "queues": {"sales": {"wrap_up": "30s", "short_abandon": "0s"}, "closing": {}},
    "agents": {f"a{n}": {"name": f"A {n}", "phone": str(1000 + n), "queues": ["sales"]} for n in range(6)},
    "paths": {"flows": "."},
    "speech": {"engine": "none"},
}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "acd.yaml").write_text(json.dumps(HOUSE))
    return folder


@pytest.fixture
def lived(config: Path, home: Path) -> None:
    """Six hours of sales, a little too busy; recorded as the house records."""
    policy = replace(load(config).policy, numbers={"*": STRAIGHT})
    flows = Straight()
    world = World(policy, flows, at=T0 - 60)
    people = People(world, flows, Manners(answer=Exponential(mean_s=3.0)), seed=5)
    lines, number = list[FakeLine](), count(1)

    def written(decision: Decision) -> None:
        lines.append(FakeLine(n=next(number), changes=decision.changes))

    world.watchers.append(written)
    for id in policy.agents:
        shift = Shift(agent=id, start=T0 - 30, end=T0 + HOURS * 3600)
        world.when(shift.start, lambda id=id: people.asks(id, Wish.READY))  # type: ignore[misc]
        world.when(shift.end, lambda id=id: people.asks(id, Wish.LOG_OUT))  # type: ignore[misc]
    sales = Stream(
        name="sales",
        ask=EnterQueue(queue=QueueId("sales")),
        arrivals=Poisson(rates=[(T0, 110 / 3600)], until=T0 + HOURS * 3600),
        talk=Exponential(mean_s=170.0),
        patience=Exponential(mean_s=120.0),
        wrap_up=Exponential(mean_s=15.0),
    )
    people.come(sales.callers(5))
    world.run(T0 + HOURS * 3600 + 7200)
    home.mkdir()
    store = Store(f"sqlite:///{home / 'acd.db'}")
    store.open()
    running: dict[Any, Any] = {}
    for n in range(0, len(lines), 500):
        batch = batch_of(n, lines[n : n + 500], running)
        store.write(batch)
        running = dict(batch.running)
    store.close()


def found(result: Result) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["queue"], row["measure"]): row for row in json.loads(result.stdout)["measures"]}


@pytest.mark.usefixtures("lived")
def test_given_a_recorded_day_when_lived_again_unchanged_then_it_is_what_it_was(run: Callable[..., Result], config: Path) -> None:
    told = run("replay", "--from-records", "--config", str(config), *_when(), "--replications", "4", "--json")
    rows = found(told)
    assert rows["sales", "offered/acd-1"]["really"] == rows["sales", "offered/acd-1"]["in force"]["mean"] > 500
    for measure, within in (("service_level/acd-1", 0.05), ("abandon_rate/acd-1", 0.05), ("average_speed_of_answer/acd-1", 8.0)):
        row = rows["sales", measure]
        assert row["in force"]["mean"] == pytest.approx(row["really"], abs=within), measure
        assert row["difference"] == {"mean": 0.0, "half": 0.0}, "nothing was changed, so nothing differs"


@pytest.mark.usefixtures("lived")
def test_given_a_recorded_day_when_lived_again_with_a_change_then_its_effect_and_who_got_what(
    run: Callable[..., Result], config: Path
) -> None:
    told = run(
        "replay",
        "--from-records",
        "--config",
        str(config),
        *_when(),
        "--replications",
        "4",
        "--set",
        "queues.sales.wrap_up=3s",
        "--json",
    )
    gain = found(told)["sales", "service_level/acd-1"]["difference"]
    assert gain["mean"] - gain["half"] > 0.01, "less to write, more who are served in time"
    agents = json.loads(told.stdout)["agents"]
    assert set(agents) == {f"a{n}" for n in range(6)}
    assert sum(of["answered"]["changed"] for of in agents.values()) > sum(of["answered"]["in force"] for of in agents.values())


@pytest.mark.usefixtures("lived")
def test_given_a_queue_that_is_no_more_when_lived_again_then_said_and_what_is_not_known_too(
    run: Callable[..., Result], config: Path
) -> None:
    text = run("replay", "--from-records", "--config", str(config), *_when(), "--replications", "2").stdout
    assert "Not known: how patient" in text and "really" in text and "difference" in text and "a5" in text
    (config / "acd.yaml").write_text(json.dumps(HOUSE | {"queues": {"closing": {}}, "agents": {}}))
    text = run("replay", "--from-records", "--config", str(config), *_when(), "--replications", "2").stdout
    assert "The queue sales is not in this configuration" in text and "a0, a1, a2, a3, a4, a5" in text


def test_given_no_records_when_asked_then_said_plainly(run: Callable[..., Result], config: Path) -> None:
    told = run("replay", "--from-records", "--config", str(config))
    assert told.exit_code == 1 and "no records yet" in told.output


def _when() -> tuple[str, ...]:

    def text(at: float) -> str:
        return datetime.fromtimestamp(at, UTC).isoformat()

    return ("--since", text(T0), "--until", text(T0 + HOURS * 3600))
