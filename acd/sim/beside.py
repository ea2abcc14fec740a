"""Two lives of the same day beside each other: how far a replay is from what was, and who went to somebody else. PURE."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from acd.records.rows import Row
from acd.words import EntryOutcome

NEAR_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How like ``theirs`` is to ``ours``, visit by visit.

    ``swapped``: of the pairs of a queue that waited at the same time and were both served, the share that was served in the other
    order; None without such pairs.
    """

    visits: int
    same_end: int  # the same outcome, by the same agent
    near: int  # and within NEAR_S of the same wait
    swapped: float | None

    @property
    def share(self) -> float:
        return self.near / self.visits if self.visits else 1.0


def likeness(ours: Sequence[Row], theirs: Iterable[Row]) -> Likeness:
    other = {row["id"]: row for row in theirs}
    pairs = [(row, other.get(row["id"])) for row in ours]
    same = [(a, b) for a, b in pairs if b is not None and _end(a) == _end(b)]
    near = sum(abs((a["waited_s"] or 0.0) - (b["waited_s"] or 0.0)) <= NEAR_S for a, b in same)
    return Likeness(visits=len(ours), same_end=len(same), near=near, swapped=_swapped(ours, other))


def _end(row: Row) -> tuple[str, str | None]:
    return str(row["outcome"]), row["agent"]


def _swapped(ours: Sequence[Row], other: Mapping[str, Row]) -> float | None:
    wrong = pairs = 0
    for queue in {row["queue"] for row in ours}:
        served = sorted(
            (r for r in ours if r["queue"] == queue and _waited(r) and _waited(other.get(r["id"]))), key=lambda r: r["joined_at"]
        )
        for n, one in enumerate(served):
            for two in served[n + 1 :]:
                if two["joined_at"] >= one["connected_at"]:
                    break
                pairs += 1
                before = one["connected_at"] < two["connected_at"]
                wrong += before is not (other[one["id"]]["connected_at"] < other[two["id"]]["connected_at"])
    return wrong / pairs if pairs else None


def _waited(row: Row | None) -> bool:
    return row is not None and row["outcome"] == EntryOutcome.ANSWERED and row["waited_s"] > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Otherwise:
    """A visit that ended otherwise: with somebody else, or not with anybody."""

    contact: str
    queue: str
    joined_at: float
    was: Row
    became: Row | None  # None: it did not come to this visit


def otherwise(ours: Iterable[Row], theirs: Iterable[Row]) -> list[Otherwise]:
    """In the order in which they joined; visits that only the other life has come last."""
    other = {row["id"]: row for row in theirs}
    return [
        Otherwise(contact=row["contact"], queue=row["queue"], joined_at=row["joined_at"], was=row, became=other.get(row["id"]))
        for row in sorted(ours, key=lambda row: (row["joined_at"], row["id"]))
        if row["id"] not in other or _end(row) != _end(other[row["id"]])
    ]
