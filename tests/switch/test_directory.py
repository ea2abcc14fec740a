"""The user directory that is written for the switch."""

from hashlib import md5
from pathlib import Path
from xml.etree import ElementTree

from acd.switch.directory import directory_xml, write_directory
from acd.words import PhoneId

SECRETS = {PhoneId("1002"): "b" * 24, PhoneId("1001"): "a" * 24}


def test_given_phones_when_written_then_each_has_its_digest_and_no_password() -> None:
    text = directory_xml("acd.local", SECRETS, SECRETS)
    root = ElementTree.fromstring(text)
    assert [u.get("id") for u in root.iter("user")] == ["1001", "1002"]
    params = {p.get("name"): p.get("value") for p in next(root.iter("user")).iter("param")}
    assert params == {"a1-hash": md5(b"1001:acd.local:" + b"a" * 24).hexdigest()}
    assert "aaaa" not in text and 'name="user_context" value="agents"' in text


def test_given_a_name_with_markup_when_written_then_it_stays_a_name() -> None:
    odd = PhoneId('"/><x y="')
    root = ElementTree.fromstring(directory_xml("d", [odd], {odd: "p"}))
    assert [u.get("id") for u in root.iter("user")] == [odd] and not list(root.iter("x"))


def test_given_the_same_text_when_written_again_then_nothing_has_changed(tmp_path: Path) -> None:
    file = tmp_path / "directory" / "acd.xml"
    assert write_directory(file, "<include/>") and not write_directory(file, "<include/>")
    assert write_directory(file, "<include></include>") and file.stat().st_mode & 0o777 == 0o600
