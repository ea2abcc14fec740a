import csv
import gc
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import islice
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import func, select

from dialer.lists import importing
from dialer.lists.numbering import number_of
from dialer.lists.reading_csv import Row, rows
from dialer.lists.rows import Lead, lead_of
from dialer.lists.schema import leads as leads_table
from dialer.lists.store import LeadStore

from .making import claim, imported, leads, number, taking


def rows_of(store: LeadStore) -> list[dict[str, object]]:
    with store.begin() as connection:
        return [dict(row) for row in connection.execute(select(leads_table).order_by(leads_table.c.id)).mappings()]


def refused(tmp_path: Path) -> list[list[str]]:
    with (tmp_path / "refused.csv").open(encoding="utf-8", newline="") as file:
        return [row[:2] for row in csv.reader(file)][1:]


def test_given_a_file_with_fields_when_imported_then_the_lead_holds_them_as_text(store: LeadStore, tmp_path: Path) -> None:
    header = "\ufeffid;name;phone;phone2;city;fields.note;consent;priority\n"
    done = imported(store, tmp_path, header + '7;"Bobby\'); DROP TABLE leads;--";030 1000001;0301000002;Köln;x;web;3\n')
    assert (done.added, done.stopped, dict(done.refused)) == (1, "", {})
    (row,) = rows_of(store)
    assert (row["key"], row["name"], row["consent"], row["priority"]) == ("7", "Bobby'); DROP TABLE leads;--", "web", 3)
    assert row["fields"] == {"city": "Köln", "note": "x"}
    (taken,) = claim(store)
    assert (taken.number, taken.numbers, taken.zones) == ("+49301000001", 2, ("Europe/Berlin",))


def test_given_wrong_rows_when_imported_then_each_is_reported_with_its_line_and_the_others_are_taken(
    store: LeadStore, tmp_path: Path
) -> None:
    text = f"id,number,zone\n1,{number(1)},\n2,nonsense,\n3,{number(3)},Mars/Base\n4,{number(4)}\n5,,\n6,{number(6)},\n"
    done = imported(store, tmp_path, text)
    assert done.added == 2 and sum(done.refused.values()) == 4
    assert [line for line, _ in refused(tmp_path)] == ["3", "4", "5", "6"]


def test_given_an_imported_file_when_imported_again_then_nothing_changes(store: LeadStore, tmp_path: Path) -> None:
    text = "id,number\n" + "".join(f"k{n},{number(n)}\n" for n in range(2500))
    assert imported(store, tmp_path, text).added == 2500
    before = rows_of(store)
    again = imported(store, tmp_path, text)
    assert (again.added, again.unchanged, rows_of(store)) == (0, 2500, before)


@pytest.mark.parametrize(("policy", "fate"), [("refuse", "refused"), ("keep", "kept"), ("update", "updated")])
def test_given_a_lead_that_is_there_when_a_row_says_otherwise_then_the_policy_decides(
    store: LeadStore, tmp_path: Path, policy: str, fate: str
) -> None:
    imported(store, tmp_path, f"id,name,number\n1,old,{number(1)}\n")
    done = imported(store, tmp_path, f"id,name,number\n1,new,{number(1)}\n", duplicates=policy)
    assert (done.added, done.kept, done.updated, sum(done.refused.values())) == (
        0,
        fate == "kept",
        fate == "updated",
        fate == "refused",
    )
    assert rows_of(store)[0]["name"] == ("new" if policy == "update" else "old")


def test_given_a_long_file_when_imported_then_no_more_than_a_batch_is_read_ahead_and_held(
    open_store: Callable[[], LeadStore], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 10)
    other = open_store()
    ahead, held = [], []

    def watched(path: Path) -> Iterator[Row]:
        for n, row in enumerate(rows(path)):
            ahead.append(n - len(rows_of(other)))
            held.append(sum(isinstance(each, Lead) for each in gc.get_objects()) if n % 10 == 1 else 0)
            yield row

    monkeypatch.setattr(importing, "rows", watched)
    done = imported(open_store(), tmp_path, "id,number\n" + "".join(f"k{n},{number(n)}\n" for n in range(95)))
    assert (done.added, len(ahead)) == (95, 96)
    assert max(ahead) == 10 and 0 < max(held) <= 10


def test_given_an_import_when_its_rows_are_read_then_a_campaign_may_take_leads_meanwhile(
    store: LeadStore, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leads(store, tmp_path, 4)
    campaign, taken = LeadStore(url, lock_timeout_s=0.2).open(), []

    def watched(*row: object) -> Lead:
        taken.extend(claim(campaign))
        return lead_of(*row)  # type: ignore[arg-type]

    monkeypatch.setattr(importing, "lead_of", watched)
    assert imported(store, tmp_path, f"id,number\na,{number(10)}\nb,{number(11)}\n").added == 2
    campaign.close()
    assert len(taken) == 2


def test_given_a_long_file_when_some_of_it_was_asked_for_then_no_more_lines_were_read() -> None:
    class File(BytesIO):
        lines = 0

        def readline(self, size: int | None = -1) -> bytes:
            self.lines += 1
            return super().readline(size)

        def read(self, size: int | None = -1) -> bytes:
            raise AssertionError("all at once")

    file = File(b"id,number\n" + b"1,2\n" * 1000)
    place = SimpleNamespace(open=lambda mode: file)
    assert len(list(islice(rows(place), 20))) == 20  # type: ignore[arg-type]
    assert file.lines <= 21


def test_given_one_number_under_two_ids_when_imported_then_the_second_is_refused(store: LeadStore, tmp_path: Path) -> None:
    done = imported(store, tmp_path, f"id,number\n1,{number(1)}\n2,{number(1)}\n")
    assert done.added == 1 and dict(done.refused) == {"the number is in this list already": 1}


def test_given_a_number_of_another_list_when_imported_then_it_is_refused_only_where_asked(store: LeadStore, tmp_path: Path) -> None:
    text = f"id,number\n1,{number(1)}\n"
    imported(store, tmp_path, text, list="other")
    assert dict(imported(store, tmp_path, text, across="refused").refused) == {"the number is in another list": 1}
    assert imported(store, tmp_path, text).added == 1


def test_given_a_file_that_turns_to_latin1_when_imported_then_the_line_is_told_and_what_came_before_stays(
    store: LeadStore, tmp_path: Path
) -> None:
    good = "id,number\n" + "".join(f"k{n},{number(n)}\n" for n in range(1500))
    done = imported(store, tmp_path, good.encode() + "x,Köln\n".encode("latin-1"))
    assert done.stopped.startswith("line 1502:") and done.added == 1500


def test_given_a_file_that_breaks_off_when_imported_then_it_says_up_to_which_line_and_goes_on_later(
    store: LeadStore, tmp_path: Path
) -> None:
    done = imported(store, tmp_path, f'id,name,number\n1,a,{number(1)}\n2,"b')
    assert done.stopped.startswith("line 3:") and (done.added, done.line) == (1, 2)
    whole = imported(store, tmp_path, f'id,name,number\n1,a,{number(1)}\n2,"b",{number(2)}\n')
    assert (whole.added, whole.unchanged, whole.stopped) == (1, 1, "")


def test_given_a_lead_that_is_dialled_when_the_file_changes_it_then_it_is_left_alone(store: LeadStore, tmp_path: Path) -> None:
    imported(store, tmp_path, f"id,name,number\n1,old,{number(1)}\n")
    assert claim(store, rules=taking())
    done = imported(store, tmp_path, f"id,name,number\n1,new,{number(2)}\n", duplicates="update")
    assert done.updated == 0 and sum(done.refused.values()) == 1 and rows_of(store)[0]["name"] == "old"


def test_given_a_number_in_several_zones_when_the_row_names_one_then_it_narrows_and_a_strange_one_only_adds() -> None:
    every = number_of("+18002345678", "US", "").window.zones
    assert len(every) > 3
    assert number_of("+18002345678", "US", every[1]).window.zones == (every[1],)
    assert number_of("+493012345678", "DE", "Asia/Tokyo").window.zones == ("Asia/Tokyo", "Europe/Berlin")


def test_given_no_column_of_numbers_when_imported_then_nothing_is_taken(store: LeadStore, tmp_path: Path) -> None:
    assert imported(store, tmp_path, "id,name\n1,x\n").stopped.startswith("line 1:")
    with store.begin() as connection:
        assert connection.scalar(select(func.count()).select_from(leads_table)) == 0
