"""The monitoring files against what the program really exports: an alert on a name that nobody writes never fires."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from acd.campaign import Mode
from acd.core.call import Call
from acd.core.decision import Decision
from acd.core.events import TimePassed
from acd.core.frame import Passed
from acd.core.lines.forecast import Promise
from acd.metrics import Metrics
from acd.metrics.sampled import COUNTED
from acd.words import EndedBy, EntryKind, EntryOutcome, FlowId, Owner
from dialer.core.pacing.choosing import pacer_of
from dialer.core.run import RunWish
from dialer.core.state import Dialler
from dialer.live.measured import of_campaigns, of_database
from tests.dialer.floor import NOON, World, campaign
from tests.metrics.floor import POLICY, floor, served
from tests.records.making import T0, abandoned, call, entry, offer

MONITORING = Path(__file__).parents[2] / "monitoring"
DASHBOARDS = sorted((MONITORING / "grafana" / "dashboards").glob("*.json"))
NAME = re.compile(r"\bacd_[a-z_]+\b")


def given_up() -> Call:
    """Whose caller hung up in the second step of the flow."""
    steps = (("menu", "1"), ("sales", ""))
    trail = tuple(Passed(flow=FlowId("main"), step=step, exit=exit, entered_at=T0, left_at=T0) for step, exit in steps)
    return call("c9", owner=Owner.NOBODY, ended_at=T0, ended_by=EndedBy.CUSTOMER, trail=trail)


def campaigns() -> Dialler:
    """One that runs, with everything that a pacer says."""
    world = World(campaign(mode=Mode.PREDICTIVE), start=False)
    world.state.pacer_of = pacer_of
    world.wish("spring", RunWish.START)
    world.agent("anna")
    return world.state


@pytest.fixture(scope="module")
def exported() -> dict[str, set[str]]:
    """Every sample's name -> the labels it has, of a floor on which everything has happened once."""
    metrics = Metrics(lambda: POLICY)
    gone = Decision(event=TimePassed(at=T0), changes=(abandoned("e9", 3.0, EntryOutcome.ABANDONED), given_up()), late=True)
    others = (replace(entry("e8"), kind=EntryKind.CONSULT), replace(entry("e6"), kind=EntryKind.CALLBACK))
    told = replace(entry("e7"), promises=(Promise(at=T0 + 5, p50_s=5.0, p80_s=9.0, position=1, at_work=1),))
    held = Decision(event=TimePassed(at=T0), changes=(*others, told, offer("o9", holds=1, hold_s=3.0)))
    for decision in (*served(), gone, held):
        metrics.observe(decision)
    metrics.also(lambda: [*of_database(failed=0, waiting=0, is_well=True), *of_campaigns(campaigns(), NOON, since=NOON, listed={})])
    counters: dict[str, Any] = {name: {"x": 1.0} if label else 1.0 for name, (_, _, _, label) in COUNTED.items()}
    text = metrics.render(floor(counters=counters)).decode()
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def rules() -> Iterator[dict[str, Any]]:
    for group in yaml.safe_load((MONITORING / "alerts.yml").read_text())["groups"]:
        yield from group["rules"]


def panels(path: Path) -> list[dict[str, Any]]:
    return [panel for panel in json.loads(path.read_text())["panels"] if panel["type"] != "row"]


def expressions() -> Iterator[tuple[str, str]]:
    for rule in rules():
        yield rule["alert"], rule["expr"]
    for path in DASHBOARDS:
        for panel in panels(path):
            for target in panel["targets"]:
                yield f"{path.name}: {panel['title']}", target["expr"]


@pytest.mark.parametrize(("where", "expr"), list(expressions()))
def test_given_an_alert_or_a_panel_when_its_metrics_are_looked_for_then_all_are_exported_with_those_labels(
    where: str, expr: str, exported: dict[str, set[str]]
) -> None:
    names = set(NAME.findall(expr)) or {"up"}
    assert names <= exported.keys() | {"up"}, where
    for name, matchers in re.findall(r"\b(acd_[a-z_]+)\{([^}]*)\}", expr):
        assert set(re.findall(r"([a-z_]+)\s*=~?", matchers)) <= exported[name], where


def test_given_what_is_exported_when_the_dashboards_are_searched_then_every_family_is_shown_somewhere(
    exported: dict[str, set[str]],
) -> None:
    shown = set(NAME.findall(" ".join(expr for where, expr in expressions() if ".json" in where)))
    endings = ("_bucket", "_sum", "_count", "_created")
    families = {re.sub("(" + "|".join(endings) + ")$", "", name) for name in exported if name.startswith("acd_")}
    assert families - {re.sub("_bucket$", "", name) for name in shown} - {f.removesuffix("_total") for f in shown} == set()


def test_given_the_alerts_when_read_then_each_has_a_reason_a_severity_and_a_first_thing_to_do_and_is_tested() -> None:
    text = (MONITORING / "alerts.yml").read_text()
    tested = (MONITORING / "alerts_test.yml").read_text()
    for rule in rules():
        assert re.search(rf"- alert: {rule['alert']}\n        # Why: ", text), rule["alert"]
        assert rule["labels"]["severity"] in ("warning", "critical"), rule["alert"]
        assert rule["annotations"].keys() == {"summary", "action"}, rule["alert"]
        fires = re.search(rf"alertname: {rule['alert']}\n +exp_alerts: \[{{", tested)
        assert fires, f"{rule['alert']} is never tested to fire"


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.name)
def test_given_a_dashboard_when_read_then_it_has_an_id_and_its_panels_do_not_overlap(path: Path) -> None:
    board = json.loads(path.read_text())
    assert board["uid"] and board["title"] and len({p["id"] for p in board["panels"]}) == len(board["panels"])
    taken: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken and at["x"] + at["w"] <= 24, panel["title"]
        taken |= cells


def test_given_the_provisioning_when_read_then_the_dashboard_asks_the_data_source_that_is_there() -> None:
    sources = yaml.safe_load((MONITORING / "grafana/provisioning/datasources/prometheus.yaml").read_text())["datasources"]
    uids = {source["uid"] for source in sources}
    for path in DASHBOARDS:
        assert {panel["datasource"]["uid"] for panel in panels(path)} <= uids


@pytest.mark.parametrize(
    "arguments", [["check", "config", "prometheus.yml"], ["check", "rules", "alerts.yml"], ["test", "rules", "alerts_test.yml"]]
)
def test_given_the_files_of_prometheus_when_its_own_checker_reads_them_then_it_finds_nothing(arguments: list[str]) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("NO PROMTOOL: not on this machine (Debian: apt-get install prometheus); the alert rules are not tested")
    done = subprocess.run([promtool, *arguments], cwd=MONITORING, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
