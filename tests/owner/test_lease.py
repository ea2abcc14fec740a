"""Whose a switch is, as one controller knows it (ACD.md 83, FAULTS.md F35, F47)."""

import math

import pytest

from acd.owner.lease import Lease
from acd.owner.token import Token, read

LEASE_S = 10.0


class Var:
    """The variable on the switch."""

    def __init__(self, value: str = "") -> None:
        self.value = value

    def asked(self, lease: Lease, now: float, *, take: bool = True, at: float | None = None) -> Lease:
        """One question and its answer, ``now`` and (when it came later) ``at``."""
        after, question = lease.next(now, take=take)
        return self._done(after, question, now if at is None else at)

    def released(self, lease: Lease, now: float) -> Lease:
        return self._done(*lease.release(now), now)

    def _done(self, lease: Lease, question, at: float) -> Lease:  # type: ignore[no-untyped-def]
        if question.put and (not question.expected or question.expected == self.value):
            self.value = question.put
        return lease.heard(question, self.value, at)


def controller(home: str = "aa", process: str = "01") -> Lease:
    return Lease(home=home, process=process, lease_s=LEASE_S)


def owner(var: Var, home: str = "aa", process: str = "01", now: float = 0.0) -> Lease:
    lease = controller(home, process)
    for at in (now, now, now + lease.claim_s):
        lease = var.asked(lease, at)
    assert lease.may_send(now + lease.claim_s)
    return lease


@pytest.mark.parametrize(
    "odd", ["", "1:aa.01", "x:aa.01:3", "1:aa.01:3 ", "1:AA.01:3", "1:aa:3", "-1:aa.01:3", "\u0661:aa.01:3", "a=b"]
)
def test_given_what_no_controller_writes_when_read_then_it_is_no_token(odd: str) -> None:
    assert read(odd) is None


def test_given_a_token_when_written_and_read_then_it_is_the_same() -> None:
    for token in (Token(epoch=7, home="aa", process="01", beat=42), Token(epoch=7, home="aa", process="", beat=43)):
        assert read(str(token)) == token


def test_given_a_fresh_switch_when_claimed_then_it_is_owned_only_once_the_claim_has_stood() -> None:
    var, lease = Var(), controller()
    lease = var.asked(lease, 0.0)
    lease = var.asked(lease, 0.1)
    assert read(var.value) == Token(epoch=0, home="aa", process="01", beat=1)
    lease = var.asked(lease, 0.2)
    assert not lease.held and not lease.may_send(0.2)
    lease = var.asked(lease, 0.1 + lease.claim_s)
    token = read(var.value)
    assert token and token.epoch == 1 and lease.may_send(1.0)


def test_given_a_fresh_switch_seen_long_ago_when_asked_then_it_is_looked_at_again_before_it_is_claimed() -> None:
    """Somebody may have come since: what is set without condition is set at once or not at all."""
    var, lease = Var(), controller()
    lease = var.asked(lease, 0.0)
    _, question = lease.next(5.0, take=True)
    assert question.put == ""
    _, question = lease.next(0.01, take=True)
    assert question.put and question.expected == "" and question.by == pytest.approx(lease.claim_s / 2)


def test_given_an_owner_when_it_does_not_renew_then_it_sends_nothing_after_half_of_the_lease() -> None:
    var = Var()
    lease = owner(var)
    asked_at = lease.held_at
    assert lease.may_send(asked_at + 4.99) and not lease.may_send(asked_at + 5.0)
    renewed = var.asked(lease, 20.0, at=24.0)
    assert renewed.may_send(24.9) and not renewed.may_send(25.0), "it counts from when it asked"


def test_given_a_renewal_whose_answer_was_lost_when_asked_again_then_it_is_ours_but_not_renewed_by_reading() -> None:
    var = Var()
    lease = owner(var)
    after, question = lease.next(10.0, take=True)
    var.value = question.put  # done, and the answer is lost
    again = var.asked(after, 20.0)
    assert again.held == question.put and not again.may_send(20.0)
    assert var.asked(again, 20.1).may_send(20.2)


def test_given_an_owner_that_renews_when_somebody_stands_by_then_they_never_take_it() -> None:
    var = Var()
    lease, other = owner(var), controller("bb", "02")
    for second in range(1, 60):
        lease = var.asked(lease, float(second))
        other = var.asked(other, float(second) + 0.5, take=other.may_take(alone=True))
    assert lease.may_send(59.0) and not other.held and other.alive


def test_given_an_owner_that_is_stopped_when_a_whole_lease_has_passed_then_the_other_takes_over_and_the_first_has_lost() -> None:
    var = Var()
    lease, other = owner(var), controller("bb", "02")
    other = var.asked(other, 100.0, take=False, at=101.0)
    other = var.asked(other, 110.9, take=other.may_take(alone=False))
    assert not other.may_take(alone=False), "9.9 s since it was heard"
    other = var.asked(other, 111.0, take=False)
    assert other.may_take(alone=False)
    other = var.asked(other, 111.1)
    token = read(var.value)
    assert other.may_send(112.0) and token and (token.epoch, token.home) == (2, "bb") and other.taken_from == "aa"
    lease = var.asked(lease, 112.0)
    assert lease.lost and not lease.may_send(112.0)
    _, question = lease.next(113.0, take=True)
    assert question.put == "", "lost is for good"


def test_given_a_home_that_nobody_else_can_have_when_started_again_then_it_does_not_wait_for_the_lease() -> None:
    """kill -9 and a restart: the lock of the home tells that the other is dead."""
    var = Var()
    owner(var, process="01")
    again = var.asked(controller(process="02"), 1.0, take=False)
    assert again.may_take(alone=True) and not again.may_take(alone=False)
    again = var.asked(again, 1.1)
    assert again.may_send(1.2) and again.epoch == 2
    stranger = var.asked(controller("bb", "03"), 1.0, take=False)
    assert not stranger.may_take(alone=True)


def test_given_an_owner_that_ends_when_it_releases_then_the_other_takes_over_at_once() -> None:
    """FAULTS.md F47."""
    var = Var()
    lease, other = owner(var), controller("bb", "02")
    lease = var.released(var.asked(lease, 1.0), 2.0)
    assert not lease.held and not lease.may_send(2.0)
    other = var.asked(other, 2.1, take=False)
    assert other.may_take(alone=False)
    assert var.asked(other, 2.2).taken_from == "aa"


def test_given_a_release_that_met_an_unanswered_renewal_when_asked_again_then_it_is_released() -> None:
    var = Var()
    lease = owner(var)
    lease, question = lease.next(3.0, take=True)
    var.value = question.put  # its answer was lost
    lease = var.released(lease, 3.1)
    assert lease.held
    assert not var.released(lease, 3.2).held


def test_given_a_switch_that_came_up_anew_when_asked_then_its_owner_has_it_again_before_who_stands_by() -> None:
    var = Var()
    lease, other = owner(var), controller("bb", "02")
    other = var.asked(other, 1.0, take=False)
    var.value = ""
    other = var.asked(other, 2.0, take=other.may_take(alone=True))
    assert not other.may_take(alone=True)
    lease = var.asked(lease, 2.1)
    assert not lease.lost and not lease.may_send(2.1), "nothing is ours there until it is claimed again"
    for at in (2.2, 2.3, 3.0):
        lease = var.asked(lease, at)
    assert lease.may_send(3.0) and lease.epoch == 2


def test_given_a_value_of_nobody_that_we_know_when_it_does_not_change_then_it_is_taken_after_the_lease() -> None:
    var = Var("odd")
    lease = var.asked(controller(), 0.0, take=False)
    assert not lease.may_take(alone=True)
    lease = var.asked(lease, 10.0, take=False)
    assert lease.may_take(alone=False)
    assert var.asked(lease, 10.1).held


def test_given_nothing_heard_when_asked_then_nothing_may_be_done() -> None:
    assert not controller().may_take(alone=True) and not controller().may_send(0.0)
    assert controller().held_at == -math.inf
