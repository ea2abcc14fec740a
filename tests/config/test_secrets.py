"""Passwords are made here, strong, private and lasting (FAULTS.md S02, S03)."""

from pathlib import Path

import pytest

from acd.config.configuration import NodePlace
from acd.config.document import Refused
from acd.config.secrets import load_secrets, weak
from acd.words import NodeId, PhoneId

PHONES = [PhoneId("1001"), PhoneId("1002")]


def node(**more: object) -> NodePlace:
    here = ("127.0.0.1", 1)
    given = {"password_env": None, "password_file": None, "callers_from": (), "domain": "d", "profile": "p"} | more
    return NodePlace(id=NodeId("a"), event_socket=here, phones=here, callers=here, **given)  # type: ignore[arg-type]


def test_given_a_first_start_when_loaded_then_strong_passwords_are_made_and_kept_private(tmp_path: Path) -> None:
    file = tmp_path / "var" / "secrets.yaml"
    made = load_secrets(file, [node()], PHONES)
    passwords = [*made.phones.values(), *made.event_socket.values()]
    assert len(set(passwords)) == 3 and all(len(p) >= 20 and not weak(p) for p in passwords)
    assert file.stat().st_mode & 0o777 == 0o600
    assert load_secrets(file, [node()], PHONES) == made


def test_given_a_new_phone_when_loaded_then_the_others_keep_their_passwords(tmp_path: Path) -> None:
    file = tmp_path / "secrets.yaml"
    before = load_secrets(file, [node()], PHONES[:1])
    after = load_secrets(file, [node()], PHONES)
    assert after.phones["1001"] == before.phones["1001"] and after.event_socket == before.event_socket  # type: ignore[index]


@pytest.mark.parametrize("bad", ["ClueCon", "", "short", "with spaces in between", "with\tcontrol-characters"])
def test_given_a_weak_password_when_loaded_then_it_is_refused_with_its_place(tmp_path: Path, bad: str) -> None:
    file = tmp_path / "secrets.yaml"
    file.write_text(f'event_socket:\n  a: "{bad}"\n')
    with pytest.raises(Refused, match=r"secrets.yaml:2:3: the password of 'a' "):
        load_secrets(file, [node()], [])


def test_given_the_password_that_every_switch_ships_with_when_judged_then_that_is_the_reason() -> None:
    assert weak("ClueCon") == "is the one that everybody knows"


def test_given_a_password_that_others_keep_when_loaded_then_it_is_used_and_not_written_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESL", "kept-by-somebody-else")
    (tmp_path / "given").write_text("from-a-file-of-theirs\n")
    file = tmp_path / "secrets.yaml"
    assert load_secrets(file, [node(password_env="ESL")], []).event_socket == {"a": "kept-by-somebody-else"}
    assert load_secrets(file, [node(password_file=tmp_path / "given")], []).event_socket == {"a": "from-a-file-of-theirs"}
    assert not file.exists() or "somebody" not in file.read_text()


def test_given_a_password_variable_that_is_not_set_when_loaded_then_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="environment variable NOT_SET_AT_ALL.*0 characters"):
        load_secrets(tmp_path / "secrets.yaml", [node(password_env="NOT_SET_AT_ALL")], [])
