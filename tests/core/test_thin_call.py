"""One inbound call, once round, in the core alone."""

from acd.core.call import Call
from acd.core.commands import Arm, Bridge, Disarm, HangUp, Play, Ring
from acd.core.lines.entry import Entry
from acd.core.media import Music
from acd.core.offers.offer import Offer
from acd.core.staff.agent import Agent
from acd.words import AgentState, EndedBy, EntryOutcome, OfferOutcome, Owner
from tests.core.world import World, leg, policy


def of(kind: type, commands: list) -> list:  # type: ignore[type-arg]
    return [c for c in commands if isinstance(c, kind)]


def test_given_a_caller_when_parked_then_adopted_before_anything_else() -> None:
    commands = World().arrives("c")
    assert of(Arm, commands)[0].leg == leg("c")
    assert [c.media for c in of(Play, commands)] == [(Music(),)]


def test_given_a_ready_agent_when_a_caller_joins_then_that_phone_rings_and_the_caller_hears_music() -> None:
    world = World().ready("a1")
    commands = world.arrives("c")
    [ring] = of(Ring, commands)
    assert ring.phone == "1001" and ring.marks["call"] == "c"
    assert world.call("c").owner is Owner.QUEUE


def test_given_a_ringing_agent_when_picked_up_and_parked_then_bridged_and_the_dead_mans_switch_is_off() -> None:
    world = World().ready("a0")
    world.arrives("c")
    commands = world.picks_up("a0")
    assert of(Bridge, commands) == [Bridge(leg=leg("c"), other=world.offer("a0").leg)]
    assert of(Disarm, commands) == [Disarm(leg=leg("c"))]
    assert world.call("c").owner is Owner.QUEUE, "the queue lets go only when the bridge stands"
    world.is_bridged("a0")
    assert world.call("c").owner is Owner.AGENT and world.agent("a0").state is AgentState.TALKING


def test_given_a_talk_when_the_agent_hangs_up_then_wrap_up_and_the_caller_goes_back_to_the_flow() -> None:
    world = World(policy(queue_wrap_up_s=7.0)).talks("c", "a0")
    world.at += 60
    commands = world.phone_ends("a0", "NORMAL_CLEARING")
    assert of(HangUp, commands)[-1].leg == leg("c")
    assert world.agent("a0").state is AgentState.WRAP_UP and world.agent("a0").deadline == world.at + 7
    world.hangs_up("c")
    [entry], [offer], [call] = world.ended(Entry), world.ended(Offer), world.ended(Call)
    assert (entry.outcome, offer.outcome, call.ended_by) == (EntryOutcome.ANSWERED, OfferOutcome.ANSWERED, EndedBy.AGENT)
    assert offer.ended_at - offer.bridged_at == 60
    world.after(7)
    assert world.agent("a0").state is AgentState.READY and world.agent("a0").idle_since == world.at


def test_given_a_talk_when_the_caller_hangs_up_then_the_customer_ended_it() -> None:
    world = World().talks("c", "a0")
    agent_leg = world.offer("a0").leg
    commands = world.hangs_up("c")
    assert HangUp(leg=agent_leg) in commands
    [call] = world.ended(Call)
    assert call.ended_by is EndedBy.CUSTOMER and world.agent("a0").state is AgentState.WRAP_UP
    late = world.phone_ends_late(agent_leg) if hasattr(world, "phone_ends_late") else []
    assert late == []


def test_given_an_offer_when_made_then_the_trace_names_candidates_in_order_and_who_was_passed_over_by_which_rule() -> None:
    world = World(policy(agents=4)).ready("a2", "a0")
    world.asks("a3", __import__("acd.words", fromlist=["Wish"]).Wish.LOG_IN)
    world.arrives("c")
    trace = world.offer("a2").trace
    assert [c.agent for c in trace.candidates] == ["a2", "a0"], "longest idle first"
    assert {(p.agent, p.rule, p.value) for p in trace.passed_over} == {
        ("a1", "logged_out", ""),
        ("a3", "not_ready", "logged_in"),
    }
    assert trace.counts == {"free": 2, "logged_out": 1, "not_ready": 1} and trace.line == 1


def test_given_an_agents_phone_when_it_dials_the_ready_code_then_ready_after_hanging_up() -> None:
    world = World()
    world.arrives("waiting")
    commands = world.arrives("own", dialled="*1", phone="1000")
    assert of(Ring, commands) == [], "not rung while on a call of one's own (ACD.md 20)"
    assert of(Ring, world.hangs_up("own")) != []
    assert isinstance(world.agent("a0"), Agent) and world.agent("a0").state is AgentState.OFFERED
