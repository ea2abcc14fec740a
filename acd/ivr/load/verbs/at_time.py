"""The keys `at`, `after` and `zone`, by which a step says for which time a callback is wished."""

from typing import Any

from pydantic import model_validator

from acd.config.kinds import Zone
from acd.config.shape import Shape
from acd.ivr.appointment import CLOCKS, MINUTES, NotATime, at_clock, from_now
from acd.ivr.load.prompts import TemplateText
from acd.ivr.steps.at_time import NOT_THEN, AtTime
from acd.ivr.template import Template


class WithTime(Shape):
    at: TemplateText | None = None
    after: TemplateText | None = None
    zone: Zone | None = None

    @model_validator(mode="after")
    def one_time(self) -> Any:
        if self.at is not None and self.after is not None:
            raise ValueError("'at' is a time on a clock, 'after' so long from now; give one of them")
        if self.zone is not None and self.at is None:
            raise ValueError("a 'zone' goes with 'at'")
        if self.at is not None and _is_fixed(self.at) and not _is_time(self.at.text({})):
            raise ValueError(f"at: {self.at.text({})!r} is no time; allowed: {CLOCKS}")
        if self.after is not None and _is_fixed(self.after) and not _is_wait(self.after.text({})):
            raise ValueError(f"after: {self.after.text({})!r} is no such time; allowed: {MINUTES}; up to 31 days")
        return self

    @property
    def is_timed(self) -> bool:
        return self.at is not None or self.after is not None

    def time(self) -> AtTime | None:
        return AtTime(at=self.at, after=self.after, zone=self.zone or "") if self.is_timed else None

    def led(self, targets: dict[str, str], otherwise: str | None) -> dict[str, str]:
        """With a target for a time that cannot be. Raises ValueError where that has none."""
        if self.is_timed and otherwise:
            targets = {NOT_THEN: otherwise} | targets
        return targets

    def needs_a_way_out(self, exits: dict[str, str], otherwise: str | None) -> None:
        if self.is_timed and NOT_THEN not in exits and not otherwise:
            raise ValueError(f"a time may be wrong, or outside the hours; give {NOT_THEN!r} a target in 'exits', or 'otherwise'")
        if not self.is_timed and NOT_THEN in exits:
            raise ValueError(f"the exit {NOT_THEN!r} goes with 'at' or 'after'")


def _is_fixed(written: Template) -> bool:
    return not written.names and not written.calls


def _is_time(written: str) -> bool:
    try:
        at_clock(written, 0.0, "UTC")
    except NotATime as wrong:
        return wrong.why != "unreadable"
    return True


def _is_wait(written: str) -> bool:
    try:
        from_now(written, 0.0)
    except NotATime:
        return False
    return True
