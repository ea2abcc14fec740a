"""What was learnt, as plain data, and back."""

from collections.abc import Mapping
from math import isfinite

import numpy as np

from dialer.core.pacing.budget import LEAST, MOST, REMEMBERED, Budget
from dialer.core.pacing.floor import BUSY
from dialer.core.pacing.learnt import Learnt
from dialer.core.pacing.lifetimes import Lifetimes
from dialer.core.pacing.pacer import Kept

VERSION = 3
TRUSTED = 0.25
"""Of the memory: another day may be another list, and what is seen today must soon outweigh it."""
PLAIN = ("ready_s", "ready_left", "finished", "finished_away")
OF_BUDGET = ("level", "came", "reckoned")


def kept_of(learnt: Learnt, budget: Budget) -> Kept:
    return {
        "version": VERSION,
        "rings": learnt.rings.ends.tolist(),
        "work": {stage.value: learnt.work[stage].ends.tolist() for stage in BUSY},
        **{name: getattr(learnt, name) for name in PLAIN},
        **{name: getattr(budget, name) for name in OF_BUDGET},
    }


def readable(kept: Kept) -> bool:
    """Whether it is of this version, whole, and numbers that can be."""
    fresh, work = Learnt(), kept.get("work")
    if kept.get("version") != VERSION or not isinstance(work, Mapping):
        return False
    tables = [(kept.get("rings"), fresh.rings), *((work.get(stage.value), fresh.work[stage]) for stage in BUSY)]
    numbers = [kept.get(name) for name in (*PLAIN, *OF_BUDGET)]
    return all(_fits(ends, of) for ends, of in tables) and all(_is_amount(number) for number in numbers)


def _fits(ends: object, of: Lifetimes) -> bool:
    try:
        read = np.array(ends, dtype=float)
    except (TypeError, ValueError):
        return False
    return read.shape == of.ends.shape and bool(np.isfinite(read).all() and (read >= 0).all())


def _is_amount(number: object) -> bool:
    return isinstance(number, int | float) and isfinite(number) and number >= 0


def learnt_from(kept: Kept) -> Learnt:
    learnt, work = Learnt(), kept["work"]
    assert isinstance(work, Mapping)
    _restore(learnt.rings, kept["rings"])
    for stage in BUSY:
        _restore(learnt.work[stage], work[stage.value])
    for name in PLAIN:
        setattr(learnt, name, _number(kept[name]))
    return learnt


def _restore(lifetimes: Lifetimes, ends: object) -> None:
    lifetimes.ends = np.array(ends, dtype=float)
    lifetimes.seen = float(lifetimes.ends.sum())
    lifetimes.fades(TRUSTED)


def budget_from(kept: Kept) -> Budget:
    level, came, reckoned = (_number(kept[name]) for name in OF_BUDGET)
    much = max(1.0, max(came, reckoned) / (TRUSTED * REMEMBERED))
    return Budget(level=min(MOST, max(LEAST, level)), came=came / much, reckoned=reckoned / much)


def _number(number: object) -> float:
    assert isinstance(number, int | float)
    return float(number)
