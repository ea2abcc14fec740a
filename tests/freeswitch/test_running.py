"""A real FreeSWITCH with the rendered configuration: it starts clean, and what must be refused is refused (S01-S07)."""

import json
import re
import shutil
import socket
import time
from pathlib import Path

import pytest

from acd.cli.freeswitch_conf import TREE
from tests.e2e.media import Earpiece
from tests.e2e.waiting import until

from .rendered import DOMAIN, PASSWORD, phone_secret
from .running import FAILSAFE_S, FAILSAFE_TONE, EventSocket, Running, spawn
from .sip import Sip

ALLOWLIST = (1, 11, 2)
FORBIDDEN = (
    "system",
    "bg_system",
    "spawn",
    "bg_spawn",
    "spawn_stream",
    "load",
    "reload",
    "fsctl",
    "eval",
    "expand",
    "json",
)
HOSTILE = (
    "${system(touch MARK)}",
    "%{system(touch MARK)}",
    "Bob%0Aapi system touch MARK%0A%0A",
    "Bob%0AUnique-ID: FORGED",
    "$1 $${domain} `touch MARK`",
)


def phones(running: Running) -> tuple[str, int]:
    return ("127.0.0.1", running.ports.phones)


def callers(running: Running) -> tuple[str, int]:
    return ("127.0.0.1", running.ports.callers)


def channels(running: Running) -> list[dict[str, str]]:
    with running.socket() as asked:
        found: list[dict[str, str]] = json.loads(asked.ask("api show channels as json")).get("rows", [])
    return found


def leg_from(running: Running, number: str) -> dict[str, str]:
    return until(f"a leg from {number} is parked", lambda: next((c for c in channels(running) if c["cid_num"] == number), None)) or {}


def test_given_the_rendered_tree_when_started_then_nothing_in_the_log_is_wrong(running: Running) -> None:
    assert not [line for line in running.log().splitlines() if re.search(r"\[(ERR|CRIT|ALERT)\]", line)]
    with running.socket() as asked:
        status = asked.ask("api sofia status")
    assert re.search(r"agents\s+profile\s.*RUNNING", status) and re.search(r"trunk\s+profile\s.*RUNNING", status), status
    assert re.search(r"provider\s+gateway\s.*NOREG", status), status


def test_given_s03_the_configuration_that_freeswitch_copies_into_its_log_when_looked_at_then_it_is_private(
    running: Running,
) -> None:
    copies = [file for file in (running.directory / "state").rglob("*") if file.is_file() and PASSWORD.encode() in file.read_bytes()]
    assert [file.name for file in copies] == ["freeswitch.xml.fsxml"] and copies[0].stat().st_mode & 0o077 == 0


def test_given_s03_a_running_switch_when_its_sockets_are_listed_then_all_are_on_loopback(running: Running) -> None:
    listening = _listening(running.pid)
    ports = running.ports
    assert listening == {
        ("tcp", "127.0.0.1", ports.event_socket),
        ("udp", "127.0.0.1", ports.phones),
        ("udp", "127.0.0.1", ports.callers),
    }


def test_given_s03_when_the_event_socket_is_tried_from_another_address_then_nobody_answers(running: Running) -> None:
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.2", running.ports.event_socket), timeout=2)


@pytest.mark.parametrize(
    "attempt", ["auth ClueCon", "auth ", "auth wrong-wrong-wrong-wrong", f"userauth 1001@{DOMAIN}:x", "api status"]
)
def test_given_s03_when_the_password_is_wrong_then_nothing_is_answered(running: Running, attempt: str) -> None:
    with EventSocket(running.ports.event_socket) as asked:
        assert not asked.ask(attempt).startswith("+OK")
        assert "Up" not in asked.ask("api status")


@pytest.mark.parametrize("command", FORBIDDEN)
def test_given_s03_when_a_dangerous_command_is_asked_then_there_is_none(running: Running, command: str, tmp_path: Path) -> None:
    if running.version() < ALLOWLIST:
        pytest.skip(f"FreeSWITCH {running.version()} has no list of commands; docs/FREESWITCH.md, 'Before 1.11.2'")
    mark = tmp_path / "mark"
    with running.socket() as asked:
        assert f"{command} Command not found" in asked.ask(f"api {command} touch {mark}")
        asked.ask(f"bgapi {command} touch {mark}")
        answer = asked.ask(f"api originate {{ignore_early_media=true}}loopback/x &{command}(touch {mark})")
        assert answer.startswith("-ERR")
    assert not mark.exists()


def test_given_s03_a_parked_caller_when_told_to_run_a_program_then_the_leg_ends_instead(running: Running, tmp_path: Path) -> None:
    if running.version() < ALLOWLIST:
        pytest.skip(f"FreeSWITCH {running.version()} has no list of applications; docs/FREESWITCH.md, 'Before 1.11.2'")
    mark = tmp_path / "mark"
    with Sip(callers(running), user="0307000001") as caller, running.socket() as asked:
        assert caller.rings("100")
        uuid = leg_from(running, "0307000001")["uuid"]
        asked.ask(f"sendmsg {uuid}\ncall-command: execute\nexecute-app-name: system\nexecute-app-arg: touch {mark}")
        until("the leg is gone", lambda: asked.ask(f"api uuid_exists {uuid}") == "false")
    assert not mark.exists()


def test_given_s03_the_shipped_tree_without_secrets_when_started_then_freeswitch_ends(binary: str, tmp_path: Path) -> None:
    shutil.copytree(TREE, tmp_path / "conf")
    process = spawn(binary, tmp_path / "conf", tmp_path / "state")
    try:
        assert until("FreeSWITCH ended", lambda: process.poll() is not None, within_s=30)
    finally:
        process.kill()
        process.wait(10)


def test_given_s02_when_nobody_proves_who_they_are_then_register_and_invite_are_refused(running: Running) -> None:
    for method, uri in (("REGISTER", f"sip:{DOMAIN}"), ("INVITE", f"sip:*81@{DOMAIN}"), ("MESSAGE", f"sip:1001@{DOMAIN}")):
        with Sip(phones(running), user="1001") as phone:
            assert phone.ask(method, uri) in (401, 407), method
    assert not [c for c in channels(running) if c["cid_num"] == "1001"]


@pytest.mark.parametrize("method", ["REGISTER", "INVITE"])
def test_given_s02_a_wrong_password_or_an_unknown_user_when_tried_then_the_answer_is_the_same(running: Running, method: str) -> None:
    answers = []
    for user in ("1001", "nobody"):
        with Sip(phones(running), user=user) as phone:
            answers.append(phone.ask_with("not-the-password", method, f"sip:{DOMAIN}"))
    assert answers == [403, 403]


def test_given_s02_one_phones_password_when_another_is_registered_then_it_is_refused(running: Running) -> None:
    with Sip(phones(running), user="1001") as phone:
        assert phone.ask_with(phone_secret(running.directory), "REGISTER", f"sip:{DOMAIN}") == 200
    with Sip(phones(running), user="1002") as other:
        assert other.ask_with(phone_secret(running.directory), "REGISTER", f"sip:{DOMAIN}") == 403


def test_given_s02_a_trunk_when_called_from_a_foreign_address_then_it_is_refused(running: Running) -> None:
    with Sip(callers(running), host="127.0.0.2", user="0307000002") as stranger:
        assert stranger.invite("100") == 403
    assert not [c for c in channels(running) if c["cid_num"] == "0307000002"]


def test_given_s02_a_trunk_when_a_phone_registers_there_then_it_is_refused(running: Running) -> None:
    with Sip(callers(running), user="1001") as phone:
        assert phone.ask("REGISTER", f"sip:{DOMAIN}") >= 400


@pytest.mark.parametrize("kind", ["api-request", "session-event"])
def test_given_s03_when_an_info_carries_a_command_then_it_is_no_command(running: Running, kind: str) -> None:
    with Sip(callers(running), user="0307000003") as caller:
        caller.ask("INFO", "sip:100@127.0.0.1", body="status:", kind=f"freeswitch/{kind}")
        assert "+OK" not in caller.answer and "UP " not in caller.answer


def test_given_s01_an_agents_phone_when_it_dials_outside_then_it_is_parked_like_any_other(running: Running) -> None:
    with Sip(phones(running), user="1001") as phone:
        uri = f"sip:+4930123456@{DOMAIN}"
        assert phone.ask("INVITE", uri, body=phone.sdp(), kind="application/sdp") == 407
        proof = f"Proxy-Authorization: {phone.proof(phone_secret(running.directory), 'INVITE', uri)}\r\n"
        phone.begin("INVITE", uri, body=phone.sdp(), kind="application/sdp", more=proof)
        leg = leg_from(running, "1001")
        assert (leg["context"], leg["application"]) == ("agents", "park")
        assert [c["direction"] for c in channels(running) if c["cid_num"] == "1001"] == ["inbound"]


def test_given_s01_an_answered_caller_when_they_send_refer_then_they_go_nowhere(running: Running) -> None:
    with Sip(callers(running), user="0307000004") as caller, running.socket() as asked:
        assert caller.rings("100")
        leg = leg_from(running, "0307000004")
        assert asked.ask(f"api uuid_answer {leg['uuid']}").startswith("+OK")
        assert caller.final("INVITE", f"sip:100@127.0.0.1:{running.ports.callers}") == 200
        refer = f"Refer-To: <sip:0900666@127.0.0.1:{running.ports.callers}>\r\n"
        contact = re.search(r"(?im)^Contact:.*<([^>]+)>", caller.answer)
        assert contact and caller.ask("REFER", contact[1], more=refer) >= 400
        assert leg_from(running, "0307000004")["dest"] == "100"


@pytest.mark.parametrize("name", HOSTILE)
def test_given_s07_a_display_name_that_is_a_command_when_it_calls_then_nothing_happens(
    running: Running, name: str, tmp_path: Path
) -> None:
    mark = tmp_path / "mark"
    number = f"03071{HOSTILE.index(name):05}"
    with Sip(callers(running), user=number) as caller, running.socket() as asked:
        assert caller.rings("100", name=name.replace("MARK", str(mark)))
        uuid = leg_from(running, number)["uuid"]
        assert "FORGED" not in uuid
        assert asked.ask(f"api uuid_getvar {uuid} app_disable_expand_variables") == "true"
        assert _set(asked, uuid, "${caller_id_name}") and not mark.exists()
        asked.ask(f"api uuid_kill {uuid}")


def test_given_s07_a_command_in_a_variable_when_an_argument_names_it_then_it_is_not_run(running: Running, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    with Sip(callers(running), user="0307000006") as caller, running.socket() as asked:
        assert caller.rings("100")
        uuid = leg_from(running, "0307000006")["uuid"]
        asked.ask(f"api uuid_setvar {uuid} evil ${{system(touch {mark})}}")
        assert "Permission Denied" in _set(asked, uuid, "${evil}") and not mark.exists()  # `set` looks for variables itself
        asked.ask(f"api uuid_kill {uuid}")


def _set(asked: EventSocket, uuid: str, value: str) -> str:
    """What the application makes of a value."""
    asked.ask(f"sendmsg {uuid}\ncall-command: execute\nexecute-app-name: set\nexecute-app-arg: seen={value}")
    until("set ran", lambda: asked.ask(f"api uuid_getvar {uuid} seen") != "_undef_")
    return asked.ask(f"api uuid_getvar {uuid} seen")


@pytest.mark.parametrize("number", ["a%20b", "${system}", "x" * 65])
def test_given_s06_a_number_that_is_none_when_dialled_then_it_does_not_exist(running: Running, number: str) -> None:
    with Sip(callers(running)) as caller:
        assert caller.invite(number) in (400, 404)


def test_given_the_dead_mans_switch_when_nobody_adopts_a_caller_then_they_hear_the_announcement(running: Running) -> None:
    ear = Earpiece()
    try:
        with Sip(callers(running), user="0307000005", rtp=ear.port) as caller:
            began = time.monotonic()
            assert caller.rings("100")
            uuid = leg_from(running, "0307000005")["uuid"]
            assert caller.final("INVITE", f"sip:100@127.0.0.1:{running.ports.callers}") == 200
            ear.talk_to("127.0.0.1", caller.remote_rtp())
            until("the announcement is heard", lambda: ear.hears_tone(FAILSAFE_TONE, since=began, blocks=15), within_s=10)
            message = running.messages / f"{uuid}.wav"
            until("a message is recorded", message.exists, within_s=10)
            assert leg_from(running, "0307000005")["context"] == "failsafe" and FAILSAFE_S < 5
    finally:
        ear.close()


def _listening(pid: int) -> set[tuple[str, str, int]]:
    """The sockets of a process on which others can reach it."""
    inodes = {found[1] for fd in Path(f"/proc/{pid}/fd").iterdir() if (found := re.match(r"socket:\[(\d+)\]", _target(fd)))}
    found: set[tuple[str, str, int]] = set()
    for kind, waiting in (("tcp", "0A"), ("udp", "07"), ("tcp6", "0A"), ("udp6", "07")):
        for line in Path(f"/proc/{pid}/net/{kind}").read_text().splitlines()[1:]:
            words = line.split()
            if words[9] in inodes and words[3] == waiting:
                host, port = words[1].split(":")
                address = socket.inet_ntoa(bytes.fromhex(host)[::-1]) if len(host) == 8 else host
                found.add((kind, address, int(port, 16)))
    return found


def _target(fd: Path) -> str:
    try:
        return str(fd.readlink())
    except OSError:
        return ""


def test_given_a_variable_of_freeswitch_when_set_where_it_is_as_expected_then_and_only_then_it_changes(running: Running) -> None:
    """FAULTS.md F35: what two controllers decide their quarrel by. It says +OK either way; reading tells."""
    tried = []
    with running.socket() as asked:
        for what in ("1:a.b:0=0:b.c:0", "1:a.b:0", "1:a.b:1=1:a.b:7", "1:a.b:1=1:a.b:0", "2:b.:0=", ""):
            assert asked.ask(f"api global_setvar acd_t={what}") == "+OK"
            tried.append(asked.ask("api global_getvar acd_t"))
    nothing = "-ERR no reply"
    assert tried == [nothing, "1:a.b:0", "1:a.b:0", "1:a.b:1", "2:b.:0", nothing]
