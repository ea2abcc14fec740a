"""Scenarios: read, refused with their place, and made into days."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from acd.config.document import Refused
from acd.sim.calls_file import read_calls
from acd.sim.changed import changed
from acd.sim.dice import Empirical, Exponential, Fixed, Gamma, Lognormal, stream
from acd.sim.experiment import Given, Poisson, run
from acd.sim.results import difference, measured, results
from acd.sim.scenario import read_scenario, seconds_of
from acd.words import QueueId
from tests.core.world import policy

CONFIG, SAMPLE = Path("config"), Path("scenarios/a_weekday.yaml")

PLAIN = """
date: 2026-03-27
zone: Europe/Berlin
from: 09:00
until: 11:00
queues:
  sales:
    arrivals: {per_hour: {09:00: 60, 10:00: 120}}
    talk: {exponential: 1m}
    patience: {exponential: 2m}
staff:
  - {queues: [sales], count: 2}
  - {like: a0, count: 1, from: 10:00, until: 10:30, breaks: [10:10-10:20]}
phones: {answer: 0s}
"""


def scenario(tmp_path: Path, text: str = PLAIN) -> Path:
    (tmp_path / "s.yaml").write_text(text)
    return tmp_path / "s.yaml"


def refused(tmp_path: Path, text: str) -> str:
    with pytest.raises(Refused) as found:
        read_scenario(scenario(tmp_path, text)).experiment(policy(agents=1))
    return "\n".join(map(str, found.value.problems))


def test_given_a_scenario_when_read_then_its_day_is_the_local_one(tmp_path: Path) -> None:
    made = read_scenario(scenario(tmp_path)).experiment(policy(agents=1))
    assert datetime.fromtimestamp(made.start, ZoneInfo("Europe/Berlin")).isoformat() == "2026-03-27T09:00:00+01:00"
    assert made.end - made.start == 7200
    arrivals = made.streams[0].arrivals
    assert isinstance(arrivals, Poisson) and [rate for _, rate in arrivals.rates] == [60 / 3600, 120 / 3600]
    assert [shift.end - shift.start for shift in made.shifts] == [7200 + 3600, 7200 + 3600, 1800]
    assert made.shifts[2].breaks == ((made.start + 4200, made.start + 4800),)


def test_given_the_third_day_when_the_clocks_change_in_between_then_it_still_begins_at_nine(tmp_path: Path) -> None:
    made = read_scenario(scenario(tmp_path)).experiment(policy(agents=1), day=3)
    assert datetime.fromtimestamp(made.start, ZoneInfo("Europe/Berlin")).isoformat() == "2026-03-30T09:00:00+02:00"


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("  sales:\n", "  slaes:\n", ":7:3:", "did you mean 'sales'"),
        ("like: a0", "like: a9", ":13:6:", "there is no agent 'a9'"),
        ("{exponential: 1m}", "{exponentail: 1m}", ":9:12:", "did you mean 'exponential'"),
        ("{exponential: 1m}", "{lognormal: 1m}", ":9:5:", "cv"),
        ("{exponential: 1m}", "{fixed: 1m, gamma: 1m}", ":9:5:", "here are 2"),
        ("{exponential: 1m}", "{file: nowhere.txt}", ":9:12:", "cannot be read"),
        ("until: 11:00", "until: 08:00", ":5:1:", "the end comes after"),
        ("10:10-10:20", "10:20-10:10", ":13:62:", "the end comes after"),
        ("{per_hour: {09:00: 60, 10:00: 120}}", "{per_hour: 5, file: x}", ":8:5:", "one of per_hour and file"),
        ("queues: [sales], count", "queues: [sale], count", ":12:6:", "there is no queue 'sale'"),
        ("{queues: [sales], count: 2}", "{count: 2}", ":12:5:", "one of agent, like and queues"),
    ],
)
def test_given_a_wrong_scenario_when_read_then_its_place_and_what_was_allowed(
    tmp_path: Path, old: str, new: str, place: str, words: str
) -> None:
    assert old in PLAIN
    said = refused(tmp_path, PLAIN.replace(old, new))
    assert words in said and place in said, said


def test_given_files_of_numbers_when_read_then_drawn_from(tmp_path: Path) -> None:
    (tmp_path / "talks.csv").write_text("seconds\n30\n60.5\ninf\n")
    (tmp_path / "times.csv").write_text("9:30\n9:30:30\n34800\n")
    text = PLAIN.replace("talk: {exponential: 1m}", "talk: {file: talks.csv}").replace(
        "{per_hour: {09:00: 60, 10:00: 120}}", "{file: times.csv}"
    )
    made = read_scenario(scenario(tmp_path, text)).experiment(policy(agents=1)).streams[0]
    assert made.talk == Empirical([30.0, 60.5, float("inf")])
    assert isinstance(made.arrivals, Given) and [b - a for a, b in zip(made.arrivals.times, made.arrivals.times[1:], strict=False)] == [
        30.0,
        570.0,
    ]
    (tmp_path / "talks.csv").write_text("30\nlong\n")
    assert "talks.csv:2:1: found 'long'" in refused(tmp_path, text)


def test_given_calls_one_by_one_when_read_then_they_are_the_callers(tmp_path: Path) -> None:
    read = read_scenario(scenario(tmp_path))
    (tmp_path / "calls.csv").write_text("at,queue,talk,patience\n9:00:10,sales,60,inf\n9:00:20,sales,30,5\n9:00:30,sales,,\n")
    made = read_calls(tmp_path / "calls.csv", read.at(0), read.experiment(policy(agents=1)))
    assert [(c.at - made.start, c.ask.queue, c.talk_s, c.patience_s) for c in made.known[:2]] == [
        (10.0, "sales", 60.0, float("inf")),
        (20.0, "sales", 30.0, 5.0),
    ]
    assert len(run(made, 1).visits) == 3 and not made.streams
    (tmp_path / "calls.csv").write_text("at,queue\n9:00:10,sale\nnine,sales\n")
    with pytest.raises(Refused) as found:
        read_calls(tmp_path / "calls.csv", read.at(0), read.experiment(policy(agents=1)))
    assert [each.line for each in found.value.problems] == [2, 3]


def test_given_the_sample_when_simulated_twice_with_one_seed_then_the_same_to_the_last_figure() -> None:
    made = read_scenario(SAMPLE).experiment(changed(CONFIG, ()))
    one, two, other = (run(made, seed) for seed in (7, 7, 8))
    assert one.visits == two.visits and one.times == two.times
    assert one.visits != other.visits and len(one.visits) > 500


def test_given_a_change_when_compared_then_the_same_callers_and_a_difference_without_noise() -> None:
    """Common random numbers: with wrap-up gone, every replication is better, though the days differ more than the configurations."""
    read = read_scenario(SAMPLE)
    sets = ["queues.sales.wrap_up=120s"]
    plans = [read.experiment(changed(CONFIG, with_)) for with_ in ((), sets)]
    runs = [[run(plan, n) for n in range(4)] for plan in plans]
    assert [len(r.visits) for r in runs[0]] != [len(runs[0][0].visits)] * 4
    ours, theirs = ([measured(r) for r in each] for each in runs)
    gain = difference(ours, theirs, runs[0][0]).of("occupancy/acd-2")
    alone = results(ours, runs[0][0]).of("occupancy/acd-2")
    assert gain is not None and alone is not None and gain.half < alone.half


@pytest.mark.parametrize(
    ("sets", "words"),
    [
        (["queues.sales.rng=4s"], "did you mean 'ring'"),
        (["queues.sales"], "KEY=VALUE"),
        (["numbers.100.x=4s"], "there is nothing below '100'"),
    ],
)
def test_given_a_wrong_change_when_asked_for_then_refused_in_words(sets: list[str], words: str) -> None:
    with pytest.raises(Refused) as found:
        changed(CONFIG, sets)
    assert words in str(found.value)


def test_given_a_change_when_made_then_the_rest_of_the_configuration_stands() -> None:
    old, new = changed(CONFIG, ()), changed(CONFIG, ["queues.sales.ring=4s", "agents.anna.queues=[support]"])
    assert (old.queues[QueueId("sales")].ring_s, new.queues[QueueId("sales")].ring_s) == (15.0, 4.0)
    assert new.agents.keys() == old.agents.keys() and new.queues[QueueId("support")] == old.queues[QueueId("support")]


@pytest.mark.parametrize(
    ("draw", "cv"),
    [
        (Exponential(mean_s=60), 1.0),
        (Lognormal(mean_s=60, cv=1.5), 1.5),
        (Gamma(mean_s=60, cv=0.5), 0.5),
        (Fixed(mean_s=60), 0.0),
        (Empirical((30.0, 90.0)), 0.5),
    ],
)
def test_given_a_distribution_when_drawn_from_then_its_mean_and_spread(draw: Exponential, cv: float) -> None:
    dice = stream("a test", type(draw).__name__)
    values = [draw(dice) for _ in range(40_000)]
    mean = sum(values) / len(values)
    spread = (sum((value - mean) ** 2 for value in values) / len(values)) ** 0.5
    assert mean == pytest.approx(60, rel=0.03) and draw.mean_s == 60
    assert spread / mean == pytest.approx(cv, abs=0.05)


@pytest.mark.parametrize(
    ("text", "clock", "seconds"),
    [
        ("9:05", True, 32700.0),
        ("9:05:30.5", True, 32730.5),
        ("12", True, 12.0),
        ("9:05", False, None),
        ("-1", False, None),
        ("", True, None),
    ],
)
def test_given_a_time_as_it_is_written_when_read_then_seconds(text: str, clock: bool, seconds: float | None) -> None:
    assert seconds_of(text, clock=clock) == seconds


def test_given_callers_who_need_a_skill_when_few_have_it_then_they_wait_longer_than_the_others(tmp_path: Path) -> None:
    text = PLAIN.replace(
        "staff:\n", "  german: {queue: sales, requires: {german: 1}, arrivals: {per_hour: 40}, talk: 1m}\nstaff:\n"
    ).replace(
        "{like: a0, count: 1, from: 10:00, until: 10:30, breaks: [10:10-10:20]}", "{queues: [sales], count: 1, skills: {german: 1}}"
    )
    tally = run(read_scenario(scenario(tmp_path, text)).experiment(policy(agents=1)), 1)
    waits: dict[bool, list[float]] = {True: [], False: []}
    for visit in tally.visits:
        waits[str(visit["contact"]).startswith("german")].append(visit["waited_s"])
        if str(visit["contact"]).startswith("german") and visit["agent"]:
            assert visit["agent"] == "staff2-1"
    assert len(waits[True]) > 40 and sum(waits[True]) / len(waits[True]) > 2 * sum(waits[False]) / len(waits[False])
    assert ":11:12: there is no queue 'sale'" in refused(tmp_path, text.replace("queue: sales, req", "queue: sale, req"))
