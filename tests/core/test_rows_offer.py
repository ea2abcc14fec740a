"""ACD.md rows 9-23: the agent's side of an offer. Only an unanswered ring is ever held against an agent."""

import pytest

from acd.core import events as ev
from acd.core.commands import Bridge, Dismiss, HangUp, Play, Ring
from acd.core.lines.entry import Entry
from acd.core.offers.offer import Offer
from acd.words import AgentState, EntryState, OfferOutcome, Wish
from tests.core.test_rows_caller import ringing
from tests.core.world import FS, World, leg, policy

A, O = AgentState, OfferOutcome


def test_row_9_given_a_ring_that_nobody_answers_when_it_times_out_then_next_agent_and_the_place_is_kept() -> None:
    world = World().ready("a0", "a1")
    world.arrives("c")
    world.rings("a0")
    joined = world.entry("c").since
    world.after(15)
    assert world.rung() == ["1000", "1001"]
    assert (world.agent("a0").state, world.agent("a0").reason) == (A.NOT_READY, "rna")
    assert world.entry("c").since == joined and world.ended(Offer)[0].outcome is O.NO_ANSWER


def test_row_9_given_three_misses_allowed_when_one_is_missed_then_still_ready_and_the_count_is_cleared_by_an_answer() -> None:
    world = World(policy(max_missed=3)).ready("a0")
    world.arrives("c")
    world.rings("a0")
    world.after(15)
    assert (world.agent("a0").state, world.agent("a0").missed) == (A.READY, 1)
    world.after(5)
    world.rings("a0")
    world.picks_up("a0")
    world.is_bridged("a0")
    assert world.agent("a0").missed == 0


def test_row_9_given_an_agent_made_not_ready_by_rna_when_asking_for_ready_then_back_with_a_clean_count() -> None:
    world = ringing()
    world.after(15)
    assert world.asks("a0", Wish.READY) == ""
    assert (world.agent("a0").state, world.agent("a0").missed) == (A.READY, 0)
    world.after(5)
    assert world.agent("a0").state is A.OFFERED


def test_f31_given_a_phone_that_never_said_it_rang_when_it_times_out_then_the_device_is_blamed_not_the_agent() -> None:
    world = World().ready("a0")
    world.arrives("c")
    world.after(15)
    assert (world.agent("a0").reason, world.agent("a0").missed) == ("device_down", 0)
    assert world.ended(Offer)[0].outcome is O.DEVICE_DOWN


CAUSES = [
    (10, "USER_BUSY", 486, O.BUSY, A.READY, ""),
    (11, "CALL_REJECTED", 603, O.DECLINED, A.READY, ""),
    (12, "USER_NOT_REGISTERED", 0, O.DEVICE_DOWN, A.NOT_READY, "device_down"),
    (12, "NO_USER_RESPONSE", 480, O.DEVICE_DOWN, A.NOT_READY, "device_down"),
    (12, "UNALLOCATED_NUMBER", 404, O.DEVICE_DOWN, A.NOT_READY, "device_down"),
    (12, "RECOVERY_ON_TIMER_EXPIRE", 408, O.DEVICE_DOWN, A.NOT_READY, "device_down"),
    (13, "NORMAL_TEMPORARY_FAILURE", 503, O.NETWORK_ERROR, A.READY, ""),
    (13, "SOMETHING_NEW", 0, O.NETWORK_ERROR, A.READY, ""),
    (14, "NORMAL_UNSPECIFIED", 302, O.FORWARDED, A.NOT_READY, "forwarded"),
]


@pytest.mark.parametrize(("row", "cause", "status", "outcome", "state", "reason"), CAUSES)
def test_rows_10_to_14_given_a_phone_that_fails_then_that_outcome_and_no_blame(
    row: int, cause: str, status: int, outcome: OfferOutcome, state: AgentState, reason: str
) -> None:
    world = ringing()
    world.phone_ends("a0", cause, status)
    agent = world.agent("a0")
    assert (world.ended(Offer)[0].outcome, agent.state, agent.reason, agent.missed) == (outcome, state, reason, 0), row
    assert world.entry("c").state is EntryState.WAITING


def test_row_10_given_a_busy_phone_when_callers_wait_then_left_in_peace_for_a_while_and_then_rung_again() -> None:
    world = World(policy(busy_rest_s=10.0, queue_retry_s=1.0)).ready("a0")
    world.arrives("c")
    world.rings("a0")
    world.phone_ends("a0", "USER_BUSY", 486)
    world.arrives("d")
    assert world.rung() == ["1000"]
    world.after(9.9)
    assert world.rung() == ["1000"]
    world.after(0.2)
    assert world.rung() == ["1000", "1000"]


def test_row_11_given_a_decline_when_others_are_staffed_then_not_the_same_contact_again_but_others_at_once() -> None:
    world = World().ready("a0", "a1")
    world.arrives("c")
    world.rings("a0")
    world.phone_ends("a0", "CALL_REJECTED", 603)
    assert world.rung() == ["1000", "1001"]
    world.arrives("d")
    assert world.rung()[-1] == "1000", "another contact is offered to that agent at once"


def test_row_11_and_35_given_the_sole_agent_declines_when_waiting_then_asked_again_soon_but_not_in_a_loop() -> None:
    world = ringing()
    world.phone_ends("a0", "CALL_REJECTED", 603)
    assert world.rung() == ["1000"]
    world.after(4.9)
    assert world.rung() == ["1000"]
    world.after(0.2)
    assert world.rung() == ["1000", "1000"]


def test_row_12_given_a_device_down_when_it_registers_again_then_ready_by_itself_with_the_old_idle_time() -> None:
    world = World().ready("a0")
    idle_since = world.agent("a0").idle_since
    world.feed(ev.PhoneUnregistered(at=world.at, node=FS, phone="1000"))  # type: ignore[arg-type]
    assert world.agent("a0").reason == "device_down"
    world.arrives("c")
    assert world.rung() == [], "no offer at all when it is known"
    world.feed(ev.PhoneRegistered(at=world.at + 5, node=FS, phone="1000"))  # type: ignore[arg-type]
    assert world.rung() == ["1000"] and world.agent("a0").idle_since == idle_since


def test_row_12_given_a_lunch_break_when_the_phone_comes_back_then_lunch_goes_on() -> None:
    world = World().ready("a0")
    world.asks("a0", Wish.NOT_READY, "lunch")
    world.feed(ev.PhoneUnregistered(at=world.at, node=FS, phone="1000"))  # type: ignore[arg-type]
    world.feed(ev.PhoneRegistered(at=world.at, node=FS, phone="1000"))  # type: ignore[arg-type]
    assert (world.agent("a0").state, world.agent("a0").reason) == (A.NOT_READY, "lunch")


def test_row_15_given_early_media_when_the_phone_only_rings_then_not_an_answer() -> None:
    world = ringing()
    commands = world.feed(ev.LegRinging(at=world.at, leg=world.offer("a0").leg))
    assert commands == [] and world.offer("a0").answered_at is None


@pytest.mark.parametrize(("wish", "state"), [(Wish.LOG_OUT, A.LOGGED_OUT), (Wish.NOT_READY, A.NOT_READY)])
def test_row_16_given_a_ringing_agent_when_leaving_then_the_caller_goes_to_the_next_and_it_is_no_miss(
    wish: Wish, state: AgentState
) -> None:
    world = World().ready("a0", "a1")
    world.arrives("c")
    agent_leg = world.offer("a0").leg
    world.asks("a0", wish)
    assert HangUp(leg=agent_leg) in [c for d in world.decisions for c in d.commands]
    assert world.agent("a0").state is state and world.agent("a0").missed == 0
    assert world.ended(Offer)[0].outcome is O.AGENT_LEFT and world.rung() == ["1000", "1001"]


def test_row_17_given_a_talk_when_not_ready_is_asked_for_then_applied_after_wrap_up_and_the_call_is_untouched() -> None:
    world = World().talks("c", "a0")
    assert world.asks("a0", Wish.NOT_READY, "lunch") == ""
    assert world.agent("a0").state is A.TALKING and world.agent("a0").pending is Wish.NOT_READY
    world.hangs_up("c")
    assert world.agent("a0").state is A.WRAP_UP
    world.after(10)
    assert (world.agent("a0").state, world.agent("a0").reason, world.agent("a0").pending) == (A.NOT_READY, "lunch", None)


def test_row_17_given_a_pending_break_when_ready_is_asked_for_then_the_break_is_forgotten() -> None:
    world = World().talks("c", "a0")
    world.asks("a0", Wish.NOT_READY, "lunch")
    world.asks("a0", Wish.READY)
    world.hangs_up("c")
    world.after(10)
    assert world.agent("a0").state is A.READY


def test_row_18_given_an_agent_who_picks_up_and_drops_then_the_caller_is_offered_on_with_the_old_place() -> None:
    world = World().ready("a0", "a1")
    world.arrives("c")
    since = world.entry("c").since
    world.picks_up("a0")
    commands = world.phone_ends("a0", "NORMAL_CLEARING")
    assert world.ended(Offer)[0].outcome is O.DUMPED
    assert [c.phone for c in commands if isinstance(c, Ring)] == ["1001"] and world.entry("c").since == since
    assert [c for c in commands if isinstance(c, Play)], "music again: the bridge may have cut it"


def test_row_19_given_a_bridge_that_fails_then_the_caller_stays_in_the_line_and_the_agent_is_not_blamed() -> None:
    world = World().ready("a0")
    world.arrives("c")
    world.picks_up("a0")
    agent_leg = world.offer("a0").leg
    assert world.feed(ev.BridgeFailed(at=world.at, leg=leg("c"), other=agent_leg, why="-ERR")) == []
    world.after(0.5)
    commands = [command for decision in world.decisions for command in decision.commands]
    assert HangUp(leg=agent_leg) in commands and world.entry("c").state is EntryState.WAITING
    assert (world.agent("a0").state, world.agent("a0").missed) == (A.READY, 0)
    assert world.ended(Offer)[0].outcome is O.BRIDGE_FAILED


def test_row_3_given_a_bridge_refused_because_the_caller_left_when_their_end_follows_then_caller_gone_at_answer() -> None:
    world = World().ready("a0")
    world.arrives("c")
    world.picks_up("a0")
    agent_leg = world.offer("a0").leg
    world.feed(ev.BridgeFailed(at=world.at, leg=leg("c"), other=agent_leg, why="Invalid uuid"))
    world.after(0.3)
    commands = world.hangs_up("c")
    assert [offer.outcome for offer in world.ended(Offer)] == [O.CALLER_GONE_AT_ANSWER]
    assert Dismiss(leg=agent_leg) in commands and world.agent("a0").state is A.READY


def test_row_19_given_a_bridge_refused_again_when_the_first_moment_is_over_then_failed_and_not_put_off() -> None:
    world = World().ready("a0")
    world.arrives("c")
    world.picks_up("a0")
    for _ in range(2):
        world.feed(ev.BridgeFailed(at=world.at, leg=leg("c"), other=world.offer("a0").leg, why="-ERR"))
        world.after(0.3)
    assert [offer.outcome for offer in world.ended(Offer)] == [O.BRIDGE_FAILED]


def test_row_18_given_a_bridge_refused_because_the_agent_left_when_their_end_follows_then_dumped() -> None:
    world = World().ready("a0")
    world.arrives("c")
    world.picks_up("a0")
    world.feed(ev.BridgeFailed(at=world.at, leg=leg("c"), other=world.offer("a0").leg, why="Invalid uuid"))
    world.phone_ends("a0", "NORMAL_CLEARING")
    assert world.ended(Offer)[0].outcome is O.DUMPED and world.entry("c").is_live


def switch_ends(world: World, who: str) -> None:
    """The agent's leg, by no doing of the phone."""
    world.feed(ev.LegEnded(at=world.at, leg=world.offer(who).leg, cause="NORMAL_CLEARING", by_far_end=False))


def test_row_3_given_the_switch_ends_the_agents_leg_when_the_callers_end_follows_then_caller_gone_and_nobody_dumped_them() -> None:
    world = World().ready("a0")
    world.arrives("c")
    world.picks_up("a0")
    switch_ends(world, "a0")
    world.after(0.2)
    world.hangs_up("c")
    assert [offer.outcome for offer in world.ended(Offer)] == [O.CALLER_GONE_AT_ANSWER]
    assert (world.agent("a0").state, dict(world.agent("a0").failures)) == (A.READY, {})


def test_row_19_given_the_switch_ends_the_agents_leg_when_the_caller_is_still_there_then_the_line_again_and_nobody_is_blamed() -> None:
    world = World().ready("a0")
    world.arrives("c")
    since = world.entry("c").since
    world.picks_up("a0")
    switch_ends(world, "a0")
    world.after(0.5)
    assert [offer.outcome for offer in world.ended(Offer)] == [O.BRIDGE_FAILED]
    assert world.entry("c").since == since and world.agent("a0").state is A.READY


def test_row_18_given_a_phone_that_hangs_up_itself_before_the_talk_then_dumped() -> None:
    world = World().ready("a0", "a1")
    world.arrives("c")
    world.picks_up("a0")
    world.feed(ev.LegEnded(at=world.at, leg=world.offer("a0").leg, cause="NORMAL_CLEARING", by_far_end=True))
    assert [offer.outcome for offer in world.ended(Offer)] == [O.DUMPED] and world.agent("a1").state is A.OFFERED


def test_row_19_given_a_bridge_that_is_never_confirmed_when_the_grace_is_over_then_failed() -> None:
    world = World().ready("a0")
    world.arrives("c")
    world.picks_up("a0")
    world.after(5)
    assert world.ended(Offer)[0].outcome is O.BRIDGE_FAILED and world.entry("c").state is EntryState.WAITING


def test_row_20_given_an_agent_on_an_own_call_when_a_caller_waits_then_not_rung_until_it_is_over() -> None:
    world = World().ready("a0")
    world.arrives("own", dialled="*1", phone="1000")
    world.arrives("c")
    assert world.rung() == []
    world.hangs_up("own")
    assert world.rung() == ["1000"]


def test_row_20_given_an_own_call_when_it_begins_and_ends_then_the_agent_is_in_it_meanwhile_and_ready_again() -> None:
    world = World().ready("a0")
    world.after(10)
    world.arrives("own", dialled="1", phone="1000")
    began = world.agent("a0")
    assert (began.doing, began.doing_since, began.state) == ("own_call", world.at, AgentState.READY)
    world.after(30)
    world.hangs_up("own")
    over = world.agent("a0")
    assert (over.doing, over.doing_since) == ("ready", world.at) and over.idle_since == began.idle_since


def test_row_20_given_a_feature_code_when_dialled_then_it_is_no_own_call() -> None:
    world = World().ready("a0")
    world.arrives("own", dialled="*1", phone="1000")
    assert world.agent("a0").own_leg is not None and world.agent("a0").doing == "ready"


def test_row_20_given_an_own_call_when_the_agent_goes_to_lunch_in_it_then_that_is_what_they_do() -> None:
    world = World().ready("a0")
    world.arrives("own", dialled="1", phone="1000")
    world.asks("a0", Wish.NOT_READY, "lunch")
    assert world.agent("a0").doing == "not_ready"
    world.after(5)
    world.asks("a0", Wish.READY)
    assert (world.agent("a0").doing, world.agent("a0").doing_since) == ("own_call", world.at)


def test_given_a_leg_parked_twice_when_not_yet_bridged_then_the_bridge_is_only_repeated() -> None:
    world = World().ready("a0")
    world.arrives("c")
    world.picks_up("a0")
    commands = world.feed(ev.LegParked(at=world.at, leg=world.offer("a0").leg, inbound=False))
    assert [c for c in commands if isinstance(c, Bridge)] == [Bridge(leg=leg("c"), other=world.offer("a0").leg)]


def test_rows_78_79_given_events_doubled_or_after_the_end_when_they_come_then_late_and_nothing_changes() -> None:
    world = World().talks("c", "a0")
    agent_leg = world.offer("a0").leg
    for event in (
        ev.LegRinging(at=world.at, leg=agent_leg),
        ev.LegAnswered(at=world.at, leg=agent_leg),
        ev.LegsBridged(at=world.at, leg=leg("c"), other=agent_leg),
        ev.CallArrived(at=world.at, leg=leg("c"), dialled="1"),
    ):
        assert world.feed(event) == [] and world.decisions[-1].late
    world.hangs_up("c")
    for event in (ev.LegEnded(at=world.at, leg=leg("c"), cause="X"), ev.LegsBridged(at=world.at, leg=leg("c"), other=agent_leg)):
        assert world.feed(event) == [] and world.decisions[-1].late
    assert len(world.ended(Entry)) == 1


def test_given_a_phone_known_to_be_down_when_the_agent_asks_for_ready_then_waits_for_it_and_keeps_the_first_idle_time() -> None:
    world = World().ready("a0")
    idle_since = world.agent("a0").idle_since
    world.asks("a0", Wish.NOT_READY, "lunch")
    world.feed(ev.PhoneUnregistered(at=world.at, node=FS, phone="1000"))  # type: ignore[arg-type]
    world.asks("a0", Wish.READY)
    assert (world.agent("a0").state, world.agent("a0").reason) == (A.NOT_READY, "device_down")
    since = world.agent("a0").since
    world.at += 5
    world.asks("a0", Wish.READY)
    assert world.agent("a0").since == since, "asking twice changes nothing"
    world.feed(ev.PhoneRegistered(at=world.at, node=FS, phone="1000"))  # type: ignore[arg-type]
    assert world.agent("a0").state is A.READY and world.agent("a0").idle_since == idle_since


def test_given_a_first_log_in_with_the_phone_down_when_it_registers_then_idle_since_the_asking() -> None:
    world = World()
    world.feed(ev.PhoneUnregistered(at=world.at, node=FS, phone="1000"))  # type: ignore[arg-type]
    asked = world.at
    world.asks("a0", Wish.READY)
    world.feed(ev.PhoneRegistered(at=world.at + 9, node=FS, phone="1000"))  # type: ignore[arg-type]
    assert world.agent("a0").idle_since == asked


def test_given_a_phone_that_goes_down_in_a_talk_when_wrap_up_ends_then_not_ready_and_not_rung() -> None:
    world = World().talks("c", "a0")
    world.feed(ev.PhoneUnregistered(at=world.at, node=FS, phone="1000"))  # type: ignore[arg-type]
    assert world.agent("a0").state is A.TALKING
    world.hangs_up("c")
    world.after(10)
    assert (world.agent("a0").state, world.agent("a0").reason) == (A.NOT_READY, "device_down")


def test_given_a_phone_that_goes_down_while_rung_when_the_caller_leaves_then_not_ready_until_it_is_back() -> None:
    world = ringing()
    world.feed(ev.PhoneUnregistered(at=world.at, node=FS, phone="1000"))  # type: ignore[arg-type]
    world.hangs_up("c")
    assert (world.agent("a0").state, world.agent("a0").reason) == (A.NOT_READY, "device_down")


def test_given_ready_asked_twice_when_idle_then_the_idle_time_is_not_lost() -> None:
    world = World().ready("a0")
    idle_since = world.agent("a0").idle_since
    world.asks("a0", Wish.READY)
    assert world.agent("a0").idle_since == idle_since


def test_given_a_resting_agent_when_asking_for_ready_then_rest_is_over_at_once() -> None:
    world = ringing()
    world.phone_ends("a0", "USER_BUSY", 486)
    assert world.agent("a0").resting
    world.asks("a0", Wish.READY)
    assert not world.agent("a0").resting and world.agent("a0").is_free


def test_given_no_answer_when_our_deadline_hangs_up_then_the_switch_hears_why() -> None:
    world = ringing()
    agent_leg = world.offer("a0").leg
    world.after(15)
    assert HangUp(leg=agent_leg, cause="NO_ANSWER") in [c for d in world.decisions for c in d.commands]


def test_given_two_own_calls_when_the_older_ends_then_still_on_the_newer() -> None:
    world = World().ready("a0")
    world.arrives("one", dialled="*1", phone="1000")
    world.arrives("two", dialled="*1", phone="1000")
    world.hangs_up("one")
    assert world.agent("a0").own_leg == leg("two") and not world.agent("a0").is_free


def test_given_a_leg_parked_after_the_talk_when_still_there_then_hung_up() -> None:
    world = World().talks("c", "a0")
    agent_leg = world.offer("a0").leg
    assert world.feed(ev.LegParked(at=world.at, leg=agent_leg, inbound=False)) == [HangUp(leg=agent_leg)]


def test_given_a_caller_parked_after_the_talk_when_the_agents_end_was_not_heard_then_the_talk_is_over() -> None:
    world = World().talks("c", "a0")
    agent_leg = world.offer("a0").leg
    commands = world.feed(ev.LegParked(at=world.at, leg=leg("c"), inbound=True))
    assert HangUp(leg=agent_leg) in commands and world.agent("a0").state is A.WRAP_UP
    assert world.feed(ev.LegEnded(at=world.at, leg=agent_leg, cause="NORMAL_CLEARING")) == []
