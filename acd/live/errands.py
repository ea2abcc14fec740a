"""What a flow wants of the world beside the switch: a request, a row. Each errand in a greenlet of its own, with one deadline.

The controller hands errands over and goes on; each ends with one ErrandDone, whatever happens, but for a controller that dies:
then the step's own deadline ends the waiting. There is room for so many at once, and for half as many to one host; whoever
comes when it is full is told so at once, because a caller who waits for a slow program may never cost those who do not.
"""

import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import gevent
import msgspec
from gevent import Timeout

from acd.core.commands import AskCampaigns, Command, Errand, Fetch, Find, ListMessages, MarkMessage, Secret
from acd.core.events import ErrandDone
from acd.ivr.functions import MAX_TEXT
from acd.live.breaker import Breaker
from acd.live.greenlets import Task, spawn
from acd.live.http_calls import NotDone, Outbound, Reply, Request

log = logging.getLogger(__name__)

AGAIN_S = 0.2
WORTH_ANOTHER_TRY = frozenset({"unreachable", "bad_answer"})
HOST = re.compile(r"[a-z]+://([^/?#]*).*", re.DOTALL)
MISSING = object()


class Finder(Protocol):
    def find(self, source: str, table: str, where: Mapping[str, str], columns: Sequence[str]) -> Sequence[Mapping[str, str]]:
        """Up to two rows, as texts. Raises NotDone."""
        ...


class Mailboxes(Protocol):
    def lying(self, mailbox: str) -> Mapping[str, str]:
        """As ``acd.ivr.mailbox.values`` writes it. Raises NotDone."""
        ...

    def mark(self, message: str, mark: str) -> None:
        """Raises NotDone."""
        ...


class Campaigns(Protocol):
    def asked(self, agent: str, what: str, number: str, campaign: str) -> tuple[str, Mapping[str, str]]:
        """Why not, or '', and what is told of the lead."""
        ...


class Errands:
    """``outbound``, ``finder``, ``secrets`` and ``campaigns`` may be replaced while it runs (a changed configuration)."""

    def __init__(
        self,
        *,
        post: Callable[[ErrandDone], None],
        clock: Callable[[], float],
        outbound: Outbound,
        finder: Finder,
        secrets: Mapping[str, str],
        mailboxes: Mailboxes | None = None,
        at_once: int = 100,
    ) -> None:
        self._post, self._clock, self._mailboxes = post, clock, mailboxes
        self.outbound, self.finder, self.secrets, self.at_once = outbound, finder, secrets, at_once
        self.campaigns: Campaigns | None = None
        self._breakers: dict[str, Breaker] = {}
        self._tasks: set[Task] = set()

    @property
    def under_way(self) -> int:
        return len(self._tasks)

    def send(self, commands: Sequence[Command]) -> None:
        """Returns at once."""
        for errand in commands:
            if isinstance(errand, Errand):
                self._begin(errand)

    def stop(self) -> None:
        """What is under way is given up; whoever waits for it has a deadline."""
        gevent.killall(list(self._tasks), timeout=1)

    def _begin(self, errand: Errand) -> None:
        if self.under_way >= self.at_once:
            log.error("errand %s: %d are under way, no more are begun", errand.errand, self.under_way)
            self._done(errand, why="failed")
            return
        task = spawn(f"errand {errand.errand}", self._run, errand, on_died=lambda name, error: self._done(errand, why="failed"))
        self._tasks.add(task)
        task.rawlink(self._tasks.discard)

    def _run(self, errand: Errand) -> None:
        deadline = Timeout(errand.timeout_s)
        try:
            with deadline:
                told = self._brought(errand)
        except NotDone as why:
            told = {"why": why.why}
            log.warning("errand %s: %s: %s", errand.errand, _where(errand), why)
        except Timeout as over:
            if over is not deadline:
                raise
            told = {"why": "timeout"}
            log.warning("errand %s: %s: no answer within %g s", errand.errand, _where(errand), errand.timeout_s)
        self._tasks.discard(gevent.getcurrent())  # its place is free before anybody hears of it
        self._done(errand, **told)

    def _brought(self, errand: Errand) -> dict[str, Any]:
        """What there is to tell of it. Raises NotDone."""
        match errand:
            case Fetch():
                return self._fetched(errand)
            case Find():
                return self._found(errand)
            case AskCampaigns() if self.campaigns is not None:
                why, values = self.campaigns.asked(errand.agent, errand.what, errand.number, errand.campaign)
                return {"why": why, "values": values}
            case ListMessages() | MarkMessage() if self._mailboxes is not None:
                return self._of_mailbox(errand, self._mailboxes)
        raise NotDone("failed", f"nobody here does a {type(errand).__name__}")

    def _done(self, errand: Errand, **told: Any) -> None:
        self._post(ErrandDone(at=self._clock(), leg=errand.leg, errand=errand.errand, **told))

    # -- a request ---

    def _fetched(self, fetch: Fetch) -> dict[str, Any]:
        """Raises NotDone."""
        request = Request(
            method=fetch.method,
            url=fetch.url,
            headers={name: self._header(value) for name, value in fetch.headers},
            body=(fetch.body or "").encode("utf-8", "replace"),
        )
        for attempt in range(1, max(1, fetch.tries) + 1):
            try:
                reply = self._once(fetch, request)
                if reply.status < 500 or attempt == fetch.tries:
                    return answered(fetch, reply)
            except NotDone as why:
                if attempt >= fetch.tries or why.why not in WORTH_ANOTHER_TRY:
                    raise
            gevent.sleep(AGAIN_S * attempt)
        raise AssertionError("the last try returns or raises")

    def _once(self, fetch: Fetch, request: Request) -> Reply:
        with self._turn(_where(fetch)) as went:
            reply = self.outbound.call(request)
            went.append(reply.status < 500)
            return reply

    @contextmanager
    def _turn(self, host: str) -> Iterator[list[bool]]:
        """A place among those under way to a host; how it went is counted. Raises NotDone when there is none."""
        breaker = self._breakers.setdefault(host, Breaker())
        if breaker.under_way * 2 >= self.at_once:
            raise NotDone("failed", f"{breaker.under_way} requests to it are under way, no more are begun")
        if not breaker.lets_through(self._clock()):
            raise NotDone("resting", f"failed {breaker.failures} times in a row, left alone for a while")
        breaker.under_way += 1
        went: list[bool] = []
        try:
            yield went
        except NotDone as why:
            went.append(why.why == "forbidden")  # that is our house's rule, not their fault
            raise
        finally:
            breaker.under_way -= 1
            breaker.went(self._clock(), well=bool(went and went[-1]))

    def _header(self, value: str | Secret) -> str:
        if isinstance(value, str):
            return value
        if value.name not in self.secrets:
            raise NotDone("failed", f"there is no secret {value.name!r} any more")
        return value.before + self.secrets[value.name]

    # -- a row ---

    def _found(self, errand: Find) -> dict[str, Any]:
        """Raises NotDone."""
        with self._turn(_where(errand)) as went:
            rows = self.finder.find(errand.source, errand.table, errand.where, list(errand.take.values()))
            went.append(True)
        if len(rows) != 1:
            return {"why": "several" if rows else "not_found"}
        return {"values": {name: rows[0].get(column, "")[:MAX_TEXT] for name, column in errand.take.items()}}

    # -- a mailbox ---

    def _of_mailbox(self, errand: ListMessages | MarkMessage, mailboxes: Mailboxes) -> dict[str, Any]:
        """Raises NotDone."""
        with self._turn(_where(errand)) as went:
            values = mailboxes.lying(errand.mailbox) if isinstance(errand, ListMessages) else None
            if isinstance(errand, MarkMessage):
                mailboxes.mark(errand.message, errand.mark)
            went.append(True)
        return {"values": values} if values is not None else {}


def _where(errand: Errand) -> str:
    """For the log and the breaker: the host alone. What follows it is the caller's business."""
    if isinstance(errand, Fetch):
        return HOST.sub(r"\1", errand.url)
    return f"table {errand.table} of {errand.source}" if isinstance(errand, Find) else type(errand).__name__


def answered(fetch: Fetch, reply: Reply) -> dict[str, Any]:
    """What the flow is told. Raises NotDone when a good answer is not the JSON from which values are to be taken."""
    told: dict[str, Any] = {"status": reply.status}
    if not fetch.take:
        return told
    try:
        data = msgspec.json.decode(reply.body)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return told if not 200 <= reply.status < 300 else {**told, "why": "bad_answer"}
    return {**told, "values": {name: as_text(at(data, path)) for name, path in fetch.take.items()}}


def at(data: Any, path: str) -> Any:
    """``a.0.b``: by key in an object, by number in a list; MISSING where there is none."""
    for part in path.split("."):
        if isinstance(data, dict) and part in data:
            data = data[part]
        elif isinstance(data, list) and part.isascii() and part.isdecimal() and len(part) < 10 and int(part) < len(data):
            data = data[int(part)]
        else:
            return MISSING
    return data


def as_text(value: Any) -> str:
    """A value as flows have it. Objects, lists and null are no text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".") if abs(value) < 1e15 else str(value)
    return str(value)[:MAX_TEXT] if isinstance(value, str | int) else ""
