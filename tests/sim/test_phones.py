"""Phones of a make-believe house: whoever was rung in vain comes back, whatever the reason."""

from acd.sim.dice import Fixed
from acd.sim.phones import NEAR_S, Drawn, Manners, Remembered, Ring, Rung
from acd.words import AgentId, PhoneId

ANNA, PHONE = AgentId("anna"), PhoneId("1001")


def test_given_a_slow_agent_when_the_house_gives_the_ring_up_then_they_come_back_as_from_one_that_they_missed() -> None:
    ring = Drawn(Manners(answer=Fixed(mean_s=60.0), back=Fixed(mean_s=7.0)), 1).ring(0.0, ANNA, PHONE)
    assert (ring.answer_s, ring.back_s) == (60.0, 7.0)


def test_given_a_share_of_missed_rings_when_one_is_missed_then_nobody_picks_up_and_they_come_back() -> None:
    ring = Drawn(Manners(missed=1.0, back=Fixed(mean_s=7.0)), 1).ring(0.0, ANNA, PHONE)
    assert (ring.answer_s, ring.back_s) == (None, 7.0)


def test_given_a_remembered_day_when_a_ring_is_like_none_of_it_then_it_is_drawn_and_missing_it_keeps_nobody_away() -> None:
    known = Rung(agent=ANNA, at=0.0, ring=Ring(answer_s=4.0))
    ring = Remembered([known], 1).ring(NEAR_S + 1, ANNA, PHONE)
    assert (ring.answer_s, ring.back_s) == (4.0, 0.0)


def test_given_a_ring_that_was_called_off_when_lived_again_then_the_answer_is_drawn_beyond_it_and_nobody_is_kept_away() -> None:
    off = Rung(agent=ANNA, at=0.0, ring=Ring(), at_least_s=6.0)
    others = [Rung(agent=ANNA, at=9000.0 + n, ring=Ring(answer_s=answer_s)) for n, answer_s in enumerate((2.0, 9.0))]
    ring = Remembered([off, *others], 1).ring(0.0, ANNA, PHONE)
    assert (ring.answer_s, ring.back_s) == (9.0, 0.0)
