"""What the switch reads: its configuration, the directory, dial strings. Bad ones are refused, with the place."""

from pathlib import Path

import pytest

from softswitch import causes
from softswitch.dialstring import BadDialString, parse, words
from softswitch.directory import BadDirectory, Directory
from softswitch.settings import Address, load
from softswitch.sip import ha1
from softswitch.yaml_lines import Bad

from .house import house

GOOD = """\
event_socket:
  port: 8021
  password: a-long-password-of-ours
sip:
  agents: 127.0.0.1:5060
  trunk: 127.0.0.1:5080
  domain: cc.test
  trunk_allow: [127.0.0.1/32, 10.0.0.0/8]
rtp: {start: 20000, end: 20100, timeout_s: 30, hold_timeout_s: 0}
directory: phones.xml
gateways:
  carrier: 192.0.2.1:5060
failsafe:
  after_s: 45
  message_dir: /var/messages
heartbeat_s: 5
"""


def written(base: Path, text: str) -> Path:
    path = base / "switch.yml"
    path.write_text(text)
    return path


def test_given_a_good_file_when_loaded_then_all_is_read_and_paths_stand_beside_it(tmp_path: Path) -> None:
    found = load(written(tmp_path, GOOD))
    assert (found.event_socket.port, found.agents.port, found.trunk.port) == (8021, 5060, 5080)
    assert found.trunk_allow == ("127.0.0.1/32", "10.0.0.0/8")
    assert found.directory == tmp_path / "phones.xml"
    assert found.failsafe_messages == Path("/var/messages") and found.failsafe_after_s == 45
    assert (found.patience.talking_s, found.patience.held_s) == (30, 0)
    assert found.gateways["carrier"].host == "192.0.2.1" and found.heartbeat_s == 5


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("a-long-password-of-ours", "ClueCon", "switch.yml:3: event_socket.password: a password of at least 16"),
        ("a-long-password-of-ours", '""', "switch.yml:3: event_socket.password: a password of at least 16"),
        ("a-long-password-of-ours", "fifteen-letters", "switch.yml:3: event_socket.password"),
        ("port: 8021", "port: 99999", "switch.yml:2: event_socket.port: a port from 0 to 65535"),
        ("  domain: cc.test\n", "", "switch.yml:5: sip.domain is missing"),
        ("127.0.0.1:5080", "nowhere", "switch.yml:6: sip.trunk: HOST:PORT is needed"),
        ("127.0.0.1/32", "127.0.0.1/99", "switch.yml:8: sip.trunk_allow:"),
        ("timeout_s: 30", "timeout_s: soon", "switch.yml:9: rtp.timeout_s: whole seconds are needed, 0 for never"),
        ("heartbeat_s", "heart_beat", "switch.yml:16: heart_beat is not known; allowed are directory, "),
        ("after_s: 45", "after_s: 0", "switch.yml:14: failsafe.after_s: whole seconds"),
        ("heartbeat_s: 5", "sip: {}", "switch.yml:16: sip stands here twice"),
    ],
)
def test_given_a_bad_file_when_loaded_then_file_line_and_what_was_allowed_are_told(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    assert old in GOOD
    with pytest.raises(Bad) as refused:
        load(written(tmp_path, GOOD.replace(old, new)))
    assert told in str(refused.value)


def test_given_no_yaml_when_loaded_then_the_line_is_told(tmp_path: Path) -> None:
    with pytest.raises(Bad, match=r"switch\.yml:\d+: no YAML"):
        load(written(tmp_path, "a: [1,\nb: 2"))


def directory(path: Path, text: str) -> Directory:
    path.write_text(text)
    found = Directory(path=path, domain="cc.test")
    found.reload()
    return found


def test_given_users_with_password_or_hash_when_read_then_both_have_their_secret(tmp_path: Path) -> None:
    found = directory(
        tmp_path / "d.xml",
        """<include><domain name="cc.test"><groups><group name="x"><users>
        <user id="1001"><params><param name="password" value="geheim"/></params></user>
        <user id="1002"><params><param name="a1-hash" value="ABCDEF"/></params></user>
        <user id="1003"><params/></user>
        </users></group></groups></domain></include>""",
    )
    assert found.users() == ("1001", "1002")
    assert found.ha1_of("1001") == ha1("1001", "cc.test", "geheim")
    assert found.ha1_of("1002") == "abcdef" and found.ha1_of("1003") is None


@pytest.mark.parametrize("text", ["<include><user", '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><include/>'])
def test_given_a_bad_directory_when_reloaded_then_it_is_refused_and_the_old_one_stays(tmp_path: Path, text: str) -> None:
    path = tmp_path / "d.xml"
    found = directory(path, '<include><user id="1"><params><param name="password" value="x"/></params></user></include>')
    path.write_text(text)
    with pytest.raises(BadDirectory, match=r"d\.xml: "):
        found.reload()
    assert found.users() == ("1",)


def test_given_a_folder_when_read_then_all_its_files_count(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("a.xml", "sub/b.xml"):
        user = f'<user id="{name[-5]}"><params><param name="password" value="x"/></params></user>'
        (tmp_path / name).write_text(user)
    found = Directory(path=tmp_path, domain="cc.test")
    found.reload()
    assert found.users() == ("a", "b")


def test_given_a_dial_string_when_read_then_quotes_and_commas_are_understood() -> None:
    found = parse(r"{a=1,name='Ada, B',c=x\,y}[d=4]sofia/agents/1001%cc.test")
    assert found.variables == {"a": "1", "name": "Ada, B", "c": "x,y", "d": "4"}
    assert (found.profile, found.target, found.domain) == ("agents", "1001", "cc.test")
    assert parse("sofia/gateway/carrier/+4930").gateway == "carrier"
    assert words("{a='b c'}x &park() y") == ["{a='b c'}x", "&park()", "y"]


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("{a=1 sofia/agents/1", "DESTINATION_OUT_OF_ORDER"),
        ("sofia/agents/1,sofia/agents/2", "DESTINATION_OUT_OF_ORDER"),
        ("sofia/gateway/carrier", "INVALID_URL"),
        ("sofia/agents", "CHAN_NOT_IMPLEMENTED"),
    ],
)
def test_given_a_bad_dial_string_when_read_then_the_cause_is_told(text: str, cause: str) -> None:
    with pytest.raises(BadDialString) as refused:
        parse(text)
    assert refused.value.cause == cause


def test_given_causes_when_translated_then_names_numbers_and_sip_agree() -> None:
    assert causes.of_text("user_busy") == causes.of_text("17") == "USER_BUSY"
    assert causes.of_text("nonsense") == causes.of_text("") == "NORMAL_CLEARING"
    assert causes.of_sip(486) == causes.of_sip(600) == "USER_BUSY" and causes.of_sip(302) == "NORMAL_UNSPECIFIED"
    assert causes.to_sip("NO_ROUTE_DESTINATION") == 404 and causes.to_sip("SOMETHING") == 480
    assert causes.q850("USER_BUSY") == 17 and causes.q850("ORIGINATOR_CANCEL") == 16


def test_given_a_switch_that_runs_when_asked_to_look_for_trunks_then_those_of_its_file_now_and_of_a_bad_file_none(
    tmp_path: Path,
) -> None:
    file = written(tmp_path, GOOD)
    with house(tmp_path, file=file, gateways={"old": Address(host="192.0.2.9", port=5060)}) as ours:
        client = ours.client()
        assert client.api("sofia profile trunk rescan") == "+OK scan complete\n"
        assert {name: place.host for name, place in ours.switch.endpoints.gateways.items()} == {"carrier": "192.0.2.1"}
        assert "192.0.2.1" in client.api("sofia status") and "192.0.2.9" not in client.api("sofia status")
        written(tmp_path, GOOD.replace("192.0.2.1:5060", "nowhere"))
        assert client.api("sofia profile trunk rescan").startswith("-ERR ") and "carrier" in ours.switch.endpoints.gateways
