"""Several campaigns of one list: what one has made of a lead is its own, and what is the number's holds for all."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from dialer.core.called import Called
from dialer.core.retrying import LeadState, Next
from dialer.lists import calling, disposing, do_not_call, splitting
from dialer.lists.called_us import called_us
from dialer.lists.claimed import Claimed
from dialer.lists.numbering import number_of
from dialer.lists.recycling import put_in_order, recycle
from dialer.lists.schema import lead_numbers
from dialer.lists.schema import leads as table
from dialer.lists.store import LeadStore

from .making import DAY_S, T0, claim, finish, imported, leads, number, taking

C, D = taking(), taking("d")
LATER = Next(state=LeadState.WAITING, why="retry", due_at=T0 + 3600)
WEEK = T0 + 7 * DAY_S


def keys(found: list[Claimed]) -> list[str]:
    return [each.key for each in found]


def states(store: LeadStore, list_id: str) -> list[str]:
    with store.begin() as connection:
        return list(connection.scalars(select(table.c.state).where(table.c.list == list_id).order_by(table.c.rank)))


def test_given_a_lead_that_one_campaign_tries_again_later_when_another_asks_then_it_gets_it_at_once_and_each_its_own(
    store: LeadStore, tmp_path: Path
) -> None:
    leads(store, tmp_path, 1)
    (first,) = claim(store, rules=C)
    finish(store, first, next=LATER)
    (second,) = claim(store, 5, T0 + 60, D)
    assert (second.key, second.list, second.attempts) == ("k0", "l", 0), "as if nobody had dialled it"
    finish(store, second, "talked", T0 + 90)
    assert claim(store, 5, T0 + 3599, C) == [] and claim(store, 5, WEEK, D) == []
    (again,) = claim(store, 5, T0 + 3600, C)
    assert (again.key, again.attempts, dict(again.retried)) == ("k0", 1, {"no_answer": 1})


def test_given_what_an_agent_says_when_it_is_final_for_one_campaign_then_the_other_calls_and_do_not_call_is_for_all(
    store: LeadStore, tmp_path: Path
) -> None:
    leads(store, tmp_path, 2)
    sold, never = claim(store, 2, rules=C)
    finish(store, sold, "talked")
    finish(store, never, "talked")
    with store.begin() as connection:
        disposing.dispose(connection, sold.attempt, "sold", Next(state=LeadState.DONE, why="sold"), T0 + 5)
        no_more = Next(state=LeadState.DO_NOT_CALL, why="never", do_not_call="internal")
        disposing.dispose(connection, never.attempt, "never", no_more, T0 + 5)
    assert keys(claim(store, 5, T0 + 60, D)) == [sold.key]
    assert sorted(states(store, "l")) == ["do_not_call", "split"], "who must not be called is nobody's, and not copied"


def test_given_a_lock_after_an_abandon_when_another_campaign_asks_then_it_holds_for_it_too_until_it_is_over(
    store: LeadStore, tmp_path: Path
) -> None:
    leads(store, tmp_path, 1)
    (mine,) = claim(store, rules=C)
    finish(store, mine, "dialer_abandon", next=Next(state=LeadState.WAITING, why="retry", due_at=WEEK, lock_until=T0 + DAY_S))
    assert claim(store, 5, T0 + DAY_S - 1, D) == []
    assert keys(claim(store, 5, T0 + DAY_S, D)) == ["k0"]


def test_row_91_given_a_lead_that_one_campaign_dials_again_when_another_has_a_copy_then_its_number_is_leased_for_all(
    store: LeadStore, tmp_path: Path
) -> None:
    leads(store, tmp_path, 1)
    (mine,) = claim(store, rules=C)
    assert claim(store, 5, T0 + 1, D) == []
    finish(store, mine, next=LATER)
    (theirs,) = claim(store, 5, T0 + 60, D)
    assert claim(store, 5, T0 + 3600, C) == [], "the other one dials it now"
    finish(store, theirs, "busy", T0 + 3610)
    assert keys(claim(store, 5, T0 + 3700, C)) == ["k0"]


def test_row_91_given_a_number_that_is_dialled_through_another_list_when_set_aside_then_for_every_campaign_and_nothing_is_copied(
    store: LeadStore, tmp_path: Path
) -> None:
    leads(store, tmp_path, 1)
    imported(store, tmp_path, f"id,number\nm0,{number(0)}\n", list="m")
    (mine,) = claim(store, rules=taking(lists=("m",)))
    assert claim(store, 5, T0 + 1, D) == [] and states(store, "l") == ["waiting"]
    finish(store, mine, "busy", T0 + 5)
    assert keys(claim(store, 5, T0 + 60, taking("e"))) == ["k0"] and states(store, "l") == ["leased"]
    assert states(store, "l for e") == states(store, "l for d") == []


def test_given_a_cap_or_a_list_of_one_campaigns_own_when_another_asks_then_it_is_not_held_by_them(
    store: LeadStore, tmp_path: Path
) -> None:
    leads(store, tmp_path, 2)
    with store.begin() as connection:
        do_not_call.add(connection, [number(1)], "campaign:c", source="a letter", at=T0)
    once = taking(lead_total=1)
    (mine,) = claim(store, 5, rules=once)
    finish(store, mine, "returned", next=Next(state=LeadState.WAITING, why="retry", due_at=T0 + 10), rang=False)
    (mine,) = claim(store, 5, T0 + 10, once)
    finish(store, mine, next=Next(state=LeadState.WAITING, why="retry", due_at=T0 + 20))
    assert claim(store, 5, T0 + 20, once) == []
    assert keys(claim(store, 5, T0 + 30, D)) == ["k0", "k1"] and claim(store, 5, WEEK, once) == []


def test_given_one_campaign_alone_when_it_dials_for_days_then_nothing_is_copied(store: LeadStore, tmp_path: Path) -> None:
    leads(store, tmp_path, 3)
    for day in range(3):
        for each in claim(store, 5, T0 + day * DAY_S, C):
            finish(store, each, at=T0 + day * DAY_S, next=Next(state=LeadState.WAITING, why="retry", due_at=T0 + (day + 1) * DAY_S))
    assert states(store, "l") == ["waiting"] * 3 and states(store, "l for c") == []


def test_given_a_third_campaign_when_it_comes_after_the_list_was_split_then_it_gets_every_lead_in_the_order_of_the_list(
    store: LeadStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(splitting, "AT_A_TIME", 2)
    leads(store, tmp_path, 6)
    put_in_order(store, "l", "newest")
    for each in claim(store, 5, rules=C):
        finish(store, each, "talked")
    for n in range(4):
        for each in claim(store, 2, T0 + 60 + n, D):
            finish(store, each, "talked", T0 + 60 + n)
    assert "split" in states(store, "l")
    found = [key for n in range(8) for key in keys(claim(store, 1, T0 + 100 + n, taking("e")))]
    assert sorted(found) == [f"k{n}" for n in range(6)] and len(set(found)) == 6


def test_given_a_campaign_that_goes_on_as_another_when_it_asks_then_with_all_that_the_first_has_made_of_its_leads(
    store: LeadStore, tmp_path: Path
) -> None:
    leads(store, tmp_path, 2)
    one, other = claim(store, 2, rules=C)
    finish(store, one, "talked")
    finish(store, other, next=LATER)
    heir = taking("heir", replaces=("c",))
    assert claim(store, 5, T0 + 60, heir) == []
    assert len(claim(store, 5, T0 + 60, D)) == 2, "while another one begins with them"
    for each in states(store, "l for d"):
        assert each == "leased"
    assert claim(store, 5, T0 + 61, heir) == [] and states(store, "l for c") == [] and len(states(store, "l for heir")) == 2


def test_given_a_lead_that_was_split_when_an_agent_corrects_what_came_of_it_then_that_campaigns_copy_goes_on_by_it(
    store: LeadStore, tmp_path: Path
) -> None:
    leads(store, tmp_path, 1)
    (mine,) = claim(store, rules=C)
    finish(store, mine, "talked")
    (theirs,) = claim(store, 5, T0 + 60, D)
    finish(store, theirs, "talked", T0 + 70)
    with store.begin() as connection:
        assert disposing.dispose(connection, mine.attempt, "later", LATER, T0 + 80)
    assert claim(store, 5, T0 + 3600, D) == [] and keys(claim(store, 5, T0 + 3600, C)) == ["k0"]


def test_row_93_given_a_lead_that_was_split_when_they_call_us_then_the_campaign_of_that_queue_alone_is_done_with_them(
    store: LeadStore, tmp_path: Path
) -> None:
    leads(store, tmp_path, 1)
    (mine,) = claim(store, rules=C)
    finish(store, mine, next=LATER)
    (theirs,) = claim(store, 5, T0 + 60, D)
    finish(store, theirs, at=T0 + 70, next=Next(state=LeadState.WAITING, why="retry", due_at=T0 + 4000))
    called = Called(call="c1", campaign="d", number=number(0), at=T0 + 80)  # type: ignore[arg-type]
    with store.begin() as connection:
        assert called_us(connection, ("l",), called, lambda tried: Next(state=LeadState.DONE, why="called_us"))
    assert claim(store, 5, T0 + 4000, D) == [] and keys(claim(store, 5, T0 + 4000, C)) == ["k0"]


def test_given_a_list_that_was_split_when_its_file_comes_again_then_nothing_changes_and_an_update_reaches_every_copy(
    store: LeadStore, tmp_path: Path
) -> None:
    leads(store, tmp_path, 1)
    finish(store, claim(store, rules=C)[0], "talked")
    finish(store, claim(store, 5, T0 + 60, D)[0], "talked", T0 + 70)
    done = imported(store, tmp_path, f"id,number\nk0,{number(0)}\n")
    assert (done.added, sum(done.refused.values())) == (0, 0)
    done = imported(store, tmp_path, f"id,number,plan\nk0,{number(7)},gold\n", duplicates="update")
    assert (done.added, sum(done.refused.values())) == (0, 0)
    with store.begin() as connection:
        fields = connection.scalars(select(table.c.fields)).all()
        own = connection.scalars(select(lead_numbers.c.number)).all()
    assert fields == [{"plan": "gold"}] * 3 and own == [number(7)] * 3


def test_given_a_list_that_was_split_when_recycled_then_each_campaign_that_was_done_calls_again(
    store: LeadStore, tmp_path: Path
) -> None:
    leads(store, tmp_path, 1)
    finish(store, claim(store, rules=C)[0], "no_answer")
    finish(store, claim(store, 5, T0 + 60, D)[0], "talked", T0 + 70)
    assert recycle(store, "l", ["no_answer"]) == 1
    assert claim(store, 5, T0 + 80, D) == [] and keys(claim(store, 5, T0 + 80, C)) == ["k0"]


def test_given_a_lead_that_another_campaign_tries_later_when_an_agent_dials_it_by_hand_then_that_one_keeps_its_time(
    store: LeadStore, tmp_path: Path
) -> None:
    leads(store, tmp_path, 1)
    (mine,) = claim(store, rules=C)
    finish(store, mine, next=LATER)
    with store.begin() as connection:
        by_hand = calling.claim_number(connection, D, number_of(number(0), "DE"), T0 + 60, lambda country, zones: True, "hand")
    finish(store, by_hand, "talked", T0 + 90)
    assert keys(claim(store, 5, T0 + 3600, C)) == ["k0"] and claim(store, 5, WEEK, D) == []


def test_given_many_leads_that_a_campaign_holds_itself_when_it_asks_then_they_are_not_walked_through(
    store: LeadStore, tmp_path: Path
) -> None:
    leads(store, tmp_path, 20)
    for each in claim(store, 20, rules=C):
        finish(store, each, "talked")
    with store.begin() as connection:
        assert splitting._held_by_others(connection, "l", ("a", "c", "x")) == []
        assert len(splitting._held_by_others(connection, "l", ("a", "b"))) == 20
        assert connection.scalar(select(func.count()).select_from(table)) == 20
