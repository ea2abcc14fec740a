"""What is wrong between flows, each of which is good by itself. PURE; knows no file: ``load`` says the line.

A check takes all flows and yields a flow's id with its fault. A flow that another one names may be missing (its file was refused,
which is said elsewhere); a check then holds its tongue.
"""

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches

from acd.ivr.across import Exits, Flows, Place, calls, exits_of, graph_of, targets
from acd.ivr.check import Fault
from acd.ivr.check_waiting import waiting
from acd.ivr.steps.flow import FAILED, MAX_DEPTH, CallFlow
from acd.ivr.steps.transfer import ToFlow
from acd.words import FlowId

Found = Iterator[tuple[FlowId, Fault]]
Check = Callable[[Flows], Found]


def faults_across(flows: Flows) -> Found:
    recursive = [*_recursion(flows)]
    yield from recursive
    for check in () if recursive else CHECKS:  # without recursion there is an end to counting
        yield from check(flows)


# -- the exits by which a called flow returns ---


def _exits(flows: Flows) -> Found:
    """Every way back has a target, and every target has a way back."""
    returns = exits_of(flows)
    for flow, step in calls(flows):
        there = returns[step.flow]
        if "otherwise" not in step.exits:
            for exit in sorted(there - step.exits.keys()):
                yield flow.id, Fault(step=step.name, exit="flow", what=_no_target(step, exit))
        for exit in step.exits.keys() - there - {FAILED, "otherwise"}:
            yield flow.id, Fault(step=step.name, exit=exit, what=_no_way_back(step, exit, there))


def _no_target(step: CallFlow, exit: str) -> str:
    key = "'next'" if exit == "done" else f"a target for {exit!r} in 'exits'"
    return f"the flow {step.flow!r} can return by {exit!r}; give {key}, or 'otherwise' for all exits without a target"


def _no_way_back(step: CallFlow, exit: str, there: frozenset[str]) -> str:
    near = get_close_matches(exit, there, n=1)
    perhaps = f" (did you mean {near[0]!r}?)" if near else ""
    return f"the flow {step.flow!r} never returns by {exit!r}{perhaps}; allowed: {', '.join(sorted(there | {FAILED}))}"


# -- flows that call each other ---


def _recursion(flows: Flows) -> Found:
    """A flow from which a caller gets back into it while it is still waiting, by a call and perhaps transfers."""
    graph = graph_of(flows)
    for flow, step in calls(flows):
        way = _way(graph, step.flow, flow.id)
        if way:
            what = f"a flow that calls itself: {' -> '.join([flow.id, *way])}; to begin a flow anew, 'transfer' to it"
            yield flow.id, Fault(step=step.name, exit="flow", what=what)


def _way(graph: Mapping[FlowId, Mapping[FlowId, bool]], start: FlowId, goal: FlowId) -> list[FlowId]:
    """The shortest way from flow to flow; empty when there is none."""
    ways: dict[FlowId, list[FlowId]] = {start: [start]}
    waiting = [start]
    for here in waiting:
        if here == goal:
            return ways[here]
        for onward in graph[here]:
            if onward not in ways:
                ways[onward] = [*ways[here], onward]
                waiting.append(onward)
    return []


def _depth(flows: Flows) -> Found:
    """How many flows wait for each other at once."""
    graph, deep, changed = graph_of(flows), dict.fromkeys(flows, 0), True
    while changed:
        changed = False
        for id in flows:
            most = max((deep[to] + is_call for to, is_call in graph[id].items()), default=0)
            changed |= most != deep[id]
            deep[id] = most
    for flow, step in calls(flows):
        if deep[step.flow] == MAX_DEPTH:
            what = f"from here flows call each other {MAX_DEPTH + 1} deep; {MAX_DEPTH} is the most"
            yield flow.id, Fault(step=step.name, exit="flow", what=what)


# -- loops through several flows ---


def _loops(flows: Flows) -> Found:
    """Steps of several flows in which a caller goes round without being asked anything; each loop once, without recursion."""
    blind, done = exits_of(flows, blind=True), set[Place]()
    for root in [(flow.id, name) for flow in flows.values() for name in flow.steps]:
        trail, iterators = [root], [iter(_onward(flows, root, blind))]
        while iterators and root not in done:
            following = next(iterators[-1], None)
            if following is None:
                done.add(trail.pop())
                iterators.pop()
            elif following in trail:
                loop = [*trail[trail.index(following) :], following]
                told = " -> ".join(f"{flow}/{step}" for flow, step in loop)
                yield following[0], Fault(step=following[1], what=f"a loop without input: {told}")
            elif following not in done:
                trail.append(following)
                iterators.append(iter(_onward(flows, following, blind)))


def _onward(flows: Flows, place: Place, blind: Exits) -> list[Place]:
    """Where a caller gets to from a step with nothing having come from outside."""
    id, name = place
    step = flows[id].steps[name]
    if isinstance(step, ToFlow):
        return [(step.flow, flows[step.flow].start)] if step.flow in flows else []
    return [(id, target) for target in targets(step, blind, blind=True)]


CHECKS: tuple[Check, ...] = (_exits, _depth, _loops, waiting)
