"""Which news programs beside the house are told: each once, and before the agent talks. Decides nothing that anybody is called by."""

from collections.abc import Iterator
from dataclasses import replace

from acd.campaign import Mode
from acd.core.outside.dialled_call import DialledCall, DialledState
from acd.words import AgentId
from dialer.core.attempt import Attempt, AttemptState
from dialer.core.decisions import Decision, Tell
from dialer.core.events import OfferSeen
from dialer.core.news import News, What
from dialer.core.said import Said
from dialer.core.state import Dialler

S = AttemptState
LOOKING = frozenset({Mode.PREVIEW, Mode.MANUAL})


def shown(state: Dialler) -> Iterator[Decision]:
    """After whatever happened: leads that are before an agent now, and those that are no more and were not dialled."""
    if not state.shown and not any(each.rules.mode in LOOKING for each in state.campaigns.values()):
        return
    for attempt in state.attempts.values():
        if attempt.state is S.SHOWN and attempt.reserved_at is not None and attempt.id not in state.shown:
            state.shown[attempt.id] = attempt
            yield _before(state, attempt, What.SHOWN)
    for id, before in list(state.shown.items()):
        now = state.attempts.get(id)
        if now is None or now.state is not S.SHOWN:
            del state.shown[id]
            if now is None or now.asked_at is None:
                yield _before(state, before, What.WITHDRAWN)


def _before(state: Dialler, attempt: Attempt, what: What) -> Tell:
    news = News(
        what=what,
        attempt=attempt.id,
        campaign=attempt.campaign,
        agent=AgentId(attempt.reserved),
        queue=state.rules_of(attempt.campaign).queue,
        number=attempt.number,
        tags=attempt.tags,
        guide=state.rules_of(attempt.campaign).guide,
    )
    return Tell(news=news)


def offered(state: Dialler, event: OfferSeen) -> Iterator[Decision]:
    """To each agent whom they ring for, also after a transfer."""
    offer = event.offer
    if not offer.is_live:
        state.offered.discard(offer.id)
    elif offer.id not in state.offered:
        state.offered.add(offer.id)
        news = _of_call(state, event.call, What.OFFERED)
        yield Tell(news=replace(news, agent=offer.agent, queue=offer.queue, call=offer.call))


def disposed(state: Dialler, call: DialledCall) -> Iterator[Decision]:
    """As soon as it is said, in the talk or after it; another word is told again."""
    if call.state is DialledState.FORGOTTEN:
        state.heard.pop(call.id, None)
    elif call.disposition and call.disposed_at is not None and state.heard.get(call.id) != call.disposed_at:
        state.heard[call.id] = call.disposed_at
        by, word, due = str(call.disposed_by or ""), call.disposition, call.call_at
        what = Said(attempt=call.id, campaign=call.campaign, disposition=word, at=call.disposed_at, by=by, call_at=due)
        yield Tell(news=replace(_of_call(state, call, What.DISPOSED), agent=call.disposed_by, said=what))


def _of_call(state: Dialler, call: DialledCall, what: What) -> News:
    return News(
        what=what,
        attempt=call.id,
        campaign=call.campaign,
        queue=call.queue,
        number=call.number,
        tags=call.tags,
        guide=state.rules_of(call.campaign).guide,
        call=call.call,
    )
