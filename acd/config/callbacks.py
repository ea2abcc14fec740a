"""How ``acd.yaml`` writes that a queue calls its customers back, and what the core makes of it."""

from collections.abc import Iterator
from typing import Annotated, Literal

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
    )


def callback_problems(
    queue: str, shape: CallbackRulesShape, *, calendars: list[str], trunks: list[str], may_show: list[str], document: Document
) -> Iterator[Problem]:
    """Names that lead nowhere; a house that calls nobody."""
    at = ("queues", queue, "callback")
    if not trunks:
        yield document.problem(at, "there is no trunk through which customers could be called; give 'trunks'")
    if shape.hours is not None and shape.hours not in calendars:
        yield document.problem((*at, "hours"), unknown("calendar", shape.hours, calendars))
    for n, trunk in enumerate(shape.trunks):
        if trunks and trunk not in trunks:
            yield document.problem((*at, "trunks", n), unknown("trunk", trunk, trunks))
    yield from caller_id_problem((*at, "caller_id"), shape.caller_id, may_show, document)
