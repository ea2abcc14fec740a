"""Yesterday's journal, lived again: with the rules that were in force it must become the day that it was."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from acd.core.policy import Policy
from acd.live.kept import lines_since
from acd.sim.beside import likeness, otherwise
from acd.sim.experiment import run
from acd.sim.journal_day import experiment_of, unknown, visits_of
from acd.sim.journal_reading import Reading, read
from acd.sim.tally import Tally
from tests.replay.played import HOUR, SALES, Played, callers, rules

SEED = "day"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return Played(tmp_path_factory.mktemp("played") / "journal", rules(), callers(150, SEED), SEED)


@pytest.fixture(scope="module")
def reading(played: Played) -> Reading:
    return read(lines_since(played.folder, 0.0), 0.0, 8 * HOUR)


def lived(reading: Reading, policy: Policy, seed: object = 1) -> Tally:
    return run(experiment_of(reading, policy, rules(), seed), seed)


def by_id(tally: Tally) -> dict[str, Mapping[str, Any]]:
    return {row["id"]: row for row in tally.visits}


def test_given_a_played_day_when_looked_at_then_it_is_worth_replaying(played: Played, reading: Reading) -> None:
    outcomes = Counter(str(row["outcome"]) for row in played.visits.values())
    assert {"answered", "abandoned", "overflowed", "exited_key", "abandoned_while_ringing"} <= set(outcomes)
    assert reading.own_calls and played.tally.callbacks and sum(row["waited_s"] > 5 for row in played.visits.values()) > 40


def test_given_a_journal_when_read_then_what_happened_is_what_the_records_say(played: Played, reading: Reading) -> None:
    assert {row["id"]: row for row in visits_of(reading, rules())} == played.visits


def test_given_a_journal_when_replayed_with_the_rules_in_force_then_it_is_the_day_that_was(played: Played, reading: Reading) -> None:
    """The check that the replay is honest: who was served by whom, when, in which order."""
    real, again = played.visits, by_id(lived(reading, rules()))
    assert again.keys() == real.keys()
    for id, row in real.items():
        assert (again[id]["outcome"], again[id]["agent"], again[id]["queue"]) == (row["outcome"], row["agent"], row["queue"]), id
        assert again[id]["waited_s"] == pytest.approx(row["waited_s"], abs=1e-3), id


def test_given_the_day_when_replayed_then_the_agents_did_the_same_with_their_time_and_callbacks_came_to_the_same(
    played: Played, reading: Reading
) -> None:
    again = lived(reading, rules())
    real, lived_again = played.tally.spent.times_of(), again.spent.times_of()
    for id in rules().agents:
        for key, seconds in real[id].by.items():
            if key[0] != "logged_out":
                assert lived_again[id].by.get(key, 0.0) == pytest.approx(seconds, abs=0.5), (id, key)
            assert reading.spent.times_of()[id].by.get(key, 0.0) == pytest.approx(seconds, abs=0.5) or key[0] == "logged_out"
    ends = {id: (callback.outcome, len(callback.attempts)) for id, callback in played.tally.callbacks.items() if callback.outcome}
    assert {id: (c.outcome, len(c.attempts)) for id, c in again.callbacks.items() if c.outcome} == ends


def test_given_the_middle_of_a_day_when_replayed_from_the_snapshot_before_it_then_who_came_after_it_is_as_they_were(
    tmp_path: Path,
) -> None:
    played = Played(tmp_path / "journal", rules(), callers(110, "middle"), "middle", snapshot_at=1200.0)
    (tmp_path / "journal" / "journal-000000000000001.jsonl").unlink()
    reading = read(lines_since(played.folder, 2000.0), 2000.0, 8 * HOUR)
    assert reading.begin == 1200.0 and reading.restored
    real = {id: row for id, row in played.visits.items() if row["joined_at"] >= 2000.0}
    assert {row["id"]: row for row in visits_of(reading, rules())} == real
    again = by_id(lived(reading, rules()))
    assert len(real) > 40
    for id, row in real.items():
        assert (again[id]["outcome"], again[id]["agent"]) == (row["outcome"], row["agent"]), id
        assert again[id]["waited_s"] == pytest.approx(row["waited_s"], abs=1e-3), id


def test_given_changed_rules_when_replayed_then_only_what_they_change_is_otherwise(played: Played, reading: Reading) -> None:
    old = rules()
    sales = replace(old.queues[SALES], overflow={}, wrap_up_s=3.0)
    changed = replace(old, queues={**old.queues, SALES: sales})
    was, became = lived(reading, old), lived(reading, changed)
    assert any(row["outcome"] == "overflowed" for row in was.visits) and not any(
        row["outcome"] == "overflowed" for row in became.visits
    )
    found = otherwise(was.visits, became.visits)
    assert found and {each.contact for each in found} < {row["contact"] for row in was.visits}
    assert likeness(played.tally.visits, was.visits).share == 1.0 > likeness(played.tally.visits, became.visits).share


def test_given_an_agent_and_a_queue_that_are_no_more_when_replayed_then_without_them_and_said(reading: Reading) -> None:
    old = rules()
    agents = {id: agent for id, agent in old.agents.items() if id != "a0"}
    changed = replace(old, queues={SALES: replace(old.queues[SALES], overflow={})}, agents=agents)
    again, guessed = lived(reading, changed), unknown(reading, changed)
    assert {row["queue"] for row in again.visits} == {"sales"} and "a0" not in {row["agent"] for row in again.visits}
    assert guessed.agents_gone == ("a0",) and set(guessed.queues_gone) == {"support"}


def test_given_those_who_were_served_when_they_wait_longer_then_their_patience_is_longer_than_what_they_bore(reading: Reading) -> None:
    """Kaplan and Meier: who did not give up is known to have been more patient than the wait, and no more."""
    day = experiment_of(reading, rules(), rules(), 1)
    real = {row["contact"]: row for row in visits_of(reading, rules()) if row["id"].endswith(".q1")}
    patience = {
        what.keywords["caller"].id: what.keywords["caller"].patience_s
        for _, _, what in day.happenings
        if isinstance(what, partial) and "caller" in what.keywords
    }
    served = [id for id, row in real.items() if row["outcome"] == "answered"]
    assert served and all(patience[id] > real[id]["waited_s"] for id in served)
    gone = [id for id, row in real.items() if row["outcome"] == "abandoned"]
    assert gone and all(patience[id] == pytest.approx(real[id]["waited_s"]) for id in gone)


def test_given_numbers_in_the_journal_when_read_then_others_stand_for_them_and_the_same_for_the_same(tmp_path: Path) -> None:
    who = [
        replace(caller, number=number)
        for caller, number in zip(callers(3, 1), ("+498912345678", "+498987654321", "+498912345678"), strict=True)
    ]
    played = Played(tmp_path / "journal", rules(), who, 1)
    reading = read(lines_since(played.folder, 0.0), 0.0, HOUR)
    first, second, third = (reading.numbers_of[caller.id] for caller in who)
    assert first == third != second and "8912345678" not in first + second and "8987654321" not in first + second
