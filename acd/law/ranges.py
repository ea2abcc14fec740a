"""Arithmetic over times of day. PURE."""

from acd.law.profile import Range, Ranges

DAY_END = 1440


def both(one: Ranges, other: Ranges) -> Ranges:
    """The times that are in both."""
    found = ((max(a, c), min(b, d)) for a, b in joined(one) for c, d in joined(other))
    return tuple(sorted(each for each in found if each[0] < each[1]))


def joined(ranges: Ranges) -> Ranges:
    """In order, without overlap, those that touch as one."""
    found: list[Range] = []
    for start, end in sorted(each for each in ranges if each[0] < each[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def within(inner: Ranges, outer: Ranges) -> bool:
    return both(inner, outer) == joined(inner)


def written(ranges: Ranges) -> str:
    """As people write it: ``09:00-12:30, 13:30-17:00`` or ``never``."""
    return ", ".join(f"{clock(start)}-{clock(end)}" for start, end in joined(ranges)) or "never"


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
