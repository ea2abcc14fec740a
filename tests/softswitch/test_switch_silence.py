"""Legs whose peer sends no RTP any more. Who must survive is there before one who must not: the end of the second tells."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from gevent.event import Event as Signal

from softswitch.media.incoming import Incoming
from softswitch.party.line import Line
from softswitch.patience import Patience
from softswitch.sip import sdp
from tests.softswitch.esl_client import EslClient
from tests.softswitch.house import DOMAIN, House, house

SHORT = Patience(talking_s=0.6, held_s=60)
TONE = "%(1000,0,440);loops=-1"
AGENT = "00000000-0000-4000-8000-0000000000a9"


@pytest.fixture
def impatient(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path, patience=SHORT) as found:
        yield found


def speaking(switch: House, client: EslClient, number: str) -> tuple[str, Line]:
    """Answered, and heard."""
    line = switch.caller().dial(number)
    uuid = client.wait("CHANNEL_PARK", Caller_Destination_Number=number)["Unique-ID"]
    client.execute(uuid, "answer", event_uuid=number)
    client.wait("CHANNEL_ANSWER", Unique_ID=uuid)
    line.wait_answered(timeout_s=5)
    line.speak_tone(TONE)
    return uuid, line


def falls_silent(switch: House, client: EslClient) -> str:
    """A caller from whom nothing is heard, when the switch has found that out."""
    uuid, line = speaking(switch, client, "4930999")
    line.media.stop_play()
    ended = client.wait("CHANNEL_HANGUP_COMPLETE", Unique_ID=uuid)
    assert ended["Hangup-Cause"] == "MEDIA_TIMEOUT"
    return uuid


def changed(line: Line, direction: str) -> None:
    answered = Signal()
    line.call.on_media_changed = lambda body: answered.set()
    line.call.reinvite(sdp.offer(host=line.media.local_host, port=line.media.local_port, direction=direction))
    assert answered.wait(5)


def test_row_8_given_a_caller_when_the_media_stops_then_a_bye_and_the_cause_on_every_event(impatient: House) -> None:
    client = impatient.client()
    uuid, line = speaking(impatient, client, "4930555")
    line.media.stop_play()
    told = client.wait("CHANNEL_HANGUP", Unique_ID=uuid)
    ended = client.wait("CHANNEL_HANGUP_COMPLETE", Unique_ID=uuid)
    assert told["Hangup-Cause"] == ended["Hangup-Cause"] == ended["variable_hangup_cause"] == "MEDIA_TIMEOUT"
    assert ended["variable_sip_hangup_disposition"] == "send_bye" and ended["variable_hangup_cause_q850"] == "16"
    assert "variable_sip_term_status" not in ended
    assert line.wait_ended(timeout_s=5) and line.end is not None and line.end.what == "bye" and not line.end.by_us


def test_row_8_given_a_caller_who_is_heard_when_another_falls_silent_then_only_that_one_ends(impatient: House) -> None:
    client = impatient.client()
    uuid, _line = speaking(impatient, client, "4930555")
    falls_silent(impatient, client)
    assert client.api(f"uuid_exists {uuid}") == "true"


def test_row_8_given_a_caller_not_answered_when_nothing_is_heard_then_ringing_goes_on(impatient: House) -> None:
    client = impatient.client()
    uuid, _line = impatient.parked(client, answered=False)
    falls_silent(impatient, client)
    assert client.api(f"uuid_exists {uuid}") == "true"


@pytest.mark.parametrize("direction", ["recvonly", "sendonly", "inactive"])
def test_row_8_given_a_peer_that_is_not_to_send_when_nothing_is_heard_then_it_stays(impatient: House, direction: str) -> None:
    client = impatient.client()
    uuid, line = speaking(impatient, client, "4930555")
    changed(line, direction)
    line.media.stop_play()
    falls_silent(impatient, client)
    assert client.api(f"uuid_exists {uuid}") == "true"
    media = impatient.switch.sessions[uuid].leg.media
    quiet_s = media.quiet_s
    changed(line, "sendrecv")
    assert media.quiet_s < quiet_s
    ended = client.wait("CHANNEL_HANGUP_COMPLETE", Unique_ID=uuid)
    assert ended["Hangup-Cause"] == "MEDIA_TIMEOUT"


def test_row_8_given_a_hold_when_it_lasts_longer_than_holds_may_then_it_ends(tmp_path: Path) -> None:
    with house(tmp_path, patience=Patience(talking_s=60, held_s=0.6)) as switch:
        client = switch.client()
        talking, _ = speaking(switch, client, "4930111")
        uuid, line = speaking(switch, client, "4930555")
        line.media.stop_play()
        changed(line, "sendonly")
        assert client.wait("CHANNEL_HANGUP_COMPLETE", Unique_ID=uuid)["Hangup-Cause"] == "MEDIA_TIMEOUT"
        assert client.api(f"uuid_exists {talking}") == "true"


def test_row_8_given_a_talk_when_the_phone_falls_silent_then_the_caller_is_parked_again(impatient: House) -> None:
    client = impatient.client()
    caller, _ = speaking(impatient, client, "4930555")
    client.api(f"uuid_setvar {caller} park_after_bridge true")
    phone = impatient.agent("1001")
    client.ask(f"bgapi originate {{origination_uuid={AGENT}}}sofia/agents/1001%{DOMAIN} &park()")
    assert phone.wait_call(timeout_s=5).wait_answered(timeout_s=5)
    phone.lines[0].speak_tone(TONE)
    client.wait("CHANNEL_PARK", Unique_ID=AGENT)
    assert client.api(f"uuid_bridge {caller} {AGENT}") == f"+OK {AGENT}\n"
    client.wait("CHANNEL_BRIDGE")
    phone.lines[0].media.stop_play()
    ended = client.wait("CHANNEL_HANGUP_COMPLETE", Unique_ID=AGENT)
    client.wait("CHANNEL_UNBRIDGE")
    client.wait("CHANNEL_PARK", Unique_ID=caller)
    assert (ended["Hangup-Cause"], ended["variable_sip_hangup_disposition"]) == ("MEDIA_TIMEOUT", "send_bye")


def test_row_8_given_virtual_phones_with_nothing_to_say_when_time_passes_then_they_show_that_they_are_there(
    impatient: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("softswitch.party.phone.BREATH_S", 0.1)
    client = impatient.client()
    quiet, _ = impatient.parked(client)
    dead, line = impatient.parked(client, number="4930777")
    line.media.close()
    assert client.wait("CHANNEL_HANGUP_COMPLETE")["Unique-ID"] == dead
    assert client.api(f"uuid_exists {quiet}") == "true"


@pytest.mark.parametrize(("direction", "limit_s"), [("sendrecv", 3.0), ("recvonly", 9.0), ("inactive", 9.0), ("sendonly", 0.0)])
def test_given_a_direction_of_ours_when_asked_then_the_patience_with_the_peer(direction: str, limit_s: float) -> None:
    assert Patience(talking_s=3, held_s=9).while_we(direction) == limit_s


@pytest.mark.parametrize(
    ("patience", "every_s"),
    [
        (Patience(), 1.0),
        (Patience(talking_s=2), 0.5),
        (Patience(talking_s=0), 1.0),
        (Patience(talking_s=0, held_s=0), 1.0),
        (Patience(held_s=1), 0.25),
    ],
)
def test_given_limits_when_asked_how_often_to_look_then_often_enough_and_never_without_end(patience: Patience, every_s: float) -> None:
    assert patience.look_every_s == every_s


def test_given_a_stream_when_packets_come_then_its_silence_is_counted_from_the_last_or_from_when_it_was_due() -> None:
    now = [100.0]
    stream = Incoming(lambda: now[0])
    now[0] = 103.0
    assert stream.quiet_s == 3
    assert stream.believes(("192.0.2.1", 4000))
    now[0] = 104.0
    assert stream.quiet_s == 1
    now[0] = 110.0
    stream.expect_somebody()
    now[0] = 112.0
    assert stream.quiet_s == 2
