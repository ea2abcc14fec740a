"""Mailboxes for flows: what lies in one, read from the records and from the marks beside the sounds, and marks that are set.

Never in the hub's own thread. What stands in the records a moment after it was left (``acd.records``) is there a moment later here too.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from gevent.threadpool import ThreadPool

from acd.core.commands import DELETED, HEARD
from acd.ivr.mailbox import MESSAGE, Lying, values
from acd.live.http_calls import NotDone
from acd.live.message_files import Box
from acd.records.reader import Reader

T = TypeVar("T")
READ_MOST = 10_000


@dataclass(kw_only=True)
class MailboxReading:
    """``records()`` is the URL of the records' database."""

    records: Callable[[], str]
    home: Path
    _threads: ThreadPool = field(default_factory=lambda: ThreadPool(4))

    def lying(self, mailbox: str) -> Mapping[str, str]:
        """Raises NotDone."""
        return self._apart(lambda: values(_lying(self.records(), Box(home=self.home), mailbox)))

    def mark(self, message: str, mark: str) -> None:
        """Raises NotDone."""
        self._apart(lambda: _mark(Box(home=self.home), message, mark))

    def _apart(self, work: Callable[[], T]) -> T:
        told: T | NotDone = self._threads.apply(_told, (work,))
        if isinstance(told, NotDone):
            raise told
        return told


def _told(work: Callable[[], T]) -> T | NotDone:
    """A thread prints what is raised in it, so nothing is."""
    try:
        return work()
    except Exception as error:
        return NotDone("failed", type(error).__name__)


def _lying(url: str, box: Box, mailbox: str) -> list[Lying]:
    """In a thread. Raises NoRecords."""
    reader = Reader(url)
    try:
        rows = [row for row in reader.messages(mailbox, READ_MOST) if MESSAGE.fullmatch(row["id"]) and not box.is_deleted(row["id"])]
    finally:
        reader.close()
    return [
        Lying(
            id=row["id"],
            left_at=row["left_at"],
            seconds=row["seconds"],
            caller=row["caller_number"] or "",
            heard=box.is_heard(row["id"]),
        )
        for row in rows
    ]


def _mark(box: Box, message: str, mark: str) -> None:
    """In a thread. Who deletes what is deleted, or hears what somebody else deletes meanwhile, changes nothing more."""
    if mark == DELETED:
        box.delete(message)
    elif mark == HEARD and not box.is_deleted(message):
        box.mark(message, heard=True)
