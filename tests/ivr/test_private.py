"""Secrets across flows: who is asked again after a restart, where; and that no step says what it must not."""

from dataclasses import replace

from acd.core.frame import HIDDEN, Frame, Private
from acd.ivr.flow import Flow
from acd.ivr.private import closed, guarded, opened
from acd.ivr.scene import Scene
from acd.ivr.template import template
from acd.words import FlowId
from tests.ivr.caller import Caller, flow
from tests.ivr.quiet import Quiet

ASKING = "{step: gather, prompt: Your number., into: pin, max: 4, sensitive: true, next: %s, otherwise: end}"
READING = "{step: branch, when: [{if: pin == '4711', go: inside}], otherwise: end}\ninside: {step: say, text: Inside., next: end}"


def called(name: str, steps: str) -> Flow:
    return flow(steps, name)


def test_given_a_secret_of_the_flow_before_when_it_is_lost_then_the_caller_is_taken_back_there() -> None:
    first = called("main", f"start: {ASKING % 'on'}\non: {{step: transfer, to: {{flow: bank}}}}")
    bank = called("bank", f"start: {{step: say, text: Well., next: judge}}\njudge: {READING}")
    caller = Caller(first, bank).presses("4711").restarts().hears_out()
    assert (caller.frame.flow, caller.step, caller.heard) == ("main", "start", ["Your number."])
    assert caller.presses("4711").hears_out().step == "inside"


def test_given_a_secret_of_a_flow_that_was_called_when_it_is_lost_then_the_step_that_called_it_is_entered_again() -> None:
    well = f"well: {{step: say, text: Well., next: judge}}\njudge: {READING}"
    main = called("main", f"start: {{step: flow, flow: ask, next: well, otherwise: end}}\n{well}")
    ask = called("ask", f"start: {ASKING % 'back'}\nback: {{step: return}}")
    caller = Caller(main, ask).presses("4711")
    assert caller.step == "well" and caller.secret == {"pin": "4711"}
    caller.restarts().hears_out()
    assert (caller.frame.flow, caller.heard) == ("ask", ["Your number."])
    assert caller.presses("4711").hears_out().step == "inside"


def test_given_a_secret_of_the_flow_that_called_this_one_when_it_is_lost_then_the_caller_is_taken_back_out_of_it() -> None:
    main = called("main", f"start: {ASKING % 'call'}\ncall: {{step: flow, flow: bank, next: end, otherwise: end}}")
    bank = called("bank", f"start: {{step: say, text: Well., next: judge}}\njudge: {READING}")
    caller = Caller(main, bank).presses("4711").restarts().hears_out()
    assert (caller.frame.flow, caller.step, caller.frame.stack) == ("main", "start", ())
    assert caller.presses("4711").hears_out().step == "inside"


def test_given_a_secret_whose_flow_is_gone_when_it_is_lost_then_the_call_does_not_go_on_without_it() -> None:
    first = called("main", f"start: {ASKING % 'on'}\non: {{step: transfer, to: {{flow: bank}}}}")
    bank = called("bank", f"start: {{step: say, text: Well., next: judge}}\njudge: {READING}")
    caller = Caller(first, bank).presses("4711").restarts()
    caller.library = replace(caller.library, flows={bank.id: bank})
    caller.hears_out()
    assert (caller.step, caller.heard) == ("start", ["Well."])


def test_given_a_secret_when_a_step_of_another_flow_would_say_or_copy_it_then_it_is_empty() -> None:
    first = called("main", f"start: {ASKING % 'on'}\non: {{step: transfer, to: {{flow: loud}}}}")
    loud = called(
        "loud",
        """
        start: {step: set, values: {copy: "{{ pin }}"}, next: said}
        said: {step: say, text: "It is {{ digits(pin) }} {{ copy }} or so.", next: end}
        """,
    )
    caller = Caller(first, loud).presses("4711")
    assert caller.heard == ["It is", "or so."] and caller.variables == {"copy": ""}


def test_given_a_secret_when_a_step_that_may_read_it_has_something_to_say_then_it_does_not_say_it() -> None:
    caller = Caller(called("main", f"start: {ASKING % 'judge'}\njudge: {READING}")).presses("4711")
    frame = replace(caller.frame, step="judge", variables=caller.secret, private=None)
    scene = Scene(at=caller.at, call=caller.call, flow=caller.library.flows[FlowId("main")], frame=frame, around=Quiet())
    assert scene.variables["pin"] == "4711" and scene.media((template("{{ digits(pin) }}"),)) == ()


def test_given_flows_when_one_asks_for_a_secret_then_those_that_lead_to_it_are_guarded_and_no_others() -> None:
    flows = [
        called("asks", f"start: {ASKING % 'end'}"),
        called("before", "start: {step: transfer, to: {flow: asks}}"),
        called("long_before", "start: {step: flow, flow: before, next: end, otherwise: end}"),
        called("other", "start: {step: transfer, to: {flow: calm}}"),
        called("calm", "start: {step: hang_up}"),
    ]
    assert guarded(flows) == {"asks", "before", "long_before"}


def test_given_digits_typed_ahead_when_no_secret_can_follow_then_they_are_remembered() -> None:
    ask = "ask: {step: gather, prompt: P., into: n, max: 4, next: end, otherwise: end}"
    caller = Caller(flow(f"start: {{step: say, text: Well., next: ask}}\n{ask}")).presses("47")
    assert caller.frame.digits == "47" and not caller.walk.is_private
    assert caller.restarts().hears_out().presses("11").variables == {"n": "4711"}


def test_given_a_frame_with_secrets_when_closed_and_opened_then_it_is_the_same_and_shows_nothing_closed() -> None:
    known = {"a": "1", "pin": "4711"}
    frame = Frame(flow=FlowId("main"), version="1", step="s", since=0.0, digits="47", variables=known, secrets={"pin": "main/s"})
    shut = closed(frame, None, frozenset())
    assert (shut.digits, shut.variables, shut.private) == (HIDDEN, {"a": "1"}, Private({"pin": "4711"}, "47"))
    assert "47" not in repr(shut)
    assert opened(shut) == frame
