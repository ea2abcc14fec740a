"""Machines told from people on the embedded switch, in FreeSWITCH's words; the ear itself is tested in test_media_machines.py."""

import pytest

from softswitch.party.line import Line
from softswitch.party.script import Manner
from tests.softswitch.esl_client import EslClient
from tests.softswitch.house import House

BEEP, FAX = "%(400,600,1000)", "%(1500,100,2100)"
HEARD = {"Application": "set", "Application_Data": "acd_heard=fax"}


@pytest.fixture
def esl(switch: House) -> EslClient:
    client = switch.client()
    client.ask("event plain CUSTOM avmd::beep")
    return client


def listening(switch: House, esl: EslClient) -> tuple[str, Line]:
    """Somebody outside who was called, and has answered."""
    phone = switch.agent("1001", Manner(answer_after_s=0))
    variables = "ignore_early_media=true,execute_on_tone_detect='set acd_heard=fax'"
    variables += (
        ",execute_on_answer_1='tone_detect acd_fax 2100 r +60 3',execute_on_answer_2='avmd_start detectors_n=4,detectors_lagged_n=2'"
    )
    answer = esl.api(f"originate {{{variables}}}sofia/agents/1001%cc.test &park()")
    uuid = answer.split()[1]
    esl.wait("CHANNEL_PARK", **{"Unique-ID": uuid})
    return uuid, phone.wait_call()


def beeps(esl: EslClient) -> list[dict[str, str]]:
    return [each for each in esl.seen if each.get("Event-Subclass") == "avmd::beep"]


def test_given_a_leg_that_is_listened_to_when_it_beeps_then_told_with_its_id(switch: House, esl: EslClient) -> None:
    uuid, line = listening(switch, esl)
    line.speak_tone(BEEP)
    told = esl.wait("CUSTOM", Event_Subclass="avmd::beep")
    assert (told["Unique-ID"], told["Beep-Status"]) == (uuid, "DETECTED")


def test_given_a_leg_in_a_talk_when_a_fax_answers_then_told_by_the_variable_that_is_set_and_by_nothing_else(
    switch: House, esl: EslClient
) -> None:
    uuid, line = listening(switch, esl)
    other, _ = switch.parked(esl, number="4930556")
    assert esl.api(f"uuid_bridge {uuid} {other}").startswith("+OK")
    esl.wait("CHANNEL_BRIDGE")
    line.speak_tone(FAX)
    assert esl.wait("CHANNEL_EXECUTE", **HEARD)["Unique-ID"] == uuid
    assert not beeps(esl)


@pytest.mark.parametrize("stops", [False, True])
def test_given_a_leg_that_is_not_listened_to_for_beeps_when_it_beeps_then_nothing_is_told(
    switch: House, esl: EslClient, stops: bool
) -> None:
    uuid, line = switch.parked(esl)
    if stops:
        esl.execute(uuid, "avmd_start")
        esl.wait("CHANNEL_EXECUTE_COMPLETE", Application="avmd_start")
        assert esl.api(f"avmd {uuid} stop") == "+OK\n"
    esl.api(f"uuid_setvar {uuid} execute_on_tone_detect set acd_heard=fax")
    esl.execute(uuid, "tone_detect", "acd_fax 2100 r +60 3")
    esl.wait("CHANNEL_EXECUTE_COMPLETE", Application="tone_detect")
    line.speak_tone(f"{BEEP};{FAX}")
    esl.wait("CHANNEL_EXECUTE", **HEARD)
    assert not beeps(esl)


def test_given_a_leg_that_is_told_at_its_answer_what_is_not_known_here_when_answered_then_it_stands_and_nothing_is_heard(
    switch: House, esl: EslClient
) -> None:
    phone = switch.agent("1001", Manner(answer_after_s=0))
    variables = "execute_on_answer_1='tone_detect acd_other 440',execute_on_answer_2='system date',execute_on_tone_detect='set a=b'"
    answer = esl.api(f"originate {{{variables}}}sofia/agents/1001%cc.test &park()")
    esl.wait("CHANNEL_PARK", **{"Unique-ID": answer.split()[1]})
    phone.wait_call().speak_tone(f"{BEEP};{FAX}")
    esl.execute(answer.split()[1], "sleep", "3000")
    esl.wait("CHANNEL_EXECUTE_COMPLETE", Application="sleep")
    assert not beeps(esl) and not [each for each in esl.seen if each.get("Application") in ("system", "set")]


def test_given_questions_when_asked_then_answered_in_its_words(switch: House, esl: EslClient) -> None:
    uuid, _ = switch.parked(esl)
    assert esl.api("show application avmd_start").startswith("name,description,syntax,ikey\navmd_start,")
    assert esl.api("show application system") == "\n0 total.\n"
    assert esl.api("avmd nobody stop").startswith("-ERR")
    assert esl.api(f"avmd {uuid} stop").startswith("+ERR, avmd has not yet been started")
    assert esl.api(f"avmd {uuid} start").startswith("-USAGE")
