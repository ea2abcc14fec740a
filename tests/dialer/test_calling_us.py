"""Leads who call us meanwhile (ACD.md 93): not dialled while they are on the line, and afterwards as the campaign says."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from acd.campaign import CALLED_US, RETRIES, After, Disposition, Mode, Retry
from acd.core.call import Call
from acd.core.decision import Decision as HouseDecision
from acd.core.staff.wrap_up import WrapUp
from acd.words import AgentId, CallId, LegId, OfferId, Owner, QueueId, WrapUpMode
from dialer.core.attempt import Attempt, Outcome
from dialer.core.called import Called
from dialer.core.calling_us import KEPT_S
from dialer.core.decisions import Drop, Finish, KeepCalled
from dialer.core.events import CalledStored, CallerDisposed, CallerSeen, CallerServed
from dialer.lists.store import LeadStore
from dialer.live.seen import events_of

from .floor import NOON, QUEUE, World, campaign, comes, leased, slow
from .test_kept_leads import BERLIN, house, lead, listed, one, over, spring

NUMBER = "+442079460001"
C1 = CallId("c1")


def calls_us(world: World, number: str = NUMBER, call: CallId = C1) -> list[object]:
    return list(world.hear(CallerSeen(at=world.at, call=call, number=number, is_over=False)))


def hangs_up(world: World, call: CallId = C1, number: str = NUMBER) -> list[Called]:
    return kept(world.hear(CallerSeen(at=world.at, call=call, number=number, is_over=True)))


def served(world: World, queue: QueueId = QUEUE) -> None:
    world.hear(CallerServed(at=world.at, call=C1, queue=queue))


def asked_again(world: World) -> None:
    """One lead more was asked for."""
    world.state.campaigns["spring"].claiming, world.state.campaigns["spring"].claim_at = 1, 0.0


def disposes(world: World, word: str) -> list[Called]:
    return kept(world.hear(CallerDisposed(at=world.at, call=C1, disposition=word, by="anna")))


def kept(decisions: Any) -> list[Called]:
    return [each.called for each in decisions if isinstance(each, KeepCalled)]


# -- while they are on the line ---


def test_row_93_given_somebody_on_the_line_when_their_lead_comes_then_it_goes_back_for_a_while_and_the_next_one_is_dialled() -> None:
    world = slow()
    calls_us(world)
    made = comes(world, leased())
    (back,) = [each.attempt for each in made if isinstance(each, Finish)]
    assert (back.outcome, back.is_passed_on, back.why) == (Outcome.RETURNED, True, "they are calling us") and not world.dialled
    asked_again(world)
    comes(world, leased(id="t2", number="+442079460002"))
    assert world.dialled == ["t2"], "nobody else is held up by it"


def test_row_93_given_somebody_who_has_hung_up_when_their_lead_comes_then_dialled() -> None:
    world = slow()
    calls_us(world)
    calls_us(world, call=CallId("c2"))
    hangs_up(world)
    asked_again(world)
    comes(world, leased())
    assert not world.dialled, "they are still there by the other call"
    hangs_up(world, CallId("c2"))
    asked_again(world)
    comes(world, leased())
    assert world.dialled == ["t1"] and not world.state.on_line


def test_row_93_given_a_number_that_rings_when_they_call_us_then_it_is_dropped_and_no_other_is() -> None:
    world = World(campaign())
    world.agent("anna")
    world.rings("t1")
    assert not [each for each in calls_us(world, "+442079460099", CallId("c9")) if isinstance(each, Drop)]
    assert [each.attempt for each in calls_us(world) if isinstance(each, Drop)] == ["t1"]
    assert not [each for each in calls_us(world) if isinstance(each, Drop)], "and told once"


def test_row_93_given_a_lead_that_an_agent_looks_at_when_they_call_us_then_it_is_taken_back() -> None:
    world = World(campaign(mode=Mode.PREVIEW, message=None, preview_s=30.0), leads=1)
    world.agent("anna")
    calls_us(world)
    assert world.finished == {"t1": "returned"}
    world.tick(60)
    assert not world.dialled


# -- when it is over ---


def test_row_93_given_a_talk_with_the_campaigns_queue_when_over_then_its_lists_are_told_until_they_have_it() -> None:
    world = World(campaign(lists=("a",)), campaign("summer", queue=QueueId("other"), lists=("a",)))
    calls_us(world)
    served(world)
    (what,) = hangs_up(world)
    assert (what.campaign, what.number, what.disposition) == ("spring", NUMBER, "")
    assert not kept(world.tick(5)) and kept(world.tick(15)) == [what]
    world.hear(CalledStored(at=world.at, called=what))
    assert not kept(world.tick(20)) and not world.state.called


def test_row_93_given_a_caller_whom_nobody_served_when_over_then_the_lead_stays_as_it_was() -> None:
    world = World(campaign(lists=("a",)))
    calls_us(world)
    assert not hangs_up(world)


def test_row_93_given_what_an_agent_says_when_said_in_the_talk_or_after_it_then_told_and_forgotten_after_an_hour() -> None:
    world = World(campaign(lists=("a",)))
    calls_us(world)
    served(world)
    assert not disposes(world, "sold"), "the talk is not over"
    assert [each.disposition for each in hangs_up(world)] == ["sold"]
    world.tick(60)
    assert [(each.disposition, each.by) for each in disposes(world, "later")] == [("later", "anna")]
    assert not disposes(world, "later")
    world.tick(KEPT_S)
    assert not disposes(world, "sold") and not world.state.callers


def test_row_93_given_a_caller_who_wants_no_more_calls_when_said_then_what_rings_at_another_campaigns_lead_is_dropped() -> None:
    never = {"never": Disposition(then=After.DO_NOT_CALL)}
    world = World(campaign(lists=("a",), dispositions=never))
    calls_us(world)
    served(world)
    hangs_up(world)
    world.agent("anna")
    world.rings("t1")
    made = world.hear(CallerDisposed(at=world.at, call=C1, disposition="never", by="anna"))
    assert [each.attempt for each in made if isinstance(each, Drop)] == ["t1"] and kept(made)


# -- what the lists make of it ---


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LeadStore]:
    found = LeadStore(f"sqlite:///{tmp_path}/leads.db").open()
    yield found
    found.close()


SAID = {
    "later": Disposition(then=After.RETRY, after_s=7200.0),
    "mine": Disposition(then=After.CALLBACK, after_s=7200.0, personal=True),
    "never": Disposition(then=After.DO_NOT_CALL),
}
ONCE_MORE = {**RETRIES, CALLED_US: Retry(after_s=(3600.0,), at_most=1)}


def called(word: str = "", number: str = BERLIN[0], at: float = NOON + 60) -> Called:
    return Called(call=C1, campaign="spring", number=number, at=at, disposition=word, by="anna" if word else "")


@pytest.mark.parametrize(
    ("word", "rules", "state", "why", "due_at"),
    [
        ("", {}, "done", "called_us", None),
        ("", {"retries": ONCE_MORE}, "waiting", "retry", NOON + 3660),
        ("sold", {}, "done", "sold", None),
        ("later", {}, "waiting", "retry", NOON + 60 + 7200),
        ("mine", {}, "waiting", "callback", NOON + 60 + 7200),
        ("never", {}, "do_not_call", "never", None),
    ],
)
def test_row_93_given_a_lead_who_called_us_when_the_talk_is_over_then_the_campaigns_rule_decides(
    store: LeadStore, tmp_path: Path, word: str, rules: dict[str, Any], state: str, why: str, due_at: float | None
) -> None:
    leads = house(store, tmp_path, BERLIN[:2])
    assert leads.called(called(word), spring(dispositions=SAID, **rules))
    found, other = lead(store, 1), lead(store, 2)
    assert (found["state"], found["why"], found["due_at"], found["agent"]) == (state, why, due_at, "anna" if word == "mine" else None)
    assert other["state"] == "ready" and bool(listed(store, BERLIN[0])) is (word == "never")


def test_row_93_given_a_rule_for_one_more_call_when_they_call_twice_then_done_after_the_second(
    store: LeadStore, tmp_path: Path
) -> None:
    leads, rules = house(store, tmp_path, BERLIN[:1]), spring(retries=ONCE_MORE)
    leads.called(called(), rules)
    assert lead(store, 1)["state"] == "waiting"
    leads.called(called(at=NOON + 90), rules)
    assert lead(store, 1)["state"] == "done"


def test_row_93_given_a_lead_that_is_being_dialled_when_they_have_called_then_asked_again_after_the_end_of_the_attempt(
    store: LeadStore, tmp_path: Path
) -> None:
    leads = house(store, tmp_path, BERLIN[:1])
    attempt = one(leads)
    assert not leads.called(called(), spring())
    over(leads, attempt, Outcome.DROPPED)
    assert lead(store, 1)["state"] == "waiting"
    assert leads.called(called(), spring()) and lead(store, 1)["state"] == "done"


def test_row_93_given_a_lead_that_was_dialled_since_when_told_late_then_the_newer_call_knows_better(
    store: LeadStore, tmp_path: Path
) -> None:
    leads = house(store, tmp_path, BERLIN[:1])
    over(leads, one(leads, NOON + 600), Outcome.BUSY, NOON + 620)
    assert leads.called(called(), spring()) and lead(store, 1)["state"] == "waiting"


def test_row_93_given_who_must_not_be_called_when_they_call_and_an_agent_says_later_then_they_stay_so(
    store: LeadStore, tmp_path: Path
) -> None:
    leads = house(store, tmp_path, BERLIN[:1])
    leads.called(called("never"), spring(dispositions=SAID))
    leads.called(called("later", at=NOON + 90), spring(dispositions=SAID))
    assert lead(store, 1)["state"] == "do_not_call"


def test_row_93_given_a_lead_who_is_on_the_line_when_it_goes_back_then_nobody_gets_it_for_ten_minutes(
    store: LeadStore, tmp_path: Path
) -> None:
    leads = house(store, tmp_path, BERLIN[:1])
    attempt: Attempt = one(leads).passed_on()
    leads.finish(replace(attempt, outcome=Outcome.RETURNED, ended_at=NOON), spring())
    assert not leads.claim(spring(), 1, NOON + 599).attempts and one(leads, NOON + 600).lead == 1


# -- how the house is read ---


def call(**more: Any) -> Call:
    given = {"id": C1, "leg": LegId("a/x"), "owner": Owner.FLOW, "arrived_at": NOON, "dialled": "1"}
    return Call(**(given | {"caller_number": "02079460001"} | more))


@pytest.mark.parametrize(
    ("change", "heard"),
    [
        (call(), [CallerSeen(at=NOON, call=C1, number=NUMBER, is_over=False)]),
        (call(caller_number=NUMBER), [CallerSeen(at=NOON, call=C1, number=NUMBER, is_over=False)]),
        (call(owner=Owner.NOBODY), [CallerSeen(at=NOON, call=C1, number=NUMBER, is_over=True)]),
        (call(is_callback=True, is_here=False), [CallerSeen(at=NOON, call=C1, number=NUMBER, is_over=True)]),
        (call(caller_number=""), []),
        (call(attempt="t1"), []),
        (call(phone="1001"), []),
    ],
)
def test_row_93_given_a_call_of_the_house_when_read_then_who_calls_us_by_their_one_number_and_neither_phones_nor_dialled_ones(
    change: Call, heard: list[CallerSeen]
) -> None:
    outbound = SimpleNamespace(region="GB")
    state: Any = SimpleNamespace(policy=SimpleNamespace(outbound=outbound))
    decision: Any = HouseDecision.__new__(HouseDecision)
    object.__setattr__(decision, "changes", (change,))
    assert list(events_of([decision], state, frozenset(), NOON)) == heard


@pytest.mark.parametrize("attempt", ["", "t1"])
def test_row_93_given_a_wrap_up_when_something_is_said_in_it_then_heard_for_who_called_us_only(attempt: str) -> None:
    wrap_up = WrapUp(
        id=OfferId("o1"), agent=AgentId("anna"), call=C1, queue=QUEUE, mode=WrapUpMode.TIMED, began_at=NOON, disposition="sold",
        attempt=attempt,
    )  # fmt: skip
    decision: Any = HouseDecision.__new__(HouseDecision)
    object.__setattr__(decision, "changes", (wrap_up,))
    state: Any = SimpleNamespace()
    heard = list(events_of([decision], state, frozenset(), NOON))
    assert heard == ([] if attempt else [CallerDisposed(at=NOON, call=C1, disposition="sold", by="anna")])
