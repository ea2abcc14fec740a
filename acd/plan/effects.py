"""What a change of queues, agents, skills and hours means for those who call and those who answer, in sentences. PURE."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from acd.core.matching.skills import lacking, levels, needed
from acd.core.policy import AgentPolicy, QueuePolicy
from acd.plan.house import House, People
from acd.words import AgentId, QueueId

SHOWN = 8
FOR_EVER = float("inf")


def effects(old: House, new: House, people: People) -> Iterator[str]:
    yield from _serving(old, new)
    yield from _trunks(old, new)
    for queue, rules in new.policy.queues.items():
        before = old.policy.queues.get(queue)
        if before is not None:
            yield from _choosing(before, rules)
            yield from _able(old, new, before, rules)
            yield from _standing(before, rules, people.waiting.get(queue, 0))
            yield from _tiers(old, new, before, rules)


def _trunks(old: House, new: House) -> Iterator[str]:
    """The small switch that comes along reads them when they are applied; a FreeSWITCH has files of its own."""
    before, after = (house.written.get("trunks") or {} for house in (old, new))
    written = "a FreeSWITCH must have it in its files by then (acd freeswitch-conf)"
    for name in after:
        if name not in before:
            yield f"trunk {name} is new: the switches are asked to look for it; {written}"
        elif (before[name] or {}).get("address") != (after[name] or {}).get("address"):
            forgets = f"and forget the old one first (sofia profile trunk killgw {name})"
            yield f"trunk {name} is somewhere else: the switches are asked to look for it; {written}, {forgets}"


def _serving(old: House, new: House) -> Iterator[str]:
    """Who serves a queue that they did not serve; who serves one no more is told with what they do now (``compare``)."""
    for id, agent in new.policy.agents.items():
        known = old.policy.agents.get(id)
        come = [queue for queue in agent.queues if known is not None and queue not in known.queues]
        if come:
            yield f"agent {id} ({agent.name}) will serve {_listed(come)}"


def _choosing(before: QueuePolicy, rules: QueuePolicy) -> Iterator[str]:
    if before.strategy != rules.strategy:
        was, now = (str(strategy).replace("_", " ") for strategy in (before.strategy, rules.strategy))
        yield f"queue {rules.id}: agents are chosen by {now} instead of {was}, from the next offer on"


def _able(old: House, new: House, before: QueuePolicy, rules: QueuePolicy) -> Iterator[str]:
    """Who may take a caller of the queue who has just come, and could not; and the other way round."""
    gained: list[str] = []
    lost: list[str] = []
    later: list[str] = []
    for id, agent in _members(new, rules.id).items():
        known = old.policy.agents.get(id)
        if known is None or rules.id not in known.queues:
            continue
        could, can = _lacks(known, before, 0.0), _lacks(agent, rules, 0.0)
        if could and not can:
            gained.append(str(id))
        elif can and not could:
            at = _opens(agent, rules)
            (later if at is not None else lost).append(f"{id} ({can}{'' if at is None else f', until they have waited {at:g} s'})")
    if gained:
        yield f"queue {rules.id}: {_listed(gained)} may take its callers now"
    if lost:
        yield f"queue {rules.id}: {_listed(lost)} may take its callers no more"
    if later:
        yield f"queue {rules.id}: {_listed(later)} may not take its callers at once any more"


def _lacks(agent: AgentPolicy, rules: QueuePolicy, aged_s: float, own: Mapping[str, int] | None = None) -> str:
    """'' when nothing is lacking."""
    lack = lacking(levels(agent.skills), needed(rules, own or {}, aged_s))
    return f"{lack[0]}: has {lack[1]}, needs {lack[2]}" if lack else ""


def _opens(agent: AgentPolicy, rules: QueuePolicy) -> float | None:
    """After how much waiting less is asked for and the agent will do; None: never."""
    return next((step.after_s for step in rules.relax if not _lacks(agent, rules, step.after_s)), None)


def _standing(before: QueuePolicy, rules: QueuePolicy, waiting: int) -> Iterator[str]:
    """The priority is settled when a caller joins; what a point of it is worth, and the queue's weight, are not."""
    s = "s" if waiting != 1 else ""
    if waiting and before.priority != rules.priority:
        keep = "keep theirs" if s else "keeps its"
        yield f"queue {rules.id}: priority {before.priority} -> {rules.priority} for who joins; the {waiting} caller{s} in line {keep}"
    at_once = [
        f"{name} {was:g} -> {now:g}{unit}"
        for name, was, now, unit in (
            ("ageing", before.ageing_s, rules.ageing_s, " s"),
            ("weight", before.weight, rules.weight, ""),
        )
        if was != now
    ]
    if waiting and at_once:
        yield f"queue {rules.id}: {', '.join(at_once)}, also for the {waiting} caller{s} in line"


def _tiers(old: House, new: House, before: QueuePolicy, rules: QueuePolicy) -> Iterator[str]:
    moved: dict[str, list[str]] = {}
    for id, agent in _members(new, rules.id).items():
        known = old.policy.agents.get(id)
        if known is None or rules.id not in known.queues:
            continue
        was, now = known.membership(rules.id), agent.membership(rules.id)
        after = max(now.delay_s, rules.tiers.get(now.tier, 0.0))
        if (was.tier, max(was.delay_s, before.tiers.get(was.tier, 0.0))) != (now.tier, after):
            wait = f"once a caller has waited {after:g} s" if after else "at once"
            moved.setdefault(f"asked {wait}, in tier {now.tier}", []).append(str(id))
    for what, ids in moved.items():
        yield f"queue {rules.id}: {_listed(ids)} will be {what}"


def left_alone(old: House, new: House, people: People) -> Iterator[str]:
    """Callers in line whom somebody could have taken, and nobody will, however long they wait."""
    for queue, needs in people.needs.items():
        before, rules = old.policy.queues.get(queue), new.policy.queues.get(queue)
        if before is None or rules is None:
            continue
        alone: Counter[str] = Counter()
        for own, n in needs.items():
            could = any(not _lacks(agent, before, FOR_EVER, dict(own)) for agent in _members(old, queue).values())
            can = any(not _lacks(agent, rules, FOR_EVER, dict(own)) for agent in _members(new, queue).values())
            if could and not can:
                wanted = ", ".join(f"{skill} {level}" for skill, level in needed(rules, dict(own), FOR_EVER)) or "somebody"
                alone[wanted] += n
        for wanted, n in alone.items():
            callers = f"{n} callers in line for {queue} need" if n != 1 else f"1 caller in line for {queue} needs"
            yield f"{callers} {wanted}, which nobody there will have"


def _members(house: House, queue: QueueId) -> dict[AgentId, AgentPolicy]:
    return {id: agent for id, agent in house.policy.agents.items() if queue in agent.queues}


def _listed(names: Iterable[str], most: int = SHOWN) -> str:
    known = [*names]
    return ", ".join(known[:most]) + (f" and {len(known) - most} more" if len(known) > most else "")
