"""Wishes typed on an agent's phone in a talk: ``*2`` holds and resumes, ``*3 1001 #`` transfers there, and so on (``talk_keys``).

Only the agent's own leg is listened to; what a customer types is for nobody here. What means nothing is not written down.
"""

from dataclasses import replace

from acd.core.commands import Signal
from acd.core.draft import Draft
from acd.core.offers.offer import Offer
from acd.core.talking import asking, hearing
from acd.words import TalkState, TalkWish

GAP_S = 5.0
"""A wish that is not typed on within this is forgotten."""
TYPED_MAX = 24
END = "#"


def typed(draft: Draft, offer: Offer, digit: str) -> None:
    begun = offer.keys if draft.at - offer.keys_at <= GAP_S else ""
    keys = begun + digit
    wish, target, is_open = understood(draft, keys)
    if wish is None and not is_open:
        if offer.keys:
            draft.put(replace(offer, keys=""))
        return draft.hide() if offer.keys else draft.late()
    if wish is None:
        draft.put(replace(offer, keys=keys, keys_at=draft.at))
        return
    draft.put(replace(offer, keys=""))
    draft.refused = asking.ask(draft, offer.agent, _meant(draft, offer, wish), target)
    if draft.refused:
        draft.do(Signal(leg=offer.leg, tone="no"))


def understood(draft: Draft, keys: str) -> tuple[TalkWish | None, str, bool]:
    """The wish and its target when it is whole; whether it may become one."""
    for wish, code in draft.state.policy.talk_keys.items():
        if not code:
            continue
        if code.startswith(keys) and (keys != code or wish in asking.NEEDS_TARGET):
            return None, "", True
        if keys == code:
            return wish, "", False
        if keys.startswith(code) and wish in asking.NEEDS_TARGET and len(keys) <= TYPED_MAX:
            target = keys[len(code) :]
            return (wish, target[:-1], False) if target.endswith(END) else (None, "", True)
    return None, "", False


def _meant(draft: Draft, offer: Offer, wish: TalkWish) -> TalkWish:
    """The key that holds also resumes."""
    if wish is TalkWish.HOLD and draft.call(offer.call).talk.state is TalkState.HELD:
        own = hearing.own_offer(draft, draft.call(offer.call))
        return TalkWish.RESUME if own.id == offer.id else wish
    return wish
