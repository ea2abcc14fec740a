"""``acd demo``: virtual callers and agents on the embedded switch, a live board, and at the end what it saw."""

import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from acd import demo as house
from acd.cli import control, show
from acd.cli.files import config_option
from acd.cli.queues import recorded
from acd.measures.visits import VISITS, Visits

READY_S = 60.0


@click.command()
@click.option("--for", "for_s", default=60.0, show_default=True, help="Seconds after which it stops by itself.")
@click.option("--agents", default=4, show_default=True, type=click.IntRange(1, 30))
@click.option("--callers-per-minute", default=20.0, show_default=True, type=click.FloatRange(0.1, 120))
@click.option("--talk", default=8.0, show_default=True, help="Mean seconds of a talk.")
@click.option("--patience", default=25.0, show_default=True, help="Mean seconds until a caller gives up.")
@click.option("--seed", default=1, show_default=True, help="The same seed tells the same story.")
@click.option("--flows", default="ivr_flows", show_default=True, type=click.Path(path_type=Path, exists=True, file_okay=False))
@config_option
def demo(
    for_s: float, agents: int, callers_per_minute: float, talk: float, patience: float, seed: int, flows: Path, config: Path
) -> None:
    """Virtual callers and agents on the embedded switch, and a live board. Touches nothing of a house that runs."""
    plan = house.Plan(agents=agents, callers_per_minute=callers_per_minute, talk_s=talk, patience_s=patience, for_s=for_s, seed=seed)
    with tempfile.TemporaryDirectory(prefix="acd-demo-") as folder:
        home = Path(folder) / "var"
        centre = _centre(plan, Path(folder), home, flows.absolute(), house.sample(config))
        with centre as ports, _people(plan, Path(folder), home, ports):
            _watch(home, for_s)
        _saw(home, plan)


@contextmanager
def _centre(plan: house.Plan, folder: Path, home: Path, flows: Path, like: Mapping[str, Any]) -> Iterator[house.Ports]:
    """A contact centre of its own, with the embedded switch, gone afterwards."""
    ports = house.free_ports()
    (folder / "acd.yaml").write_text(house.configuration(plan, ports, flows, like))
    command = [sys.executable, "-m", "acd", "run", "--embedded", "--config", str(folder), "--home", str(home)]
    with (folder / "acd.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        _until_ready(home, process, folder / "acd.log")
        yield ports
    finally:
        process.send_signal(signal.SIGINT)  # the switch goes with it
        process.wait(timeout=30)


def _until_ready(home: Path, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + READY_S
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if any(node["reachable"] for node in control.get(home, "state")["nodes"]):
                return
        except click.ClickException:
            pass
        time.sleep(0.2)
    raise click.ClickException("the contact centre did not start:\n" + log.read_text(errors="replace")[-2000:])


@contextmanager
def _people(plan: house.Plan, folder: Path, home: Path, ports: house.Ports) -> Iterator[None]:
    """The agents' phones registered and ready, the callers on their way."""
    agents = _party(folder, "agents", house.phones(plan, _passwords(home, folder)), ports.phones, plan.seed)
    callers = _party(folder, "callers", house.callers(plan), ports.callers, plan.seed)
    try:
        for agent in house.agents_of(plan):
            control.post(home, "agents", agent, "ready")
        yield
    finally:
        for process in (callers, agents):
            process.send_signal(signal.SIGINT)  # they say goodbye
            process.wait(timeout=10)


def _party(folder: Path, name: str, text: str, port: int, seed: int) -> "subprocess.Popen[bytes]":
    script = folder / f"{name}.yaml"
    script.touch(mode=0o600)
    script.write_text(text)
    server = ["--server", f"127.0.0.1:{port}", "--domain", "acd.local"]
    command = [sys.executable, "-m", "softswitch.party", "run", *server, "--seed", str(seed), str(script)]
    with (folder / f"{name}.log").open("wb") as log:
        return subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)


def _passwords(home: Path, folder: Path) -> dict[str, str]:
    command = [sys.executable, "-m", "acd", "phones", "--json", "--config", str(folder), "--home", str(home)]
    return {row["user"]: row["password"] for row in json.loads(subprocess.run(command, capture_output=True, check=True).stdout)}


# -- the board ---------------------------------------------------------------------------------------------------------


def _watch(home: Path, for_s: float) -> None:
    """A board that is drawn anew every second in a terminal; elsewhere a line every five."""
    end = time.monotonic() + for_s
    try:
        if sys.stdout.isatty():
            _draw_until(home, end)
        else:
            _print_until(home, end)
    except KeyboardInterrupt:
        click.echo("stopped")


def _draw_until(home: Path, end: float) -> None:
    from rich.live import Live

    with Live(refresh_per_second=2, transient=True) as live:
        while time.monotonic() < end:
            live.update(_board(control.get(home, "state"), recorded(home, None, 0.0)[0], end - time.monotonic()))
            time.sleep(0.5)


def _print_until(home: Path, end: float) -> None:
    while time.monotonic() < end:
        time.sleep(min(5.0, max(0.0, end - time.monotonic())))
        total = sum_of(recorded(home, None, 0.0)[0])
        state = control.get(home, "state")
        waiting = sum(queue["waiting"] for queue in state["queues"])
        talking = sum(queue["talking"] for queue in state["queues"])
        click.echo(f"waiting {waiting:3}  talking {talking:3}  answered {total.answered:4}  abandoned {total.abandoned:4}")


def _board(state: dict[str, Any], counts: dict[str, Visits], left_s: float) -> Any:
    from rich.columns import Columns
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    queues = Table("queue", "waiting", "longest", "talking", "offered", "answered", "abandoned", title="queues")
    for queue in state["queues"]:
        seen = counts.get(queue["queue"], Visits())
        live = (queue["waiting"], f"{queue['longest_wait_s']:.0f} s", queue["talking"])
        queues.add_row(queue["queue"], *map(str, (*live, seen.offered, seen.answered, seen.abandoned + seen.short_abandoned)))
    agents = Table("agent", "state", "for", title="agents")
    for agent in state["agents"]:
        colour = show.COLOURS.get(agent["state"], "")
        agents.add_row(agent["agent"], Text(agent["state"], style=colour), f"{agent['for_s'] or 0:.0f} s")
    return Group(Columns([queues, agents]), Text(f"{left_s:.0f} s left; Ctrl-C ends it", style="dim"))


def sum_of(counts: dict[str, Visits]) -> Visits:
    """All queues as one."""
    return sum(counts.values(), Visits())


def _saw(home: Path, plan: house.Plan) -> None:
    counts = recorded(home, None, 0.0)[0]
    rows = []
    for name, seen in [*sorted(counts.items()), ("all", sum_of(counts))]:
        level, rate, speed = (VISITS[f"{id}/acd-1"].of(seen) for id in ("service_level", "abandon_rate", "average_speed_of_answer"))
        rows.append([name, seen.offered, seen.answered, seen.abandoned, seen.short_abandoned, _percent(level), _percent(rate),
                     "" if speed is None else f"{speed:.1f} s"])  # fmt: skip
    scene = f"with {plan.agents} agents and {plan.callers_per_minute:g} callers a minute (seed {plan.seed})"
    click.echo(f"\nIn {plan.for_s:.0f} s, {scene}:")
    headings = ["queue", "offered", "answered", "abandoned", "short", "service level (acd-1)", "abandon rate", "speed of answer"]
    show.table(headings, rows, empty="nobody called")


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"
