"""What is wrong with steps that look outside: secrets that nobody has, columns that are not there, keys that are there twice.
PURE. Yields where in the step (a key of it) and the sentence.
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from acd.ivr.flow import Step
from acd.ivr.steps.http import Http
from acd.ivr.steps.lookup import LookUp, Table


def outside_faults(step: Step, secrets: frozenset[str] | None, tables: Mapping[str, Table] | None) -> Iterator[tuple[str, str]]:
    if isinstance(step, Http) and secrets is not None:
        for name in sorted(step.asked.secrets - secrets):
            yield "headers", f"there is no secret {name!r}{_near(name, secrets)}; allowed: {_list(secrets)}"
    if isinstance(step, LookUp) and tables is not None and step.table.name in tables:
        yield from _columns(step)


def _columns(step: LookUp) -> Iterator[tuple[str, str]]:
    table, known = step.table, frozenset(step.table.columns)
    missing = [(key, column) for key, columns in (("where", step.where), ("into", step.into.values())) for column in columns]
    missing = [(key, column) for key, column in missing if column not in known]
    for key, column in missing:
        yield key, f"the table {table.name!r} has no column {column!r}{_near(column, known)}; allowed: {_list(known)}"
    twice = None if missing else table.twice(tuple(step.where))
    if twice:
        first, second = (table.lines[n] for n in twice)
        key = ", ".join(table.rows[twice[1]][table.at(column)] for column in step.where)
        yield "where", f"{table.file}:{second}: {', '.join(step.where)} {key!r} is here twice, first in line {first}; one row is needed"


def _near(word: str, allowed: frozenset[str]) -> str:
    near = get_close_matches(word, sorted(allowed), n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def _list(allowed: frozenset[str]) -> str:
    return ", ".join(sorted(allowed)[:20]) or "none is configured"
