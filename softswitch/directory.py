"""The phones that may register, read from the XML directory that is written for FreeSWITCH.

A file with a document type is refused: entities have no business in it. A bad file leaves what was known before.
"""

from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from softswitch.sip import ha1


class BadDirectory(ValueError):
    """Where and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    user: str
    secret: str
    """MD5(user:domain:password) in hex."""


class Directory:
    def __init__(self, *, path: Path | None, domain: str) -> None:
        self._path = path
        self._domain = domain
        self._phones: dict[str, Phone] = {}

    def ha1_of(self, user: str) -> str | None:
        phone = self._phones.get(user)
        return phone.secret if phone else None

    def users(self) -> tuple[str, ...]:
        return tuple(self._phones)

    def reload(self) -> None:
        """Raises BadDirectory; a path that is not there yet is an empty directory."""
        found: dict[str, Phone] = {}
        for path in self._files():
            for phone in _read(path, self._domain):
                found[phone.user] = phone
        self._phones = found

    def _files(self) -> list[Path]:
        if self._path is None or not self._path.exists():
            return []
        return sorted(self._path.rglob("*.xml")) if self._path.is_dir() else [self._path]


def _read(path: Path, domain: str) -> list[Phone]:
    try:
        text = path.read_bytes()
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise BadDirectory(f"{path}: a document type is not allowed here")
        root = ElementTree.fromstring(_without_directives(text))
    except (OSError, ElementTree.ParseError) as error:
        raise BadDirectory(f"{path}: {error}") from error
    return [phone for user in root.iter("user") if (phone := _phone(user, domain)) is not None]


def _without_directives(text: bytes) -> bytes:
    """FreeSWITCH's ``<X-PRE-PROCESS …/>`` are elements and do not disturb; a file may also hold bare users."""
    stripped = text.strip()
    return (
        stripped
        if stripped.startswith((b"<include", b"<?xml", b"<domain", b"<section", b"<document"))
        else (b"<include>" + stripped + b"</include>")
    )


def _phone(user: ElementTree.Element, domain: str) -> Phone | None:
    name = user.get("id", "")
    params = {param.get("name", ""): param.get("value", "") for param in user.iter("param")}
    if name and params.get("a1-hash"):
        return Phone(user=name, secret=params["a1-hash"].lower())
    if name and params.get("password"):
        return Phone(user=name, secret=ha1(name, domain, params["password"]))
    return None
