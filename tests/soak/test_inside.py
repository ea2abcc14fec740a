"""The soak of docs/SIMULATION.md for some hours, with fixed seeds; and each fault by itself, so that none of them is idle."""

import pytest

from tests.soak.faults import FAULTS, Fault
from tests.soak.inside import Failed, Inside


@pytest.mark.parametrize("seed", [1, 2])
def test_given_faults_of_every_kind_when_three_hours_pass_then_all_holds_and_nothing_heals_that_was_not_injected(seed: int) -> None:
    world = Inside(seed, fault_every_s=25.0)
    world.run(3 * 3600.0)
    assert world.counts["compared"] > 5 and world.counts["deaths"] > 5 and world.outcomes["Entry answered"] > 100


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_given_one_fault_again_and_again_when_half_an_hour_passes_then_all_holds(fault: Fault) -> None:
    world = Inside(7, faults=[fault], fault_every_s=20.0)
    world.run(1800.0)
    assert world.counts[fault.__name__] >= 3 and world.outcomes["Entry answered"] > 5


def test_given_no_faults_when_four_hours_pass_then_nothing_is_healed_at_all() -> None:
    world = Inside(3, faults=[])
    world.run(4 * 3600.0)
    agents = {phone for agent in world.rules.agents.values() for phone in agent.devices}  # a supervisor's phone is nobody's device
    assert set(world.healed) <= {"PhoneRegistered"} and sum(world.healed.values()) == len(agents)
    assert world.outcomes["Entry answered"] > 300


def test_given_a_difference_that_nobody_injected_when_it_is_seen_then_the_soak_fails_and_names_its_seed() -> None:
    world = Inside(4, faults=[])
    world.run(600.0)
    leg = next(call.leg for call in world.state.calls.values())
    world.switch.legs.pop(leg)
    with pytest.raises(Failed, match=r"seed 4, .*healed, though nothing was injected"):
        world.run(600.0)


def test_given_the_same_seed_when_told_twice_then_the_same_to_the_last_decision() -> None:
    one, two = Inside(5), Inside(5)
    one.run(3600.0)
    two.run(3600.0)
    assert (one.n, one.journal, one.outcomes) == (two.n, two.journal, two.outcomes) and one.n > 1000
