"""Pacers in worlds that nobody tuned them for: other rings and talks, lists of mixed quality, jumps, people who go away, too few lines.

    OPENBLAS_NUM_THREADS=1 python -m bench.pacing_worlds
    ... --worlds jump,inbound --agents 20 --seeds 5 --hours 8

For each world: one line for each free agent, the best fixed ratio of those in RATIOS that abandons at most 3 % in the mean (known
only afterwards), and the predictive pacer: utilisation in percent @ abandoned in percent, the worst shift, the worst quarter-hour
over all shifts, and shifts that ended above 3.00 %. Every shift begins with nothing learnt and an empty ledger.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace

from acd.sim.dice import Exponential, Lognormal
from dialer.core.pacing.predictive import Predictive
from dialer.core.pacing.ratio import Progressive, Ratio
from dialer.sim.results import Results, shifts
from dialer.sim.world import Below, Between, Detected, Inbound, Leaves, Outcome, World, base

LIMIT = 0.03
RATIOS = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
HIT, HANDLING_S = 0.2, 120.0


def rings(mean_s: float, cv: float, most_s: float) -> Callable[[World], World]:
    """People, and machines, answer so late; nobody lets it ring longer than ``most_s``."""
    draw = Below(draw=Lognormal(mean_s=mean_s, cv=cv), most_s=most_s)
    outcomes = (
        Outcome(name="machine", share=0.30, after=Detected(rings=draw, verdict_s=2.5)),
        Outcome(name="busy", share=0.15, after=Between(low_s=1.0, high_s=5.0)),
        Outcome(name="no_answer", share=0.55, after=Between(low_s=most_s, high_s=most_s)),
    )
    return lambda world: replace(world, rings=draw, outcomes=outcomes)


def talks(cv: float) -> Callable[[World], World]:
    return lambda world: replace(
        world, talk=Lognormal(mean_s=0.75 * HANDLING_S, cv=cv), wrap_up=Lognormal(mean_s=30.0, cv=min(cv, 1.0))
    )


def hits(*steps: tuple[float, float]) -> Callable[[World], World]:
    return lambda world: replace(world, hit_ratio=steps[0][1], hit_ratio_steps=steps)


def away(share: float, *times: tuple[float, float]) -> Callable[[World], World]:
    """That part of the team goes at each time, for so long."""
    return lambda world: replace(
        world, leaves=[Leaves(after_s=at, agents=round(share * world.agents), for_s=for_s) for at, for_s in times]
    )


WORLDS: dict[str, Callable[[World], World]] = {
    "as_modelled": lambda world: world,
    "late_answers": rings(18.0, 0.25, 30.0),
    "quick_answers": rings(5.0, 0.6, 25.0),
    "regular_talks": talks(0.3),
    "wild_talks": talks(2.5),
    "mixed_lists": hits(*((n * 1200.0, 0.08 if n % 2 else 0.3) for n in range(24))),
    "drift": hits(*((n * 900.0, 0.08 + 0.006 * n) for n in range(32))),
    "jump": hits((0.0, 0.1), (2 * 3600.0, 0.3)),
    "breaks": away(0.4, (3600.0, 900.0), (2.5 * 3600, 1800.0)),
    "log_outs": away(0.1, *((n * 1200.0, 8 * 3600.0) for n in range(1, 7))),
    "inbound": lambda world: replace(world, inbound=Inbound(per_hour=2.0 * world.agents, talk=Exponential(mean_s=180.0))),
    "few_trunks": lambda world: replace(world, trunks=round(1.8 * world.agents)),
    "few_calls": lambda world: replace(world, calls_per_second=1),
}


def told(results: Results) -> str:
    return f"{100 * results.utilisation.value:6.1f} @{100 * results.abandon_rate.value:<4.2f}"


def best_ratio(world: World, seeds: Sequence[int]) -> tuple[float, Results]:
    tried = [(ratio, shifts(world, lambda ratio=ratio: Ratio(ratio), seeds)) for ratio in RATIOS]  # type: ignore[misc]
    within = [(ratio, found) for ratio, found in tried if found.abandon_rate.value <= LIMIT]
    return max(within or tried[:1], key=lambda each: each[1].utilisation.value)


def row(name: str, agents: int, hours: float, seeds: Sequence[int]) -> str:
    world = WORLDS[name](replace(base(agents, HIT, HANDLING_S), shift_s=hours * 3600))
    ratio, fixed = best_ratio(world, seeds)
    found = shifts(world, Predictive, seeds)
    worst = max(shift.abandon_rate for shift in found.shifts)
    quarter = max(each.abandon_rate.value for each in found.by_quarter().values() if each.abandon_rate)
    return (
        f"{name:>14}{agents:>7}{told(shifts(world, Progressive, seeds)):>14}{told(fixed):>14} x{ratio:<4g}{told(found):>14}"
        f"{100 * worst:>7.2f}{100 * quarter:>9.1f}{found.above(LIMIT):>5}/{len(seeds)}"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    asked = argparse.ArgumentParser(
        prog="bench.pacing_worlds", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asked.add_argument("--worlds", default=",".join(WORLDS))
    asked.add_argument("--agents", default="20,50")
    asked.add_argument("--hours", type=float, default=8.0)
    asked.add_argument("--seeds", type=int, default=3)
    options = asked.parse_args(arguments)
    titles = (("world", 14), ("agents", 7), ("one-to-one", 14), ("best ratio", 14), ("", 6), ("predictive", 14), ("worst", 7))
    print("".join(f"{title:>{width}}" for title, width in (*titles, ("quarter", 9), ("above", 7))), flush=True)
    for name in options.worlds.split(","):
        for agents in map(int, options.agents.split(",")):
            print(row(name, agents, options.hours, range(options.seeds)), flush=True)


if __name__ == "__main__":
    main()
