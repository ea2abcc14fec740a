"""Passwords: made here at the first start, never shipped, never in ``acd.yaml``. Kept in one file that only we may read.

A password that people chose themselves is refused when it is weak (FAULTS.md S02, S03).
"""

import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from acd.config.configuration import NodePlace
from acd.config.document import Document, Problem, Refused, read_file, validate
from acd.config.kinds import Name
from acd.config.shape import Shape
from acd.words import NodeId, PhoneId

LEAST = 16
FORBIDDEN = frozenset({"ClueCon"})
HEADER = "# Made by acd at its first start. Keep it private; delete a line and restart to get a new password in its place.\n"


class SecretsShape(Shape):
    event_socket: dict[Name, str] = {}
    phones: dict[Name, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    event_socket: Mapping[NodeId, str]
    phones: Mapping[PhoneId, str]


def load_secrets(file: Path, nodes: Iterable[NodePlace], phones: Iterable[PhoneId]) -> Secrets:
    """What the file holds; what it lacks is made and written (mode 0600). Raises Refused for weak ones."""
    document = read_file(file) if file.exists() else Document(file=str(file), data={})
    shape = validate(SecretsShape, document)
    places = list(nodes)
    sockets = dict(shape.event_socket)
    for place in places:
        if not (place.password_env or place.password_file):
            sockets.setdefault(place.id, _new())
    kept = SecretsShape(event_socket=sockets, phones={**{phone: _new() for phone in phones}, **shape.phones})
    _refuse_weak(kept, document)
    if kept != shape:
        write_private(file, HEADER + yaml.safe_dump(kept.model_dump(), sort_keys=True))
    given = {place.id: _given(place) for place in places if place.password_env or place.password_file}
    return Secrets(
        event_socket={NodeId(node): password for node, password in sockets.items()} | given,
        phones={PhoneId(phone): password for phone, password in kept.phones.items()},
    )


def _new() -> str:
    """24 characters of 62: about 142 bits, and none that a phone's settings page or a URI would trip over."""
    alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
    return "".join(secrets.choice(alphabet) for _ in range(24))


def _given(place: NodePlace) -> str:
    """A password that somebody else keeps. Raises Refused."""
    if place.password_env:
        where, found = f"environment variable {place.password_env}", os.environ.get(place.password_env, "")
    else:
        where = str(place.password_file)
        try:
            found = Path(where).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise Refused([Problem(file=where, line=1, column=1, what=f"cannot be read: {error}")]) from error
    if why := weak(found):
        raise Refused([Problem(file=where, line=1, column=1, what=f"the event socket's password {why}")])
    return found


def weak(password: str) -> str:
    """Why a password will not do; '' if it will."""
    if password in FORBIDDEN:
        return "is the one that everybody knows"
    if len(password) < LEAST:
        return f"has {len(password)} characters; at least {LEAST} are needed"
    if not (password.isascii() and password.isprintable() and " " not in password):
        return "has characters that do not belong in one; letters, digits and signs of ASCII are allowed"
    return ""


def _refuse_weak(shape: SecretsShape, document: Document) -> None:
    groups = {"event_socket": shape.event_socket, "phones": shape.phones}
    problems = [
        document.problem((group, name), f"the password of {name!r} {why}")
        for group, passwords in groups.items()
        for name, password in passwords.items()
        if (why := weak(password))
    ]
    if problems:
        raise Refused(problems)


def write_private(file: Path, text: str) -> None:
    """All of it or nothing, and from the first byte readable by us alone."""
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_name(file.name + ".half")
    half.unlink(missing_ok=True)
    fd = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(fd, "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    half.replace(file)
