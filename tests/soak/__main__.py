"""An hour of random faults against the real programs.

    python -m tests.soak --minutes 60 --seed 1 [--switch freeswitch] [--only f01_controller_killed]

Starts ``acd run`` behind a proxy, a switch, the phones of eight agents and two supervisors, whoever is outside, and a stream of
callers; people hold, consult, transfer, confer, listen in, mask tapes, call back, come and go; a fault is injected every few
seconds. After each: the house and the switch know of the same legs (W1, W3), nobody is stuck (W2), the journal tells of nothing
that may not be (``tests.core.invariants``), and every offer was for whoever stood first (W5). In quiet minutes nothing may be
healed, and /metrics, records and journal count the same (W7), with every wish that was granted, by the name of who asked (W8). At
the end everybody has gone home, the records are whole (W4), and every caller is accounted for by what their telephone saw. Exit
code 1 with what was wrong; the directory is kept then.

=====  ================================================================  ==============================================================
fault  here (``tests.soak.troubles``)                                   in one process (``tests.soak.faults``)
=====  ================================================================  ==============================================================
F01    f01 at any moment                                                 f01
F02    f02 while digits are typed                                        f01
F03    no: tests/e2e/test_steps_restart.py counts the requests           no requests there
F04    f01 with callers in the line                                      f01
F05    f05 while a phone rings                                           f05 remembered, and not done
F06    f06 at the event of the answer, before it is heard                f05, f11
F07    f01 with talks under way                                          f01
F08    f08 in a wrap-up                                                  f01
F09    f09 in a hold, a consult, a conference                            no talks of three there
F10    f10 while a callback is dialled (there is no dialler)             no callbacks there
F11    f11 while the database is written                                 f11 before it is remembered
F12    f12 again and again while it starts                               f01
F13    f13 FIN, RST, in a frame, away for seconds                        f13
F14    f14 frozen both ways                                              f14
F15    f15 SIGSTOP of the controller                                     f15 slow reader
F16    f16 every event hundreds of times                                 f18
F17    f17                                                               f17
F18    f18 doubled (order: in one process)                               f18 doubled, overtaken
F19    f19 garbage between two frames                                    bytes: tests/switch
F20    f20 lost, and the connection with them                            f20 lost, late
F21    f21 kill -9 of the switch                                         f21
F22    f22 ``fsctl pause`` of one direction or both                      f24
F23    f23 SIGSTOP of the switch                                         f23
F24    f24 ``max_sessions`` on FreeSWITCH; embedded: as f22              f24
F27    f27 the database locked (F25, F26 are PostgreSQL's: tests/records)  no database there
F31    f31 kill -9 of phones                                             f31, f32
F34    f34 the caller hangs up at the answer, at the bridge, as the      f34
       bridge is sent, as two are parted (transfer, consult, hold)
=====  ================================================================  ==============================================================
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
