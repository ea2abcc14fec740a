"""Flows that run while their callers wait, held against the steps that name them. PURE; knows no file: ``load`` says the line."""

from collections.abc import Iterator
from difflib import get_close_matches

from acd.ivr.across import Flows
from acd.ivr.check import Fault
from acd.ivr.flow import Flow, Step
from acd.ivr.steps.flow import CallFlow
from acd.ivr.steps.leave_queue import LeaveQueue
from acd.ivr.steps.queue import KEYS, OTHERWISE, InLine
from acd.words import FlowId

ELSEWHERE = frozenset(
    {"queue", "transfer", "voicemail", "messages", "record", "recording", "supervise"}
    | {"agent", "hang_up", "opt_out", "lead"}
)
"""The verbs that take their caller somewhere, or need the line for themselves; a caller who waits is where they should be."""

Found = Iterator[tuple[FlowId, Fault]]


def waiting(flows: Flows) -> Found:
    yield from _verbs(flows)
    for flow, step, of in _waits(flows):
        yield from ((flow.id, fault) for fault in _leaves(flows, step, of))


def _waits(flows: Flows) -> Iterator[tuple[Flow, InLine, list[FlowId]]]:
    """Each step whose callers wait in flows that are there."""
    for flow in flows.values():
        for step in flow.steps.values():
            if isinstance(step, InLine) and step.heard and all(id in flows for id in step.heard):
                yield flow, step, list(step.heard)


def _reached(flows: Flows, ids: list[FlowId]) -> list[FlowId]:
    """Flows and those that they call."""
    found = [*ids]
    for here in found:
        called = [step.flow for step in flows[here].steps.values() if isinstance(step, CallFlow)]
        found += [each for each in dict.fromkeys(called) if each in flows and each not in found]
    return found


def _verbs(flows: Flows) -> Found:
    users: dict[FlowId, str] = {}
    for flow, waits, of in _waits(flows):
        for id in _reached(flows, of):
            users.setdefault(id, f"{flow.id}/{waits.name}")
    for id, user in users.items():
        for step in flows[id].steps.values():
            if step.verb in ELSEWHERE:
                yield id, Fault(step=step.name, exit="step", what=_elsewhere(step, user))


def _elsewhere(step: Step, user: str) -> str:
    return (
        f"{step.verb} cannot stand in a flow that runs while its callers wait (it does for {user}); "
        "to take them out of the line there is leave_queue, and what comes then belongs to the exit of that step"
    )


def _leaves(flows: Flows, step: InLine, of: list[FlowId]) -> Iterator[Fault]:
    steps = [each for id in _reached(flows, of) for each in flows[id].steps.values()]
    leaves = {each.exit for each in steps if isinstance(each, LeaveQueue)}
    names = " or ".join(repr(id) for id in of)
    for exit in sorted(leaves - step.exits.keys()):
        if OTHERWISE not in step.exits:
            what = f"the flow {names} leaves the queue by {exit!r}; give it a target in 'exits', or 'otherwise'"
            yield Fault(step=step.name, exit="while_waiting", what=what)
    known = step.needs | step.offers | step.knows | step.ways_out
    for exit in sorted(step.exits.keys() - known - leaves - KEYS - {OTHERWISE}):
        near = get_close_matches(exit, known | leaves, n=1)
        perhaps = f" (did you mean {near[0]!r}?)" if near else ""
        allowed = ", ".join(sorted((known | leaves) - {"done"}))
        what = f"{step.verb} has no exit {exit!r} and the flow {names} does not leave by it{perhaps}; allowed: {allowed}"
        yield Fault(step=step.name, exit=exit, what=what)
