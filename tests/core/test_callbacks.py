"""Callbacks as contacts of their own (ACD.md 68-74)."""

from dataclasses import replace

import pytest

from acd.core import commands as cm
from acd.core import events as ev
from acd.core.lines.entry import Entry
from acd.core.offers.offer import Offer
from acd.core.outside.callback import CallbackOutcome, CallbackState
from acd.core.talking.talk import Talk
from acd.words import AgentId, AgentState, EntryKind, EntryOutcome, OfferOutcome, TalkState, TalkWish, TapeWish, Wish
from tests.core.called_back import AGAIN_S, FIRST, LATER_S, MINE, CallbackFlows, CallbackWorld, callback_rules, kinds
from tests.core.world import leg

C, O = CallbackState, CallbackOutcome


# -- as they come ---


def test_given_row_68_a_caller_who_asks_to_be_called_back_when_they_hang_up_then_a_contact_of_its_own_stands_in_line() -> None:
    w = CallbackWorld().asks_back()
    back, entry = w.back(), w.entry("c.9")
    assert (back.state, back.number, back.queue, back.first) == (C.WAITING, MINE, "sales", "c")
    assert (entry.kind, entry.since, entry.joined_at, entry.state) == (EntryKind.CALLBACK, 1000.0, 1000.0, "waiting")
    assert [each.id for each in w.state.line(entry.queue)] == ["c.9.q1"]
    assert w.call("c.9").origin == "c" and not w.call("c.9").is_here
    assert w.dialled == []


def test_given_a_caller_who_is_still_on_the_line_when_an_agent_is_free_then_nobody_is_called_back_yet() -> None:
    w = CallbackWorld()
    w.arrives("c", "70", caller_number=MINE)
    w.ready("a0")
    assert w.back().state is C.HELD and w.rung() == []
    w.hangs_up("c")
    w.after(0)
    assert w.rung() == ["1000"]


def test_given_row_68_a_place_kept_when_others_came_later_then_it_is_served_before_them() -> None:
    w = CallbackWorld().asks_back()
    w.at += 30
    w.arrives("d", "1")
    w.ready("a0")
    assert w.offer("a0").call == "c.9"


def test_given_a_caller_who_leaves_the_line_for_a_callback_when_it_is_recorded_then_it_is_a_flow_out_and_no_abandon() -> None:
    w = CallbackWorld(flows=CallbackFlows(exit_keys="9", after={"9": _to_callback()}))
    w.asks("a1", Wish.LOG_IN)
    w.arrives("c", "1", caller_number=MINE)
    w.at += 40
    w.feed(ev.DigitPressed(at=w.at, leg=leg("c"), digit="9"))
    assert [each.outcome for each in w.ended(Entry)] == [EntryOutcome.EXITED_KEY], "nobody has asked for anything yet"


def _to_callback():  # type: ignore[no-untyped-def]
    from acd.core.interpreter import EndCall

    return EndCall()


def test_given_row_74_the_same_number_and_queue_when_asked_again_then_one_callback_with_the_better_place() -> None:
    w = CallbackWorld().asks_back("c")
    w.at += 100
    w.asks_back("d", "03012345678")
    assert list(w.state.callbacks) == ["c.9"]
    assert (w.ended_back("d").outcome, w.ended_back("d").into) == (O.DUPLICATE, "c.9")
    w.at += 1
    w.asks_back("e", "+493087654321")
    assert list(w.state.callbacks) == ["c.9", "e.9"]


def test_given_a_queue_where_people_call_back_by_hand_when_asked_then_the_wish_stays_a_wish() -> None:
    w = CallbackWorld(callback_rules(queue_callback=None))
    w.arrives("c", "70", caller_number=MINE)
    assert not w.state.callbacks and [wish.is_automatic for wish in w.call("c").callbacks] == [False]


# -- agent first ---


def test_given_row_70_agent_first_when_an_agent_picks_up_then_the_customer_is_dialled_and_both_are_joined() -> None:
    w = CallbackWorld().asks_back()
    w.ready("a0")
    ring = next(c for d in w.decisions for c in d.commands if isinstance(c, cm.Ring))
    assert ring.caller_number == MINE and w.dialled == []
    assert kinds(w.picks_up("a0")) == ["Play", "CallOut"]
    out = w.decisions[-1].commands[-1]
    assert isinstance(out, cm.CallOut) and (out.number, out.trunk, out.caller_number) == (MINE, "carrier", "+493099")
    commands = w.customer_answers()
    assert kinds(commands) == ["Mark", "Arm", "StopPlay", "Disarm", "Bridge"]
    w.is_bridged("a0")
    assert w.call("c.9").owner == "agent" and w.back().attempts[-1].outcome == "talked"
    w.at += 60
    w.customer_ends()
    assert w.ended_back().outcome is O.SERVED and w.ended_back().agent == "a0"
    assert w.agent("a0").state is AgentState.READY and not w.state.calls
    (stay,) = [each for each in w.ended(Entry) if each.kind is EntryKind.CALLBACK]
    assert (stay.outcome, stay.agent, stay.exit) == (EntryOutcome.ANSWERED, "a0", "served")


def test_given_a_talk_when_the_agent_hangs_up_first_then_it_is_served_as_well() -> None:
    w = CallbackWorld().asks_back()
    w.ready("a0")
    w.talks_back()
    customer = w.customer()
    assert "HangUp" in kinds(w.phone_ends("a0", "NORMAL_CLEARING"))
    w.feed(ev.LegEnded(at=w.at, leg=customer, cause="NORMAL_CLEARING"))
    assert w.ended_back().outcome is O.SERVED and not w.state.calls


@pytest.mark.parametrize(
    ("cause", "outcome"),
    [("NO_ANSWER", "no_answer"), ("USER_BUSY", "busy"), ("UNALLOCATED_NUMBER", "failed"), ("LOST", "lost")],
)
def test_given_row_71_a_customer_who_is_not_reached_when_it_ends_then_the_place_is_kept_for_the_next_attempt(
    cause: str, outcome: str
) -> None:
    w = CallbackWorld().asks_back()
    w.ready("a0")
    w.picks_up("a0")
    w.at += 20
    assert "Dismiss" in kinds(w.customer_ends(cause))
    back, entry = w.back(), w.entry("c.9")
    assert (back.state, back.wake_at, back.attempts[0].outcome) == (C.HELD, w.at + AGAIN_S, outcome)
    assert entry.since == 1000.0 and entry.held and list(w.state.line(entry.queue)) == []
    assert w.agent("a0").state is AgentState.READY
    assert [each.outcome for each in w.ended(Offer)] == [OfferOutcome.NOT_REACHED]
    w.after(AGAIN_S - 1)
    assert w.rung() == ["1000"], "never dialled twice in its window"
    w.after(1)
    assert w.rung() == ["1000", "1000"]


def test_given_row_71_all_attempts_used_up_when_the_last_fails_then_it_is_over() -> None:
    w = CallbackWorld().asks_back()
    w.ready("a0")
    for pause in (AGAIN_S, LATER_S, 0):
        w.picks_up("a0")
        w.customer_ends("NO_ANSWER")
        w.after(pause)
    assert w.ended_back().outcome is O.NOT_REACHED and len(w.ended_back().attempts) == 3 and w.dialled == [MINE] * 3
    assert not w.state.calls and not w.state.entries
    assert [each.outcome for each in w.ended(Entry) if each.kind is EntryKind.CALLBACK] == [EntryOutcome.WITHDRAWN]


def test_given_row_71_a_customer_called_back_who_holds_when_they_hang_up_then_the_talk_is_over_and_nothing_plays_to_nobody() -> None:
    rules = callback_rules(queue_wrap_up_s=20.0)
    w = CallbackWorld(rules).asks_back()
    w.ready("a0")
    w.talks_back()
    w.feed(ev.TalkAsked(at=w.at, agent=AgentId("a0"), what=TalkWish.HOLD))
    w.customer_ends()
    assert w.back().state is C.AFTER and w.call("c.9").talk == Talk()
    before = len(w.decisions)
    w.after(20)
    assert all(command.leg for decision in w.decisions[before:] for command in decision.commands)


def test_given_row_71_a_customer_who_was_reached_when_it_is_over_then_the_attempt_ended_with_their_leg_not_with_the_wrap_up() -> None:
    w = CallbackWorld(callback_rules(queue_wrap_up_s=20.0)).asks_back()
    w.ready("a0")
    w.talks_back()
    w.at += 30
    w.customer_ends()
    ended_at = w.at
    w.after(20)
    (attempt,) = w.ended_back().attempts
    assert (attempt.outcome, attempt.ended_at) == ("talked", ended_at) and w.ended_back().outcome is O.SERVED


def test_given_row_58_a_customer_called_back_who_leaves_in_a_consult_when_the_agents_are_done_then_the_callback_is_over_too() -> None:
    w = CallbackWorld(callback_rules(queue_wrap_up_s=20.0)).asks_back()
    w.ready("a0")
    w.talks_back()
    w.ready("a1")
    w.at += 10
    w.feed(ev.TalkAsked(at=w.at, agent=AgentId("a0"), what=TalkWish.CONSULT, target="a1"))
    w.picks_up("a1")
    w.feed(ev.LegsBridged(at=w.at, leg=w.offer("a0").leg, other=w.offer("a1").leg))
    w.customer_ends()
    assert w.call("c.9").talk.state is TalkState.INTERNAL and w.back().state is C.HERE
    w.at += 5
    w.feed(ev.LegEnded(at=w.at, leg=w.offer("a1").leg, cause="NORMAL_CLEARING"))
    assert w.back().state is C.AFTER
    w.after(20)
    assert w.ended_back().outcome is O.SERVED and not w.state.calls and not w.state.callbacks


def test_given_row_60_a_customer_called_back_who_leaves_on_a_transfer_when_its_time_comes_then_nobody_stands_in_line_for_them() -> None:
    """F34: the customer hangs up as the transfer is made. Their call has no leg any more, and goes nowhere."""
    w = CallbackWorld(callback_rules(queue_wrap_up_s=20.0)).asks_back()
    w.ready("a0")
    w.talks_back()
    w.feed(ev.TalkAsked(at=w.at, agent=AgentId("a0"), what=TalkWish.TRANSFER, target="sales"))
    w.customer_ends()
    assert w.back().state is C.AFTER and w.call("c.9").transfer is None
    w.after(20)
    assert w.ended_back().outcome is O.SERVED and not w.state.calls and not w.state.entries


def test_given_row_64_a_customer_called_back_on_a_tape_of_no_agent_when_its_end_is_lost_then_it_ends_with_their_leg() -> None:
    """F17: the end of the leg is told, that of the tape is not. A supervisor who takes over begins such a one."""
    w = CallbackWorld(callback_rules(queue_wrap_up_s=20.0)).asks_back()
    w.ready("a0")
    w.talks_back()
    w.feed(ev.TapeAsked(at=w.at, call=w.call("c.9").id, wish=TapeWish.START, by="eva"))
    [tape] = w.state.recordings.values()
    w.state.put(replace(tape, offer=None))
    w.customer_ends()
    assert w.back().state is C.AFTER and not any(each.is_running for each in w.state.recordings.values())


def test_given_row_73_a_customer_whose_phone_rings_when_it_is_cancelled_then_the_attempt_ends_too() -> None:
    w = CallbackWorld(callback_rules(**FIRST)).asks_back()
    w.ready("a0")
    assert w.back().state is C.DIALLING
    w.feed(ev.CallbackAsked(at=w.at, callback=w.back().id, wish="cancel"))
    (attempt,) = w.ended_back().attempts
    assert (attempt.outcome, attempt.ended_at) == ("cancelled", w.at)


def test_given_row_71_a_voicemail_that_answered_when_the_agent_says_so_in_the_wrap_up_then_it_was_no_success() -> None:
    rules = callback_rules(queue_wrap_up_s=20.0, queue_dispositions={"voicemail": "", "done": ""})
    w = CallbackWorld(rules).asks_back()
    w.ready("a0")
    w.talks_back()
    w.customer_ends()
    assert w.back().state is C.AFTER
    assert w.asks("a0", Wish.DISPOSE, "voicemail") == ""
    w.after(20)
    back = w.back()
    assert (back.state, back.attempts[0].outcome) == (C.HELD, "voicemail")
    w.after(AGAIN_S - 20)
    assert w.offer("a0").call == "c.9" and w.entry("c.9").since == 1000.0
    w.talks_back()
    w.customer_ends()
    w.asks("a0", Wish.DISPOSE, "done")
    w.after(20)
    assert w.ended_back().outcome is O.SERVED


def test_given_row_73_an_agent_who_declines_when_another_is_there_then_they_are_offered_it_and_it_was_no_attempt() -> None:
    w = CallbackWorld().asks_back()
    w.ready("a0", "a1")
    w.phone_ends("a0", "CALL_REJECTED", 603)
    assert w.rung() == ["1000", "1001"] and w.back().attempts == () and w.dialled == []


def test_given_an_agent_who_hangs_up_while_the_customer_is_rung_when_another_is_free_then_the_ringing_goes_on() -> None:
    w = CallbackWorld().asks_back()
    w.ready("a0", "a1")
    w.picks_up("a0")
    w.phone_ends("a0", "NORMAL_CLEARING")
    assert w.back().state is C.DIALLING and w.rung() == ["1000", "1001"]
    w.picks_up("a1")
    w.customer_answers()
    w.is_bridged("a1")
    assert w.dialled == [MINE] and w.back().state is C.HERE


def test_given_an_agent_who_hangs_up_when_the_customer_answers_and_nobody_is_there_then_they_wait_first_in_line_with_music() -> None:
    w = CallbackWorld().asks_back()
    w.ready("a0")
    w.picks_up("a0")
    w.phone_ends("a0", "NORMAL_CLEARING")
    w.asks("a0", Wish.LOG_OUT)
    commands = w.customer_answers()
    assert kinds(commands) == ["Mark", "Arm", "Play"]
    w.ready("a1")
    w.rings("a1")
    assert kinds(w.picks_up("a1"))[-1] == "Bridge"
    w.is_bridged("a1")
    assert w.call("c.9").owner == "agent"


def test_given_a_customer_who_hangs_up_before_an_agent_is_there_when_it_ends_then_it_was_an_attempt() -> None:
    w = CallbackWorld(callback_rules(**FIRST)).asks_back()
    w.ready("a0")
    w.customer_answers()
    w.customer_ends()
    assert w.back().attempts[0].outcome == "hung_up" and w.back().state is C.HELD
    assert w.agent("a0").state is AgentState.READY


def test_given_nobody_tells_of_the_end_of_the_ringing_when_it_is_long_over_then_it_stops_and_counts() -> None:
    w = CallbackWorld().asks_back()
    w.ready("a0")
    w.picks_up("a0")
    customer = w.customer()
    w.after(34.9)
    assert w.back().state is C.DIALLING
    w.after(0.1)
    assert w.back().attempts[0].outcome == "no_answer" and w.agent("a0").state is AgentState.READY
    assert cm.HangUp(leg=customer, cause="ORIGINATOR_CANCEL") in [c for d in w.decisions for c in d.commands]
    w.feed(ev.LegEnded(at=w.at, leg=customer, cause="ORIGINATOR_CANCEL"))
    assert len(w.back().attempts) == 1 and not w.state.outgoing


# -- customer first ---


def test_given_row_70_customer_first_when_an_agent_is_reserved_then_the_customer_is_called_and_then_the_agent() -> None:
    w = CallbackWorld(callback_rules(**FIRST)).asks_back()
    assert w.dialled == [], "nobody is called while no agent is there for them"
    w.ready("a0")
    assert w.dialled == [MINE] and w.rung() == [] and w.agent("a0").state is AgentState.OFFERED
    w.at += 10
    assert kinds(w.customer_answers()) == ["Mark", "Arm", "Play", "Ring"]
    w.rings("a0")
    assert kinds(w.picks_up("a0")) == ["Disarm", "Bridge"]
    w.is_bridged("a0")
    w.customer_ends()
    assert w.ended_back().outcome is O.SERVED


def test_given_customer_first_when_the_customer_is_not_reached_then_the_agent_is_free_and_was_never_rung() -> None:
    w = CallbackWorld(callback_rules(**FIRST)).asks_back()
    w.ready("a0")
    commands = w.customer_ends("USER_BUSY")
    assert commands == [] and w.rung() == [] and w.agent("a0").state is AgentState.READY
    assert w.agent("a0").idle_since == 1000.0, "no penalty"


def test_given_customer_first_when_the_agent_leaves_meanwhile_then_the_next_one_is_reserved_and_nobody_is_called_twice() -> None:
    w = CallbackWorld(callback_rules(**FIRST)).asks_back()
    w.ready("a0", "a1")
    w.asks("a0", Wish.LOG_OUT)
    assert w.agent("a1").state is AgentState.OFFERED and w.dialled == [MINE]
    w.customer_answers()
    assert w.rung() == ["1001"]


def test_given_customer_first_when_the_agent_does_not_answer_then_the_customer_waits_for_the_next_one() -> None:
    w = CallbackWorld(callback_rules(**FIRST)).asks_back()
    w.ready("a0", "a1")
    w.customer_answers()
    w.rings("a0")
    w.after(15)
    assert w.rung() == ["1000", "1001"] and w.back().state is C.HERE and w.entry("c.9").music_on
