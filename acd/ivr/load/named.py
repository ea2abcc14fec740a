"""``prompts.yaml``: prompts by name, for all flows of its folder. A name's own recording, if there is one, takes its text's place."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from acd.config.document import Document, Problem, Refused, read_file, read_text
from acd.config.kinds import matching
from acd.config.sentences import shown
from acd.ivr.load.prompts import Reading, parts

FILE = "prompts.yaml"
MAX_PROMPTS = 5000
_name = matching(r"[a-z0-9][a-z0-9_-]{0,62}", "a prompt's name (small letters, digits, _ and -, up to 63)")


def load_prompts(folder: Path, *, name: str = "") -> Mapping[str, Any]:
    """The named prompts as they are written, each of them checked; none when the folder has no such file. Raises Refused."""
    file = folder / FILE
    return _checked(read_file(file, name=name)) if file.exists() else {}


def load_prompts_text(text: str, file: str = FILE) -> Mapping[str, Any]:
    """Raises Refused."""
    return _checked(read_text(text, file))


def _checked(document: Document) -> Mapping[str, Any]:
    found = document.data
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise Refused([document.problem((), f"found {shown(found)}; a mapping of names to prompts is needed", value=True)])
    if len(found) > MAX_PROMPTS:
        raise Refused([document.problem((), f"up to {MAX_PROMPTS} prompts are allowed, here are {len(found)}")])
    problems = [problem for name in found for problem in _problems(document, name, found[name])]
    if problems:
        raise Refused(problems)
    return found


def _problems(document: Document, name: Any, written: Any) -> list[Problem]:
    try:
        _name(name)
    except ValueError as error:
        return [document.problem((name,), str(error))]
    try:
        parts(written, Reading(named={}, name=name))
    except ValueError as error:
        return [document.problem((name,), str(error), value=True)]
    return []
