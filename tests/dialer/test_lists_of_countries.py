"""National do-not-call lists that grow old: only those of a number's own country, of the campaign's law, or of no country, hold it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from acd.law.countries import countries_of
from acd.law.profile import DAY_S
from dialer.core.held import HeldBy
from dialer.lists import do_not_call
from dialer.lists.store import LeadStore
from dialer.live.kept_leads import KeptLeads

from .floor import NOON
from .test_kept_leads import BERLIN, house, spring

LONDON = "+442079460001"
OLD = NOON - 100 * DAY_S


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LeadStore]:
    found = LeadStore(f"sqlite:///{tmp_path}/leads.db").open()
    yield found
    found.close()


def lists(store: LeadStore, tmp_path: Path, *numbers: str, **dated: float) -> KeptLeads:
    """That of the law it is of today, unless it is said; each of the others has ``numbers``."""
    kept = house(store, tmp_path, [*BERLIN[:1], LONDON])
    for name, at in dated.items():
        (tmp_path / f"{name}.txt").write_text("\n".join(numbers or ("+393331234567",)))
        do_not_call.import_file(store, tmp_path / f"{name}.txt", f"national:{name}", region="GB", dated_at=at, at=NOON)
    return kept


def taken(kept: KeptLeads, law: str = "it", at: float = NOON) -> list[str]:
    return sorted(each.number for each in kept.claim(spring(law=law), 5, at).attempts)


@pytest.mark.parametrize(
    ("dated", "numbers"),
    [
        ({"uk": NOON}, [LONDON, BERLIN[0]]),
        ({"uk": OLD}, [BERLIN[0]]),
        ({"us": OLD, "ca": OLD}, [LONDON, BERLIN[0]]),
        ({"de": OLD}, [LONDON]),
        ({"robinson": OLD}, []),
        ({"it": OLD}, []),
    ],
)
def test_row_94_given_a_list_that_is_too_old_when_leads_are_taken_then_only_numbers_of_its_country_are_held(
    store: LeadStore, tmp_path: Path, dated: dict[str, float], numbers: list[str]
) -> None:
    assert taken(lists(store, tmp_path, **dated)) == sorted(numbers)


def test_row_94_given_nobody_but_those_of_an_old_list_when_asked_why_then_it_says_so_and_does_not_ask_in_a_circle(
    store: LeadStore, tmp_path: Path
) -> None:
    kept = lists(store, tmp_path, uk=OLD)
    assert taken(kept) == BERLIN[:1]
    given = kept.claim(spring(), 5, NOON + 1)
    assert given.held is not None and given.held.by is HeldBy.DO_NOT_CALL
    assert "1 in a country whose do-not-call list is too old" in given.held.why and (
        given.again_at is None or given.again_at > NOON + 1
    )
    assert kept.held(spring(), NOON + 1).of("old_list") == 1


def test_row_94_given_a_number_that_stands_in_another_countrys_old_list_when_taken_then_not_called_all_the_same(
    store: LeadStore, tmp_path: Path
) -> None:
    assert taken(lists(store, tmp_path, BERLIN[0], LONDON, us=OLD)) == []


@pytest.mark.parametrize(
    ("dated", "numbers"),
    [
        ({"it": OLD, "us": NOON}, [LONDON, BERLIN[0]]),
        ({"it": OLD, "us": OLD}, []),
        ({"it": OLD, "uk": OLD, "us": NOON}, [BERLIN[0]]),
    ],
)
def test_row_94_given_the_strictest_law_when_leads_are_taken_then_one_list_must_be_fresh_and_that_of_the_country(
    store: LeadStore, tmp_path: Path, dated: dict[str, float], numbers: list[str]
) -> None:
    assert taken(lists(store, tmp_path, **dated), "strict") == sorted(numbers)


def test_row_94_given_a_lead_that_an_agent_looks_at_when_its_countrys_list_grows_old_then_not_dialled_and_another_countrys_is(
    store: LeadStore, tmp_path: Path
) -> None:
    kept = lists(store, tmp_path, uk=NOON - 14.9 * DAY_S, it=NOON)
    found = {each.number: each for each in kept.claim(spring(), 5, NOON).attempts}
    later = NOON + DAY_S / 4
    assert kept.why_not(found[BERLIN[0]], spring(), later) == ""
    assert "the do-not-call list uk is 15 days old" in kept.why_not(found[LONDON], spring(), later)


@pytest.mark.parametrize(
    ("name", "country", "is_theirs"), [("uk", "GB", True), ("us", "PR", True), ("fr", "FR", True), ("uk", "US", False)]
)
def test_given_the_name_of_a_list_when_asked_whose_numbers_it_has_then_those_of_its_country(
    name: str, country: str, is_theirs: bool
) -> None:
    assert (country in (countries_of(name) or ())) is is_theirs and countries_of("robinson") is None
