"""What a campaign dials, beside everybody else who wants the same agents (ACD.md 37, 86, 87, 90; FAULTS.md F10)."""


import pytest

from acd.core import commands as cm
from acd.core import events as ev
from acd.core.outside.dialled_call import KEPT_S, DialledCall, DialledState, DialOutcome
from acd.core.outside.outgoing import Outgoing
from acd.core.outside.seats import seats
from acd.words import QueueId, Wish
from tests.core.dialled_out import NUMBERS, DialledWorld, dialling_rules, talked

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
