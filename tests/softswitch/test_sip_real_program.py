"""A user agent against SIPp, a program that we did not write."""

import shutil
from collections import Counter
from collections.abc import Iterator

import gevent
import pytest
from gevent import subprocess

from softswitch.sip import ByAddress, Call, UserAgent, sdp
from softswitch.sip.incoming import IncomingCall

pytestmark = [pytest.mark.e2e, pytest.mark.skipif(shutil.which("sipp") is None, reason="SIPp is not installed")]

DEADLINE_S = 30.0


@pytest.fixture
def trunk() -> Iterator[UserAgent]:
    agent = UserAgent(name="trunk", access=ByAddress(networks=["127.0.0.1/32"]))
    agent.start()
    yield agent
    agent.stop()


def sipp(*arguments: str) -> int:
    with gevent.Timeout(DEADLINE_S):
        command = ["sipp", *arguments, "-i", "127.0.0.1", "-nostdin"]
        return int(subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))


def test_given_sipp_as_callers_when_twenty_call_and_hang_up_then_each_is_answered_and_let_go(trunk: UserAgent) -> None:
    told: Counter[str] = Counter()

    def take(call: Call) -> None:
        assert isinstance(call, IncomingCall)
        call.on_answered = lambda description: told.update(["answered"])
        call.on_ended = lambda end: told.update([end.what])
        call.ring()
        call.answer(sdp.answer(sdp.read(call.remote_sdp), host="127.0.0.1", port=40000))

    trunk.on_invite = take
    assert sipp("-sn", "uac", f"127.0.0.1:{trunk.port}", "-m", "20", "-r", "50", "-d", "100") == 0
    assert told == {"answered": 20, "bye": 20}
    assert trunk.calls() == []


def test_given_sipp_as_a_caller_when_refused_then_it_hears_the_refusal(trunk: UserAgent) -> None:
    trunk.on_invite = lambda call: call.hang_up(status=486)
    assert sipp("-sn", "uac", f"127.0.0.1:{trunk.port}", "-m", "1") == 1
    assert trunk.calls() == []
