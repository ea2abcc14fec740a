"""A person whom a campaign dialled is there: an agent in time, or the message (ACD.md 37, 86, 87, 94)."""

from dataclasses import replace

import pytest

from acd.core import commands as cm
from acd.core import events as ev
from acd.core import granting
from acd.core.call import Call
from acd.core.draft import Draft
from acd.core.interpreter import OptOutAsk
from acd.core.lines.entry import Entry
from acd.core.media import Speech
from acd.core.offers.offer import Offer
from acd.core.outside.dialled_call import DialledState, DialOutcome
from acd.words import AgentId, AgentState, EntryKind, EntryOutcome, EntryState, FlowId, OfferOutcome, Owner, Wish
from tests.core.dialled_out import DialledWorld, dialling_rules, said

D, O = DialledState, DialOutcome


def test_row_37_given_a_free_agent_when_a_person_answers_then_offered_and_joined_like_anybody() -> None:
    w = DialledWorld().ready("a0")
    w.dials(tags={"lead": "7"})
    w.after(9)
    commands = w.answers()
    entry = w.state.entries[w.contact().entry]  # type: ignore[index]
    assert (entry.kind, entry.leave_at, entry.state) == (EntryKind.DIALLED, w.at + 2.0, EntryState.OFFERED)
    assert any(isinstance(each, cm.Arm) for each in commands), "the dead man's switch"
    w.after(1)
    w.picks_up("a0")
    w.is_bridged("a0")
    dialled = w.dialled()
    assert (dialled.state, dialled.agent, dialled.bridged_at) == (D.TALKING, "a0", w.at)
    assert w.contact().owner is Owner.AGENT and w.contact().tags == {"lead": "7"}
    w.after(60)
    w.phone_ends("a0", "NORMAL_CLEARING")
    w.far_ends()
    assert (w.dialled().outcome, w.ended(Call)[0].id) == (O.TALKED, w.dialled().call)
    assert [each.outcome for each in w.ended(Entry)] == [EntryOutcome.ANSWERED]


def test_row_86_given_nobody_free_when_two_seconds_have_passed_then_the_message_and_the_end() -> None:
    w = DialledWorld()
    w.dials()
    w.answers()
    w.after(1.9)
    assert w.dialled().state is D.ANSWERED and not said([c for d in w.decisions for c in d.commands])
    w.after(0.1)
    assert (w.dialled().state, w.dialled().abandoned_at) == (D.ABANDONED, w.at)
    assert said(list(w.decisions[-1].commands)) == ["sorry"]
    assert [each.outcome for each in w.ended(Entry)] == [EntryOutcome.DIALER_ABANDON]
    w.feed(ev.PlayEnded(at=w.at + 4, leg=w.far(), play=w.contact().frame.play))  # type: ignore[union-attr,arg-type]
    assert w.hung_up() == [w.far()]
    w.far_ends()
    assert w.dialled().outcome is O.DIALER_ABANDON and not w.state.calls


def test_row_86_given_no_message_when_nobody_is_there_in_time_then_it_is_hung_up() -> None:
    w = DialledWorld()
    w.dials(message=None, answer_s=1.0)
    w.answers()
    w.after(1)
    assert w.hung_up() == [w.far()]


def test_row_94_given_the_message_when_they_want_to_be_called_no_more_then_known_at_once_and_once_and_it_goes_on() -> None:
    w = DialledWorld()
    w.dials()
    w.answers()
    w.after(2)
    said_at = w.after(1).at
    w.feed(ev.DigitPressed(at=w.at, leg=w.far(), digit="9"))
    assert (w.dialled().opted_out_at, w.dialled().state) == (said_at, D.ABANDONED)
    w.after(1)
    w.feed(ev.DigitPressed(at=w.at, leg=w.far(), digit="9"))
    assert w.dialled().opted_out_at == said_at and not w.hung_up()
    w.far_ends()
    assert (w.dialled().outcome, w.dialled().opted_out_at) == (O.DIALER_ABANDON, said_at)


def test_given_somebody_who_called_us_when_they_want_to_be_called_no_more_then_refused() -> None:
    w = DialledWorld(replace(dialling_rules(), numbers={"100": FlowId("message.no_more")}))
    w.arrives("c1")
    call = next(iter(w.state.calls.values()))
    assert granting.wished(Draft(w.state, ev.TimePassed(at=w.at), w.at), call, OptOutAsk()).why == "no campaign has dialled them"


def test_row_86_given_an_agents_phone_that_rings_when_the_time_is_over_then_it_stops_and_nobody_is_blamed() -> None:
    w = DialledWorld().ready("a0")
    w.dials()
    w.answers()
    w.after(1.5)
    w.rings("a0")
    ringing = w.offer("a0").leg
    w.after(0.5)
    assert w.dialled().state is D.ABANDONED and ringing in w.hung_up()
    assert [each.outcome for each in w.ended(Offer)] == [OfferOutcome.NOT_REACHED]
    assert w.agent("a0").state is AgentState.READY and not w.agent("a0").failures


def lets_one_ring(w: DialledWorld, attempt: str) -> None:
    w.dials(attempt)
    w.answers(attempt)
    w.rings("a0")
    w.after(2)
    assert w.dialled(attempt).state is D.ABANDONED


def test_row_86_given_a_phone_that_rang_on_for_three_dialled_people_when_the_third_goes_then_its_agent_is_not_ready() -> None:
    w = DialledWorld().ready("a0")
    for attempt in ("t1", "t2"):
        lets_one_ring(w, attempt)
        assert w.agent("a0").state is AgentState.READY
    lets_one_ring(w, "t3")
    assert {each.outcome for each in w.ended(Offer)} == {OfferOutcome.TOO_LATE}
    assert (w.agent("a0").state, w.agent("a0").reason) == (AgentState.NOT_READY, "rna")


def test_row_86_given_an_agent_who_has_picked_up_when_the_time_is_over_then_they_are_joined() -> None:
    w = DialledWorld().ready("a0")
    w.dials()
    w.answers()
    w.after(1.9)
    w.feed(ev.LegAnswered(at=w.at, leg=w.offer("a0").leg))
    w.after(0.5)
    assert w.dialled().state is D.ANSWERED
    w.feed(ev.LegParked(at=w.at, leg=w.offer("a0").leg, inbound=False))
    w.is_bridged("a0")
    assert w.dialled().state is D.TALKING


def test_row_86_given_an_agent_who_hangs_up_before_the_bridge_when_the_time_is_over_then_the_message() -> None:
    w = DialledWorld().ready("a0")
    w.dials()
    w.answers()
    w.after(1.9)
    w.picks_up("a0")
    w.after(0.5)
    w.phone_ends("a0", "NORMAL_CLEARING")
    w.after(0)
    assert w.dialled().state is D.ABANDONED


def test_row_86_given_a_queue_with_a_whisper_when_a_person_waits_then_the_agent_hears_none_of_it() -> None:
    """Two seconds do not stand still for it."""
    w = DialledWorld(dialling_rules(queue_whisper=(Speech(text="sales"),))).ready("a0")
    w.dials()
    w.answers()
    commands = w.picks_up("a0")
    assert any(isinstance(each, cm.Bridge) for each in commands) and said(commands) == []


def test_row_87_given_an_agent_who_is_lost_after_the_dial_when_it_is_answered_then_the_next_free_one() -> None:
    w = DialledWorld().ready("a0", "a1")
    w.dials()
    w.asks("a0", Wish.LOG_OUT)
    w.answers()
    assert w.offer("a1").call == w.contact().id


def test_given_an_agent_who_has_seen_them_when_a_person_answers_then_that_agent_and_not_who_is_free_for_longer() -> None:
    w = DialledWorld().ready("a0").after(60)
    w.ready("a1").after(5)
    w.dials(prefer=AgentId("a1"))
    w.answers()
    assert w.offer("a1").call == w.contact().id and w.agent("a0").state is AgentState.READY


def test_row_87_given_an_agent_who_has_seen_them_and_is_taken_when_a_person_answers_then_another_one_before_the_time_is_over() -> None:
    w = DialledWorld().ready("a0", "a1")
    w.dials(prefer=AgentId("a1"))
    w.asks("a1", Wish.NOT_READY, "lunch")
    w.answers()
    w.after(1.1)
    assert w.offer("a0").call == w.contact().id and w.dialled().state is D.ANSWERED


@pytest.mark.parametrize("cause", ["CALL_REJECTED", "USER_BUSY", "USER_NOT_REGISTERED"])
def test_row_87_given_an_offer_that_comes_to_nothing_when_another_is_free_then_asked_in_the_time_left(
    cause: str,
) -> None:
    w = DialledWorld().ready("a0", "a1")
    w.dials()
    w.answers()
    w.after(0.5)
    w.phone_ends("a0", cause)
    assert w.offer("a1").call == w.contact().id
    w.after(1.5)
    assert w.dialled().state is D.ABANDONED


def test_given_a_person_who_hangs_up_before_an_agent_when_they_are_gone_then_hung_up_and_no_place_is_kept() -> None:
    w = DialledWorld(dialling_rules(queue_keep_place_s=600.0)).ready("a0")
    w.dials()
    w.answers()
    w.after(1)
    w.far_ends()
    assert w.dialled().outcome is O.HUNG_UP and not w.state.kept
    assert w.agent("a0").state is AgentState.READY


def test_given_a_leg_that_is_answered_and_never_parks_when_the_time_is_over_then_it_is_ended_and_counted() -> None:
    w = DialledWorld()
    w.dials()
    w.feed(ev.LegAnswered(at=w.at, leg=w.far()))
    w.after(2)
    assert w.hung_up() == [w.far()]
    w.far_ends()
    assert w.dialled().outcome is O.DIALER_ABANDON
