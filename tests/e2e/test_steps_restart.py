"""The controller is killed (-9) while a caller stands in a step, one flow for each kind of step, and started again.

The caller is still there, hears something within two seconds, goes on in the same step (or by its error exit), and the record is
whole. FAULTS.md F03, ACD.md 75. Voicemail and calls to the outside: test_voicemail, test_transfer.
"""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .centre import RIGHT_TONE, Plan
from .far_server import FarServer
from .house import CALLER_TONE, House
from .phones import Phone
from .processes import Stage
from .sipp import Caller
from .switches import MUSIC_TONE
from .waiting import until

OpenHouse = Callable[..., House]
TOLD_TONE, OFFER_TONE, TROUBLE_TONE = 1430, 1810, 1680
BACK_S = 2.0
LONG, LONGER = (", ".join(["{file: told}"] * seconds) for seconds in (18, 40))  # a start may take a while
FLOW = """
title: One step
start: one
steps:
  one: {step}
  after: {{step: hang_up, prompt: {{file: right}}}}
"""
TROUBLE = "  trouble: {step: hang_up, prompt: {file: trouble}}\n"
INNER = f"start: told\nsteps:\n  told: {{step: play, prompt: [{LONG}], next: back}}\n  back: {{step: return}}\n"
TELLS = f"""
start: told
steps:
  told: {{step: play, prompt: [{LONGER}], next: offer}}
  offer: {{step: menu, prompt: {{file: offer}}, first_digit: 60s, tries: 1, options: {{"1": out}}, otherwise: told}}
  out: {{step: leave_queue, exit: out}}
"""
ASKS = TELLS.replace("start: told", "start: offer")
GATHER = "step: gather, into: code, min: 4, max: 4, first_digit: 30s, prompt: {file: offer}, next: after, otherwise: trouble"
LINE = "step: queue, queue: sales, exits: {out: after}, otherwise: trouble"
STEPS = {
    "play": f"{{step: play, prompt: [{LONG}], next: after}}",
    "brief": "{step: play, prompt: [{file: told}, {file: told}], next: after}",
    "say": f"{{step: say, text: {' '.join(['We will tell you about it in a moment.'] * 6)}, next: after}}",
    "pause": "{step: pause, for: 9s, next: after}",
    "ringing": "{step: ringing, for: 9s, next: after}",
    "called": "{step: flow, flow: inner, next: after, exits: {failed: trouble}}",
    "menu": f'{{step: menu, prompt: [{LONGER}], options: {{"1": after}}, exits: {{timeout: trouble, invalid: trouble}}}}',
    "gather": f"{{{GATHER}, between_digits: 30s}}",
    "secret": f"{{{GATHER}, between_digits: 4s, sensitive: true}}",
    "record": "{step: record, into: said, prompt: {file: offer}, silence: 20s, next: after, otherwise: trouble}",
    "survey": "{step: survey, questions: [{id: a, kind: csat, prompt: {file: told}}, {id: b, kind: nps, prompt: {file: offer}}],"
    " first_digit: 30s, next: after, otherwise: trouble}",
    "callback": f"{{step: callback, queue: sales, offer: false, region: DE, number_prompt: [{LONGER}], done_prompt: {{file: offer}},"
    " next: after, otherwise: trouble}",
    "line": f"{{{LINE}, while_waiting: tells}}",
    "asked": f"{{{LINE}, while_waiting: asks}}",
    "agent": "{step: transfer, to: {agent: anna}, ring: 60s, next: after, otherwise: trouble}",
    "get": '{step: http, url: "URL/who", timeout: 5s, prompt: {file: told}, into: {who: name}, next: after, otherwise: trouble}',
    "post": '{step: http, method: POST, url: "URL/who", json: {a: b}, timeout: 5s, next: after, otherwise: trouble}',
    "lookup": "{step: lookup, database: crm, table: people, where: {id: seven}, into: {who: name}, next: after, otherwise: trouble}",
}
NUMBERS = {name: str(700 + n) for n, name in enumerate(STEPS)}


@pytest.fixture
def core(stage: Stage) -> FarServer:
    server = FarServer(stage)
    server.answer = {"name": "Ada"}
    return server


@pytest.fixture
def people(stage: Stage) -> Path:
    file = stage.directory / "people.db"
    with sqlite3.connect(file) as database:
        database.execute("create table people (id text, name text)")
        database.execute("insert into people values ('seven', 'Ada')")
    return file


@pytest.fixture
def here(house: OpenHouse, core: FarServer, people: Path) -> House:
    flows = {name: _flow(step.replace("URL", core.url)) for name, step in STEPS.items()}
    return house(
        Plan(
            ring="60s",
            flows={**flows, "inner": INNER, "tells": TELLS, "asks": ASKS},
            numbers={number: name for name, number in NUMBERS.items()},
            tones={"told": TOLD_TONE, "offer": OFFER_TONE, "trouble": TROUBLE_TONE},
            trunks={"provider": {"prefixes": ["+49"]}},
            settings={
                "requests": {"allow": [f"127.0.0.1:{core.port}"]},
                "databases": {"crm": {"url": f"sqlite:///{people}"}},
            },
        )
    )


@pytest.mark.parametrize(("step", "tone"), [("play", TOLD_TONE), ("called", TOLD_TONE), ("pause", MUSIC_TONE), ("say", None)])
def test_given_something_that_is_heard_when_the_controller_restarts_then_it_is_heard_on_and_the_flow_goes_on(
    here: House, step: str, tone: int | None
) -> None:
    caller = _calls(here, step)
    until("the step is heard", lambda: _hears(caller, tone, since=caller.answered_at), within_s=10)
    _dies_and_is_heard_again(here, caller)
    _goes_on(here, caller, "one.done", within_s=40)


def test_given_a_prompt_that_ends_while_the_controller_is_dead_when_it_is_back_then_the_flow_goes_on_at_once(here: House) -> None:
    caller = _calls(here, "brief")
    until("the prompt plays", lambda: _hears(caller, TOLD_TONE, since=caller.answered_at))
    here.centre.kill()
    until("the prompt is over", lambda: not caller.ear.hears_anything(since=time.monotonic() - 0.5, packets=1), within_s=6)
    here.centre.start()
    _is_heard(caller, since=time.monotonic())
    _goes_on(here, caller, "one.done")


def test_given_a_call_that_rings_when_the_controller_restarts_then_it_is_answered_in_time(here: House) -> None:
    caller = here.caller(NUMBERS["ringing"])
    until("the step is reached", lambda: _step(here) == "one")
    _dies(here)
    caller.must_be_answered(within_s=15)
    _goes_on(here, caller, "one.done")


def test_given_a_menu_that_speaks_when_the_controller_restarts_then_a_digit_still_chooses(here: House) -> None:
    caller = _calls(here, "menu")
    until("the menu speaks", lambda: _hears(caller, TOLD_TONE, since=caller.answered_at))
    _dies_and_is_heard_again(here, caller)
    caller.press("1")
    _goes_on(here, caller, "one.1")


def test_given_half_a_number_when_the_controller_restarts_then_the_other_half_completes_it(here: House) -> None:
    caller = _calls(here, "gather")
    until("the question is asked", lambda: _hears(caller, OFFER_TONE, since=caller.answered_at))
    caller.press("47")
    until("both digits are known", lambda: here.centre.journal_holds('"digits":"47"'), within_s=5)
    _dies(here)
    caller.press("11")
    _goes_on(here, caller, "one.done")


def test_given_half_a_secret_when_the_controller_restarts_then_it_is_asked_for_again_and_stands_nowhere(here: House) -> None:
    caller = _calls(here, "secret")
    until("the question is asked", lambda: _hears(caller, OFFER_TONE, since=caller.answered_at))
    caller.press("47")
    until("both digits have come", lambda: here.centre.journal_holds('"digits":"?"'), within_s=5)
    _dies(here)
    back = time.monotonic()
    until("it is asked for again", lambda: _hears(caller, OFFER_TONE, since=back), within_s=4 + BACK_S)
    caller.press("4711")
    _goes_on(here, caller, "one.done")
    assert not any(here.centre.journal_holds(f'"digits":"{typed}') for typed in ("4", "7", "1"))
    assert not any(here.centre.journal_holds(f'"digit":"{digit}"') for digit in "471")


def test_given_a_recording_when_the_controller_restarts_then_the_caller_speaks_on_into_the_same(here: House) -> None:
    caller = _calls(here, "record")
    files = here.centre.home / "messages"
    until("two seconds are kept", lambda: any(file.stat().st_size > 32_000 for file in files.glob("*.wav")), within_s=12)
    _dies(here)
    caller.press("#")
    story = _goes_on(here, caller, "one.done")
    (message,) = story["messages"]
    assert message["seconds"] > 3


def test_given_one_of_two_questions_answered_when_the_controller_restarts_then_the_other_is_answered_too(here: House) -> None:
    caller = _calls(here, "survey")
    until("the first is asked", lambda: _hears(caller, TOLD_TONE, since=caller.answered_at))
    caller.press("5")
    until("the second is asked", lambda: _hears(caller, OFFER_TONE, since=caller.answered_at))
    _dies(here)
    caller.press("9")
    _goes_on(here, caller, "one.done")
    found = {one["question"]: one["counts"] for one in here.centre.cli("surveys")}
    assert found == {"a": {"5": 1}, "b": {"9": 1}}


def test_given_a_number_being_confirmed_when_the_controller_restarts_then_it_is_confirmed_once(here: House) -> None:
    caller = _calls(here, "callback")
    until("the number is read back", lambda: _hears(caller, TOLD_TONE, since=caller.answered_at))
    _dies_and_is_heard_again(here, caller)
    caller.press("1")
    _goes_on(here, caller, "one.done")
    assert [wish["number"] for wish in here.centre.cli("callbacks", "list")] == [caller.number]


@pytest.mark.parametrize(("step", "tone"), [("line", TOLD_TONE), ("asked", MUSIC_TONE)], ids=["announcement", "music"])
def test_given_a_caller_in_line_when_the_controller_restarts_then_they_hear_on_and_are_served(
    here: House, step: str, tone: int
) -> None:
    here.staffed()
    caller = _calls(here, step)
    until("it is heard", lambda: _hears(caller, tone, since=caller.answered_at), within_s=12)
    _dies_and_is_heard_again(here, caller)
    anna = here.ready_phone("anna")
    _talks(caller, anna)
    caller.hang_up()
    (visit,) = here.centre.story(caller.number)["visits"]
    assert visit["outcome"] == "answered"


def test_given_a_question_in_line_when_the_controller_restarts_then_its_digit_still_leads_out(here: House) -> None:
    here.staffed()
    caller = _calls(here, "asked")
    until("it is asked", lambda: _hears(caller, MUSIC_TONE, since=caller.answered_at), within_s=12)
    _dies_and_is_heard_again(here, caller)
    caller.press("1")
    story = _goes_on(here, caller, "one.out")
    assert [visit["outcome"] for visit in story["visits"]] == ["exited_key"]


def test_given_the_phone_of_one_agent_rings_when_the_controller_restarts_then_they_talk_and_the_caller_goes_on(here: House) -> None:
    anna = here.ready_phone("anna")
    caller = _calls(here, "agent")
    anna.must_ring()
    _dies_and_is_heard_again(here, caller)
    _talks(caller, anna)
    anna.hang_up()
    _goes_on(here, caller, "one.done")
    assert anna.times_rung == 1


def test_given_a_request_that_may_be_repeated_when_the_controller_restarts_then_it_is_sent_once_more(
    here: House, core: FarServer
) -> None:
    caller = _asks(here, core, "get")
    _goes_on(here, caller, "one.done")
    assert len(core.requests) == 2


def test_given_a_request_that_may_not_when_the_controller_restarts_then_it_is_not_and_the_caller_goes_on(
    here: House, core: FarServer
) -> None:
    caller = _asks(here, core, "post")
    _goes_on(here, caller, "one.failed", tone=TROUBLE_TONE)
    assert len(core.requests) == 1


def test_given_a_database_that_is_asked_when_the_controller_restarts_then_it_is_asked_again(here: House, people: Path) -> None:
    lock = sqlite3.connect(people, isolation_level=None)
    lock.execute("begin exclusive")  # nobody can read until we are done
    caller = here.caller(NUMBERS["lookup"])
    until("the look-up is under way", lambda: _step(here) == "one", within_s=5)
    here.centre.kill()
    lock.execute("rollback")
    here.centre.start()
    caller.must_be_answered()
    _goes_on(here, caller, "one.done")


def _flow(step: str) -> str:
    return FLOW.format(step=step) + (TROUBLE if "trouble" in step else "")


def _calls(here: House, step: str) -> Caller:
    return here.caller(NUMBERS[step]).must_be_answered()


def _asks(here: House, core: FarServer, step: str) -> Caller:
    """A caller whose request is never answered: the controller dies before, and comes back."""
    core.free.clear()
    caller = here.caller(NUMBERS[step])
    core.must_be_asked()
    here.centre.kill()
    core.free.set()
    here.centre.start()
    return caller.must_be_answered(within_s=12)


def _step(here: House) -> str:
    calls = here.centre.state()["calls"]
    return str(calls[0]["step"]) if calls else ""


def _dies(here: House) -> None:
    here.centre.kill()
    here.centre.start()


def _dies_and_is_heard_again(here: House, caller: Caller) -> None:
    _dies(here)
    _is_heard(caller, since=time.monotonic())


def _is_heard(caller: Caller, *, since: float) -> None:
    until("the caller hears something", lambda: caller.ear.hears_anything(since=since, packets=5), within_s=BACK_S)
    assert caller.is_connected


def _hears(caller: Caller, tone: int | None, *, since: float) -> bool:
    return caller.ear.hears_anything(since=since) if tone is None else caller.ear.hears_tone(tone, since=since)


def _talks(caller: Caller, phone: Phone) -> None:
    phone.must_ring()
    phone.accept()
    since = time.monotonic()
    until("the caller hears the agent", lambda: caller.ear.hears_tone(phone.tone, since=since, blocks=8), within_s=12)
    until("the agent hears the caller", lambda: phone.hears_tone(CALLER_TONE, last_s=1.5, blocks=8), within_s=8)


def _goes_on(here: House, caller: Caller, passed: str, *, tone: int = RIGHT_TONE, within_s: float = 12.0) -> dict[str, Any]:
    """To the next step and to the end, and the record tells of it, once."""
    since = caller.answered_at
    until(f"the caller hears {tone} Hz", lambda: caller.ear.hears_tone(tone, since=since), within_s=within_s)
    caller.must_be_ended()
    story = here.centre.story(caller.number)
    path = [f"{step['step']}.{step['exit']}" for step in story["contact"]["path"]]
    assert path.count(passed) == 1, path
    assert story["contact"]["ended_by"] == "system", story["contact"]
    return dict(story)
