"""PURE: what somebody wrote as a phone number -> +49… and where its phone may be.

A number may lie in several time zones: all of them count. What the lead's own row says narrows that only where it is one of them; a
zone beside them is added, so that it can only make the hours fewer.
"""

from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from phonenumbers.timezone import time_zones_for_number

UNKNOWN = "Etc/Unknown"


class NotANumber(Exception):
    """Says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Window:
    """Everybody in the same zones and country may be called at the same times."""

    country: str
    zones: tuple[str, ...]

    @property
    def id(self) -> str:
        return f"{self.country} {' '.join(self.zones)}"


@dataclass(frozen=True, slots=True)
class Number:
    number: str
    window: Window


def normalised(text: str, region: str) -> str:
    """+ and digits. Raises NotANumber."""
    return _e164(_existing(_parsed(text, region)))


def number_of(text: str, region: str, zone: str = "") -> Number:
    """Raises NotANumber, also where nobody knows what time it is there."""
    parsed = _parsed(text, region)
    found = {known for known in time_zones_for_number(parsed) if known != UNKNOWN}
    if not found:  # who is of a zone is of a kind too, and so exists
        _existing(parsed)
    zones = found if not zone else {zone} if zone in found else found | {zone}
    if not zones:
        raise NotANumber("nobody knows the time zone of this number; give it in the column zone")
    country = phonenumbers.region_code_for_number(parsed) or ""
    return Number(_e164(parsed), Window(country, tuple(sorted(zones))))


@lru_cache(maxsize=1024)
def is_zone(name: str) -> bool:
    try:
        return ZoneInfo(name) is not None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def _parsed(text: str, region: str) -> phonenumbers.PhoneNumber:
    if len(text) > 60:
        raise NotANumber("no phone number: too long")
    try:
        parsed = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException as error:
        raise NotANumber(f"no phone number: {str(error).split(') ')[-1]}") from None
    return parsed


def _existing(parsed: phonenumbers.PhoneNumber) -> phonenumbers.PhoneNumber:
    if not phonenumbers.is_valid_number(parsed):
        raise NotANumber("no number that exists there")
    return parsed


def _e164(parsed: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
