"""The callback that a caller has: they ask whether there is one, change it, and cancel it (ACD.md 72, 74).

Whose it is is told by the number alone, and only where that tells one person, as with kept places: it is shown, nobody else calls
with it now, and the call comes from outside. Anybody else hears that there is none.
"""

from acd.core.call import Call
from acd.core.draft import Draft
from acd.core.interpreter import CallbackAsk
from acd.core.lines.keeping import NUMBER
from acd.core.outside import callback_changing, callback_ending, callbacks
from acd.core.outside.callback import Callback, CallbackState
from acd.words import OwnCallback, QueueId

NONE = "no callback of this caller is pending there"
PENDING = frozenset({CallbackState.HELD, CallbackState.WAITING, CallbackState.DIALLING})
BY = "caller"


def ask(draft: Draft, call: Call, ask: CallbackAsk) -> str:
    """Why not, or ''."""
    callback = of(draft, call, draft.state.policy.now_called(ask.queue))
    if callback is None:
        return NONE
    match ask.wish:
        case OwnCallback.CANCEL:
            return callback_ending.cancel(draft, callback.id, BY)
        case OwnCallback.CHANGE:
            return callback_changing.change(draft, callback, number=ask.number, at=ask.at)
    return ""


def of(draft: Draft, call: Call, queue: QueueId) -> Callback | None:
    number = call.caller_number
    if not NUMBER.fullmatch(number) or call.phone is not None or call.agent is not None or call.is_callback:
        return None
    if draft.state.callers[number] - (call.id in draft.state.calls):
        return None
    callback = callbacks.live_for(draft, queue, number)
    return callback if callback is not None and callback.state in PENDING else None
