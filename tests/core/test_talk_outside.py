"""Consult with a number outside: dialled through the gate, toggled, completed, cancelled, conferred with; who hangs up meanwhile."""

from dataclasses import replace

import pytest

from acd.core import events as ev
from acd.core.call import Call
from acd.core.commands import Signal
from acd.core.outside.outbound_policy import OutboundPolicy, Way
from acd.core.outside.outgoing import Outgoing
from acd.core.policy import Policy
from acd.words import AgentId, TalkWish
from tests.core.talking import CUSTOMER, Floor
from tests.core.world import policy

NUMBER = "+4930123456"


def rules(**outbound: object) -> Policy:
    """a0 may call out; two trunks lead to Berlin; nobody has a wrap-up, so that who transferred is free again."""
    plain = policy(agents=2, queue_wrap_up_s=0.0)
    agents = {id: replace(each, may_transfer_outside=id == "a0") for id, each in plain.agents.items()}
    ways = (Way(trunk="one", prefixes=("+4930",), caller_id="+49301000"), Way(trunk="two", prefixes=("+49",)))
    return replace(plain, agents=agents, outbound=OutboundPolicy(ways=ways, region="DE", **outbound))  # type: ignore[arg-type]


def asked(floor: Floor | None = None) -> Floor:
    """a0 has asked for the number, and it rings there."""
    floor = floor or Floor(rules()).talk("a1")
    assert floor.asks("a0", "consult", NUMBER) == ""
    return floor


def answered(*then: str) -> Floor:
    """They have picked up; then some wishes of the agent."""
    floor = asked().picks_up("out")
    for each in then:
        assert floor.asks("a0", each) == ""
    return floor


def hear(floor: Floor) -> tuple[str, str, str]:
    return floor.hears("c"), floor.hears("a0"), floor.hears("out")


def signals(floor: Floor) -> int:
    return sum(isinstance(c, Signal) for d in floor.world.decisions for c in d.commands)


def test_given_a_talk_when_a_number_is_consulted_then_the_agent_hears_it_ring_and_the_customer_music() -> None:
    for floor in (Floor(rules()).talk("a1"), Floor(rules()).talk("a1").types("a0", "*2")):
        asked(floor)
        assert hear(floor) == ("music", "ringing", "nothing") and floor.call().arm_at is not None
        floor.picks_up("out")
        assert hear(floor) == ("music", "out", "a0") and floor.state("a0") == "talking"


def test_given_a_number_typed_on_the_phone_when_consulted_then_it_is_called_through_the_first_trunk_with_its_number_shown() -> None:
    floor = Floor(rules()).talk("a1").types("a0", "*4030123456#")
    (out,) = floor.world.state.outgoing.values()
    assert (out.reason, out.agent, out.trunk, out.shown, out.number) == ("consult", "a0", "one", "+49301000", NUMBER)
    assert floor.called()[0].marks["call"] == "c"


@pytest.mark.parametrize("limit", ["per_agent", "per_call", "per_number", "per_day"])
def test_s01_given_a_limit_that_is_reached_when_a_number_is_consulted_then_refused_and_the_talk_goes_on(limit: str) -> None:
    floor = asked(Floor(rules(**{limit: 1})).talk("a1")).hangs_up("out", "USER_BUSY").after(1)
    assert "has had its 1 calls" in floor.asks("a0", "consult", NUMBER)
    assert hear(floor)[:2] == ("a0", "c") and floor.world.ended(Outgoing)[-1].refused


def test_given_an_agent_who_may_not_call_out_when_a_number_is_consulted_then_refused() -> None:
    floor = Floor(rules()).talk("a1")
    floor.world.state.policy = replace(rules(), agents=policy(agents=2).agents)
    assert floor.asks("a0", "consult", NUMBER) == "a0 may not transfer to numbers outside"
    assert not floor.called() and floor.hears("c") == "a0"


def test_given_an_outsider_when_toggled_then_the_other_one_hears_music() -> None:
    floor = answered("toggle")
    assert hear(floor) == ("a0", "c", "music")
    assert floor.asks("a0", "toggle") == "" and hear(floor) == ("music", "out", "a0")


def test_given_it_rings_when_toggled_or_conferred_then_nobody_has_answered_yet() -> None:
    floor = asked()
    assert {floor.asks("a0", wish) for wish in ("toggle", "conference")} == {"nobody has answered yet"}
    assert floor.asks("a0", "consult", "a1") == "a colleague is being consulted already"


@pytest.mark.parametrize("before", [(), ("toggle",), ("conference",)])
@pytest.mark.parametrize("wish", ["complete", ""])
def test_given_an_outsider_when_completed_or_the_agent_hangs_up_then_the_customer_is_with_them(
    before: tuple[str, ...], wish: str
) -> None:
    floor = answered(*before).after(7)
    assert not wish or floor.asks("a0", wish) == ""
    if not wish:
        floor.hangs_up("a0")
    assert hear(floor) == ("out", "gone", "c") and floor.state("a0") == "ready"
    (offer,) = floor.ended_offers("a0")
    assert (offer.ended_by, floor.world.ended(Outgoing)) == ("transfer", [])
    floor.after(100).hangs_up("out")
    (call,) = floor.world.ended(Call)
    assert call.trail[-1].step == "served" and not floor.switch.legs and not floor.world.state.outgoing


def test_given_they_were_put_through_when_the_customer_hangs_up_then_their_leg_is_ended() -> None:
    floor = answered("complete").after(50).hangs_up("c")
    assert not floor.switch.legs and not floor.world.state.calls and not floor.world.state.outgoing
    assert floor.world.ended(Call)[0].ended_by == "customer"


def test_given_it_rings_when_completed_then_the_customer_waits_with_music_and_has_them_when_they_answer() -> None:
    floor = asked()
    assert floor.asks("a0", "complete") == "" and hear(floor) == ("music", "gone", "nothing")
    assert len(floor.called()) == 1 and floor.call().arm_at is not None
    floor.picks_up("out")
    assert hear(floor) == ("out", "gone", "c") and not floor.switch.legs[CUSTOMER].armed


@pytest.mark.parametrize("cause", ["USER_BUSY", "NO_ANSWER", "CALL_REJECTED"])
def test_row_57_given_it_rang_when_completed_and_nobody_takes_it_then_the_customer_comes_back(cause: str) -> None:
    floor = asked()
    floor.asks("a0", "complete")
    floor.hangs_up("out", cause)
    assert floor.world.rung()[-1] == "1000" and floor.hears("c") == "music"
    assert floor.picks_up("a0").hears("c") == "a0"


def test_given_an_outsider_when_cancelled_or_they_hang_up_then_the_agent_is_with_the_customer() -> None:
    for before in ([], ["toggle"], ["conference"]):
        for by in ("cancel", "out"):
            floor = answered(*before)
            if by == "cancel" and before != ["conference"]:
                assert floor.asks("a0", "cancel") == ""
            else:
                floor.hangs_up("out")
            assert hear(floor) == ("a0", "c", "gone") and not floor.world.state.outgoing, (before, by)
    floor = asked()
    assert floor.asks("a0", "cancel") == "" and hear(floor) == ("a0", "c", "gone") and not signals(floor)


@pytest.mark.parametrize(
    ("cause", "why"), [("USER_BUSY", "busy"), ("NO_ANSWER", "no answer"), ("CALL_REJECTED", "failed"), ("NORMAL_CLEARING", "failed")]
)
def test_given_nobody_outside_takes_it_then_the_agent_is_with_the_customer_and_told_why(cause: str, why: str) -> None:
    floor = asked().hangs_up("out", cause).after(1)
    assert hear(floor) == ("a0", "c", "gone") and floor.call().talk.why == f"{NUMBER}: {why}"
    assert signals(floor) == 1 and floor.world.ended(Outgoing)[0].cause == cause


def test_given_nobody_answers_and_the_switch_does_not_say_so_then_it_is_given_up() -> None:
    floor = asked().after(34)
    assert hear(floor) == ("a0", "c", "gone") and floor.call().talk.why == f"{NUMBER}: no answer"


def test_given_a_trunk_that_has_no_way_there_when_consulted_then_the_next_and_when_none_is_left_the_agent_is_told() -> None:
    floor = asked().hangs_up("out", "NORMAL_TEMPORARY_FAILURE")
    assert [each.trunk for each in floor.called()] == ["one", "two"] and floor.hears("a0") == "ringing"
    floor.hangs_up("out", "GATEWAY_DOWN").after(1)
    assert hear(floor)[:2] == ("a0", "c") and floor.call().talk.why == f"{NUMBER}: failed"


def test_given_an_outsider_in_a_conference_when_the_agent_leaves_then_customer_and_outsider_go_on() -> None:
    floor = answered("conference")
    assert hear(floor) == ("all", "all", "all")
    assert floor.asks("a0", "leave") == "" and hear(floor) == ("out", "gone", "c")


@pytest.mark.parametrize("before", [(), ("toggle",), ("conference",)])
@pytest.mark.parametrize("last", ["a0", "out"])
def test_row_58_given_the_customer_hangs_up_then_agent_and_outsider_go_on_until_one_hangs_up(
    before: tuple[str, ...], last: str
) -> None:
    floor = answered(*before).after(4).hangs_up("c")
    assert (floor.hears("a0"), floor.hears("out")) == ("out", "a0")
    floor.after(20).hangs_up(last)
    (call,), (own,) = floor.world.ended(Call), floor.ended_offers("a0")
    assert (call.ended_by, own.alone_s, floor.switch.legs) == ("customer", 20.0, {}) and not floor.world.state.outgoing


def test_row_58_given_it_rings_or_the_house_says_so_when_the_customer_hangs_up_then_it_is_over() -> None:
    for floor in (asked(), asked(Floor(replace(rules(), consult_continues=False)).talk("a1")).picks_up("out")):
        floor.hangs_up("c")
        assert not floor.switch.legs and floor.state("a0") == "ready" and not floor.world.state.outgoing


def test_given_they_answer_in_the_very_moment_of_cancel_then_they_are_released() -> None:
    floor = asked()
    floor.switch.picks_up(floor.world.at, floor.leg_of("out"))
    floor.world.feed(ev.TalkAsked(at=floor.world.at, agent=AgentId("a0"), what=TalkWish.CANCEL))
    floor.goes_on()
    assert hear(floor) == ("a0", "c", "gone") and len(floor.switch.legs) == 2


def test_given_a_bridge_that_never_stands_when_put_through_then_the_customer_comes_back() -> None:
    floor = answered()
    floor.world.feed(ev.TalkAsked(at=floor.world.at, agent=AgentId("a0"), what=TalkWish.COMPLETE))
    floor.done = len(floor.world.decisions)
    for _ in range(5):
        floor.world.after(2.5)
        floor.done = len(floor.world.decisions)
    assert floor.call().outsider is None and floor.call().owner == "queue" and floor.world.rung()[-1] == "1000"


@pytest.mark.parametrize("wish", ["toggle", "complete", "cancel", "conference"])
def test_f09_given_a_wish_decided_and_not_sent_when_the_controller_comes_back_then_it_is_brought_about(wish: str) -> None:
    floor = answered()
    floor.world.feed(ev.TalkAsked(at=floor.world.at, agent=AgentId("a0"), what=TalkWish(wish)))
    floor.dies().after(6).looks()
    expected = {
        "toggle": ("a0", "c", "music"),
        "complete": ("out", "gone", "c"),
        "cancel": ("a0", "c", "gone"),
        "conference": ("all", "all", "all"),
    }
    assert hear(floor) == expected[wish]


@pytest.mark.parametrize("who", ["c", "a0", "out"])
@pytest.mark.parametrize("before", [(), ("toggle",), ("conference",)])
def test_f09_given_somebody_hangs_up_while_the_controller_is_away_then_the_others_are_together(
    who: str, before: tuple[str, ...]
) -> None:
    floor = answered(*before)
    floor.switch.end(floor.world.at, CUSTOMER if who == "c" else floor.leg_of(who))
    floor.looks().after(6)
    heard = {"c": ("gone", "out", "a0"), "a0": ("out", "gone", "c"), "out": ("a0", "c", "gone")}
    assert hear(floor) == heard[who]


@pytest.mark.parametrize("completed", [False, True])
def test_f09_given_they_answer_while_the_controller_is_away_then_they_are_joined(completed: bool) -> None:
    floor = asked()
    if completed:
        floor.asks("a0", "complete")
    floor.switch.picks_up(floor.world.at, floor.leg_of("out"))
    floor.looks().after(1)
    assert hear(floor) == (("out", "gone", "c") if completed else ("music", "out", "a0"))


@pytest.mark.parametrize("who", ["c", "out"])
def test_f09_given_they_were_put_through_when_one_leaves_while_the_controller_is_away_then_it_is_over(who: str) -> None:
    floor = answered("complete").after(20)
    floor.switch.end(floor.world.at, CUSTOMER if who == "c" else floor.leg_of(who))
    floor.looks().after(6)
    assert not floor.world.state.calls and not floor.switch.legs


def test_given_agent_and_outsider_who_cannot_be_joined_then_the_customer_is_in_line_again_and_nobody_is_left_outside() -> None:
    floor = asked()
    floor.switch._bridge = lambda at, a, b: floor.switch.outbox.append(ev.BridgeFailed(at=at, leg=a, other=b))  # type: ignore[method-assign]
    floor.picks_up("out").after(12)
    assert floor.call().owner == "queue" and floor.call().outsider is None and floor.hears("c") == "music"
    assert floor.hears("out") == "gone" and not floor.world.state.outgoing


def test_f17_given_customer_and_outsider_who_were_parted_and_nobody_said_so_when_looked_at_then_they_are_joined_again() -> None:
    floor = answered("complete").after(20)
    for each in floor.switch.legs.values():
        each.bridged_to = None
    floor.looks()
    assert hear(floor) == ("out", "gone", "c")


def test_f34_given_a_conference_asked_for_before_the_consult_stands_when_the_others_are_joined_then_all_hear_each_other() -> None:
    floor = asked()
    out = floor.leg_of("out")
    floor.switch.rings(floor.world.at, out)
    floor.switch.picks_up(floor.world.at, out)
    while floor.switch.outbox:
        floor.world.feed(floor.switch.outbox.pop(0))
    floor.done = len(floor.world.decisions)  # the switch has not begun to join the two
    assert floor.asks("a0", "conference") == ""
    assert hear(floor) == ("all", "all", "all")


def test_given_a_switch_that_crashed_when_an_outsider_is_consulted_then_everything_ends_once() -> None:
    for floor in (asked(), answered(), answered("complete")):
        floor.switch.crash()
        floor.feed(floor.switch.snapshot(floor.world.at, restarted=True)).after(30)
        assert not floor.world.state.calls and not floor.world.state.offers and not floor.world.state.outgoing
        assert {c.ended_by for c in floor.world.ended(Call)} == {"system"}
