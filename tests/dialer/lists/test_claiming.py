import multiprocessing
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import select, text

from acd.records.upgrade import DatabaseRefused, drift
from dialer.core.retrying import LeadState, Next
from dialer.lists import claiming, do_not_call, finishing
from dialer.lists.chance import Chance, Count, chance
from dialer.lists.held import held
from dialer.lists.recycling import put_in_order, recycle
from dialer.lists.schema import attempts, numbers
from dialer.lists.store import LEADS, LeadStore

from .claimer import take_turns
from .making import BERLIN, DAY_S, T0, claim, finish, imported, leads, number, taking

AGAIN = Next(state=LeadState.WAITING, why="retry", due_at=T0 + 60)


def list_number(store: LeadStore, n: int, scope: str = "internal") -> None:
    with store.begin() as connection:
        do_not_call.add(connection, [number(n)], scope, source="test", at=T0)


def holding(store: LeadStore, windows: list[str] | None = None, most: int = 10_000, **rules: object) -> dict[str, int]:
    with store.begin() as connection:
        found = held(connection, taking(**rules), T0, [BERLIN] if windows is None else windows, most)  # type: ignore[arg-type]
    return {count.by: count.n for count in found.counts}


def test_given_the_revisions_when_run_then_they_make_the_schema(store: LeadStore) -> None:
    with store.begin() as connection:
        mine = [each for each in drift(connection, LEADS) if "dialer" not in str(each)]
    assert mine == []


def test_given_a_newer_schema_when_opened_then_it_is_refused(url: str, store: LeadStore) -> None:
    with store.begin() as connection:
        connection.execute(text("UPDATE dialer_alembic_version SET version_num='9999'"))
    store.close()
    with pytest.raises(DatabaseRefused, match="newer release"):
        LeadStore(url).open()


def test_given_a_damaged_schema_when_opened_then_it_is_refused(url: str, store: LeadStore) -> None:
    with store.begin() as connection:
        connection.execute(text("DROP TABLE ledger"))
    store.close()
    with pytest.raises(DatabaseRefused, match="ledger is missing"):
        LeadStore(url).open()


def test_given_the_records_in_the_same_database_when_opened_then_both_chains_live_there(url: str, store: LeadStore) -> None:
    from acd.records.store import Store

    records = Store(url)
    records.open()
    assert records.cursor() == 0
    records.close()
    LeadStore(url).open().close()


def test_given_two_workers_when_both_take_all_then_no_lead_and_no_number_is_dialled_twice_row_91(
    open_store: Callable[[], LeadStore], tmp_path: Path
) -> None:
    leads(open_store(), tmp_path, 60)
    leads(open_store(), tmp_path, 60, list="m")  # the same numbers for another campaign
    taken: list[str] = []

    def work(store: LeadStore, list_id: str) -> None:
        for _ in range(30):
            taken.extend(each.number for each in claim(store, 4, rules=taking(list_id, lists=(list_id,))))

    workers = [Thread(target=work, args=(open_store(), list_id)) for list_id in ("l", "m", "l", "m")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(taken) == len(set(taken)) == 60


@pytest.mark.parametrize("lists", ["ll", "lm"])
def test_given_two_processes_when_both_take_at_the_same_moments_then_no_lead_and_no_number_is_taken_twice_row_91(
    open_store: Callable[[], LeadStore], url: str, tmp_path: Path, lists: str
) -> None:
    leads(open_store(), tmp_path, 60)
    leads(open_store(), tmp_path, 60, list="m")  # the same numbers
    spawn = multiprocessing.get_context("spawn")
    together, told = spawn.Barrier(2), spawn.Queue()
    processes = [
        spawn.Process(target=take_turns, args=(url, f"{list_id}{n}", list_id, 40, together, told)) for n, list_id in enumerate(lists)
    ]
    for process in processes:
        process.start()
    taken = dict(told.get(timeout=90) for _ in processes)
    for process in processes:
        process.join(timeout=30)
        assert process.exitcode == 0
    assert all(len(mine) >= 3 for mine in taken.values()), "they did not take at the same time"
    every = [one for mine in taken.values() for one in mine]
    assert len({lead for lead, _ in every}) == len({number for _, number in every}) == len(every) == 60


def test_given_an_open_claim_when_another_worker_claims_on_postgresql_then_it_goes_round_it_row_91(
    open_store: Callable[[], LeadStore], tmp_path: Path, url: str
) -> None:
    if url.startswith("sqlite"):
        pytest.skip("there two claims are never open at once: the right to write is taken at the beginning")
    first, second = open_store(), open_store()
    leads(first, tmp_path, 2)
    with first.begin() as connection:
        mine = claiming.claim(connection, taking(), 1, T0, [BERLIN], lambda: "one")
        assert len(mine) == 1
        theirs = claim(second, 2)
    assert mine[0].number not in {each.number for each in theirs}


def test_given_a_number_leased_for_one_campaign_when_another_wants_it_then_it_waits_row_91(store: LeadStore, tmp_path: Path) -> None:
    leads(store, tmp_path, 1)
    leads(store, tmp_path, 1, list="m")
    (mine,) = claim(store)
    assert claim(store, rules=taking("d", lists=("m",))) == []
    finish(store, mine)
    assert len(claim(store, at=T0 + 31, rules=taking("d", lists=("m",)))) == 1


def test_given_one_number_in_two_lists_of_a_campaign_when_both_are_taken_from_then_it_is_dialled_once_row_91(
    store: LeadStore, tmp_path: Path
) -> None:
    leads(store, tmp_path, 1)
    leads(store, tmp_path, 1, list="m")
    assert len(claim(store, 5, rules=taking(lists=("l", "m")))) == 1
    assert holding(store, lists=("l", "m")) == {"leased": 1, "number_leased": 1}


def test_given_a_listed_number_when_claimed_then_another_number_of_the_lead_or_nobody(store: LeadStore, tmp_path: Path) -> None:
    imported(store, tmp_path, f"id,number,number2\n1,{number(1)},{number(2)}\n2,{number(3)},\n")
    list_number(store, 1)
    list_number(store, 3, "campaign:c")
    assert [each.number for each in claim(store, 5)] == [number(2)]
    assert holding(store) == {"leased": 1, "do_not_call": 1}
    with store.begin() as connection:
        assert do_not_call.remove(connection, number(3), "campaign:c")
    assert [each.number for each in claim(store, 5)] == [number(3)]


def test_given_a_claimed_number_when_it_opts_out_then_it_may_not_be_dialled_any_more_row_94(store: LeadStore, tmp_path: Path) -> None:
    leads(store, tmp_path, 1)
    (mine,) = claim(store)
    with store.begin() as connection:
        assert finishing.may_still_be_dialled(connection, mine.attempt, taking(), T0) == ""
    list_number(store, 0)
    with store.begin() as connection:
        assert "do-not-call" in finishing.may_still_be_dialled(connection, mine.attempt, taking(), T0)


@pytest.mark.parametrize("rule", ["lead_per_day", "lead_total", "number_per_day", "number_total"])
def test_given_a_cap_when_reached_then_nobody_is_dialled_until_it_allows(store: LeadStore, tmp_path: Path, rule: str) -> None:
    leads(store, tmp_path, 1)
    rules = taking(**{rule: 1})
    (mine,) = claim(store, rules=rules)
    finish(store, mine, next=AGAIN)
    assert claim(store, at=T0 + 61, rules=rules) == []
    daily = rule.endswith("day")
    assert holding(store) == ({"per_day": 1} if daily else {"total": 1})
    tomorrow = taking(**{rule: 1}, day_since=T0 + 50_000, day_until=T0 + 50_000 + DAY_S)
    assert len(claim(store, at=T0 + 50_001, rules=tomorrow)) == daily


def test_given_an_attempt_that_rang_nobody_when_finished_then_no_cap_counts_it(store: LeadStore, tmp_path: Path) -> None:
    leads(store, tmp_path, 1)
    rules = taking(lead_per_day=1, lead_total=1, number_per_day=1, number_total=1)
    (mine,) = claim(store, rules=rules)
    finish(store, mine, "dropped", next=AGAIN, rang=False)
    assert len(claim(store, at=T0 + 61, rules=rules)) == 1


def test_given_an_abandon_when_its_lock_lasts_then_no_campaign_dials_the_number_row_86(store: LeadStore, tmp_path: Path) -> None:
    leads(store, tmp_path, 1)
    (mine,) = claim(store)
    locked = Next(state=LeadState.READY, lock_until=T0 + 3 * DAY_S)
    finish(store, mine, "dialer_abandon", answered_at=T0, abandoned_at=T0 + 2, next=locked)
    assert claim(store, at=T0 + DAY_S) == [] and holding(store) == {"lock": 1}
    assert len(claim(store, at=T0 + 3 * DAY_S)) == 1
    with store.begin() as connection:
        assert finishing.counted(connection, ["c"], T0 - 3600) == [(int(T0 // 60) * 60, 1, 1)]


def test_given_a_lock_when_a_shorter_one_follows_then_the_longer_holds(store: LeadStore, tmp_path: Path) -> None:
    leads(store, tmp_path, 1)
    with store.begin() as connection:
        finishing.lock(connection, number(0), T0 + 100)
        finishing.lock(connection, number(0), T0 + 50)
    assert claim(store, at=T0 + 60) == []


def test_given_a_finish_when_told_twice_then_it_counts_once(store: LeadStore, tmp_path: Path) -> None:
    leads(store, tmp_path, 1)
    (mine,) = claim(store)
    assert finish(store, mine, "talked", answered_at=T0)
    assert not finish(store, mine, "talked", answered_at=T0)
    with store.begin() as connection:
        assert finishing.counted(connection, ["c"], 0) == [(int(T0 // 60) * 60, 1, 0)]
        row = connection.execute(select(numbers)).one()
    assert (row.leased_by, row.dialled, row.answered) == (None, 1, 1)


def test_given_a_claim_when_the_process_died_then_the_attempt_is_open_and_the_lead_is_not_dialled_again_f10(
    open_store: Callable[[], LeadStore], tmp_path: Path
) -> None:
    dead, alive = open_store(), open_store()
    leads(dead, tmp_path, 1)
    (mine,) = claim(dead)
    dead.close()
    with alive.begin() as connection:
        assert [row["id"] for row in finishing.open_attempts(connection, "c")] == [mine.attempt]
    assert claim(alive, at=T0 + 90_000) == []  # though its time is over: only who expires or finishes it lets go
    with alive.begin() as connection:
        assert finishing.expire(connection, T0 + 3599) == []
        assert finishing.expire(connection, T0 + 3600) == [mine.attempt]
        assert finishing.open_attempts(connection) == []
        assert connection.scalar(select(attempts.c.outcome)) == "lost"
    assert claim(alive, at=T0 + 3601) == []
    assert len(claim(alive, at=T0 + 3600 + finishing.LOST_AGAIN_S)) == 1


def test_given_callbacks_when_due_then_they_go_first_and_not_a_second_before(store: LeadStore, tmp_path: Path) -> None:
    leads(store, tmp_path, 3)
    first, second = claim(store, 2)
    finish(store, second, "talked", next=Next(state=LeadState.WAITING, why="callback", due_at=T0 + 600))
    finish(store, first, "talked", next=Next(state=LeadState.WAITING, why="callback", due_at=T0 + 300))
    assert holding(store) == {"ready": 1, "callback": 2}
    assert [each.key for each in claim(store, 1, at=T0 + 299.9)] == ["k2"]
    assert claim(store, 5, at=T0 + 299.9) == []
    assert [each.key for each in claim(store, 5, at=T0 + 600)] == ["k0", "k1"]


def test_given_a_callback_promised_by_an_agent_when_due_then_it_is_theirs_first_and_anyones_later(
    store: LeadStore, tmp_path: Path
) -> None:
    leads(store, tmp_path, 2)
    for mine in claim(store, 2):
        finish(store, mine, "talked", next=Next(state=LeadState.WAITING, why="callback", due_at=T0 + 300, agent="anna"))
    assert claim(store, 5, at=T0 + 300) == [] and claim(store, 5, at=T0 + 300, agents=["ben"]) == []
    assert len(claim(store, 1, at=T0 + 300, agents=["anna"])) == 1
    assert len(claim(store, 5, at=T0 + 300 + claiming.AGENT_GRACE_S)) == 1


def test_given_an_order_when_leads_are_taken_then_they_come_in_it(store: LeadStore, tmp_path: Path) -> None:
    rows = "".join(f"k{n},{number(n)},{p},{v}\n" for n, p, v in ((0, 0, 5), (1, 2, 1), (2, 0, 9)))
    imported(store, tmp_path, "id,number,priority,value\n" + rows)

    def order() -> list[str]:
        taken = claim(store, 5)
        for each in taken:
            finish(store, each, "dropped", next=Next(state=LeadState.READY), rang=False)
        return [each.key for each in taken]

    assert order() == ["k1", "k0", "k2"]
    put_in_order(store, "l", "newest")
    assert order() == ["k1", "k2", "k0"]
    put_in_order(store, "l", "highest value")
    assert order() == ["k2", "k0", "k1"]
    with pytest.raises(ValueError, match="allowed are"):
        put_in_order(store, "l", "value; DROP")


def test_given_what_was_learnt_when_on_then_who_is_likelier_to_answer_goes_first_and_one_word_switches_it_off(
    store: LeadStore, tmp_path: Path
) -> None:
    leads(store, tmp_path, 2)
    with store.begin() as connection:
        connection.execute(numbers.update().where(numbers.c.number == number(0)).values(dialled=8, answered=0))
        connection.execute(numbers.update().where(numbers.c.number == number(1)).values(dialled=8, answered=8))
    (likely,) = claim(store, rules=taking(chance=True))
    assert likely.key == "k1" and likely.chance is not None and likely.chance > 0.5
    finish(store, likely, "dropped", next=Next(state=LeadState.READY), rang=False)
    assert claim(store, rules=taking(chance=False))[0].key == "k0"


def test_given_counts_when_the_chance_is_asked_then_few_calls_say_little() -> None:
    cells = {(0, 9): Count(1000, 100), (0, 18): Count(1000, 500)}
    evening, morning = chance(cells, (0, 18), Count()), chance(cells, (0, 9), Count())
    assert isinstance(evening, Chance) and evening.value > evening.mean > morning.value
    once, often = chance(cells, (0, 9), Count(1, 1)), chance(cells, (0, 9), Count(10, 10))
    assert morning.value < once.value < often.value < 1


def test_given_closed_windows_when_claimed_then_nobody_and_why_says_outside_hours(store: LeadStore, tmp_path: Path) -> None:
    leads(store, tmp_path, 3)
    with store.begin() as connection:
        assert claiming.claim(connection, taking(), 5, T0, [], lambda: "x") == []
        assert claiming.claim(connection, taking(), 5, T0, ["US America/New_York"], lambda: "x") == []
        assert list(claiming.known_windows(connection)) == [(BERLIN, "DE", ("Europe/Berlin",))]
    assert holding(store, windows=[]) == {"outside_hours": 3}
    assert holding(store, windows=[], most=2) == {"outside_hours": 2}


def test_given_a_national_list_when_missing_or_too_old_then_nobody_is_dialled(store: LeadStore, tmp_path: Path) -> None:
    leads(store, tmp_path, 2)
    rules = taking(national=("us",), fresh_s=31 * DAY_S)
    assert claim(store, rules=rules) == []
    path = tmp_path / "dnc.txt"
    path.write_text(f"{number(0)}\nnot a number\n")
    done = do_not_call.import_file(store, path, "national:us", region="DE", dated_at=T0 - 31 * DAY_S, at=T0)
    assert (done.numbers, done.refused) == (1, 1)
    assert [each.key for each in claim(store, 5, rules=rules)] == ["k1"]
    with store.begin() as connection:
        assert "32 days old" in do_not_call.stale(connection, rules, T0 + DAY_S)
    path.write_text(f"number,name\n{number(7)},x\n")
    do_not_call.import_file(store, path, "national:us", region="DE", dated_at=T0, at=T0 + 1)
    with store.begin() as connection:
        assert do_not_call.check(connection, number(0)) == [] and len(do_not_call.check(connection, number(7))) == 1


def test_given_a_finished_list_when_recycled_by_outcome_then_only_those_come_back(store: LeadStore, tmp_path: Path) -> None:
    leads(store, tmp_path, 3)
    for mine, outcome in zip(claim(store, 3), ("no_answer", "talked", "busy"), strict=True):
        finish(store, mine, outcome)
    assert recycle(store, "l", ["no_answer", "busy"]) == 2
    assert sorted(each.key for each in claim(store, 5)) == ["k0", "k2"]


def test_given_what_a_pacer_learnt_when_kept_then_the_next_process_has_it(open_store: Callable[[], LeadStore]) -> None:
    with open_store().begin() as connection:
        finishing.keep(connection, "learnt", "c", {"p": 0.1})
        finishing.keep(connection, "learnt", "c", {"p": 0.3})
    with open_store().begin() as connection:
        assert finishing.kept(connection, "learnt") == {"c": {"p": 0.3}} and finishing.kept(connection, "state") == {}
