"""How people are told of a message: a signed request, or a mail with the sound attached. Blocking for a bounded time.

The signature is HMAC-SHA256 over ``timestamp.body`` with the mailbox's secret, so that whoever receives it knows that it came from
here and is not an old one sent again.
"""

import hmac
import json
import re
import smtplib
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path
from typing import Any

from gevent import Timeout
from gevent.threadpool import ThreadPool

from acd.config.outside import MailboxPlace, Smtp
from acd.live.http_calls import NotDone, Outbound, Request
from acd.live.notices import NotTold

Row = Mapping[str, Any]
WEBHOOK_S = 10.0
CALLBACK = "callback"
MAIL_S = 60.0
SMTP_STEP_S = 20.0
SOUND_MOST = 20_000_000
FILE = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}", re.ASCII)


@dataclass(kw_only=True)
class Webhook:
    outbound: Outbound
    secrets: Mapping[str, str] = field(repr=False)
    clock: Callable[[], float]

    def __call__(self, mailbox: MailboxPlace, message: Row) -> None:
        """Raises NotTold."""
        secret = self.secrets.get(mailbox.secret or "")
        if not secret or not mailbox.url:
            raise NotTold("its secret or its url is gone")
        body, at = told(message), str(int(self.clock()))
        headers = {
            "content-type": "application/json",
            "idempotency-key": str(message["id"]),
            "x-acd-timestamp": at,
            "x-acd-signature": f"sha256={signature(secret, at, body)}",
        }
        deadline = Timeout(WEBHOOK_S)
        try:
            with deadline:
                reply = self.outbound.call(Request(method="POST", url=mailbox.url, headers=headers, body=body))
        except NotDone as why:
            raise NotTold(f"{why.why}: {why}") from None
        except Timeout as over:
            if over is not deadline:
                raise
            raise NotTold(f"no answer within {WEBHOOK_S:g} s") from None
        if not 200 <= reply.status < 300:
            raise NotTold(f"status {reply.status}")


def never_came_about(callbacks: Iterable[Row], mailboxes: Mapping[str, str]) -> Iterator[Row]:
    """Callbacks that were promised in vain, as something that lies in the mailbox of their queue; the others are nobody's news."""
    for row in callbacks:
        if row["queue"] in mailboxes:
            tried = ", ".join(attempt["outcome"] for attempt in row["attempts"] or ())
            yield {
                "kind": CALLBACK,
                "id": f"callback.{row['id']}",
                "mailbox": mailboxes[row["queue"]],
                "left_at": row["ended_at"],
                "caller_number": row["number"],
                "callback": row["id"],
                "contact": row["contact"],
                "queue": row["queue"],
                "asked_at": row["asked_at"],
                "outcome": row["outcome"],
                "why": row["why"] or "",
                "attempts": tried,
            }


def told(message: Row) -> bytes:
    if message.get("kind") == CALLBACK:
        return json.dumps(_callback(message)).encode()
    body = {
        "id": message["id"],
        "mailbox": message["mailbox"],
        "caller": message["caller_number"],
        "left_at": _utc(message["left_at"]),
        "seconds": round(float(message["seconds"]), 1),
    }
    return json.dumps(body).encode()


def _callback(row: Row) -> dict[str, Any]:
    same = {name: row[name] for name in ("kind", "id", "mailbox", "callback", "contact", "queue", "outcome", "why", "attempts")}
    return same | {"number": row["caller_number"], "asked_at": _utc(row["asked_at"]), "ended_at": _utc(row["left_at"])}


def _utc(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")


def signature(secret: str, at: str, body: bytes) -> str:
    return hmac.new(secret.encode(), at.encode() + b"." + body, sha256).hexdigest()


@dataclass(kw_only=True)
class Mail:
    """``smtp`` and ``secrets`` may be replaced while it runs. The sound is a file of ``folder`` named by the message's id."""

    smtp: Smtp | None
    secrets: Mapping[str, str] = field(repr=False)
    folder: Path
    _thread: ThreadPool = field(default_factory=lambda: ThreadPool(2))

    def __call__(self, mailbox: MailboxPlace, message: Row) -> None:
        """Raises NotTold."""
        if self.smtp is None or not mailbox.email:
            raise NotTold("nobody says any more how to send mail, or to whom")
        password = self.secrets.get(self.smtp.password or "", "")
        deadline = Timeout(MAIL_S)
        try:
            with deadline:
                why = self._thread.apply(_sent, (self.smtp, password, self._letter(self.smtp, mailbox, message)))
        except Timeout as over:
            if over is not deadline:
                raise
            raise NotTold(f"not sent within {MAIL_S:g} s") from None
        if why:
            raise NotTold(why)

    def _letter(self, smtp: Smtp, mailbox: MailboxPlace, message: Row) -> EmailMessage:
        caller = "".join(char for char in str(message["caller_number"]) if char.isprintable())[:40] or "unknown number"
        when = datetime.fromtimestamp(message["left_at"], UTC).strftime("%Y-%m-%d %H:%M UTC")
        name = mailbox.name or mailbox.id
        letter = EmailMessage()
        letter["From"], letter["To"] = smtp.sender, mailbox.email or ""
        letter["Message-ID"] = f"<{message['id']}@{smtp.sender.partition('@')[2]}>"  # the same when it is sent again
        if message.get("kind") == CALLBACK:
            letter["Subject"] = f"{name}: {caller} was not called back"
            tried = message["attempts"] or "none"
            text = f"{caller} asked {message['queue']} to be called back, and was not: {message['outcome']}, on {when}."
            why = message["why"] or message["outcome"]
            letter.set_content(f"{text}\nWhy: {why}\nAttempts: {tried}\nCallback: {message['callback']}\n")
            return letter
        seconds = round(float(message["seconds"]))
        letter["Subject"] = f"{name}: a message from {caller}"
        sound = self._sound(str(message["id"]))
        tail = "" if sound else "\n\nThe sound is not on this machine; acd voicemail says where to find it."
        letter.set_content(f"{caller} left a message of {seconds} s for {name} on {when} (id {message['id']}).{tail}\n")
        if sound:
            letter.add_attachment(sound, maintype="audio", subtype="wav", filename=f"{message['id']}.wav")
        return letter

    def _sound(self, id: str) -> bytes:
        """Ids are ours, and still: a name that is no plain name never becomes a path."""
        file = self.folder / f"{id}.wav"
        try:
            if FILE.fullmatch(id) and ".." not in id and file.stat().st_size <= SOUND_MOST:
                return file.read_bytes()
        except OSError:
            pass
        return b""


def _sent(smtp: Smtp, password: str, letter: EmailMessage) -> str:
    """In a thread. Why it was not taken; '' when it was."""
    try:
        tls = ssl.create_default_context()
        if smtp.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=SMTP_STEP_S, context=tls)
        else:
            server = smtplib.SMTP(smtp.host, smtp.port, timeout=SMTP_STEP_S)
        with server:
            if smtp.security == "starttls":
                server.starttls(context=tls)
            if smtp.user:
                server.login(smtp.user, password)
            server.send_message(letter)
    except smtplib.SMTPResponseException as error:
        return f"{type(error).__name__} {error.smtp_code}"
    except Exception as error:
        return type(error).__name__
    return ""
