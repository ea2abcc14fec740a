"""The last word on every number of lines: trunks, calls per second, and the limit of the law, whichever pacer asked."""

from dataclasses import replace

from dialer.core.pacing.floor import Floor
from dialer.core.pacing.pacer import Binds, View, Why


def bounded(wanted: int, now: float, view: View, floor: Floor, binds: Binds = Binds.AGENTS) -> Why:
    """``wanted`` within what is free; one-to-one when the ledgers do not bear one abandon more."""
    lines = max(0, wanted)
    if not view.bears_one_more and lines > (safe := floor.one_to_one()):
        lines, binds = safe, Binds.ABANDON_BUDGET
    for free, bound in ((view.trunks, Binds.TRUNKS), (view.calls_per_second, Binds.CALLS_PER_SECOND)):
        if free is not None and lines > max(0, free):
            lines, binds = max(0, free), bound
    return Why(
        at=now,
        lines=lines,
        binds=binds,
        ready=floor.ready,
        busy=floor.busy,
        ringing=len(floor.ringing),
        waiting=len(floor.waiting),
        abandons_left=view.left,
    )


def nothing_asked(floor: Floor) -> Why:
    """Before the first question."""
    return replace(bounded(0, 0.0, View(), floor), binds=Binds.NOTHING_LEARNT)
