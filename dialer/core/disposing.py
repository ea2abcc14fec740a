"""What agents say came of their talks: handed to the database after the end of the attempt, and again until it has it.

It may come long after the end was stored, and more than once: the call is kept by the house for a while, so that what was said while
nobody listened is heard after a start.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from acd.core.outside.dialled_call import DialledCall, DialledState
from dialer.core import running
from dialer.core.decisions import Decision, Dispose, Tell
from dialer.core.ending import AGAIN_S
from dialer.core.events import DispositionSaid, DispositionStored, OptedOut
from dialer.core.news import News, What
from dialer.core.said import Said
from dialer.core.state import Dialler


def heard(state: Dialler, call: DialledCall) -> Iterator[Decision]:
    """Not before the call is over: until then the agent may say something else, and the lead is not given back."""
    if call.disposition and call.state is DialledState.ENDED and call.campaign:
        what = _said_of(state, call)
        is_new = state.said.get(call.id) != what
        yield from _told(state, what)
        if is_new and what.no_more:
            yield from running.opted_out(state, OptedOut(at=state.at, number=call.number, attempt=call.id))


def _said_of(state: Dialler, call: DialledCall) -> Said:
    """What the word meant when they were dialled holds as well as what it means now."""
    word, campaign = call.disposition, call.campaign
    return Said(
        attempt=call.id,
        campaign=campaign,
        disposition=word,
        at=call.disposed_at or state.at,
        by=str(call.disposed_by or ""),
        call_at=call.call_at,
        no_more=word in call.no_more or word in state.rules_of(campaign).no_more,
    )


def means_no_more(state: Dialler, campaign: str, word: str) -> bool:
    """Of a campaign whose rules nobody has any more it does where it does for any other: rather one call too few."""
    known = [state.rules_of(campaign)] if state.knows(campaign) else [each.rules for each in state.campaigns.values()]
    return any(word in rules.no_more for rules in known)


def said(state: Dialler, event: DispositionSaid) -> Iterator[Decision]:
    """What is said afterwards is told whoever listens."""
    what = replace(event.said, no_more=means_no_more(state, event.said.campaign, event.said.disposition))
    yield from _told(state, what)
    yield Tell(news=News(what=What.DISPOSED, attempt=what.attempt, campaign=what.campaign, said=what))


def _told(state: Dialler, what: Said) -> Iterator[Decision]:
    """Though its campaign is gone: an agent has said it, and a customer has heard it."""
    if state.said.get(what.attempt) == what:
        return
    state.said[what.attempt], state.told_at[f"said {what.attempt}"] = what, state.at
    yield Dispose(said=what, rules=state.rules_of(what.campaign))


def stored(state: Dialler, event: DispositionStored) -> Iterable[Decision]:
    if state.said.get(event.said.attempt) == event.said:
        del state.said[event.said.attempt]
        state.told_at.pop(f"said {event.said.attempt}", None)
    return ()


def again(state: Dialler) -> Iterator[Decision]:
    for what in list(state.said.values()):
        key = f"said {what.attempt}"
        if state.at - state.told_at.get(key, -AGAIN_S) >= AGAIN_S:
            state.told_at[key] = state.at
            yield Dispose(said=what, rules=state.rules_of(what.campaign))
