"""Paces all RTP streams of one process with one greenlet and delivers their callbacks with another. INTERFACE FIRST."""

import time
from collections.abc import Callable

from softswitch.media.session import MediaSession

Died = Callable[[str, BaseException], None]
"""(name of the greenlet, what killed it)"""


class MediaEngine:
    """``host`` is the address to bind; ``ports`` None lets the system choose each port (tests), else even ports of that range."""

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        ports: range | None = None,
        clock: Callable[[], float] = time.monotonic,
        on_died: Died | None = None,
    ) -> None:
        raise NotImplementedError

    def start(self) -> None: ...

    def stop(self) -> None:
        """Closes every session, then both greenlets."""

    def session(self) -> MediaSession:
        """A new stream with its own UDP port. Raises OSError when no port is free."""
        raise NotImplementedError
