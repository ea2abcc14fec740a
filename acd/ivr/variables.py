"""What steps may read: the caller's own variables, and what the house knows, which is found out when it is asked for. PURE.

``call.…`` is what is known of the call, ``queues.NAME.…`` how a queue stands, ``line.…`` where this caller stands in theirs. An
answer that nobody can give is the empty text. Nobody can set any of them.
"""

import re
from collections import ChainMap
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from acd.core.call import Call
from acd.core.interpreter import Surroundings
from acd.words import QueueId

CALL = frozenset({"call.id", "call.caller_number", "call.caller_name", "call.dialled", "call.phone", "call.agent"})
LINE = frozenset({"line.position", "line.waited", "line.expected_wait", "line.wait_at_most"})
QUEUE_WORDS = ("waiting", "online", "staffed", "available", "ready")
QUEUE = re.compile(r"queues\.([a-z0-9][a-z0-9_-]*)\.([a-z]+)", re.ASCII)
POSITION = "position"
WAIT = "wait"
"""In ``told``: how long it will take was said."""


class Variables(Mapping[str, str]):
    """``least`` is the least place in the line that was told before; ``told`` takes what is told now, for this walk.

    ``spoken``: what is read is said to the caller, not only held against something.
    """

    def __init__(
        self,
        own: Mapping[str, str],
        *,
        at: float,
        call: Call,
        around: Surroundings,
        least: int,
        told: dict[str, int],
        spoken: bool = False,
    ) -> None:
        self._own, self._at, self._call, self._around = own, at, call, around
        self._least, self._told, self._spoken = least, told, spoken

    def __getitem__(self, name: str) -> str:
        kind, dot, rest = name.partition(".")
        if not dot:
            return self._own[name]
        if kind == "call" and name in CALL:
            return call_variables(self._call)[name]
        if kind == "line" and name in LINE:
            return self._line(rest)
        queue = QUEUE.fullmatch(name)
        if queue is None or queue[2] not in QUEUE_WORDS:
            return self._own[name]
        return str(self._of_queue(QueueId(queue[1]), queue[2]))

    def __iter__(self) -> Iterator[str]:
        return iter({**self._own, **dict.fromkeys(sorted(CALL | LINE))})

    def __len__(self) -> int:
        return len(self._own.keys() | CALL | LINE)

    def _of_queue(self, queue: QueueId, word: str) -> int:
        match word:
            case "waiting":
                return self._around.waiting(queue)
            case "staffed":
                return self._around.staffed(queue)
            case "online":
                return self._around.online(queue)
        return self._around.available(queue)

    def _line(self, word: str) -> str:
        if word == "waited":
            since = self._call.waiting_since
            return "" if since is None else str(int(self._at - since))
        if word == POSITION:
            return self._position()
        return self._wait(word)

    def _wait(self, word: str) -> str:
        wait = self._around.expected_wait(self._call)
        if wait is None:
            return ""
        if self._spoken:
            self._told[WAIT] = 1
        return str(max(1, round(wait.p50_s if word == "expected_wait" else wait.p80_s)))

    def _position(self) -> str:
        """Never further back than a caller was told before, also when others went ahead meanwhile (ACD.md 55)."""
        known = [place for place in (self._around.position(self._call), self._least, self._told.get(POSITION, 0)) if place]
        if not known or self._call.entry is None:
            return ""
        self._told[POSITION] = min(known)
        return str(min(known))


def also(variables: Mapping[str, str], name: str, value: str) -> Mapping[str, str]:
    """One more, without asking for any of the others."""
    return ChainMap({name: value}, variables)  # type: ignore[arg-type]  # only read


def call_variables(call: Call) -> Mapping[str, str]:
    return {
        "call.id": call.id,
        "call.caller_number": call.caller_number,
        "call.caller_name": call.caller_name,
        "call.dialled": call.dialled,
        "call.phone": call.phone or "",
        "call.agent": call.agent or "",
    }


def unknown(name: str, queues: frozenset[str] | None) -> str:
    """What is wrong with a name that has a dot in it; '' when there is such a variable. ``queues`` None: not checked."""
    kind, dot, _ = name.partition(".")
    if not dot or name in CALL | LINE:
        return ""
    if kind != "queues":
        known = sorted({"call": CALL, "line": LINE}.get(kind, CALL | LINE))
        return f"there is no variable {name!r}{_near(name, known)}; allowed: {', '.join(known)}, queues.<name>.waiting"
    queue = QUEUE.fullmatch(name)
    if queue is None or queue[2] not in QUEUE_WORDS:
        near = _near(queue[2], QUEUE_WORDS) if queue else ""
        return f"there is no variable {name!r}{near}; allowed: {', '.join(f'queues.<name>.{word}' for word in QUEUE_WORDS)}"
    if queues is not None and queue[1] not in queues:
        allowed = ", ".join(sorted(queues)[:20]) or "none is configured"
        return f"there is no queue {queue[1]!r}{_near(queue[1], sorted(queues))}; allowed: {allowed}"
    return ""


def _near(word: str, allowed: list[str] | tuple[str, ...]) -> str:
    near = get_close_matches(word, allowed, n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""
