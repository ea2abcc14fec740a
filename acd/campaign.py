"""The rules of one campaign, as plain frozen data. Made by ``acd.config``, never edited; what it does now is the dialer's to know.

What stands here is within the law of the campaign already: limits are the lower, times the shorter, locks the longer of the two.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from acd.law.profile import DAY_S, LawProfile, Ranges
from acd.law.profiles import DEFAULT, PROFILES
from acd.words import FlowId, QueueId


class Mode(StrEnum):
    MANUAL = "manual"  # agents dial themselves
    PREVIEW = "preview"  # an agent sees the lead first
    PROGRESSIVE = "progressive"  # one number for each free agent
    RATIO = "ratio"  # so many numbers for each free agent, within the limit
    PREDICTIVE = "predictive"  # as many as the forecast bears, within the limit
    MESSAGE = "message"  # no agent: who answers hears a flow
    SURVEY = "survey"  # no agent: who answers is asked by a flow


AUTOMATIC = frozenset({Mode.PROGRESSIVE, Mode.RATIO, Mode.PREDICTIVE})
"""An agent is found when somebody answers; it may be that there is none."""
ABANDONING = AUTOMATIC | {Mode.MANUAL, Mode.PREVIEW}
"""Somebody may answer whom no agent is there for: the one who is reserved for them does not pick up."""
RESERVING = frozenset({Mode.MANUAL, Mode.PREVIEW, Mode.PROGRESSIVE})
"""Whose calls may each have an agent reserved for it, as some numbers need after an abandon."""
WITH_AGENTS = AUTOMATIC | {Mode.MANUAL, Mode.PREVIEW}
AGENTLESS = frozenset({Mode.MESSAGE, Mode.SURVEY})


ASYNC = "async"
"""What ``amd`` is where machines are told from people, beside the bridge."""


class AbandonStart(StrEnum):
    """From when ``answer_s`` is counted."""

    ANSWER = "answer"
    GREETING = "greeting"  # the end of what the person says first: refused, for nothing here hears it


class After(StrEnum):
    """What a disposition makes of a lead."""

    FINAL = "final"
    RETRY = "retry"
    CALLBACK = "callback"  # at the time that the agent says
    DO_NOT_CALL = "do_not_call"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """What follows an outcome. The n-th retry comes after the n-th time; where there are fewer times, the last one again."""

    after_s: tuple[float, ...] = ()
    at_most: int = 0  # retries after this outcome, for a lead
    other_number: bool = False  # with another number of the lead, if there is one
    between: Ranges = ()  # times of day, by the clock of who is called; () any

    def delay_s(self, before: int) -> float | None:
        """``before``: how often it was retried after this outcome already. None: no more."""
        if before >= self.at_most or not self.after_s:
            return None
        return self.after_s[min(before, len(self.after_s) - 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposition:
    then: After = After.FINAL
    after_s: float | None = None  # of a retry; of a callback where no time was said, None: then one must be
    personal: bool = False  # of a callback: the agent who promised it is waited for


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """Attempts, of whatever outcome. None: no limit but that of the retries."""

    lead_per_day: int | None = None
    lead_total: int | None = None
    number_per_day: int | None = None  # across all campaigns
    number_total: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Blend:
    """When a campaign stands back for those who call its queue: nothing new is dialled while one of these is so."""

    waiting_over: int | None = None
    available_under: int | None = None


CALLED_US = "called_us"
"""No outcome of an attempt: they called the campaign's queue by themselves, and talked to an agent."""
MINUTE_S, HOUR_S = 60.0, 3600.0
RETRIES: Mapping[str, Retry] = {
    "busy": Retry(after_s=(5 * MINUTE_S, 15 * MINUTE_S, HOUR_S), at_most=3),
    "no_answer": Retry(after_s=(4 * HOUR_S, DAY_S, 2 * DAY_S), at_most=3, other_number=True),
    "machine": Retry(after_s=(4 * HOUR_S, DAY_S), at_most=2, other_number=True),
    "hung_up": Retry(after_s=(DAY_S,), at_most=1),
    "dialer_abandon": Retry(after_s=(DAY_S,), at_most=1),
    "rejected": Retry(after_s=(DAY_S,), at_most=1),
    "congestion": Retry(after_s=(MINUTE_S, 5 * MINUTE_S, 15 * MINUTE_S, HOUR_S), at_most=4),
    "dropped": Retry(after_s=(10 * MINUTE_S,), at_most=5),
    "lost": Retry(after_s=(HOUR_S,), at_most=2),
    "refused": Retry(after_s=(HOUR_S,), at_most=3),
    "failed": Retry(after_s=(15 * MINUTE_S, HOUR_S), at_most=2),
    "invalid": Retry(other_number=True),
    "blocked": Retry(other_number=True),
    "fax": Retry(other_number=True),
    CALLED_US: Retry(),
}
"""By outcome, where a campaign says nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    id: str
    mode: Mode
    queue: QueueId | None = None  # None: agentless
    requires: Mapping[str, int] = field(default_factory=dict)  # skill -> level; then ``queue`` is one that it brings, of its own name
    law: str = DEFAULT
    lists: tuple[str, ...] = ()
    abandon_limit: float = PROFILES[DEFAULT].abandon_limit  # a share of those who answer in person
    abandon_start: AbandonStart = AbandonStart.ANSWER
    answer_s: float = PROFILES[DEFAULT].answer_s  # so long after the start an agent must be there
    message: FlowId | None = None  # heard when there was none
    redial_lock_s: float = PROFILES[DEFAULT].redial_lock_s  # after that the number is left in peace
    caller_id: str = ""  # '': the trunk's own
    trunks: tuple[str, ...] = ()  # in this order; none named: any that takes the number
    lines: int | None = None  # calls at once
    per_second: float | None = None
    ring_s: float = 30.0
    ring_least_s: float = 15.0
    hours: str = ""  # a calendar, by its own clock
    local_hours: tuple[Ranges, ...] | None = None  # seven, from Monday, by the clock of who is called
    retries: Mapping[str, Retry] = field(default_factory=lambda: RETRIES)  # by outcome
    caps: Caps = Caps()
    priority: int = 0  # before campaigns of a lower one, where they share agents or lines
    weight: int = 1  # the share among campaigns of the same priority
    order: str = "oldest"  # or newest, chance, 'highest FIELD', 'lowest FIELD'
    chance: bool = True  # whether the learnt chance of an answer has a say in who is dialled when
    ratio: float | None = None
    preview_s: float | None = None  # then it is dialled; None: when the agent says so
    may_skip: bool = True
    blend: Blend = Blend()
    dispositions: Mapping[str, Disposition] = field(default_factory=dict)  # one that is not here is final
    opt_out_key: str = ""
    script: FlowId | None = None  # agentless: what whoever answers is in
    guide: str = ""  # shown to the agent
    amd: str = "off"  # async: machines are told from people, beside the bridge and never before it
    voicemail: FlowId | None = None  # what a machine is told after the beep
    replaces: tuple[str, ...] = ()  # campaigns that are gone and go on as this one

    @property
    def profile(self) -> LawProfile:
        return PROFILES[self.law]

    @property
    def names(self) -> tuple[str, ...]:
        """Its own first. Whatever was counted under any of them counts for it."""
        return (self.id, *self.replaces)

    @property
    def detects(self) -> bool:
        """Whether machines are told from people."""
        return self.amd == ASYNC

    @property
    def for_machines(self) -> FlowId | None:
        """What a machine is told after its beep: what is written for it, or a message once more, from its beginning."""
        return self.voicemail or (self.script if self.mode is Mode.MESSAGE else None)

    def retry(self, outcome: str) -> Retry:
        return self.retries.get(outcome, Retry())

    @property
    def promises(self) -> bool:
        """Whether agents may promise to call back themselves."""
        return any(one.personal for one in self.dispositions.values())

    @property
    def callbacks(self) -> Mapping[str, float]:
        """Dispositions with a time -> after so long where none was said; 0: one must be."""
        return {name: one.after_s or 0.0 for name, one in self.dispositions.items() if one.then is After.CALLBACK}

    @property
    def no_more(self) -> tuple[str, ...]:
        """Dispositions after which nobody calls them again."""
        return tuple(sorted(name for name, one in self.dispositions.items() if one.then is After.DO_NOT_CALL))

    def after(self, disposition: str) -> Disposition:
        return self.dispositions.get(disposition, Disposition())
