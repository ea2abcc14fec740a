"""`queue`, `transfer`, `voicemail`, `agent`: steps in which somebody else has the caller meanwhile."""

from dataclasses import replace

import pytest

from acd.core.commands import Dial
from acd.core.events import LOST, SILENCE
from acd.core.interpreter import AgentWish, EnterQueue
from acd.core.outside.outbound_policy import Way
from acd.words import PlayId, Wish
from tests.ivr.caller import Caller, flow

QUEUE = """
start:
  step: queue
  queue: support
  priority: 5
  max_wait: 2m
  music: calm
  keys: {"#": message}
  exits: {timed_out: late, full: full, no_agents: nobody, failed: trouble}
message: {step: say, text: Message., next: end}
late: {step: say, text: Late., next: end}
full: {step: say, text: Full., next: end}
nobody: {step: say, text: Nobody., next: end}
trouble: {step: say, text: Trouble., next: end}
"""


def test_given_a_queue_when_entered_then_the_call_is_answered_and_the_core_is_asked() -> None:
    caller = Caller(flow(QUEUE))
    assert caller.commands == ["Answer"]
    assert caller.queued == EnterQueue(
        queue="support",  # type: ignore[arg-type]
        priority=5,
        max_wait_s=120,
        music="calm",
        exit_keys="#",
        exits=frozenset({"#", "timed_out", "full", "no_agents", "failed"}),
    )


def test_given_digits_typed_before_a_queue_when_the_caller_comes_back_then_they_are_forgotten() -> None:
    steps = "start: {step: say, text: Wait., next: queue}\n" + QUEUE.replace("start:", "queue:")
    assert Caller(flow(steps)).presses("12").hears_out().comes_back("full").frame.digits == ""


@pytest.mark.parametrize(
    ("exit", "step"),
    [
        ("timed_out", "late"),
        ("full", "full"),
        ("no_agents", "nobody"),
        ("failed", "trouble"),
        ("#", "message"),
        ("odd", "trouble"),
    ],
)
def test_given_a_waiting_caller_when_the_queue_gives_them_back_then_the_exit_leads_on(exit: str, step: str) -> None:
    assert Caller(flow(QUEUE)).restarts().comes_back(exit).step == step


def test_given_a_served_caller_without_a_target_when_they_come_back_then_the_call_ends() -> None:
    assert Caller(flow(QUEUE)).comes_back("served").ended


def test_given_a_queue_that_is_always_full_when_it_leads_to_itself_by_a_menu_then_the_walk_is_bounded() -> None:
    steps = """
    start: {step: queue, queue: a, exits: {timed_out: end, full: other, no_agents: end, failed: end}}
    other: {step: menu, prompt: Again?, tries: 1, options: {1: end}, otherwise: start}
    """
    caller = Caller(flow(steps))
    for _ in range(200):
        if caller.ended:
            break
        caller.comes_back("full") if caller.queued else caller.hears_out().waits()
    assert caller.ended


NUMBER = """
start:
  step: transfer
  to: {number: "+493012345", trunk: provider}
  ring: 20s
  exits: {busy: busy, no_answer: late, failed: trouble}
busy: {step: say, text: Busy., next: end}
late: {step: say, text: Late., next: end}
trouble: {step: say, text: Trouble., next: end}
"""


GERMANY = (Way(trunk="provider", prefixes=("+49",)),)


@pytest.mark.parametrize(("caller_id", "number", "name"), [("", "+43660", "Ada"), ("+493099", "+493099", "")])
def test_given_an_allowed_number_when_transferred_then_it_is_dialled_with_an_id_and_the_number_that_the_trunk_shows(
    caller_id: str, number: str, name: str
) -> None:
    ways = (Way(trunk="provider", prefixes=("+49",), caller_id=caller_id),)
    caller = Caller(flow(NUMBER), outside=ways, caller_number="+43660", caller_name="Ada")
    assert caller.dialled == Dial(
        leg=caller.call.leg,
        play=PlayId("c1.1"),
        trunk="provider",
        number="+493012345",
        timeout_s=20,
        caller_number=number,
        caller_name=name,
    )


THREE = (
    Way(trunk="a", prefixes=("+43",)),
    Way(trunk="b", prefixes=("+49",)),
    Way(trunk="c", prefixes=("+4930",)),
)


@pytest.mark.parametrize(("to", "tried"), [("", ["b", "c"]), (", trunks: [c, a, b]", ["c", "b"]), (", trunk: c", ["c"])])
def test_given_several_trunks_when_they_fail_then_those_that_allow_the_number_are_tried_in_order(to: str, tried: list[str]) -> None:
    caller = Caller(flow(NUMBER.replace(", trunk: provider", to)), outside=THREE)
    seen = []
    while caller.dialled:
        seen.append(str(caller.dialled.trunk))
        caller.restarts().hears_out(cause="NORMAL_TEMPORARY_FAILURE")
    assert seen == tried and caller.step == "trouble"


def test_given_several_trunks_when_the_called_is_busy_then_no_other_is_tried() -> None:
    caller = Caller(flow(NUMBER.replace(", trunk: provider", "")), outside=THREE).hears_out(cause="USER_BUSY")
    assert caller.dialled is None and caller.step == "busy"


@pytest.mark.parametrize(("cause", "step"), [("USER_BUSY", "busy"), ("", "trouble")])
def test_given_a_dial_whose_end_was_lost_when_it_is_found_then_nobody_is_taken_for_served(cause: str, step: str) -> None:
    assert Caller(flow(NUMBER), outside=GERMANY).hears_out(cause=cause, result=LOST).step == step


@pytest.mark.parametrize(
    ("cause", "step"),
    [("USER_BUSY", "busy"), ("NO_ANSWER", "late"), ("CALL_REJECTED", "trouble"), ("NETWORK_OUT_OF_ORDER", "trouble")],
)
def test_given_a_dial_when_it_fails_then_the_cause_decides(cause: str, step: str) -> None:
    assert Caller(flow(NUMBER), outside=GERMANY).restarts().hears_out(cause=cause).step == step


def test_given_a_talk_outside_when_it_is_over_then_the_call_ends() -> None:
    assert Caller(flow(NUMBER), outside=GERMANY).hears_out(cause="NORMAL_CLEARING").ended


@pytest.mark.parametrize(
    "outside",
    [
        (),
        (Way(trunk="provider", prefixes=()),),
        (Way(trunk="provider", prefixes=("+43", "+4930999")),),
        (Way(trunk="provider", prefixes=("+43",)), Way(trunk="other", prefixes=("+49",))),
    ],
)
def test_given_a_number_that_the_house_does_not_allow_when_transferred_then_nothing_is_dialled_s01(
    outside: tuple[Way, ...],
) -> None:
    caller = Caller(flow(NUMBER), outside=outside)
    assert caller.dialled is None and caller.step == "trouble"


@pytest.mark.parametrize("typed", ["49301", "+49 30", "+4930,1", "4930&x()", "٤٩٣٠", "+49" + "1" * 30, "{{ x }}", "+49\n1"])
def test_given_a_number_from_a_caller_when_it_is_no_plain_number_then_nothing_is_dialled_s06(typed: str) -> None:
    steps = NUMBER.replace('"+493012345"', '"{{ call.caller_number }}"')
    assert Caller(flow(steps), outside=GERMANY, caller_number=typed).dialled is None


def test_given_another_flow_when_transferred_then_the_caller_goes_on_there_with_their_variables() -> None:
    first = flow("start: {step: set, values: {a: x}, next: go}\ngo: {step: transfer, to: {flow: other}}".replace("\n", "\n"), "first")
    other = flow("start: {step: say, text: 'Here {{ a }}', next: end}", "other")
    caller = Caller(first, other)
    assert caller.frame.flow == "other" and caller.frame.version == other.version and caller.heard == ["Here", "x"]


def test_given_a_flow_that_is_gone_when_transferred_then_the_call_ends() -> None:
    first = flow("start: {step: transfer, to: {flow: other}}", "first")
    assert Caller(first).ended


def test_given_two_flows_that_send_callers_to_each_other_when_walked_then_the_circuit_breaks_f37() -> None:
    a = flow("start: {step: transfer, to: {flow: b}}", "a")
    b = flow("start: {step: transfer, to: {flow: a}}", "b")
    caller = Caller(a, b)
    assert caller.ended and len(caller.passed) == 101


VOICEMAIL = """
start: {step: voicemail, mailbox: main, greeting: Speak., max: 1m, silence: 4s, next: thanks, exits: {failed: nothing}}
thanks: {step: say, text: Thanks., next: end}
nothing: {step: say, text: Nothing., next: end}
"""


def test_given_a_voicemail_when_the_greeting_is_over_then_the_caller_is_recorded() -> None:
    caller = Caller(flow(VOICEMAIL))
    assert caller.heard == ["Speak.", "[beep]"]
    recorded = caller.hears_out().recorded
    assert recorded and (recorded.play, recorded.max_s, recorded.silence_s) == ("c1.2", 60, 4)


@pytest.mark.parametrize(("seconds", "step", "messages"), [(9.5, "thanks", 1), (0.4, "nothing", 0)])
def test_given_a_recording_when_it_ends_then_a_message_is_kept_if_anything_was_said(seconds: float, step: str, messages: int) -> None:
    caller = Caller(flow(VOICEMAIL)).hears_out().restarts().hears_out(seconds=seconds)
    assert caller.step == step and len(caller.messages) == messages
    assert all((m.id, m.mailbox, m.seconds) == ("c1.2", "main", seconds) for m in caller.messages)


@pytest.mark.parametrize(("seconds", "step"), [(4.3, "nothing"), (6.0, "thanks")])
def test_given_a_recording_when_silence_ends_it_then_only_what_was_said_before_counts(seconds: float, step: str) -> None:
    caller = Caller(flow(VOICEMAIL)).hears_out().hears_out(seconds=seconds, result=SILENCE)
    assert caller.step == step and [m.seconds for m in caller.messages] == ([6.0] if step == "thanks" else [])


@pytest.mark.parametrize(("known", "kept"), [(7.5, 7.5), (0.0, 3.0)])
def test_given_a_recording_whose_end_was_lost_when_it_is_found_then_the_message_is_kept_with_the_length_that_is_known(
    known: float, kept: float
) -> None:
    caller = Caller(flow(VOICEMAIL)).hears_out().restarts().hears_out(seconds=known, result=LOST)
    assert [m.seconds for m in caller.messages] == [kept] and caller.step == "thanks"


def test_given_a_recording_when_hash_is_pressed_then_it_is_stopped_and_its_end_makes_the_message() -> None:
    caller = Caller(flow(VOICEMAIL)).hears_out().presses("#")
    assert caller.commands == ["StopPlay"] and caller.messages == []
    assert len(caller.hears_out(seconds=3.0).messages) == 1


def test_given_a_recording_whose_end_is_lost_when_its_deadline_comes_then_the_message_is_kept() -> None:
    caller = Caller(flow(VOICEMAIL)).hears_out().waits()
    assert len(caller.messages) == 1 and caller.step == "thanks"


@pytest.mark.parametrize(("seconds", "messages"), [(12.0, 1), (0.2, 0)])
def test_given_a_caller_who_hangs_up_while_speaking_when_asked_then_the_message_is_there(seconds: float, messages: int) -> None:
    caller = Caller(flow(VOICEMAIL))
    assert caller.library.left_behind(caller.at + seconds, caller.frame, seconds) == ()
    caller.hears_out()
    assert len(caller.library.left_behind(caller.at + seconds, caller.frame, 30 + seconds)) == messages


def test_given_a_frame_of_an_older_release_when_the_greeting_is_over_then_the_caller_is_recorded() -> None:
    caller = Caller(flow(VOICEMAIL))
    caller.call = replace(caller.call, frame=replace(caller.frame, phase="greeting"))
    assert caller.hears_out().recorded


AGENT = """
start: {step: agent, do: not_ready, reason: lunch, next: done, exits: {refused: refused}}
done: {step: hang_up, prompt: "You are {{ agent_state }}"}
refused: {step: hang_up, prompt: "No. {{ agent_why }}"}
"""


def test_given_an_agents_phone_when_it_asks_for_a_state_then_the_core_is_asked_and_the_answer_spoken() -> None:
    caller = Caller(flow(AGENT))
    assert caller.walk.ask == AgentWish(wish=Wish.NOT_READY, reason="lunch")
    assert caller.restarts().is_told("not_ready").heard == ["You are", "not_ready"]


def test_given_a_wish_that_is_refused_when_told_then_the_reason_is_spoken() -> None:
    assert Caller(flow(AGENT)).is_told("talking", "you are in a call").heard == ["No.", "you are in a call"]


def test_given_a_wish_that_nobody_answers_when_the_deadline_comes_then_it_is_refused() -> None:
    assert Caller(flow(AGENT)).waits().step == "refused"
