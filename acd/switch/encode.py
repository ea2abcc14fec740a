"""Untrusted text against commands. PURE: every word that goes into a command passes through one of these, which
refuse and never mend.

The switch reads a command line by line, splits arguments at spaces, variables at commas, and expands ``${...}`` in
all of them. So a word is allowed by what it may contain, not by what was thought of to forbid.
"""

import re
from collections.abc import Mapping

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_UUID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_NUMBER = re.compile(r"\+?[0-9]{1,20}")
_CAUSE = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
_PLAY = re.compile(r"[a-z0-9.-]{1,64}")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,31}")
_VALUE = re.compile(r"[A-Za-z0-9_.:+@-]{0,200}")
_KEYS = re.compile(r"[0-9*#]{0,12}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .-]{0,39}")
_MEDIA = re.compile(r"[A-Za-z0-9_./:+@%,;=()*~ -]{1,1000}")


class Unencodable(ValueError):
    """A word that must not reach the switch."""


def _fits(pattern: re.Pattern[str], text: str, what: str) -> str:
    if not pattern.fullmatch(text):
        raise Unencodable(f"{what} {text[:80]!a} refused, allowed is {pattern.pattern}")
    return text


def uuid(text: str) -> str:
    return _fits(_UUID, text, "leg")


def is_uuid(text: str) -> bool:
    return _UUID.fullmatch(text) is not None


def phone(text: str) -> str:
    return _fits(_UUID, text, "phone, trunk or profile")


def number(text: str) -> str:
    return _fits(_NUMBER, text, "number")


def cause(text: str) -> str:
    return _fits(_CAUSE, text, "cause")


def play(text: str) -> str:
    return _fits(_PLAY, text, "play id")


def keys(text: str) -> str:
    return _fits(_KEYS, text, "keys")


def media(text: str) -> str:
    """What the prompt library resolved: a path, or a ``local_stream://`` or ``tone_stream://`` of configuration. No
    ``$``, no ``!``.
    """
    return _fits(_MEDIA, text, "media")


def seconds(value: float, *, at_most: int = 7 * 86400) -> str:
    """Whole seconds, at least one."""
    if not 0 <= value <= at_most:  # also refuses NaN
        raise Unencodable(f"{value} seconds refused, allowed is 0 to {at_most}")
    return str(max(1, round(value)))


def shown_name(text: str) -> str | None:
    """A caller's name, if it is plain enough to be shown on a phone; otherwise it is left out."""
    return text if _NAME.fullmatch(text) and text == text.strip() else None


def shown_number(text: str) -> str | None:
    return text if _NUMBER.fullmatch(text) else None


def marks(values: Mapping[str, str], *, between: str) -> str:
    """``acd_key=value`` for each mark."""
    return between.join(f"acd_{_fits(_KEY, k, 'mark')}={_fits(_VALUE, v, 'mark ' + k)}" for k, v in values.items())


def line(text: str) -> bytes:
    """One line as bytes: the last gate, which every line of every command passes."""
    if _CONTROL.search(text):
        raise Unencodable(f"control character in {text[:80]!a} refused")
    try:
        return text.encode()
    except UnicodeEncodeError as odd:
        raise Unencodable(f"{text[:80]!a} cannot be encoded: {odd.reason}") from odd
