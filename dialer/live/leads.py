"""What the running dialer asks of whoever keeps the leads. Blocking: called from a thread, never from the hub."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from acd.campaign import Campaign
from acd.law.countries import countries_of
from acd.law.profiles import DEFAULT
from acd.words import QueueId
from dialer.core.attempt import Attempt
from dialer.core.called import Called
from dialer.core.events import PutBack
from dialer.core.held import Held
from dialer.core.pacing.pacer import Kept
from dialer.core.run import Run
from dialer.core.said import Said
from dialer.lists.held import Holding


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """``again_at``: when there may be more, if there were fewer than wanted; None: nobody knows. ``held``: what holds the others."""

    attempts: tuple[Attempt, ...]
    again_at: float | None = None
    held: Held | None = None


class Leads(Protocol):
    """Every method may raise DatabaseUnavailable, and is safe to repeat."""

    def put_back(self, at: float) -> PutBack:
        """Runs, open attempts, ledgers, and what pacers had learnt. Raises DatabaseRefused too."""

    def claim(self, rules: Campaign, n: int, at: float, agents: tuple[str, ...] = ()) -> Given:
        """Leases up to ``n`` leads that may be dialled at ``at``; those first that ``agents`` promised to call by now."""

    def claim_number(self, rules: Campaign, attempt: Attempt, at: float) -> Attempt:
        """Leases the number of this attempt, whatever lead has it. Raises NotNow: nothing was leased."""

    def why_not(self, attempt: Attempt, rules: Campaign, at: float) -> str:
        """'' or why a lead that was taken a while ago is not dialled after all: listed or locked since (ACD.md 94)."""

    def held(self, rules: Campaign, at: float) -> Holding:
        """How many leads are held by what; for people who ask why."""

    def answered(self, attempt: Attempt) -> None:
        """A person answered: kept at once, for the law counts it whatever becomes of us."""

    def opted_out(self, attempt: Attempt) -> None:
        """Their number is called no more: from the next claim on, whichever lead or campaign it is in."""

    def finish(self, attempt: Attempt, rules: Campaign) -> None:
        """The end, what becomes of the lead, what the law counts: all of it or nothing, and once."""

    def dispose(self, said: Said, rules: Campaign) -> bool:
        """What came of a talk, and what becomes of the lead by it. False while the end of the attempt is not stored."""

    def called(self, called: Called, rules: Campaign) -> bool:
        """Somebody who talked to us: what becomes of the leads with their number. False while one of them is being dialled."""

    def renew(self, attempts: tuple[str, ...], at: float) -> None:
        """They are still under way; what nobody has renewed for long is lost."""

    def listed(self) -> Mapping[str, float]:
        """The national do-not-call lists that were imported, and the date of each one's file."""

    def keep_run(self, run: Run) -> None: ...

    def keep_learnt(self, queue: QueueId, found: Mapping[str, Kept]) -> None: ...


def asked_lists(rules: Campaign, imported: Iterable[str]) -> tuple[str, ...]:
    """Every national list that was imported holds. Where the law wants one it is that of its name; of the strictest, which is no
    country's, any one.
    """
    found = set(imported)
    if rules.profile.dnc_needed and not (found if rules.law == DEFAULT else rules.law in found):
        found.add(rules.law)
    return tuple(sorted(found))


def lists_of_countries(rules: Campaign, imported: Iterable[str]) -> dict[str, frozenset[str]]:
    """Those that must be fresh for numbers of their countries only: all but that of the campaign's own law, and those of no country."""
    found = {name: countries_of(name) for name in imported if name != rules.law}
    return {name: countries for name, countries in found.items() if countries is not None}
