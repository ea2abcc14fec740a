"""``python -m softswitch --config FILE`` as a process."""

import signal
import subprocess
import sys
from pathlib import Path

from tests.softswitch.esl_client import EslClient

CONFIG = """\
event_socket: {port: 0, password: a-password-for-tests}
sip: {agents: "127.0.0.1:0", trunk: "127.0.0.1:0", domain: cc.test, trunk_allow: [127.0.0.1/32]}
"""


def program(path: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "softswitch", "--config", str(path)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_given_a_good_file_when_started_then_it_says_where_it_listens_serves_and_ends_at_sigterm(
    tmp_path: Path,
) -> None:
    path = tmp_path / "switch.yml"
    path.write_text(CONFIG)
    with program(path) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("embedded switch: for trying out and tests, tens of calls")
        port = int(line.partition("event socket 127.0.0.1:")[2].partition(",")[0])
        client = EslClient(port).log_in()
        assert client.api("status").startswith("UP ")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0


def test_given_the_default_password_when_started_then_it_refuses_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "switch.yml"
    path.write_text(CONFIG.replace("a-password-for-tests", "ClueCon"))
    with program(path) as process:
        out, errors = process.communicate(timeout=20)
    assert process.returncode == 2 and out == ""
    assert f"{path}:1: event_socket.password: " in errors
