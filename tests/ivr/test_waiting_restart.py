"""A waiting flow after a restart, without its journal, or without its file."""

from acd.core import events as ev
from acd.ivr.library import FlowLibrary
from acd.live.codec import decode_line, encode_decision
from acd.words import Owner
from tests.core.world import leg
from tests.ivr.in_line import heard, play_ends, press, world


def test_i10_given_no_journal_when_the_marks_are_read_then_the_waiting_flow_begins_anew() -> None:
    w = world()
    marks = {"call": "c", "queue": "sales", "since": "900.000", "priority": "0", "flow": "main", "step": "line"}
    commands = w.arrives("c", marks=marks | {"waiting": "meanwhile"})
    assert heard(commands) == ["You are number 1"]
    play_ends(w)
    assert heard(press(w, "1")) == ["We call"]


def test_given_a_waiting_flow_that_is_gone_when_the_next_lap_begins_then_music() -> None:
    w = world()
    w.arrives("c")
    play_ends(w)
    play_ends(w)
    w.state.flows = FlowLibrary(flows={})
    w.after(6)
    assert w.call("c").waiting is None and w.entry("c").music_on and w.call("c").owner is Owner.QUEUE


def test_given_silence_where_an_announcement_should_be_when_seen_then_the_flow_goes_on() -> None:
    w = world()
    w.arrives("c")
    w.at += 10
    seen = ev.ChannelSeen(leg=leg("c"), inbound=True, answered=True)
    commands = w.feed(ev.SnapshotTaken(at=w.at, node="fs", asked_at=w.at, channels=(seen,)))  # type: ignore[arg-type]
    assert heard(commands) == ["Press 1."] and w.decisions[-1].healed


def test_given_a_caller_in_the_waiting_flow_when_the_controller_dies_then_both_frames_are_in_the_journal_and_it_goes_on() -> None:
    w = world()
    w.arrives("c")
    play_ends(w)
    lines = [decode_line(encode_decision(n, decision)) for n, decision in enumerate(w.decisions)]
    again = world()
    for record in [record for line in lines for record in line.changes]:
        again.state.put(record)
    again.at, again.ledger = w.at, w.ledger
    assert again.all_records() == w.all_records() and again.call("c").waiting is not None
    assert heard(press(again, "1")) == ["We call"]
