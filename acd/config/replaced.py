"""``replaces``: what has another name now. Of queues and of campaigns."""

from collections.abc import Iterator, Mapping, Sequence

from acd.config.document import Document, Problem


def replaced_problems(section: str, kind: str, replaces: Mapping[str, Sequence[str]], document: Document) -> Iterator[Problem]:
    """What is still there goes nowhere, and nothing can go to two places."""
    by: dict[str, str] = {}
    for id, olds in replaces.items():
        for n, old in enumerate(olds):
            path = (section, id, "replaces", n)
            if old == id:
                yield document.problem(path, f"the {kind} {old!r} cannot be in its own place", value=True)
            elif old in replaces:
                what = f"the {kind} {old!r} is still there: it can be replaced when it is taken out of {section!r}"
                yield document.problem(path, what, value=True)
            elif (other := by.setdefault(old, id)) != id or old in olds[:n]:
                yield document.problem(path, f"{old!r} is replaced by {other!r} already", value=True)
