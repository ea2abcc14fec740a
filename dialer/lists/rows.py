"""PURE: a CSV's header and one row of it -> a lead, or why not."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from dialer.lists.numbering import NotANumber, Number, is_zone, number_of
from dialer.lists.ranking import MOST_POINTS

NUMBERED = re.compile(r"(?:number|phone|tel|telephone|mobile)[ _]?\d*")
ALIASES = {"callback_at": "due", "due_at": "due", "fullname": "name"}
KNOWN = frozenset({"id", "name", "consent", "consent_source", "zone", "priority", "due"})
MOST_TEXT = 2000


class RowRefused(Exception):
    """``str`` is why: few different texts, so that they can be counted."""


@dataclass(frozen=True, slots=True)
class Header:
    """Which column means what. What means nothing to us is a field of the lead, also without ``fields.``"""

    names: tuple[str, ...]  # of our columns, 'number', or fields.X

    @property
    def width(self) -> int:
        return len(self.names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    key: str
    name: str
    numbers: tuple[Number, ...]
    fields: Mapping[str, str]
    consent: str
    consent_source: str
    priority: int
    due_at: float | None
    digest: str


def header_of(row: Sequence[str]) -> Header:
    """Raises RowRefused where no column holds numbers, or two have one name."""
    names = [_meaning(column.strip()) for column in row]
    if "number" not in names:
        raise RowRefused("the header names no column number (or phone, tel, mobile)")
    single = [name for name in names if name != "number" and name != "fields."]
    if len(set(single)) != len(single):
        raise RowRefused("the header names a column twice")
    return Header(tuple(names))


def _meaning(column: str) -> str:
    lower = column.lower()
    lower = ALIASES.get(lower, lower)
    if NUMBERED.fullmatch(lower):
        return "number"
    if lower in KNOWN:
        return lower
    return f"fields.{column.removeprefix('fields.')}"


def lead_of(header: Header, row: Sequence[str], region: str, zone: str = "") -> Lead:
    """``zone``: of times that say none. Raises RowRefused."""
    if len(row) != header.width:
        raise RowRefused("another count of columns than the header has")
    if any("\0" in value or len(value) > MOST_TEXT for value in row):
        raise RowRefused("a value is too long, or holds a zero byte")
    by_name = {name: value.strip() for name, value in zip(header.names, row, strict=True) if name != "number"}
    own = by_name.get("zone", "")
    if own and not is_zone(own):
        raise RowRefused("zone: no time zone such as Europe/Berlin")
    written = [value.strip() for name, value in zip(header.names, row, strict=True) if name == "number" and value.strip()]
    numbers = _numbers(written, region, own)
    return Lead(
        key=by_name.get("id") or numbers[0].number,
        name=by_name.get("name", ""),
        numbers=numbers,
        fields={name[7:]: value for name, value in by_name.items() if name.startswith("fields.") and name != "fields." and value},
        consent=by_name.get("consent", ""),
        consent_source=by_name.get("consent_source", ""),
        priority=_priority(by_name.get("priority", "")),
        due_at=_due(by_name.get("due", ""), own or zone or numbers[0].window.zones[0]),
        digest=hashlib.blake2b(json.dumps([header.names, list(row), region, zone]).encode(), digest_size=12).hexdigest(),
    )


def _numbers(written: Sequence[str], region: str, zone: str) -> tuple[Number, ...]:
    """In the order of the row, each once. One that is none refuses the row: nobody would look for it later."""
    if not written:
        raise RowRefused("no number")
    try:
        found = [number_of(text, region, zone) for text in written]
    except NotANumber as why:
        raise RowRefused(str(why)) from None
    return tuple({each.number: each for each in found}.values())


def _priority(text: str) -> int:
    if not text:
        return 0
    if not re.fullmatch(r"-?\d{1,4}", text) or abs(int(text)) > MOST_POINTS:
        raise RowRefused(f"priority: a whole number up to {MOST_POINTS}")
    return int(text)


def _due(text: str, zone: str) -> float | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))).timestamp()
    except (ValueError, OverflowError, OSError):
        raise RowRefused("due: a time such as 2026-12-01T14:00") from None
