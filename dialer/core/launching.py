"""How many leads a campaign asks for, and which of those that came are dialled.

Among campaigns that share agents the higher priority goes first, and among equals whoever has had least for its weight. Each asks its
pacer after the others have begun theirs, so that no agent is counted on twice; what they leave, or cannot use, is for the next.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from math import floor as whole
from math import inf

from acd.campaign import AUTOMATIC, Mode
from acd.law.calling import open_now
from dialer.core import blending, calling_us, ending, reserving, sharing, showing
from dialer.core.attempt import Attempt, AttemptState
from dialer.core.decisions import Claim, Decision, Dial
from dialer.core.events import ClaimFailed, LeadsClaimed
from dialer.core.held import Held, HeldBy
from dialer.core.pacing import pacer as pacing
from dialer.core.pacing.events import LineDialled
from dialer.core.pacing.pacer import View
from dialer.core.state import Dialler, Running

AT_ONCE = 200
"""So many leads are asked for in one piece, at most."""
LOOK_AGAIN_S = 10.0
"""Where there was nothing to dial, and nobody knows when there will be."""
SOON_S = 0.5
"""Not asked again at once, whatever time the database gives: it would be asked in a circle."""
NOT_NOW_S = 1.0
"""After a lead that came too late, so that nothing is leased and given back in a circle."""
RETRY_S = (1.0, 2.0, 5.0, 10.0, 30.0)
"""After a database that did not answer."""
BURST_S = 1.0
"""Calls per second are counted over so long, so that a slow tick does not lose them."""
NO_LEAD = Held(by=HeldBy.LEADS, why="no lead may be dialled now")


# -- asking for leads --------------------------------------------------------------------------------------------------


def launch(state: Dialler) -> Iterator[Decision]:
    for running in _in_turn(state):
        if n := _more(state, running):
            running.claiming += n
            yield Claim(rules=running.rules, n=n, at=state.at, agents=_who_promised(state, running))


def _who_promised(state: Dialler, running: Running) -> tuple[str, ...]:
    rules = running.rules
    return tuple(state.floor(rules.queue).free_agents) if rules.promises and rules.queue is not None else ()


def _in_turn(state: Dialler) -> list[Running]:
    dialling = [each for each in state.campaigns.values() if each.dials and each.rules.mode is not Mode.MANUAL]
    return sorted(dialling, key=lambda each: (-each.rules.priority, _turn(state, each), each.dialled_at or 0.0, each.id))


def _turn(state: Dialler, running: Running) -> float:
    """Who dialled nobody for a while has no arrears: they would have every agent until those are made good."""
    return max(running.turn, state.turns.get((running.rules.queue, running.rules.priority), 0.0))


def _had_turn(state: Dialler, running: Running) -> None:
    """Start-time fair queueing (Goyal, Vin, Cheng 1996), for all queues whose agents it may have taken."""
    queue, priority, now = running.rules.queue, running.rules.priority, _turn(state, running)
    running.turn = now + 1.0 / running.rules.weight
    for each in (queue, *(other for other, _ in sharing.beside(state, queue))) if queue is not None else (None,):
        state.turns[each, priority] = max(now, state.turns.get((each, priority), 0.0))


def _more(state: Dialler, running: Running) -> int:
    """So many leads more are wanted. What keeps it from more is remembered for whoever asks why."""
    running.held = _held(state, running)
    if running.held:
        return 0
    return max(0, min(AT_ONCE, lines(state, running, on_their_way=True)))


def _held(state: Dialler, running: Running) -> Held | None:
    if state.at < running.claim_at:
        return running.held or NO_LEAD
    return _held_back(state, running)


def _held_back(state: Dialler, running: Running) -> Held | None:
    """Whatever leads there are."""
    rules = running.rules
    if held := outside_hours(state, running):
        return held
    if rules.queue is None:
        return None
    return blending.held(state, rules)


def outside_hours(state: Dialler, running: Running) -> Held | None:
    """Of the campaign's own calendar."""
    name = running.rules.hours
    if not name or (hours := state.calendars.get(name)) is None or (is_ := hours.state(state.at)) == "open":
        return None
    is_ = "closed" if is_ == "closed" else "closed for a holiday"
    return Held(by=HeldBy.HOURS, why=f"it is outside its hours: {name} is {is_}")


def lines(state: Dialler, running: Running, *, on_their_way: bool = False) -> int:
    """How many may be begun now; why no more is in ``running.why``. ``on_their_way``: beside leads that were asked for and come."""
    rules, view = running.rules, view_of(state, running, on_their_way=on_their_way)
    asked, own = (sharing.asked_for(state, rules.queue), running.claiming) if on_their_way else (0, 0)
    view = view.less(own)
    if rules.mode not in AUTOMATIC:
        room = {"trunks": view.trunks, "calls_per_second": view.calls_per_second, "at_once": AT_ONCE - own}
        if rules.mode is Mode.PREVIEW:
            room = {"agents": len(showing.waiting(state, running)) - asked, "trunks": view.trunks}
        running.bound, most = min(((name, n) for name, n in room.items() if n is not None), key=lambda each: each[1])
        return most
    assert rules.queue is not None
    others = sharing.taken(state, rules.queue) + asked
    pacer = state.floor(rules.queue).pacer(rules)
    wanted = pacer.lines(state.at, view.less(-others - sharing.needed(state, rules.queue)))  # what others have is no line of ours
    running.why = pacer.why()
    return view.within(blending.left(state, rules, wanted - others))


def view_of(state: Dialler, running: Running, *, on_their_way: bool = False) -> View:
    rules, ledger = running.rules, running.ledger
    counts = ledger.counts(state.at)
    own = None if rules.lines is None else rules.lines - state.under_way(rules.id)
    room = [each for each in (own, _on_trunks(state, running, on_their_way)) if each is not None]
    return View(
        trunks=max(0, min(room)) if room else None,
        calls_per_second=_starts_left(state, running),
        ledgers=tuple(pacing.Ledger(answers=c.answered, abandons=c.abandoned, limit=ledger.limit) for c in counts),
    )


def _on_trunks(state: Dialler, running: Running, on_their_way: bool) -> int | None:
    """What its trunks take beside all that is on them, less what any campaign has asked for and the house does not know of yet."""
    trunks = state.trunks_of(running.rules)
    room = [state.trunks[each] for each in trunks if each in state.trunks]
    if not room or None in room:
        return None
    asked = Counter(state.attempts[id].campaign for id in state.asked)
    if on_their_way:
        asked.update({each.id: each.claiming for each in state.campaigns.values() if each is not running})
    theirs = sum(n for id, n in asked.items() if n and not trunks.isdisjoint(state.trunks_of(state.rules_of(id))))
    return sum(each for each in room if each is not None) - theirs


def _starts_left(state: Dialler, running: Running) -> int | None:
    """Of the calls per second: a bucket that fills with time and holds those of a second, or one."""
    rate = running.rules.per_second
    if rate is None:
        return None
    most = max(1.0, rate * BURST_S)
    if running.starts_at is not None:
        running.starts = min(most, running.starts + rate * (state.at - running.starts_at))
    running.starts_at = state.at
    return whole(running.starts + 1e-9)


# -- leads that came ---------------------------------------------------------------------------------------------------


def claimed(state: Dialler, event: LeadsClaimed) -> Iterator[Decision]:
    running = state.campaigns[event.campaign]
    running.claiming = max(0, running.claiming - event.wanted)
    running.failed = 0
    if len(event.attempts) < event.wanted:
        running.claim_at = max(min(event.again_at or inf, state.at + LOOK_AGAIN_S), state.at + SOON_S)
        running.held = event.held or NO_LEAD
    for attempt in event.attempts:
        if calling_us.is_on_line(state, attempt.number):
            yield from ending.returned(state, attempt.passed_on(), calling_us.WHY)
        elif held := _not_now(state, running, attempt):
            running.claim_at, running.held = max(running.claim_at, state.at + NOT_NOW_S), held
            yield from ending.returned(state, attempt, held.why)
        elif running.rules.mode is Mode.PREVIEW:
            yield from showing.shown(state, running, attempt)
        elif attempt.needs_agent:
            yield from _dial_with_agent(state, running, attempt)
        else:
            yield dial(state, running, attempt)


def _dial_with_agent(state: Dialler, running: Running, attempt: Attempt) -> Iterator[Decision]:
    """One for one, and that one reserved; the house refuses where they are not free after all."""
    free = showing.waiting(state, running) if running.rules.mode is Mode.PROGRESSIVE else []
    if not free:
        running.claim_at = max(running.claim_at, state.at + NOT_NOW_S)
        yield from ending.returned(state, attempt, "nobody could be reserved for it")
        return
    attempt = replace(attempt, reserved=free[0])
    reserving.takes(state, attempt)
    yield dial(state, running, attempt)


def claim_failed(state: Dialler, event: ClaimFailed) -> Iterable[Decision]:
    running = state.campaigns[event.campaign]
    running.claiming = max(0, running.claiming - event.wanted)
    running.claim_at = state.at + RETRY_S[min(running.failed, len(RETRY_S) - 1)]
    running.failed += 1
    running.held = Held(by=HeldBy.DATABASE, why=f"the database of leads does not answer: {event.why}")
    return ()


def _not_now(state: Dialler, running: Running, attempt: Attempt) -> Held | None:
    rules = running.rules
    if not running.dials:
        return Held(by=HeldBy.TOO_LATE, why=f"the campaign is {running.run.state}")
    open_ = open_now(rules.profile, attempt.zones, state.at, attempt.country, rules.local_hours)
    if open_ is not True:
        return Held(by=HeldBy.LOCAL_HOURS, why=str(open_))
    if held := _held_back(state, running):
        return held
    if lines(state, running) < 1:
        return Held(by=HeldBy.TOO_LATE, why="no agent would be there any more, or no line")
    return None


def dial(state: Dialler, running: Running, attempt: Attempt) -> Dial:
    if attempt.needs_agent and not attempt.reserved:
        raise AssertionError(f"attempt {attempt.id} needs an agent reserved for it")
    attempt = attempt.move(AttemptState.ASKED, asked_at=state.at)
    state.attempts[attempt.id] = attempt
    state.asked.add(attempt.id)
    running.starts -= 1.0
    running.dialled_at = state.at
    _had_turn(state, running)
    state.feed(attempt, LineDialled(at=state.at, line=attempt.id))
    return Dial(attempt=attempt, rules=running.rules)
