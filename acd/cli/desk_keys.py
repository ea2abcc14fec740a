"""Keys as they are pressed, one by one, without waiting for a line; none where nobody sits at a terminal."""

import os
import select
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Pressed = Callable[[float], str]
"""The next key within so many seconds, '' when there was none."""


@contextmanager
def keys() -> Iterator[Pressed]:
    """Puts the terminal back as it was, whatever happens. Ctrl-C stays what it is."""
    if not sys.stdin.isatty():
        yield _nothing
        return
    import termios
    import tty

    fd = sys.stdin.fileno()
    before = termios.tcgetattr(fd)
    try:
        tty.setcbreak(fd)
        yield lambda wait_s: _key(fd, wait_s)
    finally:
        termios.tcsetattr(fd, termios.TCSADRAIN, before)


def _nothing(wait_s: float) -> str:
    time.sleep(wait_s)
    return ""


def _key(fd: int, wait_s: float) -> str:
    ready, _, _ = select.select([fd], [], [], wait_s)
    if not ready:
        return ""
    typed = os.read(fd, 64).decode("ascii", "ignore")
    return typed if len(typed) == 1 else ""  # an arrow, or a text that was pasted, is no key of ours
