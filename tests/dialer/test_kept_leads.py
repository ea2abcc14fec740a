"""What becomes of leads by the rules of their campaign, in the database (ACD.md 91-94)."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from acd.campaign import Campaign
from dialer.core.attempt import Attempt, Outcome
from dialer.lists import do_not_call
from dialer.lists.importing import Importing, import_csv
from dialer.lists.schema import leads
from dialer.lists.store import LeadStore
from dialer.live.kept_leads import KeptLeads
from tests.dialer.floor import NOON, campaign

BERLIN = [f"+4930{1000000 + n}" for n in range(5)]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LeadStore]:
    found = LeadStore(f"sqlite:///{tmp_path}/leads.db").open()
    yield found
    found.close()


def spring(**more: Any) -> Campaign:
    return campaign(**({"law": "it", "lists": ("spring",)} | more))


def house(store: LeadStore, tmp_path: Path, numbers: list[str], lists: tuple[str, ...] = ("spring",)) -> KeptLeads:
    file, public = tmp_path / "leads.csv", tmp_path / "public.txt"
    file.write_text("number\n" + "\n".join(numbers))
    public.write_text("+393331234567\n")
    do_not_call.import_file(store, public, "national:it", region="IT", dated_at=NOON, at=NOON)
    for name in lists:
        import_csv(store, file, Importing(list=name, region="DE"), NOON, tmp_path / "refused.csv")
    kept = KeptLeads(store, lambda: "Europe/Berlin")
    kept.put_back(NOON)
    return kept


def one(kept: KeptLeads, at: float = NOON, **rules: Any) -> Attempt:
    (found,) = kept.claim(spring(**rules), 1, at).attempts
    return found


def over(kept: KeptLeads, attempt: Attempt, outcome: Outcome, at: float = NOON + 60, **more: Any) -> Attempt:
    ended = replace(attempt, outcome=outcome, ended_at=at, **more)
    kept.finish(ended, spring())
    return ended


def lead(store: LeadStore, id: int) -> dict[str, Any]:
    with store.begin() as connection:
        return dict(connection.execute(select(leads).where(leads.c.id == id)).mappings().one())


def listed(store: LeadStore, number: str) -> list[tuple[str, float, str]]:
    with store.begin() as connection:
        return [(row["scope"], row["at"], row["source"]) for row in do_not_call.check(connection, number)]


def test_row_94_given_an_opt_out_when_kept_then_the_number_is_taken_no_more_through_any_list_before_the_call_is_over(
    store: LeadStore, tmp_path: Path
) -> None:
    kept = house(store, tmp_path, BERLIN[:1], ("spring", "summer"))
    attempt = one(kept)
    opted = replace(attempt, opted_out_at=NOON + 5)
    kept.opted_out(opted)
    kept.opted_out(opted)
    assert listed(store, BERLIN[0]) == [("internal", NOON + 5, f"attempt {attempt.id}")]
    assert not kept.claim(spring(id="summer", lists=("summer",)), 1, NOON + 6).attempts
    over(kept, attempt, Outcome.HUNG_UP, opted_out_at=NOON + 5)
    assert not kept.claim(spring(lists=("spring", "summer")), 2, NOON + 200_000).attempts


def test_row_94_given_an_opt_out_that_was_never_kept_when_the_end_is_stored_then_it_is_and_the_lock_of_an_abandon_too(
    store: LeadStore, tmp_path: Path
) -> None:
    kept = house(store, tmp_path, BERLIN[:1])
    attempt = over(kept, one(kept), Outcome.DIALER_ABANDON, answered_at=NOON, abandoned_at=NOON + 2, opted_out_at=NOON + 5)
    found = lead(store, attempt.lead)
    assert (found["state"], found["why"]) == ("do_not_call", "opted out")
    assert [scope for scope, _, _ in listed(store, BERLIN[0])] == ["internal"]


@pytest.mark.parametrize(("outcome", "state"), [(Outcome.DONE, "done"), (Outcome.TALKED, "done"), (Outcome.HUNG_UP, "waiting")])
def test_given_a_call_that_somebody_answered_when_it_is_over_then_what_it_was_for_is_done_unless_they_left(
    store: LeadStore, tmp_path: Path, outcome: Outcome, state: str
) -> None:
    kept = house(store, tmp_path, BERLIN[:1])
    attempt = over(kept, one(kept), outcome, answered_at=NOON)
    assert lead(store, attempt.lead)["state"] == state and listed(store, BERLIN[0]) == []
