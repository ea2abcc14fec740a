"""What people write into the records by hand. Blocking, a short transaction each, so never for the hub."""

from contextlib import closing

from sqlalchemy import func, make_url, select, update

from acd.records.schema import callbacks
from acd.records.store import engine_of


def close_callback(url: str, id: str, *, by: str, at: float) -> list[str]:
    """Closes a callback and every other open one of the same number and queue (ACD.md 74). Returns the ids that were open."""
    engine = engine_of(make_url(url))
    with closing(engine.connect()) as connection, connection.begin():
        found = connection.execute(select(callbacks.c.queue, callbacks.c.number).where(callbacks.c.id == id)).first()
        if found is None:
            return []
        by_hand = func.coalesce(callbacks.c.state, "") == ""
        whose = callbacks.c.queue == found.queue, callbacks.c.number == found.number
        theirs = (*whose, by_hand, callbacks.c.closed_at.is_(None))
        ids = list(connection.scalars(select(callbacks.c.id).where(*theirs).order_by(callbacks.c.id)))
        connection.execute(update(callbacks).where(callbacks.c.id.in_(ids)).values(closed_at=at, closed_by=by))
        return ids
