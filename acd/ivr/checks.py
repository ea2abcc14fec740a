"""What a typed number can be held against beside its length and pattern. PURE.

A check gives the value that is kept, which may be written in another way (a date as ISO, a phone number as E.164), or None when
the number is wrong. ``length`` is how many digits it must have, where a check knows.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

import phonenumbers

IBAN_LENGTHS = {
    "AT": 20, "BE": 16, "CZ": 24, "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18, "HR": 21, "HU": 28, "LT": 20, "NO": 15,
    "PL": 28, "PT": 25, "SE": 24, "SI": 19, "SK": 24,
}  # fmt: skip
"""Countries whose account numbers have no letters, with the length of the whole IBAN (ISO 13616)."""
DATE_PARTS = {"DD", "MM", "YYYY"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    rewrites: ClassVar[bool] = False  # the value kept is written otherwise than it was typed

    @property
    def length(self) -> int | None:
        return None

    def value(self, number: str) -> str | None:
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Luhn(Check):
    """The last digit is right for those before it, as on payment cards (ISO/IEC 7812-1)."""

    def value(self, number: str) -> str | None:
        if not _is_digits(number):
            return None
        doubled = (int(digit) * (1 + n % 2) for n, digit in enumerate(reversed(number)))
        return number if sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Date(Check):
    """A day that is in the calendar, kept as ``2026-12-24``. ``parts`` are DD, MM and YYYY in the order in which they are typed."""

    rewrites = True
    parts: tuple[str, ...]

    @property
    def length(self) -> int:
        return 8

    def value(self, number: str) -> str | None:
        if len(number) != self.length or not _is_digits(number):
            return None
        found, at = {}, 0
        for part in self.parts:
            found[part], at = int(number[at : at + len(part)]), at + len(part)
        try:
            return date(found["YYYY"], found["MM"], found["DD"]).isoformat()
        except ValueError:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Time(Check):
    """A time of day in four digits, kept as ``09:30``."""

    rewrites = True

    @property
    def length(self) -> int:
        return 4

    def value(self, number: str) -> str | None:
        good = len(number) == 4 and _is_digits(number) and number[:2] <= "23" and number[2:] <= "59"
        return f"{number[:2]}:{number[2:]}" if good else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone(Check):
    """A phone number that can exist, typed as in ``region``; kept with country code: ``+493012345678``."""

    rewrites = True
    region: str

    def value(self, number: str) -> str | None:
        return phone_number(number, self.region)


@dataclass(frozen=True, slots=True, kw_only=True)
class Iban(Check):
    """The digits of an IBAN after its country, whose letters nobody can type; kept with them: ``DE89…``."""

    rewrites = True
    country: str

    @property
    def length(self) -> int:
        return IBAN_LENGTHS[self.country] - 2

    def value(self, number: str) -> str | None:
        if len(number) != self.length or not _is_digits(number):
            return None
        letters = "".join(str(ord(letter) - ord("A") + 10) for letter in self.country)
        return f"{self.country}{number}" if int(number[2:] + letters + number[:2]) % 97 == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Range(Check):
    """A whole number from ``least`` to ``most``; both belong to it."""

    least: int
    most: int

    def value(self, number: str) -> str | None:
        return number if _is_digits(number) and self.least <= int(number) <= self.most else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Length(Check):
    """One of several lengths: 13 or 16 digits, and nothing between them."""

    allowed: tuple[int, ...]

    @property
    def length(self) -> int | None:
        return self.allowed[0] if len(self.allowed) == 1 else None

    def value(self, number: str) -> str | None:
        return number if len(number) in self.allowed else None


def phone_number(number: str, region: str) -> str | None:
    """In E.164, if there can be such a number; ``region`` (DE) is where it is dialled, '' when it must begin with +."""
    try:
        found = phonenumbers.parse(number, region or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(found):
        return None
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)


def checked(number: str, checks: tuple[Check, ...]) -> str | None:
    """The value to keep when all are content: written as the one that rewrites it says (at most one does)."""
    kept = number
    for check in checks:
        value = check.value(number)
        if value is None:
            return None
        kept = value if check.rewrites else kept
    return kept


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdecimal()
