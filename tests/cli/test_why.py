"""``acd why``: for supervisors, of contacts that run and that have ended, beside the configuration that decided."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from acd.core.matching.trace import Trace
from acd.records.batch import batch_of
from acd.records.store import Store
from acd.versions import Version, Versions
from acd.words import AgentState
from tests.metrics.floor import FakeFloor
from tests.records.making import T0, FakeLine, agent, call, entry, offer

Run = Callable[..., Result]
Said = Callable[..., Any]

HOUSE = "nodes: {main: {}}\nqueues: {sales: {ring: 15s}}\nagents:\n  ann: {name: Ann, phone: '1', queues: [sales]}\n%s"
BOB = "  bob: {name: Bob, phone: '2', queues: [sales]}\n"


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "acd.yaml").write_text(HOUSE % BOB)
    monkeypatch.setenv("ACD_CONFIG", str(folder))
    return folder


def write(home: Path, *changes: Any) -> None:
    store = Store(f"sqlite:///{home}/acd.db")
    store.write(batch_of(0, [FakeLine(n=i, changes=(change,)) for i, change in enumerate(changes, start=1)], {}))
    store.close()


def a_morning(policy: str = "p1") -> list[Any]:
    """Waits 20 s for ann, who talks, while bob is at lunch; then ann takes the call."""
    trace = Trace(strategy="longest_idle", policy=policy, at=T0 + 24, waited_s=20.0, line=1)
    return [
        agent(AgentState.TALKING, -100, id="ann", offer="o0"),
        agent(AgentState.NOT_READY, -100, id="bob", reason="lunch"),
        agent(AgentState.READY, 24, id="ann"),
        offer("o1", offered_at=T0 + 24, trace=trace, bridged_at=T0 + 30),
        entry("e1", connected_at=T0 + 30),
        call("c1"),
    ]


def test_given_a_contact_that_ended_when_asked_why_then_the_wait_before_the_offer_is_explained(
    home: Path, run: Run, config: Path
) -> None:
    write(home, *a_morning())
    shown = run("why", "c1").stdout
    assert "for 20 s nobody was offered this call: of 2 agents who were there none was free: 1 talking, 1 not ready (lunch)" in shown
    assert "ann: talking 20 s" in shown and "bob: not ready (lunch) 20 s" in shown
    assert "offered to ann, queue sales" in shown and "by longest idle (who has been free for the longest goes first)" in shown


def test_given_an_agent_when_asked_why_not_then_the_state_is_told(home: Path, run: Run, config: Path) -> None:
    write(home, *a_morning())
    shown = run("why", "c1", "--agent", "bob").stdout
    assert "nobody was offered this call: bob was not ready (lunch) for 20 s" in shown
    shown = run("why", "c1", "--agent", "zoe").stdout
    assert "zoe does not serve this queue" in shown


def test_given_an_agent_who_never_logged_in_when_asked_why_then_the_configuration_knows_them(
    home: Path, run: Run, config: Path
) -> None:
    write(home, *(one for one in a_morning() if getattr(one, "id", "") != "bob"))
    assert "not logged in: 1 agent" in run("why", "c1").stdout
    assert "bob was logged out for 20 s" in run("why", "c1", "--agent", "bob").stdout


def test_given_programs_when_asked_why_then_json_has_traces_and_gaps(home: Path, said: Said, config: Path) -> None:
    write(home, *a_morning())
    (found,) = said("why", "c1")
    assert found["offers"][0]["trace"]["strategy"] == "longest_idle"
    assert (found["unoffered"][0]["until"] - found["unoffered"][0]["since"], found["contact"]) == (20.0, "c1")


def kept(home: Path, config: Path, text: str, version: str, at: float) -> None:
    versions = Versions(home / "versions")
    made = Version(n=0, version=version, token="t", applied_at=at, by="", how="start")
    versions.keep(made, {"acd.yaml": text.encode(), "flows/main.yaml": b"start: x\nsteps: {x: {step: hang_up}}\n"})


def test_given_a_changed_configuration_when_asked_why_then_what_of_the_queue_is_otherwise_is_told(
    home: Path, run: Run, config: Path
) -> None:
    from acd.config.load import load

    then = load(config).policy.version
    kept(home, config, HOUSE % BOB, then, T0 - 1000)
    (config / "acd.yaml").write_text((HOUSE % "").replace("15s", "9s") + "numbers: {'1': main}\n")
    now = load(config).policy.version
    kept(home, config, (config / "acd.yaml").read_text(), now, T0 + 1000)
    write(home, *a_morning(then))
    shown = run("why", "c1").stdout
    assert f"decided by version 1 ({then}); since then of its queues and agents this has changed:" in shown
    assert "~ queue sales" in shown and "15s -> 9s" in shown and "- agent bob" in shown and "number" not in shown
    assert "1 not ready (lunch)" in shown, "bob served the queue by the configuration of then"


def test_given_a_configuration_that_is_not_kept_when_asked_why_then_that_is_said(home: Path, run: Run, config: Path) -> None:
    kept(home, config, HOUSE % BOB, "abc", T0 - 1000)
    write(home, *a_morning("gone"))
    assert "decided by configuration gone, which is not kept any more; in force now: abc" in run("why", "c1").stdout


def test_given_a_running_contact_with_a_vain_offer_when_asked_then_what_ended_is_told_too(
    home: Path, run: Run, config: Path, controller: FakeFloor
) -> None:
    live = next(iter(controller.state.entries.values()))
    vain = offer("o0", call=live.call, entry=live.id, queue=live.queue, agent="bob", offered_at=live.joined_at + 1, answered_at=None,
                 bridged_at=None, ended_at=live.joined_at + 4, outcome="busy", ended_by=None, cause="USER_BUSY")  # fmt: skip
    write(home, vain)
    assert f"offered to bob, queue {live.queue}" in run("why", live.call).stdout
    assert "offered to bob" in run("call", live.call).stdout and "phone was busy" in run("call", live.call).stdout


def test_given_a_contact_that_took_the_place_of_another_when_asked_then_both_are_told(home: Path, run: Run, config: Path) -> None:
    later = call("c2", arrived_at=T0 + 300, ended_at=T0 + 400, linked_to="c1")
    write(home, *a_morning(), later)
    for id in ("c1", "c2"):
        for command in ("why", "call"):
            shown = run(command, id).stdout
            assert shown.index("c1,") < shown.index("c2,"), command


def test_given_no_such_contact_when_asked_why_then_that_is_said(home: Path, run: Run, config: Path, recorded: str) -> None:
    result = run("why", "nobody")
    assert result.exit_code == 1 and "no call 'nobody' is running or recorded" in result.stderr
