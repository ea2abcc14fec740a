"""Before a house is run it must be ours: its home (a lock) and its switches (acd/owner). Until then we stand by and change nothing.

A controller in another home stands by for itself. In the same home a second one is a mistake unless it was asked to
(``wait_for_home``). Who loses a switch to another ends as if killed: every orderly step (what waits in the mailbox, the journal, rows,
the control socket) is an owner's, and the other is the owner now. Whoever supervises starts it again, and then it stands by.
"""

import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from gevent.event import Event as Flag

from acd.config.secrets import Secrets
from acd.floor import counters_of
from acd.live.disk import AlreadyRunning, Lock
from acd.live.greenlets import spawn
from acd.loading import Loaded
from acd.nodes import node_config
from acd.owner.identity import home_id, process_id
from acd.owner.ownership import Ownership
from acd.places import Places
from acd.sounds import make_ready, prompts_of
from acd.web.server import SocketTaken, listen_tcp, serve
from acd.web.standby import build_standby_app

log = logging.getLogger(__name__)

LOST = 75
"""The exit code of a controller whose switches are another's: try again later (EX_TEMPFAIL)."""
LOOK_S = 0.2
PATIENCE_S = 1.5
"""A fresh switch is ours after half a second: only whoever waits for longer stands by."""


def end_at_once(why: str) -> None:
    """Like kill -9, which is what all of this is made for."""
    log.critical("NOT THE OWNER ANY MORE: %s; this controller does nothing more and ends (%d)", why, LOST)
    for handler in logging.getLogger().handlers:
        handler.flush()
    sys.stdout.flush()
    os._exit(LOST)


class Entrance:
    def __init__(
        self,
        places: Places,
        loaded: Loaded,
        secrets: Secrets,
        *,
        wait_for_home: bool = False,
        on_lost: Callable[[str], None] = end_at_once,
    ) -> None:
        """Raises AlreadyRunning, unless ``wait_for_home``."""
        self._places, self._loaded, self._secrets = places, loaded, secrets
        self._nodes = loaded.configuration.nodes.values()
        self.lock = _lock_of(places) if wait_for_home else Lock(places.journal)
        self.ownership = Ownership(
            home=home_id(places.id),
            process=process_id(),
            lease_s=loaded.configuration.lease_s,
            alone=self.lock is not None,
            on_lost=on_lost,
        )

    def enter(self, ended: Flag) -> bool:
        """Waits until home and switches are ours, or ``ended`` (False). Then ``lock`` is the home's."""
        for place in self._nodes:
            self.ownership.keep(node_config(place, self._secrets))
        if not self.ownership.acquire(PATIENCE_S) and not ended.is_set():
            with self._standing_by():
                while not ended.is_set() and not self.ownership.acquire(LOOK_S):
                    self._try_lock()
        if ended.is_set():
            return False
        self._try_lock()
        if self.lock is None:
            log.warning("the home's last controller does not answer, and its switches are ours: its journal is taken over")
            self.lock = Lock.take_over(self._places.journal)
        return True

    def leave(self) -> None:
        """Without having run the house."""
        self.ownership.stop()
        if self.lock is not None:
            self.lock.close()

    def _try_lock(self) -> None:
        if self.lock is None:
            self.lock = _lock_of(self._places)
            self.ownership.alone = self.lock is not None

    @contextmanager
    def _standing_by(self) -> Iterator[None]:
        log.warning("STANDING BY: %s", "; ".join(self.ownership.waits_for) or "the home is another controller's")
        app = build_standby_app(lambda: counters_of(self.ownership), lambda: self.ownership.waits_for)
        preparing = spawn("prompts", self._prepare, on_died=lambda name, error: None)
        server = None
        try:
            server = serve(app, listen_tcp("127.0.0.1", self._loaded.configuration.http_port))
        except SocketTaken as taken:
            log.warning("%s: nobody can ask this controller whether it stands by", taken)
        try:
            yield
        finally:
            preparing.kill(block=False)
            if server is not None:
                server.stop(timeout=1)

    def _prepare(self) -> None:
        """What callers will hear, so that nobody waits for it when we take over."""
        make_ready(prompts_of(self._loaded.configuration, self._places), self._loaded)


def _lock_of(places: Places) -> Lock | None:
    try:
        return Lock(places.journal)
    except AlreadyRunning:
        return None
