"""Api commands: what they answer, in FreeSWITCH's words."""

import json
from urllib.parse import unquote

import pytest

from tests.softswitch.esl_client import EslClient
from tests.softswitch.house import DOMAIN, House, house

NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def client(switch: House) -> EslClient:
    return switch.client()


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        (f"uuid_kill {NOBODY}", "-ERR No such channel!\n"),
        (f"uuid_break {NOBODY} all", "-ERR No such channel!\n"),
        (f"uuid_setvar {NOBODY} a b", "-ERR No such channel!\n"),
        (f"uuid_getvar {NOBODY} a", "-ERR No such channel!\n"),
        (f"uuid_transfer {NOBODY} 1", "-ERR No such channel!\n"),
        (f"uuid_dump {NOBODY}", "-ERR No such channel!\n"),
        (f"uuid_park {NOBODY}", "-ERR No such channel!\n"),
        (f"sched_transfer +3 {NOBODY} x", "-ERR No such channel!\n"),
        (f"sched_hangup +3 {NOBODY}", "-ERR No such channel!\n"),
        (f"uuid_bridge {NOBODY} {NOBODY}", "-ERR Invalid uuid\n"),
        (f"uuid_broadcast {NOBODY} a.wav", "-ERR invalid uuid\n"),
        (f"uuid_record {NOBODY} start /tmp/x", "-ERR Cannot locate session!\n"),
        (f"uuid_send_dtmf {NOBODY} 1", "-ERR Cannot locate session!\n"),
        (f"uuid_answer {NOBODY}", "-ERROR\n"),
        (f"uuid_hold {NOBODY}", "+OK Success\n"),
        (f"uuid_exists {NOBODY}", "false"),
        (f"sched_del {NOBODY}", "+OK Deleted: 0\n"),
        ("foo bar", "-ERR foo Command not found!\n"),
        ("system rm -rf", "-ERR system Command not found!\n"),
        ("msleep 1", "+OK"),
        ("echo a  b", "a  b"),
        ("show channels as json", '{"row_count":0}'),
        ("global_getvar domain", DOMAIN),
        ("sofia status profile nowhere", "Invalid Profile!\n"),
        ("sofia profile nowhere rescan", "Invalid Profile!\n"),
        ("sofia profile trunk rescan", "+OK scan complete\n"),
        ("uuid_kill", "-USAGE: <uuid> [cause]\n"),
    ],
)
def test_given_nothing_there_when_asked_then_the_answer_is_freeswitchs(client: EslClient, command: str, answer: str) -> None:
    assert client.api(command) == answer


def test_given_a_caller_when_listed_and_dumped_then_what_rebuilds_the_line_is_there(switch: House, client: EslClient) -> None:
    uuid, _ = switch.parked(client)
    assert client.api(f"uuid_setvar_multi {uuid} acd_call=c-1;acd_note=two words") == "+OK\n"
    assert client.api(f"uuid_setvar {uuid} acd_odd a, 'b' {{c}} d=;e") == "+OK\n"
    assert client.api(f"uuid_getvar {uuid} acd_odd") == "a, 'b' {c} d=;e"
    assert client.api(f"uuid_getvar {uuid} acd_none") == "_undef_"
    rows = json.loads(client.api("show channels as json"))
    row = rows["rows"][0]
    assert rows["row_count"] == 1 and row["uuid"] == uuid and row["direction"] == "inbound"
    assert (row["state"], row["callstate"], row["cid_num"], row["dest"]) == (
        "CS_EXECUTE", "ACTIVE", "0301234567", "4930555",
    )  # fmt: skip
    assert len(row) == 38
    dump = json.loads(client.api(f"uuid_dump {uuid} json"))
    assert dump["Event-Name"] == "CHANNEL_DATA" and dump["variable_acd_note"] == "two words"
    assert dump["Answer-State"] == "answered" and dump["Core-UUID"] == switch.switch.bus.core_uuid
    lines = dict(line.split(": ", 1) for line in client.api(f"uuid_dump {uuid}").splitlines() if line)
    assert unquote(lines["variable_acd_odd"]) == "a, 'b' {c} d=;e"
    single = json.loads(client.api("show calls as json"))["rows"][0]
    assert single["uuid"] == uuid and single["b_uuid"] == ""


def test_given_a_phone_when_it_registers_and_goes_then_events_and_lists_tell(switch: House, client: EslClient) -> None:
    phone = switch.agent("1002")
    event = client.wait("CUSTOM")
    assert event["Event-Subclass"] == "sofia::register"
    assert (event["from-user"], event["from-host"], event["profile-name"]) == ("1002", DOMAIN, "agents")
    assert event["network-port"] == str(phone.agent.port)
    row = json.loads(client.api("show registrations as json"))["rows"][0]
    assert (row["reg_user"], row["realm"], row["network_port"]) == ("1002", DOMAIN, str(phone.agent.port))
    assert f"<user>1002@{DOMAIN}</user>" in client.api("sofia xmlstatus profile agents reg")
    assert "Total items returned: 1" in client.api("sofia status profile agents reg")
    assert phone.unregister() == 200
    gone = client.wait("CUSTOM", Event_Subclass="sofia::unregister")
    assert (gone["from-user"], gone["expires"]) == ("1002", "0")
    assert client.api("show registrations as json") == '{"row_count":0}'


def test_given_a_changed_directory_when_reloaded_then_new_phones_may_register(switch: House, client: EslClient) -> None:
    assert switch.phone("2001").register() in (401, 403)
    path = switch.base / "directory.xml"
    path.write_text(path.read_text().replace('id="1001"', 'id="2001"'))
    assert client.api("reloadxml") == "+OK [Success]\n"
    assert client.wait("RELOADXML")
    assert switch.phone("2001").register() == 200
    path.write_text("<broken")
    assert client.api("reloadxml").startswith("-ERR [")
    assert switch.phone("2001").register() == 200


def test_given_several_calls_when_all_are_hung_up_by_a_variable_then_only_those_end(switch: House, client: EslClient) -> None:
    one, _ = switch.parked(client)
    two, _ = switch.parked(client)
    client.api(f"uuid_setvar {one} mark x")
    assert client.api("hupall NORMAL_CLEARING mark x").startswith("+OK hangup all channels matching [mark]=[x]")
    client.wait("CHANNEL_DESTROY", Unique_ID=one)
    assert client.api(f"uuid_exists {two}") == "true"


def test_given_a_pause_when_a_call_comes_then_it_is_refused_until_resumed(switch: House, client: EslClient) -> None:
    assert client.api("fsctl pause inbound") == "+OK\n" and client.api("fsctl pause_check inbound") == "true"
    line = switch.caller().dial("1")
    assert line.ended.wait(5) and line.status == 503
    assert client.api("fsctl resume inbound") == "+OK\n"
    assert switch.parked(client)


def test_given_a_bound_on_channels_when_it_is_reached_then_the_next_caller_is_refused(switch: House) -> None:
    with house(switch.base, most_channels=1) as small:
        client = small.client()
        small.parked(client)
        line = small.caller().dial("1")
        assert line.ended.wait(5) and line.status == 503


def test_given_a_background_recording_when_stopped_then_both_ends_are_told(switch: House, client: EslClient) -> None:
    uuid, _ = switch.parked(client)
    path = switch.base / "both.wav"
    assert client.api(f"uuid_record {uuid} start {path}") == "+OK Success\n"
    assert client.wait("RECORD_START")["Record-File-Path"] == str(path)
    assert client.api(f"uuid_record {uuid} stop {path}") == "+OK Success\n"
    assert client.wait("RECORD_STOP")["Record-File-Path"] == str(path)
    assert path.exists()
    assert client.api(f"uuid_record {uuid} stop {path}") == "-ERR Cannot stop record session!\n"


def test_given_a_leg_when_digits_are_sent_to_it_then_it_hears_them(switch: House, client: EslClient) -> None:
    uuid, line = switch.parked(client)
    assert line.answered.wait(5)
    assert client.api(f"uuid_send_dtmf {uuid} 12") == f"+OK {uuid} sent DTMF 12.\n"
    assert line.wait_digits("12", timeout_s=5)


def test_given_a_scheduled_hang_up_when_due_then_allotted_timeout(switch: House, client: EslClient) -> None:
    uuid, _ = switch.parked(client)
    assert client.api(f"sched_hangup +1 {uuid}") == "+OK\n"
    assert client.wait("CHANNEL_HANGUP")["Hangup-Cause"] == "ALLOTTED_TIMEOUT"


def test_given_a_beat_of_a_moment_when_listening_then_heartbeats_come_with_their_count(switch: House) -> None:
    with house(switch.base, heartbeat_s=0.05) as quick:
        client = quick.client(events="event plain HEARTBEAT")
        first, second = client.wait("HEARTBEAT"), client.wait("HEARTBEAT")
        assert int(second["Uptime-msec"]) > int(first["Uptime-msec"])
        assert (first["Session-Count"], first["Event-Info"]) == ("0", "System Ready")


def test_given_the_switch_when_asked_how_it_is_then_status_says_ready(client: EslClient) -> None:
    status = client.api("status")
    assert status.startswith("UP 0 years, ") and " is ready\n" in status and "0 session(s) since startup" in status
    assert "embedded" in client.api("version")


def test_given_a_variable_of_the_switch_when_set_where_it_is_as_expected_then_and_only_then_it_changes(
    switch: House, client: EslClient
) -> None:
    """FAULTS.md F35: what two controllers decide their quarrel by. It says +OK either way; reading tells."""
    tried = []
    for asked in ("acd_t=1:a:0=0:b:0", "acd_t=1:a:0", "acd_t=1:a:1=1:a:7", "acd_t=1:a:1=1:a:0", "acd_t=2:b:0=", "acd_t="):
        assert client.api(f"global_setvar {asked}") == "+OK"
        tried.append(client.api("global_getvar acd_t"))
    nothing = "-ERR no reply\n"
    assert tried == [nothing, "1:a:0", "1:a:0", "1:a:1", "2:b:0", nothing]
    assert client.api("global_setvar") == client.api("global_setvar =x") == "-USAGE: <var>=<value> [=<value2>]\n"
