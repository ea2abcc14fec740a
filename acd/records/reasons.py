"""PURE: a trace (the decision as it was made, kept with every offer) in words that a supervisor understands."""

from collections.abc import Iterator, Mapping
from typing import Any

Rows = Mapping[str, Any]

STRATEGIES = {
    "longest_idle": "who has been free for the longest goes first",
    "round_robin": "whose last turn is the longest ago goes first",
    "top_down": "always in the same order",
    "fewest_calls": "who had the fewest calls lately goes first",
    "least_talk_time": "who talked least lately goes first",
    "random": "by lot",
    "weighted": "who had the fewest calls lately for their weight goes first",
    "ring_all": "everybody who may is rung at once",
    "ring_progressively": "one phone, and another one after a while",
    "asked_for": "the caller asked for this agent and nobody else",
}

WHY_NOT = {
    "logged_out": "was logged out",
    "not_ready": "was not ready",
    "offered": "was being rung for somebody else",
    "talking": "was talking",
    "wrap_up": "was in wrap-up",
    "resting": "was left in peace after a failed offer",
    "own_call": "was in a call of their own",
    "reserved": "was reserved for somebody whom a campaign calls",
    "asked_before": "was asked for this caller shortly before",
    "rung": "was being rung for this caller already",
    "held": "the caller was held for somebody else",
    "skill": "lacked a skill",
    "delay": "is asked only after a longer wait",
    "tier": "stands in a tier that had not been opened",
    "behind": "could have taken the call, and came after these",
}
"""The rules of the match in words; a rule that is not here is shown as it is."""

SHOWN = 12
"""So many of each kind are named to people; all that are kept are in the JSON."""


def headline(trace: Rows) -> str:
    """What was decided by, and for whom."""
    words = STRATEGIES.get(trace["strategy"])
    named = trace["strategy"].replace("_", " ")
    parts = [f"by {named}{f' ({words})' if words else ''}: the caller had waited {trace['waited_s']:.1f} s"]
    parts.append("nobody else was in line" if trace["line"] <= 1 else f"{trace['line']} were in line")
    return ", ".join(parts)


def asked_for(trace: Rows) -> Iterator[str]:
    """What was asked of an agent at that moment, where it is not nothing."""
    if trace.get("requires"):
        needs = ", ".join(f"{skill} {level}" for skill, level in trace["requires"].items())
        relaxed = f", as it is after {trace['aged_s']:g} s of waiting" if trace.get("aged_s") else ""
        yield f"needed: {needs}{relaxed}"
    elif trace.get("aged_s"):
        yield f"open to whoever is asked after {trace['aged_s']:g} s of waiting"
    if trace.get("held_for"):
        yield f"held for {trace['held_for']}"
    if trace.get("rung"):
        yield f"{_count(trace['rung'], 'phone')} rang for this caller already"


def standing(candidate: Rows, trace: Rows) -> str:
    """What the strategy looked at, of one agent: ``3.2 calls lately``."""
    values, told = candidate.get("values") or {}, []
    if "calls" in values:
        told.append(f"{values['calls']:.1f} calls lately{_for_weight(values)}")
    if "talk_s" in values:
        told.append(f"{values['talk_s'] / 60:.1f} min of talk lately")
    if "position" in values:
        told.append(f"position {values['position']:g}")
    if "last_turn_s" in values:
        told.append(f"last turn {_span(values['last_turn_s'])} ago")
    elif trace["strategy"] == "round_robin":
        told.append("no turn yet")
    if "lot" in values:
        told.append(f"drew {values['lot']:.3f}")
    if not told:
        told.append(f"free for {_span(values.get('idle_s', trace['at'] - candidate['idle_since']))}")
    tier = candidate.get("tier", 1)
    return ", ".join([*([f"tier {tier}"] if tier != 1 else []), *told])


def _for_weight(values: Rows) -> str:
    return f" for a weight of {values['weight']:g}" if "weight" in values else ""


def passed(one: Rows) -> str:
    value = f" ({one['value']})" if one["value"] else ""
    return f"{one['agent']} {WHY_NOT.get(one['rule'], one['rule'])}{value}"


def considered(chosen: str, trace: Rows) -> Iterator[str]:
    """Who could have taken it, in order, and who was passed over by which rule."""
    for place, candidate in enumerate(trace["candidates"][:SHOWN], start=1):
        mark = " <- chosen" if candidate["agent"] == chosen else ""
        yield f"{place}. {candidate['agent']}: {standing(candidate, trace)}{mark}"
    for one in trace["passed_over"][:SHOWN]:
        yield f"passed over: {passed(one)}"
    shown = min(SHOWN, len(trace["candidates"])) + min(SHOWN, len(trace["passed_over"]))
    if sum(trace["counts"].values()) > shown:
        yield "in all: " + ", ".join(f"{number} {rule.replace('_', ' ')}" for rule, number in sorted(trace["counts"].items()))


def reasons(chosen: str, trace: Rows) -> Iterator[str]:
    """The whole of it, for the story of a call."""
    configuration = f"; configuration {trace['policy']}" if trace["policy"] else ""
    yield f"why: {headline(trace)}{configuration}"
    yield from asked_for(trace)
    yield from considered(chosen, trace)


def why_not(agent: str, chosen: str, trace: Rows) -> str:
    """Of one agent: why this offer went to somebody else, or that it did not."""
    if agent == chosen:
        return "was chosen"
    for place, candidate in enumerate(trace["candidates"], start=1):
        if candidate["agent"] == agent:
            first = next((c for c in trace["candidates"] if c["agent"] == chosen), None)
            beside = f"; {chosen}: {standing(first, trace)}" if first else ""
            return f"could have taken it and stood at place {place}: {standing(candidate, trace)}{beside}"
    for one in trace["passed_over"]:
        if one["agent"] == agent:
            return passed(one).removeprefix(f"{agent} ")
    named = len(trace["candidates"]) + len(trace["passed_over"])
    if sum(trace["counts"].values()) > named:
        return "is not among those whom the trace names (it names at most fifty of each kind)"
    return "was not among the agents of the queue then"


def _count(n: int, word: str) -> str:
    return f"{n} {word}{'s' if n != 1 else ''}"


def _span(seconds: float) -> str:
    seconds = max(0.0, seconds)
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
