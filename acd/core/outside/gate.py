"""May this call leave the house, through which trunk, and under which number? PURE: rules and counts in, an answer out.

Everything that calls out asks here and nowhere else (FAULTS.md S01): flows, agents outside, transfers, callbacks, the dialer. The
first rule that says no gives the word; a rule that has nothing to say lets pass. What is counted is calls let out, not talks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from acd.core.outside import numbers
from acd.core.outside.outbound_policy import OutboundPolicy, Way, ways_for
from acd.words import AgentId, CallId, QueueId

SECOND_S = 1.0
ANONYMOUS = "anonymous"
CAMPAIGN = "campaign"
"""The reason of a call that nobody of ours asked for by hand."""


class NotOut(StrEnum):
    """Why a call did not leave; a closed set."""

    NOT_A_NUMBER = "not_a_number"
    EMERGENCY = "emergency"
    KIND = "kind"  # premium and the like
    BLOCKED = "blocked"
    NO_TRUNK = "no_trunk"
    CALLER_ID = "caller_id"
    CLOSED = "closed"
    AGENT_LIMIT = "agent_limit"
    CALL_LIMIT = "call_limit"
    CALLER_LIMIT = "caller_limit"
    NUMBER_LIMIT = "number_limit"
    DAY_LIMIT = "day_limit"
    TRUNK_BUSY = "trunk_busy"
    TRUNK_RATE = "trunk_rate"


FOR_GOOD = frozenset({NotOut.NOT_A_NUMBER, NotOut.EMERGENCY, NotOut.KIND, NotOut.BLOCKED, NotOut.NO_TRUNK, NotOut.CALLER_ID})
"""Asking again later changes nothing, as long as the configuration is the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A call that somebody wants to leave. ``id`` is ours and new: the same twice would be one call in the records."""

    id: str
    number: str
    reason: str  # transfer, agent, consult, callback, campaign
    trunks: tuple[str, ...] = ()  # in this order; none named: all of the house
    skip: int = 0  # so many of those that take the number have failed already
    call: CallId | None = None
    agent: AgentId | None = None
    queue: QueueId | None = None
    caller: str = ""  # the number of whoever called us, when it is for them
    caller_name: str = ""
    from_phone: bool = False  # asked for on one of our own phones, or by an agent
    shown: str = ""  # must be a trunk's own or one of ``caller_ids``


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    trunk: str
    number: str  # as the trunk wants it
    one: str  # as it is counted
    shown: str
    name: str = ""
    accounts: tuple[tuple[str, float], ...] = ()  # the tallies to count it in, and until when each of them counts
    is_rated: bool = False  # the trunk takes so many a second


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    rule: NotOut
    why: str
    until: float | None = None  # asking again before is in vain; None: nobody knows


class Counts(Protocol):
    def counted(self, tally: str, at: float) -> int: ...

    def at_once(self, trunk: str) -> int: ...

    def in_last_second(self, trunk: str, at: float) -> int: ...

    def is_open(self, calendar: str, at: float) -> bool: ...

    def opens_at(self, calendar: str, at: float) -> float | None: ...


class Nothing:
    """Nobody has called yet, and it is always open: for looking at a number before anybody is promised a call."""

    def counted(self, tally: str, at: float) -> int:
        return 0

    def at_once(self, trunk: str) -> int:
        return 0

    def in_last_second(self, trunk: str, at: float) -> int:
        return 0

    def is_open(self, calendar: str, at: float) -> bool:
        return True

    def opens_at(self, calendar: str, at: float) -> float | None:
        return None


def judge(policy: OutboundPolicy, counts: Counts, wanted: Wanted, at: float) -> Allowed | Refused:
    if numbers.is_emergency(wanted.number, policy.region, policy.emergency):
        return _emergency(policy, wanted)
    number = numbers.read(wanted.number, policy.region)
    if number is None:
        return Refused(rule=NotOut.NOT_A_NUMBER, why=f"{wanted.number[:40]!r} is no number that can be dialled")
    if refused := _never(policy, number):
        return refused
    ways = ways_for(number.forms, policy.ways, wanted.trunks)[wanted.skip :]
    if not ways:
        rest = " any more" if wanted.skip else ""
        return Refused(rule=NotOut.NO_TRUNK, why=f"no trunk takes {number.one}{rest}")
    if wanted.shown and wanted.shown not in _showable(policy):
        return Refused(rule=NotOut.CALLER_ID, why=f"{wanted.shown} may not be shown; allowed are the trunks' own and caller_ids")
    if policy.hours and not counts.is_open(policy.hours, at):
        return Refused(rule=NotOut.CLOSED, why=f"outside the hours of {policy.hours}", until=counts.opens_at(policy.hours, at))
    accounts = tuple(_accounts(policy, wanted, number.one, at))
    for tally, limit, rule, until in accounts:
        if limit is not None and counts.counted(tally, at) >= limit:
            return Refused(rule=rule, why=f"{tally} has had its {limit} calls", until=until)
    return _through(policy, counts, wanted, number.one, ways, at, tuple((tally, until) for tally, _, _, until in accounts))


def callable_form(policy: OutboundPolicy, text: str, region: str = "") -> str:
    """The number as it is kept for a call later on, if the house would ever let it out; else ''. Counts nothing."""
    region = region or policy.region
    number = numbers.read(text, region)
    if number is None or not number.is_sure or numbers.is_emergency(text, region, policy.emergency) or _never(policy, number):
        return ""
    return next((form for _, form in ways_for(number.forms, policy.ways)), "")


def _never(policy: OutboundPolicy, number: numbers.Number) -> Refused | None:
    if number.kind.value in policy.refused_kinds:
        return Refused(rule=NotOut.KIND, why=f"{number.one} is a {number.kind.value.replace('_', ' ')} number")
    if any(form.startswith(policy.blocked) for form in number.forms):
        return Refused(rule=NotOut.BLOCKED, why=f"{number.one} begins with a blocked prefix")
    return None


def _emergency(policy: OutboundPolicy, wanted: Wanted) -> Allowed | Refused:
    """No limit and no hours stand between anybody and an emergency number, where the house lets it out at all."""
    if wanted.reason == CAMPAIGN:
        return Refused(rule=NotOut.EMERGENCY, why=f"{wanted.number} is an emergency number, and no campaign dials it")
    trunk = next((way for way in policy.ways if way.trunk == policy.emergency_trunk), None)
    if trunk is None:
        why = f"{wanted.number} is an emergency number, and this house has no trunk for them (outbound.emergency.trunk)"
        return Refused(rule=NotOut.EMERGENCY, why=why)
    if not (wanted.from_phone or policy.emergency_from_flows):
        why = f"{wanted.number} is an emergency number; flows do not dial them for callers (outbound.emergency.from_flows)"
        return Refused(rule=NotOut.EMERGENCY, why=why)
    shown, name = _shown(trunk, wanted)
    return Allowed(trunk=trunk.trunk, number=wanted.number, one=wanted.number, shown=shown, name=name)


def _accounts(policy: OutboundPolicy, wanted: Wanted, number: str, at: float) -> Iterator[tuple[str, int | None, NotOut, float]]:
    """On whose account it goes: the tally, its limit, the word for having reached it, and when it counts anew."""
    tomorrow = policy.days.end_of(at)
    yield "day", policy.per_day, NotOut.DAY_LIMIT, tomorrow
    yield f"number/{number}", policy.per_number, NotOut.NUMBER_LIMIT, tomorrow
    if wanted.agent:
        yield f"agent/{wanted.agent}", policy.per_agent, NotOut.AGENT_LIMIT, tomorrow
    if wanted.caller:
        yield f"caller/{numbers.one_form(wanted.caller, policy.region)[:40]}", policy.per_caller, NotOut.CALLER_LIMIT, tomorrow
    if wanted.call:
        yield f"call/{wanted.call}", policy.per_call, NotOut.CALL_LIMIT, at + CALL_KEPT_S


CALL_KEPT_S = 86400.0
"""A caller's own tally is kept for so long after the last one that left for them: longer than anybody stays."""


def _through(
    policy: OutboundPolicy,
    counts: Counts,
    wanted: Wanted,
    one: str,
    ways: tuple[tuple[Way, str], ...],
    at: float,
    accounts: tuple[tuple[str, float], ...],
) -> Allowed | Refused:
    """The first trunk that has room; when none has, the first one's word."""
    no: Refused | None = None
    for way, form in ways:
        full = _full(counts, way, at)
        if full is None:
            shown, name = _shown(way, wanted)
            rated = way.per_second is not None
            return Allowed(trunk=way.trunk, number=form, one=one, shown=shown, name=name, accounts=accounts, is_rated=rated)
        no = no or full
    assert no is not None
    return no


def _full(counts: Counts, way: Way, at: float) -> Refused | None:
    if way.hours and not counts.is_open(way.hours, at):
        until = counts.opens_at(way.hours, at)
        return Refused(rule=NotOut.CLOSED, why=f"trunk {way.trunk} is outside the hours of {way.hours}", until=until)
    if way.at_once is not None and counts.at_once(way.trunk) >= way.at_once:
        return Refused(rule=NotOut.TRUNK_BUSY, why=f"trunk {way.trunk} has {way.at_once} calls at once already")
    if way.per_second is not None and counts.in_last_second(way.trunk, at) >= way.per_second:
        return Refused(rule=NotOut.TRUNK_RATE, why=f"trunk {way.trunk} has had {way.per_second} calls in a second", until=at + SECOND_S)
    return None


def _showable(policy: OutboundPolicy) -> frozenset[str]:
    return policy.caller_ids | {way.caller_id for way in policy.ways if way.caller_id}


def _shown(way: Way, wanted: Wanted) -> tuple[str, str]:
    """The number and the name: what was asked for (it is on the list), the trunk's own, or who called; else nobody's."""
    if wanted.shown or way.caller_id:
        return wanted.shown or way.caller_id, ""
    return wanted.caller or ANONYMOUS, wanted.caller_name
