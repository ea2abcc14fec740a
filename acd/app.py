"""The one place where things are built, started in order and stopped in reverse. Decides nothing."""

import logging
import os
from collections.abc import Callable
from pathlib import Path

from gevent import sleep
from gevent.event import Event as Flag

from acd.beyond import Beyond, opened_of
from acd.changes import Changes, NotNow
from acd.config.configuration import Configuration
from acd.config.document import Refused
from acd.core.events import HouseStarted, NodeLost
from acd.core.state import State
from acd.core.step import step
from acd.floor import Floor
from acd.live.clock import SteadyClock
from acd.live.controller import Controller, Unanswered
from acd.live.disk import Lock
from acd.live.greenlets import Task, spawn
from acd.live.journal import Journal, end_here
from acd.live.kept import Keeping, Kept
from acd.live.poison import Poison
from acd.live.recovery import Recovered, recover
from acd.live.stream import Stream
from acd.live.talk_files import Shelf
from acd.live.watchdog import Watchdog
from acd.loading import Loaded, in_use, library_of, recall_flows, remember_flows, secrets_of
from acd.metrics import Metrics
from acd.nodes import Nodes
from acd.owner.ownership import Ownership
from acd.places import Places
from acd.records.store import CURSOR, Store
from acd.records.writer import RecordsWriter
from acd.retention import Retention
from acd.sounds import follow, make_ready, prompts_of
from acd.starting import start_with
from acd.web.control import build_control_app
from acd.web.events import events
from acd.web.public import build_app
from acd.web.server import Server, SocketTaken, listen_tcp, listen_unix, serve
from acd.words import QueueId
from dialer.live.by_phone import ByPhone
from dialer.live.control import routes
from dialer.live.service import Service

log = logging.getLogger(__name__)

HOLD_S = 3.0
"""After a start, deadlines wait for the first switch to be heard, at most so long."""
DRAIN_S = 4.0
PORT_S = 1.0


class App:
    """A contact centre that is started once and stopped once."""

    def __init__(self, places: Places, *, salvage: bool = False, ownership: Ownership | None = None, lock: Lock | None = None) -> None:
        """Loads, locks, recovers. Raises Refused, AlreadyRunning, DamagedJournal, DatabaseRefused; then nothing was changed.

        ``ownership``: of the switches, which are ours by now (acd/standby.py); without one there is nobody else who may send.
        ``lock``: the home's, if it is held already.
        """
        self.places, self.ownership = places, ownership
        started = start_with(places, lambda loaded: (opened_of(loaded.configuration), secrets_of(loaded, places)))
        self.loaded = started.loaded
        opened = opened_of(self.loaded.configuration)
        self.secrets = secrets_of(self.loaded, places)
        self.exit_code = 0
        self._ended = Flag()
        self._tasks: list[Task] = []
        self._stops: list[tuple[str, Callable[[], object]]] = []
        self.metrics = Metrics(lambda: self.state.policy)
        self.journal = self._journal(salvage, lock)
        self.state = State(self.loaded.policy, library_of(self.loaded))
        self.recovered = self._recover()
        self.clock = SteadyClock(not_before=self.recovered.last_at)
        self.prompts = prompts_of(self.loaded.configuration, places)
        self.changes = Changes(places, started, swap=self._into_force, state=lambda: self.state, prompts=self.prompts)
        self.poison = Poison(places.poison)
        self.nodes = Nodes(places, post=self._post, clock=self.clock, prompts=self.prompts, known=self._known, ownership=ownership)
        self.beyond = Beyond(
            self.loaded.configuration,
            opened,
            places,
            post=self._post,
            clock=self.clock,
            records=self._database,
            written=lambda: self.records.written_n,
        )
        self.controller = Controller(
            state=self.state,
            step=step,
            journal=self.journal,
            nodes=self.nodes.senders,
            clock=self.clock,
            poison=self.poison,
            errands=self.beyond.errands,
            observe=self.metrics.took,
            settle=ownership.settle if ownership else lambda: None,
        )
        store = Store(self._database(), journal=ownership.home if ownership else CURSOR)
        self.records = RecordsWriter(self.journal, store, target=self._target)
        self.stream = Stream(self.clock)
        self.dialer = Service(
            controller=self.controller,
            database=lambda: self._database(),
            house=lambda: self.loaded.configuration,
            remembers=lambda: self.recovered.lines > 0,
            tell=self.stream.tell,
        )
        self.beyond.errands.campaigns = ByPhone(self.dialer)
        self.metrics.also(self.dialer.metrics)
        self.retention = Retention(self._database, Shelf(root=places.talks))
        self.watchdog = Watchdog(observe=self.metrics.hub_late)
        self.floor = Floor(
            controller=self.controller,
            journal=self.journal,
            poison=self.poison,
            records=self.records,
            nodes=self.nodes.running,
            changes=self.changes,
            calendars=lambda: self.loaded.configuration.calendars,
            ownership=ownership,
        )

    # -- life ---

    def start(self) -> None:
        """Raises DatabaseRefused, SocketTaken. What was started before that is for ``stop``."""
        self.places.messages.mkdir(parents=True, exist_ok=True)
        self.places.talks.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self.ownership is not None:
            self._stops.append(("ownership", self.ownership.stop))  # after all that an owner does
        self._stops.append(("journal", self.journal.close))
        self.journal.start(on_died=self._died)
        self.changes.begin()
        self._start_records()
        make_ready(self.prompts, self.loaded, self.state.flows.media())  # type: ignore[attr-defined]
        self._stops.append(("watchdog", self.watchdog.stop))
        self.watchdog.start(on_died=self._died)
        self._stops.append(("errands", self.beyond.stop))
        self.beyond.start(on_died=self._died)
        self._stops.append(("retention", self.retention.stop))
        self.retention.start(on_died=self._died)
        self._stops.append(("nodes", self.nodes.stop))  # after the controller, whose last commands they still write
        self._start_controller()
        self._stops.append(("dialer", self.dialer.stop))  # before the controller, which it asks
        self.dialer.start(on_died=self._died)
        self._serve()
        self.nodes.change(self.loaded, self.secrets)

    def wait(self) -> int:
        """Until somebody calls ``end`` or something dies; the exit code."""
        while not self._ended.wait(timeout=60):
            pass
        return self.exit_code

    def end(self) -> None:
        self._ended.set()

    def stop(self) -> None:
        """In reverse; each within its time, none kept from it by another's failure. Calls stay up."""
        while self._stops:
            name, stop = self._stops.pop()
            try:
                stop()
            except Exception as error:
                log.error("%s did not stop: %s", name, error, exc_info=error)
        for task in self._tasks:
            task.kill(timeout=1)

    def apply(self, how: str) -> None:
        """What is in the folder into force, asked for by no person (SIGHUP): what is wrong goes to the log."""
        try:
            self.changes.apply(by="", how=how)
        except Refused as refused:
            for problem in refused.problems:
                log.error("%s", problem)
            log.error("the configuration was not changed")
        except (NotNow, Unanswered, OSError) as why:
            log.error("the configuration was not changed: %s", why)

    def _into_force(self, loaded: Loaded, keep: Callable[[], None]) -> None:
        """Whole, or Refused with everything that is wrong with it; ``keep`` is called when only the swap is left."""
        opened, secrets = opened_of(loaded.configuration), secrets_of(loaded, self.places)
        swapped = Flag()

        def renew(state: State) -> object:
            used = in_use(state)
            remember_flows(self.places.flows, loaded.flows.values(), used)
            calendars = loaded.configuration.calendars
            renewed = state.flows.renewed(loaded.flows, used, loaded.policy.outbound, calendars)  # type: ignore[attr-defined]
            self.loaded, self.secrets = loaded, secrets
            swapped.set()
            return renewed

        try:
            follow(self.prompts, loaded.configuration)
            make_ready(self.prompts, loaded, self.state.flows.media())  # type: ignore[attr-defined]
            keep()
            self.controller.change_policy(loaded.policy, renew)  # type: ignore[arg-type]
        except Exception as why:
            if not swapped.is_set():
                follow(self.prompts, self.loaded.configuration)
                raise
            log.error("the configuration is in force, but what came after it was not heard: %s", why)
        self.journal.kept.keeping = keeping_of(loaded.configuration)
        self.beyond.change(loaded.configuration.outside, opened)
        self.nodes.change(loaded, secrets)

    # -- parts ---

    def _journal(self, salvage: bool, lock: Lock | None) -> Journal:
        lost = self.ownership.on_lost if self.ownership else end_here
        kept = Kept(self.places.journal, keeping_of(self.loaded.configuration))
        took = self.metrics.took
        return Journal(self.places.journal, salvage=salvage, kept=kept, observe=took, lock=lock, on_taken_over=lost)

    def _recover(self) -> Recovered:
        """What this home remembers, unless another one went on since: then the line is rebuilt from the channels' marks."""
        if self.ownership is not None and self.ownership.comes_from_elsewhere:
            self.journal.forget(at=max((line.at for line in self.journal.recovered()), default=0.0))
            log.warning("another home had the switches before: what %s remembers is not put back", self.places.journal)
        found = recover(self.state, self.journal.recovered())
        used = in_use(self.state)
        older = {key for key in used if key not in {(f.id, f.version) for f in self.loaded.flows.values()}}
        self.state.flows = library_of(self.loaded, recall_flows(self.places.flows, older, self.loaded.known))
        remember_flows(self.places.flows, self.loaded.flows.values(), used)
        return found

    def _start_controller(self) -> None:
        """Nothing is known to be reachable; deadlines wait for the first snapshot."""
        self._stops.append(("controller", self._drain))
        for node in {*self.state.nodes, *self.loaded.configuration.nodes}:
            self.controller.post(NodeLost(at=self.clock(), node=node))
        self.controller.post(HouseStarted(at=self.clock()))
        self.controller.hold_deadlines(HOLD_S)
        self.controller.turn()  # before anybody may look: what the journal remembers as reachable is not so yet
        self._spawn("controller", self.controller.run)
        self._spawn("metrics", self._count)
        self._spawn("watch", self.changes.watch)

    def _start_records(self) -> None:
        self.records.open()
        self._stops.append(("records", self.records.stop))
        self.journal.on_written(self.records.wake)
        self._spawn("records", self.records.run)

    def _serve(self) -> None:
        taken_over = self.journal.was_taken_over
        if taken_over:
            self.places.socket.unlink(missing_ok=True)  # whoever has it is stopped
        answers = build_control_app(self.floor, self.places.talks, routes(self.dialer), events(self.stream))
        control = serve(answers, listen_unix(self.places.socket))
        self._stops.append(("control socket", lambda: self._close(control, self.places.socket)))
        if taken_over:
            self._spawn("http", self._serve_when_free)
        else:
            self._serve_public()

    def _serve_public(self) -> None:
        port = self.loaded.configuration.http_port
        public = serve(build_app(self.floor, lambda: self.metrics.render(self.floor)), listen_tcp("127.0.0.1", port))
        self._stops.append(("http", lambda: public.stop(timeout=1)))

    def _serve_when_free(self) -> None:
        """Whoever was taken over may have the port until it ends; calls do not wait for that."""
        while True:
            try:
                return self._serve_public()
            except SocketTaken as taken:
                log.warning("%s; tried again", taken)
                sleep(PORT_S)

    def _close(self, control: Server, path: Path) -> None:
        control.stop(timeout=1)
        path.unlink(missing_ok=True)

    def _count(self) -> None:
        """Hands what was decided to the metrics."""
        decided = self.controller.subscribers.subscribe("metrics")
        while True:
            for decision in decided.take(wait_s=60.0):
                self.metrics.observe(decision)

    def _drain(self) -> None:
        if not self.controller.stop(DRAIN_S):
            log.error("the controller did not finish within %g s", DRAIN_S)

    def _spawn(self, name: str, run: Callable[[], None]) -> None:
        self._tasks.append(spawn(name, run, on_died=self._died))

    def _died(self, name: str, error: BaseException) -> None:
        """Without any of these the house is not whole: stop in order; whoever supervises starts us again, calls stay up."""
        self.exit_code = 1
        self.end()

    # -- small answers ---

    def _post(self, event: object) -> None:
        self.controller.post(event)  # type: ignore[arg-type]

    def _known(self, leg: object) -> bool:
        state = self.state
        return any(leg in legs for legs in (state.call_of_leg, state.offer_of_leg, state.nailed, state.monitor_of_leg))

    def _target(self, queue: QueueId) -> float | None:
        found = self.state.policy.queues.get(queue)
        return found.service_level_s if found else None

    def _database(self) -> str:
        configuration = self.loaded.configuration
        if configuration.database_env:
            return os.environ.get(configuration.database_env, "")
        return configuration.database or f"sqlite:///{self.places.database.absolute()}"


def keeping_of(configuration: Configuration) -> Keeping:
    return Keeping(keep_s=configuration.journal_keep_s, most_bytes=configuration.journal_most_bytes)
