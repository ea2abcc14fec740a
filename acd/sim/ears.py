"""What is said in a make-believe house comes to an end, as it does on a switch: announcements, whispers. Music goes on."""

from collections.abc import Callable
from functools import partial

from acd.core import commands as cm
from acd.core.media import Music, Tone
from acd.sim.world import World
from acd.words import LegId, PlayId


class Ears:
    def __init__(self, world: World, lasts_s: Callable[[LegId], float]) -> None:
        self._world, self._lasts_s = world, lasts_s
        world.hands.append(self._played)

    def _played(self, command: cm.Command) -> None:
        if isinstance(command, cm.Play) and not all(isinstance(each, Music | Tone) for each in command.media):
            self._world.when(self._world.at + self._lasts_s(command.leg), partial(self._heard, command.leg, command.play))

    def _heard(self, leg: LegId, play: PlayId) -> None:
        truth = self._world.switch.legs.get(leg)
        if truth is not None and truth.playing == play:
            self._world.switch.play_ends(self._world.at, leg)
            self._world.said()
