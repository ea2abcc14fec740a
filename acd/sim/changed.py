"""A configuration with a few keys changed, for a comparison: ``queues.sales.ring=10s``. Checked as if it had been written so."""

import json
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from acd.config.document import Problem, Refused, read_text
from acd.config.folder import FILE
from acd.config.load import load
from acd.core.policy import Policy

GIVEN = "--set"


def changed(config: Path, sets: Sequence[str]) -> Policy:
    """The policy of the folder. Raises Refused, for a change with what was wrong with it."""
    configuration = load(config)
    if not sets:
        return configuration.policy
    data = deepcopy(configuration.document.data)
    for n, written in enumerate(sets, 1):
        _set(data, written, n)
    with TemporaryDirectory() as kept:
        (Path(kept) / FILE).write_text(_yaml(data), encoding="utf-8")
        try:
            return load(config, kept=Path(kept)).policy
        except Refused as refused:
            raise Refused(_problem(n, f"{', '.join(sets)}: {each.what}") for n, each in enumerate(refused.problems, 1)) from None


def _set(data: Any, written: str, n: int) -> None:
    path, equals, value = written.partition("=")
    *way, last = path.split(".")
    if not equals or not last:
        raise Refused([_problem(n, f"found {written!r}; KEY=VALUE is needed, such as queues.sales.ring=10s")])
    here = data
    for part in way:
        if not isinstance(here, dict) or not isinstance(here.setdefault(part, {}), dict | type(None)):
            raise Refused([_problem(n, f"{written!r}: there is nothing below {part!r}")])
        if here[part] is None:
            here[part] = {}
        here = here[part]
    here[last] = read_text(value, GIVEN).data  # a list or mapping may be written as in YAML: [a, b]


def _yaml(data: Any) -> str:
    """JSON, but for what is empty: that is left empty."""
    match data:
        case None:
            return ""
        case dict():
            return "{" + ", ".join(f"{json.dumps(key)}: {_yaml(value)}" for key, value in data.items()) + "}"
        case list():
            return "[" + ", ".join(map(_yaml, data)) + "]"
    return json.dumps(data)


def _problem(n: int, what: str) -> Problem:
    return Problem(file=GIVEN, line=1, column=n, what=what)
