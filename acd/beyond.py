"""What the house does beyond its switches: errands of flows, and telling people of messages. Built from the configuration."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from acd.config.configuration import Configuration
from acd.config.outside import Opened, Outside, opened
from acd.core.events import ErrandDone
from acd.live.addresses import allowed
from acd.live.errands import Errands
from acd.live.finding import Databases
from acd.live.greenlets import Died, spawn
from acd.live.http_calls import Outbound, Resolver, tls_context
from acd.live.mailbox_reading import MailboxReading
from acd.live.notices import KEEP_S, Notices
from acd.live.notifying import Mail, Webhook, never_came_about
from acd.live.outbox import Outbox
from acd.places import Places
from acd.records.reader import NoRecords, Reader

MESSAGES_MOST = 10_000


def opened_of(configuration: Configuration) -> Opened:
    """Secrets and URLs as they are now. Raises Refused for each that is not there."""
    return opened(configuration.outside, configuration.document)


class Beyond:
    def __init__(
        self,
        configuration: Configuration,
        found: Opened,
        places: Places,
        *,
        post: Callable[[ErrandDone], None],
        clock: Callable[[], float],
        records: Callable[[], str],
        written: Callable[[], int],
    ) -> None:
        """``records()`` is the URL of the records' database, ``written()`` how far they are written."""
        self._records = records
        self._outbound = Outbound(allowed=allowed(()), resolve=Resolver(), tls=tls_context())
        self._clock = clock
        self._callbacks: Mapping[str, str] = {}
        self._urls: Mapping[str, str] = {}
        self._webhook = Webhook(outbound=self._outbound, secrets={}, clock=clock)
        self._mail = Mail(smtp=None, secrets={}, folder=places.messages)
        self.errands = Errands(
            post=post,
            clock=clock,
            outbound=self._outbound,
            finder=Databases({}),
            secrets={},
            mailboxes=MailboxReading(records=records, home=places.home),
        )
        self.notices = Notices(
            messages=self._messages,
            written=written,
            outbox=Outbox(places.home / "notices.db"),
            tell={"webhook": self._webhook, "email": self._mail},
            clock=clock,
        )
        self.change(configuration.outside, found)

    def change(self, outside: Outside, found: Opened) -> None:
        """Another configuration. What is under way goes on as it began."""
        self._outbound.allowed = allowed(outside.allow)
        self.errands.at_once = outside.at_once
        if found.databases != self._urls:
            self._urls, self.errands.finder = found.databases, Databases(found.databases)
        secrets: Mapping[str, str] = found.secrets
        self.errands.secrets = self._webhook.secrets = self._mail.secrets = secrets
        self._mail.smtp = outside.smtp
        self.notices.mailboxes, self._callbacks = outside.mailboxes, outside.callbacks

    def start(self, on_died: Died) -> None:
        self._task = spawn("notices", self.notices.run, on_died=on_died)

    def stop(self) -> None:
        self.notices.stop()
        self.errands.stop()
        self._task.kill(timeout=1)

    def _messages(self) -> Sequence[Mapping[str, Any]]:
        try:
            reader = Reader(self._records())
        except NoRecords:
            return []
        try:
            since = self._clock() - KEEP_S
            return [*reader.messages(limit=MESSAGES_MOST), *never_came_about(reader.callbacks_never(since), self._callbacks)]
        finally:
            reader.close()
