"""Whose one switch is, as one controller knows it: what to ask next, and what an answer means. PURE; time is an argument.

The truth stands on the switch (token.py) and is changed only where it is as expected, so that of two who want it one gets it. An
owner changes it again and again; who stands by takes it when it did not change for a whole lease. Each measures on a clock of their
own: an owner counts from when they *asked* and stops sending after half of a lease, who stands by counts from when they *heard* it
until they *asked* again. So a clock may run twice as fast as another, and anybody may be stopped anywhere.

FreeSWITCH cannot set a variable only where there is none. Where there is none it is claimed first: set without condition, at once
after it was seen missing, and owned only if that claim still stands after ``claim_s``.

    LOOKING    -> OWNED when it is free, stale, ours before, or claimed
    OWNED      -> LOOKING when the switch came up anew (nothing stands there)
               -> LOST when another's stands there: for good
"""

import math
from dataclasses import dataclass, replace

from acd.owner.token import Token, read

CLAIM_SHARE = 0.05
"""Of a lease: how long a claim must stand. What was set without condition must arrive within half of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """``put`` where it is ``expected`` ('': without condition), then read. It must not be written after ``by``."""

    at: float
    put: str = ""
    expected: str = ""
    by: float = math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    home: str
    process: str
    lease_s: float
    seen: str | None = None
    """What stood there when it was last heard; '' is nothing at all."""
    seen_at: float = 0.0
    """When it was first heard so."""
    asked_at: float = 0.0
    """When the last question was asked whose answer was the same."""
    epoch: int = 0
    """The highest that was heard."""
    beat: int = 0
    held: str = ""
    """What stands there as ours; '' while it is not."""
    held_at: float = -math.inf
    """When we asked for the last change that we made."""
    met: bool = False
    """Another controller was heard."""
    alive: bool = False
    """What the other wrote changed while we looked."""
    lost: bool = False
    taken_from: str = ""
    """The home that had it before us; '' when nobody had."""

    # -- what may be done ---

    @property
    def claim_s(self) -> float:
        return self.lease_s * CLAIM_SHARE

    def may_send(self, now: float) -> bool:
        """Whether commands may go to the switch at this moment."""
        return bool(self.held) and not self.lost and now - self.held_at < self.lease_s / 2

    def may_take(self, *, alone: bool) -> bool:
        """Whether it is ours or nobody else's. ``alone``: whoever had our home before is surely dead."""
        if self.seen is None or self.lost:
            return False
        token = read(self.seen)
        if self.seen == "":
            return not self.met or self._is_stale  # after a restart of the switch its owner goes first
        if token is None:
            return self._is_stale
        if token.is_nobodys or self._is_mine(token):
            return True
        return (token.home == self.home and alone) or self._is_stale

    @property
    def _is_stale(self) -> bool:
        return self.asked_at - self.seen_at >= self.lease_s

    # -- asking ---

    def next(self, now: float, *, take: bool) -> tuple["Lease", Question]:
        """``take``: whether it is to be taken where that may be (``may_take``)."""
        if self.held:
            return self._swap(now, self.held, read(self.held))
        if not take or self.lost or self.seen is None:
            return self, Question(at=now)
        token = read(self.seen)
        if self.seen == "":
            return self._claim(now)
        if token and token.is_claim and self._is_mine(token) and now - self.seen_at < self.claim_s:
            return self, Question(at=now)
        return self._swap(now, self.seen, Token(epoch=self.epoch + 1, home=self.home, process=self.process, beat=0))

    def release(self, now: float) -> tuple["Lease", Question]:
        """Nobody's from now on: nothing is sent any more, and whoever stands by may have it at once."""
        if not self.held:
            return self, Question(at=now)
        nobody = Token(epoch=self.epoch, home=self.home, process="", beat=self.beat + 1)
        return replace(self, held="", beat=self.beat + 1), Question(at=now, put=str(nobody), expected=self.held)

    def cut(self) -> "Lease":
        """The connection was lost: it may be another run of the switch that answers next, so nothing is sent until it was asked."""
        return replace(self, held_at=-math.inf)

    def _swap(self, now: float, expected: str, token: Token | None) -> tuple["Lease", Question]:
        assert token is not None
        beat = self.beat + 1
        return replace(self, beat=beat), Question(at=now, put=str(replace(token, beat=beat)), expected=expected)

    def _claim(self, now: float) -> tuple["Lease", Question]:
        if now - self.asked_at > self.claim_s / 2:
            return self, Question(at=now)  # somebody may have come since: look again first
        claim = Token(epoch=0, home=self.home, process=self.process, beat=self.beat + 1)
        by = self.asked_at + self.claim_s / 2
        return replace(self, beat=self.beat + 1), Question(at=now, put=str(claim), by=by)

    # -- hearing ---

    def heard(self, asked: Question, value: str, now: float) -> "Lease":
        """``value``: what stood there after ``asked`` was done ('': nothing)."""
        token = read(value)
        mine = token is not None and self._is_mine(token)
        found = replace(self, epoch=max(self.epoch, token.epoch if token else 0))
        if value == self.seen:
            found = replace(found, asked_at=asked.at)
        else:
            changed = self.met and bool(value) and not mine
            found = replace(found, seen=value, seen_at=now, asked_at=asked.at, alive=changed)
        if mine and token is not None and not token.is_claim:
            renewed_at = asked.at if value == asked.put else self.held_at
            before = self.taken_from if self.held else _home_of(self.seen)
            return replace(found, held=value, held_at=renewed_at, met=False, alive=False, taken_from=before)
        if mine or value == "" or (token is not None and token.is_nobodys):
            return replace(found, held="", lost=self.lost or bool(self.held and value))
        return replace(found, held="", met=True, lost=self.lost or bool(self.held))

    def _is_mine(self, token: Token) -> bool:
        return (token.home, token.process) == (self.home, self.process)


def _home_of(value: str | None) -> str:
    token = read(value or "")
    return token.home if token and not token.is_claim else ""
