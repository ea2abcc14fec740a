"""Small things in bodies and headers: digits in INFO, the Reason header. Pure."""

import re

from softswitch.media.dtmf import DIGITS, digit_code

_SIGNAL = re.compile(r"^\s*Signal\s*=\s*(\S{1,2})\s*$", re.IGNORECASE | re.MULTILINE)
_CAUSE = re.compile(r"Q\.850\s*;[^,]{0,80}?cause\s*=\s*(\d{1,3})", re.IGNORECASE)
_TEXT = re.compile(r'text\s*=\s*"([^"]{0,128})"', re.IGNORECASE)
_EVENTS = {"10": "*", "11": "#", "12": "A", "13": "B", "14": "C", "15": "D"}

RELAY = "application/dtmf-relay"
PLAIN = "application/dtmf"


def digit_in(content_type: str, body: bytes) -> str | None:
    """The digit of an INFO, or None when it carries none that we know."""
    kind = content_type.partition(";")[0].strip().lower()
    text = body[:256].decode("latin-1")
    if kind not in (RELAY, PLAIN):
        return None
    found = _SIGNAL.search(text)
    signal = (found[1] if found else text.strip() if kind == PLAIN else "").upper()
    signal = _EVENTS.get(signal, signal)
    return signal if len(signal) == 1 and signal in DIGITS else None


def relay_body(digit: str, *, duration_ms: int) -> bytes:
    """Raises ValueError for what is no digit."""
    digit_code(digit)
    return f"Signal={digit.upper()}\r\nDuration={duration_ms}\r\n".encode()


def reason(*, cause: int, text: str = "") -> str:
    clean = re.sub(r'[\x00-\x1f"\\\x7f]', " ", text)[:64]
    return f"Q.850;cause={cause}" + (f';text="{clean}"' if clean else "")


def read_reason(header: str) -> tuple[int | None, str]:
    """(Q.850 cause, text) of a Reason header."""
    cause, text = _CAUSE.search(header), _TEXT.search(header)
    return int(cause[1]) if cause else None, text[1] if text else ""
