"""Losses, early kills, playbacks that did not begin: each told from what arrives and the time alone."""

from acd.core import commands as c
from acd.core.media import Music
from acd.switch.births import Births
from acd.switch.starts import Starts
from acd.switch.watch import Watch
from acd.words import LegId, PlayId

LEG = LegId("fs1/a")


def play(id: str) -> c.Play:
    return c.Play(leg=LEG, play=PlayId(id), media=(Music(),))


def test_given_a_born_leg_when_it_parks_in_time_then_nothing_is_missed() -> None:
    watch = Watch(grace_s=2)
    watch.expect("park", "a", 10)
    assert watch.missed(12) is None
    assert watch.missed(12.1) == "no park of a"
    watch.saw("park", "a")
    assert watch.missed(99) is None


def test_given_an_expected_end_when_the_leg_dies_then_nothing_is_missed() -> None:
    watch = Watch(grace_s=2)
    watch.expect("end", "a", 10)
    watch.died("a")
    assert watch.missed(99) is None


def test_given_legs_when_the_switch_counts_others_three_times_then_something_was_lost() -> None:
    watch = Watch()
    watch.born("a")
    for count in (2, 1, 2, 2):
        watch.counted(count)
        assert watch.missed(0) is None
    watch.counted(2)
    assert watch.missed(0) == "the switch counts +1 legs"
    watch.rebase(["a", "b"])
    assert watch.missed(0) is None


def test_row78_given_a_number_when_it_comes_again_then_it_is_a_duplicate_until_forgotten() -> None:
    watch = Watch()
    assert [watch.is_duplicate(n) for n in (5, 3, 5, 3, 6)] == [False, False, True, True, False]
    watch.forget_sequence()
    assert not watch.is_duplicate(5)


def test_given_many_events_when_watched_then_memory_is_bounded() -> None:
    watch = Watch()
    for number in range(10_000):
        watch.is_duplicate(number)
    assert len(watch._seen) == len(watch._recent) == 4096
    assert watch.is_duplicate(9_999) and not watch.is_duplicate(1)


def test_row2_given_a_kill_that_failed_when_the_leg_shows_itself_then_it_is_killed_until_it_is_over() -> None:
    births = Births()
    births.asked("b", 0)
    assert births.seen("b") is None
    births.asked("b", 0)
    assert births.kill_failed("b", "LOSE_RACE") is None
    assert births.seen("b") == births.seen("b") == "LOSE_RACE"
    assert births.over("b") == "LOSE_RACE"
    assert births.seen("b") is None and births.kill_failed("b", "X") is None


def test_row2_given_a_leg_that_was_born_before_the_failed_kill_was_told_when_told_then_it_is_killed_at_once() -> None:
    births = Births()
    births.asked("b", 0)
    births.seen("b")
    assert births.kill_failed("b", "LOSE_RACE") == "LOSE_RACE"


def test_given_a_birth_that_never_ends_when_long_ago_then_it_is_forgotten() -> None:
    births = Births()
    births.asked("b", 0)
    births.tidy(181)
    assert "b" not in births


def test_given_a_play_when_it_does_not_begin_then_it_is_asked_for_twice_more_and_no_more() -> None:
    starts = Starts()
    starts.sent(play("p"), 0)
    assert starts.overdue(0.2) == []
    assert starts.overdue(0.3) == [play("p")]
    assert starts.overdue(0.4) == []
    assert starts.overdue(0.7) == [play("p")]
    assert starts.overdue(9) == starts.overdue(99) == []


def test_given_a_play_that_was_replaced_when_the_old_one_begins_then_the_new_one_is_still_awaited() -> None:
    starts = Starts()
    starts.sent(play("p"), 0)
    starts.sent(play("q"), 0.1)
    starts.begun(LEG, "p")
    assert starts.overdue(1) == [play("q")]
    starts.begun(LEG, "q")
    assert starts.overdue(9) == []


def test_given_a_play_when_it_is_stopped_or_the_leg_ends_then_it_is_not_asked_for_again() -> None:
    starts = Starts()
    for over in (c.StopPlay(leg=LEG), c.Bridge(leg=LEG, other=LegId("fs1/b")), c.HangUp(leg=LEG)):
        starts.sent(play("p"), 0)
        starts.sent(over, 0.1)
        assert starts.overdue(9) == []
    starts.sent(play("p"), 0)
    starts.ended(LEG)
    assert starts.overdue(9) == []
