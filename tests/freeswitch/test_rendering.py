"""``acd freeswitch-conf``: what it writes, for whom, and what it refuses."""

from pathlib import Path

import pytest

from acd.switch.freeswitch_conf import Unwritable, acl_xml, gateways_xml

from .rendered import PASSWORD, Configuration, as_read, house, render


def test_given_a_house_when_rendered_then_secrets_are_private(tree: Path) -> None:
    private = {file for file in tree.rglob("*") if file.is_file() and PASSWORD in file.read_text(errors="replace")}
    assert private == {tree / "conf" / "vars.xml", tree / "config" / "password"}
    for file in (tree / "conf" / "vars.xml", tree / "home" / "switch" / "directory" / "acd.xml", tree / "home" / "secrets.yaml"):
        assert file.stat().st_mode & 0o777 == 0o600, file
    assert (tree / "home" / "messages").stat().st_mode & 0o077 == 0


def test_given_a_rendered_folder_when_rendered_again_then_it_says_the_same(tmp_path: Path) -> None:
    config = house(tmp_path)
    render(tmp_path, config)
    before = {file: file.read_text() for file in (tmp_path / "conf").rglob("*.xml")}
    assert render(tmp_path, config).exit_code == 0
    assert {file: file.read_text() for file in (tmp_path / "conf").rglob("*.xml")} == before


def test_given_foreign_xml_in_the_folder_when_rendered_then_it_is_refused(tmp_path: Path) -> None:
    config = house(tmp_path)
    foreign = tmp_path / "conf" / "dialplan" / "default.xml"
    foreign.parent.mkdir(parents=True)
    foreign.write_text("<include/>")
    done = render(tmp_path, config)
    assert done.exit_code == 1 and str(foreign) in done.output and not (tmp_path / "conf" / "vars.xml").exists()


@pytest.mark.parametrize("password", ["ClueCon", "short", ""])
def test_given_s03_a_weak_password_when_rendered_then_nothing_is_written(tmp_path: Path, password: str) -> None:
    config = house(tmp_path)
    (config / "password").write_text(password)
    done = render(tmp_path, config)
    assert done.exit_code == 1 and "the event socket's password" in done.output and not (tmp_path / "conf").exists()


@pytest.mark.parametrize("password", ['"/><x/y="aaaaaaaaaaaa', "$${domain}aaaaaaaaaaaa", "a&b<c>aaaaaaaaaaaaaa"])
def test_given_a_password_that_is_markup_when_rendered_then_it_is_refused_and_not_shown(tmp_path: Path, password: str) -> None:
    config = house(tmp_path)
    (config / "password").write_text(password)
    done = render(tmp_path, config)
    assert done.exit_code == 1 and "event socket password" in done.output and password not in done.output
    assert not (tmp_path / "conf").exists()


def test_given_a_path_with_a_space_when_rendered_then_it_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "two words"
    folder.mkdir()
    done = render(folder, house(folder))
    assert done.exit_code == 1 and "cannot stand in FreeSWITCH's configuration" in done.output


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("phones", "sip.example.com:5060", "needs an IP address"),
        ("event_socket", "192.0.2.1:8021", "not encrypted"),
        ("event_socket", "0.0.0.0:8021", "not encrypted"),
        ("profile", "trunk", "needs another name"),
        ("callers", "127.0.0.1:5060", "a port each"),
    ],
)
def test_given_a_switch_that_cannot_be_so_when_rendered_then_it_is_refused_with_its_place(
    tmp_path: Path, key: str, value: str, said: str
) -> None:
    done = render(tmp_path, house(tmp_path, **{key: value}))
    assert done.exit_code == 1 and said in done.output and "acd.yaml:1:" in done.output and not (tmp_path / "conf").exists()


def test_given_options_when_rendered_then_freeswitch_is_told(tmp_path: Path) -> None:
    options = [
        "--rtp-ports",
        "30000-30099",
        "--failsafe",
        "1m",
        "--listen",
        "10.0.0.5",
        "--max-sessions",
        "50",
        "--loglevel",
        "err",
    ]
    assert render(tmp_path, house(tmp_path, phones="192.0.2.9:5060"), *options).exit_code == 0
    found = Configuration(as_read(tmp_path / "conf"))
    settings, agents = found.settings("switch.conf"), found.profile("agents")
    assert (settings["rtp-start-port"], settings["rtp-end-port"], settings["max-sessions"]) == ("30000", "30099", "50")
    assert settings["loglevel"] == "err" and ("sched_transfer", "+60 unattended XML failsafe") in found.actions("public")
    assert (agents["sip-ip"], agents["rtp-ip"]) == ("10.0.0.5", "10.0.0.5")
    assert (agents["ext-sip-ip"], agents["ext-rtp-ip"]) == ("192.0.2.9", "192.0.2.9")


def test_given_a_container_when_rendered_then_freeswitch_finds_its_own_address(tmp_path: Path) -> None:
    assert render(tmp_path, house(tmp_path), "--listen", "auto").exit_code == 0
    assert 'data="agents_ip=$${local_ip_v4}"' in (tmp_path / "conf" / "vars.xml").read_text()


@pytest.mark.parametrize(
    ("option", "value"),
    [("--rtp-ports", "20-10"), ("--rtp-ports", "9-99999"), ("--failsafe", "soon"), ("--listen", "here"), ("--loglevel", "all")],
)
def test_given_an_odd_option_when_rendered_then_it_is_refused(tmp_path: Path, option: str, value: str) -> None:
    assert render(tmp_path, house(tmp_path), option, value).exit_code == 2


@pytest.mark.parametrize("odd", ['10.0.0.0/8"/><x', "a b", "$${x}", ""])
def test_given_s06_markup_in_a_value_when_written_then_it_is_refused(odd: str) -> None:
    with pytest.raises(Unwritable):
        acl_xml([odd])
    with pytest.raises(Unwritable):
        gateways_xml({odd: ("127.0.0.1", 1)})
    with pytest.raises(Unwritable):
        gateways_xml({"a": (odd, 1)})
