"""A definition that was once reported never changes: a contract may depend on it. A new formula gets a new id.

``frozen.json`` holds, for each id, its words and what it made of counters that stand below. Only add to it.
"""

import json
from pathlib import Path
from typing import Any

from acd.measures.callbacks import CalledBack, GaveUp
from acd.measures.fairness import Dealt
from acd.measures.glossary import SUBJECTS, every
from acd.measures.offers import Handled, Offers
from acd.measures.promises import Promised
from acd.measures.repeats import Repeats
from acd.measures.times import Times
from acd.measures.visits import Ended, Tally, Visits

FILE = Path(__file__).with_name("frozen.json")

VISITS = Visits(
    by={
        "answered": Tally(n=101, in_time=83, waited_s=1500.5, longest_s=90.0),
        "abandoned": Tally(n=11, in_time=5, waited_s=300.0, longest_s=120.0),
        "abandoned_while_ringing": Tally(n=3, in_time=2, waited_s=60.0, longest_s=44.0),
        "short_abandoned": Tally(n=7, in_time=7, waited_s=14.0, longest_s=4.0),
        "timed_out": Tally(n=5, waited_s=1500.0, longest_s=300.0),
        "exited_key": Tally(n=13, in_time=1, waited_s=260.0, longest_s=50.0),
        "no_staff": Tally(n=17, in_time=17),
        "system_error": Tally(n=2, in_time=1, waited_s=30.0, longest_s=29.0),
        "callback_requested": Tally(n=19, in_time=3, waited_s=600.0, longest_s=70.0),
    }
)
OFFERS = Offers(
    by={
        "answered": Handled(n=101, ring_s=500.0, talk_s=20000.0, hold_s=1000.0, wrap_up_s=1800.0, transferred=9),
        "no_answer": Handled(n=7, ring_s=105.0),
        "declined": Handled(n=3, ring_s=9.0),
        "caller_gone": Handled(n=5, ring_s=20.0),
        "caller_gone_at_answer": Handled(n=1, ring_s=5.0),
    }
)
TIMES = Times(
    by={
        ("ready", ""): 9000.0, ("offered", ""): 500.0, ("talking", ""): 20000.0, ("wrap_up", ""): 1800.0,
        ("not_ready", "lunch"): 1800.0, ("not_ready", "meeting"): 900.0, ("logged_out", ""): 50000.0,
    }
)  # fmt: skip
COUNTERS: dict[str, Any] = {
    "Queue visits": VISITS,
    "Outcomes": Ended(so=VISITS.by["exited_key"], all=VISITS),
    "Waits": [float(n * n) for n in range(1, 38)],
    "Offers and talks": OFFERS,
    "Offers by outcome": (OFFERS.by["no_answer"], OFFERS),
    "Agents' time": TIMES,
    "Time by state": (1800.0, TIMES),
    "Promises": Promised(told=50, kept=22, broken=20, kept_at_most=33, broken_at_most=8),
    "Who calls again": Repeats(served=101, again=13),
    "Who gave up": GaveUp(visits=41, again=17, back=7, served=19),
    "Callbacks": CalledBack(served=53, called_in=11, cancelled=5, never=13, expired=3),
    "Who asks for a callback": [None if n % 5 == 0 else float(n * n) for n in range(1, 38)],
    "Fairness": Dealt(received=31, expected=27.5),
    "Fairness of the whole floor": {"a": Dealt(received=31, expected=27.5), "b": Dealt(received=20, expected=23.5)},
}


def now() -> dict[str, Any]:
    return {
        definition.id: {"formula": definition.formula, "unit": definition.unit, "value": definition.of(COUNTERS[subject])}
        for subject, glossary in SUBJECTS.items()
        for definition in glossary
    }


def test_given_every_definition_when_compared_with_what_was_frozen_then_none_has_changed() -> None:
    found, frozen = json.loads(json.dumps(now())), json.loads(FILE.read_text())
    changed = [id for id in frozen if found.get(id) != frozen[id]]
    assert not changed, f"these were reported already, give the new formula a new id: {changed}"
    assert not found.keys() - frozen.keys(), "new definitions: add them to frozen.json"


def test_given_all_definitions_when_listed_then_each_id_is_there_once_and_says_what_it_is() -> None:
    ids = [definition.id for definition in every()]
    assert len(ids) == len(set(ids)) > 40
    assert all(definition.formula and definition.name and definition.short for definition in every())
