"""One caller and the switch: arrive, be answered, hear, press, be recorded, go. The orders are those measured on FreeSWITCH."""

import wave

import pytest
from gevent.event import Event as Signal

from softswitch.party.line import Line
from softswitch.sip import sdp
from tests.softswitch.esl_client import EslClient
from tests.softswitch.house import House, prompt


@pytest.fixture
def client(switch: House) -> EslClient:
    return switch.client()


@pytest.fixture
def parked(switch: House, client: EslClient) -> tuple[str, Line]:
    return switch.parked(client)


def change(line: Line, direction: str) -> None:
    """A re-INVITE, and its answer waited for."""
    answered = Signal()
    line.call.on_media_changed = lambda body: answered.set()
    line.call.reinvite(sdp.offer(host=line.media.local_host, port=line.media.local_port, direction=direction))
    assert answered.wait(5)


def after(client: EslClient, uuid: str, name: str) -> list[str]:
    names = client.names(uuid)
    return names[names.index(name) + 1 :]


def test_given_a_trunk_call_when_it_arrives_then_it_rings_is_armed_and_parked_unanswered(switch: House, client: EslClient) -> None:
    line = switch.caller().dial("4930555")
    park = client.wait("CHANNEL_PARK")
    assert line.ringing.wait(5) and not line.answered.is_set()
    told = {
        "Call-Direction": "inbound",
        "Answer-State": "ringing",
        "Channel-Call-State": "RINGING",
        "Caller-Destination-Number": "4930555",
        "Caller-Caller-ID-Number": "0301234567",
        "Caller-Caller-ID-Name": "Ada",
        "Caller-ANI": "0301234567",
        "Caller-Context": "public",
        "Caller-Source": "mod_sofia",
        "Caller-Network-Addr": "127.0.0.1",
        "Channel-Name": "sofia/trunk/0301234567@127.0.0.1",
        "variable_sip_from_user": "0301234567",
        "variable_sip_req_user": "4930555",
        "variable_sip_call_id": line.call.call_id,
        "variable_endpoint_disposition": "RECEIVED",
        "Caller-Unique-ID": park["Unique-ID"],
    }
    assert {name: park.get(name) for name in told} == told
    assert "variable_sip_auth_username" not in park
    assert client.names(park["Unique-ID"])[0] == "CHANNEL_CREATE"
    assert client.api(f"sched_del {park['Unique-ID']}") == "+OK Deleted: 1\n"
    assert client.api(f"sched_del {park['Unique-ID']}") == "+OK Deleted: 0\n"


def test_given_a_phone_when_it_dials_then_its_proven_user_is_on_the_channel(switch: House, client: EslClient) -> None:
    switch.agent("1001").dial("*45")
    park = client.wait("CHANNEL_PARK")
    assert park["Caller-Context"] == "agents" and park["variable_sip_auth_username"] == "1001"
    assert park["Caller-Destination-Number"] == "*45"


def test_given_a_phone_without_the_password_when_it_dials_or_registers_then_it_stays_outside(switch: House, client: EslClient) -> None:
    phone = switch.phone("1001", password="wrong")
    assert phone.register() in (401, 403)
    assert client.wait("CUSTOM")["Event-Subclass"] == "sofia::register_failure"
    line = phone.dial("*45")
    assert line.ended.wait(5) and line.status in (401, 403, 407)
    assert client.names() == ["CUSTOM"]


def test_given_a_display_name_that_forges_headers_when_it_arrives_then_it_stays_a_value(switch: House, client: EslClient) -> None:
    switch.caller(name="Bob%0AUnique-ID: FORGED").dial("4930555")
    park = client.wait("CHANNEL_PARK")
    assert park["Unique-ID"] != "FORGED"
    assert park["Caller-Caller-ID-Name"].startswith("Bob")


def test_given_a_parked_caller_when_answered_then_execute_answer_and_complete_in_this_order(
    client: EslClient, parked: tuple[str, Line]
) -> None:
    uuid, line = parked
    assert line.answered.wait(5)
    assert after(client, uuid, "CHANNEL_PARK") == ["CHANNEL_EXECUTE", "CHANNEL_ANSWER", "CHANNEL_EXECUTE_COMPLETE"]
    assert client.execute(uuid, "answer") == "+OK"
    client.wait("CHANNEL_EXECUTE_COMPLETE", Application="answer")
    assert client.names(uuid).count("CHANNEL_ANSWER") == 1


def test_given_a_prompt_when_it_ends_then_file_played_under_our_id(switch: House, client: EslClient, parked: tuple[str, Line]) -> None:
    uuid, line = parked
    file = prompt(switch.base / "a.wav", 0.2)
    client.execute(uuid, "playback", str(file), event_uuid="p1", lock=True)
    done = client.wait("CHANNEL_EXECUTE_COMPLETE", Application="playback")
    assert (done["Application-UUID"], done["Application-Response"]) == ("p1", "FILE PLAYED")
    assert client.wait("PLAYBACK_STOP")["Playback-Status"] == "done"
    assert client.names(uuid)[-4:] == [
        "CHANNEL_EXECUTE", "PLAYBACK_START", "PLAYBACK_STOP", "CHANNEL_EXECUTE_COMPLETE",
    ]  # fmt: skip


def test_given_a_file_that_is_missing_when_played_then_not_found_and_no_start(
    switch: House, client: EslClient, parked: tuple[str, Line]
) -> None:
    uuid, _ = parked
    client.execute(uuid, "playback", str(switch.base / "none.wav"), event_uuid="p1")
    done = client.wait("CHANNEL_EXECUTE_COMPLETE", Application="playback")
    assert done["Application-Response"] == "FILE NOT FOUND"
    assert "PLAYBACK_START" not in client.names(uuid)


def test_given_files_in_turn_when_one_is_missing_then_the_other_is_played(
    switch: House, client: EslClient, parked: tuple[str, Line]
) -> None:
    uuid, _ = parked
    file = prompt(switch.base / "a.wav", 0.1)
    client.execute(uuid, "playback", f"file_string://{switch.base}/none.wav!{file}")
    assert client.wait("CHANNEL_EXECUTE_COMPLETE", Application="playback")["Application-Response"] == "FILE PLAYED"


def test_given_music_when_broken_and_replaced_in_one_write_then_both_complete_and_the_second_plays(
    client: EslClient, parked: tuple[str, Line]
) -> None:
    uuid, _ = parked
    client.execute(uuid, "playback", "local_stream://moh", event_uuid="music", lock=True)
    client.wait("PLAYBACK_START")
    client.send(f"api uuid_break {uuid} all")
    client.execute(uuid, "playback", "silence_stream://50", event_uuid="next", lock=True)
    assert client.answer().reply == "+OK"
    broken = client.wait("CHANNEL_EXECUTE_COMPLETE", Application_UUID="music")
    assert broken["Application-Response"] == "FILE PLAYED"
    assert client.wait("PLAYBACK_STOP")["Playback-Status"] == "break"
    assert client.wait("CHANNEL_EXECUTE_COMPLETE", Application_UUID="next")
    assert client.wait("PLAYBACK_STOP")["Playback-Status"] == "done"


def test_given_a_break_that_found_nothing_to_stop_when_something_is_played_then_it_is_played_whole(
    client: EslClient, parked: tuple[str, Line]
) -> None:
    uuid, _ = parked
    assert client.api(f"uuid_break {uuid} all") == "+OK\n"
    client.execute(uuid, "playback", "silence_stream://100")
    assert client.wait("PLAYBACK_STOP")["Playback-Status"] == "done"


def test_given_locked_playbacks_when_broken_with_all_then_what_is_queued_is_dropped_silently(
    client: EslClient, parked: tuple[str, Line]
) -> None:
    uuid, _ = parked
    client.execute(uuid, "playback", "local_stream://moh", event_uuid="one", lock=True)
    client.wait("PLAYBACK_START")
    client.execute(uuid, "playback", "local_stream://moh", event_uuid="two", lock=True)
    assert client.api(f"uuid_break {uuid} all") == "+OK\n"
    client.wait("CHANNEL_EXECUTE_COMPLETE", Application_UUID="one")
    client.execute(uuid, "playback", "silence_stream://20", event_uuid="three", lock=True)
    client.wait("CHANNEL_EXECUTE_COMPLETE", Application_UUID="three")
    assert "two" not in [event.get("Application-UUID") for event in client.seen]


def test_given_a_playback_without_lock_when_another_comes_then_it_is_nested_and_the_first_goes_on(
    switch: House, client: EslClient, parked: tuple[str, Line]
) -> None:
    uuid, _ = parked
    file = prompt(switch.base / "a.wav", 0.6)
    client.execute(uuid, "playback", str(file), event_uuid="outer")
    client.wait("PLAYBACK_START")
    client.execute(uuid, "playback", "silence_stream://40", event_uuid="inner")
    client.wait("CHANNEL_EXECUTE_COMPLETE", Application_UUID="outer")
    ends = [one["Application-UUID"] for one in client.seen if one["Event-Name"] == "CHANNEL_EXECUTE_COMPLETE"][-2:]
    assert ends == ["inner", "outer"]


@pytest.mark.parametrize(("by", "source"), [("rfc4733", "RTP"), ("info", "ENDPOINT")])
def test_given_a_caller_when_keys_are_pressed_then_each_is_an_event(
    client: EslClient, parked: tuple[str, Line], by: str, source: str
) -> None:
    uuid, line = parked
    assert line.answered.wait(5)
    line.press("4#", by=by)
    first, second = client.wait("DTMF"), client.wait("DTMF")
    assert (first["DTMF-Digit"], second["DTMF-Digit"]) == ("4", "#")
    assert (first["Unique-ID"], first["DTMF-Source"]) == (uuid, source)


def test_given_a_playback_when_a_terminator_is_pressed_then_it_stops_and_says_which(
    client: EslClient, parked: tuple[str, Line]
) -> None:
    uuid, line = parked
    client.api(f"uuid_setvar {uuid} playback_terminators #")
    client.execute(uuid, "playback", "local_stream://moh")
    client.wait("PLAYBACK_START")
    line.press("5#")
    done = client.wait("CHANNEL_EXECUTE_COMPLETE", Application="playback")
    assert done["variable_playback_terminator_used"] == "#"


def test_given_no_terminators_when_star_is_pressed_then_the_playback_goes_on(client: EslClient, parked: tuple[str, Line]) -> None:
    uuid, line = parked
    client.execute(uuid, "playback", "local_stream://moh")
    client.wait("PLAYBACK_START")
    line.press("*")
    client.wait("DTMF")
    assert client.api(f"uuid_break {uuid}") == "+OK\n"
    client.wait("PLAYBACK_STOP")
    assert client.wait("CHANNEL_EXECUTE_COMPLETE", Application="playback")


def test_given_an_unanswered_caller_when_something_is_played_then_it_is_early_media(switch: House, client: EslClient) -> None:
    uuid, line = switch.parked(client, answered=False)
    client.execute(uuid, "playback", "silence_stream://40")
    done = client.wait("CHANNEL_EXECUTE_COMPLETE", Application="playback")
    assert done["Answer-State"] == "early" and "CHANNEL_PROGRESS_MEDIA" in client.names(uuid)
    assert not line.answered.is_set()


def test_given_a_recording_when_its_time_is_over_then_the_file_is_there_and_its_length_known(
    switch: House, client: EslClient, parked: tuple[str, Line]
) -> None:
    uuid, line = parked
    line.speak_tone("%(5000,0,440)")
    path = switch.base / "new" / "message.wav"
    client.execute(uuid, "record", f"{path} 1 200 3", event_uuid="r1")
    client.wait("CHANNEL_EXECUTE_COMPLETE", Application_UUID="r1")
    stop = client.wait("RECORD_STOP")
    assert stop["Record-File-Path"] == str(path) and stop["variable_record_seconds"] == "1"
    with wave.open(str(path)) as file:
        assert file.getnframes() == pytest.approx(8000, abs=800)


def test_given_an_application_that_nobody_knows_when_executed_then_the_call_ends(client: EslClient, parked: tuple[str, Line]) -> None:
    uuid, _ = parked
    client.execute(uuid, "no_such_thing")
    assert client.wait("CHANNEL_HANGUP")["Hangup-Cause"] == "DESTINATION_OUT_OF_ORDER"


def test_given_music_when_the_caller_hangs_up_then_all_that_ran_ends_in_order(client: EslClient, parked: tuple[str, Line]) -> None:
    uuid, line = parked
    client.execute(uuid, "playback", "local_stream://moh", event_uuid="music")
    client.wait("PLAYBACK_START")
    line.hang_up()
    end = client.wait("CHANNEL_HANGUP_COMPLETE")
    client.wait("CHANNEL_DESTROY")
    assert client.names(uuid)[-7:] == [
        "CHANNEL_HANGUP", "PLAYBACK_STOP", "CHANNEL_EXECUTE_COMPLETE", "CHANNEL_UNPARK", "CHANNEL_EXECUTE_COMPLETE",
        "CHANNEL_HANGUP_COMPLETE", "CHANNEL_DESTROY",
    ]  # fmt: skip
    assert (end["Hangup-Cause"], end["variable_sip_hangup_disposition"]) == ("NORMAL_CLEARING", "recv_bye")
    assert end["variable_sip_term_status"] == "200" and end["Channel-Call-State"] == "HANGUP"
    assert client.wait("CHANNEL_EXECUTE_COMPLETE", Application_UUID="music")["Application-Response"] == "FILE PLAYED"


def test_given_an_unanswered_caller_when_he_gives_up_then_originator_cancel(switch: House, client: EslClient) -> None:
    """ACD: the caller leaves while it rings."""
    _, line = switch.parked(client, answered=False)
    line.hang_up()
    end = client.wait("CHANNEL_HANGUP_COMPLETE")
    assert (end["Hangup-Cause"], end["variable_sip_hangup_disposition"]) == ("ORIGINATOR_CANCEL", "recv_cancel")


@pytest.mark.parametrize(("cause", "status"), [("USER_BUSY", 486), ("UNALLOCATED_NUMBER", 404), ("CALL_REJECTED", 603), ("", 480)])
def test_given_an_unanswered_caller_when_killed_with_a_cause_then_sip_says_so(
    switch: House, client: EslClient, cause: str, status: int
) -> None:
    uuid, line = switch.parked(client, answered=False)
    assert client.api(f"uuid_kill {uuid} {cause}") == "+OK\n"
    assert line.ended.wait(5) and line.status == status
    assert client.wait("CHANNEL_HANGUP_COMPLETE")["variable_sip_hangup_disposition"] == "send_refuse"


def test_given_an_answered_caller_when_a_message_says_hang_up_then_bye(client: EslClient, parked: tuple[str, Line]) -> None:
    uuid, line = parked
    assert line.answered.wait(5)
    client.ask(f"sendmsg {uuid}\ncall-command: hangup\nhangup-cause: NORMAL_CLEARING")
    assert line.ended.wait(5)
    assert client.wait("CHANNEL_HANGUP_COMPLETE")["variable_sip_hangup_disposition"] == "send_bye"


def test_given_a_held_call_when_resumed_then_both_are_events(client: EslClient, parked: tuple[str, Line]) -> None:
    uuid, line = parked
    assert line.answered.wait(5)
    change(line, "sendonly")
    assert client.wait("CHANNEL_HOLD")["Channel-Call-State"] == "HELD"
    change(line, "sendrecv")
    assert client.wait("CHANNEL_UNHOLD")["Unique-ID"] == uuid


def test_given_nobody_adopts_when_the_dead_mans_switch_fires_then_announcement_message_and_end(
    switch: House, client: EslClient
) -> None:
    """The controller never returns: the caller ends in voicemail (FAULTS: dead man's switch)."""
    uuid, line = switch.parked(client, answered=False)
    client.api(f"sched_del {uuid}")
    assert client.api(f"sched_transfer +0 {uuid} unattended XML failsafe") == "+OK\n"
    assert line.answered.wait(5)
    assert client.wait("CHANNEL_EXECUTE", Application="record")["Caller-Context"] == "failsafe"
    line.hang_up()
    client.wait("CHANNEL_DESTROY")
    assert (switch.base / "messages" / f"{uuid}.wav").exists()
    apps = [one["Application"] for one in client.seen if one["Event-Name"] == "CHANNEL_EXECUTE"]
    assert apps[-5:] == ["answer", "set", "sleep", "playback", "record"]
