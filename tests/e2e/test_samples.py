"""The sample flows with the sample configuration, end to end: what callers hear word by word, what they type, what is kept of it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .far_server import FarServer
from .house import CALLER_TONE, House
from .phones import Phone
from .processes import Stage
from .samples import sample_plan
from .spoken import Listening, Voice
from .switches import MUSIC_TONE
from .waiting import until

OpenHouse = Callable[..., House]
MAIN, BANK, UTILITY, AFTER_HOURS = "100", "200", "300", "400"
ACCOUNT, PIN = "12345678", "4711"
ADA = {"customer": {"name": "Ada Lovelace", "level": ""}, "account": {"balance": 1234.5, "currency": "EUR"}}
GREETING_TONE = 1430
TEXT = (".jsonl", ".log", ".yaml", ".json", ".db", ".db-wal")


@pytest.fixture
def core(stage: Stage) -> FarServer:
    """The bank's own system, which knows Ada."""
    server = FarServer(stage)
    server.answer = ADA
    return server


@pytest.fixture
def here(stage: Stage, core: FarServer, house: OpenHouse) -> House:
    opened = house(sample_plan(stage, core, tones={"greeting": GREETING_TONE}))
    opened.staffed()
    return opened


# -- the main number -------------------------------------------------------------------------------------------------------


def test_given_main_when_a_caller_types_a_number_and_waits_then_it_is_read_back_and_the_line_offers_a_call_back(here: House) -> None:
    ear = _calls(here, MAIN)
    ear.hears_tone(GREETING_TONE)  # a recording takes the text's place
    ear.hears("For sales, press 1. For support, press 2.")
    ear.press("2")
    ear.hears("Please type your six digit customer number.")
    ear.press("912345")
    ear.hears("Your number is")
    ear.hears_tone(MUSIC_TONE, within_s=15)
    ear.hears("You are number")
    ear.hears("To be called back and keep your place, press 1.")
    ear.press("1")
    ear.hears("We will call")
    ear.press("1")
    ear.hears("Thank you. We will call you back.")
    ear.hears("Goodbye.")
    ear.caller.must_be_ended()
    story = here.centre.story(ear.caller.number)
    assert _path(story)[:5] == ["opening_hours.open", "greeting.done", "own_callback.flow", "at_support.none", "at_sales.none"]
    assert {"own_callback.done", "main_menu.2", "customer_number.done"} <= {*_path(story)}
    assert "support_first.callback" in _path(story)
    (wish,) = here.centre.cli("callbacks", "list")
    assert (wish["queue"], wish["number"]) == ("support", ear.caller.number)


def test_given_main_when_a_caller_leaves_a_message_then_it_is_listed(here: House) -> None:
    ear = _calls(here, MAIN)
    ear.hears("For sales, press 1. For support, press 2.")
    ear.press("3")
    ear.hears("Please leave a message after the tone.")
    _speaks(here)
    ear.press("#")
    ear.hears("Thank you. We will call you back.")
    ear.hears("Goodbye.")
    ear.caller.must_be_ended()
    here.centre.story(ear.caller.number)
    (message,) = here.centre.cli("voicemail", "list")
    assert message["mailbox"] == "main" and message["caller_number"] == ear.caller.number and message["seconds"] >= 1.5


def test_given_main_when_somebody_who_is_to_be_called_back_calls_then_they_hear_so_and_may_put_an_end_to_it(
    stage: Stage, core: FarServer, house: OpenHouse
) -> None:
    plan = sample_plan(stage, core, tones={"greeting": GREETING_TONE})
    plan.settings["queues"]["sales"]["callback"] = {"mode": "agent_first"}
    here = house(plan)
    here.staffed()
    caller = here.caller(MAIN)
    here.centre.ask("POST", "/v1/callbacks", {"number": caller.number, "queue": "sales", "by": "test"})
    ear = Listening(caller.must_be_answered(), Voice(here.stage.directory / "voice"))
    ear.hears("We are going to call you back. To leave it so, press 1.")
    ear.press("3")
    ear.hears("You will not be called back any more.")
    ear.hears("For sales, press 1. For support, press 2.")
    ear.caller.hang_up()
    assert "cancel_sales.done" in _path(here.centre.story(caller.number))
    assert here.centre.cli("callbacks", "list") == []


# -- the bank --------------------------------------------------------------------------------------------------------------


def test_given_the_bank_when_account_and_pin_are_right_then_the_balance_is_said_and_the_pin_stands_nowhere(
    here: House, core: FarServer
) -> None:
    ear = _calls(here, BANK)
    ear.hears("Welcome to the bank.")
    _logs_in(ear, PIN)
    asked = core.must_be_asked()
    assert (asked.method, asked.path, asked.json) == ("POST", "/v1/logins", {"account": ACCOUNT, "pin": PIN})
    ear.hears("For your balance, press 1.")
    ear.press("1")
    ear.hears("Ada Lovelace")
    ear.hears(", your balance is")
    ear.hears("For your balance, press 1.")
    ear.caller.hang_up()
    story = here.centre.story(ear.caller.number)
    assert story["contact"]["tags"] == {"customer": "Ada Lovelace", "account": ACCOUNT}
    assert _path(story)[:4] == ["welcome.done", "account.done", "pin.done", "log_in.done"]
    assert len(core.requests) == 1
    _must_stand_nowhere(here, PIN)


def test_given_the_bank_when_the_pin_is_wrong_and_then_its_system_fails_then_both_are_told_and_an_adviser_is_asked(
    here: House, core: FarServer
) -> None:
    core.status, core.answer = 401, {"error": "no"}
    ear = _calls(here, BANK)
    _logs_in(ear, "1111")
    ear.hears("Account and PIN do not belong together.")
    core.status = 503
    _logs_in(ear, PIN)
    ear.hears("Our system does not answer at the moment.")
    ear.hears_tone(MUSIC_TONE, within_s=15)
    until("the caller waits for support", lambda: len(here.centre.callers("support")) == 1)
    assert [asked.json["pin"] for asked in core.requests] == ["1111", PIN]
    ear.caller.hang_up()


def test_given_the_bank_when_the_adviser_has_hung_up_then_two_questions_are_asked_and_their_answers_kept(here: House) -> None:
    anna = here.ready_phone("anna")
    ear = _calls(here, BANK)
    _logs_in(ear, PIN)
    ear.hears("For your balance, press 1.")
    ear.press("0")
    _talks(ear, anna)
    anna.hang_up()
    ear.hears("If you would like to answer two short questions about this call, press 1.")
    ear.press("1")
    ear.hears("How satisfied are you with this call?")
    ear.press("5")
    ear.hears("How likely would you recommend us, from 0 to 10?")
    ear.press("10")
    ear.hears("Thank you. Goodbye.")
    ear.caller.must_be_ended()
    story = here.centre.story(ear.caller.number)
    assert "adviser.served" in _path(story) and "questions.done" in _path(story)
    found = {one["question"]: one["counts"] for one in here.centre.cli("surveys")}
    assert found == {"satisfied": {"5": 1}, "recommend": {"10": 1}}


# -- the outage line -------------------------------------------------------------------------------------------------------


def test_given_the_outage_line_when_german_is_chosen_then_all_is_german_and_the_outage_is_found(here: House) -> None:
    ear = _calls(here, UTILITY)
    ear.hears("For English, press 1.")
    ear.press("2")
    ear.language = "de"
    ear.hears("Hier ist der Störungsdienst.")
    ear.hears("Bitte tippen Sie Ihre Postleitzahl ein, fünf Ziffern.")
    ear.press("12043")
    ear.hears("ist uns eine Störung bekannt. Sie wird voraussichtlich um")
    ear.hears("Wenn jemand in Gefahr ist, drücken Sie die 1.")
    ear.hears("Auf Wiederhören.", after_silence=True)
    ear.caller.must_be_ended()
    ear.hears_not("This is the outage line.", language="en")
    tags = here.centre.story(ear.caller.number)["contact"]["tags"]
    assert tags == {"postcode": "12043", "outage": "water"}


def test_given_the_outage_line_when_english_is_chosen_and_nothing_is_known_then_a_person_takes_the_call(here: House) -> None:
    anna = here.ready_phone("anna")
    ear = _calls(here, UTILITY)
    ear.hears("For English, press 1.")
    ear.press("1")
    ear.hears("This is the outage line.")
    ear.hears("Please type your post code, five digits.")
    ear.press("99999")
    ear.hears("We do not know of an outage at post code")
    _talks(ear, anna)
    ear.hears_not("Hier ist der Störungsdienst.", language="de")
    ear.caller.hang_up()
    assert "outage.not_found" in _path(here.centre.story(ear.caller.number))


# -- after hours -----------------------------------------------------------------------------------------------------------


def test_given_after_hours_when_it_is_closed_by_hand_then_a_message_may_be_left_and_when_it_is_opened_the_main_flow_speaks(
    here: House,
) -> None:
    here.centre.cli("hours", "close", "office")
    ear = _calls(here, AFTER_HOURS)
    ear.hears("You have reached us outside our opening hours.")
    ear.hears("For leaving a message, press 1.")
    ear.press("1")
    ear.hears("Please leave a message after the tone.")
    _speaks(here)
    ear.caller.ear.hum(None)  # silence ends it
    ear.hears("Thank you. We will call you back.", after_silence=True)
    ear.caller.must_be_ended()
    here.centre.story(ear.caller.number)
    assert [one["mailbox"] for one in here.centre.cli("voicemail", "list")] == ["main"]
    here.centre.cli("hours", "open", "office")
    later = _calls(here, AFTER_HOURS)
    later.hears_tone(GREETING_TONE)
    later.hears("For sales, press 1. For support, press 2.")
    later.hears_not("You have reached us outside our opening hours.")
    later.caller.hang_up()


def test_given_after_hours_when_a_call_back_is_asked_for_another_number_then_that_is_kept(here: House) -> None:
    here.centre.cli("hours", "close", "office")
    ear = _calls(here, AFTER_HOURS)
    ear.hears("For leaving a message, press 1.")
    ear.press("2")
    ear.hears("We will call")
    ear.press("2")
    ear.hears("Please type the number on which we can call you back, and then press hash.")
    ear.press("030123456#")
    ear.hears("We will call")
    ear.press("1")
    ear.hears("Thank you. We will call you back.")
    ear.caller.must_be_ended()
    here.centre.story(ear.caller.number)
    (wish,) = here.centre.cli("callbacks", "list")
    assert (wish["queue"], wish["number"]) == ("sales", "+4930123456")


# -- what they have in common ----------------------------------------------------------------------------------------------


def _calls(here: House, dialled: str) -> Listening:
    caller = here.caller(dialled).must_be_answered()
    return Listening(caller, Voice(here.stage.directory / "voice"))


def _logs_in(ear: Listening, pin: str) -> None:
    ear.hears("Please type your account number, eight digits.")
    ear.press(ACCOUNT)
    ear.hears("Now your telephone PIN, four digits.")
    ear.press(pin)


def _talks(ear: Listening, phone: Phone) -> None:
    phone.must_ring(within_s=20)
    phone.accept()
    ear.hears_tone(phone.tone, within_s=12)
    until("the agent hears the caller", lambda: phone.hears_tone(CALLER_TONE, last_s=1.5, blocks=8), within_s=8)


def _speaks(here: House) -> None:
    files = here.centre.home / "messages"
    until("two seconds are kept", lambda: any(file.stat().st_size > 32_000 for file in files.glob("*.wav")), within_s=15)


def _path(story: dict[str, Any]) -> list[str]:
    return [f"{step['step']}.{step['exit']}" for step in story["contact"]["path"]]


def _must_stand_nowhere(here: House, secret: str) -> None:
    """In no file of the house: as a word of its own, or digit by digit in the events of the journal."""
    alone = re.compile(rf"(?<![0-9.]){secret}(?![0-9])".encode())
    found = [file for file in _files(here.centre.home) if alone.search(file.read_bytes())]
    assert not found, f"{secret} stands in {found}"
    journal = b"".join(file.read_bytes() for file in sorted((here.centre.home / "journal").glob("*.jsonl")))
    pressed = b"".join(re.findall(rb'"digit":"([0-9*#])"', journal))
    assert ACCOUNT.encode() in pressed and secret.encode() not in pressed, pressed


def _files(home: Path) -> list[Path]:
    return [file for file in home.rglob("*") if file.is_file() and file.suffix in TEXT]
