"""`flow` and `return`: a flow is called and comes back, across restarts and changes, and never without end (F37)."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from acd.config.document import Refused
from acd.core.call import Call
from acd.core.interpreter import EndCall
from acd.core.policy import Policy
from acd.core.state import State
from acd.ivr.flow import Flow
from acd.ivr.library import FlowLibrary
from acd.ivr.load import load_folder, load_text
from acd.ivr.steps.flow import MAX_DEPTH
from acd.loading import in_use
from acd.words import FlowId
from tests.ivr.caller import Caller, flow

MAIN = """
start: {step: flow, flow: check, with: {asked: "{{ call.dialled }}"}, next: fine, exits: {refused: sorry}}
fine: {step: say, text: "Fine, {{ name }}", next: end}
sorry: {step: say, text: Sorry., next: end}
"""
CHECK = """
start: {step: menu, prompt: "Checking {{ asked }}", options: {1: known, 2: no}, exits: {timeout: no, invalid: no}}
known: {step: set, values: {name: Ada}, next: yes}
yes: {step: return}
no: {step: return, exit: refused}
"""


def called(check: str = CHECK, main: str = MAIN) -> Caller:
    return Caller(flow(main, "main"), flow(check, "check"))


def test_given_a_flow_when_it_is_called_then_it_sees_what_it_was_given_and_its_caller_waits() -> None:
    caller = called()
    assert caller.heard == ["Checking", "100"]
    assert (caller.frame.flow, [(one.flow, one.step) for one in caller.frame.stack]) == ("check", [("main", "start")])


def test_given_a_called_flow_when_it_returns_then_the_caller_goes_on_by_that_exit_with_what_it_set() -> None:
    caller = called().presses("1")
    assert caller.heard == ["Fine,", "Ada"] and caller.frame.stack == ()
    assert caller.exits == [("start", "flow"), ("start", "1"), ("known", "done"), ("yes", "done"), ("start", "done")]
    assert called().presses("2").heard == ["Sorry."]


def test_given_a_caller_in_a_called_flow_when_the_controller_restarts_then_they_come_back_all_the_same() -> None:
    assert called().restarts().presses("1").heard == ["Fine,", "Ada"]


def test_given_a_called_flow_when_it_is_over_without_return_then_it_has_returned_by_done() -> None:
    queue = "start: {step: queue, queue: q, exits: {full: no, no_agents: no, timed_out: no, failed: no}}\n"
    queue += "no: {step: return, exit: refused}"
    assert called(queue).comes_back("served").heard == ["Fine,"]
    assert called(queue).comes_back("full").heard == ["Sorry."]


def test_given_a_called_flow_when_it_hangs_up_then_the_call_ends() -> None:
    assert called("start: {step: hang_up}").ended


def test_given_a_flow_that_nobody_called_when_it_returns_then_the_call_ends() -> None:
    assert Caller(flow("start: {step: return}")).ended


def test_given_a_called_flow_when_it_transfers_to_another_then_that_one_returns_in_its_place() -> None:
    caller = Caller(
        flow(MAIN, "main"),
        flow("start: {step: transfer, to: {flow: other}}", "check"),
        flow("start: {step: return, exit: refused}", "other"),
    )
    assert caller.heard == ["Sorry."]


def test_given_a_flow_that_is_changed_while_it_is_called_when_the_caller_goes_on_then_both_are_as_they_were_f36() -> None:
    caller = called()
    state = State(Policy(), caller.library)
    state.put(caller.call)
    new = {FlowId("main"): flow("start: {step: hang_up}", "main"), FlowId("check"): flow("start: {step: hang_up}", "check")}
    caller.library = caller.library.renewed(new, in_use(state))
    assert {key[0] for key in caller.library.older} == {"main", "check"}
    assert caller.presses("1").heard == ["Fine,", "Ada"]


def test_given_a_calling_version_that_is_gone_when_the_caller_comes_back_then_it_is_to_the_newest() -> None:
    caller = called()
    newer = flow(MAIN.replace("Sorry.", "So sorry."), "main")
    caller.library = FlowLibrary(flows={**caller.library.flows, FlowId("main"): newer})
    assert caller.presses("2").heard == ["So sorry."]
    assert caller.frame.version == newer.version


@pytest.mark.parametrize("step", ["start", "first"])
def test_given_a_calling_step_that_is_gone_when_the_caller_comes_back_then_they_hear_what_took_its_place_or_the_start(
    step: str,
) -> None:
    caller = called()
    newer = load_text(f"start: {step}\nsteps:\n  {step}: {{step: say, text: New., next: end}}\n  end: {{step: hang_up}}", "main")
    caller.library = FlowLibrary(flows={**caller.library.flows, FlowId("main"): newer})
    assert caller.presses("2").heard == ["New."]


def test_given_a_calling_flow_that_is_gone_when_the_caller_comes_back_then_the_call_ends() -> None:
    caller = called()
    caller.library = FlowLibrary(flows={FlowId("check"): caller.library.flows[FlowId("check")]})
    assert caller.presses("2").walk.ask == EndCall(cause="NORMAL_TEMPORARY_FAILURE")


@pytest.mark.parametrize(
    ("more", "heard"),
    [(", exits: {failed: other}", ["Other."]), (", otherwise: other", ["Other."]), ("", [])],
)
def test_given_an_exit_that_nobody_thought_of_when_returned_by_then_it_never_passes_for_done(more: str, heard: list[str]) -> None:
    main = f"start: {{step: flow, flow: check, next: fine{more}}}\nfine: {{step: say, text: Fine., next: end}}\n"
    end = "other: {step: say, text: Other., next: end}" if more else ""
    caller = called("start: {step: return, exit: unheard_of}", main + end)
    assert caller.heard == heard
    assert caller.ended is (not heard)


def test_given_a_flow_that_is_not_there_when_called_then_the_exit_is_failed() -> None:
    caller = Caller(flow(MAIN.replace("refused: sorry", "refused: sorry, failed: sorry"), "main"))
    assert caller.heard == ["Sorry."] and caller.frame.stack == ()


def nested(depth: int, name: str) -> Mapping[str, str]:
    """A chain of flows, each calling the next; the last says that it was reached."""
    calls = {f"{name}{n}": f"start: {{step: flow, flow: {name}{n + 1}, next: back}}\nback: {{step: return}}" for n in range(depth)}
    return {**calls, f"{name}{depth}": "start: {step: say, text: Deep., next: back}\nback: {step: return}"}


def test_given_calls_as_deep_as_may_be_when_walked_then_they_are_all_made_and_all_come_back() -> None:
    caller = Caller(*(flow(steps, name) for name, steps in nested(MAX_DEPTH, "f").items()))
    assert caller.heard == ["Deep."] and len(caller.frame.stack) == MAX_DEPTH
    assert caller.hears_out().ended


def test_given_calls_that_are_deeper_when_walked_then_the_last_one_fails_f37() -> None:
    caller = Caller(*(flow(steps, name) for name, steps in nested(MAX_DEPTH + 1, "f").items()))
    assert caller.walk.ask == EndCall(cause="NORMAL_TEMPORARY_FAILURE")


@pytest.mark.parametrize("way", ["flow, flow: main, next: back", "flow, flow: check, next: back"])
def test_given_a_flow_that_would_call_itself_when_walked_then_it_fails_f37(way: str) -> None:
    main = "start: {step: flow, flow: check, next: back, exits: {failed: no}}\n"
    main += "back: {step: return}\nno: {step: say, text: No., next: end}"
    check = f"start: {{step: {way}, exits: {{failed: no}}}}\nback: {{step: return}}\nno: {{step: say, text: Inner., next: end}}"
    assert called(check, main).heard == ["Inner."]


# -- held against each other when they are loaded ---


def loaded(folder: Path, **flows: str) -> Mapping[FlowId, Flow]:
    for name, steps in flows.items():
        body = "".join(f"  {line}\n" for line in steps.strip().splitlines())
        (folder / f"{name}.yaml").write_text(f"start: start\nsteps:\n{body}")
    return load_folder(folder)


def refused(folder: Path, **flows: str) -> list[str]:
    with pytest.raises(Refused) as refused:
        loaded(folder, **flows)
    return [str(problem).removeprefix(f"{folder}/") for problem in refused.value.problems]


BYE = "\nbye: {step: hang_up}"
YES_NO = "start: {step: menu, prompt: Hi., options: {1: yes, 2: no}, otherwise: no}\nyes: {step: return}\nno: {step: return, exit: no}"


def test_given_flows_that_fit_when_loaded_then_they_are_good(tmp_path: Path) -> None:
    main = "start: {step: flow, flow: check, next: bye, exits: {no: again, failed: bye}}\n"
    main += "again: {step: flow, flow: check, next: bye, otherwise: start}"
    assert loaded(tmp_path, main=main + BYE, check=YES_NO).keys() == {"main", "check"}


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("exits: {no: bye}", "main.yaml:3:23: the flow 'check' can return by 'done'; give 'next', or 'otherwise' for all exits"),
        ("next: bye", "main.yaml:3:23: the flow 'check' can return by 'no'; give a target for 'no' in 'exits', or 'otherwise'"),
        (
            "next: bye, exits: {no: bye, nope: bye}",
            "main.yaml:3:64: the flow 'check' never returns by 'nope' (did you mean 'no'?); allowed: done, failed, no",
        ),
    ],
)
def test_given_exits_that_do_not_fit_the_called_flow_when_loaded_then_it_is_refused(tmp_path: Path, step: str, told: str) -> None:
    found = refused(tmp_path, main=f"start: {{step: flow, flow: check, {step}}}{BYE}", check=YES_NO)
    assert len(found) == 1 and found[0].startswith(told), found


def test_given_exits_of_a_flow_that_is_transferred_to_when_loaded_then_they_are_the_called_ones(tmp_path: Path) -> None:
    main = "start: {step: flow, flow: check, next: bye}" + BYE
    found = refused(tmp_path, main=main, check="start: {step: transfer, to: {flow: more}}", more=YES_NO)
    assert found == [f for f in found if "can return by 'no'" in f] and len(found) == 1


@pytest.mark.parametrize(
    ("flows", "way"),
    [
        ({"main": "start: {step: flow, flow: main, next: bye}"}, "main -> main"),
        (
            {"main": "start: {step: flow, flow: a, next: bye}", "a": "start: {step: flow, flow: main, next: bye}"},
            "main -> a -> main",
        ),
        (
            {"main": "start: {step: flow, flow: a, next: bye}", "a": "start: {step: transfer, to: {flow: main}}"},
            "main -> a -> main",
        ),
    ],
)
def test_given_flows_that_call_each_other_when_loaded_then_they_are_refused_f37(
    tmp_path: Path, flows: dict[str, str], way: str
) -> None:
    found = refused(tmp_path, **{name: steps + (BYE if "next: bye" in steps else "") for name, steps in flows.items()})
    assert any(f"a flow that calls itself: {way}; to begin a flow anew, 'transfer' to it" in one for one in found), found


def test_given_flows_that_transfer_to_each_other_when_loaded_then_they_are_good_if_callers_are_asked(tmp_path: Path) -> None:
    ask = "start: {step: menu, prompt: Hi., options: {1: on}, otherwise: on}\non: {step: transfer, to: {flow: %s}}"
    assert loaded(tmp_path, main=ask % "other", other=ask % "main")


def test_given_calls_that_are_too_deep_when_loaded_then_they_are_refused_at_the_call_f37(tmp_path: Path) -> None:
    assert loaded(tmp_path, **nested(MAX_DEPTH, "f"))
    found = refused(tmp_path, **nested(MAX_DEPTH + 2, "g"))
    assert [one.partition(": ")[2] for one in found] == ["from here flows call each other 9 deep; 8 is the most"]
    assert found[0].startswith("g1.yaml:3:")


@pytest.mark.parametrize(
    ("flows", "loop"),
    [
        (
            {
                "main": "start: {step: flow, flow: a, next: start}",
                "a": "start: {step: say, text: Hi., next: on}\non: {step: return}",
            },
            "main/start -> main/start",
        ),
        (
            {
                "main": "start: {step: transfer, to: {flow: a}}",
                "a": "start: {step: say, text: Hi., next: on}\non: {step: transfer, to: {flow: main}}",
            },
            "a/start -> a/on -> main/start -> a/start",
        ),
    ],
)
def test_given_a_loop_without_input_through_several_flows_when_loaded_then_it_is_refused_f37(
    tmp_path: Path, flows: dict[str, str], loop: str
) -> None:
    assert [one.partition(": ")[2] for one in refused(tmp_path, **flows)] == [f"a loop without input: {loop}"]


def test_given_a_loop_through_a_called_flow_that_asks_when_loaded_then_it_is_good(tmp_path: Path) -> None:
    assert loaded(tmp_path, main="start: {step: flow, flow: check, next: bye, exits: {no: start}}" + BYE, check=YES_NO)


def test_given_a_file_that_is_refused_when_others_call_it_then_only_that_is_told(tmp_path: Path) -> None:
    main = "start: {step: flow, flow: check, next: bye, exits: {no: bye}}" + BYE
    found = refused(tmp_path, main=main, check="start: {step: returm}")
    assert len(found) == 1 and found[0].startswith("check.yaml:3:")


def test_given_older_calls_when_asked_which_versions_are_in_use_then_those_that_wait_are_among_them() -> None:
    caller = called()
    frame = caller.frame
    state = State(Policy(), caller.library)
    waiting: Call = replace(caller.call, frame=frame)
    state.put(waiting)
    assert in_use(state) == {("check", frame.version), ("main", frame.stack[0].version)}
