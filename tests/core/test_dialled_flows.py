"""Whom a campaign without agents dialled hears its flow (ACD.md 94)."""


import pytest

from acd.core import events as ev
from acd.core.outside.dialled_call import DialledState, DialOutcome
from acd.core.outside.seats import seats
from acd.words import AgentState, FlowId, Owner, QueueId
from tests.core.dialled_out import DialledWorld, said
from tests.core.world import Flows

D, O = DialledState, DialOutcome


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
