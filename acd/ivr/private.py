"""What callers type in confidence (a `gather` with `sensitive: true`). PURE.

Steps see it in its place, among the digits and variables. On the way out of a walk it is put where no journal writes it; when the
controller has died meanwhile it is gone, and whoever needs it is taken back to the step that asks for it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from acd.core.frame import HIDDEN, Frame, Private
from acd.ivr.flow import Flow, Step
from acd.words import FlowId

MAY_READ = frozenset({"branch", "http", "lookup"})
"""The verbs that neither say what they read nor write it down. For all others a secret is an empty text."""


def opened(frame: Frame) -> Frame:
    """As steps see it. Digits that are lost are none."""
    private = frame.private or Private({})
    digits = private.digits if frame.digits == HIDDEN else frame.digits
    if frame.private is None and digits == frame.digits:
        return frame
    return replace(frame, digits=digits, variables={**frame.variables, **private.values}, private=None)


def closed(frame: Frame, step: Step | None, guarded: frozenset[FlowId]) -> Frame:
    """As it may be remembered: what is secret is in ``private``."""
    secret = {name: value for name, value in frame.variables.items() if name in frame.secrets}
    hides = frame.digits if hides_digits(frame, step, guarded) else ""
    if not secret and not hides:
        return frame
    plain = {name: value for name, value in frame.variables.items() if name not in secret}
    return replace(frame, digits=HIDDEN if hides else frame.digits, variables=plain, private=Private(secret, hides))


def hides_digits(frame: Frame, step: Step | None, guarded: frozenset[FlowId]) -> bool:
    """Whether what is typed now is a secret, or typed ahead of one, for all we know."""
    if step is None or step.hides:
        return True
    ahead = frame.flow in guarded or any(each.flow in guarded for each in frame.stack)
    return ahead and not step.listens(frame.phase)


def lost_digits(frame: Frame) -> bool:
    return frame.digits == HIDDEN and not (frame.private and frame.private.digits)


def readable(variables: Mapping[str, str], frame: Frame, step: Step) -> Mapping[str, str]:
    if not frame.secrets or step.verb in MAY_READ:
        return variables
    return {name: value for name, value in variables.items() if name not in frame.secrets}


def asker(flow: Flow, frame: Frame, newest: Callable[[FlowId], Flow | None]) -> tuple[Flow, Frame] | None:
    """Where a caller must go before the frame's step, of whom something is needed that is lost; None when nothing is.

    The step may be in this flow, in one that a step of this flow calls, in one that called this one, or in one before it.
    """
    if not frame.secrets or not (lost := flow.steps[frame.step].reads & frame.secrets.keys() - frame.variables.keys()):
        return None
    asking, _, step = frame.secrets[min(lost)].partition("/")
    calling = next((one.name for one in flow.steps.values() if one.verb == "flow" and one.names.get("flow") == asking), "")
    if asking == flow.id or calling:
        return flow, replace(frame, step=_step(flow, step if asking == flow.id else calling))
    found = newest(FlowId(asking))
    if found is None:
        return flow, replace(frame, step=flow.start)
    above = next((n for n, each in enumerate(frame.stack) if each.flow == asking), len(frame.stack))
    return found, replace(frame, flow=found.id, version=found.version, step=_step(found, step), stack=frame.stack[:above])


def _step(flow: Flow, name: str) -> str:
    return name if name in flow.steps else flow.start


def guarded(flows: Iterable[Flow]) -> frozenset[FlowId]:
    """Flows in which a secret is asked for, and those from which a caller gets to one."""
    flows = tuple(flows)
    onward: dict[FlowId, set[str]] = {flow.id: set() for flow in flows}
    for flow in flows:
        onward[flow.id] |= {step.names["flow"] for step in flow.steps.values() if "flow" in step.names}
    found = {flow.id for flow in flows if any(step.hides for step in flow.steps.values())}
    while more := {id for id, targets in onward.items() if id not in found and targets & found}:
        found |= more
    return frozenset(found)
