"""Which numbers lead to which flows, directly and through other flows. PURE."""

from collections.abc import Mapping

from acd.plan.house import House
from acd.words import FlowId

KINDS = ("flow", "while_waiting")


def onward(house: House) -> dict[FlowId, frozenset[FlowId]]:
    """From each flow to those that its steps name."""
    return {
        id: frozenset(FlowId(step.names[kind]) for step in flow.steps.values() for kind in KINDS if kind in step.names)
        for id, flow in house.flows.items()
    }


def reached(starts: frozenset[FlowId], graph: Mapping[FlowId, frozenset[FlowId]]) -> frozenset[FlowId]:
    found: set[FlowId] = set()
    waiting = [*starts]
    while waiting:
        flow = waiting.pop()
        if flow not in found:
            found.add(flow)
            waiting += graph.get(flow, ())
    return frozenset(found)


def numbers_by_flow(house: House) -> dict[FlowId, tuple[str, ...]]:
    """Those by which callers can come into each flow."""
    graph = onward(house)
    numbers = [*house.policy.numbers.items(), *house.policy.phone_numbers.items()]
    ways = {flow: reached(frozenset({flow}), graph) for _, flow in numbers}
    return {id: tuple(number for number, flow in numbers if id in ways[flow]) for id in house.flows}
