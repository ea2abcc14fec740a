"""ACD.md 24, 40: an agent's desk that is lost, that comes back, that says goodbye, and the house that was away itself."""

from dataclasses import replace

import pytest

from acd.core import events as ev
from acd.core.illegal import IllegalMove
from acd.core.offers.offer import Offer
from acd.core.policy import DeskPolicy, Leaving
from acd.core.staff.agent import OVERSTAYED
from acd.core.staff.desk import MOVES, Desk, DeskState
from acd.core.staff.wrap_up import WrapUp
from acd.core.state import State
from acd.words import AgentId, AgentState, OfferOutcome, QueueId, Wish, WrapUpEnd, WrapUpMode
from tests.core.test_agent_states import goes, registers
from tests.core.test_nailed import DESK, dialled, put_through
from tests.core.world import Flows, World, policy

A, O = AgentState, OfferOutcome
LEASE_S = DeskPolicy().lease_s
SALES = QueueId("sales")


def at_desk(*more: str, rules: object = None) -> World:
    """a0 is ready and has a desk; so are those who are named."""
    world = World(rules).ready("a0", *more)  # type: ignore[arg-type]
    world.desk("a0")
    return world


def is_now(world: World, agent: str = "a0") -> tuple[AgentState, str]:
    return world.agent(agent).state, world.agent(agent).reason


# -- lost --------------------------------------------------------------------------------------------------------------


def test_row_24_given_an_idle_agent_when_the_lease_is_over_then_not_ready_and_nobody_is_offered() -> None:
    world = at_desk()
    idle_since = world.agent("a0").idle_since
    world.after(LEASE_S - 0.1)
    assert is_now(world) == (A.READY, "")
    world.after(0.2)
    assert is_now(world) == (A.NOT_READY, "desk_lost") and world.agent("a0").idle_since == idle_since
    world.arrives("c")
    assert world.rung() == []


def test_row_24_given_a_desk_that_is_heard_of_when_time_passes_then_nothing_happens() -> None:
    world = at_desk()
    for _ in range(20):
        world.after(LEASE_S / 3)
        world.desk("a0")
    assert is_now(world) == (A.READY, "")


def test_row_24_given_an_agent_who_works_by_phone_alone_when_time_passes_then_untouched() -> None:
    world = World().ready("a0").after(100_000)
    assert is_now(world) == (A.READY, "") and not world.state.desks


def test_row_24_given_an_agent_in_a_talk_when_the_desk_is_lost_then_it_goes_on_and_not_ready_after_the_wrap_up() -> None:
    world = at_desk()
    world.talks("c", "a0")
    assert world.after(LEASE_S).agent("a0").state is A.TALKING
    agent = world.agent("a0")
    assert (agent.pending, agent.pending_reason, agent.is_able) == (Wish.NOT_READY, "desk_lost", False)
    assert world.call("c").ending == "" and not world.ended(Offer)
    world.hangs_up("c")
    assert is_now(world) == (A.WRAP_UP, "")
    world.after(10)
    assert is_now(world) == (A.NOT_READY, "desk_lost")


def test_row_40_given_an_agent_in_wrap_up_when_the_desk_is_gone_then_the_timer_still_closes_it() -> None:
    world = at_desk(rules=policy(queue_wrap_up_s=60.0))
    world.talks("c", "a0")
    world.desk("a0")
    world.hangs_up("c")
    world.after(LEASE_S)
    assert is_now(world) == (A.WRAP_UP, "")
    world.after(30)
    (wrap_up,) = world.ended(WrapUp)
    assert is_now(world) == (A.NOT_READY, "desk_lost") and wrap_up.ended_by is WrapUpEnd.TIMER


def test_row_40_given_a_disposition_that_is_owed_when_the_desk_is_gone_then_the_limit_still_closes_the_wrap_up() -> None:
    rules = policy(queue_wrap_up_mode=WrapUpMode.MANDATORY, queue_dispositions={"sold": "1"}, queue_wrap_up_limit_s=60.0)
    world = at_desk(rules=rules)
    world.talks("c", "a0")
    world.hangs_up("c")
    world.after(61)
    assert is_now(world) == (A.NOT_READY, "desk_lost") and world.agent("a0").alarm == "wrapup_overrun"


@pytest.mark.parametrize("how", ["answered", "unanswered", "left"])
def test_row_24_given_an_offer_that_rings_when_the_desk_is_lost_then_it_rings_on_and_nobody_is_blamed(how: str) -> None:
    world = at_desk(rules=policy(desk=DeskPolicy(lease_s=5.0)))
    world.arrives("c")
    world.rings("a0")
    world.after(5)
    assert world.agent("a0").state is A.OFFERED and not world.ended(Offer)
    if how == "answered":
        world.picks_up("a0")
        world.is_bridged("a0")
        assert world.agent("a0").state is A.TALKING
        world.hangs_up("c")
        world.after(10)
    elif how == "unanswered":
        world.after(10)
    else:
        world.hangs_up("c")
    assert is_now(world) == (A.NOT_READY, "desk_lost") and world.agent("a0").missed == 0


@pytest.mark.parametrize(("state", "reason"), [(A.NOT_READY, "lunch"), (A.NOT_READY, "logged_in"), (A.LOGGED_OUT, "")])
def test_row_24_given_an_agent_who_is_not_ready_anyway_when_the_desk_is_lost_then_they_stay_what_they_are(
    state: AgentState, reason: str
) -> None:
    world = World()
    world.asks("a0", Wish.LOG_IN)
    if reason == "lunch":
        world.asks("a0", Wish.NOT_READY, "lunch")
    if state is A.LOGGED_OUT:
        world.asks("a0", Wish.LOG_OUT)
    world.desk("a0")
    world.after(LEASE_S + 1)
    assert is_now(world) == (state, reason)
    world.desk("a0")
    assert is_now(world) == (state, reason)


def test_row_24_given_a_wish_of_their_own_when_the_desk_is_lost_in_the_talk_then_the_wish_counts() -> None:
    world = at_desk()
    world.talks("c", "a0")
    world.asks("a0", Wish.NOT_READY, "lunch")
    world.after(LEASE_S)
    assert world.agent("a0").pending_reason == "lunch"
    world.desk("a0")
    world.hangs_up("c")
    world.after(10)
    assert is_now(world) == (A.NOT_READY, "lunch")


# -- back --------------------------------------------------------------------------------------------------------------


def test_row_24_given_a_lost_desk_when_it_comes_back_then_ready_with_the_old_idle_time_and_the_next_caller_is_theirs() -> None:
    world = at_desk()
    idle_since = world.agent("a0").idle_since
    world.after(LEASE_S + 20)
    world.arrives("c")
    world.desk("a0")
    assert world.rung() == ["1000"] and world.agent("a0").idle_since == idle_since


def test_row_24_given_a_desk_lost_in_a_talk_when_it_comes_back_in_it_then_ready_after_the_wrap_up() -> None:
    world = at_desk()
    world.talks("c", "a0")
    world.after(LEASE_S)
    world.desk("a0")
    assert world.agent("a0").pending is None
    world.hangs_up("c")
    world.after(10)
    assert is_now(world) == (A.READY, "")


@pytest.mark.parametrize(
    ("wish", "state", "reason"), [(Wish.NOT_READY, A.NOT_READY, "lunch"), (Wish.LOG_OUT, A.LOGGED_OUT, ""), (Wish.READY, A.READY, "")]
)
def test_row_24_given_somebody_who_chose_something_meanwhile_when_the_desk_comes_back_then_they_keep_it(
    wish: Wish, state: AgentState, reason: str
) -> None:
    world = at_desk()
    world.after(LEASE_S)
    assert world.asks("a0", wish, "lunch" if wish is Wish.NOT_READY else "") == ""
    assert is_now(world) == (state, reason)
    world.after(LEASE_S + 1)
    world.desk("a0")
    assert is_now(world) == (state, reason)


def test_row_24_given_ready_asked_for_by_phone_while_lost_when_time_passes_then_the_desk_is_not_waited_for() -> None:
    world = at_desk()
    world.talks("c", "a0")
    world.after(LEASE_S)
    assert world.asks("a0", Wish.READY) == ""
    assert world.agent("a0").pending is None and not world.state.desks
    world.hangs_up("c")
    world.after(10 + 5 * LEASE_S)
    assert is_now(world) == (A.READY, "")


@pytest.mark.parametrize("leaving", list(Leaving))
def test_row_16_given_a_lost_desk_while_rung_when_ready_is_asked_for_then_it_goes_without_the_desk(leaving: Leaving) -> None:
    world = at_desk(rules=policy(desk=DeskPolicy(lease_s=5.0), leaving_while_rung=leaving))
    world.arrives("c")
    world.after(5)
    world.asks("a0", Wish.READY)
    world.hangs_up("c")
    assert is_now(world) == (A.READY, "")


def test_row_40_given_a_disposition_that_is_owed_when_ready_is_refused_then_the_desk_stays_lost() -> None:
    rules = policy(queue_wrap_up_mode=WrapUpMode.MANDATORY, queue_dispositions={"sold": "1"})
    world = at_desk(rules=rules)
    world.talks("c", "a0")
    world.hangs_up("c")
    world.after(LEASE_S)
    assert "to be said first" in world.asks("a0", Wish.READY)
    world.asks("a0", Wish.DISPOSE, "sold")
    assert is_now(world) == (A.NOT_READY, "desk_lost")


def test_row_10_given_an_agent_left_in_peace_when_the_desk_flaps_then_they_are_left_in_peace_to_the_end() -> None:
    world = at_desk(rules=policy(busy_rest_s=100.0, queue_retry_s=1.0))
    world.arrives("c")
    world.phone_ends("a0", "USER_BUSY", 486)
    world.after(LEASE_S)
    assert is_now(world) == (A.NOT_READY, "desk_lost")
    world.desk("a0")
    assert world.agent("a0").resting and world.rung() == ["1000"]
    for _ in range(8):
        world.after(10)
        world.desk("a0")
    assert world.rung() == ["1000", "1000"]


# -- desk and phone ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["desk", "phone"])
def test_rows_12_and_24_given_phone_and_desk_are_gone_when_one_is_back_then_not_ready_until_both_are(first: str) -> None:
    world = at_desk()
    goes(world, "1000")
    world.after(LEASE_S + 1)
    assert is_now(world) == (A.NOT_READY, "device_down")
    world.desk("a0") if first == "desk" else registers(world, "1000")
    assert is_now(world) == (A.NOT_READY, "device_down" if first == "desk" else "desk_lost")
    registers(world, "1000") if first == "desk" else world.desk("a0")
    assert is_now(world) == (A.READY, "")


def test_rows_12_and_24_given_a_lost_desk_when_the_phone_goes_too_then_nobody_is_there() -> None:
    world = at_desk()
    world.after(LEASE_S)
    assert world.state.roster.staffed(SALES) == 1
    goes(world, "1000")
    assert is_now(world) == (A.NOT_READY, "device_down") and world.state.roster.staffed(SALES) == 0
    world.desk("a0")
    registers(world, "1000")
    assert is_now(world) == (A.READY, "")


def test_row_25_given_a_line_that_stays_when_it_is_lost_after_the_desk_then_the_desk_alone_brings_nobody_back() -> None:
    world = dialled()
    world.desk("a0")
    world.after(LEASE_S)
    assert is_now(world) == (A.NOT_READY, "desk_lost")
    world.feed(ev.LegEnded(at=world.at, leg=DESK, cause="NORMAL_CLEARING"))
    assert is_now(world) == (A.NOT_READY, "nailed_leg_lost")
    world.desk("a0")
    assert is_now(world) == (A.NOT_READY, "nailed_leg_lost")


def test_row_25_given_a_line_that_stays_when_it_is_lost_in_a_talk_after_the_desk_then_not_ready_for_the_line() -> None:
    world = dialled()
    put_through(world, "c")
    world.desk("a0")
    world.after(LEASE_S)
    assert world.agent("a0").pending_reason == "desk_lost"
    world.feed(ev.LegEnded(at=world.at, leg=DESK, cause="NORMAL_CLEARING"))
    world.desk("a0")
    world.after(10)
    assert is_now(world) == (A.NOT_READY, "nailed_leg_lost")


# -- who is there ------------------------------------------------------------------------------------------------------


def test_row_46_given_a_lost_desk_when_counted_then_online_and_staffed_but_not_available_and_away_after_a_while() -> None:
    world = at_desk(rules=policy(1, desk=DeskPolicy(lease_s=30.0, away_after_s=300.0)))
    world.after(30)
    roster = world.state.roster
    assert (roster.online(SALES), roster.staffed(SALES), roster.available(SALES)) == (1, 1, 0)
    world.after(299)
    assert roster.staffed(SALES) == 1 and world.agent("a0").alarm == ""
    world.after(1)
    assert (roster.online(SALES), roster.staffed(SALES), roster.available(SALES)) == (1, 0, 0)
    assert world.agent("a0").alarm == OVERSTAYED
    world.desk("a0")
    assert (roster.online(SALES), roster.staffed(SALES), roster.available(SALES)) == (1, 1, 1)
    assert world.agent("a0").alarm == ""


def test_row_47_given_all_desks_are_lost_when_callers_wait_then_the_line_is_not_sent_home_at_once() -> None:
    flows = Flows(exits=frozenset({"no_agents"}))
    world = World(policy(1, desk=DeskPolicy(lease_s=30.0, away_after_s=60.0)), flows).ready("a0")
    world.desk("a0")
    world.after(30)
    world.arrives("c")
    world.after(59)
    assert world.call("c").entry is not None
    world.after(12)
    assert world.call("c").entry is None, "nobody has come back: away, and the grace is over"


# -- goodbye -----------------------------------------------------------------------------------------------------------


def test_row_24_given_a_desk_that_says_goodbye_when_time_passes_then_the_agent_goes_on_by_phone() -> None:
    world = at_desk()
    world.desk_closes("a0").after(10 * LEASE_S)
    assert is_now(world) == (A.READY, "") and not world.state.desks


def test_row_24_given_a_lost_desk_when_it_says_goodbye_then_it_was_there_and_the_agent_is_what_they_were() -> None:
    world = at_desk()
    world.after(LEASE_S)
    world.desk_closes("a0")
    assert is_now(world) == (A.READY, "") and not world.state.desks


def test_given_no_desk_when_one_says_goodbye_then_late() -> None:
    world = at_desk()
    world.desk_closes("a0").desk_closes("a0")
    assert world.decisions[-1].late and is_now(world) == (A.READY, "")


def test_given_nobody_of_that_name_when_their_desk_is_seen_then_refused() -> None:
    world = World()
    assert "no agent is called 'zoe'" in world.desk("zoe") and not world.state.desks


def test_given_a_desk_when_its_agent_leaves_the_configuration_then_its_lease_ends_without_anything() -> None:
    world = at_desk("a1")
    world.desk("a1")
    world.after(10)
    world.state.policy = replace(world.state.policy, agents={AgentId("a1"): world.state.policy.agents[AgentId("a1")]})
    world.feed(ev.PolicyChanged(at=world.at))
    world.after(LEASE_S)
    assert is_now(world)[0] is A.LOGGED_OUT and set(world.state.desks) == {"a1"}


# -- the house was away ------------------------------------------------------------------------------------------------


def restarted(world: World, away_s: float) -> World:
    """The controller dies, and another one puts its records back after a while."""
    fresh = State(world.state.policy, world.state.flows)
    for record in world.state.records():
        fresh.put(record)
    world.state, world.at = fresh, world.at + away_s
    world.feed(ev.HouseStarted(at=world.at))
    return world.after(0)


def test_row_75_given_a_desk_when_the_controller_was_away_for_longer_than_the_lease_then_it_has_a_lease_to_be_heard() -> None:
    world = restarted(at_desk(), 500)
    assert is_now(world) == (A.READY, "")
    world.after(LEASE_S - 0.1)
    assert is_now(world) == (A.READY, "")
    world.after(0.2)
    assert is_now(world) == (A.NOT_READY, "desk_lost")


def test_row_75_given_a_lost_desk_when_the_controller_comes_back_then_it_is_still_lost_and_can_come_back() -> None:
    world = at_desk()
    world.after(LEASE_S)
    restarted(world, 5)
    assert is_now(world) == (A.NOT_READY, "desk_lost")
    world.desk("a0")
    assert is_now(world) == (A.READY, "")


def test_row_75_given_a_lease_that_lasts_when_the_house_says_that_it_started_then_no_lease_is_made_shorter() -> None:
    world = at_desk()
    world.state.policy = replace(world.state.policy, desk=DeskPolicy(lease_s=1.0))
    world.feed(ev.HouseStarted(at=world.at))
    assert world.state.desks[AgentId("a0")].until == world.at + LEASE_S


# -- the table ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("was", list(DeskState))
@pytest.mark.parametrize("to", list(DeskState))
def test_given_a_desk_when_moved_then_only_as_its_table_allows(was: DeskState, to: DeskState) -> None:
    desk = Desk(id=AgentId("a"), since=1.0, state=was, until=9.0)
    if to in MOVES[was]:
        assert (desk.move(to, 5.0).state, desk.move(to, 5.0).until) == (to, None)
    else:
        with pytest.raises(IllegalMove, match=f"desk of a: {was} -> {to}"):
            desk.move(to, 5.0)
