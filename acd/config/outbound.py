"""``outbound`` and ``trunks`` of ``acd.yaml``: what may leave the house, as it is written and as the core's gate wants it."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from acd.config.document import Document, Problem
from acd.config.kinds import Address, CallerId, Name, Prefix, Truth, Zone, matching, phone_region
from acd.config.sentences import perhaps
from acd.config.shape import Shape
from acd.core.outside.outbound_policy import OutboundPolicy, Way
from acd.ivr.calendar import Midnights

Limit = Annotated[int, Field(ge=0, le=1_000_000)]
PER_AGENT, PER_CALL, PER_CALLER, PER_NUMBER = 300, 12, 30, 20
"""What a house has that says nothing: far more than work needs, far less than somebody who has found a way in would like."""
NumberKindName = Literal[
    "fixed", "mobile", "toll_free", "premium", "shared_cost", "satellite", "personal", "pager", "voip", "company", "voicemail",
    "unknown",
]  # fmt: skip
ShortNumber = Annotated[str, BeforeValidator(matching(r"\+?[0-9]{2,20}", "a number as it is dialled, such as 112"))]


class TrunkShape(Shape):
    address: Address
    prefixes: list[Prefix] = []
    caller_id: CallerId | None = None
    at_once: Annotated[int, Field(ge=1, le=100_000)] | None = None
    per_second: Annotated[int, Field(ge=1, le=1000)] | None = None
    hours: Name | None = None


class OutboundLimitsShape(Shape):
    per_agent: Limit = PER_AGENT
    per_call: Limit = PER_CALL
    per_caller: Limit = PER_CALLER
    per_number: Limit = PER_NUMBER
    per_day: Limit | None = None


class EmergencyShape(Shape):
    numbers: list[ShortNumber] = []
    trunk: Name | None = None
    from_flows: Truth = False


class OutboundShape(Shape):
    region: Annotated[str, BeforeValidator(phone_region)] | None = None
    zone: Zone = "UTC"
    hours: Name | None = None
    refuse: list[NumberKindName] = ["premium"]
    blocked: list[Prefix] = []
    caller_ids: list[CallerId] = []
    emergency: EmergencyShape = EmergencyShape()
    limits: OutboundLimitsShape = OutboundLimitsShape()


def outbound_of(shape: OutboundShape, trunks: dict[str, TrunkShape]) -> OutboundPolicy:
    limits, emergency = shape.limits, shape.emergency
    return OutboundPolicy(
        ways=tuple(_way(id, trunk) for id, trunk in trunks.items()),
        region=shape.region or "",
        hours=shape.hours or "",
        refused_kinds=frozenset(shape.refuse),
        blocked=tuple(shape.blocked),
        caller_ids=frozenset(shape.caller_ids),
        emergency=tuple(emergency.numbers),
        emergency_trunk=emergency.trunk or "",
        emergency_from_flows=emergency.from_flows,
        per_agent=limits.per_agent,
        per_call=limits.per_call,
        per_caller=limits.per_caller,
        per_number=limits.per_number,
        per_day=limits.per_day,
        days=Midnights(zone=shape.zone),
    )


def _way(id: str, trunk: TrunkShape) -> Way:
    return Way(
        trunk=id,
        prefixes=tuple(trunk.prefixes),
        caller_id=trunk.caller_id or "",
        at_once=trunk.at_once,
        per_second=trunk.per_second,
        hours=trunk.hours or "",
    )


def outbound_problems(
    shape: OutboundShape, trunks: dict[str, TrunkShape], calendars: list[str], document: Document
) -> Iterator[Problem]:
    """Names that lead nowhere."""
    named = [(("outbound", "hours"), shape.hours), *((("trunks", id, "hours"), trunk.hours) for id, trunk in trunks.items())]
    for path, name in named:
        if name is not None and name not in calendars:
            yield document.problem(path, unknown("calendar", name, calendars))
    trunk = shape.emergency.trunk
    if trunk is not None and trunk not in trunks:
        yield document.problem(("outbound", "emergency", "trunk"), unknown("trunk", trunk, sorted(trunks)))
    if shape.emergency.from_flows and trunk is None:
        what = "nobody says through which trunk emergency numbers are dialled; give 'trunk'"
        yield document.problem(("outbound", "emergency", "from_flows"), what)


def showable(shape: OutboundShape, trunks: dict[str, TrunkShape]) -> list[str]:
    """The numbers that may be shown to somebody who is called."""
    return sorted({*shape.caller_ids, *(trunk.caller_id for trunk in trunks.values() if trunk.caller_id)})


def caller_id_problem(path: tuple[str | int, ...], number: str | None, may: list[str], document: Document) -> Iterator[Problem]:
    if number is not None and number not in may:
        allowed = ", ".join(may) or "none; add it to outbound.caller_ids"
        yield document.problem(path, f"the number {number!r} may not be shown; allowed is: {allowed}")


def unknown(kind: str, name: str, known: list[str]) -> str:
    return f"there is no {kind} {name!r}{perhaps(name, known)}; there is: {', '.join(known) or 'none'}"
