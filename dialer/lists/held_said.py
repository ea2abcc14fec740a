"""Why a campaign got no lead, out of what holds its leads: the sentence that says how many by what, and until when. PURE."""

from datetime import datetime
from zoneinfo import ZoneInfo

from dialer.core.held import LEADS, Held, HeldBy
from dialer.lists.held import MOST_COUNTED, OLD_LIST, OUTSIDE_HOURS, READY, Count, Holding


def why_none(holding: Holding, zone: str) -> Held:
    """``zone``: by whose clock times are written. The word is for what holds most of those that will be let go."""
    if holding.all_held:
        return Held(by=HeldBy.DO_NOT_CALL, why=holding.all_held)
    counts = [count for count in holding.counts if count.by != READY]
    if not counts:
        return Held(by=HeldBy.LEADS, why="no lead may be dialled now: its lists have none (dialer leads import)")
    most = max((count for count in counts if count.until is not None), key=lambda count: count.n, default=None)
    by = HeldBy.LOCAL_HOURS if most is not None and most.by == OUTSIDE_HOURS else HeldBy.LEADS
    if most is None and holding.of(OLD_LIST):
        by = HeldBy.DO_NOT_CALL
    return Held(by=by, why=f"no lead may be dialled now: {'; '.join(_said(count, zone) for count in counts)}")


def _said(count: Count, zone: str) -> str:
    n = f"{MOST_COUNTED} or more" if count.n >= MOST_COUNTED else str(count.n)
    until = "" if count.until is None else f" ({_word(count)} {moment(count.until, zone)})"
    return f"{n} {LEADS.get(count.by, count.by)}{until}"


def _word(count: Count) -> str:
    return "the next window opens" if count.by == OUTSIDE_HOURS else "the first"


def moment(at: float, zone: str) -> str:
    return datetime.fromtimestamp(at, ZoneInfo(zone)).strftime("%a %Y-%m-%d %H:%M")
