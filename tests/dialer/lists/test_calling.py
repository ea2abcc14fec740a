"""A number that an agent chose, in the lists: found or made, held by all that holds leads, and as nothing had been when refused."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from dialer.core.retrying import LeadState, Next
from dialer.lists import do_not_call
from dialer.lists.calling import NotNow, claim_number
from dialer.lists.claimed import Claimed, Taking
from dialer.lists.numbering import Number, Window
from dialer.lists.schema import attempts
from dialer.lists.schema import leads as leads_table
from dialer.lists.store import LeadStore

from .making import T0, claim, finish, ids, leads, number, taking

BERLIN = Window("DE", ("Europe/Berlin",))


def wish(store: LeadStore, n: int = 0, rules: Taking | None = None, at: float = T0, is_open: bool | str = True) -> Claimed:
    with store.begin() as connection:
        wanted = Number(number(n), BERLIN)
        return claim_number(connection, rules or taking(), wanted, at, lambda country, zones: is_open, f"w{next(ids)}")


def rows(store: LeadStore, table: Any = leads_table) -> list[dict[str, Any]]:
    with store.begin() as connection:
        return [dict(row) for row in connection.execute(select(table)).mappings()]


def refused(store: LeadStore, why: str, **how: Any) -> None:
    """And nothing is written."""
    before = rows(store), rows(store, attempts)
    with pytest.raises(NotNow, match=why):
        wish(store, **how)
    assert (rows(store), rows(store, attempts)) == before


def test_given_a_number_that_no_list_has_when_wished_then_a_lead_of_the_first_list_leased_with_its_attempt(store: LeadStore) -> None:
    found = wish(store, rules=taking(lists=("mine", "other")))
    (row,) = rows(store)
    assert (row["list"], row["key"], row["state"], row["leased_by"]) == ("mine", number(0), LeadState.LEASED, found.attempt)
    assert (found.number, found.zones, found.attempts) == (number(0), ("Europe/Berlin",), 0)
    assert [each["id"] for each in rows(store, attempts)] == [found.attempt]
    finish(store, found)
    again = wish(store, rules=taking(lists=("mine", "other")), at=T0 + 60)
    assert (again.lead, again.attempts) == (found.lead, 1) and len(rows(store)) == 1, "it is found the next time"


@pytest.mark.parametrize("state", [LeadState.READY, LeadState.WAITING, LeadState.DONE, LeadState.CAPPED])
def test_given_a_lead_that_has_the_number_when_wished_then_that_one_whatever_it_waits_for(
    store: LeadStore, tmp_path: Path, state: LeadState
) -> None:
    leads(store, tmp_path, 3)
    with store.begin() as connection:
        connection.execute(update(leads_table).values(state=state, why="retry", ready_at=T0 + 9000, due_at=T0 + 9000))
    found = wish(store, 1)
    assert (found.key, found.number) == ("k1", number(1)) and len(rows(store)) == 3
    assert [row["state"] for row in rows(store) if row["key"] == "k1"] == [LeadState.LEASED]


def test_row_91_given_a_number_that_is_being_dialled_when_wished_then_refused(store: LeadStore, tmp_path: Path) -> None:
    leads(store, tmp_path, 1)
    (first,) = claim(store)
    refused(store, "it is being dialled")
    refused(store, "it is being dialled", rules=taking("other", lists=("other",)))
    finish(store, first)
    assert wish(store).lead == first.lead


@pytest.mark.parametrize("scope", ["internal", "campaign:c", "national:de"])
def test_row_94_given_a_listed_number_when_wished_then_refused(store: LeadStore, scope: str) -> None:
    with store.begin() as connection:
        do_not_call.add(connection, [number(0)], scope, source="letter", at=T0)
    known = taking(national=("de",)) if scope.startswith("national") else taking()
    if scope.startswith("national"):
        refused(store, "the do-not-call list de was never imported", rules=known)
        known = taking()
        with store.begin() as connection:
            do_not_call.add(connection, [number(0)], "internal", source="letter", at=T0)
    refused(store, "it is on a do-not-call list", rules=known)


@pytest.mark.parametrize(("country", "is_held"), [("DE", True), ("FR", False)])
def test_row_94_given_the_list_of_a_country_that_is_too_old_when_a_number_of_it_is_wished_then_refused(
    store: LeadStore, country: str, is_held: bool
) -> None:
    rules = taking(national=("de",), of_country={"de": (country,)})
    if is_held:
        refused(store, "the do-not-call list de was never imported", rules=rules)
    else:
        assert wish(store, rules=rules).number == number(0)


def test_row_94_given_a_lead_that_opted_out_when_wished_then_refused(store: LeadStore, tmp_path: Path) -> None:
    leads(store, tmp_path, 1)
    (first,) = claim(store)
    finish(store, first, next=Next(state=LeadState.DO_NOT_CALL, why="opted out"))
    refused(store, "it is on a do-not-call list")


def test_row_92_given_caps_when_wished_then_they_hold_over_all_campaigns(store: LeadStore, tmp_path: Path) -> None:
    leads(store, tmp_path, 1)
    for n in range(2):
        (one,) = claim(store, at=T0 + n)
        finish(store, one, next=Next(state=LeadState.READY))
    refused(store, "as often as it may be in a day", rules=taking("other", number_per_day=2))
    refused(store, "as often as it may be at all", rules=taking(number_total=2))
    refused(store, "as often as it may be at all", rules=taking(lead_total=2))
    assert wish(store, rules=taking(number_per_day=3, lead_total=3)).attempts == 2


def test_given_a_number_that_is_left_in_peace_when_wished_then_refused_until_then(store: LeadStore, tmp_path: Path) -> None:
    leads(store, tmp_path, 1)
    (one,) = claim(store)
    finish(store, one, "dialer_abandon", next=Next(state=LeadState.WAITING, due_at=T0 + 900, lock_until=T0 + 900))
    refused(store, "left in peace after an abandon", at=T0 + 899)
    assert wish(store, at=T0 + 900)


def test_row_93_given_the_night_where_the_number_is_when_wished_then_refused_and_a_new_lead_is_not_kept(store: LeadStore) -> None:
    refused(store, "it is 22:00", is_open="it is 22:00 in Europe/Berlin")
    assert rows(store) == []
