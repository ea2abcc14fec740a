"""Waits that are told in a flow: remembered as promises, judged when they are over, told again without going up (ACD.md 55)."""

from dataclasses import replace

from acd.core.commands import Play
from acd.core.events import PlayEnded
from acd.core.lines.entry import Entry
from acd.core.lines.pace import Pace
from acd.core.media import Speech
from acd.ivr.library import FlowLibrary
from acd.ivr.load import load_text
from acd.records.rows import visit_row
from acd.words import FlowId, QueueId, Wish
from tests.core.test_rows_queue import again
from tests.core.world import World, leg, policy

MAIN = """start: line
steps:
  line: {step: queue, queue: sales, while_waiting: hold, otherwise: end}
  end: {step: hang_up}
"""
HOLD = """start: told
steps:
  told: {step: say, text: "Less than {{ duration(round_up(line.wait_at_most)) }}.", next: music}
  music: {step: pause, for: 30s, next: again}
  again: {step: return}
"""
SILENT = """start: asks
steps:
  asks: {step: branch, when: [{if: line.wait_at_most > 5, go: hello}], otherwise: hello}
  hello: {step: say, text: Hello., next: music}
  music: {step: pause, for: 30s, next: again}
  again: {step: return}
"""
SALES = QueueId("sales")
KNOWN = Pace(id=SALES, at=1000.0, answers=30.0, agent_s=1800.0, quick_answers=8.0, quick_agent_s=480.0)
"""A minute for one answer, of one agent."""


def waits(callers: str = "c", hold: str = HOLD, known: Pace = KNOWN) -> World:
    """One agent at work, in a talk with somebody else."""
    flows = FlowLibrary(flows={FlowId(id): load_text(text, id) for id, text in {"main": MAIN, "hold": hold}.items()})
    world = World(policy(1, numbers={"1": FlowId("main")}, queue_wrap_up_s=0.0), flows)  # type: ignore[arg-type]
    world.talks("x", "a0")
    world.state.put(replace(known, at=world.at))
    for caller in callers:
        world.arrives(caller)
    return world


def said(world: World, name: str = "c") -> list[str]:
    plays = [c for d in world.decisions for c in d.commands if isinstance(c, Play) and c.leg == leg(name)]
    return [" ".join(one.text for one in play.media if isinstance(one, Speech)) for play in plays if isinstance(play.media[0], Speech)]


def hears_out(world: World, name: str = "c") -> World:
    frame = world.call(name).waiting
    assert frame is not None and frame.play is not None
    world.at += 3
    world.feed(PlayEnded(at=world.at, leg=leg(name), play=frame.play, result="FILE PLAYED"))
    return world


def served(world: World, waited_s: float) -> World:
    """The first talk ends, the first in line is answered."""
    world.after(waited_s)
    world.hangs_up("x")
    world.picks_up("a0")
    world.is_bridged("a0")
    return world


def test_given_a_flow_that_tells_the_wait_when_it_is_heard_then_it_is_a_promise() -> None:
    world = waits("cd")
    [one], [two] = world.entry("c").promises, world.entry("d").promises
    assert (one.position, one.at_work, one.cause, two.position) == (1, 1, "", 2)
    assert 35 < one.p50_s < 50 and 85 < one.p80_s < 110 and two.p80_s > one.p80_s
    assert said(world) == ["Less than 2 minutes"] and said(world, "d") == ["Less than 3 minutes"]


def test_given_a_flow_that_only_asks_for_the_wait_when_it_goes_on_then_nothing_was_promised() -> None:
    assert waits(hold=SILENT).entry("c").promises == ()


def test_given_nothing_known_when_the_flow_would_tell_then_nothing_is_promised() -> None:
    assert waits(known=Pace(id=SALES)).entry("c").promises == ()


def test_given_a_promise_when_the_caller_is_answered_in_time_then_it_was_kept() -> None:
    world = served(waits(), 20.0)
    pace = world.state.paces[SALES]
    assert (pace.told, pace.kept, pace.told_at_most, pace.kept_at_most) == (1, 1, 1, 1)


def test_given_a_promise_when_the_answer_comes_late_then_it_was_broken() -> None:
    world = served(waits(), 60.0)
    pace = world.state.paces[SALES]
    assert (pace.told, pace.kept, pace.kept_at_most) == (pace.told_at_most, 0, pace.told_at_most) and pace.told > 0
    late = served(waits(), 300.0).state.paces[SALES]
    assert 0 < late.kept_at_most < late.told_at_most, "the last ones, told shortly before, were true"


def test_given_a_promise_when_the_caller_gives_up_then_it_counts_only_if_it_was_broken_by_then() -> None:
    early, late = waits().after(10), waits().after(200)
    early.hangs_up("c")
    late.hangs_up("c")
    assert (early.state.paces[SALES].told, early.state.paces[SALES].gave_up) == (0, 1)
    assert late.state.paces[SALES].told_at_most >= 1 and late.state.paces[SALES].kept_at_most == 0
    [entry] = early.ended(Entry)
    assert [(one["kept"], one["kept_at_most"]) for one in visit_row(entry)["promises"]] == [(None, None)]
    [entry] = late.ended(Entry)
    assert visit_row(entry)["promises"][0]["kept_at_most"] is False


def test_row_55_given_what_was_told_when_time_passes_then_it_does_not_go_up_without_a_cause() -> None:
    world = waits("cd")
    first = world.entry("d").promises[0].p80_s
    world.state.put(replace(world.state.paces[SALES], agent_s=2300.0, quick_agent_s=600.0))
    hears_out(world, "d").after(31)
    assert [one.p80_s for one in world.entry("d").promises] == [first, first]
    world.hangs_up("c")
    hears_out(world, "d").after(31)
    assert world.entry("d").promises[2].p80_s < first and world.entry("d").promises[2].position == 1


def test_row_55_given_others_who_went_first_when_the_wait_is_told_again_then_it_may_go_up_and_says_why() -> None:
    world = waits("c")
    world.arrives("d")
    entry = world.entry("d")
    world.state.put(replace(entry, priority=9))
    hears_out(world).after(31)
    one, two = world.entry("c").promises
    assert two.p80_s > one.p80_s and two.cause == "others_first"


def test_given_a_promise_when_the_controller_dies_and_comes_back_then_it_is_judged_all_the_same() -> None:
    world = waits()
    for record in (world.state.paces[SALES], world.entry("c")):
        world.decisions[-1] = replace(world.decisions[-1], changes=(*world.decisions[-1].changes, record))
    before = world.state.paces[SALES]
    back = again(world, 2.0)
    assert back.state.paces[SALES] == before and back.entry("c").promises == world.entry("c").promises


def test_given_answers_in_a_busy_line_when_they_come_then_the_pace_learns_of_them() -> None:
    world = waits("cdef", known=Pace(id=SALES))
    world.asks("a0", Wish.READY)
    served(world, 30.0)
    assert world.state.paces[SALES].busy_since == world.at and world.state.paces[SALES].answers == 0
    for name in "cde":
        world.after(40.0)
        world.hangs_up(name)
        world.picks_up("a0")
        world.is_bridged("a0")
    pace = world.state.paces[SALES]
    assert 1.9 < pace.answers < 3 and 35 < pace.agent_s / pace.answers < 45
    assert pace.busy_since is None, "nobody waits any more"
