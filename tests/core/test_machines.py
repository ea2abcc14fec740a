"""Answering machines and faxes, told from people beside the bridge and never before it (ACD.md 86, 89)."""

from typing import Any

import pytest

from acd.core import commands as cm
from acd.core import events as ev
from acd.core.call import Call
from acd.core.lines.entry import Entry
from acd.core.offers.offer import Offer
from acd.core.outside.dialled_call import DialledState, DialOutcome
from acd.core.outside.machines import BEFORE_MESSAGE_S, LISTENS_S
from acd.core.staff.wrap_up import WrapUp
from acd.words import AgentState, EndedBy, EntryOutcome, FlowId, MachineTone, OfferOutcome, Owner, TalkWish, Wish, WrapUpMode
from tests.core.dialled_out import MESSAGE, DialledWorld, dialling_rules, said, talked
from tests.core.test_dialled_restart import look, restarted, seen

D, O, T = DialledState, DialOutcome, MachineTone
LEFT = FlowId("message.left")


class Machines(DialledWorld):
    def dials(self, attempt: str = "t1", number: str = "", **how: Any) -> str:
        return super().dials(attempt, number, **({"detect": True} | how))

    def hears(self, tone: MachineTone = T.BEEP, attempt: str = "t1") -> list[cm.Command]:
        return self.feed(ev.MachineHeard(at=self.at, leg=self.far(attempt), tone=tone))

    def asked(self, kind: type[cm.Command]) -> list[cm.Command]:
        return [c for d in self.decisions for c in d.commands if isinstance(c, kind)]


def with_agent(**how: Any) -> Machines:
    w = Machines(dialling_rules(queue_wrap_up_s=30.0)).ready("a0")
    w.dials(**how)
    talked(w)
    w.after(12)
    return w


# -- nobody waits for a verdict ---


@pytest.mark.parametrize("detect", [True, False])
def test_row_89_given_a_campaign_when_it_dials_then_listened_from_the_answer_on_only_where_it_says_so_and_offered_at_once(
    detect: bool,
) -> None:
    w = Machines().ready("a0")
    w.dials(detect=detect)
    assert [each.detect_s for each in w.asked(cm.CallOut)] == [60 if detect else None]  # type: ignore[attr-defined]
    w.answers()
    assert w.rung() and w.agent("a0").state is AgentState.OFFERED


def test_row_89_given_a_person_who_talks_when_no_tone_is_heard_then_the_listening_ends_and_the_talk_does_not() -> None:
    w = Machines().ready("a0")
    w.dials()
    talked(w)
    w.after(LISTENS_S + 1)
    assert w.asked(cm.DetectNoMore) == [cm.DetectNoMore(leg=w.far())]
    assert w.dialled().state is D.TALKING and w.hung_up() == []
    w.hears()
    assert w.decisions[-1].late and w.dialled().state is D.TALKING, "so late it is no greeting's end"


def test_row_89_given_no_detection_when_a_tone_is_told_all_the_same_then_it_means_nothing() -> None:
    w = with_agent(detect=False)
    w.hears()
    assert w.decisions[-1].late and w.dialled().state is D.TALKING and w.dialled().tone is None


# -- taken back ---


@pytest.mark.parametrize(("tone", "outcome"), [(T.BEEP, O.MACHINE), (T.FAX, O.FAX)])
def test_row_89_given_an_agent_who_talks_to_a_machine_when_it_is_heard_then_ready_at_once_without_blame_or_wrap_up(
    tone: MachineTone, outcome: DialOutcome
) -> None:
    w = with_agent()
    w.hears(tone)
    agent = w.agent("a0")
    assert (agent.state, agent.failures) == (AgentState.READY, {}) and not w.ended(WrapUp) and not w.state.wrap_ups
    (offer,) = w.ended(Offer)
    assert (offer.outcome, offer.ended_by, offer.cause) == (OfferOutcome.ANSWERED, EndedBy.SYSTEM, "machine")
    assert set(w.hung_up()) == {offer.leg, w.far()}
    assert [(each.outcome, each.exit) for each in w.ended(Entry)] == [(EntryOutcome.ANSWERED, "machine")]
    w.far_ends()
    assert (w.dialled().outcome, w.dialled().agent) == (outcome, "a0")
    assert [each.id for each in w.ended(Call)] == [w.dialled().call]


def test_row_89_given_an_agent_who_owes_a_disposition_after_each_talk_when_it_was_a_machine_then_none() -> None:
    w = Machines(dialling_rules(queue_wrap_up_mode=WrapUpMode.MANDATORY, queue_dispositions={"sold": "1"})).ready("a0")
    w.dials()
    talked(w)
    w.hears()
    assert w.agent("a0").state is AgentState.READY


def test_row_89_given_an_agent_who_wants_a_break_when_the_machine_is_taken_back_then_the_break() -> None:
    w = with_agent()
    w.asks("a0", Wish.NOT_READY, "lunch")
    w.hears()
    assert (w.agent("a0").state, w.agent("a0").reason) == (AgentState.NOT_READY, "lunch")


def test_row_89_given_a_machine_that_waits_when_it_is_heard_then_no_phone_rings_on_and_nobody_was_abandoned() -> None:
    w = Machines().ready("a0")
    w.dials()
    w.answers()
    w.hears()
    assert [(each.outcome, each.exit) for each in w.ended(Entry)] == [(EntryOutcome.WITHDRAWN, "machine")]
    assert [each.outcome for each in w.ended(Offer)] == [OfferOutcome.NOT_REACHED]
    assert w.agent("a0").state is AgentState.READY
    w.after(5)
    w.far_ends()
    assert (w.dialled().outcome, w.dialled().abandoned_at) == (O.MACHINE, None)


def test_row_89_given_an_agent_who_is_just_being_joined_when_it_is_heard_then_taken_back_once_they_are() -> None:
    w = Machines().ready("a0")
    w.dials()
    w.answers()
    w.picks_up("a0")
    w.hears()
    assert w.agent("a0").state is not AgentState.READY and w.far() not in w.hung_up()
    w.is_bridged("a0")
    w.after(0.5)
    assert w.agent("a0").state is AgentState.READY and w.dialled().state is D.MACHINE
    assert w.dialled().bridged_at is not None


def test_row_89_given_a_tone_that_is_told_twice_when_heard_again_then_late() -> None:
    w = with_agent(voicemail=LEFT)
    w.hears()
    w.after(0.6)
    w.hears()
    assert w.decisions[-1].late
    w.after(0.6)
    assert said(list(w.decisions[-1].commands)) == ["sorry"]


def test_row_89_given_an_agent_who_was_reserved_when_the_machine_is_taken_back_then_free_for_everybody_while_it_is_told() -> None:
    w = Machines().ready("a0")
    w.dials(voicemail=LEFT, reserved="a0")
    w.answers()
    w.hears()
    assert w.dialled().state is D.MACHINE and w.agent("a0").is_free and not w.agent("a0").reserved_for


# -- what somebody does with a call says more than a tone ---


def held(w: Machines) -> None:
    w.feed(ev.TalkAsked(at=w.at, agent="a0", what=TalkWish.HOLD))  # type: ignore[arg-type]


def dispositioned(w: Machines) -> None:
    w.asks("a0", Wish.DISPOSE, "sold")
    assert not w.decisions[-1].refused


@pytest.mark.parametrize("what", [held, dispositioned])
def test_row_89_given_a_talk_in_which_the_agent_has_done_something_when_a_tone_is_heard_then_it_goes_on(what: Any) -> None:
    w = Machines(dialling_rules(queue_dispositions={"sold": "1"})).ready("a0")
    w.dials()
    talked(w)
    what(w)
    w.hears()
    assert w.decisions[-1].late and w.dialled().state is D.TALKING and w.contact().owner is Owner.AGENT
    assert w.hung_up() == []


def test_row_86_given_who_was_abandoned_when_a_tone_is_heard_then_abandoned_all_the_same_and_the_tone_is_remembered() -> None:
    w = Machines()
    w.dials(voicemail=LEFT)
    w.answers()
    w.after(2)
    assert w.dialled().state is D.ABANDONED
    w.hears()
    assert (w.dialled().state, w.dialled().tone) == (D.ABANDONED, T.BEEP) and w.hung_up() == []
    w.after(90)
    w.far_ends()
    assert w.dialled().outcome is O.DIALER_ABANDON and w.dialled().abandoned_at is not None


# -- the message after the beep ---


def test_row_89_given_a_message_for_machines_when_the_beep_is_heard_then_it_is_told_after_it_and_then_hung_up() -> None:
    w = with_agent(voicemail=LEFT)
    w.hears()
    assert w.far() not in w.hung_up() and w.agent("a0").state is AgentState.READY
    w.feed(ev.LegParked(at=w.at, leg=w.far(), inbound=False))
    assert not w.decisions[-1].late
    w.after(BEFORE_MESSAGE_S / 2)
    assert not said([c for d in w.decisions for c in d.commands])
    w.after(BEFORE_MESSAGE_S)
    assert said(list(w.decisions[-1].commands)) == ["sorry"]
    w.feed(ev.PlayEnded(at=w.at, leg=w.far(), play=w.contact().frame.play))  # type: ignore[union-attr,arg-type]
    assert w.far() in w.hung_up()
    w.far_ends()
    assert w.dialled().outcome is O.MACHINE


def test_row_89_given_a_message_that_is_told_when_the_machine_hangs_up_then_a_machine_all_the_same() -> None:
    w = with_agent(voicemail=LEFT)
    w.hears()
    w.after(2)
    w.far_ends()
    assert w.dialled().outcome is O.MACHINE and not w.state.calls


def test_row_89_given_a_fax_with_a_message_for_machines_when_heard_also_after_a_beep_then_hung_up() -> None:
    w = with_agent(voicemail=LEFT)
    w.hears(T.FAX)
    assert w.far() in w.hung_up()
    w = with_agent(voicemail=LEFT)
    w.hears()
    w.after(2)
    w.hears(T.FAX)
    assert w.far() in w.hung_up()
    w.far_ends()
    assert w.dialled().outcome is O.FAX


def test_row_89_given_a_campaign_without_agents_when_the_beep_is_heard_then_its_flow_begins_again_and_is_whole_on_tape() -> None:
    w = Machines()
    w.dials(queue=None, flow=MESSAGE, voicemail=MESSAGE)
    w.answers()
    first = w.contact().frame.play  # type: ignore[union-attr]
    w.after(5)
    w.hears()
    assert w.asked(cm.StopPlay) and w.dialled().state is D.MACHINE
    w.feed(ev.PlayEnded(at=w.at, leg=w.far(), play=first, result="BREAK"))  # type: ignore[arg-type]
    assert w.far() not in w.hung_up()
    w.after(1)
    assert len(said([c for d in w.decisions for c in d.commands])) == 2
    w.feed(ev.PlayEnded(at=w.at, leg=w.far(), play=w.contact().frame.play))  # type: ignore[union-attr,arg-type]
    w.far_ends()
    assert w.dialled().outcome is O.MACHINE


def test_row_89_given_a_flow_whose_time_is_nearly_over_when_the_beep_is_heard_then_it_begins_again_all_the_same() -> None:
    w = Machines()
    w.dials(queue=None, flow=MESSAGE, voicemail=MESSAGE)
    w.answers()
    w.after(29.5)
    w.hears()
    w.after(BEFORE_MESSAGE_S)
    assert len(said([c for d in w.decisions for c in d.commands])) == 2 and w.hung_up() == []


def test_row_89_given_a_person_in_the_flow_who_is_led_to_an_agent_when_a_tone_is_heard_then_they_stay_in_line() -> None:
    w = Machines()
    w.ready("a0")
    w.dials(queue=None, flow=FlowId("queue.sales"))
    w.answers()
    assert w.contact().owner is Owner.QUEUE
    w.hears()
    assert w.decisions[-1].late and w.contact().owner is Owner.QUEUE


# -- restarts, and what is refused ---


def test_row_89_given_a_machine_that_is_about_to_be_told_when_the_controller_comes_back_then_it_is_told() -> None:
    w = with_agent(voicemail=LEFT)
    w.hears()
    restarted(w)
    w.after(3)
    assert not said([c for d in w.decisions for c in d.commands]), "nobody would carry it out"
    look(w, seen(w))
    w.after(3)
    assert said([c for d in w.decisions for c in d.commands]) == ["sorry"]


def test_given_a_message_for_machines_that_is_no_flow_when_asked_to_dial_then_refused_in_words() -> None:
    w = Machines()
    assert "no flow no.such" in w.dials(voicemail="no.such") and not w.called
