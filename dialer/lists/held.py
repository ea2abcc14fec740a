"""How many leads of a campaign are held, and by what. Each count ends at ``MOST``: ten million are never walked through."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, func, select

from dialer.core.retrying import LeadState
from dialer.lists.claimed import Taking
from dialer.lists.claiming import WAITS_FOR
from dialer.lists.do_not_call import stale
from dialer.lists.schema import leads, windows

MOST = 10_000
MOST_COUNTED = 1_000
"""For a campaign that asks every few seconds."""
READY, OUTSIDE_HOURS, OLD_LIST = "ready", "outside_hours", "old_list"
Opens = Callable[[str], float | None]
"""When a window that is closed opens next; None: never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """``n`` of MOST means so many or more. ``until``: when the first of them may be dialled."""

    by: str
    n: int
    until: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    counts: Sequence[Count]  # ready, outside_hours, old_list, then what waits, leased, do_not_call, total, done
    all_held: str = ""  # a national list that is missing or too old

    def of(self, by: str) -> int:
        return next((count.n for count in self.counts if count.by == by), 0)


def held(
    connection: Connection,
    taking: Taking,
    at: float,
    open_windows: Collection[str],
    most: int = MOST,
    *,
    opens: Opens = lambda window: None,
    old: Collection[str] = (),
) -> Holding:
    """``old``: windows of countries whose own do-not-call list is too old."""
    counts = [*_ready(connection, taking.lists, open_windows, most, opens, old)]
    counts += [_waiting(connection, taking.lists, why, most) for why in WAITS_FOR]
    for state, by in (
        (LeadState.LEASED, "leased"),
        (LeadState.DO_NOT_CALL, "do_not_call"),
        (LeadState.CAPPED, "total"),
        (LeadState.DONE, "done"),
    ):
        counts.append(Count(by=by, n=min(most, sum(_up_to(connection, _in(list_id, state), most) for list_id in taking.lists))))
    return Holding(counts=[count for count in counts if count.n], all_held=stale(connection, taking, at))


def _ready(
    connection: Connection, list_ids: Sequence[str], open_windows: Collection[str], most: int, opens: Opens, old: Collection[str]
) -> list[Count]:
    inside = outside = unlisted = 0
    closed: set[str] = set()
    for list_id in list_ids:
        for window in connection.scalars(select(windows.c.id)).all():
            n = _up_to(connection, and_(_in(list_id, LeadState.READY), leads.c.window == window), most)
            if window in old:
                unlisted += n
            elif window in open_windows:
                inside += n
            elif n:
                outside += n
                closed.add(window)
    until = min((at for window in closed if (at := opens(window)) is not None), default=None)
    counts = [Count(by=READY, n=min(inside, most)), Count(by=OUTSIDE_HOURS, n=min(outside, most), until=until)]
    return [*counts, Count(by=OLD_LIST, n=min(unlisted, most))]


def _waiting(connection: Connection, list_ids: Sequence[str], why: str, most: int) -> Count:
    n, first = 0, None
    for list_id in list_ids:
        mine = and_(_in(list_id, LeadState.WAITING), leads.c.why == why)
        n += _up_to(connection, mine, most)
        due = connection.scalar(select(leads.c.ready_at).where(mine).order_by(leads.c.ready_at).limit(1))
        first = due if first is None or (due is not None and due < first) else first
    return Count(by=why, n=min(n, most), until=first)


def _in(list_id: str, state: LeadState) -> ColumnElement[bool]:
    return and_(leads.c.list == list_id, leads.c.state == state)


def _up_to(connection: Connection, where: ColumnElement[bool], most: int) -> int:
    few = select(leads.c.id).where(where).limit(most).subquery()
    return int(connection.scalar(select(func.count()).select_from(few)) or 0)
