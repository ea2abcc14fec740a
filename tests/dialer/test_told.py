"""News of a lead for programs beside the house: before whom it is, with its fields, each once; and what came of it."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from acd.campaign import After, Disposition, Mode
from acd.core.decision import Decision as HouseDecision
from acd.core.matching.trace import Trace
from acd.core.offers.offer import Offer
from acd.core.outside.dialled_call import DialledCall
from acd.words import AgentId, AgentState, CallId, EntryId, LegId, OfferId, OfferState, QueueId
from dialer.core.decisions import Tell
from dialer.core.events import DispositionSaid, OfferSeen, PreviewWished
from dialer.core.news import News, What
from dialer.core.said import Said
from dialer.live.seen import events_of
from dialer.live.told import told_of

from .floor import NOON, QUEUE, D, O, World, campaign, talked

TRACE = Trace(strategy="longest_idle", policy="", at=NOON, waited_s=0.0, line=1)
TAGS = {"lead": "17", "lead_key": "K-1", "lead_name": "Ada", "lead_plan": "gold", "order": "5"}


def offer(agent: str = "anna", n: int = 1, **more: Any) -> Offer:
    return Offer(
        id=OfferId(f"o{n}"), entry=EntryId("e1"), call=CallId("c1"), queue=QUEUE, agent=AgentId(agent), leg=LegId("a/x"),
        offered_at=NOON, trace=TRACE, **more,
    )  # fmt: skip


def told(decisions: object) -> list[tuple[str, str]]:
    return [(each.news.what.value, str(each.news.agent or "")) for each in decisions if isinstance(each, Tell)]  # type: ignore[attr-defined]


def preview(**more: Any) -> World:
    world = World(campaign(mode=Mode.PREVIEW, message=None, preview_s=30.0, guide="Ask.", **more))
    world.agent("anna")
    return world


def test_given_a_lead_that_is_shown_when_dialled_then_it_was_told_once_and_is_not_withdrawn() -> None:
    world = preview()
    assert told(world.decided) == [("lead_shown", "anna")] and not told(world.tick(10))
    assert not told(world.hear(PreviewWished(at=world.at, agent="anna", accepts=True)))


def test_given_a_lead_that_is_shown_when_passed_on_then_withdrawn_and_the_next_one_is_told() -> None:
    world = preview()
    before = len(world.decided)
    world.hear(PreviewWished(at=world.at, agent="anna", accepts=False))
    world.tick()
    assert told(world.decided[before:]) == [("lead_withdrawn", "anna"), ("lead_shown", "anna")]


def test_given_a_lead_that_is_shown_when_the_agent_gets_a_caller_then_withdrawn() -> None:
    world = preview()
    assert told(world.agent("anna", AgentState.TALKING)) == [("lead_withdrawn", "anna")]


def test_given_somebody_who_answered_when_offered_then_told_once_for_each_agent_and_before_they_talk() -> None:
    world = World(campaign(guide="Ask."))
    world.agent("anna")
    world.answers("t1")
    call = replace(world.calls["t1"], tags=TAGS)
    rings = OfferSeen(at=world.at, offer=offer(), call=call)
    made = world.hear(rings)
    assert told(made) == [("lead_offered", "anna")] and not told(world.hear(rings))
    (news,) = [each.news for each in made if isinstance(each, Tell)]
    assert (news.call, news.queue, news.guide, news.tags) == ("c1", QUEUE, "Ask.", TAGS)
    assert not told(world.hear(OfferSeen(at=world.at, offer=offer(state=OfferState.BRIDGED), call=call)))
    assert not told(world.hear(OfferSeen(at=world.at, offer=offer(state=OfferState.ENDED), call=call)))
    assert told(world.hear(OfferSeen(at=world.at, offer=offer("ben", 2), call=call))) == [("lead_offered", "ben")]
    assert not world.state.offered - {OfferId("o2")}, "and what is over is kept no longer"


def test_given_a_word_in_the_talk_when_said_then_told_at_once_and_once_and_another_word_again() -> None:
    world = talked(World(campaign()))
    at = world.at
    assert told(world.see("t1", disposition="later", disposed_by=AgentId("anna"), disposed_at=at)) == [("lead_disposed", "anna")]
    assert not told(world.ends("t1", O.TALKED))
    made = world.see("t1", disposition="sold", disposed_at=at + 5, is_told_after=True)
    assert [each.news.said.disposition for each in made if isinstance(each, Tell) and each.news.said] == ["sold"]
    world.see("t1", state=D.FORGOTTEN)
    assert not world.state.heard


def test_given_a_word_said_afterwards_by_command_when_heard_then_told_with_its_time() -> None:
    world = World(campaign())
    said = Said(attempt="t9", campaign="spring", disposition="call_back", at=NOON, by="sue", call_at=NOON + 60)
    (tell,) = [each for each in world.hear(DispositionSaid(at=NOON, said=said)) if isinstance(each, Tell)]
    name, what = told_of(tell.news, house())
    assert (name, what["disposition"], what["by"], what["call_at"]) == ("lead_disposed", "call_back", "sue", NOON + 60)
    assert what["lead"] is None, "of a call that is long over nothing is known but its id"


def house() -> Any:
    queues = {QUEUE: SimpleNamespace(dispositions={"sold": "1", "never": "2"})}
    rules = campaign(dispositions={"never": Disposition(then=After.DO_NOT_CALL)})
    return SimpleNamespace(policy=SimpleNamespace(queues=queues), campaigns={"spring": rules})


def test_given_a_lead_when_told_then_its_fields_as_they_are_the_guide_and_what_may_be_said() -> None:
    anna = AgentId("anna")
    news = News(what=What.OFFERED, attempt="t1", campaign="spring", agent=anna, queue=QUEUE, number="+1", tags=TAGS, guide="Ask.")
    name, what = told_of(news, house())
    assert name == "lead_offered" and what["lead"] == {"id": "17", "key": "K-1", "name": "Ada", "fields": {"plan": "gold"}}
    assert what["dispositions"] == {"sold": {"code": "1", "then": "final"}, "never": {"code": "2", "then": "do_not_call"}}
    assert (what["agent"], what["number"], what["guide"]) == ("anna", "+1", "Ask.")


def test_given_a_queue_that_is_gone_when_told_then_nothing_may_be_said_of_it() -> None:
    news = News(what=What.SHOWN, attempt="t1", campaign="gone", agent=AgentId("anna"), queue=QueueId("gone"))
    assert told_of(news, house())[1]["dispositions"] == {}


def test_given_offers_of_a_house_when_read_then_those_of_who_was_dialled_and_no_callers() -> None:
    dialled = DialledCall(id="t1", number="+1", at=NOON, campaign="spring")
    calls = {"c1": SimpleNamespace(attempt="t1"), "c2": SimpleNamespace(attempt="")}
    state: Any = SimpleNamespace(calls=calls, dialled={"t1": dialled})
    changes = (offer(), replace(offer("ben", 2), call=CallId("c2")), replace(offer("cleo", 3), call=CallId("gone")))
    decision: Any = HouseDecision.__new__(HouseDecision)
    object.__setattr__(decision, "changes", changes)
    assert list(events_of([decision], state, frozenset(), NOON)) == [OfferSeen(at=NOON, offer=offer(), call=dialled)]
