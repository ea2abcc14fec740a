"""The call log of a bank's call centre, as the Technion's Service Engineering group publishes it (one month a file, tab-separated).

Says what it left out and why: the rows are as they were recorded, with their faults.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from acd.config.document import Problem, Refused
from acd.words import QueueId

COLUMNS = 17
QUEUES = {"PS": "bank", "PE": "bank", "NW": "bank", "TT": "bank", "IN": "internet", "NE": "stock"}
"""By the type of a call: who asks for internet help or the stock exchange is served by others than the rest."""
DAY_S = 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """One caller who came to the queue. Times are seconds since the epoch, as if local time were UTC."""

    id: str
    kind: str
    queue: QueueId
    priority: int  # 1: starts with 90 s of waiting credited
    joined_at: float
    waited_s: float
    served: bool
    talk_s: float = 0.0
    server: str = ""  # '' where none was recorded

    @property
    def served_at(self) -> float:
        return self.joined_at + self.waited_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    calls: tuple[Logged, ...]
    left_out: Mapping[str, int]  # why -> how many
    rows: int

    def days(self) -> list[float]:
        """Midnights, in order."""
        return sorted({call.joined_at // DAY_S * DAY_S for call in self.calls})

    def of(self, day: float) -> list[Logged]:
        return [call for call in self.calls if day <= call.joined_at < day + DAY_S]


def read_log(file: Path) -> Log:
    """Raises Refused for a file that is no such log at all."""
    calls, why = list[Logged](), Counter[str]()
    rows = 0
    for n, fields in _rows(file):
        rows += 1
        found = _call(fields, n)
        if isinstance(found, str):
            why[found] += 1
        else:
            calls.append(found)
    calls.sort(key=lambda call: (call.joined_at, call.id))
    return Log(calls=tuple(calls), left_out=dict(why.most_common()), rows=rows)


def _rows(file: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        with file.open(encoding="ascii", errors="replace") as lines:
            head = next(lines, "").rstrip("\n").split("\t")
            if len(head) != COLUMNS or head[0] != "vru+line":
                what = f"found {head[0][:40]!r} and {len(head)} columns; 'vru+line' and {COLUMNS} columns, tab-separated, are needed"
                raise Refused([Problem(file=str(file), line=1, column=1, what=what)])
            for n, line in enumerate(lines, 2):
                yield n, line.rstrip("\n").split("\t")
    except OSError as error:
        raise Refused([Problem(file=str(file), line=1, column=1, what=f"cannot be read: {error.strerror}")]) from None


def _call(fields: list[str], n: int) -> Logged | str:
    """The caller, or why the row is left out."""
    if len(fields) != COLUMNS:
        return "another number of columns"
    _, _, _, priority, kind, date, _, vru_exit, _, q_start, q_exit, _, outcome, ser_start, ser_exit, ser_time, server = fields
    if outcome == "PHANTOM":
        return "marked PHANTOM: to be ignored"
    if kind not in QUEUES:
        return "a type that nobody knows"
    try:
        day = datetime.strptime(date, "%y%m%d").replace(tzinfo=UTC).timestamp()
        left_menu, joined, left = _clock(vru_exit), _clock(q_start), _clock(q_exit)
        began, talk_s = _clock(ser_start), float(ser_time)
    except ValueError:
        return "a time that cannot be read"
    queued = joined > 0
    if outcome == "HANG" and not queued:
        return "hung up in the menu, never in a queue"
    if outcome not in ("HANG", "AGENT"):
        return "an outcome that nobody knows"
    start = joined if queued else left_menu
    waited_s = (left - joined) if queued else 0.0
    if waited_s < -DAY_S / 2:
        waited_s += DAY_S  # past midnight
    if waited_s < 0:
        return "left the queue before joining it"
    if waited_s > 3600:
        return "waited longer than an hour: a clock was wrong"
    served = outcome == "AGENT"
    if served and not 0 < talk_s < 4 * 3600:
        return "served for no time, or for hours"
    if served and abs((began - start - waited_s + DAY_S / 2) % DAY_S - DAY_S / 2) > 120:
        return "service began minutes away from the end of the wait"
    return Logged(
        id=f"row{n}",
        kind=kind,
        queue=QueueId(QUEUES[kind]),
        priority=int(priority == "2"),
        joined_at=day + start,
        waited_s=waited_s,
        served=served,
        talk_s=talk_s if served else 0.0,
        server="" if server == "NO_SERVER" else server.lower(),
    )


def _clock(text: str) -> float:
    hours, minutes, seconds = (int(part) for part in text.split(":"))
    return hours * 3600.0 + minutes * 60 + seconds
