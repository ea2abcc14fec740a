"""Values as a language speaks them: numbers, money, dates, times, durations, letters. PURE.

The words are num2words' where a speech engine would misread the figures; forms and names are CLDR's (babel). What is no
number or date, and what a library does not know in a language, is spoken as it was given: nothing here ever fails.
"""

import math
import re
from datetime import date as Date
from datetime import time as Time
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, format_timedelta, get_day_names, get_month_names
from babel.lists import format_list
from babel.numbers import format_decimal, get_currency_name, get_currency_precision
from num2words import CONVERTER_CLASSES, num2words

from acd.ivr.signs import PLUS, SIGNS

MAX_CHARS = 200
"""More than anybody listens to, letter by letter."""
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?", re.ASCII)
DAY = re.compile(r"([0-9]{4})(-?)([0-9]{2})\2([0-9]{2})(?:[T ].{0,30})?", re.ASCII)
CLOCK = re.compile(r"(?:[0-9-]{8,10}[T ])?([0-9]{2}):?([0-9]{2})(?::[0-9]{2}(?:\.[0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?", re.ASCII)
MONEY_IN_WORDS = frozenset({"de", "en", "es", "fr", "it", "nl", "pl"})
"""Where num2words has been listened to; in some other languages it leaves the currency out."""
UNSPOKEN = (NotImplementedError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError)
"""What num2words raises where a language's words are not all there."""
LONGEST_S = 1_000_000_000
Unit = Literal["day", "hour", "minute", "second"]
PARTS: tuple[tuple[Unit, int], ...] = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))


@lru_cache(maxsize=100)
def locale(language: str) -> Locale | None:
    """None for a language that CLDR does not know."""
    for tag in (language or "en", base(language)):
        try:
            return Locale.parse(tag, sep="-")
        except (ValueError, UnknownLocaleError):
            continue
    return None


def base(language: str) -> str:
    """``de`` of ``de-AT``."""
    return language.partition("-")[0]


def number(language: str, text: str) -> str:
    """``21`` as `twenty-one`. A fraction stays in figures, with the language's sign, as every engine reads it well."""
    found, known = _decimal(text), locale(language)
    if found is None or known is None:
        return text
    words = _words(int(found), language, "cardinal") if found == found.to_integral_value() else ""
    return words or str(format_decimal(found, format="0.######", locale=known))


def ordinal(language: str, text: str) -> str:
    found = _decimal(text)
    if found is None or found < 0 or found != found.to_integral_value():
        return text
    return _words(int(found), language, "ordinal") or text


def money(language: str, text: str, currency: str) -> str:
    """``12.5`` and ``EUR`` as `twelve euro, fifty cents`."""
    found, known = _decimal(text), locale(language)
    if found is None or known is None or not re.fullmatch("[A-Za-z]{3}", currency, re.ASCII):
        return f"{text} {currency}".strip()
    places = min(get_currency_precision(currency.upper()), 2)
    rounded = found.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return _money_in_words(language, rounded, currency.upper()) or _money_in_figures(known, rounded, currency.upper(), places)


def date(language: str, text: str) -> str:
    """``2026-12-24`` (or a time with it, or ``20261224``) as a date with its year."""
    found, known = _date(text), locale(language)
    if found is None or known is None:
        return text
    day, year = _words(found.day, language, "ordinal"), _words(found.year, language, "year")
    month = get_month_names("wide", locale=known)[found.month]
    if known.language == "de" and day and year:
        return f"{day}r {month} {year}"
    if known.language == "en" and day and year:
        return f"{month} {day}, {year}" if known.territory in (None, "US") else f"the {day} of {month}, {year}"
    if known.language == "fr" and found.day == 1:
        return f"premier {month} {found.year}"
    return format_date(found, "long", locale=known)


def weekday(language: str, text: str) -> str:
    found, known = _date(text), locale(language)
    return str(get_day_names("wide", locale=known)[found.weekday()]) if found and known else text


def time(language: str, text: str) -> str:
    """``14:05`` (or a date with it, or ``1405``) as people say it."""
    found, known = _time(text), locale(language)
    if found is None or known is None:
        return text
    hour, minute = found.hour, found.minute
    if known.language == "en":
        return f"{hour % 12 or 12}{_minutes_in_english(minute)} {'AM' if hour < 12 else 'PM'}"
    between = {"de": "Uhr", "nl": "uur", "fr": "heure" if hour < 2 else "heures"}.get(known.language)
    if between is None:
        return format_time(found, "short", locale=known)
    # Before "Uhr" and "uur" an engine says the number as it should: "ein Uhr", not "eins Uhr".
    said = {"de": "ein", "fr": "une"}.get(known.language, "1") if hour == 1 else str(hour)
    return f"{said} {between} {minute}" if minute else f"{said} {between}"


def duration(language: str, text: str) -> str:
    """Seconds as at most two units: `2 hours and 5 minutes`."""
    found, known = _decimal(text), locale(language)
    if found is None or not 0 <= found <= LONGEST_S or known is None:
        return text
    left = int(found.to_integral_value(ROUND_HALF_UP))
    said: list[str] = []
    for unit, size in PARTS:
        count, left = divmod(left, size)
        if count or (unit == "second" and not said):
            one = timedelta(seconds=count * size)
            said.append(format_timedelta(one, granularity=unit, threshold=math.inf, locale=known).replace("\xa0", " "))
        if said and (count == 0 or len(said) == 2):
            break
    return format_list(said, locale=known)


def spell(language: str, text: str) -> str:
    """Letters and digits one by one, signs by their names; what has no name is left out."""
    signs = SIGNS.get(base(language), SIGNS["en"])
    said = [signs.get(char) or _letter(char) for char in text[:MAX_CHARS]]
    named = any(len(one) > 1 for one in said)
    return (", " if named else " ").join(one for one in said if one)


def phone(language: str, text: str) -> str:
    """Digit by digit, in groups; a + by its name."""
    digits = "".join(char for char in text[:MAX_CHARS] if char in "0123456789*#")
    if not digits:
        return text
    size = 2 if len(digits) % 3 == 1 and len(digits) < 6 else 3
    groups = [digits[n : n + size] for n in range(0, len(digits), size)]
    if len(groups) > 1 and len(groups[-1]) == 1:  # no digit stands alone at the end
        groups[-2:] = [groups[-2][:-1], groups[-2][-1] + groups[-1]]
    plus = f"{PLUS.get(base(language), PLUS['en'])} " if text.lstrip().startswith("+") else ""
    return plus + ", ".join(" ".join(group) for group in groups)


def _decimal(text: str) -> Decimal | None:
    return Decimal(text.strip()) if NUMBER.fullmatch(text.strip()) else None


def _date(text: str) -> Date | None:
    found = DAY.fullmatch(text.strip())
    try:
        return Date(int(found[1]), int(found[3]), int(found[4])) if found else None
    except ValueError:
        return None


def _time(text: str) -> Time | None:
    found = CLOCK.fullmatch(text.strip())
    try:
        return Time(int(found[1]), int(found[2])) if found else None
    except ValueError:
        return None


def _words(value: int, language: str, to: str) -> str:
    """'' where num2words has no words."""
    key = next((one for one in (language.replace("-", "_"), base(language)) if one in CONVERTER_CLASSES), "")
    try:
        return str(num2words(value, lang=key, to=to)) if key else ""
    except UNSPOKEN:
        return ""


def _money_in_words(language: str, amount: Decimal, currency: str) -> str:
    if base(language) not in MONEY_IN_WORDS:
        return ""
    whole = amount == amount.to_integral_value()
    try:
        if whole:  # without "and zero cents"
            said = num2words(amount.quantize(Decimal("0.01")), lang=base(language), to="currency", currency=currency, separator="|")
            return str(said).partition("|")[0]
        return str(num2words(amount, lang=base(language), to="currency", currency=currency))
    except UNSPOKEN:
        return ""


def _money_in_figures(known: Locale, amount: Decimal, currency: str, places: int) -> str:
    whole = amount == amount.to_integral_value()
    figures = format_decimal(amount, format="0" if whole else "0." + "0" * places, locale=known)
    return f"{figures} {get_currency_name(currency, count=amount, locale=known)}"


def _minutes_in_english(minute: int) -> str:
    if not minute:
        return ""
    return f" {minute}" if minute > 9 else f" oh {minute}"


def _letter(char: str) -> str:
    if not char.isalnum():
        return ""
    upper = char.upper()
    return upper if len(upper) == 1 else char
