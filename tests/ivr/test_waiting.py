"""What callers hear and do while they stand in line: real flows in the real core (ACD.md 7, 48, 54, 55)."""

from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from acd.config.document import Refused
from acd.core import events as ev
from acd.core.call import Call
from acd.core.commands import Command, HangUp, Play, StopPlay
from acd.core.lines.entry import Entry
from acd.core.media import Music, Speech
from acd.ivr.check import Known
from acd.ivr.library import FlowLibrary
from acd.ivr.load import load_folder, load_text
from acd.live.codec import decode_line, encode_decision
from acd.words import AgentState, EntryOutcome, FlowId, OfferOutcome, Owner, Wish
from tests.core.world import World, leg, policy

MAIN = """
start: line
steps:
  line:
    step: queue
    queue: sales
    while_waiting: meanwhile
    keys: {"#": message}
    exits: {callback: promised, timed_out: late}
    otherwise: late
  message: {step: say, text: Message., next: bye}
  promised: {step: say, text: "We call {{ number }}.", next: bye}
  late: {step: say, text: Late., next: bye}
  bye: {step: hang_up}
"""
MEANWHILE = """
start: hello
steps:
  hello: {step: say, text: "You are number {{ line.position }}.", next: ask}
  ask: {step: menu, prompt: Press 1., tries: 1, first_digit: 5s, options: {1: note}, otherwise: rest}
  note: {step: set, values: {number: "{{ call.caller_number }}"}, next: out}
  out: {step: leave_queue, exit: callback}
  rest: {step: pause, for: 20s, next: again}
  again: {step: return}
"""


def library(main: str = MAIN, meanwhile: str = MEANWHILE) -> FlowLibrary:
    texts = {"main": main, "meanwhile": meanwhile}
    return FlowLibrary(flows={FlowId(id): load_text(dedent(text), id) for id, text in texts.items()})


def world(meanwhile: str = MEANWHILE, main: str = MAIN, queues: tuple[str, ...] = ("sales",), **rules: object) -> World:
    """Two agents, of whom the second is there but not ready."""
    numbers = {"1": FlowId("main"), "2": FlowId("meanwhile")}
    found = World(policy(2, queues, numbers=numbers, **rules), library(main, meanwhile))  # type: ignore[arg-type]
    found.asks("a1", Wish.LOG_IN)
    return found


def heard(commands: list[Command]) -> list[str]:
    """What begins to play: texts, and the music's name in brackets."""
    plays = [one.media for one in commands if isinstance(one, Play)]
    words = [[m.text if isinstance(m, Speech) else f"[{m.name}]" for m in play if isinstance(m, Speech | Music)] for play in plays]
    return [" ".join(each) for each in words]


def play_ends(w: World, name: str = "c", result: str = "") -> list[Command]:
    """What the waiting flow said comes to its end, after three seconds."""
    frame = w.call(name).waiting
    assert frame is not None and frame.play is not None
    w.at += 3
    return w.feed(ev.PlayEnded(at=w.at, leg=leg(name), play=frame.play, result=result))


def press(w: World, digit: str, name: str = "c") -> list[Command]:
    return w.feed(ev.DigitPressed(at=w.at, leg=leg(name), digit=digit))


def steps_of(call: Call) -> list[tuple[str, str, int]]:
    return [(one.step, one.exit, one.times) for one in call.trail]


# -- laps ----------------------------------------------------------------------------------------------------------------


def test_given_a_queue_with_a_waiting_flow_when_a_caller_joins_then_it_is_heard_at_once() -> None:
    w = world()
    assert heard(w.arrives("c", caller_number="+4930")) == ["You are number 1"]
    assert w.call("c").owner is Owner.QUEUE


def test_given_a_menu_that_waits_for_a_digit_when_nothing_is_said_then_music_plays() -> None:
    w = world()
    w.arrives("c")
    assert heard(play_ends(w)) == ["Press 1."]
    assert heard(play_ends(w)) == ["[default]"]


def test_given_the_end_of_a_lap_when_it_comes_then_the_next_begins_at_once() -> None:
    w = world()
    w.arrives("c")
    play_ends(w)
    play_ends(w)
    w.after(5.5)
    assert w.call("c").waiting.step == "rest"  # type: ignore[union-attr]
    before = len(w.decisions)
    w.after(20)
    commands = [c for d in w.decisions[before:] for c in d.commands]
    assert heard(commands) == ["You are number 1"]
    play_ends(w)
    assert heard(play_ends(w)) == ["[default]"], "silence again, music again"


def test_given_an_announcement_when_a_digit_is_typed_into_it_then_it_goes_on() -> None:
    w = world()
    w.arrives("c")
    assert not press(w, "7") and w.call("c").waiting.digits == "7"  # type: ignore[union-attr]


def test_given_an_hour_of_waiting_when_laps_go_round_then_the_trail_counts_them() -> None:
    w = world()
    w.arrives("c")
    for _ in range(100):
        play_ends(w)
        play_ends(w)
        w.after(25)
    trail = w.call("c").trail
    assert len(trail) == 4 and ("hello", "done", 100) in steps_of(w.call("c"))
    hello = trail[0]
    assert hello.left_at - hello.entered_at == pytest.approx(3) and hello.repeats_s == pytest.approx(99 * 3)


@pytest.mark.parametrize("result", ["", "FILE NOT FOUND"])
def test_given_a_flow_that_does_nothing_when_it_goes_round_then_music_for_the_rest(result: str) -> None:
    w = world(meanwhile="start: a\nsteps:\n  a: {step: set, values: {x: y}, next: b}\n  b: {step: return}\n")
    assert heard(w.arrives("c")) == ["[default]"]
    w.after(60)
    entry = w.entry("c")
    assert entry.empty_laps == 3 and entry.music_on and entry.lap_at is None and w.call("c").waiting is None
    assert len(w.decisions) < 12


def test_given_prompts_that_end_at_once_when_laps_go_round_then_no_spin_and_music() -> None:
    w = world(meanwhile="start: a\nsteps:\n  a: {step: say, text: Hi., next: b}\n  b: {step: return}\n")
    w.arrives("c")
    for _ in range(40):
        frame = w.call("c").waiting
        if frame is not None and frame.play:
            w.feed(ev.PlayEnded(at=w.at, leg=leg("c"), play=frame.play))
        else:
            w.after(1)
    assert w.entry("c").empty_laps == 3 and w.entry("c").music_on


def test_given_a_long_wait_in_a_menu_that_leads_to_itself_when_nobody_presses_then_it_goes_on() -> None:
    ask = "start: a\nsteps:\n  a: {step: menu, prompt: Hi., tries: 1, options: {1: b}, otherwise: c}\n"
    w = world(meanwhile=ask + "  c: {step: say, text: Still., next: a}\n  b: {step: leave_queue, exit: callback}\n")
    w.arrives("c")
    for _ in range(150):
        play_ends(w)
        w.after(6.1)
        play_ends(w)
    assert w.call("c").waiting is not None and w.entry("c").empty_laps == 0


# -- an agent answers ------------------------------------------------------------------------------------------------------


def test_54_given_an_announcement_when_the_agent_answers_then_it_is_over_and_nothing_plays_into_the_talk() -> None:
    w = world()
    w.arrives("c")
    w.ready("a0")
    frame = w.call("c").waiting
    assert frame is not None
    w.picks_up("a0")
    assert w.call("c").waiting is None
    late = w.feed(ev.PlayEnded(at=w.at, leg=leg("c"), play=frame.play or ""))  # type: ignore[arg-type]
    assert not late and w.decisions[-1].late
    w.is_bridged("a0")
    w.after(60)
    assert not [c for d in w.decisions[-3:] for c in d.commands if isinstance(c, Play | StopPlay)]
    assert w.agent("a0").state is AgentState.TALKING


def test_54_given_a_failed_bridge_when_the_caller_is_back_in_line_then_something_is_heard_at_once() -> None:
    w = world()
    w.arrives("c")
    w.ready("a0")
    w.picks_up("a0")
    w.feed(ev.BridgeFailed(at=w.at, leg=leg("c"), other=w.offer("a0").leg))
    before = len(w.decisions)
    w.after(1)
    assert heard([c for d in w.decisions[before:] for c in d.commands]) == ["You are number 1"]
    assert w.entry("c").state == "waiting"


def test_54_given_a_failed_bridge_when_the_waiting_flow_says_nothing_then_music_at_once() -> None:
    w = world(meanwhile="start: a\nsteps:\n  a: {step: set, values: {x: y}, next: b}\n  b: {step: return}\n")
    w.arrives("c")
    w.ready("a0")
    w.picks_up("a0")
    w.feed(ev.BridgeFailed(at=w.at, leg=leg("c"), other=w.offer("a0").leg))
    before = len(w.decisions)
    w.after(1)
    assert heard([c for d in w.decisions[before:] for c in d.commands]) == ["[default]"]


def test_given_an_unanswered_ring_when_it_is_over_then_the_waiting_flow_goes_on_undisturbed() -> None:
    w = world()
    w.arrives("c")
    w.ready("a0")
    before = w.call("c").waiting
    assert not heard(w.phone_ends("a0", "USER_BUSY")) and w.call("c").waiting == before


def test_given_a_playback_id_of_the_waiting_flow_when_the_outer_flow_plays_then_it_has_another() -> None:
    w = world()
    w.arrives("c")
    first = w.call("c").waiting.play  # type: ignore[union-attr]
    press(w, "#")
    assert w.call("c").frame.play not in (first, None)  # type: ignore[union-attr]
    w.feed(ev.PlayEnded(at=w.at, leg=leg("c"), play=first or ""))  # type: ignore[arg-type]
    assert w.call("c").frame.step == "message"  # type: ignore[union-attr]


# -- out of the line -------------------------------------------------------------------------------------------------------


def test_given_a_menu_during_the_wait_when_1_is_pressed_then_out_by_that_exit_with_what_was_set() -> None:
    w = world()
    w.arrives("c", caller_number="+4930")
    play_ends(w)
    commands = press(w, "1")
    assert heard(commands) == ["We call +4930"]
    (entry,) = w.ended(Entry)
    assert (entry.outcome, entry.exit) == (EntryOutcome.EXITED_KEY, "callback")
    assert ("out", "callback", 1) in steps_of(w.call("c")) and ("line", "callback", 1) in steps_of(w.call("c"))


def test_7_given_a_phone_that_rings_when_the_waiting_flow_leaves_then_it_stops_first() -> None:
    w = world()
    w.arrives("c")
    w.ready("a0")
    ringing = w.offer("a0")
    play_ends(w)
    commands = press(w, "1")
    kinds = [type(c) for c in commands]
    assert kinds.index(HangUp) < kinds.index(Play)
    assert next(c for c in commands if isinstance(c, HangUp)).leg == ringing.leg
    assert w.agent("a0").state is AgentState.READY
    offers = w.ended(type(ringing))
    assert [o.outcome for o in offers] == [OfferOutcome.EXITED_KEY]


def test_given_a_key_of_the_queue_when_pressed_in_the_menu_then_it_leaves() -> None:
    w = world()
    w.arrives("c")
    play_ends(w)
    assert heard(press(w, "#")) == ["Message."] and w.call("c").waiting is None


def test_race_given_digit_1_when_it_crosses_the_agents_answer_then_the_answer_wins() -> None:
    w = world()
    w.arrives("c")
    w.ready("a0")
    play_ends(w)
    w.feed(ev.LegAnswered(at=w.at, leg=w.offer("a0").leg))
    assert not press(w, "1") and w.decisions[-1].late
    w.feed(ev.LegParked(at=w.at, leg=w.offer("a0").leg, inbound=False))
    w.is_bridged("a0")
    assert w.call("c").owner is Owner.AGENT


def test_race_given_the_answer_when_digit_1_came_before_it_then_the_phone_is_let_go() -> None:
    w = world()
    w.arrives("c")
    w.ready("a0")
    target = w.offer("a0").leg
    play_ends(w)
    press(w, "1")
    assert not w.feed(ev.LegAnswered(at=w.at, leg=target))
    assert [type(c).__name__ for c in w.feed(ev.LegParked(at=w.at, leg=target, inbound=False))] == ["Dismiss"]
    assert w.call("c").owner is Owner.FLOW


def test_48_given_the_longest_wait_when_it_is_over_then_the_outer_flow_goes_on() -> None:
    w = world(queue_max_wait_s=30.0)
    w.arrives("c")
    w.after(31)
    assert w.call("c").frame.step == "late" and w.call("c").waiting is None  # type: ignore[union-attr]


def test_given_a_flow_that_leaves_at_once_when_it_is_met_again_and_again_then_the_failsafe_has_the_caller() -> None:
    main = MAIN.replace("callback: promised", "callback: line")
    w = world(main=main.replace("  promised: {step: say, text: \"We call {{ number }}.\", next: bye}\n", ""),
              meanwhile="start: a\nsteps:\n  a: {step: leave_queue, exit: callback}\n")  # fmt: skip
    w.arrives("c")
    assert w.call("c").ending == "FAILSAFE"


def test_given_a_caller_who_hangs_up_in_the_waiting_flow_when_told_then_the_trail_says_where() -> None:
    w = world()
    w.arrives("c")
    w.at += 7
    w.hangs_up("c")
    (call,) = w.ended(Call)
    assert ("hello", "", 1) in steps_of(call) and ("line", "", 1) in steps_of(call)


# -- what a caller is told -------------------------------------------------------------------------------------------------


def test_55_given_somebody_more_important_when_the_place_is_told_again_then_it_never_goes_back() -> None:
    w = world()
    w.arrives("c")
    play_ends(w)
    play_ends(w)
    w.state.policy = replace(w.state.policy, queues={q: replace(p, priority=9) for q, p in w.state.policy.queues.items()})
    assert heard(w.arrives("vip")) == ["You are number 1"]
    before = len(w.decisions)
    w.after(26)
    assert heard([c for d in w.decisions[before:] for c in d.commands if c.leg == leg("c")]) == ["[default]", "You are number 1"]
    assert w.state.place_in_line(w.entry("c")) == 2


def test_given_a_place_that_was_told_when_the_caller_joins_another_queue_then_it_counts_anew() -> None:
    main = """
    start: line
    steps:
      line: {step: queue, queue: sales, while_waiting: meanwhile, max_wait: 10s, exits: {callback: bye}, otherwise: second}
      second: {step: queue, queue: support, while_waiting: meanwhile, exits: {callback: bye}, otherwise: bye}
      bye: {step: hang_up}
    """
    w = world(main=main, queues=("sales", "support"))
    w.arrives("b")
    w.after(11)
    w.arrives("c")
    before = len(w.decisions)
    w.after(11)
    assert heard([c for d in w.decisions[before:] for c in d.commands if c.leg == leg("c")])[-1] == "You are number 2"


SAYS = "start: a\nsteps:\n  a: {{step: say, text: '{{{{ {0} }}}}.', next: b}}\n  b: {{step: return}}\n"


@pytest.mark.parametrize(
    ("name", "told"),
    [("queues.sales.waiting", "0"), ("queues.sales.staffed", "1"), ("queues.sales.ready", "0"), ("line.waited", "0")],
)
def test_given_what_the_house_knows_when_a_flow_asks_then_it_is_told(name: str, told: str) -> None:
    assert heard(world(meanwhile=SAYS.format(name)).arrives("c")) == [told]


def test_55_given_a_place_that_nobody_was_told_when_others_go_ahead_then_the_truth_is_told_later() -> None:
    steps = "  a: {step: say, text: Hi., next: b}\n  b: {step: pause, for: 20s, next: c}\n  c: {step: return}\n"
    w = world(meanwhile=f"start: a\nsteps:\n{steps}")
    w.arrives("c")
    assert w.call("c").waiting.position == 0, "what is not read is not told"  # type: ignore[union-attr]


# -- restarts --------------------------------------------------------------------------------------------------------------


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


# -- refusals --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("main", "meanwhile", "place", "says"),
    [
        (MAIN.replace("callback: promised, timed_out: late", "timed_out: late").replace("    otherwise: late\n", "") + "",
         MEANWHILE, "main.yaml", "leaves the queue by 'callback'"),
        (MAIN.replace("callback:", "callbak:"), MEANWHILE, "main.yaml", "has no exit 'callbak'"),
        (MAIN, MEANWHILE.replace("again: {step: return}", "again: {step: hang_up}"), "meanwhile.yaml:9", "hang_up cannot stand in"),
        (MAIN, MEANWHILE.replace("again: {step: return}", "again: {step: transfer, to: {flow: main}}"), "meanwhile.yaml:9",
         "transfer cannot stand in"),
    ],
)  # fmt: skip
def test_given_files_that_do_not_fit_when_loaded_then_a_sentence(
    main: str, meanwhile: str, place: str, says: str, tmp_path: Path
) -> None:
    if "full" not in main and "otherwise" not in main.split("message:")[0]:
        main = main.replace("{timed_out: late}", "{timed_out: late, full: late, no_agents: late, failed: late}")
        main = main.replace('  promised: {step: say, text: "We call {{ number }}.", next: bye}\n', "")
    (tmp_path / "main.yaml").write_text(main)
    (tmp_path / "meanwhile.yaml").write_text(meanwhile)
    with pytest.raises(Refused) as refused:
        load_folder(tmp_path, Known())
    told = [str(one) for one in refused.value.problems]
    assert any(place in one and says in one for one in told), told


def test_given_files_that_fit_when_loaded_then_good(tmp_path: Path) -> None:
    (tmp_path / "main.yaml").write_text(MAIN)
    (tmp_path / "meanwhile.yaml").write_text(MEANWHILE)
    assert set(load_folder(tmp_path, Known())) == {"main", "meanwhile"}


def test_given_a_waiting_flow_when_reached_by_a_number_then_leave_queue_ends_the_call() -> None:
    w = world()
    assert heard(w.arrives("c", "2")) == ["You are number"]
    frame = w.call("c").frame
    assert frame is not None
    w.feed(ev.PlayEnded(at=w.at, leg=leg("c"), play=frame.play or ""))  # type: ignore[arg-type]
    press(w, "1")
    assert w.call("c").ending == "NORMAL_CLEARING"


def test_given_a_step_that_ends_when_the_dead_mans_switch_is_renewed_when_both_are_due_then_both_are_seen_to() -> None:
    steps = "  a: {step: pause, for: 10m, next: b}\n  b: {step: say, text: Still., next: c}\n  c: {step: return}\n"
    w = world(meanwhile=f"start: a\nsteps:\n{steps}")
    w.arrives("c")
    w.after(599)
    before = len(w.decisions)
    w.after(2)
    assert heard([c for d in w.decisions[before:] for c in d.commands]) == ["Still."]


def test_race_given_the_musics_end_when_it_comes_after_the_next_announcement_began_then_late() -> None:
    w = world()
    w.arrives("c")
    play_ends(w)
    play_ends(w)
    music = f"{w.entry('c').id}.m{w.entry('c').plays}"
    w.after(25)
    assert w.call("c").waiting.step == "hello"  # type: ignore[union-attr]
    assert not w.feed(ev.PlayEnded(at=w.at, leg=leg("c"), play=music, result="BREAK"))  # type: ignore[arg-type]
    assert w.decisions[-1].late


DOCS = Path(__file__).parents[2] / "docs" / "flows"


def test_given_the_documented_flows_when_loaded_beside_each_other_then_they_fit_and_are_heard(tmp_path: Path) -> None:
    for verb in ("queue", "leave_queue", "transfer"):
        (block,) = (DOCS / f"{verb}.md").read_text(encoding="utf-8").split("```yaml\n")[1:]
        (tmp_path / f"{verb}.yaml").write_text(block.split("```")[0])
    house = Known(queues=frozenset({"support"}), agents=frozenset({"anna"}))
    flows = FlowLibrary(flows=load_folder(tmp_path, house))
    w = World(policy(1, ("support",), numbers={"1": FlowId("queue"), "2": FlowId("transfer")}), flows)  # type: ignore[arg-type]
    w.asks("a0", Wish.LOG_IN)
    assert heard(w.arrives("c")) == ["You are number 1 in the line."]
    assert heard(play_ends(w)) == ["Press 1 to be called back. You keep your place."]
    press(w, "1")
    assert w.call("c").frame.step == "message", "the house of this test calls no numbers outside"  # type: ignore[union-attr]
    w.arrives("d", "2")
    assert w.call("d").frame.step == "message", "an agent whom nobody knows"  # type: ignore[union-attr]


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


@pytest.mark.parametrize(
    ("way", "step"),
    [("exits: {closed: night, timed_out: day, full: day, no_agents: day, failed: day}", "night"), ("otherwise: day", "day")],
)
def test_43_given_a_closed_queue_when_a_caller_comes_then_the_flow_goes_on_by_closed(way: str, step: str) -> None:
    main = f"""start: line
steps:
  line: {{step: queue, queue: sales, {way}}}
  day: {{step: pause, for: 5s, next: bye}}
  night: {{step: pause, for: 5s, next: bye}}
  bye: {{step: hang_up}}
"""
    main = main.replace("  night: {step: pause, for: 5s, next: bye}\n", "") if step == "day" else main
    w = world(main=main, queue_hours="shop", calendars={})
    w.arrives("c")
    assert w.call("c").frame.step == step  # type: ignore[union-attr]
