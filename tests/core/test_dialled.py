"""What a campaign dials, beside everybody else who wants the same agents (ACD.md 37, 86, 87, 90; FAULTS.md F10)."""

from dataclasses import replace
from itertools import product

import pytest

from acd.core import commands as cm
from acd.core import events as ev
from acd.core.call import Call
from acd.core.illegal import IllegalMove
from acd.core.lines.entry import Entry
from acd.core.media import Speech
from acd.core.offers.offer import Offer
from acd.core.outside.dialled_call import KEPT_S, MOVES, DialledCall, DialledState, DialOutcome
from acd.core.outside.outgoing import Outgoing
from acd.core.outside.seats import seats
from acd.core.state import State
from acd.words import AgentState, EntryKind, EntryOutcome, EntryState, OfferOutcome, Owner, QueueId, Wish
from tests.core.dialled_out import NUMBERS, DialledWorld, dialling_rules
from tests.core.world import FS

D, O = DialledState, DialOutcome


def said(commands: list[cm.Command]) -> list[str]:
    return [one.text for each in commands if isinstance(each, cm.Play) for one in each.media if isinstance(one, Speech)]


def talked(w: DialledWorld, attempt: str = "t1", agent: str = "a0") -> None:
    w.answers(attempt)
    w.picks_up(agent)
    w.is_bridged(agent)


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


def test_row_86_given_an_agents_phone_that_rings_when_the_time_is_over_then_it_stops_and_nobody_is_blamed() -> None:
    w = DialledWorld().ready("a0")
    w.dials()
    w.answers()
    w.rings("a0")
    ringing = w.offer("a0").leg
    w.after(2)
    assert w.dialled().state is D.ABANDONED and ringing in w.hung_up()
    assert [each.outcome for each in w.ended(Offer)] == [OfferOutcome.NOT_REACHED]
    assert w.agent("a0").state is AgentState.READY and not w.agent("a0").failures


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


# -- one arbiter ---


def busy_house(**rules: object) -> DialledWorld:
    """One agent, who talks."""
    w = DialledWorld(dialling_rules(1, **rules))  # type: ignore[arg-type]
    w.talks("first", "a0")
    return w


def freed(w: DialledWorld) -> str:
    """Whom the agent has next."""
    w.phone_ends("a0", "NORMAL_CLEARING")
    return w.offer("a0").call


def test_row_37_given_an_inbound_caller_of_equal_priority_when_a_dialled_one_has_answered_then_that_one_first() -> None:
    w = busy_house()
    w.arrives("c")
    w.dials()
    w.at += 20
    w.answers()
    assert freed(w) == w.contact().id


def test_row_37_given_an_inbound_caller_who_has_waited_for_a_point_when_a_dialled_one_has_answered_then_the_caller_first() -> None:
    w = busy_house(queue_ageing_s=60.0)
    w.arrives("c")
    w.at += 59
    w.dials()
    w.answers()
    assert freed(w) == "c"


@pytest.mark.parametrize("later_s", [0.0, 1.0, 1.99])
def test_row_37_given_an_inbound_caller_of_higher_priority_when_they_come_even_later_then_they_go_first(later_s: float) -> None:
    rules = dialling_rules(1, queues=("sales", "vip"))
    vip = replace(rules.queues[QueueId("vip")], priority=1)
    w = DialledWorld(replace(rules, queues={**rules.queues, vip.id: vip}))
    w.talks("first", "a0")
    w.dials()
    w.answers()
    w.at += later_s
    w.arrives("c", "2")
    assert freed(w) == "c"


def test_row_37_given_an_offer_to_an_inbound_caller_when_a_dialled_one_answers_then_it_is_not_taken_away() -> None:
    w = DialledWorld(dialling_rules(1)).ready("a0")
    w.dials(priority=50)
    w.arrives("c")
    w.answers()
    assert w.offer("a0").call == "c"
    w.after(2)
    assert w.offer("a0").call == "c" and w.dialled().state is D.ABANDONED


def test_row_37_given_dialled_calls_that_ring_when_somebody_calls_then_an_agent_is_theirs() -> None:
    """What a campaign expects to need blocks nobody."""
    w = DialledWorld(dialling_rules(1)).ready("a0")
    for n in range(5):
        w.dials(f"t{n}")
    w.arrives("c")
    assert w.offer("a0").call == "c"


def test_row_37_given_a_floor_when_the_campaign_looks_then_it_sees_who_is_free_and_since_when_the_others_are_not() -> None:
    w = DialledWorld(dialling_rules(5, queue_wrap_up_s=30.0)).ready("a0")
    w.arrives("x")
    w.picks_up("a0")
    w.is_bridged("a0")
    talks = w.at
    w.ready("a1")
    w.arrives("y")
    offered = w.at
    w.ready("a2", "a3")
    w.dials("t1")
    dialled = w.at
    w.at += 3
    w.dials("t2")
    w.far_rings("t2")
    rings = w.at
    found = seats(w.state, QueueId("sales"))
    assert (found.free, found.talking, found.offered, found.wrap_up) == (2, (talks,), (offered,), ())
    assert (found.dialling, found.ringing, found.answered, found.callers) == ((dialled,), (rings,), (), 1)
    w.asks("a2", Wish.NOT_READY)
    w.asks("a3", Wish.NOT_READY)
    w.answers("t2")
    w.phone_ends("a0", "NORMAL_CLEARING")
    found = seats(w.state, QueueId("sales"))
    assert (found.free, found.wrap_up, found.answered, found.ringing, found.callers) == (0, (w.at,), (w.at,), (), 1)
    assert seats(w.state, QueueId("other")).free == 0


# -- restarts ---


def restarted(w: DialledWorld) -> DialledWorld:
    """Every record as it was remembered; nothing is decided again."""
    fresh = State(w.state.policy, w.state.flows)
    for decision in w.decisions:
        for record in decision.changes:
            fresh.put(record)
    assert list(fresh.due) == list(w.state.due) and fresh.dialled_of_leg == w.state.dialled_of_leg
    w.state = fresh
    w.feed(ev.NodeLost(at=w.at, node=FS))
    return w


def look(w: DialledWorld, *channels: ev.ChannelSeen) -> None:
    w.at += 10
    w.feed(ev.SnapshotTaken(at=w.at, node=FS, asked_at=w.at, channels=channels))


def seen(w: DialledWorld, attempt: str = "t1", **more: object) -> ev.ChannelSeen:
    how = {"inbound": False, "answered": True, "playing": False, "marks": {"out": attempt}} | more
    return ev.ChannelSeen(leg=w.far(attempt), **how)  # type: ignore[arg-type]


def test_f10_given_a_kill_after_the_dial_when_back_and_the_phone_still_rings_then_it_rings_on_and_nobody_is_dialled_twice() -> None:
    w = DialledWorld().ready("a0")
    w.dials()
    restarted(w)
    look(w, seen(w, answered=False))
    assert w.dialled().state is D.DIALLING and w.hung_up() == []
    assert "already" in w.dials() and w.called == [NUMBERS[1]]
    talked(w)
    assert w.dialled().state is D.TALKING


def test_f10_given_a_kill_before_the_command_was_sent_when_back_then_lost_and_not_dialled_again() -> None:
    w = DialledWorld()
    w.dials()
    restarted(w)
    look(w)
    assert w.dialled().outcome is O.LOST and not w.state.outgoing
    assert "already" in w.dials() and w.called == [NUMBERS[1]]


def test_f10_given_a_person_who_answered_while_we_were_away_when_back_then_a_free_agent_or_the_message() -> None:
    w = DialledWorld()
    w.dials()
    w.far_rings()
    restarted(w)
    look(w, seen(w))
    assert w.dialled().state is D.ANSWERED
    w.after(2)
    assert w.dialled().state is D.ABANDONED and said(list(w.decisions[-1].commands)) == ["sorry"]


def test_f10_given_a_kill_while_a_person_waits_when_back_too_late_then_the_message_at_once_and_counted() -> None:
    w = DialledWorld()
    w.dials()
    w.answers()
    restarted(w)
    look(w, seen(w, playing=True))
    w.after(0)
    assert w.dialled().state is D.ABANDONED
    assert [each.outcome for each in w.ended(Entry)] == [EntryOutcome.DIALER_ABANDON]


def test_f10_given_a_kill_in_the_talk_when_back_then_it_goes_on() -> None:
    w = DialledWorld().ready("a0")
    w.dials()
    talked(w)
    agent = w.offer("a0").leg
    restarted(w)
    look(w, seen(w, bridged_to=agent), ev.ChannelSeen(leg=agent, inbound=False, answered=True, bridged_to=w.far()))
    assert w.dialled().state is D.TALKING and w.contact().owner is Owner.AGENT
    w.far_ends()
    assert w.dialled().outcome is O.TALKED


def test_f10_given_a_kill_in_the_message_when_back_and_the_leg_is_gone_then_it_is_counted_as_abandoned() -> None:
    w = DialledWorld()
    w.dials()
    w.answers()
    w.after(2)
    restarted(w)
    look(w)
    assert (w.dialled().outcome, w.dialled().cause) == (O.DIALER_ABANDON, "LOST")


def test_f18_given_an_end_that_is_told_twice_when_it_is_over_then_it_is_late() -> None:
    w = DialledWorld()
    w.dials()
    far = w.far()
    w.far_ends(cause="USER_BUSY")
    for event in (ev.LegEnded(at=w.at, leg=far, cause="USER_BUSY"), ev.LegAnswered(at=w.at, leg=far), ev.LegRinging(at=w.at, leg=far)):
        w.feed(event)
        assert w.decisions[-1].late


def test_given_a_house_whose_queue_leaves_the_configuration_when_a_person_waits_then_the_message() -> None:
    w = DialledWorld()
    w.dials()
    w.answers()
    w.state.policy.queues.clear()  # type: ignore[attr-defined]
    w.feed(ev.PolicyChanged(at=w.at))
    assert w.dialled().state is D.ABANDONED


@pytest.mark.parametrize("answered", [True, False])
def test_row_52_given_a_queue_that_is_replaced_when_somebody_is_dialled_for_it_then_the_new_one_has_them(
    answered: bool,
) -> None:
    w = DialledWorld()
    w.dials()
    if answered:
        w.answers()
    w.after(1)
    rules = dialling_rules(2, queues=("support",))
    w.state.policy = replace(rules, moved={QueueId("sales"): QueueId("support")})
    w.feed(ev.PolicyChanged(at=w.at))
    if not answered:
        w.answers()
    entry = w.state.entries[w.contact().entry]  # type: ignore[index]
    assert (entry.queue, entry.kind) == ("support", EntryKind.DIALLED)
    w.after(1 if answered else 2)
    assert w.dialled().state is D.ABANDONED


@pytest.mark.parametrize(("was", "to"), list(product(DialledState, DialledState)))
def test_given_a_dialled_call_when_moved_then_only_as_its_table_allows(was: DialledState, to: DialledState) -> None:
    record = DialledCall(id="t", queue=QueueId("q"), number="1", at=0.0, state=was)
    if to in MOVES[was]:
        assert record.move(to).state is to
    else:
        with pytest.raises(IllegalMove):
            record.move(to)
