"""How ``acd.yaml`` writes what concerns agents: reasons, wrap-up, what a failed offer means; and what the core makes of it."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from acd.config.kinds import Digit, Name, PhoneNumber, Prose, Truth, duration, matching
from acd.config.shape import Shape
from acd.core.media import Media, Recorded, Speech
from acd.core.policy import FAILURE_RULES, DeskPolicy, External, FailureRule, NailedPolicy, Reason
from acd.words import OfferOutcome

O = OfferOutcome

NEVER = "never"
Count = Annotated[int, Field(ge=1, le=100)] | Literal["never"]


def by_name(found: Any) -> Any:
    """A list of names as a mapping of names of which no more is said."""
    return dict.fromkeys(found) if isinstance(found, list) and all(isinstance(one, str) for one in found) else found


def by_digits(found: Any) -> Any:
    """A list of names as a mapping to the digits that stand for each by phone: 1, 2, 3 ..."""
    if isinstance(found, list) and all(isinstance(one, str) for one in found):
        return {name: str(n) for n, name in enumerate(found, start=1)}
    return found


class ReasonShape(Shape):
    returning: Truth = False
    max: Annotated[float, duration(60, 86400)] | None = None


class SpokenShape(Shape):
    file: Name


Said = Prose | SpokenShape
"""A text to be spoken, or a recording by its name."""


class ExternalShape(Shape):
    number: PhoneNumber
    trunk: Name | None = None
    confirm: Digit = "1"
    prompt: Said | None = None


class NailedShape(Shape):
    when_lost: Literal["not_ready", "ring"] = "not_ready"
    presence_after: Count | None = None
    presence_digit: Digit = "1"
    presence_prompt: Said | None = None


class DeskShape(Shape):
    lease: Annotated[float, duration(5, 3600)] = 30.0
    away_after: Annotated[float, duration(0, 86400)] = 300.0


class CapacityShape(Shape):
    voice: Annotated[int, Field(ge=1, le=100)] = 1


class MoreTimeShape(Shape):
    by: Annotated[float, duration(1, 3600)]
    times: Annotated[int, Field(ge=1, le=20)] = 1


class FailureShape(Shape):
    rest: Annotated[float, duration(0, 3600)] | None = None
    not_ready_after: Count | None = None
    alarm_after: Count | None = None


class OnFailedOfferShape(Shape):
    no_answer: FailureShape = FailureShape()
    busy: FailureShape = FailureShape()
    declined: FailureShape = FailureShape()
    device_down: FailureShape = FailureShape()
    network_error: FailureShape = FailureShape()
    forwarded: FailureShape = FailureShape()
    dumped: FailureShape = FailureShape()
    too_late: FailureShape = FailureShape()


Reasons = Annotated[dict[Name, ReasonShape | None], BeforeValidator(by_name)]
ByDigits = Annotated[str, BeforeValidator(matching(r"[0-9]{1,4}", "one to four digits"))]
Dispositions = Annotated[dict[Name, ByDigits], BeforeValidator(by_digits)]


def media(said: Said | None, language: str) -> tuple[Media, ...]:
    match said:
        case None:
            return ()
        case SpokenShape(file=name):
            return (Recorded(name=name, language=language),)
        case _:
            return (Speech(text=said, language=language),)


def asking(said: Said | None, digit: str, language: str) -> tuple[Media, ...]:
    """What asks whoever answered to press the digit."""
    return media(said or f"You have a call. To take it, press {digit}.", language)


def external(shape: ExternalShape | None, language: str) -> External | None:
    if shape is None:
        return None
    trunks = (shape.trunk,) if shape.trunk else ()
    prompt = asking(shape.prompt, shape.confirm, language)
    return External(number=shape.number, trunks=trunks, confirm=shape.confirm, prompt=prompt)


def nailed(shape: NailedShape, language: str) -> NailedPolicy:
    after = _count(shape.presence_after, None)
    prompt = media(shape.presence_prompt or f"Are you there? Press {shape.presence_digit}.", language) if after else ()
    ring = shape.when_lost == "ring"
    return NailedPolicy(when_lost_ring=ring, presence_after=after, presence_digit=shape.presence_digit, presence_prompt=prompt)


def desk(shape: DeskShape) -> DeskPolicy:
    return DeskPolicy(lease_s=shape.lease, away_after_s=shape.away_after)


def reason_rules(reasons: Mapping[str, ReasonShape | None]) -> dict[str, Reason]:
    return {name: Reason(most_s=one.max) for name, one in reasons.items() if one is not None}


def failure_rules(shape: OnFailedOfferShape, *, max_missed: int, busy_rest_s: float) -> dict[OfferOutcome, FailureRule]:
    """``max_missed`` and ``busy_rest_s`` hold where a cause says nothing else. A bridge that failed is the network's doing."""
    told = {OfferOutcome(name): getattr(shape, name) for name in OnFailedOfferShape.model_fields}
    usual = dict(FAILURE_RULES)
    usual[O.NO_ANSWER] = FailureRule(not_ready_after=max_missed)
    for outcome in (O.BUSY, O.NETWORK_ERROR):
        usual[outcome] = FailureRule(rest_s=busy_rest_s, alarm_after=usual[outcome].alarm_after)
    rules = {outcome: _rule(told[outcome], usual[outcome]) for outcome in told}
    return {**rules, O.BRIDGE_FAILED: rules[O.NETWORK_ERROR]}


def _rule(told: FailureShape, usual: FailureRule) -> FailureRule:
    return FailureRule(
        rest_s=usual.rest_s if told.rest is None else told.rest,
        not_ready_after=_count(told.not_ready_after, usual.not_ready_after),
        alarm_after=_count(told.alarm_after, usual.alarm_after),
    )


def _count(told: int | str | None, usual: int | None) -> int | None:
    if told == NEVER:
        return None
    return told if isinstance(told, int) else usual
