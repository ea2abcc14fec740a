"""What agents and supervisors of the soak inside do in talks: hold, consult, transfer, confer, listen in, mask tapes; in any order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from acd.core import events as ev
from acd.core.outside.callback_policy import CallbackPolicy
from acd.core.outside.outbound_policy import OutboundPolicy, Way
from acd.core.policy import Policy
from acd.core.talking.record_policy import RecordPolicy, When
from acd.core.talking.supervisor_policy import AgentDrops, SupervisorPolicy
from acd.words import AgentId, Follows, PhoneId, QueueId, Supervise, SupervisorId, TalkWish, TapeWish

if TYPE_CHECKING:
    from tests.soak.inside import Inside

RIGHTS = frozenset({Supervise.LISTEN, Supervise.WHISPER, Supervise.BARGE, Supervise.TAKE_OVER})
TARGETS = ("a0", "a1", "a2", "sales", "support", "menu.sales", "nobody", "+4930123456")
KEYS = ("*2", "*5", "*6", "*0", "*7", "*8", "*4a1#", "*3a2#", "1", "4")


def watched(rules: Policy, mode: str) -> Policy:
    """Half of the calls are recorded, two supervisors may be at anybody's talk, and the house calls back (``mode``: who first)."""
    record = RecordPolicy(when=When.SOME, percent=50.0, mask_longest_s=20.0)
    back = CallbackPolicy(retries=(60.0, 120.0), expires_s=1800.0, mode=mode)
    queues = {queue.id: replace(queue, record=record, callback=back) for queue in rules.queues.values()}
    outbound = OutboundPolicy(ways=(Way(trunk="carrier", prefixes=("+",), at_once=4),), region="DE", per_number=1000)
    supervisors = {
        SupervisorId(f"s{n}"): SupervisorPolicy(
            id=SupervisorId(f"s{n}"), name="S", phone=PhoneId(f"200{n}"), queues=frozenset(map(QueueId, queues)), rights=RIGHTS,
            agent_drops=drops,
        )
        for n, drops in enumerate(AgentDrops)
    }  # fmt: skip
    return replace(rules, queues=queues, supervisors=supervisors, outbound=outbound)


def acts(world: Inside, agent: AgentId) -> None:
    """Somebody who talks does something, or something is done at their talk."""
    state, dice, at = world.state, world.dice, world.at
    offer = state.offers[state.agent(agent).offer or ""]  # type: ignore[index]
    fate = dice.random()
    if fate < 0.45:
        world.feed(ev.TalkAsked(at=at, agent=agent, what=dice.choice(list(TalkWish)), target=dice.choice(TARGETS), by=agent))
    elif fate < 0.6 and offer.leg in world.switch.legs:
        for digit in dice.choice(KEYS):
            world.people.act(lambda digit=digit: _presses(world, offer.leg, digit))  # type: ignore[misc]
    elif fate < 0.7:
        on = dice.random() < 0.6
        world.people.act(lambda: world.switch.hold(world.at, offer.leg, on=on))
    elif fate < 0.8:
        world.feed(ev.TapeAsked(at=at, call=offer.call, wish=dice.choice(list(TapeWish)), by=agent))
    else:
        who, wish = SupervisorId(f"s{dice.randrange(2)}"), dice.choice(list(Supervise))
        world.feed(ev.SuperviseAsked(at=at, supervisor=who, wish=wish, agent=agent, follows=dice.choice(list(Follows)), by=who))


def _presses(world: Inside, leg: str, digit: str) -> None:
    if leg in world.switch.legs:
        world.switch.press(world.at, leg, digit)  # type: ignore[arg-type]
