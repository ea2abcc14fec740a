"""A finished list is put back by how its leads ended, and the order of a list is changed, in batches that need not be begun anew."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select, update

from dialer.core.retrying import LeadState
from dialer.lists.ranking import rank_of
from dialer.lists.schema import leads, lists
from dialer.lists.splitting import copies_of
from dialer.lists.store import LeadStore

BATCH = 1000


def recycle(store: LeadStore, list_id: str, outcomes: Collection[str]) -> int:
    """Who is done with one of these outcomes is ready again, with the first number. Never who must not be called. Returns how many.

    Of a list that several campaigns dial, for each of them who is done there.
    """
    return sum(_recycle(store, each, outcomes) for each in _with_copies(store, list_id))


def _with_copies(store: LeadStore, list_id: str) -> list[str]:
    with store.begin() as connection:
        return [list_id, *copies_of(connection, list_id)]


def _recycle(store: LeadStore, list_id: str, outcomes: Collection[str]) -> int:
    moved, after = 0, 0
    while True:
        with store.begin() as connection:
            mine = (leads.c.list == list_id) & (leads.c.state == LeadState.DONE) & leads.c.why.in_(outcomes) & (leads.c.id > after)
            ids = list(connection.scalars(select(leads.c.id).where(mine).order_by(leads.c.id).limit(BATCH)))
            if not ids:
                return moved
            again: dict[str, Any] = {
                "state": LeadState.READY,
                "why": "",
                "due_at": None,
                "ready_at": None,
                "retried": {},
                "held_by": "",
            }
            connection.execute(update(leads).where(leads.c.id.in_(ids), leads.c.state == LeadState.DONE).values(**again))
        moved, after = moved + len(ids), ids[-1]


def put_in_order(store: LeadStore, list_id: str, order: str) -> None:
    """The order belongs to the list. Raises ValueError for an order that is none."""
    rank_of(order, 0, 0, {})
    for each in _with_copies(store, list_id):
        _put_in_order(store, each, order)


def _put_in_order(store: LeadStore, list_id: str, order: str) -> None:
    with store.begin() as connection:
        connection.execute(update(lists).where(lists.c.id == list_id).values(order=order))
    after = 0
    while True:
        with store.begin() as connection:
            asked = select(leads).where(leads.c.list == list_id, leads.c.id > after).order_by(leads.c.id).limit(BATCH)
            rows = connection.execute(asked).mappings().all()
            for row in rows:
                rank = rank_of(order, row["home"] or row["id"], row["priority"], row["fields"])
                connection.execute(update(leads).where(leads.c.id == row["id"]).values(rank=rank))
        if not rows:
            return
        after = rows[-1]["id"]
