"""``talk`` in ``acd.yaml``: what agents type in a talk, the short numbers that it takes, and what becomes of a consult."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator

from acd.config.document import Document, Problem
from acd.config.kinds import Truth, duration, matching
from acd.config.sentences import perhaps
from acd.config.shape import Shape
from acd.core.policy import TALK_KEYS
from acd.core.talking.transfer import Target, TargetKind
from acd.words import TalkWish

Key = Annotated[str, BeforeValidator(matching(r"[0-9*#]{1,4}|none", "one to four digits (0-9, * and #), or none"))]
Short = Annotated[str, BeforeValidator(matching(r"[0-9*]{1,8}", "one to eight digits (0-9 and *)"))]
Whom = Annotated[
    str,
    BeforeValidator(
        matching(r"(agent|queue|flow):[A-Za-z0-9][A-Za-z0-9_.-]{0,63}|number:\+?[0-9]{3,20}", "agent:…, queue:…, flow:… or number:…")
    ),
]
Lasts = Annotated[float, duration(least=5.0)]
NONE = "none"


class TalkKeysShape(Shape):
    hold: Key = TALK_KEYS[TalkWish.HOLD]
    transfer: Key = TALK_KEYS[TalkWish.TRANSFER]
    consult: Key = TALK_KEYS[TalkWish.CONSULT]
    toggle: Key = TALK_KEYS[TalkWish.TOGGLE]
    complete: Key = TALK_KEYS[TalkWish.COMPLETE]
    conference: Key = TALK_KEYS[TalkWish.CONFERENCE]
    leave: Key = TALK_KEYS[TalkWish.LEAVE]
    cancel: Key = TALK_KEYS[TalkWish.CANCEL]

    @property
    def codes(self) -> dict[TalkWish, str]:
        return {wish: code for wish in TALK_KEYS if (code := getattr(self, wish.value)) != NONE}


class HoldShape(Shape):
    remind: Lasts | None = None
    limit: Lasts | None = None


class TalkShape(Shape):
    keys: TalkKeysShape = TalkKeysShape()
    targets: dict[Short, Whom] = {}
    hold: HoldShape = HoldShape()
    consult_continues: Truth = True


def target_of(whom: str) -> Target:
    kind, _, id = whom.partition(":")
    return Target(kind=TargetKind(kind), id=id)


def talk_problems(talk: TalkShape, agents: Mapping[str, Any], queues: Mapping[str, Any], document: Document) -> Iterator[Problem]:
    """Codes of which one begins another: the longer one could never be typed. Short numbers that lead nowhere."""
    codes = talk.keys.codes
    for wish, code in codes.items():
        other = next((each for each, begins in codes.items() if each is not wish and code.startswith(begins)), None)
        if other is not None and (code != codes[other] or list(codes).index(other) < list(codes).index(wish)):
            what = f"{code!r} begins with {codes[other]!r}, which is {other} already; no code may begin another"
            yield document.problem(("talk", "keys", wish.value), what)
    hold = talk.hold
    if hold.remind is not None and hold.limit is not None and hold.remind >= hold.limit:
        yield document.problem(("talk", "hold", "remind"), "nobody would be reminded: the limit comes first")
    for short, whom in talk.targets.items():
        target = target_of(whom)
        known = {TargetKind.AGENT: agents, TargetKind.QUEUE: queues}.get(target.kind)
        if known is not None and target.id not in known:
            there = ", ".join(sorted(known)) or "none"
            what = f"there is no {target.kind} {target.id!r}{perhaps(target.id, sorted(known))}; there is: {there}"
            yield document.problem(("talk", "targets", short), what)
