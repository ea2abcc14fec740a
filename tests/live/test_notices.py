"""People are told of messages: at least once, across restarts, ever more seldom when nobody takes it, and nobody of old ones."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from gevent.server import StreamServer

from acd.config.outside import MailboxPlace, Smtp
from acd.live.addresses import allowed
from acd.live.http_calls import Outbound, tls_context
from acd.live.notices import Notices, NotTold
from acd.live.notifying import Mail, Webhook, signature
from acd.live.outbox import Outbox
from tests.live import hostile
from tests.live.hostile import Hostile, whole

T0 = 1_760_000_000.0
MAIN = MailboxPlace(id="main", name="Sales", url="https://x", secret="hook", email="ann@example.com")
OTHER = MailboxPlace(id="other", url="https://x", secret="hook")


def row(id: str = "c1.3", mailbox: str = "main", left_at: float = T0 + 10) -> dict[str, Any]:
    return {"id": id, "mailbox": mailbox, "left_at": left_at, "seconds": 12.34, "caller_number": "+4930123", "contact": "c1"}


class House:
    """Notices with a clock to turn and a list of messages; remembers who was told and can be told to refuse."""

    def __init__(self, folder: Path, *mailboxes: MailboxPlace) -> None:
        self.folder, self.at = folder, T0
        self.rows: list[dict[str, Any]] = []
        self.told: list[tuple[str, str]] = []
        self.refuses: set[str] = set()
        self.mailboxes = {one.id: one for one in mailboxes or (MAIN,)}
        self.restart()

    def restart(self) -> None:
        self.notices = Notices(
            messages=lambda: self.rows,
            written=lambda: len(self.rows),
            outbox=Outbox(self.folder / "notices.db"),
            tell={"webhook": self.teller("webhook"), "email": self.teller("email")},
            clock=lambda: self.at,
            mailboxes=self.mailboxes,
        )
        self.notices.turn()

    def teller(self, way: str) -> Callable[[MailboxPlace, Mapping[str, Any]], None]:
        def tell(mailbox: MailboxPlace, message: Mapping[str, Any]) -> None:
            self.told.append((message["id"], way))
            if way in self.refuses:
                raise NotTold("no")

        return tell

    def after(self, seconds: float) -> list[tuple[str, str]]:
        """Who was told when the time has come."""
        self.at += seconds
        self.told.clear()
        self.notices.turn()
        return list(self.told)


def test_given_a_message_when_it_is_recorded_then_each_way_is_told_once(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.rows += [row(), row("c2.1", "other")]
    assert house.after(20) == [("c1.3", "webhook"), ("c1.3", "email")]
    assert house.after(20) == [] and house.notices.told_total == 2


def test_given_messages_that_were_told_when_all_restarts_then_they_are_not_told_again_and_new_ones_are(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.rows.append(row())
    house.after(20)
    house.restart()
    house.rows.append(row("c2.1", left_at=T0 + 15))  # left before the restart, recorded after it
    assert house.after(20) == [("c2.1", "webhook"), ("c2.1", "email")]


def test_given_a_crash_when_it_was_told_but_not_remembered_then_it_is_told_again_rather_than_never(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.rows.append(row())
    house.notices._remember = lambda key: None  # type: ignore[method-assign]
    house.after(20)
    house.restart()
    assert house.told[-2:] == [("c1.3", "webhook"), ("c1.3", "email")]


def test_given_one_way_that_is_refused_when_tried_again_then_ever_more_seldom_and_the_other_way_not_at_all(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.rows.append(row())
    house.refuses = {"webhook"}
    assert house.after(20) == [("c1.3", "webhook"), ("c1.3", "email")]
    tries = [bool(house.after(1)) for _ in range(40)]
    assert [n + 1 for n, tried in enumerate(tries) if tried] == [5, 15, 35]
    house.refuses = set()
    assert house.after(900) == [("c1.3", "webhook")] and house.after(900) == []


def test_given_days_of_refusal_when_over_then_it_is_given_up(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.refuses = {"webhook", "email"}
    house.rows.append(row())
    house.after(20)
    assert house.after(4 * 86400) == [] and house.after(4 * 86400) == []


def test_given_messages_from_before_a_mailbox_was_watched_when_it_is_then_nobody_is_told_of_them(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.rows.append(row(mailbox="other"))
    house.after(20)
    house.notices.mailboxes = {"main": MAIN, "other": OTHER}
    assert house.after(20) == []
    house.rows.append(row("c2.1", "other", left_at=house.at + 1))
    assert house.after(20) == [("c2.1", "webhook")]


def test_given_a_message_just_left_when_its_sound_may_not_be_there_then_it_waits_a_moment(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.rows.append(row(left_at=T0 + 10))
    assert house.after(11) == [] and house.after(1) == [("c1.3", "webhook"), ("c1.3", "email")]


def test_given_records_that_cannot_be_read_when_looked_at_then_it_goes_on_later(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.rows.append(row())

    def broken() -> Any:
        raise sqlite3.OperationalError("locked")

    house.notices.messages = broken
    assert house.after(20) == []
    house.notices.messages = lambda: house.rows
    assert len(house.after(1)) == 2


def test_given_nothing_new_when_looked_at_then_no_database_is_opened(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.rows.append(row())
    house.after(20)
    looked: list[int] = []
    house.notices.messages = lambda: looked.append(1) or house.rows  # type: ignore[func-returns-value]
    house.after(20)
    assert looked == []


# -- webhooks ---


@pytest.fixture
def server() -> Iterator[Hostile]:
    with hostile.hostile() as running:
        yield running


def webhook(server: Hostile, **more: Any) -> tuple[Webhook, MailboxPlace]:
    outbound = Outbound(allowed=allowed(["127.0.0.1"]), resolve=lambda host, port: ["127.0.0.1"], tls=tls_context())
    place = MailboxPlace(id="main", url=f"http://crm.test:{server.port}/hook", secret="hook")
    return Webhook(outbound=outbound, secrets={"hook": "s3cret"} | more, clock=lambda: T0), place


def test_given_a_message_when_posted_then_it_is_signed_with_its_time(server: Hostile) -> None:
    server.answers["/hook"] = whole(b"", b"204 No Content")
    tell, place = webhook(server)
    tell(place, row())
    line, headers, body = server.requests[0]
    assert line == "POST /hook HTTP/1.1" and json.loads(body) == {
        "id": "c1.3", "mailbox": "main", "caller": "+4930123", "left_at": "2025-10-09T08:53:30+00:00", "seconds": 12.3
    }  # fmt: skip
    assert headers["x-acd-timestamp"] == "1760000000" and headers["idempotency-key"] == "c1.3"
    assert headers["x-acd-signature"] == "sha256=" + signature("s3cret", "1760000000", body)
    assert signature("s3cret", "1760000001", body) != signature("s3cret", "1760000000", body) != signature("other", "1760000000", body)


@pytest.mark.parametrize("answer", [whole(b"", b"500 No"), whole(b"", b"404 Not Found"), hostile.closes, hostile.floods])
def test_given_a_server_that_does_not_take_it_when_posted_then_it_is_not_told(server: Hostile, answer: Any) -> None:
    server.answers["/hook"] = answer
    tell, place = webhook(server)
    with pytest.raises(NotTold) as why:
        tell(place, row())
    assert "4930123" not in str(why.value) and "s3cret" not in str(why.value) + repr(tell)


def test_given_a_secret_that_is_gone_when_posted_then_nothing_is_sent_unsigned(server: Hostile) -> None:
    tell, place = webhook(server, hook="")
    with pytest.raises(NotTold):
        tell(place, row())
    assert server.connections == 0


# -- mail ---


class Post:
    """A mail server that takes one letter, or says no."""

    def __init__(self, says: bytes = b"250 taken") -> None:
        self.says, self.letters, self.lines = says, list[bytes](), list[bytes]()
        self.server = StreamServer(("127.0.0.1", 0), self.serve)

    def serve(self, connection: Any, _: object) -> None:
        connection.sendall(b"220 here\r\n")
        with suppress(ConnectionResetError), connection.makefile("rb") as lines:
            for line in lines:
                self.lines.append(line)
                if line.upper().startswith(b"DATA"):
                    connection.sendall(b"354 go on\r\n")
                    self.letters.append(b"".join(iter(lambda: next(lines), b".\r\n")))
                    connection.sendall(self.says + b"\r\n")
                else:
                    connection.sendall(b"221 bye\r\n" if line.upper().startswith(b"QUIT") else b"250 fine\r\n")
        connection.close()


@pytest.fixture
def post() -> Iterator[Post]:
    running = Post()
    running.server.start()
    yield running
    running.server.stop(timeout=0)


def mail(post: Post, folder: Path) -> Mail:
    smtp = Smtp(host="127.0.0.1", port=int(post.server.server_port), security="none", sender="acd@example.com")
    return Mail(smtp=smtp, secrets={}, folder=folder)


def test_given_a_message_when_mailed_then_its_sound_is_attached(post: Post, tmp_path: Path) -> None:
    (tmp_path / "c1.3.wav").write_bytes(b"RIFF....")
    mail(post, tmp_path)(MAIN, row() | {"caller_number": "+4930123\r\nBcc: evil@example.com"})
    letter = message_from_bytes(post.letters[0], policy=policy.default)
    assert letter["To"] == "ann@example.com" and letter["Bcc"] is None and str(letter["Message-ID"]) == "<c1.3@example.com>"
    assert str(letter["Subject"]).startswith("Sales: a message from +4930123")
    (sound,) = letter.iter_attachments()
    assert (sound.get_filename(), sound.get_content()) == ("c1.3.wav", b"RIFF....")
    assert "12 s for Sales on 2025-10-09 08:53 UTC (id c1.3)" in letter.get_body().get_content()


def test_given_a_callback_that_never_came_about_when_mailed_then_it_says_whom_and_why(post: Post, tmp_path: Path) -> None:
    lost = {"kind": "callback", "id": "callback.c1.9", "mailbox": "main", "left_at": T0, "caller_number": "+491\r\nBcc: x@y.z",
            "queue": "help", "callback": "c1.9",
            "outcome": "expired", "why": "outside the hours of office", "attempts": "busy"}  # fmt: skip
    mail(post, tmp_path)(MAIN, lost)
    letter = message_from_bytes(post.letters[0], policy=policy.default)
    assert letter["Bcc"] is None and str(letter["Subject"]) == "Sales: +491Bcc: x@y.z was not called back"
    text = letter.get_content()
    assert "outside the hours of office" in text and "Attempts: busy" in text and not list(letter.iter_attachments())


@pytest.mark.parametrize("id", ["c1.3", "../c1.3", "..", ".wav", "a/b"])
def test_given_no_sound_or_an_odd_name_when_mailed_then_the_letter_goes_without(post: Post, tmp_path: Path, id: str) -> None:
    (tmp_path / "messages").mkdir()
    (tmp_path / "c1.3.wav").write_bytes(b"not yours")
    mail(post, tmp_path / "messages")(MAIN, row(id))
    assert b"not yours" not in post.letters[0] and b"The sound is not on this machine" in post.letters[0]


def test_given_a_server_that_refuses_when_mailed_then_it_is_not_told_and_says_no_word_of_theirs(post: Post, tmp_path: Path) -> None:
    post.says = b"550 +4930123 is spam"
    with pytest.raises(NotTold, match=r"^SMTPDataError 550$"):
        mail(post, tmp_path)(MAIN, row())


def test_given_starttls_when_the_server_has_none_then_nothing_is_sent_in_the_clear(post: Post, tmp_path: Path) -> None:
    tell = mail(post, tmp_path)
    assert tell.smtp is not None
    tell.smtp = Smtp(host=tell.smtp.host, port=tell.smtp.port, security="starttls", sender="a@example.com", user="acd", password="smtp")
    tell.secrets = {"smtp": "s3cret"}
    with pytest.raises(NotTold, match="SMTPNotSupportedError"):
        tell(MAIN, row())
    assert post.letters == [] and b"AUTH" not in b"".join(post.lines)
