"""What became of those who were promised a call, and of those who gave up. PURE."""

from collections.abc import Sequence
from dataclasses import dataclass

from acd.measures.definition import Definition, Glossary, Unit, share
from acd.measures.waits import percentile


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledBack:
    """Callbacks that ended; who asked twice for one queue is here once. ``expired`` are some of ``never``."""

    served: int = 0
    called_in: int = 0
    cancelled: int = 0
    never: int = 0
    expired: int = 0

    @property
    def asked(self) -> int:
        return self.served + self.called_in + self.cancelled + self.never


CALLBACKS: Glossary[CalledBack] = Glossary(
    Definition(
        id="callbacks/acd-1",
        name="callbacks",
        formula="callbacks asked for that ended: served + called in + cancelled + never came about; asked twice is once",
        unit=Unit.COUNT,
        of=lambda c: c.asked,
    ),
    Definition(
        id="callbacks_served/acd-1",
        name="called back",
        formula="callbacks whose customer an agent talked to, and did not say that nobody was reached",
        unit=Unit.COUNT,
        of=lambda c: c.served,
    ),
    Definition(
        id="callbacks_called_in/acd-1",
        name="called in before",
        formula="callbacks whose customer called in, and took the place of the callback",
        unit=Unit.COUNT,
        of=lambda c: c.called_in,
    ),
    Definition(
        id="callbacks_never/acd-1",
        name="never came about",
        formula="callbacks that ended as expired, not_reached, refused or failed",
        unit=Unit.COUNT,
        of=lambda c: c.never,
    ),
    Definition(
        id="callbacks_kept/acd-1",
        name="promise kept",
        formula="called back ÷ (called back + never came about)",
        unit=Unit.SHARE,
        of=lambda c: share(c.served, c.served + c.never),
        source="ours: who called in or cancelled was not waiting for us any more",
    ),
    Definition(
        id="callbacks_expired/acd-1",
        name="expired",
        formula="of those that never came about, the callbacks whose time ran out before an agent had their customer",
        unit=Unit.COUNT,
        of=lambda c: c.expired,
    ),
)

Wishes = Sequence[float | None]
"""Of each customer who asked: how long until an agent talked to them, or None where nobody has (yet)."""


def _wait(per_cent: int) -> Definition[Wishes]:
    return Definition(
        id=f"callback_wait_p{per_cent}/acd-1",
        name=f"P{per_cent} of wait for the callback",
        formula=f"the shortest time t so that {per_cent} % of those who were called back talked within t of asking (nearest rank)",
        unit=Unit.SECONDS,
        of=lambda wishes: percentile(sorted(each for each in wishes if each is not None), per_cent),
    )


WISHES: Glossary[Wishes] = Glossary(
    Definition(
        id="callbacks_asked/acd-1",
        name="asked to be called back",
        formula="callbacks asked for, whatever has become of them; asked twice is once",
        unit=Unit.COUNT,
        of=len,
    ),
    _wait(50),
    _wait(80),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GaveUp:
    """Visits whose customer gave up; ``again``: called again, ``back``: we reached them, ``served``: an agent had them since."""

    visits: int = 0
    again: int = 0
    back: int = 0
    served: int = 0


SINCE: Glossary[GaveUp] = Glossary(
    Definition(
        id="gave_up/acd-1",
        name="gave up",
        formula="visits whose customer left while waiting or while an agent was rung, short ones with them",
        unit=Unit.COUNT,
        of=lambda g: g.visits,
    ),
    Definition(
        id="called_again/acd-1",
        name="called again",
        formula="of those, whose number called the house once more",
        unit=Unit.COUNT,
        of=lambda g: g.again,
    ),
    Definition(
        id="called_back_since/acd-1",
        name="called back since",
        formula="of those, whose number was called back later and talked to an agent",
        unit=Unit.COUNT,
        of=lambda g: g.back,
    ),
    Definition(
        id="recovered/acd-1",
        name="served since",
        formula="visits whose customer gave up and talked to an agent later, in a call of theirs or of ours ÷ gave up",
        unit=Unit.SHARE,
        of=lambda g: share(g.served, g.visits),
        source="ours; a withheld number is nobody's, and so never served since",
    ),
)
