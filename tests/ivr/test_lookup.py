"""`lookup`: a row of a file at once, of a database while the caller waits; files are refused with the line that is wrong."""

from pathlib import Path

import pytest

from acd.config.document import Refused
from acd.core.commands import Find
from acd.core.events import ErrandDone
from acd.ivr.check import Known
from acd.ivr.load import load_folder, load_text
from acd.ivr.load.tables import load_tables
from acd.words import FlowId
from tests.ivr.caller import Caller, flow

FLOW = """
start: find
steps:
  find:
    step: lookup
    table: customers
    where: {number: "{{ call.caller_number }}"}
    into: {who: name, level: level}
    next: known
    otherwise: stranger
  known: {step: say, text: "Hello {{ who }}.", next: end}
  stranger: {step: say, text: Hello., next: end}
  end: {step: hang_up}
"""
CSV = "number,name,level\n+491,Ada,gold\n+492,Ben,\n"


def house(folder: Path, table: str | bytes = CSV, text: str = FLOW) -> Path:
    (folder / "tables").mkdir(exist_ok=True)
    (folder / "tables" / "customers.csv").write_bytes(table if isinstance(table, bytes) else table.encode())
    (folder / "main.yaml").write_text(text)
    return folder


def caller(folder: Path, number: str) -> Caller:
    return Caller(load_folder(folder)[FlowId("main")], caller_number=number)


def refusal(folder: Path) -> str:
    with pytest.raises(Refused) as refused:
        load_folder(folder)
    return str(refused.value).replace(f"{folder}/", "")


# -- files ---


@pytest.mark.parametrize(
    ("number", "exit", "values"),
    [
        ("+491", "done", {"who": "Ada", "level": "gold"}),
        ("+492", "done", {"who": "Ben", "level": ""}),
        ("+493", "not_found", {"who": "", "level": ""}),
        ("", "not_found", {"who": "", "level": ""}),
    ],
)
def test_given_a_table_when_looked_up_then_a_row_is_known_at_once(
    tmp_path: Path, number: str, exit: str, values: dict[str, str]
) -> None:
    found = caller(house(tmp_path), number)
    assert found.exits == [("find", exit)] and found.variables == values


def test_given_two_columns_when_looked_up_then_both_must_fit(tmp_path: Path) -> None:
    text = FLOW.replace('where: {number: "{{ call.caller_number }}"}', 'where: {number: "{{ call.caller_number }}", level: gold}')
    folder = house(tmp_path, "number;name;level\n1;Ada;gold\n1;Ben;iron\n2;Cy;iron\n", text)  # semicolons, as some write it
    assert caller(folder, "1").variables["who"] == "Ada" and caller(folder, "2").exits == [("find", "not_found")]


def test_given_a_table_when_it_changes_then_so_does_the_flows_version_and_callers_keep_theirs(tmp_path: Path) -> None:
    old = load_folder(house(tmp_path))[FlowId("main")]
    assert load_folder(house(tmp_path))[FlowId("main")] == old
    new = load_folder(house(tmp_path, CSV.replace("Ada", "Eva")))[FlowId("main")]
    assert old.version != new.version
    assert [Caller(one, caller_number="+491").variables["who"] for one in (old, new)] == ["Ada", "Eva"]


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (b"", "customers.csv:1:1: the first line names the columns"),
        ("number,Name,level\n", "customers.csv:1:1: column 2: found 'Name'"),
        ("number,name,name\n", "customers.csv:1:1: the column 'name' is here twice"),
        (CSV + "+493,Cy\n", "customers.csv:4:1: 2 values where the first line names 3 columns (number, name, level)"),
        (CSV + '+493,"C\ny",\n', "customers.csv:4:1: name: found 'C\\ny'; one line"),
        (CSV + '+493,"Cy,\n', "customers.csv:4:1: this is not CSV"),
        (CSV.encode() + b"+493,\xff,\n", "customers.csv:4:1: is not UTF-8 text"),
        (CSV + "+491,Eva,\n", "customers.csv:4: number '+491' is here twice, first in line 2"),
        (CSV + f"+493,{'x' * 1001},\n", "customers.csv:4:1: name: found 'xxx"),
        ("number,name,level\n" + "".join(f"{n},a,b\n" for n in range(50_001)), "customers.csv:50002:1: up to 50,000 rows"),
        (b"x" * 4_000_001, "customers.csv:1:1: is too large"),
        ("number,nam,level\n", "has no column 'name' (did you mean 'nam'?); allowed: level, nam, number"),
    ],
)
def test_given_a_table_that_is_wrong_when_loaded_then_it_is_refused_with_its_line(
    tmp_path: Path, table: str | bytes, says: str
) -> None:
    assert says in refusal(house(tmp_path, table))


def test_given_no_such_table_when_loaded_then_those_that_there_are_are_named(tmp_path: Path) -> None:
    told = refusal(house(tmp_path, text=FLOW.replace("table: customers", "table: custmers")))
    assert told.startswith("main.yaml:6:5: there is no table 'custmers' (did you mean 'customers'?); allowed: customers")


def test_given_a_name_that_is_no_name_when_loaded_then_the_file_is_refused(tmp_path: Path) -> None:
    (house(tmp_path) / "tables" / "Big One.csv").write_text(CSV)
    assert "Big One.csv:1:1: found 'Big One'" in refusal(tmp_path)


def test_given_blank_lines_and_a_mark_of_byte_order_when_loaded_then_they_are_no_rows(tmp_path: Path) -> None:
    table = load_tables(house(tmp_path, b"\xef\xbb\xbf" + CSV.encode() + b"\n ,, \n"))["customers"]
    assert [row[0] for row in table.rows] == ["+491", "+492"] and table.lines == (2, 3)


# -- databases ---

OUTSIDE = """
start:
  step: lookup
  database: crm
  table: public.customers
  where: {number: "{{ call.caller_number }}"}
  into: {who: name}
  next: end
  exits: {several: which}
  otherwise: down
which: {step: say, text: Which?, next: end}
down: {step: say, text: Sorry., next: end}
"""


def told(found: Caller, why: str = "", **values: str) -> Caller:
    assert found.frame.play is not None
    return found.happens(ErrandDone(at=found.at, leg=found.call.leg, errand=found.frame.play, why=why, values=values))


def find(found: Caller) -> Find:
    (one,) = [one for one in found.walk.commands if isinstance(one, Find)]
    return one


def test_given_a_database_when_looked_up_then_values_are_parameters() -> None:
    asked = find(Caller(flow(OUTSIDE), caller_number="' OR 1=1 --"))
    assert (asked.source, asked.table, asked.where) == ("crm", "public.customers", {"number": "' OR 1=1 --"})
    assert asked.take == {"who": "name"} and asked.timeout_s == 2.0


@pytest.mark.parametrize(
    ("why", "exit"), [("", "done"), ("not_found", "not_found"), ("several", "several"), ("timeout", "failed"), ("failed", "failed")]
)
def test_given_an_answer_when_it_comes_then_it_leads_out_by_a_named_exit(why: str, exit: str) -> None:
    values = {} if why else {"who": "Ada", "evil": "x"}
    found = told(Caller(flow(OUTSIDE)), why, **values)
    assert found.exits == [("start", exit)] and found.variables == {"who": "" if why else "Ada"}


def test_given_a_look_up_under_way_when_all_restarts_then_it_is_asked_once_more_and_then_failed_f03() -> None:
    found = Caller(flow(OUTSIDE))
    first = find(found)
    found.restarts().waits()
    assert find(found) == first
    assert found.waits().exits == [("start", "failed")]


@pytest.mark.parametrize(
    ("step", "says"),
    [
        ("table: 'a; DROP TABLE b'", "the name of a table"),
        ("table: a.b.c", "the name of a table"),
        ("table: a, where: {'x y': b}", "the name of a column"),
        ("table: a, where: {}", "at least 1"),
        ("table: a, into: {b: '*'}", "the name of a column"),
        ("table: a, timeout: 2s", "goes with 'database' only"),
        ("table: a, database: crn", "there is no database 'crn' (did you mean 'crm'?)"),
        ("table: a, exits: {several: end}", "has no exit 'several'"),
    ],
)
def test_given_a_step_that_is_wrong_when_loaded_then_it_is_refused_with_a_sentence(step: str, says: str) -> None:
    where = "" if "where" in step else "where: {a: b}, "
    with pytest.raises(Refused) as refused:
        flow(f"start: {{step: lookup, {where}{step}, next: end, otherwise: end}}", known=Known(databases=frozenset({"crm"})))
    assert says in str(refused.value), str(refused.value)


def test_given_the_page_of_the_verb_when_its_flow_is_loaded_and_walked_then_it_does_what_the_page_says(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "docs" / "flows" / "lookup.md").read_text(encoding="utf-8")
    rows = text.split("customers.csv`:\n\n")[1].split("\n\n")[0].replace("    ", "")
    house(tmp_path, rows + "\n")
    page = load_text(text.split("```yaml\n")[1].split("```")[0], "page", Known(tables=load_tables(tmp_path)))
    assert Caller(page, caller_number="+493012345").heard == ["Hello", "Ada"]
    assert Caller(page, caller_number="+49").exits[0] == ("find", "not_found")
