"""Flows as one graph: which lead to which, and by which exits a flow that was called returns. PURE."""

from collections.abc import Iterator, Mapping

from acd.ivr.flow import Flow, Step
from acd.ivr.steps.flow import CallFlow
from acd.ivr.steps.flow_return import FlowReturn
from acd.ivr.steps.transfer import ToFlow
from acd.words import FlowId

Flows = Mapping[FlowId, Flow]
Place = tuple[FlowId, str]
Exits = Mapping[FlowId, frozenset[str]]


def calls(flows: Flows) -> Iterator[tuple[Flow, CallFlow]]:
    """Each step that calls a flow which is there."""
    for flow in flows.values():
        for step in flow.steps.values():
            if isinstance(step, CallFlow) and step.flow in flows:
                yield flow, step


def graph_of(flows: Flows) -> dict[FlowId, dict[FlowId, bool]]:
    """From each flow to those it leads to; True where one of the ways is a call."""
    graph: dict[FlowId, dict[FlowId, bool]] = {id: {} for id in flows}
    for id, flow in flows.items():
        for step in flow.steps.values():
            if isinstance(step, CallFlow | ToFlow) and step.flow in flows:
                graph[id][step.flow] = graph[id].get(step.flow, False) or isinstance(step, CallFlow)
    return graph


def leading_to(flows: Flows, verb: str) -> frozenset[FlowId]:
    """Flows with such a step, and those that lead to one of them."""
    found = {id for id, flow in flows.items() if any(step.verb == verb for step in flow.steps.values())}
    graph = graph_of(flows)
    while more := {id for id, others in graph.items() if id not in found and found & others.keys()}:
        found |= more
    return frozenset(found)


def exits_of(flows: Flows, *, blind: bool = False) -> Exits:
    """By which exits each flow returns when it is called; ``blind``: with nothing asked of the caller meanwhile."""
    found: dict[FlowId, frozenset[str]] = dict.fromkeys(flows, frozenset())
    changed = True
    while changed:  # a flow may go on in another one, so that what one is found to do changes what others do
        changed = False
        for id, flow in flows.items():
            exits = frozenset(_returns(flows, flow, found, blind))
            changed |= exits != found[id]
            found[id] = exits
    return found


def _returns(flows: Flows, flow: Flow, found: Exits, blind: bool) -> Iterator[str]:
    reached, waiting = set(), [flow.start]
    while waiting:
        name = waiting.pop()
        if name in reached:
            continue
        reached.add(name)
        step = flow.steps[name]
        waiting += targets(step, found, blind)
        if isinstance(step, FlowReturn):
            yield step.exit
        elif isinstance(step, ToFlow):
            yield from found.get(step.flow, ())
        elif step.loose_ends - (step.waits if blind else frozenset()):
            yield "done"


def targets(step: Step, found: Exits, blind: bool) -> list[str]:
    """The steps of the same flow that come next; ``found`` says how called flows return."""
    if isinstance(step, CallFlow) and step.flow in found:
        exits = sorted(found[step.flow])
        return [target for target in (step.target(exit) for exit in exits) if target]
    if blind and step.asks:
        return []
    return [target for exit, target in step.exits.items() if not (blind and not step.is_blind(exit))]
