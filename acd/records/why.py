"""PURE: the rows of one contact -> why it went as it did: its story, each offer in it with its reasons, and each time without one.

Tells a running contact as well as an ended one. What came from outside stays plain text; whoever prints it makes it safe.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from acd.records.moment import Moment
from acd.records.reasons import asked_for, considered, headline, why_not
from acd.records.story import offer_end, offering, told
from acd.records.unoffered import Unoffered, lines, named, summary

Rows = Mapping[str, Any]


def explained(rows: Rows, gaps: Sequence[Unoffered]) -> list[Moment]:
    """The whole story in the order of time: in it who was asked and who was not, each with the reasons."""
    return told(rows, _asked, (_nobody(gap) for gap in gaps))


def _nobody(gap: Unoffered) -> Moment:
    text = f"for {gap.seconds:.0f} s nobody was offered this call: {summary(gap)}"
    return Moment(at=gap.since, kind="gap", text=text, details=tuple(lines(gap)))


def _asked(rows: Rows, offer: Rows) -> Iterator[Moment]:
    trace = offer["trace"]
    details = (headline(trace), *asked_for(trace), *considered(offer["agent"], trace))
    yield Moment(at=offer["offered_at"], kind="offer", text=f"offered to {offer['agent']}, queue {offer['queue']}", details=details)
    _, *came_of_it = offering(rows, offer)
    yield from came_of_it


def of_agent(agent: str, rows: Rows, gaps: Sequence[Unoffered], serves: bool | None) -> list[Moment]:
    """Why (not) this agent. ``serves``: whether they serve the queue by the configuration that was in force; None: nobody knows."""
    moments = [*_offers_and(agent, rows), *(_meanwhile(agent, gap, serves) for gap in gaps)]
    return sorted(moments, key=lambda moment: moment.at)


def _offers_and(agent: str, rows: Rows) -> Iterator[Moment]:
    for offer in rows["offers"]:
        trace = offer["trace"]
        came = f"; {offer_end(offer)}" if agent == offer["agent"] and offer["ended_at"] is not None else ""
        text = f"offered to {offer['agent']}: {agent} {why_not(agent, offer['agent'], trace)}{came}"
        yield Moment(at=offer["offered_at"], kind="offer", text=text, details=(headline(trace), *asked_for(trace)))


def _meanwhile(agent: str, gap: Unoffered, serves: bool | None) -> Moment:
    spells = gap.agents.get(agent)
    if spells is None:
        what = "does not serve this queue" if serves is False else "is not known to serve this queue"
    else:
        what = ", ".join(f"was {named(s.state, s.reason)} for {s.seconds:.0f} s" for s in spells)
        if agent in gap.ready:
            what += f"; {_though_free(gap)}"
    return Moment(at=gap.since, kind="gap", text=f"for {gap.seconds:.0f} s nobody was offered this call: {agent} {what}")


def _though_free(gap: Unoffered) -> str:
    if gap.before:
        return f"{gap.before} callers stood before" if gap.before > 1 else "another caller stood before"
    return "not for this caller then: a skill, a tier, or asked shortly before"


def plain(rows: Rows, gaps: Sequence[Unoffered], moments: Sequence[Moment], differs: Sequence[str]) -> dict[str, Any]:
    """For programs: the traces as they were kept, the gaps in figures, and the same in words."""
    return {
        "contact": rows["contact"]["id"],
        "offers": [
            {key: offer[key] for key in ("id", "queue", "agent", "offered_at", "ended_at", "outcome", "trace")}
            for offer in rows["offers"]
        ],
        "unoffered": [
            {
                "queue": gap.queue,
                "since": gap.since,
                "until": gap.until,
                "before": gap.before,
                "agents": {
                    agent: [{"state": s.state, "reason": s.reason, "seconds": s.seconds} for s in spells]
                    for agent, spells in gap.agents.items()
                },
                "in_words": summary(gap),
            }
            for gap in gaps
        ],
        "told": [{"at": m.at, "kind": m.kind, "text": m.text, "details": list(m.details)} for m in moments],
        "configuration_since": list(differs),
    }
