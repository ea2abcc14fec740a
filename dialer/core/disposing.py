"""What agents say came of their talks: handed to the database after the end of the attempt, and again until it has it.

It may come long after the end was stored, and more than once: the call is kept by the house for a while, so that what was said while
nobody listened is heard after a start.
"""

from collections.abc import Iterable, Iterator

from acd.campaign import After
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
        by, at = str(call.disposed_by or ""), call.disposed_at or state.at
        what = Said(attempt=call.id, campaign=call.campaign, disposition=call.disposition, at=at, by=by, call_at=call.call_at)
        is_new, of = state.said.get(call.id) != what, state.campaigns.get(call.campaign)
        yield from _told(state, what)
        if is_new and of is not None and of.rules.after(call.disposition).then is After.DO_NOT_CALL:
            yield from running.opted_out(state, OptedOut(at=state.at, number=call.number, attempt=call.id))


def said(state: Dialler, event: DispositionSaid) -> Iterator[Decision]:
    """What is said afterwards is told whoever listens."""
    yield from _told(state, event.said)
    yield Tell(news=News(what=What.DISPOSED, attempt=event.said.attempt, campaign=event.said.campaign, said=event.said))


def _told(state: Dialler, what: Said) -> Iterator[Decision]:
    of = state.campaigns.get(what.campaign)
    if of is None or state.said.get(what.attempt) == what:
        return
    state.said[what.attempt], state.told_at[f"said {what.attempt}"] = what, state.at
    yield Dispose(said=what, rules=of.rules)


def stored(state: Dialler, event: DispositionStored) -> Iterable[Decision]:
    if state.said.get(event.said.attempt) == event.said:
        del state.said[event.said.attempt]
        state.told_at.pop(f"said {event.said.attempt}", None)
    return ()


def again(state: Dialler) -> Iterator[Decision]:
    for what in list(state.said.values()):
        key, of = f"said {what.attempt}", state.campaigns.get(what.campaign)
        if of is not None and state.at - state.told_at.get(key, -AGAIN_S) >= AGAIN_S:
            state.told_at[key] = state.at
            yield Dispose(said=what, rules=of.rules)
