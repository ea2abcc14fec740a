"""What a campaign dials, beside everybody else who wants the same agents (ACD.md 37, 86, 87, 90; FAULTS.md F10)."""

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
from acd.core.outside.dialled_call import KEPT_S, DialledCall, DialledState, DialOutcome
from acd.core.outside.outgoing import Outgoing
from acd.core.outside.seats import seats
from acd.words import AgentId, AgentState, EntryKind, EntryOutcome, EntryState, FlowId, OfferOutcome, Owner, QueueId, Wish, WrapUpMode
from tests.core.dialled_out import NUMBERS, DialledWorld, dialling_rules, said, talked
from tests.core.world import Flows

D, O = DialledState, DialOutcome


# -- dialled ---


def test_given_a_campaign_that_asks_when_let_out_then_dialled_once_and_the_record_is_remembered_before_the_command() -> None:
    w = DialledWorld()
    assert w.dials(campaign="winter", tags={"lead": "7"}) == ""
    decision = w.decisions[-1]
    assert [type(each) for each in decision.commands] == [cm.CallOut]
    kept = {type(each): each for each in decision.changes}
    assert kept[DialledCall].leg == kept[Outgoing].leg == decision.commands[0].leg
    assert (kept[Outgoing].reason, kept[Outgoing].id, kept[Outgoing].shown) == ("campaign", "t1", "+493099")
    assert not w.state.calls, "nobody is a contact before they answer"


def test_row_91_given_an_attempt_that_was_dialled_when_asked_for_again_then_refused_also_after_its_end() -> None:
    w = DialledWorld()
    w.dials()
    assert "already" in w.dials()
    w.far_ends(cause="USER_BUSY")
    w.after(KEPT_S - 1)
    assert "already" in w.dials()
    assert w.called == [NUMBERS[1]]
    w.after(2)
    assert not w.state.dialled


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ({"queue": QueueId("nowhere")}, "no queue nowhere"),
        ({"queue": None}, "for a queue or for a flow"),
        ({"flow": "message.hello"}, "for a queue or for a flow"),
        ({"queue": None, "flow": "no.such"}, "no flow no.such"),
        ({"attempt": "t 1"}, "an attempt's id"),
        ({"attempt": ""}, "an attempt's id"),
        ({"message": "no.such"}, "no flow no.such"),
        ({"answer_s": 0.0}, "answer_s"),
        ({"ring_s": 9999.0}, "ring_s"),
        ({"node": "other"}, "other is not reachable"),
    ],
)
def test_given_a_wish_that_makes_no_sense_when_asked_then_refused_in_words_and_nothing_is_dialled(
    how: dict[str, object], why: str
) -> None:
    w = DialledWorld()
    refused = w.dials(**({"number": NUMBERS[1]} | how))  # type: ignore[arg-type]
    assert why in refused and not w.called and not w.state.dialled


@pytest.mark.parametrize(
    ("number", "gate", "rule"),
    [
        ("112", {"emergency_trunk": "carrier", "emergency_from_flows": True}, "emergency"),
        ("nonsense", {}, "not_a_number"),
        (NUMBERS[1], {"per_number": 0}, "number_limit"),
        (NUMBERS[1], {"blocked": ("+4930",)}, "blocked"),
    ],
)
def test_s01_given_a_number_that_may_not_leave_when_a_campaign_asks_then_refused_with_the_rule(
    number: str, gate: dict[str, object], rule: str
) -> None:
    """FAULTS.md S01; and no campaign dials an emergency number, whatever flows may do."""
    w = DialledWorld(dialling_rules(gate=gate))
    assert w.dials(number=number).startswith(rule)
    assert not w.called and (w.dialled().outcome, w.dialled().refused) == (O.REFUSED, rule)
    assert [(each.refused, each.reason) for each in w.ended(Outgoing)] == [(rule, "campaign")]


# -- the ringing, and how it ends ---


@pytest.mark.parametrize(
    ("cause", "rang", "outcome"),
    [
        ("USER_BUSY", False, O.BUSY),
        ("NO_ANSWER", True, O.NO_ANSWER),
        ("CALL_REJECTED", True, O.REJECTED),
        ("UNALLOCATED_NUMBER", False, O.INVALID),
        ("NO_ROUTE_DESTINATION", False, O.INVALID),
        ("NORMAL_CIRCUIT_CONGESTION", False, O.CONGESTION),
        ("GATEWAY_DOWN", False, O.CONGESTION),
        ("RECOVERY_ON_TIMER_EXPIRE", False, O.CONGESTION),
        ("RECOVERY_ON_TIMER_EXPIRE", True, O.NO_ANSWER),
        ("LOST", True, O.LOST),
        ("SWITCH_CRASH", False, O.LOST),
        ("SOMETHING_NEW", True, O.FAILED),
    ],
)
def test_given_a_phone_that_was_not_answered_when_it_ends_then_the_outcome_and_the_switchs_own_word(
    cause: str, rang: bool, outcome: DialOutcome
) -> None:
    w = DialledWorld()
    w.dials()
    if rang:
        w.far_rings()
    w.far_ends(cause=cause, sip_status=480)
    assert (w.dialled().outcome, w.dialled().cause, w.dialled().sip_status) == (outcome, cause, 480)
    assert not w.state.outgoing and not w.state.calls


def test_row_90_given_a_phone_that_rings_late_when_nobody_answers_then_it_has_rung_for_as_long_as_it_should() -> None:
    w = DialledWorld()
    w.dials(ring_s=20.0)
    assert next(c.timeout_s for d in w.decisions for c in d.commands if isinstance(c, cm.CallOut)) == 30, "the switch waits"
    w.after(8)
    w.far_rings()
    w.after(19.9)
    assert w.hung_up() == []
    w.after(0.2)
    assert w.hung_up() == [w.far()]
    w.far_ends(cause="ORIGINATOR_CANCEL")
    assert w.dialled().outcome is O.NO_ANSWER


def test_row_90_given_a_campaign_that_wants_less_than_the_least_when_it_rings_then_the_least() -> None:
    w = DialledWorld()
    w.dials(ring_s=5.0)
    w.far_rings()
    w.after(14.9)
    assert w.hung_up() == []
    w.after(0.2)
    assert w.hung_up() == [w.far()]


@pytest.mark.parametrize("rings", [True, False])
def test_row_90_given_a_phone_that_rings_when_the_campaign_drops_it_then_not_before_its_least(rings: bool) -> None:
    w = DialledWorld()
    w.dials()
    if rings:
        w.far_rings()
    w.after(6)
    assert w.drops() == "" and w.hung_up() == []
    w.after(8.9)
    assert w.hung_up() == []
    w.after(0.2)
    assert w.hung_up() == [w.far()]
    w.far_ends(cause="ORIGINATOR_CANCEL")
    assert w.dialled().outcome is O.DROPPED


def test_row_90_given_a_phone_that_rings_late_when_dropped_then_its_least_counts_from_the_ringing() -> None:
    w = DialledWorld()
    w.dials()
    w.after(5)
    w.far_rings()
    w.after(1)
    w.drops()
    w.after(13.9)
    assert w.hung_up() == []
    w.after(0.2)
    assert w.hung_up() == [w.far()]


def test_f18_given_a_ringing_that_is_told_after_we_gave_up_when_the_leg_still_stands_then_its_end_is_asked_for_again() -> None:
    w = DialledWorld()
    w.dials(ring_s=20.0)
    w.after(35)
    assert w.hung_up() == [w.far()]
    w.far_rings()
    w.after(5)
    assert w.hung_up() == [w.far()] * 2


def test_row_86_given_a_leg_that_parks_late_when_a_person_waits_then_their_time_counts_from_the_answer() -> None:
    w = DialledWorld()
    w.dials()
    w.feed(ev.LegAnswered(at=w.at, leg=w.far()))
    w.after(0.75)
    w.feed(ev.LegParked(at=w.at, leg=w.far(), inbound=False))
    w.after(1.25)
    assert w.dialled().state is D.ABANDONED


def test_row_37_given_an_agent_who_goes_away_after_this_talk_when_the_campaign_looks_then_not_counted_on() -> None:
    w = DialledWorld().ready("a0")
    w.arrives("x")
    w.picks_up("a0")
    w.is_bridged("a0")
    w.asks("a0", Wish.LOG_OUT)
    found = seats(w.state, QueueId("sales"))
    assert (found.free, found.talking, found.wrap_up) == (0, (), ())


def test_row_90_given_a_dropped_call_that_is_answered_in_its_least_when_parked_then_an_agent_has_it() -> None:
    w = DialledWorld().ready("a0")
    w.dials()
    w.far_rings()
    w.drops()
    w.after(10)
    talked(w)
    assert w.dialled().state is D.TALKING
    assert "answered" in w.drops()


def test_row_86_given_a_pick_up_at_the_moment_of_giving_up_when_the_switch_ends_it_then_it_counts_as_abandoned() -> None:
    w = DialledWorld().ready("a0")
    w.dials(ring_s=15.0)
    w.far_rings()
    w.after(15)
    w.answers()
    assert w.rung() == [] and w.hung_up() == [w.far()] * 2
    w.far_ends()
    assert (w.dialled().outcome, w.dialled().answered_at is not None) == (O.DIALER_ABANDON, True)


# -- a person is there ---


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


# -- with no agent ---


def told(w: DialledWorld, flow: str = "message.hello") -> DialledWorld:
    assert w.dials(queue=None, flow=FlowId(flow), message=None) == ""
    w.answers()
    return w


def test_given_a_flow_in_place_of_a_queue_when_a_person_answers_then_they_hear_it_at_once_and_no_agent_is_asked() -> None:
    w = DialledWorld().ready("a0")
    w.dials(queue=None, flow=FlowId("message.hello"), message=None)
    assert said(w.answers()) == ["sorry"]
    assert (w.dialled().state, w.contact().owner, w.dialled().call) == (D.TOLD, Owner.FLOW, w.contact().id)
    assert not w.state.entries and w.agent("a0").state is AgentState.READY
    assert seats(w.state, QueueId("sales")).answered == ()


def test_given_the_flow_of_a_campaign_without_agents_when_it_is_over_then_done_and_not_talked() -> None:
    w = told(DialledWorld())
    w.feed(ev.PlayEnded(at=w.at + 4, leg=w.far(), play=w.contact().frame.play))  # type: ignore[union-attr,arg-type]
    assert w.hung_up() == [w.far()]
    w.far_ends()
    assert (w.dialled().outcome, w.dialled().bridged_at, w.dialled().abandoned_at) == (O.DONE, None, None)


@pytest.mark.parametrize(("cause", "outcome"), [("NORMAL_CLEARING", O.HUNG_UP), ("LOST", O.LOST)])
def test_given_the_flow_of_a_campaign_without_agents_when_they_are_gone_in_it_then_not_done(cause: str, outcome: DialOutcome) -> None:
    w = told(DialledWorld())
    w.far_ends(cause=cause)
    assert (w.dialled().outcome, w.state.calls) == (outcome, {})


def test_given_a_flow_that_is_taken_out_while_it_rings_when_a_person_answers_then_failed_and_not_done() -> None:
    w = DialledWorld()
    w.dials(queue=None, flow=FlowId("message.hello"), message=None)
    w.state.flows = Flows()
    w.answers()
    w.far_ends()
    assert w.dialled().outcome is O.FAILED


def test_row_94_given_the_flow_of_a_campaign_without_agents_when_they_want_no_more_calls_then_it_is_known() -> None:
    w = told(DialledWorld())
    w.feed(ev.DigitPressed(at=w.at, leg=w.far(), digit="9"))
    assert (w.dialled().opted_out_at, w.dialled().state) == (w.at, D.TOLD)


def test_given_a_flow_that_leads_to_a_queue_when_an_agent_takes_them_then_talked() -> None:
    w = told(DialledWorld().ready("a0"), "queue.sales")
    w.picks_up("a0")
    w.is_bridged("a0")
    assert (w.dialled().state, w.dialled().agent) == (D.TALKING, "a0")
    w.far_ends()
    assert w.dialled().outcome is O.TALKED


# -- what came of it ---


def disposing_world(**rules: object) -> DialledWorld:
    said_ = {"queue_dispositions": {"sold": "1", "later": "2"}, "queue_wrap_up_mode": WrapUpMode.MANDATORY, **rules}
    w = DialledWorld(dialling_rules(1, queue_wrap_up_s=20.0, **said_)).ready("a0")
    w.dials()
    talked(w)
    return w.after(30)  # type: ignore[return-value]


def test_row_39_given_a_talk_with_somebody_dialled_when_the_agent_says_what_came_of_it_then_the_dialled_call_has_it() -> None:
    w = disposing_world()
    assert w.asks("a0", Wish.DISPOSE, "2") == ""
    assert (w.dialled().state, w.dialled().disposition, w.dialled().disposed_by) == (D.TALKING, "later", "a0")
    w.far_ends()
    assert (w.dialled().outcome, w.dialled().disposition, w.dialled().is_told_after) == (O.TALKED, "later", False)


def test_row_39_given_a_call_that_is_over_when_the_agent_says_what_came_of_it_then_the_dialled_call_has_it_and_ends_once() -> None:
    w = disposing_world()
    w.far_ends()
    assert w.dialled().disposition == ""
    w.after(5)
    w.asks("a0", Wish.DISPOSE, "sold")
    assert (w.dialled().disposition, w.dialled().disposed_at, w.dialled().is_told_after) == ("sold", w.at, True)
    w.after(KEPT_S - 1)
    assert w.state.dialled
    w.after(2)
    assert not w.state.dialled


def test_row_39_given_a_wrap_up_that_lasts_for_long_when_the_call_would_be_forgotten_then_not_before_the_word() -> None:
    w = disposing_world(queue_wrap_up_limit_s=3600.0)
    w.far_ends()
    w.after(KEPT_S + 100)
    assert w.asks("a0", Wish.DISPOSE, "later") == "" and w.dialled().disposition == "later"
    w.after(KEPT_S + 1)
    assert not w.state.dialled


def test_row_39_given_a_wrap_up_when_it_ends_without_a_word_then_the_dialled_call_is_forgotten_all_the_same() -> None:
    w = disposing_world(queue_wrap_up_limit_s=700.0)
    w.far_ends()
    w.after(700 + KEPT_S)
    assert not w.state.dialled


# -- and when they are called again ---

TIMED = {"sold": "1", "call_back": "2", "soon": "3", "odd": "2*1"}


def calling_back(*, over: bool = False) -> DialledWorld:
    """``call_back`` needs a time, ``soon`` is in two hours where none is said."""
    said_ = {"queue_dispositions": TIMED, "queue_wrap_up_mode": WrapUpMode.MANDATORY}
    w = DialledWorld(dialling_rules(1, queue_wrap_up_s=20.0, **said_)).ready("a0")
    w.dials(callbacks={"call_back": 0.0, "soon": 7200.0})
    talked(w)
    w.after(30)
    if over:
        w.far_ends()
    return w


@pytest.mark.parametrize("over", [False, True])
@pytest.mark.parametrize(
    ("said", "name", "after_s"),
    [("2*3", "call_back", 10_800.0), ("soon", "soon", 7200.0), ("3*12", "soon", 43_200.0), ("1", "sold", None), ("2*1", "odd", None)],
)
def test_row_39_given_a_disposition_with_a_time_when_said_by_its_digits_then_the_time_is_known(
    said: str, name: str, after_s: float | None, over: bool
) -> None:
    w = calling_back(over=over)
    assert w.asks("a0", Wish.DISPOSE, said) == ""
    assert (w.dialled().disposition, w.dialled().call_at) == (name, None if after_s is None else w.at + after_s)


def test_row_39_given_a_disposition_with_a_time_when_said_by_command_then_at_that_time() -> None:
    w = calling_back()
    assert w.asks("a0", Wish.DISPOSE, "call_back", call_at=w.at + 90_000) == "" and w.dialled().call_at == w.at + 90_000
    assert w.asks("a0", Wish.DISPOSE, "sold") == "" and w.dialled().call_at is None, "another word takes the time along"


@pytest.mark.parametrize("over", [False, True])
@pytest.mark.parametrize(
    ("said", "call_at", "why"),
    [
        ("2", None, "call_back needs a time: by phone its code, * and in how many hours, or by command --at"),
        ("2", -1.0, "that time is over"),
        ("1*2", None, "sold takes no time"),
        ("sold", 600.0, "sold takes no time"),
        ("2*", None, "no disposition is called '2*'"),
        ("2*0", None, "no disposition is called '2*0'"),
        ("*2", None, "no disposition is called '*2'"),
        ("2*1234", None, "no disposition is called '2*1234'"),
    ],
)
def test_row_39_given_a_time_that_nobody_can_know_or_that_means_nothing_when_said_then_refused_and_nothing_is_kept(
    said: str, call_at: float | None, why: str, over: bool
) -> None:
    w = calling_back(over=over)
    refused = w.asks("a0", Wish.DISPOSE, said, call_at=None if call_at is None else w.at + call_at)
    assert refused.startswith(why) and w.dialled().disposition == "" and (over is False or bool(w.state.wrap_ups))


def test_row_39_given_a_caller_whom_nobody_dialled_when_a_time_is_said_then_refused_for_nobody_would_call() -> None:
    said_ = {"queue_dispositions": TIMED, "queue_wrap_up_mode": WrapUpMode.MANDATORY}
    w = DialledWorld(dialling_rules(1, queue_wrap_up_s=20.0, **said_)).ready("a0")
    w.arrives("c1")
    w.picks_up("a0")
    w.is_bridged("a0")
    assert w.asks("a0", Wish.DISPOSE, "2*3") == "call_back takes no time" and w.asks("a0", Wish.DISPOSE, "2") == ""
