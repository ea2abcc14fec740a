"""What is wrong with a flow as a graph, before the first caller walks it. PURE; knows no file: ``load`` says the line."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from acd.core.media import Recorded
from acd.core.outside.numbers import read
from acd.core.outside.outbound_policy import Way, ways_for
from acd.ivr.check_outside import outside_faults
from acd.ivr.expressions import LANGUAGE
from acd.ivr.flow import Flow, Step
from acd.ivr.private import MAY_READ
from acd.ivr.steps.asking import Asking
from acd.ivr.steps.lookup import Table
from acd.ivr.steps.queue import InLine, Queue
from acd.ivr.steps.transfer import ToNumber
from acd.ivr.template import Template
from acd.ivr.variables import unknown
from acd.ivr.wording import candidates, parts_of, said
from acd.words import FlowId


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What there is outside the flows, so that a flow can be held against it; None is: not known, not checked."""

    queues: frozenset[str] | None = None
    agents: frozenset[str] | None = None
    flows: frozenset[str] | None = None
    trunks: frozenset[str] | None = None
    reasons: frozenset[str] | None = None
    music: frozenset[str] | None = None
    recordings: frozenset[str] | None = None  # ``name``, or ``de/name`` for one language
    prompts: Mapping[str, Any] | None = None  # the named ones, as they are written
    calendars: frozenset[str] | None = None
    outside: tuple[Way, ...] | None = None
    region: str = ""  # where numbers without a country are dialled
    secrets: frozenset[str] | None = None
    databases: frozenset[str] | None = None
    tables: Mapping[str, Table] | None = None
    ways_out: Mapping[str, frozenset[str]] = field(default_factory=dict)  # of a queue: exits that its rules may take
    offered: Mapping[str, frozenset[FlowId]] = field(default_factory=dict)  # of a queue: the flows that its recipes offer
    mailboxes: frozenset[str] | None = None  # each agent has one too
    unmet: Callable[[str, Mapping[str, int]], str] | None = None  # why nobody of a queue ever has these skills, '' when somebody has


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    step: str  # '' is the flow itself
    what: str
    exit: str = ""


def faults(flow: Flow, known: Known) -> Iterator[Fault]:
    if flow.start not in flow.steps:
        yield Fault(step="", exit="start", what=no_such_step(flow.start, flow))
    for step in flow.steps.values():
        yield from _exits(flow, step)
        yield from _names(flow, step, known)
        if isinstance(step, ToNumber):
            yield from _trunks(step, known)
        if isinstance(step, InLine):
            yield from _ways_out(step)
        if isinstance(step, Queue):
            yield from _routed(step, known)
        yield from _prompts(flow, step, known)
        yield from (Fault(step=step.name, exit=key, what=what) for key, what in outside_faults(step, known.secrets, known.tables))
    yield from _variables(flow, known)
    yield from _secrets(flow)
    yield from _unreached(flow)
    yield from _loops(flow)


def no_such_step(target: str, flow: Flow) -> str:
    return f"there is no step {target!r}{_near(target, flow.steps)}"


def _near(word: str, allowed: Mapping[str, object] | frozenset[str]) -> str:
    near = get_close_matches(word, list(allowed), n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def _exits(flow: Flow, step: Step) -> Iterator[Fault]:
    for exit, target in step.exits.items():
        if target not in flow.steps:
            yield Fault(step=step.name, exit=exit, what=no_such_step(target, flow))
    for exit in sorted(step.needs - step.exits.keys()):
        key = "next" if exit == "done" else exit
        yield Fault(step=step.name, what=f"{step.verb} needs to know where callers go after {exit!r}; give {key!r}{_or(exit)}")


def _or(exit: str) -> str:
    return " or 'otherwise' for all exits without a target" if exit not in ("done", "otherwise", "open") else ""


def _names(flow: Flow, step: Step, known: Known) -> Iterator[Fault]:
    there: dict[str, frozenset[str] | None] = {
        "queue": known.queues, "flow": known.flows, "reason": known.reasons, "music": known.music, "calendar": known.calendars,
        "language": frozenset(flow.spoken), "while_waiting": known.flows, "agent": known.agents,
        "mailbox": None if known.mailboxes is None else known.mailboxes | (known.agents or frozenset()),
        "database": known.databases, "table": frozenset(known.tables) if known.tables is not None else None,
    }  # fmt: skip
    for kind, name in step.names.items():
        names = there.get(kind)
        if names is not None and name not in names:
            allowed = ", ".join(sorted(names)[:20]) or "none is configured"
            what = "flow" if kind == "while_waiting" else kind
            yield Fault(step=step.name, exit=kind, what=f"there is no {what} {name!r}{_near(name, names)}; allowed: {allowed}")


def _trunks(step: ToNumber, known: Known) -> Iterator[Fault]:
    strange = [trunk for trunk in step.trunks if known.trunks is not None and trunk not in known.trunks]
    for trunk in strange:
        names = known.trunks or frozenset()
        allowed = ", ".join(sorted(names)[:20]) or "none is configured"
        what = f"there is no trunk {trunk!r}{_near(trunk, names)}; allowed: {allowed}"
        yield Fault(step=step.name, exit="trunk", what=what)
    if strange or step.number.names or known.outside is None:
        return
    number = step.number.text({})
    found = read(number, known.region)
    if found is None or not ways_for(found.forms, known.outside, step.trunks):
        asked = [way for way in known.outside if not step.trunks or way.trunk in step.trunks]
        allowed = ", ".join(f"{way.trunk}: {' '.join(way.prefixes) or 'nothing'}" for way in asked) or "no number outside"
        yield Fault(step=step.name, exit="number", what=f"{number!r} may not be dialled; allowed is, by trunk, {allowed}")


def _ways_out(step: InLine) -> Iterator[Fault]:
    for exit in sorted(step.missing):
        what = f"the rules of the queue {step.line!r} send callers out by {exit!r}; give it a target in 'exits', or 'otherwise'"
        yield Fault(step=step.name, exit="queue", what=what)


def _routed(step: Queue, known: Known) -> Iterator[Fault]:
    if step.requires and known.unmet and (what := known.unmet(step.queue, step.requires)):
        yield Fault(step=step.name, exit="requires", what=what)
    agent = step.prefer.text({}).strip() if step.prefer and not step.prefer.names else ""
    if agent and known.agents is not None and agent not in known.agents:
        allowed = ", ".join(sorted(known.agents)[:20]) or "none is configured"
        what = f"there is no agent {agent!r}{_near(agent, known.agents)}; allowed: {allowed}"
        yield Fault(step=step.name, exit="prefer", what=what)


def _prompts(flow: Flow, step: Step, known: Known) -> Iterator[Fault]:
    there = known.recordings
    for language, part in (one for prompt in step.prompts for one in said(prompt, flow.language)):
        if isinstance(part, Recorded) and there is not None and not _is_recorded(part.name, (language, flow.language), there):
            near = _near(part.name, frozenset(name.rpartition("/")[2] for name in there))
            what = f"there is no recording {part.name!r}{near}; record it, or give its text with 'say'"
            yield Fault(step=step.name, what=what)


def _is_recorded(name: str, languages: tuple[str, ...], there: frozenset[str]) -> bool:
    return name in there or any(f"{key}/{name}" in there for language in languages for key in candidates(language))


def _variables(flow: Flow, there: Known) -> Iterator[Fault]:
    known = {LANGUAGE} | {name for step in flow.steps.values() for name in step.sets}
    # A flow may be reached from another one, which brings its variables along; so only what looks like a slip is refused.
    for step in flow.steps.values():
        for name in sorted(step.reads - known):
            if "." in name:
                if what := unknown(name, there.queues):
                    yield Fault(step=step.name, what=what)
            elif near := _near(name, frozenset(known)):
                yield Fault(step=step.name, what=f"no step sets the variable {name!r}{near}")


def _secrets(flow: Flow) -> Iterator[Fault]:
    """What is typed in confidence must not be said, written down or handed on under another name."""
    secret = frozenset(name for step in flow.steps.values() for name in step.hides)
    for step in flow.steps.values() if secret else ():
        spoken = frozenset(name for part in parts_of(step.prompts) if isinstance(part, Template) for name in part.names)
        for name in sorted(secret & (spoken if step.verb in MAY_READ else step.reads)):
            allowed = ", ".join(sorted(MAY_READ))
            what = f"{step.verb} may not read {name!r}, which is sensitive: it would be heard or written down; allowed: {allowed}"
            yield Fault(step=step.name, what=what)
        for name in sorted(secret & step.sets - step.hides):
            what = f"{step.verb} may not set {name!r}, which is sensitive in another step; only a gather with sensitive: true may"
            yield Fault(step=step.name, what=what)


def _unreached(flow: Flow) -> Iterator[Fault]:
    reached, waiting = set(), [flow.start]
    while waiting:
        name = waiting.pop()
        if name in flow.steps and name not in reached:
            reached.add(name)
            waiting += flow.steps[name].exits.values()
    for name in flow.steps:
        if name not in reached:
            yield Fault(step=name, what=f"no caller gets to the step {name!r}; nothing leads here from {flow.start!r}")


def _blind(flow: Flow, name: str) -> list[str]:
    """Where a caller can get to from a step with nothing having come from outside."""
    step = flow.steps[name]
    if isinstance(step, Asking) or step.open_exits:  # what happens in a flow that is called, ``check_all`` knows
        return []
    return [target for exit, target in step.exits.items() if step.is_blind(exit) and target in flow.steps]


def _loops(flow: Flow) -> Iterator[Fault]:
    """Each blind loop once, found without recursion (a flow may be long)."""
    done: set[str] = set()
    for root in flow.steps:
        trail, iterators = [root], [iter(_blind(flow, root))]
        while iterators and root not in done:
            following = next(iterators[-1], None)
            if following is None:
                done.add(trail.pop())
                iterators.pop()
            elif following in trail:
                loop = [*trail[trail.index(following) :], following]
                yield Fault(step=following, what=f"a loop without input: {' -> '.join(loop)}")
            elif following not in done:
                trail.append(following)
                iterators.append(iter(_blind(flow, following)))
