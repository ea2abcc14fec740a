"""Greenlets with a name and a parent that hears them die. Nothing else in the live shell spawns one."""

import logging
from collections.abc import Callable
from typing import Any, TypeAlias

import gevent

log = logging.getLogger(__name__)

Died = Callable[[str, BaseException], None]
Task: TypeAlias = "gevent.Greenlet[[], None]"


def spawn(name: str, run: Callable[..., Any], *args: Any, on_died: Died) -> Task:
    """Starts ``run``; ``on_died(name, error)`` is called, in the greenlet itself, when it raises. To be killed is no death."""

    def whole_life() -> None:
        try:
            run(*args)
        except gevent.GreenletExit:
            pass
        except BaseException as error:
            log.critical("greenlet %s died: %s", name, error, exc_info=error)
            on_died(name, error)

    greenlet: Task = gevent.Greenlet(whole_life)
    greenlet.name = name
    greenlet.start()
    return greenlet
