"""A campaign's calls after a gap, and the table of their moves (FAULTS.md F10, F18)."""

from dataclasses import replace
from itertools import product

import pytest

from acd.core import events as ev
from acd.core.illegal import IllegalMove
from acd.core.lines.entry import Entry
from acd.core.outside.dialled_call import MOVES, DialledCall, DialledState, DialOutcome
from acd.core.state import State
from acd.words import EntryKind, EntryOutcome, FlowId, Owner, QueueId
from tests.core.dialled_out import NUMBERS, DialledWorld, dialling_rules, said, talked
from tests.core.world import FS

D, O = DialledState, DialOutcome


# -- restarts ---


def restarted(w: DialledWorld) -> DialledWorld:
    """Every record as it was remembered; nothing is decided again."""
    fresh = State(w.state.policy, w.state.flows)
    for decision in w.decisions:
        for record in decision.changes:
            fresh.put(record)
    assert list(fresh.due) == list(w.state.due) and fresh.dialled_of_leg == w.state.dialled_of_leg
    w.state = fresh
    w.feed(ev.NodeLost(at=w.at, node=FS))
    return w


def look(w: DialledWorld, *channels: ev.ChannelSeen) -> None:
    w.at += 10
    w.feed(ev.SnapshotTaken(at=w.at, node=FS, asked_at=w.at, channels=channels))


def seen(w: DialledWorld, attempt: str = "t1", **more: object) -> ev.ChannelSeen:
    how = {"inbound": False, "answered": True, "playing": False, "marks": {"out": attempt}} | more
    return ev.ChannelSeen(leg=w.far(attempt), **how)  # type: ignore[arg-type]


def test_f10_given_a_kill_after_the_dial_when_back_and_the_phone_still_rings_then_it_rings_on_and_nobody_is_dialled_twice() -> None:
    w = DialledWorld().ready("a0")
    w.dials()
    restarted(w)
    look(w, seen(w, answered=False))
    assert w.dialled().state is D.DIALLING and w.hung_up() == []
    assert "already" in w.dials() and w.called == [NUMBERS[1]]
    talked(w)
    assert w.dialled().state is D.TALKING


def test_f10_given_a_kill_before_the_command_was_sent_when_back_then_lost_and_not_dialled_again() -> None:
    w = DialledWorld()
    w.dials()
    restarted(w)
    look(w)
    assert w.dialled().outcome is O.LOST and not w.state.outgoing
    assert "already" in w.dials() and w.called == [NUMBERS[1]]


def test_f10_given_a_person_who_answered_while_we_were_away_when_back_then_a_free_agent_or_the_message() -> None:
    w = DialledWorld()
    w.dials()
    w.far_rings()
    restarted(w)
    look(w, seen(w))
    assert w.dialled().state is D.ANSWERED
    w.after(2)
    assert w.dialled().state is D.ABANDONED and said(list(w.decisions[-1].commands)) == ["sorry"]


def test_f10_given_a_kill_while_a_person_waits_when_back_too_late_then_the_message_at_once_and_counted() -> None:
    w = DialledWorld()
    w.dials()
    w.answers()
    restarted(w)
    look(w, seen(w, playing=True))
    w.after(0)
    assert w.dialled().state is D.ABANDONED
    assert [each.outcome for each in w.ended(Entry)] == [EntryOutcome.DIALER_ABANDON]


def test_f10_given_a_kill_in_the_talk_when_back_then_it_goes_on() -> None:
    w = DialledWorld().ready("a0")
    w.dials()
    talked(w)
    agent = w.offer("a0").leg
    restarted(w)
    look(w, seen(w, bridged_to=agent), ev.ChannelSeen(leg=agent, inbound=False, answered=True, bridged_to=w.far()))
    assert w.dialled().state is D.TALKING and w.contact().owner is Owner.AGENT
    w.far_ends()
    assert w.dialled().outcome is O.TALKED


def test_f10_given_a_kill_in_the_message_when_back_and_the_leg_is_gone_then_it_is_counted_as_abandoned() -> None:
    w = DialledWorld()
    w.dials()
    w.answers()
    w.after(2)
    restarted(w)
    look(w)
    assert (w.dialled().outcome, w.dialled().cause) == (O.DIALER_ABANDON, "LOST")


def test_f10_given_a_kill_while_it_rings_for_a_flow_when_back_and_a_person_has_answered_then_they_hear_it() -> None:
    w = DialledWorld()
    w.dials(queue=None, flow=FlowId("message.hello"), message=None)
    restarted(w)
    look(w, seen(w))
    assert w.dialled().state is D.TOLD and said(list(w.decisions[-1].commands)) == ["sorry"]


def test_f10_given_a_kill_in_the_flow_of_a_campaign_without_agents_when_back_and_they_are_gone_then_lost_and_not_done() -> None:
    w = DialledWorld()
    w.dials(queue=None, flow=FlowId("message.hello"), message=None)
    w.answers()
    restarted(w)
    look(w)
    assert (w.dialled().outcome, w.dialled().cause) == (O.LOST, "LOST")


def test_f18_given_an_end_that_is_told_twice_when_it_is_over_then_it_is_late() -> None:
    w = DialledWorld()
    w.dials()
    far = w.far()
    w.far_ends(cause="USER_BUSY")
    for event in (ev.LegEnded(at=w.at, leg=far, cause="USER_BUSY"), ev.LegAnswered(at=w.at, leg=far), ev.LegRinging(at=w.at, leg=far)):
        w.feed(event)
        assert w.decisions[-1].late


def test_given_a_house_whose_queue_leaves_the_configuration_when_a_person_waits_then_the_message() -> None:
    w = DialledWorld()
    w.dials()
    w.answers()
    w.state.policy.queues.clear()  # type: ignore[attr-defined]
    w.feed(ev.PolicyChanged(at=w.at))
    assert w.dialled().state is D.ABANDONED


@pytest.mark.parametrize("answered", [True, False])
def test_row_52_given_a_queue_that_is_replaced_when_somebody_is_dialled_for_it_then_the_new_one_has_them(
    answered: bool,
) -> None:
    w = DialledWorld()
    w.dials()
    if answered:
        w.answers()
    w.after(1)
    rules = dialling_rules(2, queues=("support",))
    w.state.policy = replace(rules, moved={QueueId("sales"): QueueId("support")})
    w.feed(ev.PolicyChanged(at=w.at))
    if not answered:
        w.answers()
    entry = w.state.entries[w.contact().entry]  # type: ignore[index]
    assert (entry.queue, entry.kind) == ("support", EntryKind.DIALLED)
    w.after(1 if answered else 2)
    assert w.dialled().state is D.ABANDONED


@pytest.mark.parametrize(("was", "to"), list(product(DialledState, DialledState)))
def test_given_a_dialled_call_when_moved_then_only_as_its_table_allows(was: DialledState, to: DialledState) -> None:
    record = DialledCall(id="t", queue=QueueId("q"), number="1", at=0.0, state=was)
    if to in MOVES[was]:
        assert record.move(to).state is to
    else:
        with pytest.raises(IllegalMove):
            record.move(to)
