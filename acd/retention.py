"""Deletes talks on tape whose time is over, now and then, in a thread: nobody waits for it."""

import logging
import time
from collections.abc import Callable

import gevent

from acd.live.greenlets import Died, spawn
from acd.live.talk_files import Shelf
from acd.records.purging import Purged, purge

log = logging.getLogger("acd.retention")

EVERY_S = 3600.0
SOON_S = 60.0


class Retention:
    """``records()`` is the URL of the records' database."""

    def __init__(self, records: Callable[[], str], shelf: Shelf, *, now: Callable[[], float] = time.time) -> None:
        self._records, self._shelf, self._now = records, shelf, now
        self._stopped = gevent.event.Event()
        self._task: gevent.Greenlet[..., None] | None = None

    def start(self, on_died: Died) -> None:
        self._task = spawn("retention", self._run, on_died=on_died)

    def stop(self) -> None:
        self._stopped.set()
        if self._task is not None:
            self._task.kill(timeout=1)

    def _run(self) -> None:
        wait_s = SOON_S
        while not self._stopped.wait(wait_s):
            wait_s = EVERY_S
            self.once()

    def once(self) -> Purged | None:
        """None when the records could not be reached; then it is tried the next time."""
        try:
            done = gevent.get_hub().threadpool.apply(lambda: purge(self._records(), self._shelf, at=self._now()))
        except Exception as odd:
            log.warning("recordings that are due were not deleted: %s", odd)
            return None
        for id in done.ids:
            log.info("recording %s was deleted: its time is over", id)
        for id, why in done.failed:
            log.error("recording %s is due and could not be deleted: %s", id, why)
        return done
