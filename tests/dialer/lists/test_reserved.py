"""Numbers that, after an abandon, are dialled only with an agent reserved for it (ACD.md 92; as Italy and the UK want it)."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from acd.law.profile import DAY_S
from dialer.core.attempt import Outcome
from dialer.core.following import FOR_GOOD, Tried, next_of
from dialer.core.retrying import LeadState, Next
from dialer.lists import finishing
from dialer.lists.calling import NotNow, claim_number
from dialer.lists.claimed import Claimed
from dialer.lists.held import held
from dialer.lists.numbering import Number, Window
from dialer.lists.schema import leads as leads_table
from dialer.lists.store import LeadStore
from tests.dialer.floor import campaign

from .making import BERLIN, T0, claim, finish, ids, leads, number, taking

TRIED = Tried(attempts=1, turn=0, numbers=1, zones=("Europe/Berlin",))
ANYBODY, RESERVING = taking(), taking(reserves=True)


def abandoned(store: LeadStore, tmp_path: Path, until: float = FOR_GOOD, lists: int = 1) -> None:
    """The only lead's number was abandoned, and is due again."""
    leads(store, tmp_path, 1)
    (one,) = claim(store)
    again = Next(state=LeadState.READY, reserved_until=until)
    finish(store, one, "dialer_abandon", next=again, answered_at=T0, abandoned_at=T0 + 2)


def counts(store: LeadStore, at: float = T0) -> dict[str, int]:
    with store.begin() as connection:
        return {each.by: each.n for each in held(connection, ANYBODY, at, [BERLIN]).counts}


def one_lead(store: LeadStore) -> dict[str, Any]:
    with store.begin() as connection:
        return dict(connection.execute(select(leads_table)).mappings().one())


@pytest.mark.parametrize(
    ("law", "own_lock_s", "lock", "reserved"),
    [
        ("us", 0.0, None, None),
        ("us", DAY_S, T0 + DAY_S, None),
        ("uk", 3 * DAY_S, None, T0 + 3 * DAY_S),
        ("it", 5 * DAY_S, T0 + 5 * DAY_S, FOR_GOOD),
        ("strict", 5 * DAY_S, T0 + 5 * DAY_S, FOR_GOOD),
    ],
)
def test_row_92_given_each_law_when_somebody_was_abandoned_then_who_may_dial_them_until_when(
    law: str, own_lock_s: float, lock: float | None, reserved: float | None
) -> None:
    rules = campaign(law=law, redial_lock_s=own_lock_s)
    found = next_of(rules, Outcome.DIALER_ABANDON, TRIED, T0)
    assert (found.lock_until, found.reserved_until) == (lock, reserved)
    least = max((each for each in (lock, reserved) if each is not None and each != FOR_GOOD), default=T0)
    assert found.due_at is not None and found.due_at >= least
    opted = next_of(rules, Outcome.DIALER_ABANDON, TRIED, T0, opted_out=True)
    assert (opted.lock_until, opted.reserved_until) == (lock, reserved)
    assert next_of(rules, Outcome.BUSY, TRIED, T0).reserved_until is None


def test_row_92_given_a_number_that_was_abandoned_when_taken_by_who_reserves_nobody_then_set_aside_under_its_own_reason(
    store: LeadStore, tmp_path: Path
) -> None:
    abandoned(store, tmp_path)
    assert claim(store, at=T0 + DAY_S) == [] and counts(store, T0 + DAY_S) == {"reserved": 1}
    assert claim(store, at=T0 + 900 * DAY_S) == [], "however long it is"
    (found,) = claim(store, at=T0 + 900 * DAY_S, rules=RESERVING)
    assert found.needs_agent and one_lead(store)["state"] == LeadState.LEASED


@pytest.mark.parametrize("which", ["again", "other list"])
def test_row_92_given_a_number_that_was_abandoned_when_it_stands_in_another_list_too_then_held_there(
    store: LeadStore, tmp_path: Path, which: str
) -> None:
    abandoned(store, tmp_path)
    leads(store, tmp_path, 1, list="m")
    assert claim(store, at=T0 + DAY_S, rules=taking("other", lists=("m",))) == []
    (found,) = claim(store, at=T0 + DAY_S, rules=taking("other", lists=("m",) if which == "other list" else ("l",), reserves=True))
    assert found.needs_agent


@pytest.mark.parametrize(
    ("outcome", "told", "still"),
    [
        ("no_answer", {}, True),
        ("hung_up", {"answered_at": T0 + 9}, True),
        ("lost", {}, True),
        ("talked", {"answered_at": T0 + 9, "bridged_at": T0 + 10}, False),
    ],
)
def test_row_92_given_the_call_with_an_agent_when_it_is_over_then_anybody_may_only_after_a_talk(
    store: LeadStore, tmp_path: Path, outcome: str, told: dict[str, float], still: bool
) -> None:
    abandoned(store, tmp_path)
    (one,) = claim(store, at=T0 + 5, rules=RESERVING)
    finish(store, one, outcome, T0 + 20, next=Next(state=LeadState.READY), **told)
    assert bool(claim(store, at=T0 + 30)) is not still


def test_row_92_given_a_law_that_lets_a_reserved_agent_dial_meanwhile_when_its_time_is_over_then_anybody(
    store: LeadStore, tmp_path: Path
) -> None:
    abandoned(store, tmp_path, until=T0 + 500)
    assert claim(store, at=T0 + 499) == [] and counts(store, T0 + 499) == {"reserved": 1}
    (found,) = claim(store, at=T0 + 499, rules=RESERVING)
    finish(store, found, "no_answer", T0 + 499, next=Next(state=LeadState.READY))
    (found,) = claim(store, at=T0 + 501)
    assert not found.needs_agent


def test_row_92_given_two_abandons_when_the_second_asks_for_less_then_the_longer_holds(store: LeadStore, tmp_path: Path) -> None:
    abandoned(store, tmp_path)
    (one,) = claim(store, at=T0 + 5, rules=RESERVING)
    again = Next(state=LeadState.READY, reserved_until=T0 + 60)
    finish(store, one, "dialer_abandon", T0 + 9, next=again, answered_at=T0 + 7)
    assert claim(store, at=T0 + 100) == []


def test_row_92_given_a_lead_that_was_taken_before_when_asked_once_more_then_only_who_reserves_may(
    store: LeadStore, tmp_path: Path
) -> None:
    leads(store, tmp_path, 1)
    (one,) = claim(store)
    with store.begin() as connection:
        finishing.keep_for_reserved(connection, one.number, FOR_GOOD)
        said = [finishing.may_still_be_dialled(connection, one.attempt, rules, T0 + 3) for rules in (ANYBODY, RESERVING)]
    assert said == ["the number is dialled only with an agent reserved for it", ""]


def test_row_92_given_a_number_that_was_abandoned_when_an_agent_dials_it_then_they_may_unless_the_lock_is_for_everybody(
    store: LeadStore, tmp_path: Path
) -> None:
    abandoned(store, tmp_path)

    def wish(at: float) -> Claimed:
        with store.begin() as connection:
            wanted = Number(number(0), Window("DE", ("Europe/Berlin",)))
            return claim_number(connection, RESERVING, wanted, at, lambda country, zones: True, f"w{next(ids)}")

    with store.begin() as connection:
        finishing.lock(connection, number(0), T0 + 100)
    with pytest.raises(NotNow, match="left in peace after an abandon"):
        wish(T0 + 99)
    assert wish(T0 + 100).needs_agent
