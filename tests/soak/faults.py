"""What goes wrong, by the numbers of FAULTS.md. Each does its harm to a world and says for how long it will be felt."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from acd.core import events as ev
from tests.core.world import FS

if TYPE_CHECKING:
    from tests.soak.inside import Inside

Fault = Callable[["Inside"], float]


def f01_killed(world: Inside) -> float:
    """F01, F02, F04, F07, F08: kill -9 in whatever anybody is just doing."""
    world.kill("")
    return 12.0


def f05_killed_before_it_is_done(world: Inside) -> float:
    """F05, F06: remembered, and not done."""
    world.kill("undone")
    return 15.0


def f11_killed_before_it_is_remembered(world: Inside) -> float:
    world.kill("unwritten")
    return 15.0


def f13_line_cut(world: Inside) -> float:
    lasts = world.dice.uniform(0.1, 5.0)
    world.lose_line(lasts)
    return lasts + 2


def f14_half_open(world: Inside) -> float:
    """For a while nothing goes either way, and nobody knows; then it is noticed."""
    blind = world.dice.uniform(1.0, 10.0)
    for way in (world.hears, world.tells):
        way.trouble.torn = True
    world.after(blind, lambda: world.lose_line(world.dice.uniform(0.1, 3.0)))
    return blind + 5


def f15_slow_reader(world: Inside) -> float:
    """The controller is behind by seconds; all arrives, in order."""
    behind = world.dice.uniform(2.0, 30.0)
    world.hears.trouble.held_until = world.at + behind
    return behind + 2


def f17_lost_events(world: Inside) -> float:
    """For some seconds events are lost; the gap in their numbers is seen, and one looks."""
    return _noisy(world, "lost", 0.4)


def f18_doubled_events(world: Inside) -> float:
    return _noisy(world, "doubled", 0.5)


def f18_overtaken_events(world: Inside) -> float:
    return _noisy(world, "overtaken", 0.4)


def _noisy(world: Inside, what: str, share: float) -> float:
    lasts = world.dice.uniform(2.0, 20.0)
    setattr(world.hears.trouble, what, share)

    def over() -> None:
        setattr(world.hears.trouble, what, 0.0)
        world.look()

    world.after(lasts, over)
    return lasts + 2


def f20_commands_unanswered(world: Inside) -> float:
    """The switch takes some commands and never does them."""
    lasts = world.dice.uniform(1.0, 8.0)
    world.tells.trouble.lost = 0.3

    def over() -> None:
        world.tells.trouble.lost = 0.0
        world.look()

    world.after(lasts, over)
    return lasts + 2


def f20_slow_replies(world: Inside) -> float:
    late = world.dice.uniform(0.5, 6.0)
    world.tells.trouble.held_until = world.at + late
    return late + 2


def f21_switch_crash(world: Inside) -> float:
    """It is gone with every leg, and comes up anew; the phones register again."""
    down = world.dice.uniform(0.5, 10.0)
    world.people.switch_crashed(down)
    world.lose_line(1e9)

    def up() -> None:
        for way in (world.hears, world.tells):
            way.trouble.torn = False
        world.looking = False
        world.look(restarted=True)

    world.after(down, up)
    return down + 10


def f23_switch_hangs(world: Inside) -> float:
    """It stands still: nothing is said, nothing done, nobody can call; then all of it at once."""
    lasts = world.dice.uniform(2.0, 30.0)
    for way in (world.hears, world.tells):
        way.trouble.held_until = world.at + lasts
    world.people.hang(lasts)
    return lasts + 2


def f24_switch_is_full(world: Inside) -> float:
    lasts = world.dice.uniform(2.0, 15.0)
    world.people.full_until = world.at + lasts
    return lasts


def f31_phones_vanish(world: Inside) -> float:
    """Some phones are without power: they ring in vain, and say nothing any more in a talk."""
    lasts = world.dice.uniform(5.0, 60.0)
    world.people.lose_phones(lasts)
    return lasts + 5


def f32_phones_come_and_go(world: Inside) -> float:
    for phone in world.dice.sample(sorted(world.people.registered), k=min(2, len(world.people.registered))):
        world.people.registered.discard(phone)
        world.hears.send(ev.PhoneUnregistered(at=world.at, node=FS, phone=phone))
        world.after(world.dice.uniform(1, 40), lambda phone=phone: world.people.registers(phone))
    return 45.0


def f34_all_at_once(world: Inside) -> float:
    """Everybody who waits or is rung for hangs up in the very second in which phones are picked up and bridges are made."""
    world.people.rush()
    return 3.0


FAULTS: tuple[Fault, ...] = tuple(fault for name, fault in sorted(globals().items()) if name[:1] == "f" and name[1:3].isdigit())
