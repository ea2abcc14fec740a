"""The circuit breaker: opens after five failures in a row, lets one go to see, closes when that went well."""

from acd.live.breaker import Breaker


def failed(times: int) -> Breaker:
    breaker = Breaker()
    for _ in range(times):
        assert breaker.lets_through(0.0)
        breaker.went(0.0, well=False)
    return breaker


def test_given_failures_that_are_not_in_a_row_when_counted_then_it_stays_closed() -> None:
    breaker = failed(4)
    breaker.went(0.0, well=True)
    breaker.went(0.0, well=False)
    assert breaker.lets_through(0.0) and breaker.failures == 1


def test_given_five_failures_when_asked_then_nobody_goes_until_the_rest_is_over_and_then_one_alone() -> None:
    breaker = failed(5)
    assert [breaker.lets_through(at) for at in (0.0, 29.9, 30.0, 30.0, 31.0)] == [False, False, True, False, False]


def test_given_the_one_that_goes_to_see_when_it_is_well_then_it_is_closed_and_counts_from_none() -> None:
    breaker = failed(5)
    assert breaker.lets_through(30.0)
    breaker.went(31.0, well=True)
    breaker.went(31.0, well=False)
    assert breaker.lets_through(31.0)


def test_given_the_one_that_goes_to_see_when_it_fails_or_never_comes_back_then_the_rest_begins_anew() -> None:
    breaker = failed(5)
    assert breaker.lets_through(30.0)
    breaker.went(32.0, well=False)
    assert [breaker.lets_through(at) for at in (61.9, 62.0, 62.1, 92.0)] == [False, True, False, True]
