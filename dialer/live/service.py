"""The dialer as the house starts and stops it."""

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import gevent
from gevent.event import Event as Flag
from prometheus_client.core import Metric

from acd.campaign import Campaign
from acd.config.configuration import Configuration
from acd.core.illegal import IllegalMove
from acd.live.controller import Controller, Unanswered
from acd.live.greenlets import Died, Task, spawn
from acd.records.store import DatabaseUnavailable
from acd.records.upgrade import DatabaseRefused
from acd.words import AgentId, QueueId
from dialer.core.events import CallWished, Event, PutBack
from dialer.core.state import Dialler
from dialer.lists.held import Holding
from dialer.lists.numbering import number_of
from dialer.lists.store import LeadStore
from dialer.live.kept_leads import KeptLeads, new_id
from dialer.live.leads import Leads
from dialer.live.measured import of_campaigns, of_database
from dialer.live.worker import Worker

log = logging.getLogger(__name__)

RETRY_S = 5.0


class Service:
    """``database()``: the URL of the records'. ``remembers()``: whether the house's memory reaches back to before it was last ended."""

    def __init__(
        self,
        *,
        controller: Controller,
        database: Callable[[], str],
        house: Callable[[], Configuration],
        remembers: Callable[[], bool],
        tell: Callable[[str, Mapping[str, Any]], None],
    ) -> None:
        self._controller, self._database, self._house, self._remembers = controller, database, house, remembers
        self._tell = tell
        self._stopping = Flag()
        self._tasks: list[Task] = []
        self.worker: Worker | None = None
        self.unread = 0  # times that the database could not be read after a start

    def start(self, on_died: Died) -> None:
        """Returns at once; nobody is dialled before the database was read."""
        self._on_died = on_died
        self._tasks.append(spawn("dialer", self._run, on_died=on_died))

    def stop(self) -> None:
        """What pacers have learnt and every end that is known are stored, if the database takes them within a moment."""
        self._stopping.set()
        if self.worker is not None:
            self.worker.stop()
        gevent.joinall(self._tasks, timeout=3)
        for task in self._tasks:
            task.kill(timeout=1)

    def ask(self, event: Event) -> None:
        """Raises IllegalMove, Unanswered."""
        self._there().ask(event)

    def call(self, campaign: str, agent: str, number: str, by: str) -> str:
        """The id of the attempt. Raises IllegalMove with what holds it, Unanswered, NotANumber."""
        found = number_of(number, self._house().policy.outbound.region)
        window, id = found.window, new_id()
        event = CallWished(
            at=self.now(), id=id, agent=agent, campaign=campaign, number=found.number, zones=window.zones, country=window.country, by=by
        )  # fmt: skip
        if why := self._there().call(event):
            raise IllegalMove(f"{found.number} is not dialled: {why}")
        return id

    def dispositions(self, rules: Campaign | None) -> tuple[str, ...]:
        """What an agent of its queue may say came of a talk; None, of a campaign that is gone: of any queue."""
        queues = self._house().policy.queues
        if rules is None:
            return tuple(sorted({name for queue in queues.values() for name in queue.dispositions}))
        found = queues.get(rules.queue) if rules.queue is not None else None
        return tuple(found.dispositions) if found is not None else ()

    def queues_of(self, agent: str) -> tuple[QueueId, ...]:
        return self._controller.state.roster.queues_of(AgentId(agent))

    def now(self) -> float:
        return self._controller.now()

    def held(self, rules: Campaign) -> Holding:
        """Asked of the database in a thread. Raises DatabaseUnavailable, Unanswered."""
        self._there()
        found: Holding = gevent.get_hub().threadpool.apply(self._asking, (rules, self.now()))
        return found

    def _asking(self, rules: Campaign, at: float) -> Holding:
        """On a connection of its own: that of the errands belongs to them."""
        store = LeadStore(self._database())
        try:
            return KeptLeads(store, lambda: self._house().zone or "UTC").held(rules, at)
        finally:
            store.close()

    @property
    def state(self) -> Dialler:
        """Raises Unanswered."""
        return self._there().state

    def metrics(self) -> Iterable[Metric]:
        """As it is at this moment; where nothing else changes it meanwhile."""
        worker = self.worker
        if worker is None:
            yield from of_database(failed=self.unread, waiting=0, is_well=False)
            return
        errands = worker.errands
        yield from of_database(failed=self.unread + errands.failed, waiting=errands.waiting, is_well=errands.is_well)
        yield from of_campaigns(worker.state, self._controller.now(), since=worker.begun_at, listed=worker.listed)

    def _there(self) -> Worker:
        if self.worker is None:
            raise Unanswered("the dialer has not read its database yet")
        return self.worker

    def _run(self) -> None:
        leads = KeptLeads(LeadStore(self._database()), lambda: self._house().zone or "UTC")
        back = self._read(leads)
        if back is None:
            return
        worker = Worker(controller=self._controller, leads=leads, house=self._house, remembers=self._remembers(), tell=self._tell)
        self._tasks.append(spawn("dialer database", worker.errands.run, on_died=self._on_died))
        worker.begin(back)
        self.worker = worker
        worker.run()
        worker.keep()
        worker.errands.stop()

    def _read(self, leads: Leads) -> PutBack | None:
        while not self._stopping.is_set():
            try:
                found: PutBack = gevent.get_hub().threadpool.apply(leads.put_back, (self._controller.now(),))
                return found
            except (DatabaseUnavailable, DatabaseRefused) as why:  # calls go on without campaigns
                self.unread += 1
                log.error("the database of leads: %s; nobody is dialled until it answers", why)
                self._stopping.wait(RETRY_S)
        return None
