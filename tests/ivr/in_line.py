"""A caller in the line of real flows in the real core: what they hear, and what they do."""

from textwrap import dedent

from acd.core import events as ev
from acd.core.call import Call
from acd.core.commands import Command, Play
from acd.core.media import Music, Speech
from acd.ivr.library import FlowLibrary
from acd.ivr.load import load_text
from acd.words import FlowId, Wish
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
