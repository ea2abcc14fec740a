"""Callers who come back to the agent who served them: bonds made at the end of a talk, and what they mean for who joins a line."""

from dataclasses import replace

from acd.core.call import Call
from acd.core.draft import Draft
from acd.core.interpreter import EnterQueue
from acd.core.lines.entry import Entry
from acd.core.matching.bond import BONDS_MAX, Bond, bond_id
from acd.core.offers.offer import Offer
from acd.words import BondId, EntryKind

PREFER_S = 20.0
"""So long a caller waits for the agent whom their flow prefers, when neither it nor the queue says how long."""


def remember(draft: Draft, offer: Offer) -> None:
    """The talk is over: whoever calls again within the queue's time comes to the same agent."""
    sticky = draft.state.queue(offer.queue).sticky
    id = bond_id(offer.queue, draft.call(offer.call).caller_number)
    if sticky is None or id is None or draft.entry(offer.entry).kind is EntryKind.CONSULT:
        return
    bonds = draft.state.bonds
    if len(bonds) >= BONDS_MAX and id not in bonds:
        forget(draft, next(iter(bonds)))
    draft.put(Bond(id=id, agent=offer.agent, since=draft.at, until=draft.at + sticky.for_s))


def forget(draft: Draft, id: BondId) -> None:
    draft.put(replace(draft.state.bonds[id], until=None))


def prefer(draft: Draft, call: Call, entry: Entry, ask: EnterQueue) -> Entry:
    """Whom the caller waits for first, when they join: whom the flow says, or who served them last."""
    sticky = draft.state.queue(entry.queue).sticky
    if ask.prefer is not None:
        wait_s = ask.prefer_s if ask.prefer_s is not None else sticky.wait_s if sticky else PREFER_S
        return replace(entry, prefer=ask.prefer, prefer_until=draft.at + wait_s)
    bond = _bond_of(draft, entry, call.caller_number) if sticky else None
    if sticky is None or bond is None or bond.until is None or bond.until <= draft.at:
        return entry
    return replace(entry, prefer=bond.agent, prefer_until=draft.at + sticky.wait_s)


def _bond_of(draft: Draft, entry: Entry, number: str) -> Bond | None:
    """The one of this queue before that of a queue in whose place it is."""
    ids = (bond_id(name, number) for name in draft.state.policy.names_of(entry.queue))
    return next((bond for id in ids if id and (bond := draft.state.bonds.get(id))), None)
