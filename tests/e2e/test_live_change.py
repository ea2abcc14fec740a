"""A flow is changed while callers are in it; and extensions, which only the house knows."""

import json
import subprocess
import sys
import time
from collections.abc import Callable

from .centre import MAIN, RIGHT_TONE, Plan
from .house import TONES, House
from .ports import free_port
from .sipp import Carrier
from .switches import MUSIC_TONE, PROMPT_TONE, ROOT
from .waiting import until

OpenHouse = Callable[..., House]
EXTENSIONS = """
start: choose
steps:
  choose:
    step: menu
    prompt: {file: choose}
    first_digit: 20s
    options: {"2": bye}
    extensions: {length: 4, begins: "1", go: dialled}
    exits: {timeout: bye, invalid: bye}
  dialled: {step: transfer, to: {extension: "{{ extension }}"}, next: bye, otherwise: nobody}
  nobody: {step: hang_up, prompt: {file: right}}
  bye: {step: hang_up}
"""
DIRECT = "810"


def _acd(here: House, *words: str) -> subprocess.CompletedProcess[str]:
    centre = here.centre
    argv = [sys.executable, "-m", "acd", *words, "--home", str(centre.home)]
    if words[0] != "rollback":
        argv += ["--config", str(centre.config)]
    return subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_f36_given_a_caller_in_a_menu_when_it_is_changed_then_they_finish_in_theirs_and_the_next_has_the_new_one(
    house: OpenHouse,
) -> None:
    here = house()
    here.staffed()
    main = here.centre.config / "flows" / "main.yaml"
    first = _in_the_menu(here)

    main.write_text(MAIN.replace('"1": sales', '"1": right, "2": sales') + "  right: {step: hang_up, prompt: {file: right}}\n")
    done = _acd(here, "apply", "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "flow main" in done.stdout
    first.press("1")
    until("the first caller waits, as their menu said", lambda: len(here.centre.callers()) == 1, within_s=10)
    second = _in_the_menu(here)
    _hears_right(second)

    main.write_text(MAIN.replace("step: menu", "step: menue"))
    refused = _acd(here, "apply", "--yes")
    assert refused.returncode == 1 and "main.yaml:" in refused.stderr and "did you mean 'menu'?" in refused.stderr
    _hears_right(_in_the_menu(here))

    back = _acd(here, "rollback", "--yes")
    assert back.returncode == 0, back.stdout + back.stderr
    fourth = _in_the_menu(here)
    fourth.press("1")
    until("the fourth caller waits, as at first", lambda: len(here.centre.callers()) == 2, within_s=10)
    assert first.is_connected


def test_given_a_menu_when_an_extension_is_dialled_then_that_agents_phone_rings_and_one_of_nobody_is_told(house: OpenHouse) -> None:
    here = house(Plan(flows={"direct": EXTENSIONS}, numbers={DIRECT: "direct"}))
    anna, ben = here.phone("anna"), here.phone("ben")
    here.ready("anna", "ben")
    caller = here.caller(DIRECT).must_be_answered()
    caller.press(here.plan.agents["ben"])
    ben.must_ring(within_s=15)
    ben.accept()
    ben.must_talk()
    assert anna.times_rung == 0
    caller.hang_up()

    other = here.caller(DIRECT).must_be_answered()
    since = time.monotonic()
    other.press("1999")
    until("an extension of nobody is told", lambda: other.ear.hears_tone(RIGHT_TONE, since=since), within_s=15)


def test_row_52_given_callers_in_a_queue_when_it_is_renamed_then_served_from_the_new_one_in_order(house: OpenHouse) -> None:
    here = house()
    centre = here.centre
    anna = here.phone("anna")
    here.staffed()
    first = here.caller().must_be_answered()
    until("the first caller waits", lambda: len(centre.callers()) == 1)
    second = here.caller().must_be_answered()
    until("both callers wait", lambda: len(centre.callers()) == 2)
    third = _in_the_menu(here)

    file = centre.config / "acd.yaml"
    text = json.loads(file.read_text())
    text["queues"] = {"orders": {**text["queues"]["sales"], "replaces": ["sales"]}}
    for agent in text["agents"].values():
        agent["queues"] = ["orders"]
    file.write_text(json.dumps(text, indent=1))
    for flow in (centre.config / "flows").glob("*.yaml"):
        flow.write_text(flow.read_text().replace("queue: sales", "queue: orders"))
    waited = centre.callers()[0]["waited_s"]
    done = _acd(here, "apply", "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 callers in the queue sales go over to orders, which replaces it, with their place" in done.stdout

    numbers = [first.number, second.number]
    until("both wait in the new queue", lambda: [one["caller_number"] for one in centre.callers("orders")] == numbers)
    assert centre.callers("orders")[0]["waited_s"] > waited
    third.press("1")  # their flow says the old name
    numbers.append(third.number)
    until("the third one too", lambda: [one["caller_number"] for one in centre.callers("orders")] == numbers, within_s=10)
    since = time.monotonic()
    until("the first one hears music", lambda: first.ear.hears_tone(MUSIC_TONE, since=since, blocks=8), within_s=10)

    here.ready("anna")
    for n, caller in enumerate((first, second, third), start=1):
        anna.must_ring(within_s=15, count=n)
        anna.accept()
        since = time.monotonic()
        until("the caller hears Anna", lambda: caller.ear.hears_tone(TONES["anna"], since=since, blocks=8), within_s=10)  # noqa: B023
        caller.hang_up()
        anna.must_be_released(count=n)
    visits = [[(one["queue"], one["outcome"]) for one in centre.story(caller.number)["visits"]] for caller in (first, third)]
    assert visits == [[("sales", "overflowed"), ("orders", "answered")], [("orders", "answered")]]


def _in_the_menu(here: House):  # type: ignore[no-untyped-def]
    caller = here.caller("100").must_be_answered()
    began = time.monotonic()
    until("the caller hears the menu", lambda: caller.ear.hears_tone(PROMPT_TONE, since=began), within_s=10)
    return caller


def _hears_right(caller) -> None:  # type: ignore[no-untyped-def]
    since = time.monotonic()
    caller.press("1")
    until("the caller hears what the new menu leads to", lambda: caller.ear.hears_tone(RIGHT_TONE, since=since), within_s=12)


def test_given_a_house_that_runs_when_a_trunk_is_applied_then_calls_go_out_through_it_without_a_restart(house: OpenHouse) -> None:
    here = house(Plan(trunks={"carrier": {"prefixes": ["+44"], "caller_id": "+493099"}}))
    second = Carrier(here.stage, port=free_port(), switch=here.switch.callers)
    here.switch.trunks["second"] = f"127.0.0.1:{second.port}"
    here.switch.write()
    file = here.centre.config / "acd.yaml"
    written = json.loads(file.read_text())
    written["trunks"]["second"] = {"address": here.switch.trunks["second"], "prefixes": ["+49"], "caller_id": "+493088"}
    file.write_text(json.dumps(written))
    done = _acd(here, "apply", "--yes")
    assert done.returncode == 0 and "trunk second is new: the switches are asked to look for it" in done.stdout, (
        done.stdout + done.stderr
    )
    until("a call goes out through it", lambda: _is_dialled(here, second), within_s=10)


def _is_dialled(here: House, carrier: Carrier) -> bool:
    here.centre.ask("POST", "/v1/dialled", {"number": "+493012345678", "queue": "sales"})
    return bool(carrier.invites())
