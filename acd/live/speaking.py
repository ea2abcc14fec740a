"""Before a switch is told to play what only this call knows (a read-back, a name), it is spoken into a file.

Stands between the controller and a node. A leg's commands keep their order: what follows waits with it, at most the
prompts' deadline; other legs do not wait. To hang up waits for nothing.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from acd.core.commands import Command, HangUp, Play
from acd.core.media import Media
from acd.live.greenlets import spawn
from acd.words import LegId

log = logging.getLogger(__name__)


class Sender(Protocol):
    def send(self, commands: Sequence[Command]) -> None: ...


class Speaker(Protocol):
    def is_ready(self, medium: Media) -> bool: ...

    def prepare_now(self, media: Iterable[Media]) -> object: ...


class Speaking:
    def __init__(self, node: Callable[[], Sender | None], speaker: Speaker, at_once: int = 20) -> None:
        """``node()`` gives the node that is there when it is time to send. ``at_once``: more legs than this hear silence."""
        self._node, self._speaker, self._at_once = node, speaker, at_once
        self._waiting: dict[LegId, list[Command]] = {}

    def send(self, commands: Sequence[Command]) -> None:
        now: list[Command] = []
        for command in commands:
            if isinstance(command, HangUp):
                self._waiting.pop(command.leg, None)
                now.append(command)
            elif command.leg in self._waiting:
                self._waiting[command.leg].append(command)
            elif isinstance(command, Play) and self._must_speak(command):
                self._waiting[command.leg] = [command]
                spawn(f"speak {command.leg}", self._speak, command.leg, self._waiting[command.leg], on_died=_failed)
            else:
                now.append(command)
        self._hand_on(now)

    def _must_speak(self, play: Play) -> bool:
        return len(self._waiting) < self._at_once and not all(map(self._speaker.is_ready, play.media))

    def _speak(self, leg: LegId, waiting: list[Command]) -> None:
        try:
            while waiting and self._waiting.get(leg) is waiting:
                if isinstance(waiting[0], Play):
                    self._speaker.prepare_now(waiting[0].media)
                if self._waiting.get(leg) is waiting:
                    self._hand_on([waiting.pop(0)])
        finally:
            if self._waiting.get(leg) is waiting:
                self._hand_on(self._waiting.pop(leg))

    def _hand_on(self, commands: list[Command]) -> None:
        node = self._node()
        if commands and node is not None:
            node.send(commands)


def _failed(name: str, error: BaseException) -> None:
    log.error("%s: %s", name, error)
