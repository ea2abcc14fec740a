"""The world around the house, as ``acd.yaml`` names it: secrets, databases, allowed addresses, mailboxes, mail.

Holds no secret, only where each is to be found; ``opened`` goes and looks.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from acd.config.document import Document, Problem, Refused
from acd.config.outside_shapes import MailboxShape, OutsideShape
from acd.config.sentences import one_of, perhaps

SECRET_MAX = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretPlace:
    env: str | None = None
    file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupDatabase:
    url: str | None = None
    url_env: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxPlace:
    id: str
    name: str = ""
    url: str | None = None
    secret: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Smtp:
    host: str
    port: int
    security: str
    sender: str
    user: str = ""
    password: str | None = None  # the name of a secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    secrets: Mapping[str, SecretPlace] = field(default_factory=dict)
    allow: tuple[str, ...] = ()
    at_once: int = 100
    databases: Mapping[str, LookupDatabase] = field(default_factory=dict)
    mailboxes: Mapping[str, MailboxPlace] = field(default_factory=dict)
    smtp: Smtp | None = None
    callbacks: Mapping[str, str] = field(default_factory=dict)  # queue -> the mailbox that is told of those that never came about


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Secrets and database URLs themselves. Shows nothing of them."""

    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    databases: Mapping[str, str] = field(default_factory=dict, repr=False)


def outside_of(shape: OutsideShape, directory: Path, *, callbacks: Mapping[str, str]) -> Outside:
    smtp = shape.smtp
    return Outside(
        secrets={id: SecretPlace(env=one.env, file=directory / one.file if one.file else None) for id, one in shape.secrets.items()},
        allow=tuple(shape.requests.allow),
        at_once=shape.requests.at_once,
        databases={id: LookupDatabase(url=one.url, url_env=one.url_env) for id, one in shape.databases.items()},
        mailboxes={id: _mailbox(id, one or MailboxShape()) for id, one in shape.mailboxes.items()},
        smtp=Smtp(**smtp.model_dump()) if smtp else None,
        callbacks=callbacks,
    )


def _mailbox(id: str, shape: MailboxShape) -> MailboxPlace:
    notify = shape.notify
    if notify is None:
        return MailboxPlace(id=id, name=shape.name)
    return MailboxPlace(id=id, name=shape.name, url=notify.url, secret=notify.secret, email=notify.email)


def outside_problems(shape: OutsideShape, document: Document) -> Iterator[Problem]:
    """Names that lead nowhere."""
    known = sorted(shape.secrets)
    for id, mailbox in shape.mailboxes.items():
        notify = mailbox.notify if mailbox else None
        if notify and notify.secret and notify.secret not in shape.secrets:
            path = ("mailboxes", id, "notify", "secret")
            yield document.problem(path, no_secret(notify.secret, known))
        if notify and notify.email and shape.smtp is None:
            what = "nobody says how to send mail; give 'smtp' with host and sender"
            yield document.problem(("mailboxes", id, "notify", "email"), what)
    if shape.smtp and shape.smtp.password and shape.smtp.password not in shape.secrets:
        yield document.problem(("smtp", "password"), no_secret(shape.smtp.password, known))


def no_secret(name: str, known: list[str]) -> str:
    return f"there is no secret {name!r}{perhaps(name, known)}; {one_of(known)} (see 'secrets' in acd.yaml)"


def opened(outside: Outside, document: Document) -> Opened:
    """The secrets and URLs as they are now. Raises Refused for each that is not there, without a word of what is."""
    problems: list[Problem] = []
    secrets: dict[str, str] = {}
    databases: dict[str, str] = {}
    for id, place in outside.secrets.items():
        try:
            secrets[id] = _secret(place)
        except ValueError as error:
            problems.append(document.problem(("secrets", id), f"the secret {id!r} is missing: {error}"))
    for id, database in outside.databases.items():
        url = database.url or os.environ.get(database.url_env or "", "")
        if _is_database(url):
            databases[id] = url
        else:
            where = f"environment variable {database.url_env}" if database.url_env else "this"
            problems.append(document.problem(("databases", id), f"{where} holds no URL such as sqlite:///FILE or postgresql://…"))
    if problems:
        raise Refused(problems)
    return Opened(secrets=secrets, databases=databases)


def _is_database(url: str) -> bool:
    try:
        return make_url(url).drivername in ("sqlite", "postgresql", "postgresql+psycopg")
    except (ArgumentError, ValueError):
        return False


def _secret(place: SecretPlace) -> str:
    """Raises ValueError with a sentence that shows nothing of it."""
    if place.env:
        where, found = f"environment variable {place.env}", os.environ.get(place.env, "")
    else:
        assert place.file is not None
        where = str(place.file)
        try:
            with place.file.open(encoding="utf-8") as stream:
                found = stream.read(SECRET_MAX + 2)
        except UnicodeDecodeError:
            raise ValueError(f"{where} is not UTF-8 text") from None
        except OSError as error:
            raise ValueError(f"{where} cannot be read: {error.strerror}") from None
    found = found.strip()
    if not found:
        raise ValueError(f"{where} is empty or not there")
    if len(found) > SECRET_MAX or not found.isprintable() or not found.isascii():
        raise ValueError(f"{where} holds more than one line of up to {SECRET_MAX} printable ASCII characters")
    return found
