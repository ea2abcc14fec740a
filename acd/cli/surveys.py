"""``acd surveys``: what callers answered, question by question."""

from dataclasses import asdict
from pathlib import Path

import click

from acd.cli import show
from acd.cli.place import Since, database_option, home_option, json_option, records
from acd.records.survey import Result, results


@click.command()
@click.option("--since", type=Since(), default="30d", show_default=True, help="30m, 2h, 7d, today, 2026-03-29.")
@click.option("--survey", default="", help="Only this survey.")
@json_option
@database_option
@home_option
def surveys(home: Path, database: str | None, json_: bool, since: float, survey: str) -> None:
    """What callers answered, with CSAT (share of 4 and 5) and NPS (promoters less detractors)."""
    with records(home, database) as reader:
        found = results(reader.answers(survey, since))
    if json_:
        show.as_json([asdict(result) for result in found])
        return
    show.table(
        ["survey", "question", "answers", "result", "mean", "given"],
        ([r.survey, r.question, r.answers, figure(r), r.mean, given(r)] for r in found),
        empty="no answers are recorded that match",
    )


def figure(result: Result) -> str:
    if result.figure is None:
        return ""
    return f"CSAT {result.figure:g} %" if result.kind == "csat" else f"NPS {result.figure:+g}"


def given(result: Result) -> str:
    return ", ".join(f"{answer}: {count}" for answer, count in result.counts.items())
