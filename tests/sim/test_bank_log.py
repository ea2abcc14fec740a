"""The real log: read with its faults, and lived again. The file itself is not part of this project; its own tests say so loudly."""

import os
from pathlib import Path

import pytest

from acd.config.document import Refused
from acd.sim.bank_log import DAY_S, Log, read_log
from acd.sim.dice import stream
from acd.sim.log_replay import replayed
from acd.sim.logged_days import experiment_of, habits_of, overtaken, row_of, stretches
from acd.sim.survival import kaplan_meier

HEAD = (
    "vru+line call_id customer_id priority type date vru_entry vru_exit vru_time q_start q_exit q_time"
    " outcome ser_start ser_exit ser_time server"
)
SERVED = "AA01 1 0 2 PS 990103 9:00:00 9:00:10 10 9:00:10 9:01:10 60 AGENT 9:01:10 9:03:10 120 MICHAL"
AT_ONCE = "AA01 2 0 0 IN 990103 9:00:00 9:00:10 10 0:00:00 0:00:00 0 AGENT 9:00:12 9:01:12 60 NO_SERVER"
LEFT = "AA01 3 0 0 NE 990103 23:59:00 23:59:50 50 23:59:50 0:00:20 30 HANG 0:00:00 0:00:00 0 NO_SERVER"

GIVEN = os.environ.get("ACD_BANK_LOG")
FILE = Path(GIVEN) if GIVEN else Path(__file__).parents[3] / "shared" / "data" / "anonbank_1999_01.tsv"
NO_LOG = f"THE REAL LOG IS NOT HERE: neither ACD_BANK_LOG=/path/to/anonbank_1999_01.tsv nor {FILE}; nothing is proven against it"
with_log = pytest.mark.skipif(not FILE.is_file(), reason=NO_LOG)


def written(tmp_path: Path, *rows: str) -> Path:
    file = tmp_path / "log.tsv"
    file.write_text("\n".join(row.replace(" ", "\t") for row in (HEAD, *rows)) + "\n")
    return file


def test_given_rows_when_read_then_callers_with_their_waits_talks_and_rank(tmp_path: Path) -> None:
    log = read_log(written(tmp_path, SERVED, AT_ONCE, LEFT))
    one, two, three = sorted(log.calls, key=lambda call: call.id)
    assert (one.queue, one.priority, one.waited_s, one.talk_s, one.server) == ("bank", 1, 60.0, 120.0, "michal")
    assert one.joined_at % DAY_S == 9 * 3600 + 10 and one.served_at - one.joined_at == 60
    assert (two.queue, two.priority, two.waited_s, two.served, two.server) == ("internet", 0, 0.0, True, "")
    assert (three.queue, three.waited_s, three.served) == ("stock", 30.0, False), "past midnight"
    assert not log.left_out and log.rows == 3


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (SERVED.replace("AGENT", "PHANTOM"), "PHANTOM"),
        (SERVED.replace(" PS ", " XX "), "type"),
        (SERVED.replace("9:01:10 60", "8:01:10 60"), "left the queue before"),
        (SERVED.replace(" 120 ", " 0 "), "no time"),
        (SERVED.replace("AGENT 9:01:10", "AGENT 9:31:10"), "minutes away"),
        (SERVED.replace("9:00:10 9:01:10", "9:00:10 11:01:10"), "longer than an hour"),
        (SERVED.replace("9:00:10 10", "9:xx:10 10"), "cannot be read"),
        (AT_ONCE.replace("AGENT", "HANG"), "in the menu"),
        (SERVED.replace("AGENT", "FLED"), "outcome"),
        (SERVED.replace(" MICHAL", ""), "columns"),
    ],
)
def test_given_a_row_with_a_fault_when_read_then_left_out_and_said_why(tmp_path: Path, row: str, why: str) -> None:
    log = read_log(written(tmp_path, row, AT_ONCE))
    assert len(log.calls) == 1 and sum(log.left_out.values()) == 1
    assert why in next(iter(log.left_out)), log.left_out


def test_given_another_file_when_read_then_refused(tmp_path: Path) -> None:
    (tmp_path / "x.tsv").write_text("a,b\n1,2\n")
    with pytest.raises(Refused, match="'vru\\+line' and 17 columns"):
        read_log(tmp_path / "x.tsv")
    with pytest.raises(Refused, match="cannot be read"):
        read_log(tmp_path / "nowhere.tsv")


def test_given_who_left_and_who_was_served_when_estimated_then_as_by_hand() -> None:
    """Kaplan and Meier by hand: of 5, one leaves at 10 (4/5 stay); one is served at 15; of 3, one leaves at 20 (8/15)."""
    found = kaplan_meier([(10.0, True), (15.0, False), (20.0, True), (30.0, False), (30.0, False)])
    assert found.at == [10.0, 20.0] and found.left == pytest.approx([0.8, 8 / 15])
    assert (found.beyond(5), found.beyond(10), found.beyond(25)) == pytest.approx((1.0, 0.8, 8 / 15))
    dice = stream("patience")
    drawn = [found(dice, 12.0) for _ in range(3000)]
    assert set(drawn) == {20.0, float("inf")} and drawn.count(20.0) / 3000 == pytest.approx(1 / 3, abs=0.03)


def test_given_pauses_when_stretches_are_made_then_short_ones_are_bridged_and_those_in_vain_are_not() -> None:
    spans = [(0.0, 10.0), (15.0, 20.0), (200.0, 210.0), (212.0, 220.0)]
    assert stretches(spans, 60.0) == [(0.0, 20.0), (200.0, 220.0)]
    assert stretches(spans, 60.0, lambda a, b: a == 10.0) == [(0.0, 10.0), (15.0, 20.0), (200.0, 220.0)]


def test_given_two_of_whom_the_younger_was_served_first_when_counted_then_by_the_rule(tmp_path: Path) -> None:
    older = SERVED.replace(" 2 PS", " 0 PS").replace("9:01:10 60 AGENT 9:01:10", "9:02:10 120 AGENT 9:02:10")
    younger = SERVED.replace(" 1 0 2", " 9 0 2").replace("9:00:10", "9:00:40").replace("60 AGENT", "30 AGENT")
    rows = [row_of(call) for call in read_log(written(tmp_path, older, younger)).calls]
    assert (overtaken(rows, 0.0), overtaken(rows, 90.0), overtaken(rows[:1], 0.0)) == (1.0, 0.0, None)


def test_given_a_day_when_made_an_experiment_then_callers_as_they_came_and_who_was_seen_serves(tmp_path: Path) -> None:
    log = read_log(written(tmp_path, SERVED, AT_ONCE))
    made = experiment_of(log, log.days()[0], habits_of(log), 1)
    assert [each.talk_s for each in made.known] == [120.0, 60.0] and {shift.agent for shift in made.shifts} == {"michal", "nameless-0"}
    assert made.known[0].patience_s >= 60.0


@with_log
def test_given_the_real_log_when_read_then_what_its_readme_promises() -> None:
    log = read_log(FILE)
    assert (log.rows, len(log.days())) == (31_599, 29)
    assert len(log.calls) == 29_874 and log.left_out["marked PHANTOM: to be ignored"] == 240


@with_log
def test_given_the_real_log_when_some_days_are_lived_again_then_waits_and_abandonment_are_near_what_happened() -> None:
    """docs/SIMULATION.md tells how near over the whole month, and why not nearer."""
    whole = read_log(FILE)
    days = whole.days()[3:6]
    log = Log(calls=tuple(call for day in days for call in whole.of(day)), left_out={}, rows=0)
    found = {(b.group, b.measure): b for b in replayed(log, days, 1, "a test", credit_s=0.0)}
    for measure, within in (("mean wait, s", 0.35), ("abandoned, %", 0.35), ("waited at all, %", 0.35)):
        beside = found["all", measure]
        assert beside.simulated.mean == pytest.approx(beside.real, rel=within), measure
    assert found["all", "callers"].simulated.mean == found["all", "callers"].real
    order = found["all", "served before somebody who had called earlier, % of pairs"]
    assert order.real < 6 and order.simulated.mean < 1
