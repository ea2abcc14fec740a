"""Asks one switch whose it is, again and again, on a connection of its own: what calls send must not hold it up. Decides nothing."""

import logging
import math
import time
from collections.abc import Callable
from enum import Enum, auto

import gevent
from gevent.event import AsyncResult
from gevent.event import Event as Signal
from greenswitch.esl import NotConnectedError

from acd.owner.lease import Lease, Question
from acd.owner.token import VARIABLE
from acd.switch.commands_to import api
from acd.switch.esl import EventSocket, NoReply
from acd.switch.node_config import NodeConfig, connection
from acd.switch.wire import Frame
from acd.words import NodeId

log = logging.getLogger(__name__)

RENEW_SHARE, LOOK_SHARE, ANSWER_SHARE = 0.2, 0.1, 0.25
"""Of a lease: how often an owner renews it, how often it is looked at, how long an answer may take."""
RETRY_S = 0.5
NOTHING = "-ERR no reply"
"""What a switch answers when the variable is not set."""


def boot_clock() -> float:
    """Goes on while this process is stopped and while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Wish(Enum):
    WAIT = auto()
    TAKE = auto()
    RELEASE = auto()


class Keeper:
    """``wish`` is asked before each question; ``told`` is called after each answer and each time the switch cannot be reached."""

    def __init__(
        self,
        config: NodeConfig,
        lease: Lease,
        *,
        wish: Callable[["Keeper"], Wish],
        told: Callable[["Keeper"], None],
        clock: Callable[[], float] = boot_clock,
    ) -> None:
        self.config, self.lease = config, lease
        self._wish, self._told, self._clock = wish, told, clock
        self.reachable = False
        self.tried = False
        self.why = ""
        """Why it cannot be reached."""
        self._write_by = math.inf
        self._hurry = Signal()
        self._failures = 0
        self._stopping = False

    @property
    def node(self) -> NodeId:
        return self.config.node

    def may_send(self) -> bool:
        return self.lease.may_send(self._clock())

    def hurry(self) -> None:
        """Ask now."""
        self._hurry.set()

    def stop(self) -> None:
        self._stopping = True
        self._hurry.set()

    def run(self) -> None:
        """Until it is stopped; for a greenlet of its own. What it owns then is released."""
        while True:
            socket: EventSocket | None = None
            try:
                socket = connection(self.config, "lease", may_write=lambda: self._clock() <= self._write_by)
                socket.register_handle("DISCONNECT", self._cut)
                socket.connect()
                self._serve(socket)
                return
            except (NotConnectedError, OSError, ValueError) as odd:
                self._unreachable(str(odd) or type(odd).__name__)
            finally:
                if socket is not None:
                    socket.stop()
            if self._stopping:
                return
            gevent.sleep(RETRY_S if self._failures > 1 else RETRY_S / 10)

    def _serve(self, socket: EventSocket) -> None:
        while True:
            wish = Wish.RELEASE if self._stopping else self._wish(self)
            now = self._clock()
            if wish is Wish.RELEASE:
                self.lease, question = self.lease.release(now)
            else:
                self.lease, question = self.lease.next(now, take=wish is Wish.TAKE)
            value = self._ask(socket, question)
            self.lease = self.lease.heard(question, value, self._clock())
            self.reachable, self.tried, self.why, self._failures = True, True, "", 0
            self._told(self)
            if self._stopping and not self.lease.held:
                return
            self._hurry.clear()
            if not self._stopping and not socket.lost.is_set():
                self._hurry.wait(self._pause_s())

    def _pause_s(self) -> float:
        lease = self.lease
        if lease.held:
            return lease.lease_s * RENEW_SHARE
        if self._wish(self) is Wish.TAKE:
            return lease.claim_s / 10 if lease.seen else 0.0  # a claim must stand a while; all else is asked for at once
        return lease.lease_s * LOOK_SHARE

    def _ask(self, socket: EventSocket, question: Question) -> str:
        """Raises NotConnectedError, NoReply, OSError when the switch does not do it."""
        wait_s = self.lease.lease_s * ANSWER_SHARE
        answer: AsyncResult[Frame | None] = AsyncResult()
        put: AsyncResult[Frame | None] = AsyncResult()
        self._write_by = question.by
        if question.put:
            text = f"global_setvar {VARIABLE}={question.put}"
            socket.ask(api(f"{text}={question.expected}" if question.expected else text), put.set, wait_s)
        socket.ask(api(f"global_getvar {VARIABLE}"), answer.set, wait_s)
        with gevent.Timeout(wait_s, NoReply(f"{socket.name}: no answer in time")):
            frame = answer.get()
        self._write_by = math.inf
        done = put.get() if question.put else None
        if frame is None or (question.put and done is None):
            raise NotConnectedError(socket.why_lost)
        if done is not None and not done.data.startswith("+OK"):
            raise OSError(f"the switch refuses global_setvar ({done.data.strip()[:80]!a}); docs/FREESWITCH.md, 'Two controllers'")
        said = frame.data.strip()
        if said.startswith("-") and said != NOTHING:
            raise OSError(f"the switch refuses global_getvar ({said[:80]!a}); docs/FREESWITCH.md, 'Two controllers'")
        return "" if said == NOTHING else said

    def _cut(self, frame: Frame) -> None:
        """At once, not when it is next asked: the connections of the calls may be back before."""
        self.lease = self.lease.cut()
        self._hurry.set()

    def _unreachable(self, why: str) -> None:
        if why != self.why and not self._stopping:
            log.warning("node %s: whose it is cannot be asked: %s", self.node, why)
        self._write_by = math.inf
        self._failures += 1
        self.lease = self.lease.cut()
        self.reachable, self.tried, self.why = False, True, why
        self._told(self)
