"""The plan: what will change, who is concerned, and what an operator should think about twice. PURE."""

from collections.abc import Iterable, Iterator

from acd.plan.campaigns import of_campaigns, renamed, without_agents
from acd.plan.change import GONE, NEW, OTHER, Change, Plan
from acd.plan.effects import effects, left_alone
from acd.plan.flows import changed, of_flows
from acd.plan.house import House, People
from acd.plan.oddities import oddities
from acd.plan.overtaking import of_overtaking
from acd.plan.reach import numbers_by_flow
from acd.plan.removed import going_over, left_behind, never_there
from acd.plan.settings import of_settings

SHOWN = 5


def compare(old: House, new: House, people: People | None = None, render: Iterable[str] = ()) -> Plan:
    """``render``: texts that have to be spoken before the new house is in force."""
    found = people or People()
    changes = (*of_settings(old, new), *of_flows(old, new), *_sounds(old, new))
    texts = [*dict.fromkeys(render)] if changes else []
    return Plan(
        before=old.version,
        after=new.version,
        changes=changes,
        people=(
            *(*_numbers(old, new), *_callers(old, new, found), *_queues(old, new, found), *going_over(old, new, found)),
            *_agents(old, new, found),
            *(*effects(old, new, found), *of_overtaking(old, new), *of_campaigns(old, new)),
        ),
        warnings=(
            *(*left_behind(old, new, found), *never_there(old, new), *_orphans(old, new), *_unserved(old, new)),
            *(*left_alone(old, new, found), *oddities(old, new)),
            *(*renamed(old, new), *without_agents(old, new)),
        ),
        notes=tuple(_rendered(texts)),
    )


def _sounds(old: House, new: House) -> Iterator[Change]:
    for name in sorted(old.sounds.keys() | new.sounds.keys()):
        kind, _, what = name.partition("/")
        before, after = old.sounds.get(name), new.sounds.get(name)
        if before is None:
            yield Change(sign=NEW, kind=kind, name=what)
        elif after is None:
            yield Change(sign=GONE, kind=kind, name=what)
        elif before != after:
            yield Change(sign=OTHER, kind=kind, name=what, what="another file")


# -- for whom ---


def _numbers(old: House, new: House) -> Iterator[str]:
    was, now = numbers_by_flow(old), numbers_by_flow(new)
    for flow in sorted(changed(old, new)):
        numbers = now.get(flow) if flow in new.flows else was.get(flow)
        if numbers:
            what = "new" if flow not in old.flows else "changed" if flow in new.flows else "removed"
            yield f"who dials {_listed(numbers)} can come to the {what} flow {flow}"


def _callers(old: House, new: House, people: People) -> Iterator[str]:
    for flow in sorted(changed(old, new)):
        steps = people.in_steps(flow)
        if steps:
            count = sum(steps.values())
            where = ", ".join(f"{step} {n}" for step, n in sorted(steps.items()))
            s, their = ("s are", "their versions") if count != 1 else (" is", "their version")
            yield f"{count} caller{s} in the flow {flow} ({where}); they finish on {their}"


def _queues(old: House, new: House, people: People) -> Iterator[str]:
    for queue, rules in old.policy.queues.items():
        waiting = people.waiting.get(queue, 0)
        others = new.policy.queues.get(queue)
        if waiting and others is not None and others != rules:
            s, verb = ("s", "wait") if waiting != 1 else ("", "waits")
            yield f"{waiting} caller{s} {verb} in the changed queue {queue}; its new rules hold for them at once"


def _agents(old: House, new: House, people: People) -> Iterator[str]:
    for id, agent in old.policy.agents.items():
        doing = people.agents.get(id)
        if doing is None:
            continue
        after = new.policy.agents.get(id)
        now = doing.replace("_", " ")
        if after is None:
            then = "is logged out when that is over" if doing in ("talking", "offered") else "is logged out at once"
            yield f"agent {id} ({agent.name}) is removed: {now} now, and {then}"
        elif (after.devices, after.external) != (agent.devices, agent.external):
            yield f"agent {id} ({agent.name}) is reached at other phones: {now} now"
        elif gone := [queue for queue in agent.queues if queue not in after.queues]:
            yield f"agent {id} ({agent.name}) serves {_listed(gone)} no more: {now} now"


# -- to think about ---


def _orphans(old: House, new: House) -> Iterator[str]:
    """A step that nobody reaches is refused; a flow may stand there for later, and is only told when it lost its callers."""
    was, now = numbers_by_flow(old), numbers_by_flow(new)
    for flow in sorted(new.flows):
        if was.get(flow) and not now[flow]:
            ways = f"; until now: {_listed(was[flow])}"
            yield f"no number leads to the flow {flow} any more{ways}"


def _unserved(old: House, new: House) -> Iterator[str]:
    was, now = _serves(old), _serves(new)
    used = {step.names["queue"] for flow in new.flows.values() for step in flow.steps.values() if "queue" in step.names}
    for queue in sorted(new.policy.queues):
        if queue in used and queue not in now and (queue in was or queue not in old.policy.queues):
            yield f"no agent serves the queue {queue}, and a flow sends callers there"


def _serves(house: House) -> frozenset[str]:
    return frozenset(queue for agent in house.policy.agents.values() for queue in agent.queues)


def _rendered(texts: list[str]) -> Iterator[str]:
    if texts:
        some = ", ".join(repr(text if len(text) <= 40 else text[:39] + "…") for text in texts[:SHOWN])
        more = f" and {len(texts) - SHOWN} more" if len(texts) > SHOWN else ""
        yield f"{len(texts)} text{'s' if len(texts) != 1 else ''} to be spoken before it is in force: {some}{more}"


def _listed(names: Iterable[str], most: int = 8) -> str:
    known = [*names]
    return ", ".join(known[:most]) + (f" and {len(known) - most} more" if len(known) > most else "")
