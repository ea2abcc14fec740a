"""Beside FreeSWITCH's own mod_callcenter: the same FreeSWITCH, phones and callers, one after the other in one run.

    ACD_FREESWITCH=/path/to/bin/freeswitch python -m bench.callcenter [calls]

Ten agents who answer at once and hang up after a second, without wrap-up. First *calm*: callers find somebody free. Then
*busy*: there are always more callers than agents. A third party on the event socket notes by the switch's own clock

- calm: from the caller's INVITE to the bridge;
- busy: from the end of an agent's leg to that agent's next bridge ("ready to bridge"), and the calls that all serve a second;
- both: CPU a call, of the switch, and of the switch with our controller.

Skipped aloud without a FreeSWITCH that has mod_callcenter, and without SIPp.
"""

import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

import yaml

from bench._callers import sipp_callers
from bench._house import TALK_S, House, freeswitch_binary, house
from bench._listener import Noted, listening
from bench._mod_callcenter import callcenter
from bench.calls import cpu_s

AGENTS = 10
CALLS = 150
CALM_RATE, CALM_CALLS = 2.0, 20
AT_ONCE = 3 * AGENTS
AGENTS_PHONE = re.compile(r"/(2[0-9]{3})(?:[@%]|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    waits_s: list[float]  # calm: INVITE to bridge
    gaps_s: list[float]  # busy: the end of an agent's leg to the agent's next bridge
    cycles_s: list[float]  # busy: from one bridge of an agent to the next
    switch_ms: float  # CPU a call, busy
    all_ms: float

    @property
    def a_second(self) -> float:
        """Calls that all agents together serve."""
        return AGENTS / median(self.cycles_s) if self.cycles_s else 0.0


def measure(one: House, calls: int) -> Measured:
    password = yaml.safe_load(one.places.secrets.read_text())["event_socket"]["local"]
    with listening(one.ports.event_socket, password) as calm:
        sipp_callers(one, "41", CALM_RATE, CALM_CALLS)
        time.sleep(TALK_S)
    with listening(one.ports.event_socket, password) as busy:
        before = cpu_of(one)
        sipp_callers(one, "42", 5 * AGENTS, calls, at_once=AT_ONCE, more_s=calls * TALK_S)
        switch_s, all_s = (after - then for after, then in zip(cpu_of(one), before, strict=True))
        time.sleep(TALK_S)
    found = list(turns(busy.noted))
    return Measured(
        waits_s=list(waits(calm.noted)),
        gaps_s=[gap for gap, _ in found],
        cycles_s=[cycle for _, cycle in found],
        switch_ms=switch_s / calls * 1e3,
        all_ms=all_s / calls * 1e3,
    )


def cpu_of(one: House) -> tuple[float, float]:
    """The switch, and the switch with whoever decides for it."""
    switch = cpu_s(one.switch)
    return switch, switch + (cpu_s(one.controller) if one.controller else 0.0)


def waits(noted: Iterable[Noted]) -> Iterator[float]:
    """Of each caller: from the INVITE to the bridge."""
    came: dict[str, float] = {}
    for each in noted:
        if each.what == "CHANNEL_CREATE" and each.inbound:
            came[each.leg] = each.at
        elif each.what == "CHANNEL_BRIDGE":
            leg = each.leg if each.leg in came else each.other
            if leg in came:
                yield each.at - came.pop(leg)


def turns(noted: Iterable[Noted]) -> Iterator[tuple[float, float]]:
    """Of each agent's next call: seconds from the end of the last one's leg to the bridge, and from the last one's bridge."""
    agent_of: dict[str, str] = {}
    joined: dict[str, float] = {}
    free: dict[str, float] = {}
    for each in noted:
        found = None if each.inbound else AGENTS_PHONE.search(each.name)
        if found and each.what == "CHANNEL_CREATE":
            agent_of[each.leg] = found[1]
        elif each.what == "CHANNEL_HANGUP_COMPLETE" and each.leg in agent_of:
            free[agent_of[each.leg]] = each.at
        elif each.what == "CHANNEL_BRIDGE":
            agent = agent_of.get(each.leg) or agent_of.get(each.other) or ""
            if agent in free and agent in joined:
                yield each.at - free.pop(agent), each.at - joined[agent]
            joined[agent] = each.at


def percentile(values: list[float], percent: int) -> float:
    return quantiles([*values] * 2, n=100)[percent - 1] if values else float("nan")


def tell(name: str, found: Measured) -> None:
    calm = f"{median(found.waits_s) if found.waits_s else float('nan'):7.3f}s {percentile(found.waits_s, 95):7.3f}s"
    busy = f"{percentile(found.gaps_s, 50):7.3f}s {percentile(found.gaps_s, 95):7.3f}s"
    print(f"{name:16} {calm}   {busy}   {found.a_second:8.2f}   {found.switch_ms:8.1f} {found.all_ms:8.1f}", flush=True)


def run(name: str, opened: AbstractContextManager[House], calls: int) -> Measured:
    with opened as one:
        found = measure(one, calls)
    tell(name, found)
    return found


def main() -> None:
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else CALLS
    if missing := list(lacking()):
        print(f"!! SKIPPED: beside mod_callcenter. Not found: {', '.join(missing)}")
        return
    print(f"{AGENTS} agents, talks of {TALK_S:g} s; busy: {AT_ONCE} callers at once, {calls} calls")
    print("                 INVITE to bridge     agent ready to bridge       calls/s    ms of CPU a call")
    print("                     p50      p95         p50      p95               switch      all")
    with tempfile.TemporaryDirectory(prefix="acd-bench-") as folder:
        ours = run("acd", house("freeswitch", AGENTS, Path(folder) / "ours"), calls)
        theirs = run("mod_callcenter", callcenter(AGENTS, Path(folder) / "theirs"), calls)
    ready = percentile(ours.gaps_s, 50) / percentile(theirs.gaps_s, 50)
    print(f"agent ready to bridge (p50): {ready:.2f} of mod_callcenter's; INVITE to bridge (p50):", end=" ")
    print(f"{median(ours.waits_s) / median(theirs.waits_s):.2f}; calls served {ours.a_second / theirs.a_second:.2f} times", end=" ")
    print(f"as many; CPU a call, our controller included: {ours.all_ms / theirs.all_ms:.2f}")


def lacking() -> Iterator[str]:
    binary = freeswitch_binary()
    if not binary:
        yield "FreeSWITCH (ACD_FREESWITCH=, or on the path)"
    elif not [*Path(binary).resolve().parents[1].glob("lib*/**/mod_callcenter.so")]:
        yield "mod_callcenter of that FreeSWITCH"
    if not shutil.which("sipp"):
        yield "SIPp"


if __name__ == "__main__":
    main()
