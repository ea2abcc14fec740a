"""A parked caller is told that it rings here, as often as a flow likes; the orders are those measured on FreeSWITCH."""

import pytest

from tests.softswitch.esl_client import EslClient
from tests.softswitch.house import House


@pytest.fixture
def client(switch: House) -> EslClient:
    return switch.client()


@pytest.mark.parametrize("answered", [False, True])
def test_given_a_parked_caller_when_told_to_ring_again_then_it_is_done_at_once_and_nothing_changes(
    switch: House, client: EslClient, answered: bool
) -> None:
    uuid, line = switch.parked(client, answered=answered)
    assert client.execute(uuid, "ring_ready", event_uuid="r") == "+OK"
    client.wait("CHANNEL_EXECUTE_COMPLETE", Application_UUID="r")
    names = client.names(uuid)
    assert names[-2:] == ["CHANNEL_EXECUTE", "CHANNEL_EXECUTE_COMPLETE"]
    assert names.count("CHANNEL_PROGRESS") == 1 and names.count("CHANNEL_ANSWER") == answered
    assert line.answered.is_set() is answered
