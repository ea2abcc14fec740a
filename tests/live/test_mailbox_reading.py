"""Mailboxes as flows see them: a real database and real files."""

from pathlib import Path

import pytest
from gevent.queue import Queue

from acd.core.commands import DELETED, HEARD, Errand, ListMessages, MarkMessage
from acd.core.events import ErrandDone
from acd.ivr.mailbox import lying
from acd.live.addresses import allowed
from acd.live.errands import Errands
from acd.live.http_calls import Outbound, Resolver, tls_context
from acd.live.mailbox_reading import MailboxReading
from acd.live.message_files import Box
from acd.records.batch import batch_of
from acd.records.store import Store
from acd.words import LegId, PlayId
from tests.records.making import FakeLine, call, message

LEG = LegId("n/u1")


@pytest.fixture
def reading(tmp_path: Path) -> MailboxReading:
    """Two messages in `sales`, one in `main`."""
    url = f"sqlite:///{tmp_path}/acd.db"
    mine = (message("m1", left_at=1000.0), message("m2", left_at=2000.0), message("m3", mailbox="main"))
    store = Store(url)
    lines = [FakeLine(n=1, changes=(call("c1", caller_number="+4930", messages=mine),))]
    store.write(batch_of(0, lines, {}))  # type: ignore[arg-type]
    store.close()
    return MailboxReading(records=lambda: url, home=tmp_path)


def told(reading: MailboxReading, errand: Errand) -> ErrandDone:
    posted: Queue[ErrandDone] = Queue()
    outbound = Outbound(allowed=allowed(()), resolve=Resolver(), tls=tls_context())
    errands = Errands(post=posted.put, clock=lambda: 1.0, outbound=outbound, finder=None, secrets={}, mailboxes=reading)  # type: ignore[arg-type]
    errands.send([errand])
    return posted.get(timeout=10)


def listed(reading: MailboxReading, mailbox: str = "sales") -> list[tuple[str, bool]]:
    done = told(reading, ListMessages(leg=LEG, errand=PlayId("c.1"), mailbox=mailbox))
    assert not done.why
    return [(one.id, one.heard) for one in lying(done.values["messages"])]


def mark(reading: MailboxReading, message: str, what: str) -> str:
    return told(reading, MarkMessage(leg=LEG, errand=PlayId("c.1"), message=message, mark=what)).why


def test_given_messages_when_listed_then_those_of_this_mailbox_alone_are_there(reading: MailboxReading) -> None:
    assert listed(reading) == [("m1", False), ("m2", False)]
    assert listed(reading, "main") == [("m3", False)] and listed(reading, "nobody") == []
    (one,) = lying(told(reading, ListMessages(leg=LEG, errand=PlayId("c.1"), mailbox="main")).values["messages"])
    assert one.caller == "+4930"


def test_given_a_message_when_marked_twice_then_it_is_as_if_once_and_the_command_line_sees_it(reading: MailboxReading) -> None:
    assert [mark(reading, "m1", HEARD) for _ in range(2)] == ["", ""]
    assert listed(reading) == [("m2", False), ("m1", True)] and Box(home=reading.home).is_heard("m1")


def test_given_a_message_when_deleted_then_its_sound_is_gone_and_it_is_not_heard_after_that(reading: MailboxReading) -> None:
    sound = Box(home=reading.home).sound("m1")
    sound.parent.mkdir()
    sound.write_bytes(b"RIFF")
    assert [mark(reading, "m1", DELETED) for _ in range(2)] == ["", ""]
    assert mark(reading, "m1", HEARD) == ""
    assert listed(reading) == [("m2", False)] and not sound.exists() and not Box(home=reading.home).is_heard("m1")


@pytest.mark.parametrize("id", ["../m1", "a/b", "..", ".m1", "m\0"])
def test_given_an_id_that_would_be_a_path_when_marked_then_nothing_is_touched(reading: MailboxReading, id: str) -> None:
    before = sorted(reading.home.rglob("*"))
    assert mark(reading, id, DELETED) == "failed" and sorted(reading.home.rglob("*")) == before


def test_given_no_database_when_listed_then_nobody_says_that_the_mailbox_is_empty(reading: MailboxReading) -> None:
    gone = MailboxReading(records=lambda: f"sqlite:///{reading.home}/none.db", home=reading.home)
    assert told(gone, ListMessages(leg=LEG, errand=PlayId("c.1"), mailbox="sales")).why == "failed"
