"""What one decision of the predictive pacer costs, by the size of the floor: everything it is told, and a question after each event.

    OPENBLAS_NUM_THREADS=1 python -m bench.pacing_cost

A floor is some agents, four in five of them busy, and some ringing lines. Each event is one line that ends and one that is dialled in
its place; after each the pacer is asked. Told: microseconds of CPU for an event with its decision, the slowest decision in
milliseconds (tables are built in it now and then), and decisions per second on one core.
"""

import time
from collections.abc import Sequence

from acd.words import AgentId
from dialer.core.pacing import events as ev
from dialer.core.pacing.pacer import Ledger, View
from dialer.core.pacing.predictive import Predictive

FLOORS = ((10, 40), (50, 200), (200, 800), (500, 2_000))
EVENTS = 3_000
VIEW = View(trunks=0, ledgers=(Ledger(answers=100_000, abandons=2_800, limit=0.03),))
"""No trunk is free, so that the floor stays as large as it is; what is computed is the same."""


def floor(agents: int, lines: int) -> Predictive:
    pacer = Predictive()
    for n in range(agents):
        pacer.feed(ev.AgentReady(at=0.0, agent=AgentId(f"a{n}")))
        if n % 5:
            pacer.feed(ev.AgentTalking(at=-n % 97 / 2, agent=AgentId(f"a{n}")))
    for n in range(lines):
        pacer.feed(ev.LineDialled(at=-25.0 * (lines - n) / lines, line=f"l{n}"))
    return pacer


def cost(agents: int, lines: int) -> tuple[float, float]:
    """Seconds of CPU for an event with its decision: the mean, and the most."""
    pacer, each = floor(agents, lines), []
    for n in range(EVENTS):
        at, began = 25.0 * n / lines, time.process_time()
        pacer.feed(ev.LineEnded(at=at, line=f"l{n}", outcome="no_answer"))
        pacer.lines(at, VIEW)
        pacer.feed(ev.LineDialled(at=at, line=f"l{n + lines}"))
        pacer.lines(at, VIEW)
        each.append((time.process_time() - began) / 2)
    return sum(each) / len(each), max(each)


def main(floors: Sequence[tuple[int, int]] = FLOORS) -> None:
    print(f"{'agents':>7}{'lines':>7}{'us/event':>10}{'worst ms':>10}{'per second':>12}", flush=True)
    for agents, lines in floors:
        mean, most = cost(agents, lines)
        print(f"{agents:>7}{lines:>7}{1e6 * mean:>10.0f}{1e3 * most:>10.1f}{1 / mean:>12,.0f}", flush=True)


if __name__ == "__main__":
    main()
