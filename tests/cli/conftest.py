import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gevent
import pytest
from click.testing import CliRunner, Result

from acd.cli.main import main
from acd.records.batch import batch_of
from acd.records.store import Store
from acd.web.control import build_control_app
from acd.web.server import listen_unix, serve
from acd.words import AgentState, EntryOutcome
from tests.metrics.floor import FakeFloor, floor
from tests.records.making import T0, FakeLine, abandoned, agent, call, entry, message, offer

Run = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """``acd …`` in a thread, as a blocking program beside the controller."""
    monkeypatch.setenv("ACD_HOME", str(home))
    monkeypatch.delenv("ACD_DATABASE", raising=False)

    def run(*args: str, input: str | None = None) -> Result:
        result: Result = gevent.get_hub().threadpool.spawn(CliRunner().invoke, main, list(args), input).get(timeout=60)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        return result

    return run


@pytest.fixture
def said(run: Run) -> Callable[..., Any]:
    """The JSON that a command prints."""
    return lambda *args: json.loads(run(*args, "--json").stdout)


@pytest.fixture
def controller(home: Path) -> Iterator[FakeFloor]:
    """A controller that serves its control socket."""
    given = floor()
    server = serve(build_control_app(given), listen_unix(home / "run" / "acd.sock"))
    yield given
    server.stop(timeout=1)


@pytest.fixture
def recorded(home: Path) -> str:
    """Three calls: served after one vain offer, abandoned, never queued (with a message)."""
    changes = (
        call("c1", caller_name="Ada\x1b[2J[red]"),
        offer("o0", agent="bob", offered_at=T0 + 5, ringing_at=T0 + 5, answered_at=None, bridged_at=None, ended_at=T0 + 8,
              outcome="busy", ended_by=None, cause="USER_BUSY", sip_status=486),
        offer("o1"),
        entry("e1", offers=2),
        agent(AgentState.WRAP_UP, 60, offer="o1"),
        agent(AgentState.READY, 70),
        call("c2", arrived_at=T0 + 100, ended_at=T0 + 130, caller_number="+4940999"),
        abandoned("e2", 107.0, EntryOutcome.ABANDONED, call="c2", queue="help", **{"joined_at": T0 + 104, "since": T0 + 104}),
        call("c3", arrived_at=T0 + 200, ended_at=T0 + 230, entries=0, messages=(message("m1", left_at=T0 + 220),)),
    )  # fmt: skip
    url = f"sqlite:///{home}/acd.db"
    store = Store(url)
    lines = [FakeLine(n=i, changes=(change,)) for i, change in enumerate(changes, start=1)]  # type: ignore[arg-type]
    store.write(batch_of(0, lines, {}))
    store.close()
    return url
