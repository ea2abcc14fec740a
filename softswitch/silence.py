"""Hangs up legs whose peer has sent no RTP for too long: a phone without power, a cut line. SIP alone would never tell.

One greenlet looks at all legs; a wait for each would cost more than the looking.
"""

import logging
from collections.abc import Callable, Iterable

import gevent

from softswitch.media.spawn import Died, spawn
from softswitch.patience import Patience
from softswitch.session import Session

_log = logging.getLogger(__name__)


class SilenceWatch:
    def __init__(self, *, patience: Patience, sessions: Callable[[], Iterable[Session]], on_died: Died) -> None:
        self._patience = patience
        self._sessions = sessions
        self._on_died = on_died
        self._greenlet: gevent.Greenlet[..., object] | None = None

    def start(self) -> None:
        self._greenlet = spawn("silence watch", self._watch, on_died=self._on_died)

    def stop(self) -> None:
        if self._greenlet is not None:
            self._greenlet.kill()

    def _watch(self) -> None:
        while True:
            gevent.sleep(self._patience.look_every_s)
            self.look()

    def look(self) -> None:
        for session in tuple(self._sessions()):
            if session.leg.is_silent(self._patience):
                _log.info("%r: its peer has been silent for %.0f s", session, session.leg.media.quiet_s)
                session.hang_up("MEDIA_TIMEOUT")
