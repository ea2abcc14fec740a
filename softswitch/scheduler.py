"""Things to do later, by number and by group (a leg's uuid): sched_transfer, sched_hangup, sched_del."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

import gevent

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    group: str
    greenlet: "gevent.Greenlet[[int, Callable[[], None]], None]"


class Scheduler:
    def __init__(self, *, wall: Callable[[], float] = time.time) -> None:
        self._wall = wall
        self._tasks: dict[int, _Task] = {}
        self._last = 0

    def delay_s(self, text: str) -> float:
        """``+N`` from now, or an epoch. Raises ValueError for anything else."""
        return max(0.0, float(int(text[1:]) if text.startswith("+") else int(text) - self._wall()))

    def add(self, delay_s: float, group: str, task: Callable[[], None]) -> int:
        self._last += 1
        number = self._last
        greenlet = gevent.spawn_later(delay_s, self._run, number, task)
        greenlet.name = f"scheduled task {number} of {group}"
        self._tasks[number] = _Task(group=group, greenlet=greenlet)
        return number

    def delete(self, number: int) -> int:
        task = self._tasks.pop(number, None)
        if task is None:
            return 0
        task.greenlet.kill(block=False)
        return 1

    def delete_group(self, group: str) -> int:
        return sum(self.delete(number) for number, task in tuple(self._tasks.items()) if task.group == group)

    def stop(self) -> None:
        for number in tuple(self._tasks):
            self.delete(number)

    def _run(self, number: int, task: Callable[[], None]) -> None:
        self._tasks.pop(number, None)
        try:
            task()
        except Exception:
            _log.exception("scheduled task %d failed", number)
