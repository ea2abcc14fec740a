"""A real day on a real switch, and ``acd replay`` of its journal: the rules in force give it back, other rules give another one."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from .centre import Plan
from .house import House
from .phones import Phone
from .sipp import Caller
from .waiting import until

OpenHouse = Callable[..., House]
RING_S, SHORTER_S = 6, 3
SPEED = "average_speed_of_answer/acd-1"


def test_given_a_day_of_real_calls_when_replayed_then_the_rules_in_force_give_it_back_and_others_differ_as_they_must(
    house: OpenHouse,
) -> None:
    here = house(Plan(ring=f"{RING_S}s"))
    began = datetime.fromtimestamp(here.centre.ask("GET", "/v1/state")["at"], UTC).isoformat()
    at_once, is_missed, waited, waited_too, _, _ = _lived(here)
    assert here.centre.stop() == 0

    told = _replayed(here, here.centre.config, began)
    assert told["source"] == "the journal"
    assert told["honest"] == {"visits": 6, "same_end": 6, "near": 6, "swapped": 0.0}
    assert told["contacts"] == [] and _speed(told)["difference"]["mean"] == 0.0
    assert {agent: of["answered"]["real"] for agent, of in told["agents"].items()} == {"anna": 4.0, "ben": 1.0}
    assert _speed(told)["in force"]["mean"] == pytest.approx(_speed(told)["really"], abs=0.5)

    sooner = _replayed(here, here.centre.config, began, "--set", f"queues.sales.ring={SHORTER_S}s")
    lost_s = (RING_S - SHORTER_S) / 5
    assert _speed(sooner)["difference"]["mean"] < 0.1 - lost_s, "one of the five who were served waited for a phone that nobody heard"

    alone = _replayed(here, _without(here, "anna"), began)
    assert alone["agents_gone"] == ["anna"] and alone["honest"] == told["honest"]
    assert _speed(alone)["difference"]["mean"] > 1.0, "one phone for all of them"
    ids = {_contact(here, caller) for caller in (at_once, is_missed, waited, waited_too)}
    otherwise = {each["contact"]: each for each in alone["contacts"]}
    assert ids <= otherwise.keys()
    assert {otherwise[id]["in force"]["agent"] for id in ids} == {"anna"}
    assert "anna" not in {each["changed"]["agent"] for each in otherwise.values() if each["changed"]}


def _lived(here: House) -> list[Caller]:
    """One is served at once; one first rings a phone that nobody hears; three wait and one gives up; the last has the other agent."""
    anna, ben = here.ready_phone("anna"), here.ready_phone("ben")
    at_once = here.caller().must_be_answered()
    _talks(here, "anna", anna, 1)
    _hangs_up(here, anna, "anna")

    is_missed = here.caller().must_be_answered()
    ben.must_ring()
    here.centre.must_become("ben", "not_ready rna", within_s=RING_S + 10)
    _talks(here, "anna", anna, 2)
    waited, waited_too, gave_up = (_waits(here, before) for before in range(3))
    gave_up.hang_up()
    until("one of them is gone", lambda: len(here.centre.callers()) == 2)
    for nth in (3, 4):
        anna.hang_up()
        _talks(here, "anna", anna, nth)

    here.ready("ben")
    last = here.caller().must_be_answered()
    _talks(here, "ben", ben, 1, rings=2)
    last.hang_up()
    _hangs_up(here, anna, "anna")
    here.centre.must_become("ben", "ready")
    callers = [at_once, is_missed, waited, waited_too, gave_up, last]
    for caller in callers:
        assert here.centre.story(caller.number)["visits"], "recorded"
    return callers


def _waits(here: House, before: int) -> Caller:
    caller = here.caller().must_be_answered()
    until("one more waits", lambda: len(here.centre.callers()) == before + 1)
    return caller


def _talks(here: House, agent: str, phone: Phone, nth: int, *, rings: int | None = None) -> None:
    phone.must_ring(count=rings or nth)
    phone.accept()
    phone.must_talk(count=nth)
    here.centre.must_become(agent, "talking")


def _hangs_up(here: House, phone: Phone, agent: str) -> None:
    phone.hang_up()
    here.centre.must_become(agent, "ready")


def _contact(here: House, caller: Caller) -> str:
    [call] = here.centre.cli("calls", "--caller", caller.number)
    return str(call["id"])


def _replayed(here: House, config: Path, since: str, *more: str) -> Any:
    """The command, as whoever runs the house would give it the next day."""
    return here.centre.cli("replay", "--config", str(config), "--since", since, "--replications", "2", "--contacts", *more)


def _speed(told: Any) -> Any:
    [row] = [row for row in told["measures"] if (row["queue"], row["measure"]) == ("", SPEED)]
    return row


def _without(here: House, agent: str) -> Path:
    """The same folder with one agent fewer."""
    folder = here.centre.config.with_name("config-smaller")
    shutil.copytree(here.centre.config, folder)
    written = json.loads((folder / "acd.yaml").read_text())
    del written["agents"][agent]
    (folder / "acd.yaml").write_text(json.dumps(written))
    return folder
