"""One switch: connect, authenticate, subscribe, read, write, reconnect, snapshot.

Two connections, because an ``api`` call holds back the events of its own: one for events, one for commands. What is
read becomes events of ours and is posted; what is sent is written and nobody waits for the answer. It decides
nothing about calls. One greenlet keeps the node alive; it alone waits (with deadlines) for answers, those of a
snapshot.
"""

import logging
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import gevent
from gevent.event import Event as Signal
from greenswitch.esl import NotConnectedError

from acd.core import commands as c
from acd.core.events import Event, NodeLost, PhoneRegistered, PhoneUnregistered
from acd.switch import snapshot
from acd.switch.births import Births
from acd.switch.commands_to import Dialect, Request, api, encoded, failure
from acd.switch.contacts import Contacts
from acd.switch.counters import Counters
from acd.switch.encode import Unencodable
from acd.switch.esl import EventSocket, NoReply
from acd.switch.events_from import EVENTS, event_from, subscription
from acd.switch.starts import Starts
from acd.switch.watch import Watch
from acd.switch.wire import Frame
from acd.words import LegId, NodeId, PhoneId, leg_id, uuid_of

log = logging.getLogger(__name__)

_CORE = re.compile(r"[0-9A-Fa-f-]{8,64}")
_LIST_LAGS_S = 30.0
"""The list of registrations is written behind their events, at most so far."""
_SESSIONS = re.compile(r"^(\d+) session\(s\) - peak", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeConfig:
    """How one switch is reached. Seconds throughout."""

    node: NodeId
    password: str
    host: str = "127.0.0.1"
    port: int = 8021
    connect_s: float = 5.0
    reply_s: float = 5.0
    """Deadline of every reply; with ``ping_every_s`` and ``tick_s`` it bounds how long a dead peer goes unnoticed (8 s)."""
    ping_every_s: float = 2.0
    tick_s: float = 0.2
    snapshot_every_s: float = 300.0
    look_again_s: float = 3.0
    """After a gap, a second snapshot: what was too young to be judged by the first is not left until the next check."""
    snapshot_s: float = 6.0
    """Deadline of each answer of a snapshot."""
    heal_every_s: float = 10.0
    """Snapshots that are taken because events seem lost are at least so far apart."""
    back_off_s: float = 0.2
    back_off_most_s: float = 5.0
    nudge_every_s: float = 0.004
    nudge_for_s: float = 0.1
    """While an event is expected the switch's sender is kept awake: an empty line so often, so long after a command.
    0 turns it off.
    """
    max_outgoing: int = 10_000
    max_backlog: int = 20_000


_DUMPED_AT_ONCE = 50


def nobody(leg: LegId) -> bool:
    return False


class Node:
    """``post`` gets our events and must not block. ``clock`` is the time that events carry. ``known``: legs that need no dump."""

    def __init__(
        self,
        config: NodeConfig,
        dialect: Dialect,
        post: Callable[[Event], None],
        clock: Callable[[], float],
        *,
        counters: Counters | None = None,
        known: Callable[[LegId], bool] = nobody,
        rng: random.Random | None = None,
    ) -> None:
        self.config = config
        self.counters = counters or Counters()
        self._dialect, self._post, self._clock, self._known = dialect, post, clock, known
        self._rng = rng or random.Random()
        self._events: EventSocket | None = None
        self._commands: EventSocket | None = None
        self._held: list[Event] | None = None
        self._watch = Watch()
        self._births = Births()
        self._starts = Starts()
        self._registered_at: dict[PhoneId, float] = {}
        self._contacts = Contacts()
        self._core: str | None = None
        self._core_sure = False
        self._restarted = False
        self._up = False
        self._was_up = False
        self._stopping = False
        self._snapshot_due_at = 0.0
        self._look_again = True
        self._healed_at = float("-inf")
        self._pinged_at = float("-inf")
        self._wake = Signal()
        self._expecting = Signal()
        self._nudge_until = 0.0
        self._greenlets: list[gevent.Greenlet[..., None]] = []

    # -- for the controller -----------------------------------------------------------------------------------------

    @property
    def node(self) -> NodeId:
        return self.config.node

    @property
    def up(self) -> bool:
        """Whether a snapshot has been posted on the present connection."""
        return self._up

    def start(self) -> None:
        self._spawn(self._live)
        self._spawn(self._keep_awake)

    def _spawn(self, run: Callable[[], None]) -> None:
        greenlet: gevent.Greenlet[..., None] = gevent.Greenlet(run)
        greenlet.name = f"node {self.node} {run.__name__.strip('_')}"
        greenlet.link_exception(partial(self._hear_death, run))
        self._greenlets.append(greenlet)
        greenlet.start()

    def _hear_death(self, run: Callable[[], None], greenlet: "gevent.Greenlet[..., None]") -> None:
        """A fault of ours that nothing foresaw: say so, and go on with a new greenlet."""
        log.critical("%s died: %r", greenlet.name, greenlet.exception)
        self._greenlets.remove(greenlet)
        if not self._stopping:
            self._spawn(run)

    def stop(self, timeout: float = 1.0) -> None:
        """Write what is queued, then close. Calls stay up: nothing on the switch depends on us."""
        if self._commands is not None and self._commands.connected:
            self._commands.flush(timeout)
        self._stopping = True
        for signal in (self._wake, self._expecting):
            signal.set()
        others = [each for each in self._greenlets if each is not gevent.getcurrent()]
        gevent.joinall(others, timeout=timeout)
        gevent.killall([each for each in others if not each.dead], timeout=timeout)
        self._close()

    def send(self, commands: Sequence[c.Command]) -> None:
        """Queue these for writing, in order. Never blocks; what goes wrong comes back as an event."""
        for command in commands:
            self._send(command)
        self._expect()

    def ask_snapshot(self) -> None:
        self._snapshot_due_at = float("-inf")
        self._wake.set()

    # -- writing ----------------------------------------------------------------------------------------------------

    def _send(self, command: c.Command) -> None:
        try:
            requests = encoded(command, self._dialect)
        except (Unencodable, LookupError, OSError) as odd:
            self.counters.unencodable += 1
            log.error("node %s: %s not sent: %s", self.node, type(command).__name__, odd)
            self._tell_failure(command, "UNENCODABLE")
            return
        socket = self._commands
        if socket is None or not self._up:
            self._drop(command, "NODE_DOWN")
            return
        try:
            for request in requests:
                socket.ask(request.text, partial(self._replied, request))
        except NotConnectedError as odd:
            log.error("node %s: %s not sent: %s", self.node, type(command).__name__, odd)
            self._drop(command, "NODE_DOWN")
            return
        self.counters.commands += 1
        self._starts.sent(command, self._clock())
        if isinstance(command, c.Ring):
            self._births.asked(uuid_of(command.leg), self._clock())

    def _drop(self, command: c.Command, why: str) -> None:
        self.counters.dropped += 1
        self._tell_failure(command, why)

    def _tell_failure(self, command: c.Command, why: str) -> None:
        event = failure(command, why, self._clock())
        if event is not None:
            self._hand_on(event)

    def _replied(self, request: Request, frame: Frame | None) -> None:
        if frame is None:  # lost on the way: what became of it the next snapshot shows
            return
        answer = frame.data.strip()
        command = request.command
        if not answer.startswith("-"):
            self._expect_effect(command)
            return
        if isinstance(command, c.HangUp) and uuid_of(command.leg) in self._births:
            self._kill(uuid_of(command.leg), self._births.kill_failed(uuid_of(command.leg), command.cause))
            return
        if request.essential:
            self.counters.command_errors += 1
            log.warning("node %s: %s of %s: %.100a", self.node, type(command).__name__, command.leg, answer)
            self._tell_failure(command, answer.removeprefix("-ERR").strip()[:100] or "REFUSED")

    def _expect_effect(self, command: c.Command) -> None:
        if isinstance(command, c.HangUp):
            self._watch.expect("end", uuid_of(command.leg), self._clock())
        elif isinstance(command, c.Bridge):
            self._watch.expect("bridge", uuid_of(command.leg), self._clock())

    def _kill(self, uuid: str, cause: str | None) -> None:
        """Kill a leg again that a kill was too early for."""
        if cause is None:
            return
        self.counters.kills_repeated += 1
        self._ask(c.HangUp(leg=leg_id(self.node, uuid), cause=cause))

    def _ask(self, command: c.Command) -> None:
        """Write what was written before once more. When the connection is lost the next snapshot shows what became of it."""
        if self._commands is not None and self._commands.connected:
            for request in encoded(command, self._dialect):
                self._commands.ask(request.text, partial(self._replied, request))

    # -- reading ----------------------------------------------------------------------------------------------------

    def _on_event(self, frame: Frame) -> None:
        now = self._clock()
        sequence = frame.field("Event-Sequence")
        if sequence and sequence.isdigit() and self._watch.is_duplicate(int(sequence)):
            self.counters.duplicates += 1
            return
        if not self._core_sure and self._learn_core(frame.field("Core-UUID") or ""):
            self.ask_snapshot()
        name = frame.name
        self._follow(name, frame, now)
        event = event_from(frame, self.node, now)
        if event is None or not self._is_news(event, frame):
            self.counters.skipped += 1
        else:
            self._hand_on(event)

    def _is_news(self, event: Event, frame: Frame) -> bool:
        """A phone of which one registration of several has ended is still there."""
        call_id = frame.field("call-id") or ""
        if isinstance(event, PhoneRegistered):
            self._contacts.came(event.phone, call_id)
        return not isinstance(event, PhoneUnregistered) or self._contacts.went(event.phone, call_id)

    def _follow(self, name: str, frame: Frame, now: float) -> None:
        """Keep count of legs, and of those that were to be ended before they were there."""
        if name == "HEARTBEAT":
            self._measure_lag(frame, now)
        elif name == "BACKGROUND_JOB":
            self._job_over(frame.field("Job-UUID") or "", failed=frame.data.startswith("-"))
        elif name.startswith("CHANNEL_"):
            uuid = frame.field("Unique-ID")
            if uuid:
                self._follow_leg(name, uuid, frame, now)

    def _follow_leg(self, name: str, uuid: str, frame: Frame, now: float) -> None:
        if name == "CHANNEL_EXECUTE":
            self._starts.begun(f"{self.node}/{uuid}", frame.field("Application-UUID") or "")
            return
        if name == "CHANNEL_HANGUP_COMPLETE":
            self._starts.ended(f"{self.node}/{uuid}")
            self._watch.died(uuid)
            self._births.over(uuid)
            return
        if name == "CHANNEL_CREATE":
            self._watch.born(uuid)
            if frame.field("Call-Direction") == "inbound":
                self._watch.expect("park", uuid, now)
        elif name == "CHANNEL_ANSWER":
            if frame.field("Call-Direction") == "outbound" and self._known(leg_id(self.node, uuid)):
                self._watch.expect("park", uuid, now)  # those that we asked for park when they answer
        elif name == "CHANNEL_PARK":
            self._watch.saw("park", uuid)
        elif name == "CHANNEL_BRIDGE":
            for each in ("Bridge-A-Unique-ID", "Bridge-B-Unique-ID", "Unique-ID"):
                self._watch.saw("bridge", frame.field(each) or "")
        if self._births:
            self._kill(uuid, self._births.seen(uuid))

    def _job_over(self, uuid: str, *, failed: bool) -> None:
        cause = self._births.over(uuid)
        if not failed:
            self._kill(uuid, cause)

    def _hand_on(self, event: Event) -> None:
        if isinstance(event, PhoneRegistered):
            self._registered_at[event.phone] = event.at
        elif isinstance(event, PhoneUnregistered):
            self._registered_at.pop(event.phone, None)
        if self._held is not None:
            self._held.append(event)
            return
        self.counters.events += 1
        self._post(event)

    def _measure_lag(self, frame: Frame, now: float) -> None:
        stamp = frame.field("Event-Date-Timestamp") or ""
        if stamp.isdigit():
            self.counters.lag_s = max(0.0, now - int(stamp) / 1e6)

    def _learn_core(self, core: str) -> bool:
        """Which run of the switch this is. Returns whether it came up anew since we last knew it."""
        if not _CORE.fullmatch(core):
            return False
        anew = self._core is not None and core != self._core
        self._core, self._core_sure = core, True
        self._restarted = self._restarted or anew
        self.counters.restarts += anew
        return anew

    # -- the life of a node -----------------------------------------------------------------------------------------

    def _live(self) -> None:
        back_off_s = self.config.back_off_s
        while not self._stopping:
            try:
                self._connect()
                self._snapshot()
                back_off_s = self.config.back_off_s
                why = self._serve()
            except ValueError as odd:
                why = f"refused ({odd}); another switch may be listening there, or it has another password than ours"
            except (NotConnectedError, OSError) as odd:
                why = f"{type(odd).__name__}: {odd}"
            except Exception as odd:
                log.exception("node %s: a fault of ours", self.node)
                why = repr(odd)
            self._go_down(why)
            wait_s = self._rng.uniform(back_off_s / 2, back_off_s)
            back_off_s = min(back_off_s * 2, self.config.back_off_most_s)
            self._pause(wait_s)

    def _pause(self, wait_s: float) -> None:
        if not self._stopping:
            self._wake.clear()
            self._wake.wait(wait_s)

    def _socket(self, what: str) -> EventSocket:
        config = self.config
        return EventSocket(
            config.host,
            config.port,
            config.password,
            config.connect_s,
            name=f"node {self.node} {what}",
            reply_s=config.reply_s,
            max_outgoing=config.max_outgoing,
            max_backlog=config.max_backlog,
            counters=self.counters,
        )

    def _connect(self) -> None:
        """Subscribe first, and hold back what arrives until the snapshot has been posted."""
        self._held = []
        self._look_again = True
        self._watch.rebase(())
        self._starts.forget()
        self._watch.forget_sequence()
        self._events, self._commands = self._socket("events"), self._socket("commands")
        for name in EVENTS:
            self._events.register_handle(name, self._on_event)
        for socket in (self._events, self._commands):
            socket.register_handle("DISCONNECT", self._on_disconnect)
            socket.connect()
        self._core_sure = False
        self._learn_core(self._commands.send("api global_getvar core_uuid").data.strip())
        answer = self._events.send(subscription()).data
        if not answer.startswith("+OK"):
            raise NotConnectedError(f"subscription refused: {answer[:100]!a}")
        self.counters.connects += 1
        self.counters.reconnects += self._was_up

    def _on_disconnect(self, frame: Frame) -> None:
        self._wake.set()

    def _serve(self) -> str:
        """Until something is wrong; returns what."""
        while not self._stopping:
            self._wake.clear()
            self._wake.wait(self.config.tick_s)
            wrong = self._wrong()
            if wrong:
                return wrong
            now = self._clock()
            self.counters.backlog = sum(each.backlog for each in self._sockets())
            self._births.tidy(now)
            self._start_again(now)
            self._ping(now)
            self._heal(now)
            if now >= self._snapshot_due_at:
                self._snapshot()
        return "stopped"

    def _sockets(self) -> list[EventSocket]:
        return [each for each in (self._events, self._commands) if each is not None]

    def _wrong(self) -> str | None:
        for socket in self._sockets():
            if socket.lost.is_set():
                return socket.why_lost
            if socket.overdue():
                return f"{socket.name}: no reply in time"
        return None

    def _start_again(self, now: float) -> None:
        for command in self._starts.overdue(now):
            self.counters.starts_repeated += 1
            self._ask(command)

    def _ping(self, now: float) -> None:
        if now - self._pinged_at >= self.config.ping_every_s:
            self._pinged_at = now
            for socket in self._sockets():
                socket.ask(api("status"), self._on_status if socket is self._events else _ignored)

    def _on_status(self, frame: Frame | None) -> None:
        """Asked on the connection of the events, so that what the switch counts has been told to us as events before."""
        found = _SESSIONS.search(frame.data) if frame else None
        if found:
            self._watch.counted(int(found[1]))

    def _heal(self, now: float) -> None:
        missed = self._watch.missed(now)
        if missed and now - self._healed_at >= self.config.heal_every_s:
            self._healed_at = now
            self.counters.gaps += 1
            log.warning("node %s: events were lost (%s)", self.node, missed)
            self._snapshot_due_at = now
            self._look_again = True

    def _go_down(self, why: str) -> None:
        if not self._stopping:
            log.warning("node %s at %s:%d is down: %s", self.node, self.config.host, self.config.port, why)
        was_up, self._up = self._up, False
        self.counters.up = False
        self._close()
        self._held = None
        if was_up and not self._stopping:
            self._hand_on(NodeLost(at=self._clock(), node=self.node))

    def _close(self) -> None:
        for socket in self._sockets():
            socket.stop()
        self._events = self._commands = None

    # -- snapshot ---------------------------------------------------------------------------------------------------

    def _snapshot(self) -> None:
        """Ask what stands, post it, then what arrived meanwhile. Raises when the switch does not answer."""
        if self._held is None:
            self._held = []
        asked_at = self._clock()
        newer = [phone for phone, at in self._registered_at.items() if at >= asked_at - _LIST_LAGS_S]
        lists = snapshot.lists(*self._answers([snapshot.CHANNELS, snapshot.CALLS, snapshot.REGISTRATIONS]))
        unknown = snapshot.to_dump(lists, self.node, self._known)
        dumps: list[str] = []
        for at in range(0, len(unknown), _DUMPED_AT_ONCE):  # between them the commands of calls get their turn
            dumps += self._answers([f"uuid_dump {uuid} json" for uuid in unknown[at : at + _DUMPED_AT_ONCE]])
        event = snapshot.taken(
            lists,
            dict(zip(unknown, map(snapshot.dumped, dumps), strict=True)),
            node=self.node,
            profile=self._dialect.profile,
            at=self._clock(),
            asked_at=asked_at,
            restarted=self._restarted,
            just_registered=newer,
        )
        self._contacts.rebase(lists.registrations or [], newer)
        self._watch.rebase(uuid_of(channel.leg) for channel in event.channels)
        self._restarted = False
        self._up = self._was_up = self.counters.up = True
        self.counters.snapshots += 1
        wait_s = self.config.look_again_s if self._look_again else self.config.snapshot_every_s
        self._snapshot_due_at, self._look_again = self._clock() + wait_s, False
        held, self._held = self._held, None
        for each in (event, *held):
            self._hand_on(each)

    def _answers(self, questions: list[str]) -> list[str]:
        """The answers, in order; all are asked before the first is waited for. Raises NotConnectedError."""
        socket = self._commands
        if socket is None:
            raise NotConnectedError(f"node {self.node}: not connected")
        waiting = []
        for question in questions:
            answer: gevent.event.AsyncResult[Frame | None] = gevent.event.AsyncResult()
            socket.ask(api(question), answer.set, self.config.snapshot_s)
            waiting.append(answer)
        answers = []
        for answer in waiting:
            with gevent.Timeout(self.config.snapshot_s, NoReply(f"{socket.name}: no answer of a snapshot in time")):
                frame = answer.get()
            if frame is None:
                raise NotConnectedError(socket.why_lost)
            answers.append(frame.data)
        return answers

    # -- keeping the switch's sender awake ----------------------------------------------------------------------------

    def _expect(self) -> None:
        if self.config.nudge_for_s > 0:
            self._nudge_until = self._clock() + self.config.nudge_for_s
            self._expecting.set()

    def _keep_awake(self) -> None:
        while not self._stopping:
            if self._clock() >= self._nudge_until:
                self._expecting.clear()
                self._expecting.wait(60.0)
                continue
            if self._events is not None:
                self._events.nudge()
            gevent.sleep(self.config.nudge_every_s)


def _ignored(frame: Frame | None) -> None:
    pass
