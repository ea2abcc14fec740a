"""Tests of flows as an admin writes them: what comes true, what does not, and what is said then."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from acd.config.document import Refused
from acd.core.outside.outbound_policy import OutboundPolicy, Way
from acd.ivr.library import FlowLibrary
from acd.ivr.load import load_folder
from acd.rehearsal.coverage import coverage_of
from acd.rehearsal.load import load_tests
from acd.rehearsal.run import Result, junit, run
from acd.words import FlowId

FLOW = """
start: hello
steps:
  hello: {step: play, prompt: Good morning., interruptible: true, next: choose}
  choose:
    step: menu
    prompt: For sales press 1, for your balance press 2.
    options: {1: sales, 2: account, 3: message, 4: outside}
    exits: {timeout: bye, invalid: bye}
  account: {step: gather, prompt: Your account please., into: account, min: 4, max: 4, next: told, exits: {timeout: bye, invalid: bye}}
  told: {step: say, text: "Account {{ digits(account) }}.", next: sales}
  sales: {step: queue, queue: sales, priority: 7, keys: {"#": message}, otherwise: message}
  message: {step: voicemail, mailbox: main, greeting: Speak now., next: bye, exits: {failed: bye}}
  outside: {step: transfer, to: {number: "+4930123", trunk: carrier}, next: bye, exits: {busy: sorry, no_answer: bye, failed: bye}}
  sorry: {step: say, text: They are busy., next: bye}
  bye: {step: hang_up, prompt: Goodbye.}
"""


@pytest.fixture
def results(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Runs one script, or a whole test file."""
    (tmp_path / "main.yaml").write_text(FLOW)
    library = FlowLibrary(flows=load_folder(tmp_path), outbound=OutboundPolicy(ways=(Way(trunk="carrier", prefixes=("+49",)),)))

    def of(text: str) -> list[Result]:
        if "tests:" not in text:
            script = "\n".join(f"      - {line.strip()}" for line in text.strip().splitlines())
            text = f"tests:\n  - test: one\n    script:\n{script}\n"
        file = tmp_path / "main.test.yaml"
        file.write_text(text)
        return run(load_tests(file, library.flows), library, clock=lambda: 0.0)

    return of


TRUE = [
    "hears: good morning\nhears: For sales press 1\npresses: 1\nqueue: {queue: sales, priority: 7}",
    "presses: '1'\nqueue: sales",  # during the greeting
    "hears: for sales\nsilence\nsilence\nsilence\nhears: goodbye\nends: normal",
    "hears: for sales\npresses: '9'\npresses: '9'\npresses: '9'\nends",
    "presses: '21234'\nhears: Account 1 2 3 4\nvariables: {account: '1234'}\nqueue: sales",
    "presses: 1\npresses: '#'\nhears: speak now\nsays: 8s\nmessage: main\nends",
    "presses: 1\nleaves_queue: timed_out\nsays: 8s\nmessage: main",
    "presses: 3\nsays: 20s\nhangs_up",
    "presses: 3\nhears: speak now\nsilence\nends",
    "presses: 4\ndials: {number: '+4930123', outcome: busy}\nhears: they are busy\nends",
    "presses: 4\ndials: '+4930123'\nends: normal",
    "presses: 1\nqueue: sales\nnever_hears: goodbye",
    "step: choose\npresses: 1\nhangs_up",
    "presses: 1\nwaits: 90s\nqueue: sales",
]


@pytest.mark.parametrize("script", TRUE)
def test_given_what_the_flow_does_when_the_script_says_so_then_it_is_true(results, script: str) -> None:  # type: ignore[no-untyped-def]
    (result,) = results(script)
    assert result.is_true, result.wrong


UNTRUE = {
    "hears: good night": (3, "does not hear 'good night'"),
    "hears: good morning\nhears: your account": (4, "at step 'choose' (menu); heard since: 'For sales press 1"),
    "presses: 1\nqueue: support": (4, "the queue is 'sales', not 'support'"),
    "presses: 1\nqueue: {priority: 9}": (4, "the priority is 7, not 9"),
    "presses: 2\nqueue: sales": (4, "in no queue; the caller is at step 'account' (gather)"),
    "hears: for sales\nnever_hears: morning": (4, "the caller heard 'Good morning.' at step 'hello'"),
    "hangs_up\npresses: 1": (4, "nobody is there to hear '1': the caller has hung up"),
    "presses: '21234'\nvariables: {account: '9'}": (4, "'account' is '1234', not '9'"),
    "presses: 1\nends": (4, "the call does not end; the caller waits in queue 'sales'"),
    "presses: 4\ndials: '+4930999'": (4, "'+4930123' is dialled, not '+4930999'"),
    "presses: 1\nsays: 3s": (4, "nothing is recorded"),
    "presses: 1\nmessage: main": (4, "no message is in mailbox 'main' (messages: none)"),
    "hears: for sales\nsilence\nsilence\nsilence\nends: busy": (7, "ends with NORMAL_CLEARING, not USER_BUSY"),
    "hangs_up\nsilence": (4, "nobody waits for the caller"),
    "presses: '1'\ntags: {reason: x}": (4, "'reason' is '', not 'x'"),
    "hears: for sales\nstep: sorry": (4, "does not come to step 'sorry'"),
    "presses: '1'\ncallback: {queue: sales}": (4, "no callback is asked for"),
}


@pytest.mark.parametrize("script", UNTRUE)
def test_given_a_script_that_is_not_so_when_it_is_run_then_it_says_where_and_what_was_there(results, script: str) -> None:  # type: ignore[no-untyped-def]
    (result,) = results(script)
    line, wrong = UNTRUE[script]
    assert wrong in result.wrong
    assert (result.line, result.place.rpartition("/")[2]) == (line + 1, f"main.test.yaml:{line + 1}")


REFUSED = {
    "heers: x": "'heers' is not known here (did you mean 'hears'?)",
    "hears: x\n        presses: 1": "a line of a script says one thing, here are: hears, presses",
    "silense": "(did you mean 'silence'?)",
    "presses: abc": "a choice of digits",
    "waits: 5": "a duration such as 5s, 2m or 1h is needed",
    "ends: badly": "found 'badly'",
}


@pytest.mark.parametrize("script", REFUSED)
def test_given_a_test_that_cannot_be_read_when_it_is_loaded_then_it_is_refused_with_its_place(results, script: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Refused) as refused:
        results(f"tests:\n  - test: one\n    script:\n      - {script}\n")
    (problem, *_) = refused.value.problems
    assert REFUSED[script] in problem.what and problem.line >= 4


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("at: teusday 10:05", "did you mean 'tuesday'?"),
        ("at: '10:05'", "a moment such as"),
        ("zone: Europe/Berln", "did you mean 'Europe/Berlin'?"),
        ("caller: bob", "a phone number"),
        ("flow: mian", "flow"),
    ],
)
def test_given_a_test_with_an_odd_beginning_when_it_is_loaded_then_it_is_refused(results, given: str, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(Refused, match=words.replace("?", r"\?")):
        results(f"given:\n  {given}\ntests:\n  - test: one\n    script: [ends]\n")


def test_given_two_beginnings_when_a_test_is_run_then_its_own_wins_over_that_of_the_file(results) -> None:  # type: ignore[no-untyped-def]
    given = "given: {caller: '+491', at: 'monday 08:00', zone: Europe/Berlin, variables: {a: '1', b: '1'}}"
    mine = "given: {caller: anonymous, variables: {b: '2'}}"
    (result,) = results(f"{given}\ntests:\n  - test: one\n    {mine}\n    script: [{{hears: good morning}}]\n")
    assert result.is_true and result.stage is not None
    assert result.stage.call.caller_number == ""
    assert result.stage.call.arrived_at == 1773039600.0  # Monday, 9 March 2026, 08:00 in Berlin
    assert result.stage.frame.variables == {"a": "1", "b": "2"}


def test_given_tests_when_they_have_run_then_coverage_says_what_nobody_walked(results) -> None:  # type: ignore[no-untyped-def]
    ran = results("hears: good morning\npresses: '1'\nqueue: sales")
    (covered,) = coverage_of(ran[0].stage.library.flows, [one.stage for one in ran])
    assert (covered.steps_walked, covered.steps) == (3, 9)
    assert covered.exits_walked == 2  # of the greeting, and the menu's first option
    assert "choose.2" in covered.never and "choose.timeout" in covered.never and "choose.1" not in covered.never
    assert "account" in covered.never and "sales" not in covered.never and "sales.full" in covered.never


def test_given_results_when_a_report_is_made_then_ci_can_read_it(results) -> None:  # type: ignore[no-untyped-def]
    ran = results(
        "tests:\n  - test: good <&> \"quoted\"\n    script: [{hears: good morning}]\n  - test: bad\n    script: [{hears: '<b>'}]\n"
    )
    root = ElementTree.fromstring(junit(ran).split("?>", 1)[1])
    (suite,) = root
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    good, bad = suite
    assert good.get("name") == 'good <&> "quoted"' and len(good) == 0
    assert bad[0].tag == "failure" and "does not hear '<b>'" in (bad[0].get("message") or "")


def test_given_a_flow_that_is_not_there_when_its_tests_are_loaded_then_they_are_refused(tmp_path: Path) -> None:
    (tmp_path / "nothing.test.yaml").write_text("tests:\n  - test: one\n    script: [ends]\n")
    with pytest.raises(Refused, match="there is no flow 'nothing'"):
        load_tests(tmp_path / "nothing.test.yaml", {FlowId("main"): None})  # type: ignore[dict-item]
