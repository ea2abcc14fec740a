"""Numbers outside: read, written in one way, and told what kind they are. PURE.

A number with a country (a +, or a house that says in which region it stands) is held against the tables of ``phonenumbers``. One
without is taken as it is written: what it may reach is then a matter of the prefixes that a trunk allows.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType
from phonenumbers.shortnumberinfo import is_emergency_number

WRITTEN = re.compile(r"\+?[0-9]{1,20}", re.ASCII)
"""Only ASCII digits, perhaps after a +, are a number (FAULTS.md S06)."""
EMERGENCY = frozenset({"112", "911"})
"""Emergency numbers wherever a house stands; those of its region, and those that it names, are added."""
SATELLITE = ("+870", "+881", "+882", "+883")
"""Country codes of satellite and international networks, for which the tables know no kind of their own."""


class NumberKind(StrEnum):
    FIXED = "fixed"
    MOBILE = "mobile"
    TOLL_FREE = "toll_free"
    PREMIUM = "premium"
    SHARED_COST = "shared_cost"
    SATELLITE = "satellite"
    PERSONAL = "personal"
    PAGER = "pager"
    VOIP = "voip"
    COMPANY = "company"
    VOICEMAIL = "voicemail"
    UNKNOWN = "unknown"  # no table knows it: a new range, an extension of the house


KIND_OF: dict[int, NumberKind] = {
    PhoneNumberType.FIXED_LINE: NumberKind.FIXED,
    PhoneNumberType.FIXED_LINE_OR_MOBILE: NumberKind.FIXED,
    PhoneNumberType.MOBILE: NumberKind.MOBILE,
    PhoneNumberType.TOLL_FREE: NumberKind.TOLL_FREE,
    PhoneNumberType.PREMIUM_RATE: NumberKind.PREMIUM,
    PhoneNumberType.SHARED_COST: NumberKind.SHARED_COST,
    PhoneNumberType.PERSONAL_NUMBER: NumberKind.PERSONAL,
    PhoneNumberType.PAGER: NumberKind.PAGER,
    PhoneNumberType.VOIP: NumberKind.VOIP,
    PhoneNumberType.UAN: NumberKind.COMPANY,
    PhoneNumberType.VOICEMAIL: NumberKind.VOICEMAIL,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """``one`` is its one written form (E.164 where it has a country); ``forms`` are all in which a trunk may want it."""

    one: str
    forms: tuple[str, ...]
    kind: NumberKind = NumberKind.UNKNOWN
    is_sure: bool = True  # the tables say that there is such a number; of one without a country they say nothing


def read(text: str, region: str = "") -> Number | None:
    """``region`` (DE) is where a number without a country is dialled. None when there can be no such number."""
    if not WRITTEN.fullmatch(text):
        return None
    if text.startswith("00") and not region:
        return _with_country(f"+{text[2:]}", "", text) or Number(one=text, forms=(text,))
    if region or text.startswith("+"):
        return _with_country(text, region, text)
    return Number(one=text, forms=(text,))


def _with_country(text: str, region: str, written: str) -> Number | None:
    try:
        found = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(found):
        return None
    one = phonenumbers.format_number(found, PhoneNumberFormat.E164)
    forms = (one,) if one == written else (one, written)
    kind = KIND_OF.get(phonenumbers.number_type(found), NumberKind.UNKNOWN)
    if one.startswith(SATELLITE):
        kind = NumberKind.SATELLITE
    return Number(one=one, forms=forms, kind=kind, is_sure=phonenumbers.is_valid_number(found))


def one_form(text: str, region: str = "") -> str:
    """To compare numbers by: the same telephone has the same text; what is no number stays as it is."""
    found = read(text, region)
    return found.one if found else text


def is_emergency(text: str, region: str = "", more: tuple[str, ...] = ()) -> bool:
    return text in EMERGENCY or text in more or (bool(region) and is_emergency_number(text, region))
