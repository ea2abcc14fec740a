"""Who turned out to be a machine: no person for the law, free for the agent, and tried again by its own rule (ACD.md 86, 88, 89)."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from acd.campaign import Mode
from acd.core.events import DialAsked
from acd.core.outside.dialled_call import DialOutcome
from acd.law.ledger import Count, Ledger
from acd.law.profiles import PROFILES
from acd.words import FlowId, MachineTone
from dialer.core.attempt import AttemptState, Outcome
from dialer.core.decisions import Answered, Dial, Finish
from dialer.core.events import CallSeen
from dialer.live.kept_leads import KeptLeads
from dialer.live.worker import Worker

from .floor import NOON, QUEUE, D, O, World, after_a_restart, campaign, leased
from .test_kept_leads import BERLIN, house, lead, one, over, store
from .test_worker import House

__all__ = ["store"]


def day(world: World) -> tuple[int, int]:
    """Answered, abandoned."""
    count = world.state.campaigns["spring"].ledger.counts(world.at)[0]
    return count.answered, count.abandoned


def machine(world: World, **more: Any) -> list[object]:
    return list(world.see("t1", state=D.MACHINE, tone=MachineTone.BEEP, machine_at=world.at, **more))


@pytest.mark.parametrize("outcome", [O.MACHINE, O.FAX])
def test_row_89_given_a_machine_that_an_agent_had_when_it_is_taken_back_then_it_is_no_answer_and_the_next_is_dialled(
    outcome: DialOutcome,
) -> None:
    world = World(campaign())
    world.agent("anna")
    world.answers("t1")
    world.talks("t1")
    assert day(world) == (1, 0)
    world.agent("anna")
    machine(world)
    assert day(world) == (0, 0) and world.state.attempts["t1"].state is AttemptState.MACHINE
    assert world.dialled == ["t1", "t2"], "its agent is free"
    world.ends("t1", outcome)
    assert world.finished == {"t1": outcome.value} and day(world) == (0, 0)


def test_row_89_given_a_machine_that_waited_when_it_is_known_then_its_line_is_over_for_the_pacer() -> None:
    world = World(campaign())
    world.agent("anna")
    world.answers("t1")
    machine(world)
    assert "t1" not in world.state.floor(QUEUE)._lines
    assert world.dialled == ["t1", "t2"]


def test_row_86_given_who_was_abandoned_when_it_was_a_machine_then_answered_and_abandoned_all_the_same() -> None:
    world = World(campaign())
    world.agent("anna")
    world.answers("t1")
    world.abandons("t1")
    world.see("t1", tone=MachineTone.BEEP, machine_at=world.at + 9)
    world.ends("t1", O.DIALER_ABANDON)
    assert day(world) == (1, 1) and world.finished == {"t1": "dialer_abandon"}


def test_f10_given_a_machine_of_which_only_the_answer_was_stored_when_restarted_then_it_is_taken_off_once() -> None:
    stored = leased(state=AttemptState.ANSWERED, asked_at=NOON, answered_at=NOON)
    before = World(campaign())
    before.agent("anna")
    before.answers("t1")
    before.talks("t1")
    machine(before)
    before.ends("t1", O.MACHINE)
    world, made = after_a_restart(
        stored, CallSeen(at=NOON + 9, call=before.calls["t1"]), CallSeen(at=NOON + 9, call=before.calls["t1"])
    )
    count = world.state.campaigns["spring"].ledger.counts(world.at)[0]
    assert count.answered == -1, "the answer itself is in the ledger that the database gave"
    assert not any(isinstance(each, Answered) for each in made)
    assert [each.attempt.outcome for each in made if isinstance(each, Finish)] == [Outcome.MACHINE]


def test_row_88_given_machines_among_those_who_answered_when_counted_then_less_room_and_never_an_abandon_less() -> None:
    ledger = Ledger.of(PROFILES["uk"])
    ledger.answered(NOON, 100)
    ledger.abandoned(NOON, 2)
    assert ledger.room(NOON + 60) == 1
    ledger.no_person(NOON)
    assert ledger.room(NOON + 60) == 0
    assert ledger.counts(NOON + 60)[0] == Count(period_s=86400.0, answered=99, abandoned=2)


def test_row_89_given_a_campaign_when_it_dials_then_machines_are_listened_for_only_where_it_says_so() -> None:
    asked = []
    for rules in (
        campaign(),
        campaign(amd="async"),
        campaign(amd="async", voicemail=FlowId("left")),
        campaign(mode=Mode.MESSAGE, queue=None, script=FlowId("hello"), amd="async"),
        campaign(mode=Mode.MESSAGE, queue=None, script=FlowId("hello"), amd="async", voicemail=FlowId("left")),
        campaign(mode=Mode.SURVEY, queue=None, script=FlowId("hello"), amd="async"),
        campaign(mode=Mode.MESSAGE, queue=None, script=FlowId("hello")),
    ):
        home = House()
        Worker(controller=home, leads=object(), house=lambda: None, remembers=True)._do(Dial(attempt=leased(), rules=rules))  # type: ignore[arg-type, return-value]
        asked += [(each.detect, each.voicemail) for each in home.asked if isinstance(each, DialAsked)]
    hello, left = FlowId("hello"), FlowId("left")
    assert asked == [(False, None), (True, None), (True, left), (True, hello), (True, left), (True, None), (False, None)]


# -- in the database ---


def counted(kept: KeptLeads) -> dict[int, tuple[int, int]]:
    ledgers = kept.put_back(NOON + 600).ledgers
    whole = Ledger.from_kept(dict(ledgers.get("spring", Ledger.of(PROFILES["it"]).kept())), PROFILES["it"])
    return {minute: (answered, abandoned) for minute, answered, abandoned in whole.rows()}


@pytest.mark.parametrize("was_stored", [True, False])
@pytest.mark.parametrize(
    ("outcome", "more", "answered", "abandoned"),
    [
        (Outcome.MACHINE, {}, 0, 0),
        (Outcome.FAX, {}, 0, 0),
        (Outcome.MACHINE, {"abandoned_at": NOON + 2}, 1, 1),
        (Outcome.TALKED, {}, 1, 0),
        (Outcome.DIALER_ABANDON, {"abandoned_at": NOON + 2}, 1, 1),
    ],
)
def test_row_88_given_an_end_when_it_is_stored_then_the_count_of_the_law_has_persons_only(
    store: Any,
    tmp_path: Path,
    was_stored: bool,
    outcome: Outcome,
    more: dict[str, float],
    answered: int,
    abandoned: int,
) -> None:
    kept = house(store, tmp_path, BERLIN[:1])
    attempt = one(kept)
    if was_stored:
        kept.answered(replace(attempt, answered_at=NOON))
        assert counted(kept) == {int(NOON // 60): (1, 0)}
    over(kept, attempt, outcome, answered_at=NOON, **more)
    over(kept, attempt, outcome, answered_at=NOON, **more)
    found = counted(kept)
    assert found.get(int(NOON // 60), (0, 0)) == (answered, abandoned)


def test_row_89_given_a_machine_and_a_fax_when_their_ends_are_stored_then_one_is_tried_again_and_the_other_is_not(
    store: Any,
    tmp_path: Path,
) -> None:
    kept = house(store, tmp_path, BERLIN[:2])
    voicemail, fax = over(kept, one(kept), Outcome.MACHINE, answered_at=NOON), over(kept, one(kept), Outcome.FAX, answered_at=NOON)
    assert (lead(store, voicemail.lead)["state"], lead(store, voicemail.lead)["due_at"]) == ("waiting", NOON + 60 + 4 * 3600)
    assert (lead(store, fax.lead)["state"], lead(store, fax.lead)["why"]) == ("done", "fax")
