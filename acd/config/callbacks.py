"""How ``acd.yaml`` writes that a queue calls its customers back, and what the core makes of it."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from acd.config.document import Document, Problem
from acd.config.kinds import CallerId, Name, Truth, duration
from acd.config.outbound import caller_id_problem, unknown
from acd.config.shape import Shape
from acd.core.outside.callback_policy import CallbackPolicy


class CallbackRulesShape(Shape):
    mode: Literal["agent_first", "customer_first"] = "agent_first"
    hours: Name | None = None
    expires: Annotated[float, duration(60, 30 * 86400)] = 86400.0
    retries: Annotated[list[Annotated[float, duration(10, 7 * 86400)]], Field(max_length=20)] = [600.0, 3600.0]
    ring: Annotated[float, duration(5, 120)] = 30.0
    caller_id: CallerId | None = None
    trunks: list[Name] = []
    merge: Truth = True
    no_success: list[Name] = ["voicemail", "fax"]
    notify: Name | None = None


def callback_of(shape: CallbackRulesShape | None) -> CallbackPolicy | None:
    if shape is None:
        return None
    return CallbackPolicy(
        mode=shape.mode,
        hours=shape.hours or "",
        expires_s=shape.expires,
        retries=tuple(shape.retries),
        ring_s=shape.ring,
        caller_id=shape.caller_id or "",
        trunks=tuple(shape.trunks),
        merges=shape.merge,
        no_success=frozenset(shape.no_success),
        notify=shape.notify or "",
    )


def notified(queues: Mapping[str, Any]) -> Mapping[str, str]:
    """Each queue whose mailbox is told of callbacks that never came about."""
    rules = {id: queue.callback for id, queue in queues.items() if queue is not None and queue.callback is not None}
    return {id: callback.notify for id, callback in rules.items() if callback.notify is not None}


def callback_problems(
    queue: str,
    shape: CallbackRulesShape,
    *,
    calendars: list[str],
    trunks: list[str],
    may_show: list[str],
    told: Mapping[str, bool],
    document: Document,
) -> Iterator[Problem]:
    """Names that lead nowhere; a house that calls nobody. ``told``: each mailbox, and whether its people are told of anything."""
    at = ("queues", queue, "callback")
    if not trunks:
        yield document.problem(at, "there is no trunk through which customers could be called; give 'trunks'")
    if shape.hours is not None and shape.hours not in calendars:
        yield document.problem((*at, "hours"), unknown("calendar", shape.hours, calendars))
    for n, trunk in enumerate(shape.trunks):
        if trunks and trunk not in trunks:
            yield document.problem((*at, "trunks", n), unknown("trunk", trunk, trunks))
    if shape.notify is not None and shape.notify not in told:
        yield document.problem((*at, "notify"), unknown("mailbox", shape.notify, sorted(told)))
    elif shape.notify is not None and not told[shape.notify]:
        what = f"nobody would be told: the mailbox {shape.notify} has no 'notify' with a url or an email"
        yield document.problem((*at, "notify"), what)
    yield from caller_id_problem((*at, "caller_id"), shape.caller_id, may_show, document)
