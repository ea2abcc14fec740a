"""What a plan says, by table: the edit of a file, and the lines that come of it (FAULTS.md F36)."""

from pathlib import Path

import pytest

from acd.core.call import Call
from acd.core.frame import Frame, Return
from acd.core.policy import Policy
from acd.core.staff.agent import Agent
from acd.core.state import State
from acd.plan.change import summary
from acd.plan.house import People, people_of
from acd.plan.lines import counted
from acd.words import AgentState, EntryState, Owner
from tests.plan.houses import FILES, house, planned, said, write
from tests.records.making import entry

ACD, MAIN, READY = "acd.yaml", "flows/main.yaml", "flows/ready.yaml"

EDITS = {
    "nothing": (ACD, "", "", []),
    "a comment in acd.yaml": (ACD, "trunks:", "# ours\ntrunks:", []),
    "a comment in a flow": (MAIN, "start:", "# here\nstart:", ["~ flow main: comments or layout only"]),
    "a value": (ACD, "ring: 15s", "ring: 20s", ["~ queue sales", "    ~ ring: 15s -> 20s"]),
    "a default left": (ACD, "support: {}", "support: {max_wait: 5m}", ["~ queue support", "    + max_wait: 5m"]),
    "a default taken": (ACD, "{ring: 15s}", "{}", ["~ queue sales", "    - ring: 15s"]),
    "nothing written in place of nothing in it": (ACD, "support: {}", "support:", []),
    "a new queue": (ACD, "support: {}", "support: {}\n  vip: {ring: 5s}", ["+ queue vip: {ring: 5s}"]),
    "a list": (
        ACD, "queues: [sales]", "queues: [sales, support]", ["~ agent anna", "    ~ queues: [sales] -> [sales, support]"]
    ),
    "a new agent": (
        ACD, "  ben:", "  cy: {name: Cy, phone: '1003'}\n  ben:", ["+ agent cy: {name: Cy, phone: 1003}"]
    ),
    "an agent who goes": (ACD, "  ben: {name: Ben, phone: '1002', queues: [support]}\n", "", ["- agent ben"]),
    "a number that leads elsewhere": (ACD, "'*': main", "'*': ready", ["~ number *: main -> ready"]),
    "a new number": (ACD, "'*': main", "'*': main, '200': ready", ["+ number 200: -> ready"]),
    "a number that goes": (ACD, ", '*': main", "", ["- number *: led to main"]),
    "a feature code": (ACD, "'*82'", "'*83'", ["+ feature code *83: -> ready", "- feature code *82: led to ready"]),
    "a trunk": (ACD, "['+49']", "['+49', '+43']", ["~ trunk provider", "    ~ prefixes: [+49] -> [+49, +43]"]),
    "a calendar": (ACD, "17:00", "18:00", ["~ calendar office", "    ~ weekly.mon-fri: 09:00-17:00 -> 09:00-18:00"]),
    "a database's access": (
        ACD, "@db/crm", "@db2/crm", ["~ database crm", "    ~ url: postgresql://…@db/crm -> postgresql://…@db2/crm"]
    ),
    "a setting": (ACD, "engine: none", "engine: none, language: de", ["~ setting speech", "    + language: de"]),
    "a section that comes": (ACD, "speech:", "reasons: [lunch]\nspeech:", ["~ setting reasons: [lunch]"]),
    "what only a restart brings": (
        ACD, "speech:", "http: {port: 9000}\nspeech:", ["~ setting http: in force at the next restart", "    + port: 9000"]
    ),
    "a key of a step": (MAIN, "tries: 3", "tries: 5", ["~ flow main", "    ~ step menu", "        ~ tries: 3 -> 5"]),
    "an exit": (
        MAIN, "2: help", "2: sale, 4: help",
        ["~ flow main", "    ~ step menu", "        ~ exit 2: help -> sale", "        + exit 4: -> help"],
    ),
    "all exits at once": (
        MAIN, "queue: sales, otherwise: bye", "queue: sales, otherwise: end",
        ["~ flow main", "    ~ step sale",
         *(f"        ~ exit {exit}: bye -> end" for exit in ("failed", "full", "no_agents", "timed_out", "otherwise"))],
    ),
    "an exit that ended the call": (
        MAIN, "queue: sales,", "queue: sales, exits: {served: end},",
        ["~ flow main", "    ~ step sale", "        + exit served: the call ends -> end"],
    ),
    "a new step": (
        MAIN, "next: menu}", "next: more}\n  more: {step: play, prompt: More., next: menu}",
        ["~ flow main", "    ~ step hello", "        ~ exit done: menu -> more", "    + step more: play (done -> menu)"],
    ),
    "another title": (MAIN, "The main line", "Our line", ["~ flow main", "    ~ title: The main line -> Our line"]),
    "a named prompt": ("flows/prompts.yaml", "Good bye.", "Bye.", ["~ flow main", "    ~ prompt farewell: Good bye. -> Bye."]),
    "rows of a table": (
        "flows/tables/people.csv", "+492,Ben", "+493,Cy\n+494,Di",
        ["~ flow main", "    ~ table people: 2 rows new, 1 row gone"],
    ),
    "columns of a table": (
        "flows/tables/people.csv", "number,name\n+491,Ada\n+492,Ben", "number,name,more\n+491,Ada,x\n+492,Ben,y",
        ["~ flow main", "    ~ table people: other columns"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
def test_given_one_edit_when_planned_then_it_is_said_in_the_words_of_the_file(tmp_path: Path, edit: str) -> None:
    file, old, new, lines = EDITS[edit]
    changed = FILES[file].replace(old, new, 1) if old else FILES[file]
    plan = planned(tmp_path, {file: changed})
    assert said(plan)[: len(lines)] == lines and len(plan.changes) == sum(not line.startswith(" ") for line in lines)


def test_given_a_recording_of_a_text_when_planned_then_both_the_file_and_where_it_is_heard_are_said(tmp_path: Path) -> None:
    plan = planned(tmp_path, {"sounds/welcome.wav": "RIFF"})
    assert said(plan)[:4] == [
        "~ flow main",
        "    ~ step hello",
        "        + recording welcome: is played from now on",
        "+ recording welcome",
    ]


def test_given_another_file_of_a_recording_when_planned_then_that_is_a_change_too(tmp_path: Path) -> None:
    write(tmp_path, {"sounds/welcome.wav": "RIFF"})
    plan = planned(tmp_path, {"sounds/welcome.wav": "RIFFRAFF", "music/jazz.wav": "RIFF"})
    assert said(plan) == ["+ music jazz", "~ recording welcome: another file"]


def test_given_flows_that_come_and_go_when_planned_then_numbers_that_reach_them_are_said(tmp_path: Path) -> None:
    main = FILES[MAIN].replace("bye: {step: play, prompt: {name: farewell}, next: end}", "bye: {step: transfer, to: {flow: after}}")
    main = main.replace("  end: {step: hang_up}\n", "")
    changes = {MAIN: main, "flows/after.yaml": READY_TEXT, READY: None, ACD: FILES[ACD].replace("phone_numbers: {'*82': ready}\n", "")}
    plan = planned(tmp_path, changes)
    assert [(c.sign, c.name) for c in plan.changes if c.kind == "flow"] == [("+", "after"), ("~", "main"), ("-", "ready")]
    assert plan.people == (
        "who dials 100, * can come to the new flow after",
        "who dials 100, * can come to the changed flow main",
        "who dials *82 can come to the removed flow ready",
    )
    assert summary(plan) == "feature code -*82, flow +after ~main -ready" and counted(plan) == "1 to add, 1 to change, 2 to remove"


READY_TEXT = "start: go\nsteps:\n  go: {step: hang_up}\n"


def test_given_people_in_the_house_when_planned_then_each_who_is_concerned_is_named(tmp_path: Path) -> None:
    people = People(
        in_flow={("main", "menu"): 2, ("main", "help"): 1, ("ready", "go"): 4},  # type: ignore[dict-item]
        waiting={"sales": 3, "support": 1},  # type: ignore[dict-item]
        agents={"anna": "ready", "ben": "talking"},  # type: ignore[dict-item]
    )
    acd = FILES[ACD].replace("ring: 15s", "ring: 20s").replace("'1001', queues: [sales]", "'1001'")
    acd = acd.replace("  ben: {name: Ben, phone: '1002', queues: [support]}\n", "").replace("  support: {}\n", "")
    main = FILES[MAIN].replace("queue: support", "queue: sales")
    plan = planned(tmp_path, {ACD: acd, MAIN: main}, people)
    assert plan.people == (
        "who dials 100, * can come to the changed flow main",
        "3 callers are in the flow main (help 1, menu 2); they finish on their versions",
        "3 callers wait in the changed queue sales; its new rules hold for them at once",
        "agent anna (Anna) serves sales no more: ready now",
        "agent ben (Ben) is removed: talking now, and is logged out when that is over",
    )
    assert plan.warnings == (
        "1 caller waits in the removed queue support: out by 'failed', no agent of it is left; "
        "another queue takes them with 'replaces: [support]'",
        "no agent serves the queue sales, and a flow sends callers there",
    )


def test_given_a_flow_that_loses_its_number_when_planned_then_that_is_a_warning(tmp_path: Path) -> None:
    plan = planned(tmp_path, {ACD: FILES[ACD].replace("phone_numbers: {'*82': ready}\n", "")})
    assert plan.warnings == ("no number leads to the flow ready any more; until now: *82",)


def test_given_texts_to_be_spoken_when_something_changes_then_they_are_said_and_few_of_them_shown(tmp_path: Path) -> None:
    from acd.plan.compare import compare

    write(tmp_path, FILES)  # type: ignore[arg-type]
    old = house(tmp_path)
    write(tmp_path, {MAIN: FILES[MAIN].replace("Press 1", "Type 1")})
    (note,) = compare(old, house(tmp_path), None, [f"Text {n}." for n in range(7)]).notes
    assert note.startswith("7 texts to be spoken before it is in force: 'Text 0.'") and note.endswith(" and 2 more")
    assert compare(old, old, None, ["Text."]).notes == ()


def test_given_callers_in_flows_when_counted_then_waiting_flows_and_those_they_come_back_to_count_too() -> None:
    state = State(Policy(), None)  # type: ignore[arg-type]
    back = Return(flow="outer", version="v", step="call")  # type: ignore[arg-type]
    frame = Frame(flow="inner", version="v", step="ask", since=1.0, stack=(back,))  # type: ignore[arg-type]
    tune = Frame(flow="tune", version="v", step="say", since=1.0)  # type: ignore[arg-type]
    state.put(Call(id="c1", leg="a/c1", owner=Owner.QUEUE, arrived_at=1.0, dialled="100", frame=frame, waiting=tune))  # type: ignore[arg-type]
    waiting = {"connected_at": None, "ended_at": None, "outcome": None, "agent": None, "state": EntryState.WAITING, "offers": 0}
    state.put(entry("e1", **waiting))
    state.put(Agent(id="ann", state=AgentState.WRAP_UP))  # type: ignore[arg-type]
    state.put(Agent(id="bob"))  # type: ignore[arg-type]
    found = people_of(state)
    assert found.in_flow == {("inner", "ask"): 1, ("outer", "call"): 1, ("tune", "say"): 1}
    assert (found.waiting, found.agents) == ({"sales": 1}, {"ann": "wrap_up"})
