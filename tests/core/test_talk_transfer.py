"""Blind transfer to an agent, a queue, a flow, a number (ACD.md 38, 56, 57)."""

from dataclasses import replace

from acd.core import events as ev
from acd.core.call import Call
from acd.core.commands import Dial, Ring
from acd.core.interpreter import EnterQueue
from acd.core.outside.outbound_policy import OutboundPolicy, Way
from acd.core.policy import Policy
from acd.core.staff.agent import Agent
from acd.core.talking.transfer import Target, TargetKind
from acd.words import AgentId, QueueId
from tests.core.talking import CUSTOMER, Floor
from tests.core.world import policy

TWO = policy(agents=3, queues=("sales", "support"))


def may_dial_out() -> Policy:
    rules = policy(agents=2, queue_wrap_up_s=0.0)
    agents = {id: replace(each, may_transfer_outside=id == "a0") for id, each in rules.agents.items()}
    ways = (Way(trunk="one", prefixes=("+4930",)), Way(trunk="two", prefixes=("+49",)))
    return replace(rules, agents=agents, outbound=OutboundPolicy(ways=ways, region="DE"))


def test_row_56_given_a_talk_when_transferred_to_a_queue_then_a_new_visit_of_the_same_contact_and_one_wrap_up() -> None:
    floor = Floor(TWO).talk("a1")
    assert floor.asks("a0", "transfer", "support") == ""
    assert floor.state("a0") == "wrap_up" and floor.hears("c") == "music"
    floor.picks_up("a1")
    assert (floor.hears("c"), floor.world.entry("c").queue) == ("a1", "support")
    (first,), (visit,) = floor.ended_offers("a0"), floor.ended_visits()
    assert (first.ended_by, visit.outcome, visit.exit, visit.call) == ("transfer", "answered", "transferred", "c")
    assert len({d.event.at for d in floor.world.decisions for r in d.changes if isinstance(r, Agent) and r.state == "wrap_up"}) == 1


def test_given_a_transfer_to_a_queue_when_served_then_the_flow_goes_on_after_that_talk() -> None:
    floor = Floor(TWO).talk("a1")
    floor.asks("a0", "transfer", "queue:support")
    floor.picks_up("a1").hangs_up("a1")
    assert floor.world.ended(Call)[0].cause == "NORMAL_CLEARING" and not floor.switch.legs


def test_row_57_given_a_transfer_to_an_agent_when_taken_then_they_talk_and_the_offer_is_one_as_any() -> None:
    floor = Floor().talk()
    assert floor.asks("a0", "transfer", "1001") == ""
    assert floor.world.rung()[-1] == "1001" and floor.hears("c") == "music"
    floor.picks_up("a1")
    assert (floor.hears("c"), floor.hears("a1"), floor.call().transfer) == ("a1", "c", None)


def test_row_57_given_nobody_answers_when_the_agent_is_free_then_back_to_them_and_their_phone_says_why() -> None:
    floor = Floor(policy(agents=2, queue_wrap_up_s=5.0)).talk("a1")
    floor.asks("a0", "transfer", "a1")
    floor.switch.rings(floor.world.at, floor.offer("a1").leg)
    floor.goes_on().after(16)
    ring = [c for d in floor.world.decisions for c in d.commands if isinstance(c, Ring)][-1]
    assert (ring.phone, ring.caller_name) == ("1000", "Back: a1 no answer")
    floor.picks_up("a0")
    assert (floor.hears("c"), floor.call().transfer) == ("a0", None)


def test_row_57_given_nobody_answers_when_the_agent_is_not_free_then_back_in_line_with_the_age_kept() -> None:
    floor = Floor(policy(agents=2, queue_wrap_up_s=300.0)).talk("a1")
    since = floor.world.entry("c").since
    floor.asks("a0", "transfer", "a1")
    floor.switch.rings(floor.world.at, floor.offer("a1").leg)
    floor.goes_on().after(16)
    entry = floor.world.entry("c")
    assert (entry.queue, entry.since, floor.hears("c")) == ("sales", since, "music")


def test_row_57_given_it_came_back_when_they_do_not_answer_either_then_in_line() -> None:
    floor = Floor(policy(agents=2, queue_wrap_up_s=5.0)).talk("a1")
    floor.asks("a0", "transfer", "a1")
    floor.after(16).after(16)
    assert (floor.world.entry("c").queue, floor.call().transfer) == ("sales", None)


def test_given_a_transfer_under_way_when_the_customer_hangs_up_then_it_is_abandoned_and_nobody_rings_on() -> None:
    floor = Floor().talk("a1")
    floor.asks("a0", "transfer", "a1")
    floor.after(8).hangs_up("c")
    assert floor.ended_visits()[-1].outcome == "abandoned_while_ringing" and not floor.switch.legs and floor.state("a1") == "ready"


def test_given_a_talk_when_transferred_to_a_flow_then_the_call_goes_on_there() -> None:
    floor = Floor().talk()
    assert floor.asks("a0", "transfer", "menu.sales") == ""
    frame = floor.call().frame
    assert frame is not None and (frame.flow, floor.call().owner, floor.hears("c")) == ("menu.sales", "flow", "music")


def test_given_a_customer_who_holds_when_transferred_then_they_go_on_at_once() -> None:
    floor = Floor(TWO).talk("a1")
    floor.asks("a0", "hold")
    assert floor.asks("a0", "transfer", "support") == "" and floor.hears("c") == "music" and floor.world.rung()[-1] == "1001"


def test_given_a_target_that_cannot_take_it_when_asked_then_it_is_refused_and_the_talk_goes_on() -> None:
    floor = Floor(replace(TWO, queues={**TWO.queues, QueueId("tiny"): replace(TWO.queues[QueueId("sales")], id=QueueId("tiny"))}))
    floor.talk("a1")
    for target, why in {
        "": "transfer: whom? name an agent, a queue, a flow or a number",
        "a0": "that is you",
        "a2": "a2 is not logged in",
        "tiny": "nobody is logged in for queue tiny",
        "nobody": "there is no agent, queue, flow or number 'nobody'",
        "queue:a1": "there is no queue 'a1'",
        "+4930123456": "a0 may not transfer to numbers outside",
    }.items():
        assert floor.asks("a0", "transfer", target) == why
    floor.feed(ev.PhoneUnregistered(at=floor.world.at, node=floor.switch.node, phone="1001"))  # type: ignore[arg-type]
    assert floor.asks("a0", "transfer", "a1") == "the phone of a1 is not registered"
    assert floor.hears("c") == "a0"


def test_given_a_number_outside_when_allowed_then_it_is_dialled_through_the_gate() -> None:
    floor = Floor(may_dial_out()).talk("a1")
    assert floor.asks("a0", "transfer", "+4930123456") == ""
    (dial,) = [c for d in floor.world.decisions for c in d.commands if isinstance(c, Dial)]
    assert (dial.leg, dial.trunk, dial.number) == (CUSTOMER, "one", "+4930123456")
    floor.feed(ev.PlayEnded(at=floor.world.at + 60, leg=CUSTOMER, play=dial.play, cause="NORMAL_CLEARING"))
    assert floor.world.ended(Call)


def test_given_a_number_outside_when_busy_then_it_comes_back() -> None:
    floor = Floor(may_dial_out()).talk("a1")
    floor.asks("a0", "transfer", "+4930123456")
    (dial,) = [c for d in floor.world.decisions for c in d.commands if isinstance(c, Dial)]
    floor.feed(ev.PlayEnded(at=floor.world.at, leg=CUSTOMER, play=dial.play, cause="USER_BUSY"))
    ring = [c for d in floor.world.decisions for c in d.commands if isinstance(c, Ring)][-1]
    assert (ring.phone, ring.caller_name) == ("1000", "Back: +4930123456 busy")


def test_given_a_trunk_that_fails_when_another_allows_the_number_then_that_one_is_tried() -> None:
    floor = Floor(may_dial_out()).talk("a1")
    floor.asks("a0", "transfer", "+4930123456")
    for _ in range(2):
        dial = [c for d in floor.world.decisions for c in d.commands if isinstance(c, Dial)][-1]
        floor.feed(ev.PlayEnded(at=floor.world.at, leg=CUSTOMER, play=dial.play, cause="GATEWAY_DOWN"))
    dials = [c.trunk for d in floor.world.decisions for c in d.commands if isinstance(c, Dial)]
    assert dials == ["one", "two"] and floor.call().owner == "queue"


def test_given_a_number_that_no_trunk_takes_when_transferred_then_it_comes_back_at_once() -> None:
    floor = Floor(may_dial_out()).talk("a1")
    assert floor.asks("a0", "transfer", "+15551234567") == ""
    assert floor.call().transfer is not None and floor.world.rung()[-1] == "1000"


def test_given_a_transfer_decided_and_not_sent_when_the_controller_comes_back_then_it_goes_on() -> None:
    """FAULTS.md F09: the agent is released, the customer goes where they were sent."""
    floor = Floor(TWO).talk("a1")
    floor.world.feed(ev.TalkAsked(at=floor.world.at, agent=AgentId("a0"), what="transfer", target="support"))  # type: ignore[arg-type]
    floor.dies().after(2)
    assert floor.hears("c") == "music" and floor.hears("a0") == "gone" and floor.world.entry("c").queue == "support"
    assert len(floor.switch.legs) == 2


def test_given_a_parked_leg_that_is_never_reported_when_transferred_then_it_goes_on_all_the_same() -> None:
    floor = Floor(TWO).talk("a1")
    floor.world.feed(ev.TalkAsked(at=floor.world.at, agent=AgentId("a0"), what="transfer", target="support"))  # type: ignore[arg-type]
    floor.obey()
    floor.switch.outbox.clear()
    assert floor.after(1.5).hears("c") == "music"


def test_given_a_talk_after_which_the_flow_goes_on_when_it_ends_the_call_then_not_the_agent_has_ended_it() -> None:
    floor = Floor(TWO, after={"served": EnterQueue(queue=QueueId("support"), max_wait_s=5.0)}).talk("a2")
    floor.feed(ev.AgentAsked(at=floor.world.at, agent=AgentId("a2"), wish="log_out"))  # type: ignore[arg-type]
    floor.hangs_up("a0")
    floor.after(6)
    assert floor.world.ended(Call)[0].ended_by == "system"


def test_given_a_short_number_of_the_house_when_typed_then_it_is_whom_it_names() -> None:
    rules = replace(TWO, talk_targets={"71": Target(kind=TargetKind.QUEUE, id="support")})
    floor = Floor(rules).talk("a1").types("a0", "*371#")
    assert floor.world.entry("c").queue == "support"
