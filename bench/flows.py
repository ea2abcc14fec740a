"""What a flow costs: loading 300 steps, a caller's step in a flow of 300 beside one of 10, and rehearsed tests.

    python -m bench.flows

A caller's step is one key pressed in a menu: heard, matched, the next prompt begun. The ratio is what counts: it is of the same run,
and about 1 when a long flow costs its callers no more than a short one.
"""

import gc
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from acd.ivr.flow import Flow
from acd.ivr.library import FlowLibrary
from acd.ivr.load import load_file, load_text
from acd.rehearsal.load import load_tests
from acd.rehearsal.run import run
from acd.rehearsal.stage import Person, Stage
from acd.words import FlowId

SIZES = (10, 300)
PRESSES = 3000
ROUNDS = 9
TESTS = 1000
AFTER = {1: 1, 4: 5}
"""How many keys are pressed, and the step to which they lead."""
NAME = FlowId("long")


def text_of(steps: int) -> str:
    """Menus in a ring, with texts that read variables; every tenth counts and branches; a last step to end in."""
    lines = ["title: Long", "start: s0", "steps:"]
    for n in range(steps - 1):
        lines += _step(n, f"s{(n + 1) % (steps - 1)}")
    return "\n".join([*lines, "  bye: {step: hang_up, prompt: Goodbye.}", ""])


def _step(n: int, following: str) -> list[str]:
    if n % 10 == 4:
        return [f"  s{n}: {{step: set, values: {{count: '{{{{ count + 1 }}}}'}}, next: {following}}}"]
    prompt = f"'Step {n}, count {{{{ count }}}}. To go on, press 1.'"
    return [f"  s{n}: {{step: menu, prompt: {prompt}, options: {{1: {following}, 9: bye}}, otherwise: bye}}"]


def loading_s(text: str) -> float:
    began = time.process_time()
    load_text(text, NAME)
    return time.process_time() - began


def pressing_us(flow: Flow) -> float:
    """Microseconds of CPU for each key pressed."""
    stage = Stage(library=FlowLibrary(flows={flow.id: flow}), at=0.0, person=Person(number="+4930123456"))
    stage.begin(flow.id, {})
    began = time.process_time()
    for _ in range(PRESSES):
        stage.press("1")
        stage.heard.clear()
        stage.passed.clear()
    return (time.process_time() - began) / PRESSES * 1e6


def tests_per_s(folder: Path, keys: int) -> float:
    """Tests of so many keys each (up to four), as `acd flow test` runs them."""
    flow = folder / f"{NAME}.yaml"
    flow.write_text(text_of(300))
    script = "[" + ", ".join(f"{{hears: 'Step {n}'}}, {{presses: 1}}" for n in range(keys)) + f", {{step: s{AFTER[keys]}}}]"
    tests = "\n".join(f"  - {{test: Number {n}, script: {script}}}" for n in range(TESTS))
    (folder / f"{NAME}.test.yaml").write_text(f"tests:\n{tests}\n")
    library = FlowLibrary(flows={NAME: load_file(flow)})
    found = load_tests(folder / f"{NAME}.test.yaml")
    began = time.process_time()
    results = run(found, library, time.process_time)
    spent = time.process_time() - began
    wrong = [result.wrong for result in results if not result.is_true]
    if wrong:
        raise SystemExit(f"a test is not true: {wrong[0]}")
    return len(results) / spent


def main() -> None:
    gc.disable()
    texts = {size: text_of(size) for size in SIZES}
    load_text(texts[SIZES[0]], NAME)  # what is read once for all flows is no flow's cost
    print(f"{'steps':>6} {'load ms':>8} {'us/step':>8} {'ratio':>6}")
    flows = {size: load_text(text, NAME) for size, text in texts.items()}
    costs: dict[int, list[float]] = {size: [] for size in SIZES}
    for _ in range(ROUNDS):  # by turns, so that a busy moment of the machine is in both
        for size, flow in flows.items():
            costs[size].append(pressing_us(flow))
            gc.collect()
    base = min(costs[SIZES[0]])
    for size, text in texts.items():
        load_ms = median(loading_s(text) for _ in range(ROUNDS)) * 1000
        print(f"{size:>6} {load_ms:>8.1f} {min(costs[size]):>8.1f} {min(costs[size]) / base:>6.2f}")
    with TemporaryDirectory(prefix="acd-bench-") as folder:
        print()
        for keys in AFTER:
            print(f"{tests_per_s(Path(folder), keys):,.0f} rehearsed tests of {keys} key(s) a second")


if __name__ == "__main__":
    main()
