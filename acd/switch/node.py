"""One switch: connect, authenticate, subscribe, read, write, reconnect.

Two connections, because an ``api`` call holds back the events of its own: one for events, one for commands. What is
read becomes events of ours and is posted; what is sent is written and nobody waits for the answer. It decides
nothing about calls. One greenlet keeps the node alive; it alone waits (with deadlines) for answers, those of a
snapshot (look.py).
"""

import contextlib
import logging
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import gevent
from gevent.event import Event as Signal
from greenswitch.esl import NotConnectedError

from acd.core.commands import Command
from acd.core.events import CallArrived, ChannelSeen, Event, NodeLost, SnapshotTaken
from acd.switch.awake import Awake
from acd.switch.commands_to import Dialect, api, ears_asked, has_ear, lasts
from acd.switch.counters import Counters
from acd.switch.esl import EventSocket
from acd.switch.events_from import EVENTS, event_from, subscription
from acd.switch.legs import Legs
from acd.switch.look import Look
from acd.switch.node_config import NodeConfig, connection
from acd.switch.run import Ask, Run, recovered, standing
from acd.switch.sending import Sending
from acd.switch.wire import Frame
from acd.words import LegId, MachineTone, NodeId

log = logging.getLogger(__name__)

_SESSIONS = re.compile(r"^(\d+) session\(s\) - peak", re.MULTILINE)


def nobody(leg: LegId) -> bool:
    return False


def nothing(ask: Ask) -> None:
    pass


def always() -> bool:
    return True


class Node:
    """``post`` gets our events and must not block. ``clock`` is the time that events carry. ``known``: legs that need no dump.
    ``first`` is called with every new connection, before we look at what stands. ``may_send``: whether the switch is ours now; while
    it is not nothing is written on the connection of the commands.
    """

    def __init__(
        self,
        config: NodeConfig,
        dialect: Dialect,
        post: Callable[[Event], None],
        clock: Callable[[], float],
        *,
        counters: Counters | None = None,
        known: Callable[[LegId], bool] = nobody,
        first: Callable[[Ask], None] = nothing,
        may_send: Callable[[], bool] = always,
        rng: random.Random | None = None,
    ) -> None:
        self.config = config
        self.counters = counters or Counters()
        self._post, self._clock, self._known, self._first = post, clock, known, first
        self._may_send = may_send
        self._rng = rng or random.Random()
        self._events: EventSocket | None = None
        self._commands: EventSocket | None = None
        self._held: list[Event] | None = None
        self._look = Look(config.node, dialect.profile, lambda leg: self._known(leg), clock, answer_s=config.snapshot_s)
        self._legs = Legs(
            config.node,
            ours=lambda leg: self._known(leg),
            lasts=lambda play: lasts(play, dialect),
            kill=lambda command: self._sending.kill_again(command),
        )
        self._sending = Sending(config.node, dialect, self._legs, self._hand_on, clock, self.counters)
        self._awake = Awake(self._nudge, clock, every_s=config.nudge_every_s, for_s=config.nudge_for_s)
        self._run = Run(counters=self.counters)
        self._up = False
        self._was_up = False
        self._stopping = False
        self._snapshot_due_at = 0.0
        self._look_again = True
        self._healed_at = float("-inf")
        self._pinged_at = float("-inf")
        self._wake = Signal()
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
        self._spawn("live", self._live)
        self._spawn("keep_awake", self._awake.run)

    def _spawn(self, what: str, run: Callable[[], None]) -> None:
        greenlet: gevent.Greenlet[..., None] = gevent.Greenlet(run)
        greenlet.name = f"node {self.node} {what}"
        greenlet.link_exception(partial(self._hear_death, what, run))
        self._greenlets.append(greenlet)
        greenlet.start()

    def _hear_death(self, what: str, run: Callable[[], None], greenlet: "gevent.Greenlet[..., None]") -> None:
        """A fault of ours that nothing foresaw: say so, and go on with a new greenlet."""
        log.critical("%s died: %r", greenlet.name, greenlet.exception)
        self._greenlets.remove(greenlet)
        if not self._stopping:
            self._spawn(what, run)

    def stop(self, timeout: float = 1.0) -> None:
        """Write what is queued, then close. Calls stay up: nothing on the switch depends on us."""
        if self._commands is not None and self._commands.connected:
            self._commands.flush(timeout)
        self._stopping = True
        self._wake.set()
        self._awake.stop()
        others = [each for each in self._greenlets if each is not gevent.getcurrent()]
        gevent.joinall(others, timeout=timeout)
        gevent.killall([each for each in others if not each.dead], timeout=timeout)
        self._close()

    def send(self, commands: Sequence[Command]) -> None:
        """Queue these for writing, in order. Never blocks; what goes wrong comes back as an event."""
        for command in commands:
            self._sending.send(command, up=self._up)
        self._awake.expect()

    def ask_snapshot(self) -> None:
        self._snapshot_due_at = float("-inf")
        self._wake.set()

    # -- reading ----------------------------------------------------------------------------------------------------

    def _on_event(self, frame: Frame) -> None:
        now = self._clock()
        sequence = frame.field("Event-Sequence")
        if sequence and sequence.isdigit() and self._legs.watch.is_duplicate(int(sequence)):
            self.counters.duplicates += 1
            return
        if not self._run.is_sure and self._run.learn(frame.field("Core-UUID") or ""):
            self.ask_snapshot()
        if frame.name == "HEARTBEAT":
            self._measure_lag(frame, now)
        self._legs.follow(frame.name, frame, now)
        event = event_from(frame, self.node, now)
        news = self._look.news(event, frame) if event is not None else None
        if news is None:
            self.counters.skipped += 1
        else:
            self._hand_on(news)

    def _hand_on(self, event: Event) -> None:
        if self._held is not None:
            self._held.append(event)
            return
        self.counters.events += 1
        self._post(event)

    def _measure_lag(self, frame: Frame, now: float) -> None:
        stamp = frame.field("Event-Date-Timestamp") or ""
        if stamp.isdigit():
            self.counters.lag_s = max(0.0, now - int(stamp) / 1e6)

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

    def _connect(self) -> None:
        """Subscribe first, and hold back what arrives until the snapshot has been posted."""
        self._await_ownership()
        self._held = []
        self._look_again = True
        self._legs.reconnected()
        self._events = connection(self.config, "events", self.counters)
        self._commands = connection(self.config, "commands", self.counters, may_write=self._may_send)
        self._sending.through(commands=self._commands, events=self._events)
        for name in EVENTS:
            self._events.register_handle(name, self._on_event)
        for socket in (self._events, self._commands):
            socket.register_handle("DISCONNECT", self._on_disconnect)
            socket.connect()
        anew = self._run.ask(self._answer)
        answer = self._events.send(subscription()).data
        if not answer.startswith("+OK"):
            raise NotConnectedError(f"subscription refused: {answer[:100]!a}")
        self._ask_ears()
        self._first(self._answer)
        if anew:
            self._await_recovered()
        self.counters.connects += 1
        self.counters.reconnects += self._was_up

    def _ask_ears(self) -> None:
        """For which tones of machines it has an ear."""
        asked = ears_asked().items()
        self._sending.found_ears(frozenset(tone for tone, question in asked if has_ear(tone, self._answer(question))))

    def _await_ownership(self) -> None:
        """Soon after a switch came up anew it is ours again; one that is another's is tried again later."""
        late = NotConnectedError(f"node {self.node}: not ours now")
        with gevent.Timeout(self.config.connect_s, late):
            while not self._may_send():
                if self._stopping:
                    raise late
                gevent.sleep(self.config.tick_s / 4)

    def _answer(self, text: str) -> str:
        if self._commands is None:
            raise NotConnectedError(f"node {self.node}: not connected")
        return self._commands.send(f"api {text}").data

    def _await_recovered(self) -> None:
        """Before what does not stand is taken for ended, what can be brought back gets its time."""
        legs = recovered(self._answer)
        log.warning("node %s came up anew and brings %d legs back", self.node, legs)
        with contextlib.suppress(gevent.Timeout), gevent.Timeout(self.config.recover_s):
            while len(standing(self._held or ())) < legs:
                gevent.sleep(self.config.tick_s)

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
            self._legs.births.tidy(now)
            self._sending.again(now)
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

    def _ping(self, now: float) -> None:
        if now - self._pinged_at >= self.config.ping_every_s:
            self._pinged_at = now
            for socket in self._sockets():
                socket.ask(api("status"), self._on_status if socket is self._events else _ignored)

    def _on_status(self, frame: Frame | None) -> None:
        """Asked on the connection of the events, so that what the switch counts has been told to us as events before."""
        found = _SESSIONS.search(frame.data) if frame else None
        if found:
            self._legs.watch.counted(int(found[1]))

    def _heal(self, now: float) -> None:
        missed = self._legs.watch.missed(now)
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

    def _snapshot(self) -> None:
        """Look, post what stands, then what arrived meanwhile. Raises when the switch does not answer."""
        if self._commands is None:
            raise NotConnectedError(f"node {self.node}: not connected")
        if self._held is None:
            self._held = []
        event, coming = self._without_those_coming(self._look.take(self._commands, restarted=self._run.is_new))
        self._legs.rebase({*coming, *(channel.leg for channel in event.channels)}, coming)
        if len(self._sending.hears) < len(MachineTone):
            self._ask_ears()  # a switch that has just come up writes its list behind
        self._run.is_new = False
        self._up = self._was_up = self.counters.up = True
        self.counters.snapshots += 1
        wait_s = self.config.look_again_s if self._look_again else self.config.snapshot_every_s
        self._snapshot_due_at, self._look_again = self._clock() + wait_s, False
        held, self._held = self._held, None
        for each in (event, *held):
            self._hand_on(each)

    def _without_those_coming(self, taken: SnapshotTaken) -> tuple[SnapshotTaken, set[LegId]]:
        """Legs that came while we looked are told by their own events, which wait, or are on their way: nothing was missed.

        On a new connection only what has begun to come since: what was there before will not be told again.
        """
        arrived = {event.leg for event in self._held or () if isinstance(event, CallArrived)}
        coming = {
            channel.leg
            for channel in taken.channels
            if channel.inbound and not self._known(channel.leg) and self._is_coming(channel, arrived)
        }
        return replace(taken, channels=tuple(each for each in taken.channels if each.leg not in coming)), coming

    def _is_coming(self, channel: ChannelSeen, arrived: set[LegId]) -> bool:
        born_at = channel.born_at if self._up else None
        return channel.leg in arrived or self._legs.is_coming(channel.leg, born_at, self._clock())

    def _nudge(self) -> None:
        if self._events is not None:
            self._events.nudge()


def _ignored(frame: Frame | None) -> None:
    pass
