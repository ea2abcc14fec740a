"""What changes in the flows: steps, exits, the prompts and tables they use. PURE."""

from collections.abc import Iterator, Mapping
from typing import Any

from acd.core.media import Recorded
from acd.ivr.flow import Flow, Step
from acd.ivr.steps.lookup import LookUp, Table
from acd.ivr.wording import said
from acd.plan.change import GONE, NEW, OTHER, Change
from acd.plan.house import House
from acd.plan.values import Difference, differences
from acd.words import FlowId

LEADS = frozenset({"next", "exits", "otherwise", "options", "keys", "shares", "to", "when"})
"""Keys of a step that say where its exits lead: they are told as exits."""
ENDS = "the call ends"


def of_flows(old: House, new: House) -> Iterator[Change]:
    for id in [*sorted(new.flows), *sorted(old.flows.keys() - new.flows.keys())]:
        before, after = old.flows.get(id), new.flows.get(id)
        if before is None and after is not None:
            yield Change(sign=NEW, kind="flow", name=id, what=_count(len(after.steps), "step"))
        elif before is not None and after is None:
            yield Change(sign=GONE, kind="flow", name=id, what=_count(len(before.steps), "step"))
        elif before is not None and after is not None and before.version != after.version:
            inner = (*_inside(before, after, old.texts.get(id), new.texts.get(id)),)
            yield Change(sign=OTHER, kind="flow", name=id, what="" if inner else "comments or layout only", inner=inner)


def changed(old: House, new: House) -> frozenset[FlowId]:
    """Flows that callers will find otherwise than today."""
    both = old.flows.keys() | new.flows.keys()
    return frozenset(id for id in both if _version(old.flows.get(id)) != _version(new.flows.get(id)))


def ways_to(flow: Flow, step: str) -> tuple[str, ...]:
    """By which exits callers get to a step."""
    ways = [f"{exit} of {one.name}" for one in flow.steps.values() for exit, target in one.exits.items() if target == step]
    return (*ways, *(["the start"] if flow.start == step else []))


def lost_ways(house: House, flow: FlowId, what: str) -> str:
    """To a refusal because nobody gets to a step: how callers get there today; '' for any other."""
    known = house.flows.get(flow)
    steps = known.steps if known and what.startswith("no caller gets to the step ") else {}
    found = next((name for name in steps if f" {name!r};" in what), None)
    ways = ways_to(known, found) if known and found else ()
    return f" (what runs: by {', '.join(ways)})" if ways else ""


def _version(flow: Flow | None) -> str:
    return flow.version if flow else ""


def _inside(old: Flow, new: Flow, before: Any, after: Any) -> Iterator[Change]:
    before, after = before or {}, after or {}
    top = {key: value for key, value in before.items() if key != "steps"}, {k: v for k, v in after.items() if k != "steps"}
    yield from (found.change for found in differences(*top))
    for name in [*new.steps, *(name for name in old.steps if name not in new.steps)]:
        one, other = old.steps.get(name), new.steps.get(name)
        if one is None and other is not None:
            yield Change(sign=NEW, kind="step", name=name, what=_new_step(other))
        elif one is not None and other is None:
            yield Change(sign=GONE, kind="step", name=name, what=one.verb)
        elif one is not None and other is not None:
            written = before.get("steps", {}).get(name), after.get("steps", {}).get(name)
            inner = (*_of_step(one, other, *written),)
            if inner:
                yield Change(sign=OTHER, kind="step", name=name, inner=inner)
    yield from _prompts(old.named, new.named)
    yield from _tables(_tables_of(old), _tables_of(new))


def _new_step(step: Step) -> str:
    leads = ", ".join(f"{exit} -> {target}" for exit, target in step.exits.items())
    return f"{step.verb} ({leads})" if leads else step.verb


def _of_step(old: Step, new: Step, before: Any, after: Any) -> Iterator[Change]:
    exits = [*_exits(old, new)]
    pairs = {(exit.old, exit.new) for exit in exits}
    for found in differences(before, after):
        if not _is_told(found, pairs):
            yield found.change
    yield from exits
    for sign, names in ((NEW, _recorded(new) - _recorded(old)), (GONE, _recorded(old) - _recorded(new))):
        what = "is played from now on" if sign == NEW else "is played no more"
        yield from (Change(sign=sign, kind="recording", name=name, what=what) for name in sorted(names))


def _is_told(found: Difference, pairs: set[tuple[Any, Any]]) -> bool:
    """Whether a key only says what the lines of exits say already. A mapping or list may hold more (a label, a condition)."""
    if found.path[:1] == ("otherwise",) and pairs:
        return True
    leads = found.path != () and found.path[0] in LEADS
    return leads and all((one.old, one.new) in pairs for one in _leaves(found))


def _leaves(found: Difference) -> Iterator[Difference]:
    """A mapping that comes or goes as a whole, key by key."""
    parts = (found.old, found.new)
    if any(isinstance(part, Mapping) for part in parts) and None in parts:
        for one in differences(found.old or {}, found.new or {}, found.path):
            yield from _leaves(one)
    else:
        yield Difference(path=found.path, old=_plain(found.old), new=_plain(found.new))


def _plain(value: Any) -> Any:
    """What can stand in a set: lists and mappings as what they look like, which is no step's name."""
    return repr(value) if isinstance(value, Mapping | list) else value


def _exits(old: Step, new: Step) -> Iterator[Change]:
    for exit in [*new.exits, *(exit for exit in old.exits if exit not in new.exits)]:
        before, after = old.exits.get(exit), new.exits.get(exit)
        if before is None:
            was = f"{ENDS} -> {after}" if exit in old.offers else f"-> {after}"
            yield Change(sign=NEW, kind="exit", name=exit, what=was, new=after)
        elif after is None:
            now = f"{before} -> {ENDS}" if exit in new.offers else f"led to {before}"
            yield Change(sign=GONE, kind="exit", name=exit, what=now, old=before)
        elif before != after:
            yield Change(sign=OTHER, kind="exit", name=exit, what=f"{before} -> {after}", old=before, new=after)


def _recorded(step: Step) -> frozenset[str]:
    parts = (one for prompt in step.prompts for one in said(prompt, ""))
    return frozenset(f"{lang}/{part.name}".lstrip("/") for lang, part in parts if isinstance(part, Recorded))


def _prompts(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """Named ones that both versions use, with other words."""
    for name in sorted(old.keys() & new.keys()):
        inner = tuple(found.change for found in differences(old[name], new[name]))
        if inner and not inner[0].name:
            yield Change(sign=OTHER, kind="prompt", name=name, what=inner[0].what, old=inner[0].old, new=inner[0].new)
        elif inner:
            yield Change(sign=OTHER, kind="prompt", name=name, inner=inner)


def _tables_of(flow: Flow) -> dict[str, Table]:
    return {step.table.name: step.table for step in flow.steps.values() if isinstance(step, LookUp)}


def _tables(old: Mapping[str, Table], new: Mapping[str, Table]) -> Iterator[Change]:
    for name in sorted(old.keys() & new.keys()):
        before, after = old[name], new[name]
        if (before.columns, before.rows) == (after.columns, after.rows):
            continue
        gone, come = len({*before.rows} - {*after.rows}), len({*after.rows} - {*before.rows})
        what = f"{_count(come, 'row')} new, {_count(gone, 'row')} gone" if before.columns == after.columns else "other columns"
        yield Change(sign=OTHER, kind="table", name=name, what=what)


def _count(n: int, word: str) -> str:
    return f"{n} {word}{'s' if n != 1 else ''}"
