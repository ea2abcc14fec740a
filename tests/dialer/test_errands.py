"""What the dialer asks of its database: whether it does it, and what comes of it (FAULTS.md F10)."""

from typing import Any

import pytest

from acd.records.store import DatabaseUnavailable
from dialer.core.attempt import Attempt
from dialer.core.decisions import Claim, Dial, RunChanged
from dialer.core.events import ClaimFailed, Event, LeadsClaimed, NotDialled
from dialer.core.run import Run
from dialer.live.errands import Errands, MayBeDialled
from dialer.live.leads import Given

from .floor import NOON, campaign


class Moody:
    """Leads whose database answers while ``is_there``."""

    def __init__(self) -> None:
        self.is_there, self.kept = True, 0

    def claim(self, rules: object, n: int, at: float, agents: object) -> Given:
        self.keep_run(None)
        return Given(attempts=())

    def keep_run(self, run: object) -> None:
        if not self.is_there:
            raise DatabaseUnavailable("locked")
        self.kept += 1


def test_given_a_database_that_goes_and_comes_back_when_asked_then_it_is_well_by_what_it_did_last() -> None:
    leads, told = Moody(), list[Event]()
    errands = Errands(leads, told.append, lambda: NOON)  # type: ignore[arg-type]

    def done(*decisions: Any) -> tuple[bool, int, int]:
        for decision in decisions:
            errands.do(decision)
        errands.stop()
        waiting = errands.waiting
        errands.run()
        return errands.is_well, errands.failed, waiting

    claim, run = Claim(rules=campaign(), n=1, at=NOON), RunChanged(run=Run(campaign="spring"))
    assert done(claim, run) == (True, 0, 3)
    leads.is_there = False
    assert done(run) == (False, 1, 2)
    assert done(claim) == (False, 2, 2)
    leads.is_there = True
    assert done(claim) == (True, 2, 2)
    assert [type(each) for each in told] == [LeadsClaimed, ClaimFailed, LeadsClaimed] and leads.kept == 3


@pytest.mark.parametrize("is_there", [True, False])
def test_given_a_database_when_a_job_is_over_then_nothing_waits(is_there: bool) -> None:
    leads = Moody()
    leads.is_there = is_there
    errands = Errands(leads, lambda event: None, lambda: NOON)  # type: ignore[arg-type]
    errands.do(RunChanged(run=Run(campaign="spring")))
    errands.stop()
    errands.run()
    assert errands.waiting == 0


@pytest.mark.parametrize("why", ["", "the number is on a do-not-call list"])
def test_row_94_given_a_lead_that_somebody_looked_at_first_when_it_is_asked_after_then_it_may_be_dialled_or_is_not(why: str) -> None:
    class Asked(Moody):
        def why_not(self, attempt: object, rules: object, at: float) -> str:
            self.keep_run(None)
            return why

    leads, told = Asked(), list[Event]()
    errands = Errands(leads, told.append, lambda: NOON)  # type: ignore[arg-type]
    attempt = Attempt(id="t1", campaign="spring", lead=1, number="+442079460001", claimed_at=NOON - 30)
    dial = Dial(attempt=attempt, rules=campaign())
    for is_there in (True, False):
        leads.is_there = is_there
        errands.look_again(dial)
        errands.stop()
        errands.run()
    first = NotDialled(at=NOON, attempt="t1", why=why) if why else MayBeDialled(at=NOON, dial=dial)
    assert told == [first, NotDialled(at=NOON, attempt="t1", why="the database of leads does not answer: locked")]
