"""Consult: toggle, complete, cancel, conference, leave; and everybody who may hang up meanwhile (ACD.md 58-60)."""

from dataclasses import replace

import pytest

from acd.core import events as ev
from acd.core.call import Call
from acd.core.commands import Signal, ThreeWay
from acd.core.lines.entry import Entry
from acd.words import AgentId, TalkWish, Wish
from tests.core.talking import CUSTOMER, Floor
from tests.core.world import policy

TWO = policy(agents=3, queues=("sales", "support"))
SHORT = policy(agents=3, queue_wrap_up_s=5.0)


def test_given_a_talk_when_a_colleague_is_consulted_then_the_customer_holds_and_the_agent_waits_like_a_caller() -> None:
    floor = Floor().talk().consults(answered_by="")
    assert (floor.hears("c"), floor.hears("a0"), floor.world.rung()[-1]) == ("music", "ringing", "1001")
    consult = floor.world.state.entries[floor.call().talk.consult]  # type: ignore[index]
    assert (consult.kind, consult.queue, consult.leg, consult.call) == ("consult", "@a1", floor.offer("a0").leg, "c")
    floor.picks_up("a1")
    assert (floor.hears("c"), floor.hears("a0"), floor.hears("a1")) == ("music", "a1", "a0")
    assert (floor.state("a0"), floor.state("a1")) == ("talking", "talking")


def test_given_a_consult_when_toggled_then_the_other_one_hears_music() -> None:
    floor = Floor().talk().consults()
    assert floor.asks("a0", "toggle") == ""
    assert (floor.hears("c"), floor.hears("a0"), floor.hears("a1")) == ("a0", "c", "music")
    assert floor.asks("a0", "toggle") == ""
    assert (floor.hears("c"), floor.hears("a0"), floor.hears("a1")) == ("music", "a1", "a0")


def test_given_a_consult_when_completed_then_the_customer_talks_to_the_colleague_and_the_agent_wraps_up() -> None:
    floor = Floor().talk().consults().after(12)
    assert floor.asks("a0", "complete") == ""
    assert (floor.hears("c"), floor.hears("a1"), floor.hears("a0"), floor.state("a0")) == ("a1", "c", "gone", "wrap_up")
    (first,) = floor.ended_offers("a0")
    assert (first.ended_by, round(first.hold_s)) == ("transfer", 12)
    floor.after(30).hangs_up("c")
    (second,) = floor.ended_offers("a1")
    assert second.handed_at is not None and second.bridged_at is not None and second.ended_at is not None
    assert (round(second.handed_at - second.bridged_at), round(second.ended_at - second.handed_at)) == (12, 30)
    assert floor.state("a1") == "wrap_up" and [v.kind for v in floor.ended_visits()] == ["call", "consult"]


def test_row_59_given_a_consult_that_rings_when_completed_then_the_offer_goes_on_for_the_customer() -> None:
    floor = Floor().talk().consults(answered_by="")
    offered = floor.offer("a1").id
    assert floor.asks("a0", "complete") == ""
    assert (floor.hears("c"), floor.hears("a0"), floor.offer("a1").id, len(floor.switch.legs)) == ("music", "gone", offered, 2)
    floor.picks_up("a1")
    assert (floor.hears("c"), floor.world.entry("c").kind) == ("a1", "call")


def test_row_59_given_it_was_completed_ringing_when_nobody_answers_then_it_comes_back_to_the_agent() -> None:
    floor = Floor(SHORT).talk().consults(answered_by="")
    floor.asks("a0", "complete")
    floor.after(16)
    assert floor.world.rung()[-1] == "1000" and floor.hears("c") == "music"


def test_row_59_given_the_colleague_answers_in_the_very_moment_of_complete_then_the_customer_has_them() -> None:
    """The bridge to the agent was asked for already; the customer's overtakes it."""
    floor = Floor().talk().consults(answered_by="")
    target = floor.offer("a1").leg
    floor.switch.picks_up(floor.world.at, target)
    for _ in range(2):
        floor.world.feed(floor.switch.outbox.pop(0))
    floor.world.feed(ev.TalkAsked(at=floor.world.at, agent=AgentId("a0"), what=TalkWish.COMPLETE))
    floor.goes_on()
    assert (floor.hears("c"), floor.hears("a1"), floor.hears("a0")) == ("a1", "c", "gone")


def test_given_a_consult_when_cancelled_then_the_agent_is_with_the_customer_and_the_colleague_free() -> None:
    for answered_by in ("", "a1"):
        floor = Floor().talk().consults(answered_by=answered_by)
        assert floor.asks("a0", "cancel") == ""
        assert (floor.hears("c"), floor.hears("a0"), floor.hears("a1"), floor.state("a1")) == ("a0", "c", "gone", "ready")
        assert floor.ended_visits()[-1].outcome == ("answered" if answered_by else "withdrawn")


def test_given_the_colleague_answers_in_the_very_moment_of_cancel_then_they_are_released() -> None:
    floor = Floor().talk().consults(answered_by="")
    target = floor.offer("a1").leg
    floor.switch.picks_up(floor.world.at, target)
    floor.world.feed(ev.TalkAsked(at=floor.world.at, agent=AgentId("a0"), what=TalkWish.CANCEL))
    floor.goes_on()
    assert (floor.hears("c"), floor.hears("a0"), floor.state("a1"), len(floor.switch.legs)) == ("a0", "c", "ready", 2)


@pytest.mark.parametrize("cause", ["NO_ANSWER", "USER_BUSY", "CALL_REJECTED", "USER_NOT_REGISTERED"])
def test_given_a_consult_that_nobody_takes_then_the_agent_is_with_the_customer_again(cause: str) -> None:
    floor = Floor().talk().consults(answered_by="").hangs_up("a1", cause).after(1)
    assert (floor.hears("c"), floor.hears("a0"), floor.call().talk.state) == ("a0", "c", "talking")


def test_given_a_queue_that_is_consulted_when_the_first_does_not_answer_then_the_next_is_asked() -> None:
    floor = Floor(TWO).talk().consults("support", answered_by="")
    assert floor.world.rung()[-1] == "1001"
    floor.after(16)
    assert floor.world.rung()[-1] == "1002" and floor.hears("a0") == "ringing"
    floor.picks_up("a2")
    assert (floor.hears("a0"), floor.hears("c")) == ("a2", "music")


def test_given_a_queue_that_is_consulted_and_nobody_is_free_then_the_agent_hears_music_until_a_phone_rings() -> None:
    floor = Floor(TWO).talk()
    for agent in ("a1", "a2"):
        floor.feed(ev.AgentAsked(at=floor.world.at, agent=AgentId(agent), wish=Wish.NOT_READY, reason="lunch"))
    assert floor.asks("a0", "consult", "support") == "" and (floor.hears("c"), floor.hears("a0")) == ("music", "music")
    floor.ready("a1")
    assert (floor.hears("c"), floor.hears("a0")) == ("music", "ringing")
    floor.hangs_up("a1", "USER_BUSY")
    assert (floor.hears("c"), floor.hears("a0")) == ("music", "music")


def test_given_a_colleague_who_does_not_take_it_then_the_agent_is_told_why() -> None:
    floor = Floor().talk().consults(answered_by="").hangs_up("a1", "USER_BUSY").after(1)
    assert floor.call().talk.why == "a1: busy" and sum(isinstance(c, Signal) for d in floor.world.decisions for c in d.commands) == 1
    assert floor.asks("a0", "hold") == "" and floor.call().talk.why == ""


def test_given_a_consult_when_the_colleague_hangs_up_then_back_to_the_customer_and_no_wrap_up_for_it() -> None:
    for before in ([], ["toggle"], ["conference"]):
        floor = Floor().talk().consults()
        for each in before:
            floor.asks("a0", each)
        floor.hangs_up("a1")
        assert (floor.hears("c"), floor.hears("a0"), floor.state("a1")) == ("a0", "c", "ready"), before


def test_given_a_consult_when_the_agent_hangs_up_then_the_customer_is_put_through() -> None:
    for before in ([], ["toggle"], ["conference"]):
        floor = Floor().talk().consults()
        for each in before:
            floor.asks("a0", each)
        floor.hangs_up("a0")
        assert (floor.hears("c"), floor.hears("a1"), floor.state("a0")) == ("a1", "c", "wrap_up"), before


def test_given_a_consult_that_rings_when_the_agents_phone_dies_then_the_customer_is_not_cut_off() -> None:
    floor = Floor().talk().consults(answered_by="").hangs_up("a0", "MEDIA_TIMEOUT")
    assert (floor.hears("c"), floor.state("a0"), floor.world.agent("a0").reason) == ("music", "not_ready", "device_down")
    assert floor.picks_up("a1").hears("c") == "a1"


def test_row_58_given_a_consult_that_rings_when_the_customer_hangs_up_then_the_offer_is_cancelled() -> None:
    floor = Floor().talk().consults(answered_by="").after(3).hangs_up("c")
    assert not floor.switch.legs and floor.state("a1") == "ready" and floor.state("a0") == "wrap_up"
    assert [v.outcome for v in floor.ended_visits()] == ["answered", "withdrawn"] and floor.ended_offers("a0")[0].hold_abandoned


@pytest.mark.parametrize("before", [[], ["toggle"], ["conference"]])
@pytest.mark.parametrize("last", ["a0", "a1"])
def test_row_58_given_a_consult_when_the_customer_hangs_up_then_the_two_go_on_until_one_hangs_up(before: list[str], last: str) -> None:
    floor = Floor().talk().consults().after(4)
    for each in before:
        floor.asks("a0", each)
    floor.hangs_up("c")
    assert (floor.hears("a0"), floor.hears("a1")) == ("a1", "a0")
    assert floor.asks("a0", "hold") == "the customer is gone"
    gone_at = floor.world.at
    floor.after(20).hangs_up(last)
    (call,), (own,) = floor.world.ended(Call), floor.ended_offers("a0")
    assert (call.ended_at, call.ended_by, own.alone_s) == (gone_at, "customer", 20.0)
    assert floor.state("a0") == "wrap_up" and floor.state("a1") == "ready" and not floor.switch.legs
    assert {v.ended_at for v in floor.ended_visits() if v.kind == "call"} == {gone_at}


def test_row_58_given_the_other_policy_when_the_customer_hangs_up_then_the_consult_ends() -> None:
    floor = Floor(replace(policy(agents=3), consult_continues=False)).talk().consults().hangs_up("c")
    assert not floor.switch.legs and floor.state("a0") == "wrap_up" and floor.state("a1") == "ready"


def test_given_a_conference_then_all_three_hear_each_other() -> None:
    for before in ([], ["toggle"]):
        floor = Floor().talk().consults()
        for each in before:
            floor.asks("a0", each)
        assert floor.asks("a0", "conference") == ""
        assert [floor.hears(who) for who in ("c", "a0", "a1")] == ["all", "all", "all"]
        (joins,) = [c for d in floor.world.decisions for c in d.commands if isinstance(c, ThreeWay)]
        assert (joins.leg, joins.to) == (floor.offer("a0").leg, floor.offer("a1").leg), "the customer is alone on their side of a tape"


def test_row_60_given_a_conference_when_the_first_agent_leaves_then_the_other_goes_on_and_owns_the_customer() -> None:
    floor = Floor().talk().consults().after(5)
    floor.asks("a0", "conference")
    floor.after(7)
    assert floor.asks("a0", "leave") == ""
    assert (floor.hears("c"), floor.hears("a1"), floor.state("a0")) == ("a1", "c", "wrap_up")
    floor.after(9).hangs_up("a1")
    (first,), (second,) = floor.ended_offers("a0"), floor.ended_offers("a1")
    assert (first.ended_by, round(first.hold_s)) == ("transfer", 5)
    assert second.handed_at is not None and second.ended_at is not None and round(second.ended_at - second.handed_at) == 9


def test_row_60_given_a_conference_when_the_colleague_leaves_then_the_first_agent_has_the_customer() -> None:
    floor = Floor().talk().consults()
    floor.asks("a0", "conference")
    assert floor.asks("a1", "leave") == ""
    assert (floor.hears("c"), floor.hears("a0"), floor.hears("a1"), floor.state("a1")) == ("a0", "c", "gone", "ready")


def test_given_a_consult_when_asked_for_what_cannot_be_then_it_is_refused() -> None:
    floor = Floor().talk().consults(answered_by="")
    assert floor.asks("a0", "toggle") == "nobody has answered yet" == floor.asks("a0", "conference")
    floor.picks_up("a1")
    assert floor.asks("a1", "complete") == "only the agent who consults may ask for that; leave, or hang up"
    assert floor.asks("a0", "consult", "a2") == "a colleague is being consulted already"
    assert floor.asks("a0", "transfer", "a2") == "a colleague is being consulted: complete or cancel that first"
    assert floor.asks("a0", "leave") == "there is no conference to leave"
    assert Floor().talk().asks("a0", "toggle") == "nobody is being consulted"
    assert floor.asks("a0", "hold") == "the customer holds already" and floor.asks("a0", "resume") == "the customer does not hold"


def test_given_a_consult_from_hold_then_the_customer_goes_on_holding() -> None:
    floor = Floor().talk()
    floor.asks("a0", "hold")
    floor.after(5).consults().after(5).asks("a0", "cancel")
    floor.hangs_up("a0")
    (offer,) = floor.ended_offers("a0")
    assert (offer.holds, round(offer.hold_s)) == (1, 10)


@pytest.mark.parametrize("wish", ["toggle", "complete", "cancel", "conference"])
def test_given_a_wish_decided_and_not_sent_when_the_controller_comes_back_then_it_is_brought_about(wish: str) -> None:
    """FAULTS.md F09, in each phase of a consult."""
    floor = Floor().talk().consults()
    floor.world.feed(ev.TalkAsked(at=floor.world.at, agent=AgentId("a0"), what=TalkWish(wish)))
    floor.dies().after(6).looks()
    heard = {who: floor.hears(who) for who in ("c", "a0", "a1")}
    assert (
        heard
        == {
            "toggle": {"c": "a0", "a0": "c", "a1": "music"},
            "complete": {"c": "a1", "a0": "gone", "a1": "c"},
            "cancel": {"c": "a0", "a0": "c", "a1": "gone"},
            "conference": {"c": "all", "a0": "all", "a1": "all"},
        }[wish]
    )


@pytest.mark.parametrize("who", ["c", "a0", "a1"])
@pytest.mark.parametrize("before", [[], ["toggle"], ["conference"]])
def test_given_somebody_hangs_up_while_the_controller_is_away_then_the_others_stand_as_if_it_had_been_there(
    who: str, before: list[str]
) -> None:
    """FAULTS.md F09: what was missed is the ordinary event."""
    floor = Floor().talk().consults()
    for each in before:
        floor.asks("a0", each)
    floor.switch.end(floor.world.at, floor.call().leg if who == "c" else floor.offer(who).leg)
    floor.looks().after(6)
    rest = {each: floor.hears(each) for each in ("c", "a0", "a1") if each != who}
    assert rest == {"c": {"a0": "a1", "a1": "a0"}, "a0": {"c": "a1", "a1": "c"}, "a1": {"c": "a0", "a0": "c"}}[who]


def test_given_a_consult_decided_and_not_sent_when_the_colleagues_bridge_parts_the_customer_then_the_fail_safe_is_armed() -> None:
    """FAULTS.md F09: the first look comes too soon after the wish to find them joined to the agent still."""
    floor = Floor().talk()
    floor.feed(ev.NodeLost(at=floor.world.at, node=floor.switch.node))
    floor.world.feed(ev.TalkAsked(at=floor.world.at, agent=AgentId("a0"), what=TalkWish.CONSULT, target="a1"))
    floor.done = len(floor.world.decisions)
    floor.world.at += 0.5
    floor.feed(floor.switch.snapshot(floor.world.at))
    assert floor.hears("c") == "a0" and not floor.switch.legs[CUSTOMER].armed
    floor.picks_up("a1")
    assert (floor.hears("c"), floor.hears("a0")) == ("music", "a1") and floor.switch.legs[CUSTOMER].armed


def test_given_a_switch_that_crashed_in_a_consult_then_everything_ends_once() -> None:
    floor = Floor().talk().consults()
    floor.switch.crash()
    floor.feed(floor.switch.snapshot(floor.world.at, restarted=True)).after(30)
    assert not floor.world.state.calls and not floor.world.state.entries and not floor.world.state.offers
    assert {c.ended_by for c in floor.world.ended(Call)} == {"system"} and len(floor.world.ended(Entry)) == 2
