"""Starts greenlets that have a name and a parent that hears them die. Nothing else may start one in sip, media and
party."""

import logging
from collections.abc import Callable
from typing import Any

import gevent
from gevent import Greenlet

Died = Callable[[str, BaseException], None]
"""(name of the greenlet, what killed it)"""

log = logging.getLogger(__name__)


def log_death(name: str, error: BaseException) -> None:
    log.error("greenlet %s died: %r", name, error, exc_info=error)


def spawn(name: str, run: Callable[..., object], *args: Any, on_died: Died | None = None) -> Greenlet:  # type: ignore[type-arg]
    """A started greenlet; ``on_died`` (default: the log) hears an exception that ends it, but not being killed."""
    greenlet = Greenlet(run, *args)
    greenlet.name = name
    tell = on_died or log_death

    def ended(dead: Greenlet) -> None:  # type: ignore[type-arg]
        if dead.exception is not None and not isinstance(dead.exception, gevent.GreenletExit):
            tell(name, dead.exception)

    greenlet.link_exception(ended)
    greenlet.start()
    return greenlet
