"""What a flow asks for in the name of whoever dialled in: wishes of agents, of supervisors, and about the tape."""

from dataclasses import replace

from acd.core.call import Call
from acd.core.draft import Draft
from acd.core.events import SuperviseAsked
from acd.core.interpreter import (
    AgentWish,
    CallbackAsk,
    OptOutAsk,
    SuperviseAsk,
    TapeAsk,
    WishDone,
)
from acd.core.outside import own_callback
from acd.core.staff import nailing, wishes
from acd.core.talking import taping
from acd.words import (
    PhoneId,
    Supervise,
    TapeWish,
    Wish,
)


def granted(draft: Draft, call: Call, ask: AgentWish) -> WishDone | None:
    """None when the call is none any more: it has become the agent's line that stays."""
    if ask.wish is Wish.NAIL_UP:
        refused = nailing.taken_over(draft, call)
        return WishDone(at=draft.at, state="", why=refused, agent=call.agent) if refused else None
    if call.agent is None:
        return WishDone(at=draft.at, state="", why="this phone belongs to no agent")
    why = wishes.ask(draft, call.agent, ask.wish, ask.reason, by=f"phone {call.phone}")
    return WishDone(at=draft.at, state=draft.agent(call.agent).state.value, why=why, agent=call.agent)


def wished(draft: Draft, call: Call, ask: TapeAsk | SuperviseAsk | OptOutAsk | CallbackAsk) -> WishDone:
    match ask:
        case CallbackAsk():
            return WishDone(at=draft.at, state=ask.wish.value, why=own_callback.ask(draft, call, ask))
        case TapeAsk():
            return _taped(draft, call, ask.wish)
        case OptOutAsk():
            return _opted_out(draft, call)
        case SuperviseAsk():
            return _supervised(draft, call, ask)


def _supervised(draft: Draft, call: Call, ask: SuperviseAsk) -> WishDone:
    """Their phone rings for it: the leg by which they ask is their own call, which its flow ends."""
    from acd.core.talking import supervision

    theirs = [each.id for each in draft.state.policy.supervisors.values() if call.phone is not None and each.phone == call.phone]
    agent = draft.state.policy.agent_of_phone.get(PhoneId(ask.extension))
    if not theirs:
        return WishDone(at=draft.at, state="", why="this phone belongs to no supervisor")
    if agent is None and ask.wish is not Supervise.STOP:
        return WishDone(at=draft.at, state="", why="there is no such agent")
    asked = SuperviseAsked(at=draft.at, supervisor=theirs[0], wish=ask.wish, agent=agent, by=f"phone {call.phone}")
    return WishDone(at=draft.at, state=ask.wish.value, why=supervision.ask(draft, asked))


def _taped(draft: Draft, call: Call, wish: TapeWish) -> WishDone:
    """An agent who dialled in means the talk that they have; anybody else their own."""
    whose = taping.talk_of(draft, call.agent) if call.agent is not None else call.id
    by = call.agent if call.agent is not None else "caller"
    why = taping.ask(draft, whose, wish, by) if whose is not None else "you talk to nobody"
    return WishDone(at=draft.at, state=wish.value, why=why, agent=call.agent)


def _opted_out(draft: Draft, call: Call) -> WishDone:
    """Said twice it is said once. Of who called us only the number that they show is known, and that may be anybody's."""
    if not call.attempt:
        return WishDone(at=draft.at, state="", why="no campaign has dialled them")
    dialled = draft.dialled(call.attempt)
    if dialled.opted_out_at is None:
        draft.put(replace(dialled, opted_out_at=draft.at))
    return WishDone(at=draft.at, state="opted_out")
