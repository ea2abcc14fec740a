"""Ended queue visits, counted by outcome; what is made of them: service levels, abandon rates, speed of answer. PURE."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from acd.measures.definition import Definition, Glossary, Unit, share
from acd.words import EntryOutcome

O = EntryOutcome

ABANDONED = frozenset({O.ABANDONED, O.ABANDONED_WHILE_RINGING})
UNSERVED = frozenset({O.TIMED_OUT, O.SYSTEM_ERROR})  # the house let them down
FLOW_OUTS = frozenset(O) - ABANDONED - UNSERVED - {O.ANSWERED, O.SHORT_ABANDONED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Visits with one outcome. ``in_time``: their wait was within the target T that was in force when each ended."""

    n: int = 0
    in_time: int = 0
    waited_s: float = 0.0
    longest_s: float = 0.0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            n=self.n + other.n,
            in_time=self.in_time + other.in_time,
            waited_s=self.waited_s + other.waited_s,
            longest_s=max(self.longest_s, other.longest_s),
        )


NONE = Tally()


@dataclass(frozen=True, slots=True, kw_only=True)
class Visits:
    """The raw counters: ended visits by their one outcome. A wait ends with two-way media or with the end of the visit."""

    by: Mapping[str, Tally] = field(default_factory=dict)

    def __add__(self, other: "Visits") -> "Visits":
        return Visits(by={o: self.by.get(o, NONE) + other.by.get(o, NONE) for o in [*self.by, *(other.by.keys() - self.by.keys())]})

    def of(self, *outcomes: str) -> Tally:
        return sum((self.by[outcome] for outcome in outcomes if outcome in self.by), NONE)

    @property
    def all(self) -> Tally:
        return sum(self.by.values(), NONE)

    @property
    def offered(self) -> int:
        return sum(tally.n for tally in self.by.values())

    def n(self, *outcomes: str) -> int:
        return sum(self.by[outcome].n for outcome in outcomes if outcome in self.by)

    @property
    def answered(self) -> int:
        return self.n(O.ANSWERED)

    @property
    def answered_in_time(self) -> int:
        return self.of(O.ANSWERED).in_time

    @property
    def abandoned(self) -> int:
        """After more than the short-abandon threshold s of their queue."""
        return self.n(*ABANDONED)

    @property
    def short_abandoned(self) -> int:
        return self.n(O.SHORT_ABANDONED)

    @property
    def unserved(self) -> int:
        return self.n(*UNSERVED)

    @property
    def flow_outs(self) -> int:
        """What is none of the others, so that the five always sum to offered; a word of a later release is one too."""
        return self.offered - self.answered - self.abandoned - self.short_abandoned - self.unserved


def count(rows: Iterable[Mapping[str, Any]], target_s: float = 20.0) -> Visits:
    """Counters of ended visits (rows of ``queue_visits``); ``target_s`` where a row does not carry its own."""
    by: dict[str, Tally] = {}
    for row in rows:
        target = row["service_level_s"] if row["service_level_s"] is not None else target_s
        waited_s = row["waited_s"] or 0.0
        one = Tally(n=1, in_time=int(waited_s <= target), waited_s=waited_s, longest_s=waited_s)
        by[row["outcome"]] = by.get(row["outcome"], NONE) + one
    return Visits(by=by)


# -- service levels ---

T = "T: the queue's service_level when the visit ended"
S = "s: the queue's short_abandon when the visit ended"
ASTERISK_GONE = (*sorted(ABANDONED), O.SHORT_ABANDONED, O.TIMED_OUT, O.NO_STAFF, O.SYSTEM_ERROR, "withdrawn")
"""Whom app_queue's record_abandoned counts: hang-ups, time-outs, EXITEMPTY, WITHDRAW, SYSCOMPAT. EXITWITHKEY counts nowhere."""
CONNECT_OUT = (O.ANSWERED, *sorted(ABANDONED), O.SHORT_ABANDONED, "callback_requested")


def _acd(v: Visits) -> float | None:
    return share(v.answered_in_time, v.answered + v.abandoned + v.unserved)


def _asterisk_2(v: Visits) -> float | None:
    gone = v.of(*ASTERISK_GONE)
    return share(v.answered_in_time + gone.in_time, v.answered + gone.n)


def level(short: str, name: str, formula: str, of: Any, source: str, *parameters: str) -> Definition[Visits]:
    id = f"service_level/{short}"
    return Definition(id=id, name=name, formula=formula, unit=Unit.SHARE, of=of, source=source, parameters=parameters or (T,))


def genesys(*, flow_outs: bool, short: bool, abandoned: bool) -> Definition[Visits]:
    """One setting of the three switches of a Genesys Cloud organisation. What is not counted is left out of the divisor."""

    def of(v: Visits) -> float | None:
        whole = v.answered + (v.flow_outs + v.unserved if flow_outs else 0)
        return share(v.answered_in_time, whole + (v.abandoned if abandoned else 0) + (v.short_abandoned if short else 0))

    switches = ("+flow_outs" if flow_outs else "") + ("" if abandoned else "-abandoned") + ("" if short or not abandoned else "-short")
    parts = ["A", *(["Ab>s"] if abandoned else []), *(["Ab≤s"] if short else []), *(["F + Ot"] if flow_outs else [])]
    return level(
        f"genesys{switches}",
        f"service level as Genesys{' (' + switches.lstrip('+') + ')' if switches else ''}",
        f"A≤T ÷ ({' + '.join(parts)})",
        of,
        "Genesys Cloud: (answered - answered late) ÷ (answered + abandoned), with its switches for flow-outs, short abandons, abandons",
        T,
        S,
    )


SERVICE_LEVELS = (
    level("acd-1", "service level", "A≤T ÷ (A + Ab>s + Ot)", _acd, "ours: flow-outs and short abandons left out", T, S),
    level(
        "asterisk",
        "service level as Asterisk (SL)",
        "A≤T ÷ A",
        lambda v: share(v.answered_in_time, v.answered),
        "app_queue's ServicelevelPerf: who gave up is not in it",
    ),
    level(
        "asterisk-2",
        "service level as Asterisk (SL2)",
        "(A≤T + Ab≤T + Ot≤T) ÷ (A + Ab + Ot), Ab with short ones, Ot with no_staff and withdrawn, exited_key in neither",
        _asterisk_2,
        "app_queue's ServicelevelPerf2: abandoned there are also time-outs, EXITEMPTY, WITHDRAW, SYSCOMPAT",
    ),
    level(
        "connect",
        "service level as Amazon Connect",
        "(A≤T + Ab≤T + callback_requested≤T) ÷ offered, Ab with short ones",
        lambda v: share(v.of(*CONNECT_OUT).in_time, v.offered),
        "Amazon Connect, Service level X: contacts removed from the queue (answered, abandoned, callback) in 0..X ÷ contacts queued",
    ),
    *(genesys(flow_outs=f, short=s, abandoned=a) for a, s in ((True, True), (True, False), (False, False)) for f in (False, True)),
    level(
        "industry",
        "service level as SWPP",
        "A≤T ÷ offered",
        lambda v: share(v.answered_in_time, v.offered),
        "SWPP and most textbooks: answered within T ÷ offered",
    ),
)

# -- the rest ---


def _counted(id: str, name: str, formula: str, of: Any, source: str = "") -> Definition[Visits]:
    return Definition(id=id, name=name, formula=formula, unit=Unit.COUNT, of=of, source=source)


VISITS: Glossary[Visits] = Glossary(
    _counted(
        "offered/acd-1", "offered", "visits: each stay of a contact in a queue, a transfer into one is a new visit", lambda v: v.offered
    ),
    _counted("answered/acd-1", "answered", "A: visits with two-way media to an agent", lambda v: v.answered),
    _counted("answered_in_time/acd-1", "in time", "A≤T: of those, with a wait up to T", lambda v: v.answered_in_time),
    _counted(
        "abandoned/acd-1",
        "abandoned",
        "Ab>s: the customer left while waiting or while an agent was rung, after more than s",
        lambda v: v.abandoned,
    ),
    _counted("short_abandoned/acd-1", "short", "Ab≤s: the customer left within s", lambda v: v.short_abandoned),
    _counted("unserved/acd-1", "unserved", "Ot: timed_out + system_error", lambda v: v.unserved),
    _counted("flow_outs/acd-1", "elsewhere", "F: every other outcome, each with its reason", lambda v: v.flow_outs, "Genesys' word"),
    *SERVICE_LEVELS,
    Definition(
        id="abandon_rate/acd-1",
        name="abandon rate",
        formula="Ab>s ÷ (offered - Ab≤s - F)",
        unit=Unit.SHARE,
        of=lambda v: share(v.abandoned, v.offered - v.short_abandoned - v.flow_outs),
        source="ours: short abandons and flow-outs are in neither part",
        parameters=(S,),
    ),
    Definition(
        id="abandon_rate/ccai",
        name="abandon rate as Google CCAI",
        formula="Ab>s ÷ (A + Ab>s)",
        unit=Unit.SHARE,
        of=lambda v: share(v.abandoned, v.answered + v.abandoned),
        source="Google CCAI Platform: abandoned ÷ (handled + abandoned), without short abandons",
        parameters=(S,),
    ),
    Definition(
        id="abandon_rate/connect",
        name="abandon rate as Amazon Connect",
        formula="(Ab>s + Ab≤s) ÷ offered",
        unit=Unit.SHARE,
        of=lambda v: share(v.abandoned + v.short_abandoned, v.offered),
        source="Amazon Connect: contacts abandoned ÷ contacts queued",
    ),
    Definition(
        id="average_speed_of_answer/acd-1",
        name="speed of answer",
        formula="Σ wait of the answered ÷ A, wait = joined the queue -> two-way media",
        unit=Unit.SECONDS,
        of=lambda v: share(v.of(O.ANSWERED).waited_s, v.answered),
        source="Amazon Connect's average queue answer time, which includes the whisper to the agent",
    ),
    Definition(
        id="average_time_to_abandon/acd-1",
        name="patience of those who gave up",
        formula="Σ wait of Ab>s ÷ Ab>s",
        unit=Unit.SECONDS,
        of=lambda v: share(v.of(*ABANDONED).waited_s, v.abandoned),
        parameters=(S,),
    ),
    Definition(
        id="longest_wait/acd-1",
        name="longest wait",
        formula="the longest wait of any ended visit, whatever its outcome",
        unit=Unit.SECONDS,
        of=lambda v: v.all.longest_s if v.offered else None,
    ),
)
SERVICE_LEVEL = VISITS.of_measure("service_level")
"""By what is asked for: acd-1, asterisk, asterisk-2, connect, genesys and its switches, industry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """Visits that ended in one way, among all of their queue."""

    so: Tally
    all: Visits


OUTCOMES: Glossary[Ended] = Glossary(
    Definition(id="visits/acd-1", name="visits", formula="ended visits with this outcome", unit=Unit.COUNT, of=lambda e: e.so.n),
    Definition(
        id="outcome_share/acd-1",
        name="share",
        formula="visits with this outcome ÷ offered",
        unit=Unit.SHARE,
        of=lambda e: share(e.so.n, e.all.offered),
    ),
    Definition(
        id="average_wait/acd-1",
        name="wait",
        formula="Σ wait ÷ visits, of this outcome",
        unit=Unit.SECONDS,
        of=lambda e: share(e.so.waited_s, e.so.n),
    ),
    Definition(
        id="outcome_longest_wait/acd-1",
        name="longest",
        formula="the longest wait of this outcome",
        unit=Unit.SECONDS,
        of=lambda e: e.so.longest_s if e.so.n else None,
    ),
)
