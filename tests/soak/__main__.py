"""An hour of random faults against the real programs.

    python -m tests.soak --minutes 60 --seed 1 [--switch freeswitch] [--only f01_controller_killed]

Starts ``acd run`` behind a proxy, a switch, eight phones and a stream of callers; injects a fault every few seconds; after each it
checks that the house and the switch know of the same calls, that nobody is served twice or rung for ever, and at the end the records.
In quiet minutes nothing may be healed. Exit code 1 with what was wrong; the directory is kept then.
"""

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.e2e.processes import Stage
from tests.e2e.switches import KINDS
from tests.soak.hour import soak
from tests.soak.outside import Outside


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--every", type=float, default=6.0, help="Seconds between faults, on the mean.")
    parser.add_argument("--callers", type=float, default=12.0, help="Callers a minute.")
    parser.add_argument("--switch", choices=sorted(KINDS), default="embedded")
    parser.add_argument("--only", action="append", default=[], help="Only this fault; may be given several times.")
    given = parser.parse_args()
    directory = Path(tempfile.mkdtemp(prefix="acd-soak-"))
    stage, wrong = Stage(directory), ""
    tell(f"seed {given.seed}, {given.minutes:g} minutes on {given.switch}, in {directory}")
    try:
        house = Outside(stage, given.switch, given.seed, callers_per_minute=given.callers)
        house.open()
        soak(house, given.minutes, given.every, tell, given.only)
        report(house)
    except AssertionError as error:
        wrong = f"{type(error).__name__}: {error}"
    finally:
        stage.close()
    if wrong:
        tell(f"seed {given.seed}: {wrong}\nleft for looking: {directory}")
        return 1
    shutil.rmtree(directory, ignore_errors=True)
    tell(f"seed {given.seed}: everything held")
    return 0


def tell(text: str) -> None:
    print(text, flush=True)


def report(house: Outside) -> None:
    tell(f"injected {house.injected.total()}: " + ", ".join(f"{name} {n}" for name, n in sorted(house.injected.items())))
    tell("healed: " + (", ".join(f"{name} {n}" for name, n in sorted(house.healed.items())) or "nothing"))
    tell(f"people: {house.staff.report()}")
    told = house.account()
    tell(f"callers {told.total()}: " + ", ".join(f"{what} {n}" for what, n in sorted(told.items())))
    tell(house.records.figures())
    tell(f"decisions {house.memory.n}, offers looked at for their order {house.memory.offers}")
    (began_s, began_kib), (ended_s, ended_kib) = house.rss[0], house.rss[-1]
    size = f"{began_kib / 1024:.0f} MiB at {began_s:.0f} s, {ended_kib / 1024:.0f} MiB at {ended_s:.0f} s"
    tell(f"controller: {size}; open files {min(house.fds)} to {max(house.fds)}; {house.now:.0f} s in all")


if __name__ == "__main__":
    sys.exit(main())
