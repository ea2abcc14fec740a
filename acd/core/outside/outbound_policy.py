"""What may leave the house, as plain frozen data: ways (trunks), limits, hours, numbers shown. Made by ``acd.config``, never edited."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

DAY_S = 86400.0


class Days(Protocol):
    def end_of(self, at: float) -> float:
        """When the day ends that ``at`` belongs to: the next midnight where the house stands, also when clocks change."""
        ...


@dataclass(frozen=True, slots=True)
class UtcDays:
    def end_of(self, at: float) -> float:
        return (at // DAY_S + 1) * DAY_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One trunk, as it may be used."""

    trunk: str
    prefixes: tuple[str, ...]  # none: takes nothing
    caller_id: str = ""  # shown to who is called; '' shows the caller's own
    at_once: int | None = None
    per_second: int | None = None
    hours: str = ""  # the calendar in which it may be used; '' always

    def takes(self, number: str) -> bool:
        return number.startswith(self.prefixes)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundPolicy:
    """Limits are calls that are let out; None is no limit. ``per_call`` counts a caller's whole stay, the others a day of the house."""

    ways: tuple[Way, ...] = ()
    region: str = ""  # where a number without a country is dialled
    hours: str = ""  # the calendar in which anything may leave; '' always
    refused_kinds: frozenset[str] = frozenset({"premium"})
    blocked: tuple[str, ...] = ()  # prefixes that are dialled through no trunk
    caller_ids: frozenset[str] = frozenset()  # what may be shown beside a trunk's own number
    emergency: tuple[str, ...] = ()  # numbers, beside those of the region
    emergency_trunk: str = ""  # '': they are refused, with a word that says so
    emergency_from_flows: bool = False  # else only who calls from one of our own phones reaches them
    per_agent: int | None = None
    per_call: int | None = None
    per_caller: int | None = None
    per_number: int | None = None
    per_day: int | None = None
    days: Days = UtcDays()


def ways_for(forms: Iterable[str], ways: Iterable[Way], trunks: tuple[str, ...] = ()) -> tuple[tuple[Way, str], ...]:
    """Those that take a number in one of its forms, each with the form, in the order in which they are to be tried: that of
    ``trunks``, or the house's if none is named.
    """
    known, written = {way.trunk: way for way in ways}, tuple(forms)
    asked = [known[trunk] for trunk in trunks or known if trunk in known]
    found = ((way, next((form for form in written if way.takes(form)), "")) for way in asked)
    return tuple((way, form) for way, form in found if form)
