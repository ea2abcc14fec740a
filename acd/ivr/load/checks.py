"""The checks of `gather` as they are written: ``luhn``, ``date: DDMMYYYY``, ``range: {min: 1, max: 99}``."""

from typing import Annotated, Any

from pydantic import BeforeValidator

from acd.config.kinds import phone_region
from acd.config.sentences import one_of, perhaps, shown
from acd.ivr.checks import IBAN_LENGTHS, Check, Date, Iban, Length, Luhn, Phone, Range, Time

MAX_CHECKS = 10
DATES = {"".join(order): order for order in (("DD", "MM", "YYYY"), ("MM", "DD", "YYYY"), ("YYYY", "MM", "DD"))}
PLAIN = {"luhn": Luhn, "time": Time}
ALL = ["luhn", "time", "date", "phone", "iban", "range", "length"]


def checks(found: Any) -> tuple[Check, ...]:
    """One check or a list of them. Raises ValueError."""
    listed = found if isinstance(found, list) else [found]
    if not 0 < len(listed) <= MAX_CHECKS:
        raise ValueError(f"1 to {MAX_CHECKS} checks are allowed, here are {len(listed)}")
    read = tuple(_check(one) for one in listed)
    rewriting = [name for name, check in zip(map(_name, listed), read, strict=True) if check.rewrites]
    if len(rewriting) > 1:
        raise ValueError(f"only one of {', '.join(rewriting)} can say how the number is kept")
    return read


def _name(one: Any) -> str:
    return str(next(iter(one))) if isinstance(one, dict) else str(one)


def _check(one: Any) -> Check:
    if isinstance(one, str) and one in PLAIN:
        return PLAIN[one]()
    if isinstance(one, dict) and len(one) == 1:
        (name, value), *_ = one.items()
        if name in READ:
            return READ[name](value)
    name = _name(one) if isinstance(one, str) or (isinstance(one, dict) and one) else ""
    if name in READ:
        raise ValueError(f"{name} needs a value; write {{{name}: {EXAMPLES[name]}}}")
    if name in PLAIN:
        raise ValueError(f"{name} has no value; write {name}")
    raise ValueError(f"found {shown(one)}{perhaps(name, ALL)}; a check is one of: {', '.join(ALL)}")


def _date(found: Any) -> Date:
    if not isinstance(found, str) or found not in DATES:
        raise ValueError(f"found {shown(found)}; {one_of(list(DATES))}")
    return Date(parts=DATES[found])


def _phone(found: Any) -> Phone:
    return Phone(region=phone_region(found))


def _iban(found: Any) -> Iban:
    if not isinstance(found, str) or found not in IBAN_LENGTHS:
        raise ValueError(f"found {shown(found)}; countries whose IBAN has no letters but its own are {', '.join(IBAN_LENGTHS)}")
    return Iban(country=found)


def _range(found: Any) -> Range:
    if not isinstance(found, dict) or found.keys() != {"min", "max"}:
        raise ValueError(f"found {shown(found)}; {{min: number, max: number}} is needed")
    least, most = _whole(found["min"]), _whole(found["max"])
    if least > most:
        raise ValueError(f"min ({least}) is more than max ({most})")
    return Range(least=least, most=most)


def _length(found: Any) -> Length:
    listed = found if isinstance(found, list) else [found]
    lengths = tuple(_whole(one) for one in listed)
    if not lengths or not all(1 <= one <= 60 for one in lengths):
        raise ValueError(f"found {shown(found)}; a number of digits from 1 to 60, or a list of them, is needed")
    return Length(allowed=lengths)


def _whole(found: Any) -> int:
    if isinstance(found, str) and found.isascii() and found.isdecimal() and len(found) <= 18:
        return int(found)
    raise ValueError(f"found {shown(found)}; a whole number is needed")


READ = {"date": _date, "phone": _phone, "iban": _iban, "range": _range, "length": _length}
EXAMPLES = {"date": "DDMMYYYY", "phone": "DE", "iban": "DE", "range": "{min: 1, max: 99}", "length": "[13, 16]"}
Checks = Annotated[tuple[Check, ...], BeforeValidator(checks)]
Region = Annotated[str, BeforeValidator(phone_region)]
