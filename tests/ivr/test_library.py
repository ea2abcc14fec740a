"""The library: a caller finishes in the version in which they began; nobody is lost when it is gone."""

from dataclasses import replace

import pytest

from acd.core.events import TimePassed
from acd.core.interpreter import Interpreter, QueueExit
from acd.core.media import Recorded, Speech
from acd.ivr.check import Known
from acd.ivr.library import FlowLibrary
from acd.words import FlowId
from tests.ivr.caller import Caller, flow
from tests.ivr.quiet import Quiet

OLD = "start: {step: say, text: Old., next: second}\nsecond: {step: say, text: Old too., next: end}"
NEW = "start: {step: say, text: New., next: second}\nsecond: {step: say, text: New too., next: end}"
SHORT = "start: {step: say, text: Short., next: end}"
TESTED = FlowId("tested")


def test_given_a_library_when_seen_from_the_core_then_it_is_an_interpreter() -> None:
    library: Interpreter = FlowLibrary(flows={})
    with pytest.raises(KeyError):
        library.begin(0.0, Caller(flow(OLD)).call, FlowId("nothing"), Quiet())


def renewed(caller: Caller, steps: str, keep: bool = True) -> Caller:
    used = [(caller.frame.flow, caller.frame.version)] if keep else []
    caller.library = caller.library.renewed({TESTED: flow(steps)}, used)
    return caller


def test_given_a_caller_in_a_flow_when_it_is_changed_then_they_finish_in_the_old_one() -> None:
    caller = renewed(Caller(flow(OLD)), NEW).hears_out()
    assert caller.heard == ["Old too."]
    assert caller.library.begin(0.0, caller.call, TESTED, Quiet()).frame.version == flow(NEW).version


def test_given_a_version_that_is_gone_when_the_caller_goes_on_then_it_is_at_the_same_step_of_the_newest() -> None:
    assert renewed(Caller(flow(OLD)), NEW, keep=False).hears_out().heard == ["New too."]


def test_given_a_step_that_is_gone_when_the_caller_goes_on_then_they_hear_the_flow_from_its_start() -> None:
    caller = Caller(flow(OLD)).hears_out()
    assert renewed(caller, SHORT, keep=False).hears_out().heard == ["Short."]


def test_given_a_flow_that_is_gone_when_the_caller_goes_on_then_the_call_ends() -> None:
    caller = Caller(flow(OLD))
    caller.library = FlowLibrary(flows={})
    assert caller.hears_out().ended
    assert caller.waits(5).walk.ask is None


def test_given_versions_nobody_is_in_when_renewed_then_they_are_not_kept() -> None:
    caller = renewed(Caller(flow(OLD)), NEW)
    assert len(caller.library.older) == 1
    assert not caller.library.renewed({TESTED: flow(SHORT)}, []).older


def test_given_a_call_rebuilt_from_its_marks_when_its_time_comes_then_it_enters_its_step() -> None:
    caller = Caller(flow(OLD))
    frame = caller.library.place(caller.at, TESTED, "second")
    assert frame is not None and frame.deadline == caller.at
    assert caller.library.place(0.0, TESTED, "nowhere") is None
    assert caller.library.place(0.0, FlowId("nothing"), "second") is None
    caller.call = replace(caller.call, frame=frame)
    assert caller.happens(TimePassed(at=caller.at)).heard == ["Old too."]


def test_given_a_call_rebuilt_in_a_queue_when_it_comes_back_then_the_exit_leads_on() -> None:
    steps = """
    start: {step: queue, queue: a, exits: {full: late, failed: late, no_agents: late, timed_out: late}}
    late: {step: say, text: Late., next: end}
    """
    caller = Caller(flow(steps))
    frame = caller.library.place(caller.at, TESTED, "start")
    caller.call = replace(caller.call, frame=frame)
    assert caller.happens(QueueExit(at=caller.at + 9, exit="timed_out")).heard == ["Late."]


def test_given_a_library_when_asked_for_its_media_then_all_that_can_be_known_is_there() -> None:
    steps = """
    start: {step: play, prompt: [{file: hi}, "You called {{ call.dialled }} today"], next: menu}
    menu: {step: menu, prompt: One., timeout_prompt: Silent., invalid_prompt: Wrong., options: {1: box}, otherwise: end}
    box: {step: voicemail, mailbox: m, greeting: Speak., next: end, otherwise: end}
    """
    library = FlowLibrary(flows={TESTED: flow(steps, known=Known(recordings=frozenset({"hi"})))})
    texts = {one.text for one in library.media() if isinstance(one, Speech)}
    assert texts == {"You called", "today", "One.", "Silent.", "Wrong.", "Speak.", *"0123456789*#"}
    assert Recorded(name="hi", language="en") in library.media()
