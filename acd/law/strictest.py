"""Of several profiles the strictest of each rule, as one. PURE."""

from collections.abc import Iterable, Sequence
from functools import reduce

from acd.law.profile import CallingHours, LawProfile, Ranges, Source
from acd.law.ranges import both


def strictest(*, id: str, name: str, of: Sequence[LawProfile], per_day: int) -> LawProfile:
    """``per_day``: ours, where none of them has a number."""
    known = [each.per_day for each in of if each.per_day is not None]
    names = ", ".join(each.id for each in of)
    told = Source(text=f"the strictest of {names}", checked=False)
    return LawProfile(
        id=id,
        name=name,
        abandon_limit=min(each.abandon_limit for each in of),
        periods_s=tuple(sorted({period for each in of for period in each.periods_s})),
        answer_s=min(each.answer_s for each in of),
        after_greeting=all(each.after_greeting for each in of),
        ring_least_s=max(each.ring_least_s for each in of),
        redial_lock_s=max(each.redial_lock_s for each in of),
        lock_is_absolute=any(each.lock_is_absolute for each in of),
        then_reserved=any(each.then_reserved for each in of),
        hours=_hours([each.hours for each in of]),
        per_day=min([*known, per_day]),
        keep_s=max(each.keep_s for each in of),
        message_needs=frozenset[str]().union(*(each.message_needs for each in of)),
        dnc_needed=any(each.dnc_needed for each in of),
        dnc_fresh_s=min(each.dnc_fresh_s for each in of),
        source={rule: told for rule in of[0].source} | {"per_day": Source(text=f"ours: {per_day} times")},
    )


def _hours(several: Sequence[CallingHours]) -> CallingHours:
    eves = [each.eve for each in several if each.eve is not None]
    return CallingHours(
        weekly=tuple(_all(each.weekly[day] for each in several) for day in range(7)),
        holiday=_all(each.holiday for each in several),
        eve=_all(eves) if eves else None,
    )


def _all(ranges: Iterable[Ranges]) -> Ranges:
    return reduce(both, ranges)
