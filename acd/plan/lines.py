"""A plan as lines for people. PURE; whoever prints them gives the signs their colours."""

from collections.abc import Iterator

from acd.plan.change import Change, Plan

INDENT = "    "
WARNING = "!"


def lines(plan: Plan) -> Iterator[str]:
    """Every line begins with a sign (+ - ~ !) after its indent, or with a word."""
    if plan.standing:
        yield from (f"{WARNING} {one}" for one in plan.standing)
        yield ""
    for change in plan.changes:
        yield from change_lines(change)
    if plan.people:
        yield ""
        yield "For whom:"
        yield from (f"{INDENT}{one}" for one in plan.people)
    if plan.warnings or plan.notes:
        yield ""
        yield from (f"{WARNING} {one}" for one in plan.warnings)
        yield from plan.notes


def change_lines(change: Change, indent: str = "") -> Iterator[str]:
    kind = "" if change.kind == "key" else change.kind
    head = " ".join(word for word in (change.sign, kind, change.name) if word)
    yield f"{indent}{head}{': ' if change.what and change.name else ' ' if change.what else ''}{change.what}"
    for inner in change.inner:
        yield from change_lines(inner, indent + INDENT)


def counted(plan: Plan) -> str:
    """``2 to add, 1 to change, 0 to remove``."""
    signs = [change.sign for change in plan.changes]
    return f"{signs.count('+')} to add, {signs.count('~')} to change, {signs.count('-')} to remove"
