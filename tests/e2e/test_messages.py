"""A caller leaves a message for an agent, who hears it on their own phone and deletes it there.

What is left is a tone, found again in what the agent hears. The controller may die in the middle.
"""

from collections.abc import Callable

from . import audio
from .centre import RIGHT_TONE, Plan
from .house import CALLER_TONE, House
from .phones import Phone
from .waiting import until

OpenHouse = Callable[..., House]
CODE = "*97"
WORDS_TONE, CHOICE_TONE, DELETED_TONE = 1240, 1560, 2050
BOX = """
title: Leave a message for Anna
start: box
steps:
  box:
    step: voicemail
    mailbox: anna
    greeting: {file: choose}
    next: thanks
    exits: {failed: bye}
  thanks: {step: hang_up, prompt: {file: right}}
  bye: {step: hang_up}
"""
LISTEN = """
title: Hear one's own messages
start: mine
steps:
  mine:
    step: messages
    mailbox: "{{ call.agent }}"
    prompt: {file: words}
    empty_prompt: {file: words}
    message_prompt: {file: words}
    caller_prompt: {file: words}
    choice_prompt: {file: choice}
    deleted_prompt: {file: deleted}
    end_prompt: {file: right}
    first_digit: 60s
    next: bye
    exits: {failed: bye}
  bye: {step: hang_up}
"""
PLAN = Plan(
    flows={"box": BOX, "listen": LISTEN},
    numbers={"500": "box"},
    codes={CODE: "listen"},
    tones={"words": WORDS_TONE, "choice": CHOICE_TONE, "deleted": DELETED_TONE},
)


def test_given_a_message_when_the_agent_dials_the_code_then_they_hear_it_and_what_they_delete_is_gone(house: OpenHouse) -> None:
    here = house(PLAN)
    message = _leaves_a_message(here)
    phone = _listens(here)
    _hears(phone, CHOICE_TONE)
    until("it is marked as heard", lambda: [one["heard"] for one in here.centre.cli("voicemail", "list")] == [True], within_s=10)
    phone.press("3")
    _hears(phone, DELETED_TONE)
    _hears(phone, RIGHT_TONE)
    phone.must_be_released()
    assert here.centre.cli("voicemail", "list") == []
    assert not (here.centre.home / "messages" / f"{message}.wav").exists()


def test_given_a_message_that_plays_when_the_controller_restarts_then_the_agent_goes_on_and_can_delete_it(house: OpenHouse) -> None:
    here = house(PLAN)
    _leaves_a_message(here, seconds=12)
    phone = _listens(here)
    here.centre.kill()
    here.centre.start()
    _hears(phone, CHOICE_TONE, within_s=25)
    phone.press("3")
    _hears(phone, DELETED_TONE)
    assert here.centre.cli("voicemail", "list") == []


def _leaves_a_message(here: House, seconds: int = 3) -> str:
    caller = here.caller("500").must_be_answered()
    folder = here.centre.home / "messages"
    size = seconds * 2 * audio.RATE
    until("the caller speaks", lambda: any(path.stat().st_size > size for path in folder.glob("*.wav")), within_s=seconds + 15)
    caller.press("#")
    caller.must_be_ended()
    here.centre.story(caller.number)
    (message,) = here.centre.cli("voicemail", "list")
    assert (message["mailbox"], message["heard"]) == ("anna", False)
    return str(message["id"])


def _listens(here: House) -> Phone:
    """Anna, who hears the caller's tone."""
    phone = here.phone("anna")
    phone.dial(CODE)
    _hears(phone, CALLER_TONE, within_s=20)
    assert phone.hears_tone(WORDS_TONE)
    return phone


def _hears(phone: Phone, tone: int, *, within_s: float = 15) -> None:
    until(f"the agent hears {tone} Hz", lambda: phone.hears_tone(tone, blocks=6), within_s=within_s)
