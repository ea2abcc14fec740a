"""What changes in ``acd.yaml``: numbers, queues, agents and the rest, each by its name. PURE."""

from collections.abc import Iterator, Mapping
from typing import Any

from acd.plan.change import GONE, NEW, OTHER, Change
from acd.plan.house import House
from acd.plan.values import MISSING, differences, masked, shown

NAMED = {
    "queues": "queue", "agents": "agent", "supervisors": "supervisor", "trunks": "trunk", "calendars": "calendar",
    "campaigns": "campaign", "mailboxes": "mailbox", "nodes": "switch", "secrets": "secret", "databases": "database",
}  # fmt: skip
"""Sections of things with a name of their own."""
NUMBERS = {"numbers": "number", "phone_numbers": "feature code"}
AT_RESTART = frozenset({"http", "database", "lease"})
"""Read once, when the controller starts."""


def of_settings(old: House, new: House) -> Iterator[Change]:
    for section, kind in NUMBERS.items():
        yield from _numbers(kind, _section(old, section), _section(new, section))
    for section, kind in NAMED.items():
        yield from _named(kind, _section(old, section), _section(new, section))
    rest = {*old.written, *new.written} - NAMED.keys() - NUMBERS.keys()
    for section in sorted(rest):
        yield from _rest(section, old.written.get(section, MISSING), new.written.get(section, MISSING))


def _section(house: House, name: str) -> Mapping[str, Any]:
    return house.written.get(name) or {}


def _numbers(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for number in [*new, *(number for number in old if number not in new)]:
        before, after = old.get(number), new.get(number)
        if before is None:
            yield Change(sign=NEW, kind=kind, name=number, what=f"-> {after}", new=after)
        elif after is None:
            yield Change(sign=GONE, kind=kind, name=number, what=f"led to {before}", old=before)
        elif before != after:
            yield Change(sign=OTHER, kind=kind, name=number, what=f"{before} -> {after}", old=before, new=after)


def _named(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for name in [*new, *(name for name in old if name not in new)]:
        if name not in old:
            what = shown(new[name]) if new[name] else ""
            yield Change(sign=NEW, kind=kind, name=name, what=what, new=masked(new[name] or {}))
        elif name not in new:
            yield Change(sign=GONE, kind=kind, name=name, old=masked(old[name] or {}))
        else:
            inner = tuple(found.change for found in differences(old[name] or {}, new[name] or {}))
            if inner:
                yield Change(sign=OTHER, kind=kind, name=name, inner=inner)


def _rest(section: str, old: Any, new: Any) -> Iterator[Change]:
    both = (old if old is not None else {}), (new if new is not None else {})
    inner = tuple(found.change for found in differences(*(both if Mapping in map(_kind, both) else (old, new))))
    if not inner:
        return
    what = "in force at the next restart" if section in AT_RESTART else ""
    if len(inner) == 1 and not inner[0].name:  # a list
        what, inner = inner[0].what, ()
    yield Change(sign=OTHER, kind="setting", name=section, what=what, inner=inner)


def _kind(value: Any) -> type:
    return Mapping if isinstance(value, Mapping) and value else type(value)
