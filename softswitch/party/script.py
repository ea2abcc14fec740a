"""What virtual parties do, as data, and how it is read from YAML. Pure; a bad script is refused with the place and
what is allowed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from softswitch.media.dtmf import digit_code


class BadScript(ValueError):
    """The text says where and what was allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a phone takes calls. ``answer_after_s`` None lets it ring; ``decline`` is a SIP status sent instead of an
    answer;
    ``talk_s`` (least, most) hangs up after a random time, (0, 0) answers and drops; ``says`` is a tone while it
    talks."""

    answer_after_s: float | None = 2.0
    decline: int | None = None
    talk_s: tuple[float, float] | None = None
    says: str = ""
    early_media: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitAnswered:
    timeout_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitHears:
    """Something louder than ``level``, or with ``hz`` a tone."""

    timeout_s: float
    hz: float | None = None
    level: int = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitEnded:
    timeout_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    digits: str
    by: str = "rfc4733"


@dataclass(frozen=True, slots=True, kw_only=True)
class Speak:
    """A tone specification or the path of a WAV; ``wait`` goes on only when it is over."""

    tone: str = ""
    wav: str = ""
    wait: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUp:
    after_s: float = 0.0


Step = Wait | WaitAnswered | WaitHears | WaitEnded | Press | Speak | HangUp


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerScript:
    dial: str
    steps: tuple[Step, ...] = ()


def read_manner(given: Mapping[str, Any], *, where: str) -> Manner:
    """``answer_after``, ``let_ring``, ``decline``, ``talk`` (number or [least, most]), ``says``. Raises BadScript."""
    _only(given, {"answer_after", "let_ring", "decline", "talk", "says"}, where)
    decline = given.get("decline")
    if decline is not None and not 300 <= int(_seconds(decline, f"{where}.decline")) <= 699:
        raise BadScript(f"{where}.decline: {decline!r}; a SIP status from 300 to 699 is allowed")
    return Manner(
        answer_after_s=None if given.get("let_ring") else _seconds(given.get("answer_after", 2), f"{where}.answer_after"),
        decline=int(decline) if decline is not None else None,
        talk_s=_range(given["talk"], f"{where}.talk") if given.get("talk") is not None else None,
        says=str(given.get("says", "")),
    )


def read_caller(given: Mapping[str, Any], *, where: str) -> CallerScript:
    """``dial`` and ``steps``, a list of mappings with one key each. Raises BadScript."""
    _only(given, {"dial", "steps"}, where)
    if not given.get("dial"):
        raise BadScript(f"{where}.dial: missing; the number to dial is needed")
    steps = given.get("steps") or []
    if not isinstance(steps, list):
        raise BadScript(f"{where}.steps: a list is allowed, this is {type(steps).__name__}")
    return CallerScript(
        dial=str(given["dial"]), steps=tuple(read_step(one, where=f"{where}.steps[{n}]") for n, one in enumerate(steps))
    )


def read_step(given: object, *, where: str) -> Step:
    if isinstance(given, str):
        given = {given: None}
    if not isinstance(given, Mapping) or len(given) != 1:
        raise BadScript(f"{where}: one step is allowed here, one of {sorted(_READERS)}")
    name, value = next(iter(given.items()))
    if name not in _READERS:
        raise BadScript(f"{where}: {name!r} is no step; allowed are {sorted(_READERS)}")
    return _READERS[name](value, f"{where}.{name}")


def _read_press(value: Any, where: str) -> Step:
    options = dict(value) if isinstance(value, Mapping) else {"digits": value}
    _only(options, {"digits", "by"}, where)
    digits, by = str(options.get("digits", "")), str(options.get("by", "rfc4733"))
    if by not in ("rfc4733", "info"):
        raise BadScript(f"{where}.by: {by!r}; allowed are rfc4733 and info")
    try:
        for digit in digits:
            digit_code(digit)
    except ValueError as error:
        raise BadScript(f"{where}: {error}") from error
    return Press(digits=digits, by=by)


def _read_hears(value: Any, where: str) -> Step:
    options = dict(value) if isinstance(value, Mapping) else {"timeout": value}
    _only(options, {"timeout", "hz", "level"}, where)
    hz = options.get("hz")
    return WaitHears(
        timeout_s=_seconds(options.get("timeout", 10), where),
        hz=None if hz is None else _seconds(hz, f"{where}.hz"),
        level=int(_seconds(options.get("level", 300), f"{where}.level")),
    )


def _read_speak(value: Any, where: str) -> Step:
    options = dict(value) if isinstance(value, Mapping) else {"tone": value}
    _only(options, {"tone", "wav", "wait"}, where)
    tone, wav = str(options.get("tone") or ""), str(options.get("wav") or "")
    if bool(tone) == bool(wav):
        raise BadScript(f"{where}: either tone or wav is allowed")
    return Speak(tone=tone, wav=wav, wait=bool(options.get("wait", True)))


_READERS: dict[str, Callable[[Any, str], Step]] = {
    "wait": lambda value, where: Wait(s=_seconds(value, where)),
    "wait_answered": lambda value, where: WaitAnswered(timeout_s=_seconds(value or 30, where)),
    "wait_hears": _read_hears,
    "wait_ended": lambda value, where: WaitEnded(timeout_s=_seconds(value or 600, where)),
    "press": _read_press,
    "speak": _read_speak,
    "hang_up": lambda value, where: HangUp(after_s=_seconds(value or 0, where)),
}


def _only(given: Mapping[str, Any], allowed: set[str], where: str) -> None:
    unknown = sorted(str(one) for one in set(given) - allowed)
    if unknown:
        raise BadScript(f"{where}: {unknown} unknown; allowed are {sorted(allowed)}")


def _seconds(value: Any, where: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = -1.0
    if not 0 <= number <= 86400:
        raise BadScript(f"{where}: {value!r}; a number from 0 to 86400 is allowed")
    return number


def _range(value: Any, where: str) -> tuple[float, float]:
    both = value if isinstance(value, list | tuple) else [value, value]
    if len(both) != 2:
        raise BadScript(f"{where}: {value!r}; one number or [least, most] is allowed")
    least, most = _seconds(both[0], where), _seconds(both[1], where)
    if least > most:
        raise BadScript(f"{where}: {value!r}; the least is more than the most")
    return least, most
