"""The formulas of Erlang (B, C) and Palm (Erlang A), against which the simulator is checked. PURE.

``load`` is the offered load in erlangs: arrivals per second times mean handling seconds. Sources: A. K. Erlang 1917 (B and C, as in
R. B. Cooper, Introduction to Queueing Theory, 1981, ch. 3); C. Palm 1943 for impatient callers, in the form of S. Zeltyn and
A. Mandelbaum, Call centers with impatient customers: many-server asymptotics of the M/M/n+G queue, Queueing Systems 51, 2005;
F. Pollaczek and A. Khinchine for one server. No factorial and no power of the load is formed, so thousands of agents overflow nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, exp, expm1, inf


def erlang_b(agents: int, load: float) -> float:
    """The share of callers who find all agents busy and are turned away. By recursion: 1/B(n) = 1 + n/load · 1/B(n-1)."""
    inverse = 1.0
    for n in range(1, agents + 1):
        inverse = 1.0 + n / load * inverse
    return 1.0 / inverse


def erlang_c(agents: int, load: float) -> float:
    """The share of callers who wait at all, when nobody leaves; 1 when the agents cannot keep up."""
    if load >= agents:
        return 1.0
    blocked = erlang_b(agents, load)
    return agents * blocked / (agents - load * (1.0 - blocked))


def mean_wait_c_s(agents: int, load: float, handling_s: float) -> float:
    return erlang_c(agents, load) * handling_s / (agents - load) if load < agents else inf


def service_level_c(agents: int, load: float, handling_s: float, target_s: float) -> float:
    """The share of callers who are answered within the target, when nobody leaves."""
    if load >= agents:
        return 0.0
    return 1.0 - erlang_c(agents, load) * exp(-(agents - load) * target_s / handling_s)


def mean_wait_one_agent_s(per_s: float, handling_s: float, cv: float) -> float:
    """One agent, handling times of any kind with this standard deviation (as a multiple of the mean)."""
    load = per_s * handling_s
    return load * handling_s * (1.0 + cv**2) / (2.0 * (1.0 - load)) if load < 1.0 else inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Impatient:
    """What Erlang A says: shares of all callers, means over all callers."""

    waiting: float  # who do not get an agent at once
    abandoned: float
    answered_in_time: float
    mean_wait_s: float
    occupancy: float


def erlang_a(agents: int, per_s: float, handling_s: float, patience_s: float, target_s: float) -> Impatient:
    """Exponential handling and patience: the birth-and-death chain of how many are there, summed state by state."""
    ahead = _chain(agents, per_s, handling_s, patience_s)
    busy = sum(ahead[agents:])
    waiting_mean = sum((n - agents) * p for n, p in enumerate(ahead) if n > agents)
    serving = sum(min(n, agents) * p for n, p in enumerate(ahead))
    abandoned = waiting_mean / patience_s / per_s
    return Impatient(
        waiting=busy,
        abandoned=abandoned,
        answered_in_time=answered_within(
            agents, per_s, handling_s, lambda x: exp(-x / patience_s), lambda x: -patience_s * expm1(-x / patience_s), target_s
        ),
        mean_wait_s=waiting_mean / per_s,
        occupancy=serving / agents,
    )


LEAST = 1e-16


def _chain(agents: int, per_s: float, handling_s: float, patience_s: float) -> list[float]:
    """How likely it is that n callers are there, being served and waiting. Built from the likeliest outwards, then made to sum to 1."""
    peak = min(int(per_s * handling_s), agents)

    def leaves(n: int) -> float:
        return min(n, agents) / handling_s + max(0, n - agents) / patience_s

    up = [1.0]
    while up[-1] > LEAST or peak + len(up) <= agents + 1:
        up.append(up[-1] * per_s / leaves(peak + len(up)))
    down = [1.0]
    for n in range(peak, 0, -1):
        down.append(down[-1] * leaves(n) / per_s)
    chain = [*reversed(down), *up[1:]]
    total = sum(chain)
    return [p / total for p in chain]


def answered_within(
    agents: int, per_s: float, handling_s: float, stays: Callable[[float], float], stayed_s: Callable[[float], float], target_s: float
) -> float:
    """The share of all callers who are answered within ``target_s``, for patience of any kind (M/M/n+G).

    ``stays(x)`` is the share of callers whose patience is longer than x, ``stayed_s(x)`` its integral from 0. The wait that the next
    caller would be offered has the density per_s * exp(per_s * stayed_s(x) - agents * x / handling_s), in units of the state in which
    one agent is free.
    """
    leaves = agents / handling_s
    before = 1.0 / erlang_b(agents - 1, per_s * handling_s)  # all states with an agent free, in units of the last of them

    def density(x: float) -> float:
        return per_s * exp(per_s * stayed_s(x) - leaves * x)

    stretch = 0.5 / leaves  # short against the time in which the density changes
    total, start = 0.0, 0.0
    while True:
        part = _integral(density, start, start + stretch)
        total, start = total + part, start + stretch
        if part < LEAST * (total + before) and density(start) <= density(start - stretch):
            break
    steps = 20 * max(1, ceil(min(target_s, start) / stretch))  # after ``start`` nothing is left to be offered
    return (before + _integral(lambda x: density(x) * stays(x), 0.0, min(target_s, start), steps)) / (before + total)


def _integral(f: Callable[[float], float], a: float, b: float, steps: int = 20) -> float:
    """Simpson's rule."""
    h = (b - a) / steps
    odd = sum(f(a + h * n) for n in range(1, steps, 2))
    even = sum(f(a + h * n) for n in range(2, steps, 2))
    return (f(a) + f(b) + 4 * odd + 2 * even) * h / 3
