"""What is in force, what is in the folder, and the one way from one to the other: look (``plan``), then ``apply`` or ``rollback``.

Each change is whole or not at all: read and checked, its prompts made, kept as a version on disk, swapped in between two events.
Whoever changes waits for whoever changes already. Decides nothing about calls.
"""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypeVar, cast

import gevent
from gevent.lock import BoundedSemaphore

from acd.config.document import Problem, Refused
from acd.config.folder import config_files
from acd.config.load import KEYS
from acd.core.media import Speech
from acd.core.state import State
from acd.ivr.load.tables import FOLDER as TABLES
from acd.live.controller import Unanswered
from acd.live.prompts import Prompts
from acd.live.speech import NoSpeech
from acd.loading import Loaded, library_of
from acd.places import Places
from acd.plan.change import Plan, summary
from acd.plan.compare import compare
from acd.plan.flows import lost_ways
from acd.plan.house import People, people_of
from acd.quiet import LOOK_S, Marks, Quiet
from acd.sounds import prompts_of
from acd.starting import Started, tell
from acd.taking import Taken, mark, take, take_version
from acd.versions import Version, Versions
from acd.words import FlowId

log = logging.getLogger(__name__)

T = TypeVar("T")

WAIT_S = 30.0
"""So long one change waits for another that is under way."""
MOST_FILES = 20_000


class NotNow(Exception):
    """What was asked for cannot be done as things stand; says what can."""


class Changes:
    def __init__(
        self,
        places: Places,
        started: Started,
        *,
        swap: Callable[[Loaded, Callable[[], None]], None],
        state: Callable[[], State],
        prompts: Prompts,
        wall: Callable[[], float] = time.time,
    ) -> None:
        """``swap(loaded, keep)`` puts it in force; it calls ``keep`` when nothing but the swap itself can fail any more."""
        self._places, self._swap, self._state, self._prompts, self._wall = places, swap, state, prompts, wall
        self._versions = Versions(places.versions)
        self._taken, self.pinned, self.problems = started.taken, started.pinned, started.problems
        self._turn = BoundedSemaphore()
        self.applied_at, self.refused = wall(), 0
        self._quiet = Quiet(self._marks())

    # -- asked ---

    @property
    def loaded(self) -> Loaded:
        return self._taken.loaded

    def plan(self, n: int | None = None) -> Plan:
        """What applying the folder, or going back to version ``n`` (0: the one before), would change. Raises Refused, NotNow."""
        try:
            found = _aside(lambda: self._wanted(n))
        except Refused as refused:
            why = Refused(self._explained(problem) for problem in refused.problems)
            for standing in self._standing(n):
                why.add_note(standing)
            raise why from refused
        made = self._compared(found, people_of(self._state()))
        return replace(made, standing=tuple(self._standing(n)))

    def apply(self, *, by: str, how: str = "apply", expect: str = "", n: int | None = None) -> Version:
        """Puts it in force. ``expect`` is the token of a plan that somebody looked at. Raises Refused, NotNow, Unanswered, OSError."""
        with self._alone():
            try:
                return self._apply(_aside(lambda: self._wanted(n)), by, how, expect)
            except (Refused, NotNow, Unanswered, OSError):
                self.refused += 1
                raise

    def begin(self) -> None:
        """What the house was started with is a version, if it is none yet. Nothing is lost but a way back if it cannot be kept."""
        taken, last = self._taken, self._versions.last()
        if taken.version is None and (last is None or last.pinned or last.token != taken.token):
            try:
                self._taken = replace(taken, version=self._keep(taken, "", "start", self._since(last, taken)))
            except OSError as error:
                log.error("this configuration is not kept in %s: %s", self._places.versions, error)
        elif taken.version is None:
            self._taken = replace(taken, version=last)
        if self._taken.version is not None:
            self.applied_at = self._taken.version.applied_at

    def watch(self) -> None:
        """For a greenlet of its own."""
        while True:
            gevent.sleep(LOOK_S)
            self.look(time.monotonic())

    def look(self, at: float) -> None:
        """Applies what has changed in the folder, once it is left alone; only where the configuration says so."""
        if not self.loaded.configuration.watch or not self._quiet.is_due(_aside(self._marks), at):
            return
        if self.pinned is not None:
            log.warning("files have changed, but version %d is pinned: acd apply puts them in force", self.pinned.n)
            return
        try:
            if _aside(lambda: take(self._places.config)).token != self._taken.token:
                self.apply(by="", how="watch")
        except Refused as refused:
            tell(refused.problems)
            log.error("the files that have changed are refused; what was in force goes on")
        except (NotNow, Unanswered, OSError) as why:
            log.error("the files that have changed are not in force: %s", why)

    # -- done ---

    def _wanted(self, n: int | None) -> Taken:
        if n is None:
            return take(self._places.config)
        versions = self._versions
        current = self._taken.version or versions.last()
        found = versions.get(n) if n else versions.previous(current) if current else None
        if found is None:
            there = ", ".join(str(version.n) for version in versions.all()[-20:]) or "none"
            raise NotNow(f"there is no version {n}; there are: {there}" if n else "there is no version before this one")
        return take_version(self._places.config, versions, found)

    def _apply(self, found: Taken, by: str, how: str, expect: str) -> Version:
        if expect and expect != found.token:
            raise NotNow("what is there is not what was planned: files have changed meanwhile; look at the new plan")
        current = self._taken.version
        if current is not None and found.version is None and found.token == self._taken.token and not self.pinned and not self.problems:
            self._swap(found.loaded, lambda: None)
            log.info("version %d is read again, by %s (%s): secrets may have changed", current.n, by or "itself", how)
            return current
        made = self._compared(found, People(), heard=False)
        kept: list[Version] = []

        def keep() -> None:
            kept.append(self._keep(found, by, how, summary(made), current.n if current else 0))

        try:
            self._swap(found.loaded, keep)
        except BaseException:
            for version in kept:
                self._versions.forget(version)
            raise
        (version,) = kept
        self._taken, self.problems = replace(found, version=version), ()
        self.pinned = version if version.pinned else None
        self.applied_at = version.applied_at
        log.info("version %d (%s) is in force, by %s (%s): %s", version.n, version.version, by or "itself", how, version.what)
        if version.pinned:
            log.warning("PINNED: a restart starts version %d again, until acd apply puts the folder in force", version.n)
        return version

    def _keep(self, found: Taken, by: str, how: str, what: str, before: int | None = None) -> Version:
        copied = found.version
        last = self._versions.last()
        wanted = Version(
            n=0,
            version=found.house.version,
            token=found.token,
            applied_at=self._wall(),
            by=by,
            how=how,
            what=what,
            before=copied.before if copied else before if before is not None else last.n if last else 0,
            copy_of=copied.n if copied else 0,
            pinned=copied is not None,
            sounds=found.house.sounds,
        )
        return self._versions.keep(wanted, found.texts)

    def _since(self, last: Version | None, taken: Taken) -> str:
        """What has changed while nobody ran."""
        if last is None:
            return "the first"
        try:
            return summary(compare(take_version(self._places.config, self._versions, last).house, taken.house))
        except Refused:
            return ""

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._turn.acquire(timeout=WAIT_S):
            raise NotNow("another change is under way; try again when it is done")
        try:
            yield
        finally:
            self._turn.release()

    # -- said ---

    def _compared(self, found: Taken, people: People, *, heard: bool = True) -> Plan:
        render = unspoken(found.loaded, self._places, self._prompts, self.loaded) if heard else ()
        made = compare(self._taken.house, found.house, people, render)
        return replace(made, token=found.token, source=source_of(found, self._places), running=self._running())

    def _explained(self, problem: Problem) -> Problem:
        flow = FlowId(Path(problem.file).stem)
        return replace(problem, what=problem.what + lost_ways(self._taken.house, flow, problem.what))

    def _running(self) -> str:
        version = self._taken.version
        return f"what runs ({named(version)})" if version else f"what runs ({self.loaded.policy.version})"

    def _standing(self, n: int | None) -> Iterator[str]:
        """What an operator must not forget."""
        if self.pinned is not None:
            then = "" if n is not None else "; acd apply takes the pin away"
            yield f"version {self.pinned.n} is pinned: a restart starts it, whatever is in the folder{then}"
        if self.problems:
            yield f"the house was started with an older version, because the folder was refused: {self.problems[0]}"

    @property
    def counters(self) -> Mapping[str, float | Mapping[str, float]]:
        return {
            "configuration": {self.loaded.policy.version: 1},
            "configuration_applied_at": self.applied_at,
            "configuration_pinned": float(self.pinned is not None),
            "configuration_refused": float(bool(self.problems)),
            "configuration_refusals": self.refused,
        }

    def _marks(self) -> Marks:
        """Of all files that can change what is in force, in the folder as it is configured now."""
        configuration = self.loaded.configuration
        flows = self._taken.flows_from
        patterns = ((flows, "*.yaml"), (flows / TABLES, "*.csv"), *((d, "**/*") for d in (configuration.sounds, configuration.music)))
        files = [*config_files(self._places.config, KEYS), *_bounded(patterns)]
        return {str(file): mark(file) for file in files}


def _bounded(patterns: tuple[tuple[Path, str], ...]) -> Iterator[Path]:
    files = (file for folder, pattern in patterns for file in folder.glob(pattern))
    yield from (file for _, file in zip(range(MOST_FILES), files, strict=False))


def source_of(found: Taken, places: Places) -> str:
    return named(found.version) if found.version else str(places.config.absolute())


def named(version: Version) -> str:
    return f"version {version.n}, {version.version}"


def unspoken(new: Loaded, places: Places, prompts: Prompts, now: Loaded | None = None) -> list[str]:
    """The texts that have to be rendered first; none where nothing can speak."""
    if now is None or new.configuration.speech != now.configuration.speech:
        prompts = prompts_of(new.configuration, places)
    if isinstance(prompts.engine, NoSpeech):
        return []
    wanted = {one for one in library_of(new).media() if isinstance(one, Speech)}
    return sorted({one.text for one in wanted if prompts.kept(one) is None})


def _aside(work: Callable[[], T]) -> T:
    """Reading takes its time; calls go on meanwhile. What is refused is an answer here, and no fault of a thread."""

    def done() -> tuple[T | None, Exception | None]:
        try:
            return work(), None
        except Exception as error:
            return None, error

    found, error = gevent.get_hub().threadpool.apply(done)
    if error is not None:
        raise error
    return cast(T, found)
