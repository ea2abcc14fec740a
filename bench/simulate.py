"""How fast a contact centre is simulated, and what a simulated call costs; and Erlang's formulas met at length.

    python -m bench.simulate            seconds simulated in a second, microseconds of CPU a call, for floors of several sizes
    python -m bench.simulate --grid 8   every point of the grid of tests/sim, eight times as long: found, expected, and how sure

The cost grows with what the core does: with how many agents stand in a trace (up to 50), and with how many events a call has. Each
floor is shown as a ratio of the smallest one in the same run, so that figures of different machines can be compared.
"""

import argparse
import gc
import time
from dataclasses import dataclass

from acd.core.interpreter import EnterQueue
from acd.core.policy import AgentPolicy, Policy, QueuePolicy
from acd.sim.dice import Exponential
from acd.sim.experiment import Experiment, Poisson, Shift, Stream, run
from acd.words import AgentId, PhoneId, QueueId

Q = QueueId("q")
TALK_S = 180.0
LOAD = 0.9
CALLS = 3_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    agents: int
    us_a_call: float
    times_real_speed: float


def floor(agents: int, calls: int = CALLS) -> Experiment:
    """Agents who talk 90 % of their time, callers who wait two minutes on the mean."""
    names = [AgentId(f"a{n}") for n in range(agents)]
    per_s = LOAD * agents / (TALK_S + 10.0)
    end = calls / per_s
    policy = Policy(
        queues={Q: QueuePolicy(id=Q, wrap_up_s=10.0)},
        agents={id: AgentPolicy(id=id, name=id, phone=PhoneId(id), queues=(Q,)) for id in names},
    )
    callers = Stream(
        name="q",
        ask=EnterQueue(queue=Q),
        arrivals=Poisson(rates=[(0.0, per_s)], until=end),
        talk=Exponential(mean_s=TALK_S),
        patience=Exponential(mean_s=120.0),
    )
    return Experiment(policy=policy, shifts=[Shift(agent=id, start=0.0) for id in names], streams=[callers], end=end)


def measure(agents: int, calls: int = CALLS) -> Cost:
    experiment, was = floor(agents, calls), gc.isenabled()
    gc.disable()
    began = time.process_time()
    tally = run(experiment, "bench")
    spent = time.process_time() - began
    if was:
        gc.enable()
    return Cost(agents=agents, us_a_call=spent / len(tally.visits) * 1e6, times_real_speed=experiment.end / spent)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--grid", type=int, default=0, metavar="TIMES")
    if times := parser.parse_args().grid:
        return grid(times)
    base = 0.0
    print(f"{'agents':>7} {'us/call':>8} {'ratio':>6} {'x real speed':>13}")
    for agents in (5, 20, 100, 500):
        cost = min((measure(agents) for _ in range(2)), key=lambda each: each.us_a_call)
        base = base or cost.us_a_call
        print(f"{agents:>7} {cost.us_a_call:>8.0f} {cost.us_a_call / base:>6.2f} {cost.times_real_speed:>13,.0f}")


def grid(times: int) -> None:
    from tests.sim.grid import GRID, compared

    confidence = 0.99
    outside = total = 0
    print(f"{'point':<16} {'measure':<8} {'found':>9} {'±':>8} {'expected':>9}")
    for point in GRID:
        for measure, (found, expected) in compared(point, confidence, scale=times).items():
            total += 1
            outside += not found.holds(expected)
            mark = "" if found.holds(expected) else "  outside"
            print(f"{point.name:<16} {measure:<8} {found.mean:>9.4f} {found.half:>8.4f} {expected:>9.4f}{mark}", flush=True)
    print(f"{outside} of {total} outside their 99 % interval; of so many about {total * (1 - confidence):.1f} are by chance")


if __name__ == "__main__":
    main()
