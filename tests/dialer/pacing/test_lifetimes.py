import numpy as np

from dialer.core.pacing.lifetimes import Lifetimes, classes
from dialer.core.pacing.tables import Circle, at_times, ends_within, survival

NOBODY = np.zeros(0)


def test_given_classes_when_they_grow_then_each_is_wider_by_the_same_part_and_the_last_age_is_covered() -> None:
    edges = classes(1.0, 1.5, 100.0)
    widths = np.diff(edges)
    assert edges[0] == 0.0 and edges[-1] >= 100.0 and np.allclose(widths[1:] / widths[:-1], 1.5)


def test_given_nothing_seen_when_asked_then_the_hazards_are_the_prior() -> None:
    fresh = Lifetimes(classes(1.0, 1.0, 5.0), (0.05, 0.02), weight=1.0, memory=100.0)
    assert np.allclose(fresh.hazards(NOBODY), [[0.05] * 5, [0.02] * 5])


def test_given_many_ends_when_asked_then_the_hazards_are_those_of_the_distribution_they_came_from() -> None:
    learnt = Lifetimes(classes(1.0, 1.2, 600.0), (1 / 300,), weight=2.0, memory=1e9, pools=True)
    for n in range(20_000):
        learnt.ended(-30.0 * np.log((n + 0.5) / 20_000))  # exponential, 30 s
    assert np.allclose(learnt.hazards(NOBODY)[0][:15], 1 / 30, rtol=0.05)


def test_given_lives_that_last_when_asked_then_they_count_as_having_reached_their_age() -> None:
    learnt = Lifetimes(classes(1.0, 1.0, 30.0), (0.05, 0.02), weight=0.15, memory=1e9)
    for _ in range(10):
        learnt.ended(5.5, 0)
    alone = learnt.hazards(NOBODY)[0][5]
    assert learnt.hazards(np.full(90, 20.5))[0][5] < alone / 5


def test_given_more_than_the_memory_when_it_fades_then_the_proportions_stay() -> None:
    learnt = Lifetimes(classes(1.0, 1.0, 10.0), (0.05, 0.02), weight=1.0, memory=50.0)
    for n in range(100):
        learnt.ended(2.5, 0 if n % 4 == 0 else 1)
    learnt.fades()
    assert np.isclose(learnt.ends.sum(), 50.0) and np.isclose(learnt.ends[0].sum(), 12.5)


def test_given_a_constant_hazard_when_survival_is_asked_then_it_has_no_memory() -> None:
    edges = classes(1.0, 1.3, 200.0)
    lasts = survival(edges, np.full(len(edges) - 1, 0.1), np.array([0.0, 50.0, 500.0]), np.array([0.0, 10.0]))
    assert np.allclose(lasts, [[1.0, np.exp(-1.0)]] * 3)


def test_given_two_ways_to_end_when_asked_for_one_then_its_share_of_the_ends() -> None:
    edges, grid = classes(1.0, 1.0, 90.0), np.arange(0.0, 90.25, 0.5)
    hazards = np.array([[0.03] * 90, [0.06] * 90])
    within = ends_within(edges, hazards, 0, np.array([0.0, 40.0]), grid)
    assert np.allclose(at_times(grid, within, np.array([10.0])), (1 - np.exp(-0.9)) / 3, atol=1e-3)


def test_given_independent_chances_when_their_logs_are_added_then_the_transform_is_their_exact_distribution() -> None:
    circle, chances = Circle.of(16), np.array([0.2, 0.7, 0.4])
    got = np.fft.irfft(np.exp(circle.logs(chances, 1).sum(axis=0)), 16)
    exact = np.array([1.0])
    for chance in chances:
        exact = np.convolve(exact, [1 - chance, chance])
    assert np.allclose(got[:4], exact) and np.allclose(got[4:], 0.0, atol=1e-9)
    assert np.allclose(np.fft.irfft(np.exp(circle.logs(chances, -1).sum(axis=0)), 16)[[0, 15, 14, 13]], exact)
