"""A number outside is consulted, heard by tone: dialled, toggled, conferred with, put through; who hangs up; a controller that dies.

ACD.md 57-60, FAULTS.md F09, S01.
"""

import pytest

from .house import CALLER_TONE, TONES
from .switches import MUSIC_TONE
from .talking import CARRIER_TONE, REFUSED_TONE, RINGING_TONE, OpenHouse, Talk, with_settings
from .waiting import until

ANNA, BEN = TONES["anna"], TONES["ben"]


@pytest.fixture
def talk(house: OpenHouse) -> Talk:
    return Talk(house, with_settings(outbound={"region": "DE"}), outside=True)


def answered(talk: Talk, then: str = "") -> str:
    """They have picked up; then perhaps a wish of Anna's."""
    call = talk.dials()
    assert talk.outside is not None
    talk.outside.tell(call, "answer")
    talk.hear(c=MUSIC_TONE, anna=CARRIER_TONE, out=ANNA)
    if then:
        talk.asks(then)
        talk.hear(c=ANNA if then == "toggle" else (ANNA, CARRIER_TONE))
    return call


def test_given_a_number_typed_when_consulted_toggled_and_completed_then_each_hears_whom_they_should(talk: Talk) -> None:
    call = talk.dials(typed=True)
    assert talk.outside is not None
    talk.outside.tell(call, "answer")
    talk.hear(c=MUSIC_TONE, anna=CARRIER_TONE, out=ANNA)
    talk.anna.press("*5")
    talk.hear(c=ANNA, anna=CALLER_TONE, out=MUSIC_TONE)
    talk.anna.press("*5")
    talk.hear(c=MUSIC_TONE, anna=CARRIER_TONE, out=ANNA)
    talk.anna.press("*6")
    talk.anna.must_be_released()
    talk.hear(c=CARRIER_TONE, out=CALLER_TONE)
    talk.here.centre.must_become("anna", "ready")
    talk.outside.tell(call, "bye")
    talk.caller.must_be_ended()
    (offer,) = talk.story()["offers"]
    assert (offer["ended_by"], offer["holds"]) == ("transfer", 2)
    (out,) = talk.here.centre.cli("outbound", "list")
    assert (out["reason"], out["agent"], out["trunk"], out["refused"]) == ("consult", "anna", "carrier", "")


def test_given_a_number_that_is_busy_when_consulted_then_anna_is_with_the_customer_and_told(talk: Talk) -> None:
    call = talk.dials()
    assert talk.outside is not None
    talk.outside.tell(call, "busy")
    until("anna hears that it came to nothing", lambda: talk.anna.hears_tone(REFUSED_TONE, blocks=1, share=0.3), within_s=8)
    talk.hear(c=ANNA, anna=CALLER_TONE)
    assert talk.outside.times_invited == 1


def test_given_it_rings_when_cancelled_then_back_and_when_the_agent_hangs_up_then_the_customer_has_who_answers(talk: Talk) -> None:
    talk.dials()
    assert talk.outside is not None
    talk.asks("cancel")
    talk.outside.must_be_cancelled()
    talk.hear(c=ANNA, anna=CALLER_TONE)
    talk.asks("consult", "+49305550")
    call = talk.outside.must_be_invited(count=2).call
    talk.outside.tell(call, "ring")
    talk.hear(c=MUSIC_TONE, anna=RINGING_TONE)
    talk.anna.hang_up()
    talk.hear(c=MUSIC_TONE)
    talk.outside.tell(call, "answer")
    talk.hear(c=CARRIER_TONE, out=CALLER_TONE)
    talk.caller.hang_up()
    talk.outside.must_be_released()


@pytest.mark.parametrize("leaves", ["anna", "out", "customer"])
def test_given_a_conference_with_somebody_outside_when_one_leaves_then_the_other_two_go_on(talk: Talk, leaves: str) -> None:
    call = answered(talk, "conference")
    assert talk.outside is not None
    talk.hear(c=(ANNA, CARRIER_TONE), anna=(CALLER_TONE, CARRIER_TONE), out=(CALLER_TONE, ANNA))
    match leaves:
        case "anna":
            talk.asks("leave")
            talk.hear(c=CARRIER_TONE, out=CALLER_TONE)
            talk.caller.hang_up()
            talk.outside.must_be_released()
        case "out":
            talk.outside.tell(call, "bye")
            talk.hear(c=ANNA, anna=CALLER_TONE)
        case "customer":
            talk.caller.hang_up()
            talk.hear(anna=CARRIER_TONE, out=ANNA)
            talk.anna.hang_up()
            talk.outside.must_be_released()


@pytest.mark.parametrize("phase", ["rings", "consulting", "toggle", "conference", "complete"])
def test_given_a_controller_that_dies_when_it_comes_back_then_nobody_is_left_alone_and_it_goes_on(talk: Talk, phase: str) -> None:
    """FAULTS.md F09."""
    call = talk.dials() if phase == "rings" else answered(talk, phase if phase in ("toggle", "conference") else "")
    assert talk.outside is not None
    if phase == "complete":
        talk.asks("complete")
        talk.hear(c=CARRIER_TONE, out=CALLER_TONE)
    talk.dies()
    match phase:
        case "rings":
            talk.outside.tell(call, "answer")
            talk.hear(c=MUSIC_TONE, anna=CARRIER_TONE, out=ANNA)
        case "consulting":
            talk.hear(c=MUSIC_TONE, anna=CARRIER_TONE, out=ANNA)
            talk.asks("complete")
            talk.hear(c=CARRIER_TONE, out=CALLER_TONE)
        case "toggle":
            talk.hear(c=ANNA, anna=CALLER_TONE, out=MUSIC_TONE)
            talk.asks("cancel")
            talk.outside.must_be_released()
        case "conference":
            talk.hear(c=(ANNA, CARRIER_TONE), anna=(CALLER_TONE, CARRIER_TONE), out=(CALLER_TONE, ANNA))
            talk.anna.hang_up()
            talk.hear(c=CARRIER_TONE, out=CALLER_TONE)
        case "complete":
            talk.hear(c=CARRIER_TONE, out=CALLER_TONE)
            talk.outside.tell(call, "bye")
            talk.caller.must_be_ended()
