"""Situations in a line, and an independent count of who is where."""

from collections.abc import Iterable, Iterator
from itertools import count

from acd.words import AgentId
from dialer.core.pacing import events as ev
from dialer.core.pacing.pacer import Ledger, Pacer, View

PLENTY = Ledger(answers=10_000, abandons=100, limit=0.03)
SPENT = Ledger(answers=1_000, abandons=30, limit=0.03)
FREE = View(ledgers=(PLENTY,))
STOPPED = View(ledgers=(SPENT,))


def agent(n: int) -> AgentId:
    return AgentId(f"a{n}")


def ready(agents: int, at: float = 0.0) -> list[ev.Event]:
    return [ev.AgentReady(at=at, agent=agent(n)) for n in range(agents)]


def fed(pacer: Pacer, events: Iterable[ev.Event]) -> Pacer:
    for event in events:
        pacer.feed(event)
    return pacer


def history(hits: int, of: int, at: float = 0.0, handled_s: float = 40.0) -> Iterator[ev.Event]:
    """Lines one after another, ``hits`` of each ``of`` answered after 10 s by people for whom an agent of their own is free; the rest
    ring for 25 s."""
    ids, taught = count(), AgentId("teacher")
    yield ev.AgentReady(at=at, agent=taught)
    for n in range(40 * of):
        line, began = f"h{next(ids)}", at + 60.0 * n
        yield ev.LineDialled(at=began, line=line)
        if n % of < hits:
            yield ev.LineAnswered(at=began + 10.0, line=line)
            yield ev.PersonServed(at=began + 10.0, line=line, agent=taught)
            yield ev.AgentWrapUp(at=began + 10.0 + handled_s * 0.75, agent=taught)
            yield ev.AgentReady(at=began + 10.0 + handled_s, agent=taught)
        else:
            yield ev.LineEnded(at=began + 25.0, line=line, outcome="no_answer")
    yield ev.AgentGone(at=at + 60.0 * 40 * of, agent=taught)
