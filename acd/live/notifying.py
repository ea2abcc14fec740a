"""How people are told of a message: a signed request, or a mail with the sound attached. Blocking for a bounded time.

The signature is HMAC-SHA256 over ``timestamp.body`` with the mailbox's secret, so that whoever receives it knows that it came from
here and is not an old one sent again.
"""

import hmac
import json
import re
import smtplib
import ssl
from collections.abc import Callable, Mapping
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


def told(message: Row) -> bytes:
    body = {
        "id": message["id"],
        "mailbox": message["mailbox"],
        "caller": message["caller_number"],
        "left_at": datetime.fromtimestamp(message["left_at"], UTC).isoformat(timespec="seconds"),
        "seconds": round(float(message["seconds"]), 1),
    }
    return json.dumps(body).encode()


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
        name, seconds = mailbox.name or mailbox.id, round(float(message["seconds"]))
        letter = EmailMessage()
        letter["From"], letter["To"] = smtp.sender, mailbox.email or ""
        letter["Subject"] = f"{name}: a message from {caller}"
        letter["Message-ID"] = f"<{message['id']}@{smtp.sender.partition('@')[2]}>"  # the same when it is sent again
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
