"""What goes wrong outside, by the numbers of FAULTS.md. Each is a function that does its harm, waits it out, and returns.

The table of what is covered stands in ``tests.soak.__main__``.
"""

import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from random import Random

from acd.core.outside.callback import CallbackState
from acd.core.state import State
from acd.words import AgentState, TalkState
from tests.e2e import frames
from tests.e2e.processes import Program
from tests.e2e.tcp_proxy import is_event
from tests.soak.outside import Outside

Trouble = Callable[[Outside], None]
NAMES = ("CHANNEL_PARK", "CHANNEL_ANSWER", "CHANNEL_BRIDGE", "CHANNEL_HANGUP_COMPLETE", "CHANNEL_EXECUTE_COMPLETE", "PLAYBACK_STOP")
MOMENT_S = 8.0
"""So long is waited for the moment in which something is to happen; in a quiet house it happens without it."""
GARBAGE = (
    b"Content-Length: all of it\n\n",
    b"Content-Length: -1\nContent-Type: text/event-plain\n\n",
    b"Content-Type: text/event-plain\nContent-Length: 44\n\nEvent-Name: \xff\xfe\x00%zz\nUnique-ID: _undef_\n: : :\n\n\n\n",
    b"\xf0\x9f\x93\x9e" * 4000 + b"\n\n",
    b"Content-Type: text/disconnect-notice\nContent-Length: 2\n\nno",
)


def f01_controller_killed(house: Outside) -> None:
    house.restart()


def f02_killed_while_digits_are_typed(house: Outside) -> None:
    _killed_when(house, lambda state: any(call.frame and call.frame.flow == "code" for call in state.calls.values()))


def f05_killed_while_a_phone_rings(house: Outside) -> None:
    _killed_when(house, lambda state: _is_any(state, AgentState.OFFERED))


def f06_killed_at_the_answer(house: Outside) -> None:
    _at(house, is_event("CHANNEL_ANSWER"), lambda frame: house.centre.kill())
    house.restart()


def f08_killed_in_wrap_up(house: Outside) -> None:
    _killed_when(house, lambda state: bool(state.wrap_ups))


def f09_killed_in_a_consult(house: Outside) -> None:
    _killed_when(house, lambda state: any(call.talk.state is not TalkState.TALKING for call in state.calls.values()))


def f10_killed_while_a_callback_is_dialled(house: Outside) -> None:
    _killed_when(house, lambda state: any(each.state is CallbackState.DIALLING for each in state.callbacks.values()))


def f11_killed_while_records_are_written(house: Outside) -> None:
    files = [house.centre.home / f"acd.db{end}" for end in ("", "-wal", "-journal")]

    def mark() -> list[int]:
        return [file.stat().st_mtime_ns if file.exists() else 0 for file in files]

    before, end = mark(), time.monotonic() + MOMENT_S
    while mark() == before and time.monotonic() < end:
        pass
    house.centre.kill()
    house.restart()


def f12_killed_again_and_again_at_its_start(house: Outside) -> None:
    house.restart(in_vain=house.dice.randint(1, 3), away=(0.0, 1.0))


def f13_socket_cut(house: Outside) -> None:
    house.proxy.cut(reset=house.dice.random() < 0.5)


def f13_socket_cut_in_a_frame(house: Outside) -> None:
    house.proxy.cut_inside(is_event(*NAMES))
    time.sleep(3)


def f13_socket_away(house: Outside) -> None:
    house.proxy.refuse()
    house.proxy.cut()
    time.sleep(house.dice.uniform(0.5, 8))
    house.proxy.refuse(False)


def f14_socket_frozen(house: Outside) -> None:
    house.proxy.freeze()
    time.sleep(house.dice.uniform(1, 12))
    house.proxy.thaw()


def f15_controller_stopped(house: Outside) -> None:
    assert house.centre.program
    _stopped(house.centre.program, house.dice.uniform(1, 10))


def f16_flood_of_events(house: Outside) -> None:
    house.proxy.flood(house.dice.randint(50, 300))
    time.sleep(house.dice.uniform(1, 3))
    house.proxy.flood(1)


def f17_events_lost(house: Outside) -> None:
    dice = Random(house.dice.random())
    wanted = is_event(*NAMES)
    house.proxy.drop(lambda frame: wanted(frame) and dice.random() < 0.3)
    time.sleep(house.dice.uniform(1, 5))
    house.proxy.drop(None)


def f18_events_doubled(house: Outside) -> None:
    dice = Random(house.dice.random())
    wanted = is_event(*NAMES)
    house.proxy.duplicate(lambda frame: wanted(frame) and dice.random() < 0.5)
    time.sleep(house.dice.uniform(1, 5))
    house.proxy.duplicate(None)


def f19_garbage_on_the_line(house: Outside) -> None:
    house.proxy.inject(house.dice.choice(GARBAGE))
    time.sleep(house.dice.uniform(1, 4))


def f20_commands_lost(house: Outside) -> None:
    dice = Random(house.dice.random())
    house.proxy.keep_back(lambda piece: piece.startswith((b"bgapi", b"api uuid_", b"sendmsg")) and dice.random() < 0.3)
    time.sleep(house.dice.uniform(1, 4))
    house.proxy.keep_back(None)
    house.proxy.cut()


def f21_switch_killed(house: Outside) -> None:
    house.switch.kill()
    time.sleep(house.dice.uniform(0.2, 2))
    house.switch.start()


def f22_switch_takes_no_new_calls(house: Outside) -> None:
    which = house.dice.choice(("inbound", "outbound", ""))
    house.ask_switch(f"fsctl pause {which}".strip())
    time.sleep(house.dice.uniform(2, 10))
    house.ask_switch("fsctl resume")


def f23_switch_stopped(house: Outside) -> None:
    assert house.switch.program
    _stopped(house.switch.program, house.dice.uniform(1, 8))


def f24_switch_is_full(house: Outside) -> None:
    """FreeSWITCH counts its calls; the embedded one knows no limit, and takes none at all for a while."""
    if house.switch.kind != "freeswitch":
        return f22_switch_takes_no_new_calls(house)
    house.ask_switch(f"fsctl max_sessions {house.dice.randint(1, 4)}")
    time.sleep(house.dice.uniform(2, 10))
    house.ask_switch("fsctl max_sessions 1000")
    return None


def f27_database_locked(house: Outside) -> None:
    database = sqlite3.connect(house.centre.home / "acd.db", timeout=10, isolation_level=None)
    with closing(database), suppress(sqlite3.OperationalError):
        database.execute("begin exclusive")
        time.sleep(house.dice.uniform(2, 15))
        database.execute("rollback")


def f31_phones_killed(house: Outside) -> None:
    first = house.dice.choice(sorted(house.phones))
    house.phones[first].kill()
    time.sleep(house.dice.uniform(0, 5))
    house.start_phones(first)


def f34_caller_leaves_at_the_answer(house: Outside) -> None:
    _leaves_at(house, is_event("CHANNEL_ANSWER"))


def f34_caller_leaves_at_the_bridge(house: Outside) -> None:
    _leaves_at(house, is_event("CHANNEL_BRIDGE"))


def f34_caller_leaves_as_the_bridge_is_sent(house: Outside) -> None:
    _leaves_as_is_said(house, b"uuid_bridge")


def f34_caller_leaves_at_the_transfer(house: Outside) -> None:
    """The moment in which legs are parted: a transfer, a consult, a hold."""
    _leaves_as_is_said(house, b"uuid_transfer")


# -- moments ------------------------------------------------------------------------------------------------------------


def _is_any(state: State, wanted: AgentState) -> bool:
    return any(agent.state is wanted for agent in state.agents.values())


def _killed_when(house: Outside, moment: Callable[[State], bool]) -> None:
    end = time.monotonic() + MOMENT_S
    while time.monotonic() < end:
        house.memory.read()
        if moment(house.memory.state):
            break
        time.sleep(0.01)
    house.restart()


def _at(house: Outside, wanted: Callable[[bytes], bool], do: Callable[[bytes], None]) -> None:
    """At the next such frame, before the house hears of it."""
    came = threading.Event()

    def seen(frame: bytes) -> None:
        if not came.is_set() and wanted(frame):
            came.set()
            do(frame)

    house.proxy.watch(seen)
    came.wait(MOMENT_S)
    house.proxy.watch(None)


def _leaves_at(house: Outside, wanted: Callable[[bytes], bool]) -> None:
    """The caller of that event hangs up just before, or just as, the house hears of it."""
    first, late_s = house.dice.random() < 0.5, house.dice.uniform(0.0, 0.05)

    def leaves(frame: bytes) -> None:
        found = frames.headers(frame)
        numbers = {
            found.get(name, "") for name in ("Caller-Caller-ID-Number", "Caller-Orig-Caller-ID-Number", "Other-Leg-Caller-ID-Number")
        }
        _hangs_up(house, numbers, first, late_s)

    _at(house, wanted, leaves)
    time.sleep(1)


def _leaves_as_is_said(house: Outside, word: bytes) -> None:
    """The caller of whom something is asked of the switch hangs up in that moment."""
    came, first, late_s = threading.Event(), house.dice.random() < 0.5, house.dice.uniform(0.0, 0.05)

    def overheard(piece: bytes) -> None:
        if came.is_set() or word not in piece:
            return
        came.set()
        state, said = house.memory.state, piece.decode(errors="replace")
        numbers = {call.caller_number for call in list(state.calls.values()) if call.leg and call.leg.rpartition("/")[2] in said}
        _hangs_up(house, numbers, first, late_s)

    house.proxy.watch(None, overheard)
    came.wait(MOMENT_S)
    house.proxy.watch(None)
    time.sleep(1)


def _hangs_up(house: Outside, numbers: set[str], first: bool, late_s: float) -> None:
    for number in numbers & house.controls.keys():
        house.tell(number, "hang_up")
    if first:
        time.sleep(late_s)  # the house hears of it when the caller may be gone already


def _stopped(program: Program, for_s: float) -> None:
    os.kill(program.pid, signal.SIGSTOP)
    time.sleep(for_s)
    os.kill(program.pid, signal.SIGCONT)


TROUBLES: tuple[Trouble, ...] = tuple(each for name, each in sorted(globals().items()) if name[:1] == "f" and name[1:3].isdigit())
RARE = frozenset({"f21_switch_killed", "f23_switch_stopped", "f12_killed_again_and_again_at_its_start"})
