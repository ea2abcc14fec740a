"""The database's errands, one after the other, in a thread: the hub never waits for them, and what is asked first is done first."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

import gevent
from gevent.queue import Queue

from acd.records.store import DatabaseUnavailable
from dialer.core.decisions import Answered, Claim, ClaimNumber, Decision, Dial, Dispose, Finish, KeepCalled, KeepOptOut, RunChanged
from dialer.core.events import (
    CalledStored,
    ClaimFailed,
    DispositionStored,
    EndStored,
    Event,
    LeadsClaimed,
    NotDialled,
    NumberClaimed,
    NumberRefused,
)
from dialer.lists.calling import NotNow
from dialer.live.leads import Leads

log = logging.getLogger(__name__)

Job = Callable[[], Event | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class MayBeDialled(Event):
    """For the worker alone: what was decided a while ago may be done."""

    dial: Dial


class Errands:
    """``tell`` hears what came of it. A job that the database could not do says so, or is asked for again by who wanted it."""

    def __init__(self, leads: Leads, tell: Callable[[Event], None], clock: Callable[[], float]) -> None:
        self._leads, self._tell, self._clock = leads, tell, clock
        self._jobs: Queue[Job | None] = Queue()
        self.failed = 0
        self.is_well = True  # the last job was done

    def run(self) -> None:
        """Until ``stop``; what was asked before that is done."""
        pool = gevent.get_hub().threadpool
        while (job := self._jobs.get()) is not None:
            if (told := pool.apply(self._tried, (job,))) is not None:
                self._tell(told)

    def stop(self) -> None:
        self._jobs.put(None)

    @property
    def waiting(self) -> int:
        return int(self._jobs.qsize())

    def do(self, decision: Decision) -> None:
        match decision:
            case Claim():
                self._jobs.put(lambda: self._claim(decision))
            case ClaimNumber():
                self._jobs.put(lambda: self._claim_number(decision))
            case Finish():
                self._jobs.put(lambda: self._finish(decision))
            case Answered():
                self._jobs.put(lambda: self._leads.answered(decision.attempt))
            case KeepOptOut():
                self._jobs.put(lambda: self._leads.opted_out(decision.attempt))
            case Dispose():
                self._jobs.put(lambda: self._dispose(decision))
            case KeepCalled():
                self._jobs.put(lambda: self._keep_called(decision))
            case RunChanged():
                self._jobs.put(lambda: self._leads.keep_run(decision.run))

    def look_again(self, dial: Dial) -> None:
        """Answered by ``MayBeDialled`` or ``NotDialled``."""
        self._jobs.put(lambda: self._look_again(dial))

    def later(self, job: Callable[[], None]) -> None:
        self._jobs.put(job)

    def _tried(self, job: Job) -> Event | None:
        failed, told = self.failed, None
        try:
            told = job()
        except DatabaseUnavailable as why:
            self.failed += 1
            log.warning("the database of leads: %s", why)
        self.is_well = self.failed == failed
        return told

    def _claim(self, claim: Claim) -> Event:
        try:
            found = self._leads.claim(claim.rules, claim.n, self._clock(), claim.agents)
        except DatabaseUnavailable as why:
            self.failed += 1
            return ClaimFailed(at=self._clock(), campaign=claim.rules.id, wanted=claim.n, why=str(why))
        return LeadsClaimed(
            at=self._clock(),
            campaign=claim.rules.id,
            wanted=claim.n,
            attempts=found.attempts,
            again_at=found.again_at,
            held=found.held,
        )

    def _claim_number(self, claim: ClaimNumber) -> Event:
        id = claim.attempt.id
        try:
            found = self._leads.claim_number(claim.rules, claim.attempt, self._clock())
        except NotNow as why:
            return NumberRefused(at=self._clock(), attempt=id, why=str(why))
        except DatabaseUnavailable as why:
            self.failed += 1
            return NumberRefused(at=self._clock(), attempt=id, why=f"the database of leads does not answer: {why}")
        return NumberClaimed(at=self._clock(), attempt=found)

    def _look_again(self, dial: Dial) -> Event:
        at = self._clock()
        try:
            why = self._leads.why_not(dial.attempt, dial.rules, at)
        except DatabaseUnavailable as error:
            self.failed += 1
            why = f"the database of leads does not answer: {error}"
        return NotDialled(at=at, attempt=dial.attempt.id, why=why) if why else MayBeDialled(at=at, dial=dial)

    def _finish(self, finish: Finish) -> Event:
        self._leads.finish(finish.attempt, finish.rules)
        return EndStored(at=self._clock(), attempt=finish.attempt.id)

    def _dispose(self, decision: Dispose) -> Event | None:
        is_stored = self._leads.dispose(decision.said, decision.rules)
        return DispositionStored(at=self._clock(), said=decision.said) if is_stored else None

    def _keep_called(self, decision: KeepCalled) -> Event | None:
        is_stored = self._leads.called(decision.called, decision.rules)
        return CalledStored(at=self._clock(), called=decision.called) if is_stored else None
