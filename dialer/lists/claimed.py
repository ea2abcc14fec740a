"""What goes in and out of the lists: what a campaign may take, what it took, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dialer.core.retrying import Next

__all__ = ["Claimed", "Finish", "Next", "Taking"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """The rules under which a campaign takes leads. Caps of None: no limit."""

    campaign: str
    lists: tuple[str, ...]  # with those of its own copies (``splitting``)
    day_since: float  # when the campaign's day began, by its own clock, and when the next begins
    day_until: float
    lead_per_day: int | None = None
    lead_total: int | None = None
    number_per_day: int | None = None
    number_total: int | None = None
    national: tuple[str, ...] = ()  # names of the national do-not-call lists that must be there
    of_country: Mapping[str, frozenset[str]] = field(default_factory=dict)  # those of them that must be fresh for these numbers only
    any_of: tuple[str, ...] = ()  # one of them must be fresh, whichever number it is
    fresh_s: float | None = None  # and how old they may be
    chance: bool = True
    reserves: bool = False  # each of its calls may have an agent reserved for it
    lease_s: float = 3600.0
    replaces: tuple[str, ...] = ()  # campaigns that go on as this one

    @property
    def names(self) -> tuple[str, ...]:
        return (self.campaign, *self.replaces)

    @property
    def scopes(self) -> tuple[str, ...]:
        return ("internal", f"campaign:{self.campaign}", *(f"national:{name}" for name in self.national))


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """One number of one lead that nobody else dials until the attempt is finished."""

    attempt: str
    campaign: str
    list: str
    lead: int
    key: str
    name: str
    fields: Mapping[str, str] = field(hash=False)
    number: str
    number_index: int
    numbers: int
    zones: tuple[str, ...]
    country: str
    attempts: int  # before this one
    retried: Mapping[str, int] = field(hash=False)
    chance: float | None = None
    needs_agent: bool = False  # to be dialled only with one who is reserved for it
    agent: str | None = None  # who promised to call them now


@dataclass(frozen=True, slots=True, kw_only=True)
class Finish:
    attempt: str
    outcome: str
    at: float
    next: Next
    rang: bool = True  # False: nobody was rung, so no cap counts it
    answered_at: float | None = None  # whoever it was
    bridged_at: float | None = None
    abandoned_at: float | None = None
    cause: str = ""
    sip_status: int = 0
    agent: str | None = None
    disposition: str | None = None
