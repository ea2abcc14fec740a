"""The hour itself: callers come, people do what they do, something breaks every few seconds, and after each all must hold."""

import threading
import time
from collections.abc import Callable, Iterable

from tests.soak.outside import CHUNK_S, Broken, Outside
from tests.soak.troubles import RARE, TROUBLES

QUIET_EVERY_S = 300.0
FELT_S = 12.0
"""So long what was injected may still be felt."""
QUIET_S = 30.0
LAST_CALLS_S = 240.0


def soak(house: Outside, minutes: float, every_s: float, tell: Callable[[str], None], only: Iterable[str] = ()) -> None:
    """Raises Broken, with what was wrong and after what."""
    chosen = [each for each in TROUBLES if not only or each.__name__ in set(only)]
    stop, end = threading.Event(), time.monotonic() + minutes * 60
    calling = threading.Thread(target=_call_on, args=(house, stop), daemon=True)
    calling.start()
    try:
        quiet_at = time.monotonic() + min(QUIET_EVERY_S, minutes * 20)
        while time.monotonic() < end:
            time.sleep(house.dice.expovariate(1 / every_s))
            trouble = house.dice.choice(chosen)
            if trouble.__name__ in RARE and house.dice.random() < 0.7 and len(chosen) > 1:
                continue
            house.injected[trouble.__name__] += 1
            at = house.now
            with house.trouble():
                trouble(house)
                house.must_agree(trouble.__name__)
            house.everybody_ready()
            house.note_size()
            fresh = house.note_healed()
            tell(f"{at:7.1f} s  {trouble.__name__}: agreed; healed {dict(fresh) or 'nothing'}; {house.state()['calls_in_all']} calls")
            if time.monotonic() > quiet_at:
                time.sleep(FELT_S)
                house.must_be_quiet(QUIET_S)
                tell(f"{house.now:7.1f} s  quiet: nothing healed, counted alike")
                quiet_at = time.monotonic() + QUIET_EVERY_S
    finally:
        stop.set()
        house.staff.stop()
    calling.join(LAST_CALLS_S)
    house.drained()
    if wrong := house.records.wrong(house.centre.home / "recordings"):
        raise Broken(f"W4: {wrong}")


def _call_on(house: Outside, stop: threading.Event) -> None:
    """Lives until the last caller's telephone is put away: the kernel ends a program with the thread that started it."""
    while not stop.is_set():
        house.next_callers()
        stop.wait(CHUNK_S)
    house.everybody_has_called()
