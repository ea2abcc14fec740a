"""The calibration of the waits that were told: of what we said would hold for four in five, how much did? PURE."""

from collections.abc import Iterable

import msgspec

from acd.measures.promises import PROMISES, Promised
from acd.reports.table import Report, measured, text


class Told(msgspec.Struct):
    kept: bool | None = None
    kept_at_most: bool | None = None


def promises(visits: Iterable[tuple[str, str]]) -> Report:
    """``visits``: (queue, promises as JSON)."""
    read = msgspec.json.Decoder(list[Told]).decode
    found: dict[str, Promised] = {}
    for queue, told in visits:
        for one in read(told):
            found[queue] = found.get(queue, Promised()) + _judged(one)
    rows = [[queue, *(definition.of(one) for definition in PROMISES)] for queue, one in sorted(found.items())]
    return Report(columns=[text("queue"), *measured(PROMISES)], rows=rows)


def _judged(one: Told) -> Promised:
    return Promised(
        told=1,
        kept=int(one.kept is True),
        broken=int(one.kept is False),
        kept_at_most=int(one.kept_at_most is True),
        broken_at_most=int(one.kept_at_most is False),
    )
