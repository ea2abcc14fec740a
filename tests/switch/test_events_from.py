"""What the switch says, and what it means to us."""

import pytest

from acd.core import events as e
from acd.switch.events_from import EVENTS, event_from, subscription
from acd.switch.wire import Splitter
from acd.words import LegId, MachineTone, NodeId, PhoneId, PlayId, RecordingId
from tests.switch.fake_socket import plain

NODE, AT = NodeId("fs1"), 12.5
A, B = LegId("fs1/a"), LegId("fs1/b")


def told(name: str, body: str = "", **headers: str) -> e.Event | None:
    named = {key if key.startswith("variable_") else key.replace("_", "-"): value for key, value in headers.items()}
    (frame,) = Splitter().feed(plain({"Event-Name": name} | named, body))
    return event_from(frame, NODE, AT)


PARKED = {"Unique_ID": "a", "Call_Direction": "inbound", "Caller_Destination_Number": "100", "Caller_Caller_ID_Number": "4930"}


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (told("CHANNEL_PARK", **PARKED), e.CallArrived(at=AT, leg=A, dialled="100", caller_number="4930")),
        (told("CHANNEL_PARK", **PARKED, variable_acd_call="c1"), e.LegParked(at=AT, leg=A, inbound=True)),
        (told("CHANNEL_PARK", Unique_ID="b", Call_Direction="outbound"), e.LegParked(at=AT, leg=B, inbound=False)),
        (told("CHANNEL_PROGRESS", Unique_ID="b", Call_Direction="outbound"), e.LegRinging(at=AT, leg=B)),
        (told("CHANNEL_PROGRESS_MEDIA", Unique_ID="a", Call_Direction="inbound"), None),
        (told("CHANNEL_ANSWER", Unique_ID="b", Call_Direction="outbound"), e.LegAnswered(at=AT, leg=B)),
        (
            told("CHANNEL_BRIDGE", Unique_ID="a", Bridge_A_Unique_ID="a", Bridge_B_Unique_ID="b"),
            e.LegsBridged(at=AT, leg=A, other=B),
        ),
        (told("CHANNEL_BRIDGE", Unique_ID="a", Other_Leg_Unique_ID="b"), e.LegsBridged(at=AT, leg=A, other=B)),
        (
            told("CHANNEL_HANGUP_COMPLETE", Unique_ID="b", Hangup_Cause="USER_BUSY", variable_sip_term_status="486"),
            e.LegEnded(at=AT, leg=B, cause="USER_BUSY", sip_status=486),
        ),
        (
            told(
                "CHANNEL_HANGUP_COMPLETE",
                Unique_ID="b",
                Hangup_Cause="REQUESTED_CHAN_UNAVAIL",
                variable_sip_invite_failure_status="487",
                variable_proto_specific_hangup_cause="sip:302",
            ),
            e.LegEnded(at=AT, leg=B, cause="REQUESTED_CHAN_UNAVAIL", sip_status=302),
        ),
        (
            told("CHANNEL_HANGUP_COMPLETE", Unique_ID="b", Hangup_Cause="NORMAL_CLEARING", variable_sip_term_status="200"),
            e.LegEnded(at=AT, leg=B, cause="NORMAL_CLEARING"),
        ),
        (told("CHANNEL_HANGUP_COMPLETE", Unique_ID="b"), e.LegEnded(at=AT, leg=B, cause="UNKNOWN")),
        (
            told(
                "CHANNEL_EXECUTE_COMPLETE",
                Unique_ID="a",
                Application="playback",
                Application_UUID="p.1",
                Application_Response="FILE PLAYED",
            ),
            e.PlayEnded(at=AT, leg=A, play=PlayId("p.1"), result="FILE PLAYED"),
        ),
        (told("CHANNEL_HOLD", Unique_ID="b"), e.LegHeld(at=AT, leg=B)),
        (told("CHANNEL_UNHOLD", Unique_ID="b"), e.LegResumed(at=AT, leg=B)),
        (
            told("CHANNEL_EXECUTE", Unique_ID="b", Application="set", Application_Data="acd_key=3"),
            e.DigitPressed(at=AT, leg=B, digit="3"),
        ),
        (told("CHANNEL_EXECUTE", Unique_ID="b", Application="set", Application_Data="acd_key=33"), None),
        (
            told("CHANNEL_EXECUTE", Unique_ID="b", Application="set", Application_Data="acd_heard=fax"),
            e.MachineHeard(at=AT, leg=B, tone=MachineTone.FAX),
        ),
        (told("CHANNEL_EXECUTE", Unique_ID="b", Application="set", Application_Data="acd_heard=beep"), None),
        (told("CHANNEL_EXECUTE", Unique_ID="b", Application="set", Application_Data="acd_key=fax"), None),
        (
            told("CUSTOM", Event_Subclass="avmd::beep", Unique_ID="b", Beep_Status="DETECTED", Frequency="1000.003754"),
            e.MachineHeard(at=AT, leg=B, tone=MachineTone.BEEP),
        ),
        (told("CUSTOM", Event_Subclass="avmd::beep", Beep_Status="DETECTED"), None),
        (told("CUSTOM", Event_Subclass="avmd::stop", Unique_ID="b", Beep_Status="DETECTED"), None),
        (told("CHANNEL_EXECUTE", Unique_ID="b", Application="set", Application_Data="acd_call=3"), None),
        (told("CHANNEL_EXECUTE", Unique_ID="b", Application="playback", Application_Data="acd_key=3"), None),
        (
            told(
                "RECORD_STOP",
                Unique_ID="a",
                Record_File_Path="/var/talks/c1/c1.e1.r2.wav",
                Record_Completion_Cause="success-silence",
                variable_record_ms="2500",
            ),
            e.RecordingEnded(at=AT, leg=A, recording=RecordingId("c1.e1.r2"), seconds=2.5),
        ),
        (
            told("RECORD_STOP", Unique_ID="a", Record_File_Path="/t/c1.r1.wav", Record_Completion_Cause="uri-failure"),
            e.RecordingEnded(at=AT, leg=A, recording=RecordingId("c1.r1"), why="uri-failure"),
        ),
        (told("RECORD_STOP", Unique_ID="a", Record_File_Path="/var/messages/c1.7.wav"), None),
        (told("RECORD_STOP", Unique_ID="a", Record_File_Path="/var/talks/$(id).r1.wav"), None),
        (
            told("CHANNEL_EXECUTE_COMPLETE", Unique_ID="b", Application="eavesdrop", Application_UUID="m1"),
            e.PlayEnded(at=AT, leg=B, play=PlayId("m1")),
        ),
        (
            told(
                "CHANNEL_EXECUTE_COMPLETE",
                Unique_ID="a",
                Application="record",
                Application_UUID="r",
                Application_Response="_none_",
                variable_record_ms="2500",
            ),
            e.PlayEnded(at=AT, leg=A, play=PlayId("r"), seconds=2.5),
        ),
        (
            told(
                "CHANNEL_EXECUTE_COMPLETE",
                Unique_ID="a",
                Application="bridge",
                Application_UUID="d",
                variable_originate_disposition="NO_ANSWER",
            ),
            e.PlayEnded(at=AT, leg=A, play=PlayId("d"), cause="NO_ANSWER"),
        ),
        (told("CHANNEL_EXECUTE_COMPLETE", Unique_ID="a", Application="answer", Application_UUID="p"), None),
        (told("DTMF", Unique_ID="a", DTMF_Digit="#"), e.DigitPressed(at=AT, leg=A, digit="#")),
        (told("DTMF", Unique_ID="a", DTMF_Digit="5x"), None),
        (
            told("BACKGROUND_JOB", "-ERR NO_ANSWER\n", Job_UUID="b", Job_Command="originate"),
            e.LegEnded(at=AT, leg=B, cause="NO_ANSWER"),
        ),
        (told("BACKGROUND_JOB", "+OK b\n", Job_UUID="b", Job_Command="originate"), None),
        (told("BACKGROUND_JOB", "-ERR x\n", Job_UUID="b", Job_Command="status"), None),
        (told("HEARTBEAT"), None),
        (told("CHANNEL_STATE", Unique_ID="a"), None),
        (told("CHANNEL_PARK", Call_Direction="inbound"), None),
        (
            told("CUSTOM", Event_Subclass="sofia::register", **{"from_user": "1001", "username": "1001"}),
            e.PhoneRegistered(at=AT, node=NODE, phone=PhoneId("1001")),
        ),
        (told("CUSTOM", Event_Subclass="sofia::register", **{"from_user": "1002", "username": "1001"}), None),
        (
            told("CUSTOM", Event_Subclass="sofia::expire", **{"user": "1001", "username": "1001"}),
            e.PhoneUnregistered(at=AT, node=NODE, phone=PhoneId("1001")),
        ),
    ],
)
def test_given_what_the_switch_says_when_translated_then_it_is_our_event(event: e.Event | None, expected: e.Event | None) -> None:
    assert event == expected


@pytest.mark.parametrize(("context", "phone"), [("agents", "1001"), ("public", None), (None, None)])
def test_given_a_proven_name_when_a_call_parks_then_it_is_a_phone_only_in_the_agents_context(
    context: str | None, phone: str | None
) -> None:
    headers = PARKED | {"variable_sip_auth_username": "1001"} | ({"Caller_Context": context} if context else {})
    event = told("CHANNEL_PARK", **headers)
    assert isinstance(event, e.CallArrived) and event.phone == phone


def test_S15_given_a_caller_s_name_with_lines_in_it_when_translated_then_it_is_one_line() -> None:
    event = told("CHANNEL_PARK", **PARKED, Caller_Caller_ID_Name="Bob%0AUnique-ID: x\u2028y\x00z" + "w" * 500)
    assert isinstance(event, e.CallArrived) and event.leg == A
    assert event.caller_name.startswith("Bob Unique-ID: x y z") and len(event.caller_name) <= 128


def test_given_the_table_when_subscribed_then_all_of_it_and_nothing_else() -> None:
    words = subscription().split(" ")
    assert words[:2] == ["event", "plain"]
    assert set(words[2:]) == {*EVENTS, "CUSTOM"}
    assert all("::" in word for word in words[words.index("CUSTOM") + 1 :])
