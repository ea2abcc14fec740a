"""An agent who is reserved for one attempt of a campaign: nobody else gets them, and they are never left so (ACD.md 37, 86, 87)."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from acd.core import events as ev
from acd.core.matching.routing_policy import Membership
from acd.core.offers.offer import Offer
from acd.core.outside.dialled_call import DialledState, DialOutcome
from acd.core.outside.seats import seats
from acd.core.policy import Policy
from acd.core.state import State
from acd.words import AgentId, AgentState, EntryState, OfferOutcome, PhoneId, QueueId, Wish
from tests.core.dialled_out import DialledWorld, dialling_rules, talked
from tests.core.world import FS

D, O = DialledState, DialOutcome
SALES = QueueId("sales")


def reserved(*more: str) -> DialledWorld:
    """a0 is, for t1; and these agents are ready."""
    w = DialledWorld().ready("a0", *more)
    assert w.reserves("a0") == ""
    return w


def is_free(w: DialledWorld, agent: str = "a0") -> bool:
    return w.agent(agent).is_free and agent in [str(each) for each in w.state.roster.pool(SALES).free()]


# -- as long as they are ---


def test_row_37_given_an_agent_who_is_reserved_when_somebody_calls_then_another_agent_or_nobody() -> None:
    w = reserved()
    w.arrives("c")
    assert w.rung() == [] and w.entry("c").state is EntryState.WAITING
    assert (w.state.available(SALES), seats(w.state, SALES).free) == (0, 0)
    w.ready("a1")
    assert w.offer("a1").call == "c"
    passed = {each.agent: (each.rule, each.value) for each in w.offer("a1").trace.passed_over}
    assert passed == {"a0": ("reserved", "t1")}


def test_row_37_given_callers_who_wait_when_the_agent_is_let_go_then_the_first_of_them_at_once_with_the_old_idle_time() -> None:
    w = reserved()
    since = w.agent("a0").idle_since
    w.after(10).arrives("c")
    w.lets_go("a0", "t2")
    assert w.rung() == [], "reserved for another attempt"
    w.lets_go("a0")
    assert w.offer("a0").call == "c" and w.agent("a0").idle_since == since


def test_given_a_queue_that_its_agent_prefers_when_the_person_answers_then_them_all_the_same() -> None:
    rules = dialling_rules(1, queues=("sales", "support"))
    likes = {QueueId("sales"): Membership(order=2), QueueId("support"): Membership(order=1)}
    agents = {id: replace(each, memberships=likes) for id, each in rules.agents.items()}
    w = DialledWorld(replace(rules, agents=agents)).ready("a0")
    w.reserves("a0")
    w.arrives("c", dialled="2")
    w.dials(reserved=AgentId("a0"))
    w.answers()
    assert w.offer("a0").call == w.contact().id and w.entry("c").state is EntryState.WAITING


def test_given_an_agent_who_is_not_free_when_asked_for_then_refused_in_words() -> None:
    w = DialledWorld()
    assert w.reserves("a0") == "a0 is not free: logged out"
    w.talks("c", "a0")
    assert w.reserves("a0") == "a0 is not free: talking"
    assert w.reserves("a9") == "no agent of sales is called 'a9'"
    w.ready("a1")
    assert w.reserves("a1", queue="support") == "no agent of support is called 'a1'"
    assert w.reserves("a1", attempt="") and w.reserves("a1", for_s=0.0) and w.reserves("a1", for_s=301.0)
    assert is_free(w, "a1") and w.reserves("a1") == ""
    assert w.reserves("a1", attempt="t2") == "a1 is not free: reserved (t1)"


# -- and then not any more ---


def test_given_nobody_who_asks_again_when_the_time_is_over_then_free() -> None:
    w = reserved()
    w.after(40)
    assert w.reserves("a0") == "" and w.after(59).agent("a0").reserved_for == "t1"
    w.after(1.1)
    assert is_free(w)


@pytest.mark.parametrize(
    "leaves",
    [
        lambda w: w.asks("a0", Wish.NOT_READY, "lunch"),
        lambda w: w.asks("a0", Wish.LOG_OUT),
        lambda w: w.feed(ev.PhoneUnregistered(at=w.at, phone=PhoneId("1000"), node=FS)),
        lambda w: w.arrives("own", dialled="+4930999", phone="1000"),
    ],
)
def test_given_an_agent_who_goes_elsewhere_when_back_then_reserved_for_nobody(leaves: Callable[[DialledWorld], object]) -> None:
    w = reserved()
    w.feed(ev.PhoneRegistered(at=w.at, phone=PhoneId("1000"), node=FS))
    leaves(w)
    assert w.agent("a0").reserved_for == "" and w.agent("a0").deadline is None
    w.dials(reserved=AgentId("a0"))
    assert "is not free" in w.decisions[-1].refused and w.called == []


def test_given_a_feature_code_when_the_agent_dials_it_then_reserved_as_before_and_no_call_is_put_through_meanwhile() -> None:
    w = reserved()
    w.dials(reserved=AgentId("a0"), answer_s=5.0)
    w.arrives("code", dialled="*1", phone="1000")
    w.answers()
    assert w.agent("a0").reserved_for == "t1"
    w.hangs_up("code")
    assert w.offer("a0").call == w.contact().id


def test_given_a_new_configuration_without_the_agent_when_in_force_then_reserved_no_more() -> None:
    w = reserved()
    rules: Policy = w.state.policy
    w.state.policy = replace(rules, agents={id: each for id, each in rules.agents.items() if id != "a0"})
    w.feed(ev.PolicyChanged(at=w.at))
    assert (w.agent("a0").state, w.agent("a0").reserved_for) == (AgentState.LOGGED_OUT, "")


# -- dialled for them ---


def test_row_37_given_a_person_who_answers_when_others_are_free_for_longer_then_who_is_reserved_and_nobody_else() -> None:
    w = DialledWorld().ready("a1").after(60)
    w.ready("a0").after(5)
    w.reserves("a0")
    w.arrives("c")  # takes a1
    w.dials(reserved=AgentId("a0"), priority=0)
    w.arrives("d")
    w.answers()
    assert w.offer("a0").call == w.contact().id and w.entry("d").state is EntryState.WAITING
    w.picks_up("a0")
    w.is_bridged("a0")
    assert (w.dialled().state, w.dialled().agent, w.agent("a0").reserved_for) == (D.TALKING, "a0", "")


def test_row_86_given_an_agent_who_left_when_the_person_answers_then_nobody_else_is_asked_and_the_message() -> None:
    w = reserved("a1")
    w.dials(reserved=AgentId("a0"))
    w.asks("a0", Wish.NOT_READY, "lunch")
    w.answers()
    w.after(1.9)
    assert w.dialled().state is D.ANSWERED and is_free(w, "a1") and w.rung() == []
    w.after(0.2)
    assert w.dialled().state is D.ABANDONED


def test_row_87_given_the_agent_declines_when_the_person_waits_then_nobody_else_is_asked_and_the_agent_is_free() -> None:
    w = reserved("a1")
    w.dials(reserved=AgentId("a0"))
    w.answers()
    w.phone_ends("a0", "CALL_REJECTED")
    assert w.rung() == ["1000"] and is_free(w) and is_free(w, "a1")
    w.after(2.1)
    assert w.dialled().state is D.ABANDONED and w.ended(Offer)[0].outcome is OfferOutcome.DECLINED


def test_given_an_agent_who_has_come_back_for_another_attempt_when_the_first_one_answers_then_they_do_not_get_it() -> None:
    w = reserved()
    w.dials(reserved=AgentId("a0"))
    w.asks("a0", Wish.NOT_READY, "lunch")
    w.ready("a0")
    assert w.reserves("a0", "t2") == ""
    w.answers()
    assert w.rung() == [] and w.agent("a0").reserved_for == "t2"


@pytest.mark.parametrize("cause", ["USER_BUSY", "NO_ANSWER", "LOST"])
def test_given_a_phone_that_nobody_answers_when_it_is_over_then_the_agent_is_free(cause: str) -> None:
    w = reserved()
    w.dials(reserved=AgentId("a0"))
    w.after(200 if cause == "LOST" else 1)
    assert w.agent("a0").reserved_for == "t1", "however long it takes"
    w.far_ends(cause=cause)
    assert is_free(w)


def test_s01_given_a_number_that_may_not_leave_when_asked_for_then_refused_and_the_agent_is_free() -> None:
    w = reserved()
    assert w.dials(number="nonsense", reserved=AgentId("a0")).startswith("not_a_number")
    assert is_free(w)


def test_given_a_free_agent_when_an_attempt_is_asked_for_with_them_then_reserved_by_that_and_a_second_is_refused() -> None:
    w = DialledWorld().ready("a0")
    assert w.dials(reserved=AgentId("a0")) == "" and w.agent("a0").reserved_for == "t1"
    assert w.dials("t2", reserved=AgentId("a0")) == "a0 is not free: reserved (t1)"
    assert w.dials("t3", queue=None, flow="message.hello", reserved=AgentId("a0")) == "who hears a flow needs no agent"
    assert "t2" not in w.state.dialled
    talked(w)
    w.hangs_up(w.contact().id)
    assert is_free(w), "after the talk"


def test_given_a_caller_who_leaves_in_the_offer_when_the_agent_is_released_then_free() -> None:
    w = reserved()
    w.dials(reserved=AgentId("a0"))
    w.answers()
    w.feed(ev.LegEnded(at=w.at, leg=w.far(), cause="NORMAL_CLEARING"))
    assert is_free(w) and w.dialled().outcome is O.HUNG_UP


# -- a kill -9 ---


def restarted(w: DialledWorld) -> DialledWorld:
    fresh = State(w.state.policy, w.state.flows)
    for decision in w.decisions:
        for record in decision.changes:
            fresh.put(record)
    w.state = fresh
    w.feed(ev.NodeLost(at=w.at, node=FS))
    w.feed(ev.HouseStarted(at=w.at))
    return w


def test_f10_given_a_kill_while_a_lead_is_shown_when_back_then_the_agent_is_free_at_once() -> None:
    w = restarted(reserved())
    assert is_free(w)


def test_f10_given_a_kill_while_it_rings_when_back_then_still_reserved_until_it_is_over() -> None:
    w = reserved()
    w.dials(reserved=AgentId("a0"))
    restarted(w)
    assert w.agent("a0").reserved_for == "t1"
    w.at += 10
    ringing = ev.ChannelSeen(leg=w.far(), inbound=False, answered=False, playing=False, marks={"out": "t1"})
    w.feed(ev.SnapshotTaken(at=w.at, node=FS, asked_at=w.at, channels=(ringing,)))
    w.answers()
    assert w.offer("a0").call == w.contact().id


def test_f10_given_a_kill_after_the_end_when_back_then_free() -> None:
    w = reserved()
    w.dials(reserved=AgentId("a0"))
    w.far_ends(cause="USER_BUSY")
    restarted(w)
    assert is_free(w)
