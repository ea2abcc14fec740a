"""Why a campaign gets no lead: how many are held by what, and when the next of them may be dialled (ACD.md 91-94)."""

from dataclasses import replace
from pathlib import Path

from acd.law.profile import DAY_S
from dialer.core.attempt import Outcome
from dialer.core.held import Held, HeldBy
from dialer.lists.store import LeadStore
from dialer.live.kept_leads import KeptLeads
from tests.dialer.floor import NOON
from tests.dialer.test_kept_leads import BERLIN, house, one, over, spring, store

__all__ = ["store"]

NIGHT = NOON + 12 * 3600.0
"""Wednesday, 23:00 in Berlin and 22:00 in London."""


def night(store: LeadStore, tmp_path: Path) -> KeptLeads:
    """Three in Berlin and one in London, of whom one was busy and may be dialled again at noon."""
    kept = house(store, tmp_path, [*BERLIN[:3], "+442079460001"])
    over(kept, one(kept), Outcome.BUSY, at=NIGHT - 60)
    return kept


def test_given_the_night_when_no_lead_may_be_dialled_then_how_many_are_held_by_what_and_when_the_next_window_opens(
    store: LeadStore, tmp_path: Path
) -> None:
    kept = night(store, tmp_path)
    given = kept.claim(spring(), 5, NIGHT)
    assert not given.attempts and given.held is not None and given.held.by is HeldBy.LOCAL_HOURS
    assert given.held.why == (
        "no lead may be dialled now: 3 outside the hours of who is called (the next window opens Thu 2026-11-26 09:00); "
        "1 wait for their next attempt (the first Wed 2026-11-25 23:04)"
    )
    held = kept.claim(spring(), 5, NIGHT + 600).held
    four = "no lead may be dialled now: 4 outside the hours of who is called (the next window opens Thu 2026-11-26 09:00)"
    assert held == Held(by=HeldBy.LOCAL_HOURS, why=four), "the time of the retry has come, and it is night for that one too"


def test_given_the_night_when_asked_what_holds_the_leads_then_until_the_first_window_opens(store: LeadStore, tmp_path: Path) -> None:
    (outside,) = [each for each in night(store, tmp_path).held(spring(), NIGHT).counts if each.by == "outside_hours"]
    assert (outside.n, outside.until) == (3, NIGHT + 10 * 3600.0)


def test_given_lists_without_leads_or_a_do_not_call_list_that_is_too_old_when_asked_then_it_says_that(
    store: LeadStore, tmp_path: Path
) -> None:
    kept = house(store, tmp_path, BERLIN[:1])
    attempt = one(kept)
    held = kept.claim(spring(), 1, NOON).held
    assert held == Held(by=HeldBy.LEADS, why="no lead may be dialled now: 1 are being dialled")
    kept.finish(replace(attempt, outcome=Outcome.BUSY, ended_at=NOON), spring())
    held = kept.claim(spring(), 1, NOON + 60).held
    assert held is not None and held.by is HeldBy.LEADS and "1 wait for their next attempt (the first" in held.why
    held = kept.claim(spring(lists=("none",)), 1, NOON).held
    assert held == Held(by=HeldBy.LEADS, why="no lead may be dialled now: its lists have none (dialer leads import)")
    held = kept.claim(spring(), 1, NOON + 200 * DAY_S).held
    assert held is not None and held.by is HeldBy.DO_NOT_CALL and held.why.startswith("the do-not-call list")
