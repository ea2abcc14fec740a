"""PURE: rows of answers -> what a survey says. Each figure with the number of answers that it stands on.

CSAT is the share of the two best marks of five. NPS is the share of promoters (9, 10) less that of detractors (0 to 6), in
points from -100 to 100. Both are of those who answered, not of all callers.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

SATISFIED = (4.0, 5.0)
PROMOTERS, DETRACTORS = 9.0, 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    survey: str
    question: str
    kind: str
    answers: int
    figure: float | None  # csat in per cent, nps in points; None for a choice
    mean: float | None
    counts: Mapping[str, int]


def results(rows: Iterable[Mapping[str, Any]]) -> list[Result]:
    """Rows in the order of survey and question, as ``Reader.answers`` gives them."""
    by = groupby(rows, key=lambda row: (row["survey"], row["question"]))
    return [_result(survey, question, list(group)) for (survey, question), group in by]


def _result(survey: str, question: str, rows: list[Mapping[str, Any]]) -> Result:
    scores = [row["score"] for row in rows if row["score"] is not None]
    kind = rows[-1]["kind"]
    return Result(
        survey=survey,
        question=question,
        kind=kind,
        answers=len(rows),
        figure=_figure(kind, scores),
        mean=round(sum(scores) / len(scores), 2) if scores else None,
        counts=dict(sorted(Counter(row["answer"] for row in rows).items())),
    )


def _figure(kind: str, scores: list[float]) -> float | None:
    if not scores:
        return None
    if kind == "csat":
        return round(100 * sum(score in SATISFIED for score in scores) / len(scores), 1)
    if kind == "nps":
        balance = sum(score >= PROMOTERS for score in scores) - sum(score <= DETRACTORS for score in scores)
        return round(100 * balance / len(scores), 1)
    return None
