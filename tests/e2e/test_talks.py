"""What agents do in a talk, heard by tone: hold, transfer, consult, conference; who hangs up meanwhile; a controller that dies in it.

ACD.md 56-63, FAULTS.md F09, F34.
"""

import pytest

from .house import CALLER_TONE, TONES
from .switches import MUSIC_TONE
from .talking import CARRIER_TONE, REFUSED_TONE, RING_S, RINGING_TONE, OpenHouse, Talk
from .waiting import until


@pytest.fixture
def talk(house: OpenHouse) -> Talk:
    return Talk(house)


def test_given_a_talk_when_held_and_resumed_by_keys_then_the_customer_hears_music_and_then_the_agent(talk: Talk) -> None:
    talk.anna.press("*2")
    talk.hear(c=MUSIC_TONE)
    talk.anna.press("*2")
    talk.hear(c=TONES["anna"], anna=CALLER_TONE)
    talk.asks("hold")
    talk.hear(c=MUSIC_TONE)
    talk.caller.hang_up()
    talk.anna.must_be_released()
    (offer,) = talk.story()["offers"]
    assert offer["ended_by"] == "customer"


def test_given_a_wish_that_cannot_be_when_typed_then_the_agent_hears_it_and_the_talk_goes_on(talk: Talk) -> None:
    talk.anna.press("*5")
    until("anna hears that it cannot be", lambda: talk.anna.hears_tone(REFUSED_TONE, blocks=1), within_s=6)
    talk.hear(c=TONES["anna"], anna=CALLER_TONE)


def test_given_a_talk_when_transferred_to_a_queue_an_agent_and_a_flow_then_the_customer_is_there(talk: Talk) -> None:
    talk.asks("transfer", "support")
    talk.anna.must_be_released()
    talk.hear(c=MUSIC_TONE)
    talk.ben.must_ring()
    talk.ben.accept()
    talk.hear(c=TONES["ben"], ben=CALLER_TONE)
    talk.here.centre.must_become("anna", "ready")
    talk.asks("transfer", "1001", agent="ben")
    talk.anna.must_ring(count=2)
    talk.anna.accept()
    talk.hear(c=TONES["anna"], anna=CALLER_TONE)
    talk.asks("transfer", "flow:elsewhere")
    talk.caller.must_be_ended()
    assert [visit["queue"] for visit in talk.story()["visits"]] == ["sales", "support", "@anna"]


def test_given_a_transfer_to_an_agent_who_does_not_answer_then_it_comes_back_to_who_transferred(talk: Talk) -> None:
    talk.asks("transfer", "ben")
    talk.ben.must_ring()
    talk.hear(c=MUSIC_TONE)
    talk.anna.must_ring(count=2, within_s=RING_S + 8)
    talk.anna.accept()
    talk.hear(c=TONES["anna"], anna=CALLER_TONE)


def test_given_a_transfer_to_a_number_outside_when_it_answers_then_they_talk(talk: Talk) -> None:
    carrier = talk.here.carrier("carrier", tone=CARRIER_TONE)
    talk.asks("transfer", "+49305550")
    call = carrier.must_be_invited().call
    carrier.tell(call, "answer")
    talk.hear(c=CARRIER_TONE)
    carrier.tell(call, "bye")
    talk.caller.must_be_ended()


def test_given_a_transfer_to_a_number_outside_when_it_is_busy_then_it_comes_back(talk: Talk) -> None:
    carrier = talk.here.carrier("carrier", tone=CARRIER_TONE)
    talk.asks("transfer", "+49305550")
    carrier.tell(carrier.must_be_invited().call, "busy")
    talk.anna.must_ring(count=2)
    talk.anna.accept()
    talk.hear(c=TONES["anna"], anna=CALLER_TONE)


def test_given_a_consult_when_toggled_and_completed_then_each_hears_whom_they_should(talk: Talk) -> None:
    talk.consults()
    talk.asks("toggle")
    talk.hear(c=TONES["anna"], anna=CALLER_TONE, ben=MUSIC_TONE)
    talk.asks("toggle")
    talk.hear(c=MUSIC_TONE, anna=TONES["ben"], ben=TONES["anna"])
    talk.asks("complete")
    talk.anna.must_be_released()
    talk.hear(c=TONES["ben"], ben=CALLER_TONE)
    talk.caller.hang_up()
    talk.ben.must_be_released()
    offers = {offer["agent"]: offer for offer in talk.story()["offers"]}
    assert offers["anna"]["ended_by"] == "transfer" and offers["ben"]["ended_by"] == "customer"


def test_given_a_consult_when_cancelled_then_back_to_the_customer_and_again(talk: Talk) -> None:
    talk.asks("consult", "support")
    talk.ben.must_ring()
    talk.hear(c=MUSIC_TONE, anna=RINGING_TONE)
    talk.asks("cancel")
    talk.ben.must_be_released()
    talk.hear(c=TONES["anna"], anna=CALLER_TONE)
    talk.asks("consult", "ben")
    talk.ben.must_ring(count=2)
    talk.ben.accept()
    talk.hear(c=MUSIC_TONE, anna=TONES["ben"])
    talk.asks("cancel")
    talk.ben.must_be_released(count=2)
    talk.hear(c=TONES["anna"], anna=CALLER_TONE)


def test_given_a_consult_that_rings_when_completed_then_the_colleague_gets_the_customer(talk: Talk) -> None:
    talk.asks("consult", "ben")
    talk.ben.must_ring()
    talk.anna.hang_up()
    talk.hear(c=MUSIC_TONE)
    talk.ben.accept()
    talk.hear(c=TONES["ben"], ben=CALLER_TONE)
    assert talk.ben.times_rung == 1


@pytest.mark.parametrize("leaves", ["anna", "ben"])
def test_given_a_conference_when_one_agent_leaves_then_the_other_goes_on_with_the_customer(talk: Talk, leaves: str) -> None:
    talk.consults()
    talk.asks("conference")
    anna, ben = TONES["anna"], TONES["ben"]
    talk.hear(c=(anna, ben), anna=(CALLER_TONE, ben), ben=(CALLER_TONE, anna))
    talk.asks("leave", agent=leaves)
    stays = "ben" if leaves == "anna" else "anna"
    talk.hear(c=TONES[stays], **{stays: CALLER_TONE})
    talk.caller.hang_up()
    {"anna": talk.anna, "ben": talk.ben}[stays].must_be_released()


@pytest.mark.parametrize("before", ["", "toggle", "conference"])
def test_given_a_consult_when_the_customer_hangs_up_then_the_agents_go_on_and_then_everybody_is_free(talk: Talk, before: str) -> None:
    talk.consults()
    if before:
        talk.asks(before)
        talk.hear(c=TONES["anna"] if before == "toggle" else (TONES["anna"], TONES["ben"]))
    talk.caller.hang_up()
    talk.hear(anna=TONES["ben"], ben=TONES["anna"])
    talk.ben.hang_up()
    talk.anna.must_be_released()
    talk.here.centre.must_become("ben", "ready")
    assert talk.story()["contact"]["ended_by"] == "customer"


@pytest.mark.parametrize("phase", ["held", "rings", "consulting", "toggled", "conference", "transfer"])
def test_given_a_controller_that_dies_when_it_comes_back_then_nobody_is_left_alone_and_it_goes_on(talk: Talk, phase: str) -> None:
    """FAULTS.md F09."""
    anna, ben = TONES["anna"], TONES["ben"]
    if phase in ("held", "transfer"):
        talk.asks(*(("hold",) if phase == "held" else ("transfer", "ben")))
    else:
        talk.asks("consult", "ben")
    if phase not in ("held",):
        talk.ben.must_ring()
    if phase in ("consulting", "toggled", "conference"):
        talk.ben.accept()
        talk.hear(anna=ben)
        if phase != "consulting":
            talk.asks({"toggled": "toggle"}.get(phase, phase))
            talk.hear(ben=MUSIC_TONE if phase == "toggled" else (CALLER_TONE, anna))
    talk.dies()
    if phase in ("rings", "transfer"):
        talk.ben.accept()
    match phase:
        case "held":
            talk.hear(c=MUSIC_TONE)
            talk.asks("resume")
            talk.hear(c=anna, anna=CALLER_TONE)
        case "transfer":
            talk.hear(c=ben, ben=CALLER_TONE)
        case "rings" | "consulting":
            talk.hear(c=MUSIC_TONE, anna=ben, ben=anna)
            talk.asks("complete")
            talk.hear(c=ben, ben=CALLER_TONE)
        case "toggled":
            talk.hear(c=anna, anna=CALLER_TONE, ben=MUSIC_TONE)
            talk.asks("cancel")
            talk.ben.must_be_released()
        case "conference":
            talk.hear(c=(anna, ben), anna=(CALLER_TONE, ben), ben=(CALLER_TONE, anna))
            talk.anna.hang_up()
            talk.hear(c=ben, ben=CALLER_TONE)


@pytest.mark.parametrize("who", ["customer", "anna", "ben"])
def test_given_a_consult_when_somebody_hangs_up_while_the_controller_is_away_then_the_others_hear_each_other(
    talk: Talk, who: str
) -> None:
    """FAULTS.md F09."""
    talk.consults()
    talk.here.centre.kill()
    {"customer": talk.caller, "anna": talk.anna, "ben": talk.ben}[who].hang_up()
    talk.here.centre.start()
    match who:
        case "customer":
            talk.hear(anna=TONES["ben"], ben=TONES["anna"])
        case "anna":
            talk.hear(c=TONES["ben"], ben=CALLER_TONE)
        case "ben":
            talk.hear(c=TONES["anna"], anna=CALLER_TONE)
