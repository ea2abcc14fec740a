"""Who takes the offer to be called back, and what their phone does then: drawn for each caller before they come."""

from dataclasses import dataclass, replace

from acd.sim.dice import Dice, Draw, stream
from acd.sim.people import Back, Caller
from acd.words import EntryOutcome

KEY = "1"
"""Pressed by who takes it where that is offered at all times, or by the flow that runs while they wait."""
UNSERVED = frozenset({"timed_out", "full", "no_agents", "closed"})
"""Exits by which a queue lets a caller go whom nobody served."""
REFUSED = "CALL_REJECTED"
ATTEMPTS = 21
"""More than any queue makes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """To callers of one kind: by recipes of their queue (by this ``flow``; '': by any), or by a key ``after`` so long a wait; and to
    who leaves by one of ``exits``. When they are called they pick up after ``answer``, but for the shares that do not.
    """

    share: float
    answer: Draw
    missed: float = 0.0
    refused: float = 0.0
    after: Draw | None = None
    flow: str = ""
    exits: tuple[str, ...] = ()
    prefix: str = "+49301"  # of their numbers

    def to(self, caller: Caller, nth: int, *name: object) -> Caller:
        """The caller, with what they would do. Of who does not take it only the number is known."""
        dice = stream(*name, "callback", nth)
        takes, after_s = dice.random() < self.share, self.after(dice) if self.after else None
        caller = replace(caller, number=f"{self.prefix}{nth:07d}")
        if not takes:
            return caller
        back = Back(
            id=f"{caller.id}-back",
            queue=caller.ask.queue,
            number=caller.number,
            talk_s=caller.talk_s,
            wrap_up_s=caller.wrap_up_s,
            attempts=tuple(self._rings(dice) for _ in range(ATTEMPTS)),
        )
        outcomes = dict.fromkeys((each for each in self.exits if each not in UNSERVED), EntryOutcome.CALLBACK_REQUESTED)
        caller = replace(caller, back=back, back_by=(*self.exits, KEY), ask=replace(caller.ask, outcomes=outcomes))
        if after_s is None:
            return replace(caller, back_offered=self.flow)
        return replace(caller, key=KEY, patience_s=after_s) if after_s < caller.patience_s else caller

    def _rings(self, dice: Dice) -> float | str | None:
        lot, answer_s = dice.random(), self.answer(dice)
        if lot < self.refused:
            return REFUSED
        return None if lot < self.refused + self.missed else answer_s
