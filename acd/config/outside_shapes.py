"""How ``acd.yaml`` writes what is outside the house: secrets, databases, allowed addresses, mailboxes, mail."""

import re
from ipaddress import ip_network
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from acd.config.kinds import Name, Prose, matching, text
from acd.config.sentences import shown
from acd.config.shape import Shape

HOST_PORT = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,252}):([0-9]{1,5})", re.ASCII)


def allowed_place(found: Any) -> str:
    """``10.1.2.0/24``, one address, or ``crm.internal:8080``. Raises ValueError."""
    written = text(found, "a network such as 10.1.2.0/24 or a host such as crm.internal:8080")
    try:
        return str(ip_network(written))
    except ValueError:
        pass
    host = HOST_PORT.fullmatch(written)
    if host and 0 < int(host.group(2)) <= 65535:
        return written.lower()
    raise ValueError(f"found {shown(found)}; a network such as 10.1.2.0/24 or a host such as crm.internal:8080 is needed")


Environment = Annotated[str, BeforeValidator(matching(r"[A-Z][A-Z0-9_]{0,62}", "the name of an environment variable"))]
FilePath = Annotated[str, BeforeValidator(matching(r"[^\x00-\x1f\x7f]{1,1000}", "a path"))]
AllowedPlace = Annotated[str, BeforeValidator(allowed_place)]
Url = Annotated[
    str, BeforeValidator(matching(r"https?://[A-Za-z0-9.\[\]:-]{1,260}(/[!-~]{0,1000})?", "a URL such as https://crm.example.com/x"))
]
Mail = Annotated[
    str, BeforeValidator(matching(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{0,252}", "an address such as ann@example.com"))
]
DatabaseUrl = Annotated[
    str, BeforeValidator(matching(r"(sqlite|postgresql(\+psycopg)?)://\S{1,1000}", "sqlite:///FILE or postgresql://..."))
]
Host = Annotated[str, BeforeValidator(matching(r"[A-Za-z0-9][A-Za-z0-9.-]{0,252}", "a host such as mail.example.com"))]


class SecretShape(Shape):
    env: Environment | None = None
    file: FilePath | None = None

    @model_validator(mode="after")
    def one_place(self) -> "SecretShape":
        if (self.env is None) == (self.file is None):
            raise ValueError("either 'env' (a variable of the environment) or 'file' is needed")
        return self


class RequestsShape(Shape):
    allow: list[AllowedPlace] = []
    at_once: Annotated[int, Field(ge=1, le=1000)] = 100


class LookupDatabaseShape(Shape):
    url: DatabaseUrl | None = None
    url_env: Environment | None = None

    @model_validator(mode="after")
    def one_place(self) -> "LookupDatabaseShape":
        if (self.url is None) == (self.url_env is None):
            raise ValueError("either 'url' or 'url_env' is needed")
        return self


class NotifyShape(Shape):
    url: Url | None = None
    secret: Name | None = None
    email: Mail | None = None

    @model_validator(mode="after")
    def somebody(self) -> "NotifyShape":
        if self.url is None and self.email is None:
            raise ValueError("'url', 'email' or both are needed")
        if (self.url is None) != (self.secret is None):
            raise ValueError("'url' and 'secret' go together: the secret signs what is posted")
        return self


class MailboxShape(Shape):
    name: Prose = ""
    notify: NotifyShape | None = None


class SmtpShape(Shape):
    host: Host
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    sender: Mail
    user: Prose = ""
    password: Name | None = None


class OutsideShape(Shape):
    """The keys that ``acd.yaml`` has for all this."""

    secrets: dict[Name, SecretShape] = {}
    requests: RequestsShape = RequestsShape()
    databases: dict[Name, LookupDatabaseShape] = {}
    mailboxes: dict[Name, MailboxShape | None] = {}
    smtp: SmtpShape | None = None
