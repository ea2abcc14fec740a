"""PURE: a lead's place in the order of its list. The least rank first; what was promised to somebody goes before everything."""

from collections.abc import Mapping

A_POINT = 1e10  # of priority: more than there are leads
MOST_POINTS = 1000
LAST = 1e15
BEFORE_ALL = -9e14
PROMISED = -1e15


def rank_of(order: str, lead: int, priority: int, fields: Mapping[str, str]) -> float:
    """``order``: oldest, newest, chance, or 'highest FIELD' and 'lowest FIELD'. Raises ValueError for any other."""
    match order.split(maxsplit=1):
        case ["oldest"]:
            return lead - priority * A_POINT
        case ["newest"]:
            return -lead - priority * A_POINT
        case ["chance"]:
            return -priority * A_POINT
        case [("highest" | "lowest") as way, name]:
            return _by_value(fields.get(name, ""), -1.0 if way == "highest" else 1.0)
    raise ValueError(f"order {order!r}: allowed are oldest, newest, chance, 'highest FIELD', 'lowest FIELD'")


def promised_rank(due_at: float) -> float:
    """Before all others, the one that was due first at the front."""
    return PROMISED + due_at


def _by_value(text: str, sign: float) -> float:
    try:
        value = float(text)
    except ValueError:
        return LAST
    return sign * value if abs(value) < 1e14 else LAST
