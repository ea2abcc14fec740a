"""Outgoing legs to phones: every way in which they can end. Causes and variables are those measured on FreeSWITCH."""

import pytest

from softswitch.party.script import Manner
from tests.softswitch.esl_client import EslClient
from tests.softswitch.house import DOMAIN, House

LEG = "11111111-2222-3333-4444-555555555555"


@pytest.fixture
def client(switch: House) -> EslClient:
    return switch.client()


def ring(client: EslClient, *, more: str = "", user: str = "1001", app: str = "&park()", seconds: int = 5) -> None:
    variables = f"origination_uuid={LEG},originate_timeout={seconds},ignore_early_media=true{more}"
    client.send(f"bgapi originate {{{variables}}}sofia/agents/{user}%{DOMAIN} {app}\nJob-UUID: job")
    assert client.answer().reply == "+OK Job-UUID: job"


def result(client: EslClient) -> str:
    return client.wait("BACKGROUND_JOB", Job_UUID="job")["_body"]


def test_given_a_phone_when_it_answers_then_progress_answer_park_and_the_job_says_ok(switch: House, client: EslClient) -> None:
    agent = switch.agent("1001", Manner(answer_after_s=0.05))
    ring(client, more=",origination_caller_id_number=0301,origination_caller_id_name='Ada, B',acd_offer=o-1")
    park = client.wait("CHANNEL_PARK")
    assert result(client) == f"+OK {LEG}\n"
    told = {
        "Unique-ID": LEG,
        "Call-Direction": "outbound",
        "Answer-State": "answered",
        "Caller-Orig-Caller-ID-Number": "0301",
        "Caller-Callee-ID-Number": "0301",
        "Caller-Callee-ID-Name": "Ada, B",
        "Caller-Caller-ID-Number": f"1001%{DOMAIN}",
        "Caller-Destination-Number": f"1001%{DOMAIN}",
        "Channel-Name": "sofia/agents/1001",
        "variable_acd_offer": "o-1",
        "variable_is_outbound": "true",
        "variable_sip_to_user": "1001",
    }
    assert {name: park.get(name) for name in told} == told
    names = client.names(LEG)
    assert names[:3] == ["CHANNEL_CREATE", "CHANNEL_PROGRESS", "CHANNEL_ANSWER"]
    assert set(names[3:]) == {"CHANNEL_EXECUTE", "CHANNEL_PARK"}
    assert agent.lines[0].call.caller_user == "0301" and agent.lines[0].call.caller_name == "Ada, B"


@pytest.mark.parametrize(
    ("status", "cause"),
    [
        (486, "USER_BUSY"),
        (603, "CALL_REJECTED"),
        (480, "NO_USER_RESPONSE"),
        (404, "UNALLOCATED_NUMBER"),
        (500, "NORMAL_TEMPORARY_FAILURE"),
        (503, "NORMAL_TEMPORARY_FAILURE"),
        (488, "INCOMPATIBLE_DESTINATION"),
        (408, "RECOVERY_ON_TIMER_EXPIRE"),
        (415, "SERVICE_NOT_IMPLEMENTED"),
    ],
)
def test_given_a_phone_when_it_refuses_then_the_cause_is_freeswitchs(switch: House, client: EslClient, status: int, cause: str) -> None:
    switch.agent("1001", Manner(answer_after_s=0.02, decline=status))
    ring(client)
    end = client.wait("CHANNEL_HANGUP_COMPLETE", Unique_ID=LEG)
    assert result(client) == f"-ERR {cause}\n"
    assert end["Hangup-Cause"] == end["variable_hangup_cause"] == cause
    assert end["variable_sip_term_status"] == end["variable_sip_invite_failure_status"] == str(status)
    assert end["variable_sip_hangup_disposition"] == "recv_refuse"


def test_given_a_forwarded_phone_when_redirects_are_fatal_then_nobody_is_followed(switch: House, client: EslClient) -> None:
    switch.agent("1001", Manner(answer_after_s=0.02, decline=302))
    ring(client, more=",outbound_redirect_fatal=true")
    end = client.wait("CHANNEL_HANGUP_COMPLETE")
    assert result(client) == "-ERR REQUESTED_CHAN_UNAVAIL\n"
    assert end["variable_proto_specific_hangup_cause"] == "sip:302"
    assert end["variable_sip_hangup_disposition"] == "send_cancel"


def test_given_a_phone_when_it_rings_too_long_then_no_answer_and_cancel(switch: House, client: EslClient) -> None:
    agent = switch.agent("1001", Manner(answer_after_s=None))
    ring(client, seconds=1)
    end = client.wait("CHANNEL_HANGUP_COMPLETE")
    assert result(client) == "-ERR NO_ANSWER\n"
    assert (end["Hangup-Cause"], end["variable_sip_hangup_disposition"]) == ("NO_ANSWER", "send_cancel")
    assert agent.lines[0].ended.wait(5)


@pytest.mark.parametrize(("words", "cause"), [("", "NORMAL_CLEARING"), (" ORIGINATOR_CANCEL", "ORIGINATOR_CANCEL")])
def test_given_a_ringing_phone_when_killed_then_it_stops_and_the_job_has_the_cause(
    switch: House, client: EslClient, words: str, cause: str
) -> None:
    agent = switch.agent("1001", Manner(answer_after_s=None))
    ring(client)
    client.wait("CHANNEL_PROGRESS")
    assert client.api(f"uuid_kill {LEG}{words}") == "+OK\n"
    assert result(client) == f"-ERR {cause}\n"
    assert agent.lines[0].ended.wait(5)
    assert client.wait("CHANNEL_HANGUP_COMPLETE")["variable_sip_invite_failure_status"] == "487"


def test_given_an_originate_in_flight_when_killed_in_the_same_write_then_the_phone_does_not_ring_on(
    switch: House, client: EslClient
) -> None:
    switch.agent("1001", Manner(answer_after_s=None))
    client.send(f"bgapi originate {{origination_uuid={LEG}}}sofia/agents/1001%{DOMAIN} &park()\nJob-UUID: job\n\napi uuid_exists {LEG}")
    client.answer()
    client.answer()
    client.wait("CHANNEL_CREATE")
    client.api(f"uuid_kill {LEG}")
    assert result(client) == "-ERR NORMAL_CLEARING\n"


@pytest.mark.parametrize(
    ("target", "cause"),
    [
        (f"sofia/agents/1001%{DOMAIN}", "USER_NOT_REGISTERED"),
        (f"sofia/agents/9999%{DOMAIN}", "USER_NOT_REGISTERED"),
        ("sofia/nowhere/1001%x", "INVALID_PROFILE"),
        ("sofia/gateway/none/123", "INVALID_GATEWAY"),
        ("loopback/1001", "CHAN_NOT_IMPLEMENTED"),
    ],
)
def test_given_nobody_there_when_originated_then_only_the_job_and_a_destroy_tell(client: EslClient, target: str, cause: str) -> None:
    assert client.api(f"originate {{origination_uuid={LEG}}}{target} &park()") == f"-ERR {cause}\n"
    if not target.startswith("loopback"):
        assert "Hangup-Cause" not in client.wait("CHANNEL_DESTROY", Unique_ID=LEG)
    assert "CHANNEL_CREATE" not in client.names() and "CHANNEL_HANGUP_COMPLETE" not in client.names()
    assert client.api(f"uuid_exists {LEG}") == "false"


def test_given_a_living_leg_when_its_id_is_asked_for_again_then_it_is_refused_and_undisturbed(switch: House, client: EslClient) -> None:
    switch.agent("1001", Manner(answer_after_s=0.02))
    ring(client)
    client.wait("CHANNEL_PARK")
    again = client.api(f"originate {{origination_uuid={LEG}}}sofia/agents/1001%{DOMAIN} &park()")
    assert again == "-ERR DESTINATION_OUT_OF_ORDER\n"
    assert client.api(f"uuid_exists {LEG}") == "true"


def test_given_early_media_when_it_is_ignored_then_only_the_answer_counts(switch: House, client: EslClient) -> None:
    switch.agent("1001", Manner(answer_after_s=0.1, early_media=True))
    ring(client)
    client.wait("CHANNEL_PARK")
    names = client.names(LEG)
    assert names.index("CHANNEL_PROGRESS_MEDIA") < names.index("CHANNEL_ANSWER") < names.index("CHANNEL_PARK")


def test_given_early_media_when_it_is_not_ignored_then_the_leg_is_used_at_once(switch: House, client: EslClient) -> None:
    switch.agent("1001", Manner(answer_after_s=None, early_media=True))
    ring(client, more=",ignore_early_media=false")
    assert client.wait("CHANNEL_PARK")["Answer-State"] == "early"
    assert result(client) == f"+OK {LEG}\n"


def test_given_an_answered_leg_when_another_application_was_asked_then_it_runs_and_the_leg_ends(
    switch: House, client: EslClient
) -> None:
    switch.agent("1001", Manner(answer_after_s=0.02))
    ring(client, app="&playback(silence_stream://50)")
    assert client.wait("CHANNEL_EXECUTE_COMPLETE")["Application-Data"] == "silence_stream://50"
    assert client.wait("CHANNEL_HANGUP_COMPLETE")["Hangup-Cause"] == "NORMAL_CLEARING"


def test_given_too_few_words_when_originated_then_the_usage_is_told(client: EslClient) -> None:
    assert client.api("originate sofia/agents/1001").startswith("-USAGE: ")
