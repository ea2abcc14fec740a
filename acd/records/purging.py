"""What becomes of recordings after their time: deleted, unless somebody holds them. Blocking: never for the hub.

The file goes first and the row says so afterwards: broken off anywhere it is done again, and comes to the same.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, make_url, select, update

from acd.live.talk_files import NoRecording, Shelf
from acd.records.schema import recordings
from acd.records.store import engine_of

AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    ids: tuple[str, ...]
    failed: tuple[tuple[str, str], ...] = ()  # (id, why)


def purge(url: str, shelf: Shelf, *, at: float, dry: bool = False) -> Purged:
    """Deletes what is due. What cannot be deleted stays due, and is told."""
    gone: list[str] = []
    failed: list[tuple[str, str]] = []
    with _connected(url) as connection:
        for id in _due(connection, at):
            try:
                if not dry:
                    shelf.delete(id)
                    with connection.begin():
                        mine = (recordings.c.id == id, recordings.c.held_at.is_(None))
                        connection.execute(update(recordings).where(*mine).values(purged_at=at))
                gone.append(id)
            except (OSError, NoRecording) as odd:
                failed.append((id, str(odd)))
    return Purged(ids=tuple(gone), failed=tuple(failed))


def _due(connection: Connection, at: float) -> list[str]:
    of_due = (
        recordings.c.keep_until < at,
        recordings.c.ended_at.is_not(None),
        recordings.c.held_at.is_(None),
        recordings.c.purged_at.is_(None),
    )
    with connection.begin():
        return list(connection.scalars(select(recordings.c.id).where(*of_due).order_by(recordings.c.keep_until).limit(AT_ONCE)))


def hold(url: str, id: str, *, by: str, at: float, held: bool) -> bool:
    """Nobody and nothing deletes it until the hold is taken off (ACD.md 66). False when there is no such recording."""
    values = {"held_at": at, "held_by": by} if held else {"held_at": None, "held_by": by}
    with _connected(url) as connection, connection.begin():
        there = (recordings.c.id == id, recordings.c.purged_at.is_(None))
        return connection.execute(update(recordings).where(*there).values(**values)).rowcount == 1


def delete(url: str, shelf: Shelf, id: str, *, at: float) -> str:
    """By hand, before its time. Why not, or ''."""
    with _connected(url) as connection:
        with connection.begin():
            found = connection.execute(select(recordings).where(recordings.c.id == id)).mappings().first()
        if found is None:
            return "there is no such recording"
        if found["held_at"] is not None:
            return f"it is held by {found['held_by']}"
        shelf.delete(id)
        with connection.begin():
            connection.execute(update(recordings).where(recordings.c.id == id).values(purged_at=at))
    return ""


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    with closing(engine_of(make_url(url)).connect()) as connection:
        yield connection
