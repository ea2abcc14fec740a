"""At the end of a story: what the core believes is what is."""

from acd.core import events as ev
from acd.core.call import Call
from acd.core.draft import Draft
from acd.core.talking import hearing
from acd.core.talking.outsider import Outsider
from acd.words import (
    Follows,
    HeardBy,
    LegId,
    RecordingState,
)
from tests.properties.story import Story


def assert_believed_is_true(story: Story) -> None:
    state, legs = story.world.state, story.switch.legs
    nailed = {each.leg for each in state.nailed.values()}
    assert nailed <= legs.keys(), "a line that is believed to stand does"
    callers = {x for x, truth in legs.items() if truth.inbound} - nailed
    known = {c.leg for c in state.calls.values() if c.talk.left_at is None}
    assert known == callers, "every caller on the switch is known, and nobody else is"
    outgoing: set[LegId] = {x for x, truth in legs.items() if not truth.inbound} - nailed
    owned = {each for o in state.offers.values() for each in o.legs} | {each.leg for each in state.monitors.values()}
    owned |= state.outsider_of_leg.keys()
    assert owned - nailed == outgoing, "I5: no leg without an owner, no offer without its leg"
    for monitor in state.monitors.values():
        assert (monitor.state == "talking") == (legs[monitor.leg].bridged_to is not None), monitor
        agents_end = HeardBy.OTHER if monitor.follows is Follows.CONTACT else HeardBy.TARGET
        assert legs[monitor.leg].heard_by in (HeardBy.NOBODY, agents_end, HeardBy.BOTH), "a whisper is for the agent"
    for offer in state.offers.values():
        assert offer.bridged_at is not None or legs[offer.leg].bridged_to is None, offer
    for call in state.calls.values():
        if call.owner == "agent":
            assert_they_hear_each_other(story, call)
        elif call.is_onward and call.outsider is not None:
            assert_with_outsider(story, call, call.outsider)
    on_tape = {(x, id): masked for x, truth in legs.items() for id, masked in truth.recordings.items()}
    running = [each for each in state.recordings.values() if each.is_running]
    assert on_tape == {(each.leg, each.id): each.state is RecordingState.MASKED for each in running}, "what is on tape is known"
    for call in state.calls.values():
        if call.entry and state.entries[call.entry].state == "waiting" and not call.ending:
            assert legs[call.leg].playing is not None, "nobody waits in dead air"


def assert_with_outsider(story: Story, call: Call, out: Outsider) -> None:
    """Put through to a number outside: joined, or with music until they answer."""
    customer, other = story.switch.legs[call.leg], story.switch.legs[out.leg]
    assert other.answered == out.is_here
    assert (customer.bridged_to == out.leg) == out.is_here and customer.armed is not out.is_here
    assert out.is_here or customer.playing is not None, "nobody waits for an answer in dead air"


def assert_they_hear_each_other(story: Story, call: Call) -> None:
    """Who is joined to whom, who hears music, who stands by; nobody holds in dead air, and nobody is left out."""
    legs, draft = story.switch.legs, Draft(story.world.state, ev.TimePassed(at=story.world.at), story.world.at)
    who = hearing.parties(draft, call)
    wanted, listener = hearing.pair(call.talk, who), hearing.listener(call.talk, who)
    of_talk = {who.own.leg} | ({who.asked} if who.asked else set()) | ({call.leg} & legs.keys())
    for each in of_talk:
        partner = next(iter(wanted - {each})) if each in wanted else None
        assert legs[each].bridged_to == partner, (each, call.talk)
        assert (legs[each].listens_to is not None) == (call.talk.state == "conference" and each == who.own.leg), call.talk
    if listener is not None:
        assert legs[listener].playing is not None, "whoever holds hears music"
    if call.leg in legs and not call.ending:
        assert legs[call.leg].armed is not (call.leg in wanted), "nothing pulls away who talks, and nobody holds for ever"
    if call.talk.state == "consulting" and not wanted:
        consult = hearing.consult_of(draft, call)
        assert legs[who.own.leg].playing is not None or (consult is not None and consult.state == "connecting")
