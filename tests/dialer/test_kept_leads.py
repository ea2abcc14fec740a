"""What becomes of leads by the rules of their campaign, in the database (ACD.md 91-94)."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from acd.campaign import After, Campaign, Disposition, Mode
from acd.law.profile import DAY_S
from dialer.core.attempt import Attempt, Outcome
from dialer.core.said import Said
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


# -- what agents say came of it ---

SAID = {
    "sold": Disposition(),
    "later": Disposition(then=After.RETRY, after_s=2 * DAY_S),
    "call_back": Disposition(then=After.CALLBACK),
    "soon": Disposition(then=After.CALLBACK, after_s=7200.0),
    "mine": Disposition(then=After.CALLBACK, after_s=7200.0, personal=True),
    "never": Disposition(then=After.DO_NOT_CALL),
}


def says(kept: KeptLeads, attempt: Attempt, name: str, at: float = NOON + 90, call_at: float | None = None) -> bool:
    word = Said(attempt=attempt.id, campaign="spring", disposition=name, at=at, call_at=call_at)
    return kept.dispose(word, spring(dispositions=SAID))


@pytest.mark.parametrize(
    ("name", "state", "why", "due_at"),
    [
        ("sold", "done", "sold", None),
        ("unheard_of", "done", "unheard_of", None),
        ("later", "waiting", "retry", NOON + 90 + 2 * DAY_S),
        ("call_back", "waiting", "callback", NOON + 7200),
        ("soon", "waiting", "callback", NOON + 7200),
        ("never", "do_not_call", "never", None),
    ],
)
def test_row_93_given_a_talk_that_is_stored_when_an_agent_says_what_came_of_it_then_the_lead_goes_on_by_the_rule(
    store: LeadStore, tmp_path: Path, name: str, state: str, why: str, due_at: float | None
) -> None:
    kept = house(store, tmp_path, BERLIN[:1])
    attempt = over(kept, one(kept), Outcome.TALKED, answered_at=NOON)
    for _ in range(2):
        assert says(kept, attempt, name, call_at=NOON + 7200)
    found = lead(store, attempt.lead)
    assert (found["state"], found["why"], found["due_at"]) == (state, why, due_at)
    assert bool(listed(store, BERLIN[0])) is (name == "never")


def test_row_93_given_a_callback_when_its_time_has_come_then_it_is_taken_to_the_minute_and_before_all_others(
    store: LeadStore, tmp_path: Path
) -> None:
    kept = house(store, tmp_path, BERLIN[:3])
    attempt = over(kept, one(kept), Outcome.TALKED, answered_at=NOON)
    says(kept, attempt, "call_back", call_at=NOON + 7200)
    assert one(kept, NOON + 7199).lead != attempt.lead
    assert one(kept, NOON + 7200).lead == attempt.lead


MINUTES = 30


def test_row_93_given_many_leads_and_a_callback_when_asked_each_minute_then_it_is_the_first_that_is_taken_in_its_minute(
    store: LeadStore, tmp_path: Path
) -> None:
    kept = house(store, tmp_path, [f"+4930{2000000 + n}" for n in range(MINUTES + 2)])
    attempt = over(kept, one(kept), Outcome.TALKED, answered_at=NOON, agent="anna")
    says(kept, attempt, "call_back", call_at=NOON + 20 * 60 + 30)
    taken = [one(kept, NOON + 60 * minute).lead for minute in range(MINUTES)]
    assert taken.index(attempt.lead) == 21 and len(set(taken)) == MINUTES


def test_row_93_given_a_callback_that_is_due_when_it_goes_back_because_nobody_was_free_then_it_is_still_before_all_others(
    store: LeadStore, tmp_path: Path
) -> None:
    kept = house(store, tmp_path, BERLIN)
    first, later = kept.claim(spring(), 2, NOON).attempts
    over(kept, first, Outcome.RETURNED, NOON)
    attempt = over(kept, later, Outcome.TALKED, answered_at=NOON, agent="anna")
    says(kept, attempt, "call_back", call_at=NOON + 600)
    second = one(kept, NOON + 600)
    over(kept, second, Outcome.RETURNED, NOON + 601)
    third = one(kept, NOON + 602, chance=False)
    assert second.lead == third.lead == attempt.lead
    over(kept, third, Outcome.NO_ANSWER, NOON + 630)
    assert lead(store, attempt.lead)["rank"] > 0, "and once they were dialled it stands where its list has it"


def test_row_93_given_a_callback_that_an_agent_promised_when_due_then_theirs_if_they_are_free_and_after_two_minutes_anyones(
    store: LeadStore, tmp_path: Path
) -> None:
    kept = house(store, tmp_path, BERLIN)
    attempt = over(kept, one(kept), Outcome.TALKED, answered_at=NOON, agent="anna")
    says(kept, attempt, "mine", at=NOON)
    due, rules = NOON + 7200, spring()
    early = kept.claim(rules, 1, due - 1, ("anna",)).attempts + kept.claim(rules, 1, due, ("ben",)).attempts
    assert [each.lead == attempt.lead for each in early] == [False, False]
    (found,) = kept.claim(rules, 1, due, ("ben", "anna")).attempts
    assert (found.lead, found.promised_by) == (attempt.lead, "anna")
    over(kept, found, Outcome.TALKED, due + 5, answered_at=due, agent="anna")
    says(kept, found, "mine", at=due + 5)
    assert one(kept, due + 5 + 7200 + 119).lead != attempt.lead and one(kept, due + 5 + 7200 + 120).lead == attempt.lead


def test_row_93_given_a_callback_without_a_time_when_said_then_done_and_it_says_what_is_missing(
    store: LeadStore, tmp_path: Path
) -> None:
    kept = house(store, tmp_path, BERLIN[:1])
    attempt = over(kept, one(kept), Outcome.TALKED, answered_at=NOON)
    says(kept, attempt, "call_back")
    assert lead(store, attempt.lead)["why"] == "call_back: no time was said"
    says(kept, attempt, "call_back", at=NOON + 95, call_at=NOON + 7200)
    assert lead(store, attempt.lead)["due_at"] == NOON + 7200


def test_given_an_attempt_whose_end_is_not_stored_when_said_then_not_kept_yet(store: LeadStore, tmp_path: Path) -> None:
    kept = house(store, tmp_path, BERLIN[:1])
    attempt = one(kept)
    assert not says(kept, attempt, "later")
    over(kept, attempt, Outcome.TALKED, answered_at=NOON)
    assert lead(store, attempt.lead)["state"] == "done" and says(kept, attempt, "later")
    assert lead(store, attempt.lead)["state"] == "waiting"


def test_given_a_later_word_when_the_first_is_told_again_then_the_later_one_stands(store: LeadStore, tmp_path: Path) -> None:
    kept = house(store, tmp_path, BERLIN[:1])
    attempt = over(kept, one(kept), Outcome.TALKED, answered_at=NOON)
    says(kept, attempt, "later")
    says(kept, attempt, "sold", at=NOON + 100)
    assert says(kept, attempt, "later")
    assert lead(store, attempt.lead)["state"] == "done"


def test_given_a_lead_that_is_dialled_again_when_something_is_said_of_the_attempt_before_then_it_stays_as_it_is(
    store: LeadStore, tmp_path: Path
) -> None:
    kept = house(store, tmp_path, BERLIN[:1])
    first = over(kept, one(kept), Outcome.TALKED, answered_at=NOON)
    says(kept, first, "call_back", call_at=NOON + 600)
    second = one(kept, NOON + 600)
    says(kept, first, "later", at=NOON + 601)
    assert lead(store, first.lead)["leased_by"] == second.id
    over(kept, second, Outcome.TALKED, NOON + 700, answered_at=NOON + 610)
    says(kept, first, "later", at=NOON + 800)
    assert lead(store, first.lead)["state"] == "done"


def test_row_94_given_somebody_who_opted_out_when_an_agent_says_later_then_they_are_called_no_more(
    store: LeadStore, tmp_path: Path
) -> None:
    kept = house(store, tmp_path, BERLIN[:1])
    attempt = over(kept, one(kept), Outcome.TALKED, answered_at=NOON, opted_out_at=NOON + 5)
    says(kept, attempt, "later")
    assert lead(store, attempt.lead)["state"] == "do_not_call"


def test_given_a_lead_that_an_agent_passed_on_when_kept_then_nobody_gets_it_for_ten_minutes_and_it_counts_for_nothing(
    store: LeadStore, tmp_path: Path
) -> None:
    kept = house(store, tmp_path, BERLIN[:1])
    attempt = over(kept, one(kept), Outcome.RETURNED, NOON, is_passed_on=True)
    assert not kept.claim(spring(), 1, NOON + 599).attempts
    assert one(kept, NOON + 600).lead == attempt.lead and lead(store, attempt.lead)["attempts"] == 1


def test_row_94_given_a_lead_that_was_taken_a_while_ago_when_its_number_is_listed_since_then_it_may_be_dialled_no_more(
    store: LeadStore, tmp_path: Path
) -> None:
    kept = house(store, tmp_path, BERLIN[:1])
    attempt = one(kept)
    assert kept.why_not(attempt, spring(), NOON + 20) == ""
    with store.begin() as connection:
        do_not_call.add(connection, [attempt.number], "national:it", source="a new edition", at=NOON + 10)
    assert kept.why_not(attempt, spring(), NOON + 20) == "the number is on a do-not-call list"


@pytest.mark.parametrize(("law", "why"), [("uk", "the do-not-call list uk was never imported"), ("strict", ""), ("it", "")])
def test_given_the_national_list_of_another_country_when_a_campaign_asks_then_only_the_strictest_law_takes_any(
    store: LeadStore, tmp_path: Path, law: str, why: str
) -> None:
    kept = house(store, tmp_path, BERLIN[:1])
    held = kept.claim(spring(law=law), 1, NOON).held
    assert (held.why if held else "") == why


def test_row_94_given_a_campaign_that_is_gone_when_an_agent_said_never_then_on_the_list_and_the_attempt_says_it(
    store: LeadStore, tmp_path: Path
) -> None:
    kept = house(store, tmp_path, BERLIN[:1])
    attempt = over(kept, one(kept), Outcome.TALKED, answered_at=NOON)
    word = Said(attempt=attempt.id, campaign="spring", disposition="never", at=NOON + 90, no_more=True)
    assert kept.dispose(word, Campaign(id="spring", mode=Mode.MANUAL))
    assert lead(store, attempt.lead)["state"] == "do_not_call" and [scope for scope, _, _ in listed(store, BERLIN[0])] == ["internal"]


def test_given_two_campaigns_of_one_list_when_one_is_done_with_a_lead_then_it_counts_so_for_that_one_and_the_other_calls(
    store: LeadStore, tmp_path: Path
) -> None:
    kept = house(store, tmp_path, BERLIN[:1])
    over(kept, one(kept), Outcome.TALKED, answered_at=NOON)
    summer = spring(id="summer")
    (second,) = kept.claim(summer, 1, NOON + 100).attempts
    kept.finish(replace(second, outcome=Outcome.BUSY, ended_at=NOON + 110), summer)
    given = kept.claim(summer, 1, NOON + 120)
    assert given.attempts == () and given.again_at == NOON + 110 + 300, "the first retry of its own"
    assert (kept.held(spring(), NOON + 120).of("done"), kept.held(summer, NOON + 120).of("retry")) == (1, 1)
    assert kept.held(spring(), NOON + 120).of("retry") == kept.held(summer, NOON + 120).of("done") == 0
    assert [each.number for each in kept.claim(summer, 1, NOON + 411).attempts] == BERLIN[:1]
