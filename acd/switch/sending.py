"""Commands on their way to one switch: encoded, written in order, and what is answered to them.

Nobody waits for an answer. What goes wrong comes back as an event; what must be asked again (legs.py says what) is.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from greenswitch.esl import NotConnectedError

from acd.core.commands import Bridge, CallOut, Command, HangUp
from acd.core.events import Event
from acd.switch import snapshot
from acd.switch.commands_to import Dialect, Request, api, encoded, failure, says_gone
from acd.switch.counters import Counters
from acd.switch.encode import Unencodable
from acd.switch.ends import Ending
from acd.switch.esl import EventSocket
from acd.switch.events_from import end_missed
from acd.switch.legs import Legs
from acd.switch.wire import Frame
from acd.words import MachineTone, NodeId, uuid_of

log = logging.getLogger(__name__)


class Sending:
    """``hand_on`` takes the events that become of answers."""

    def __init__(
        self,
        node: NodeId,
        dialect: Dialect,
        legs: Legs,
        hand_on: Callable[[Event], None],
        clock: Callable[[], float],
        counters: Counters,
    ) -> None:
        self._node, self._dialect, self._legs = node, dialect, legs
        self._hand_on, self._clock, self._counters = hand_on, clock, counters
        self._warned_of: frozenset[MachineTone] = frozenset(MachineTone)
        self._commands: EventSocket | None = None
        self._events: EventSocket | None = None

    def through(self, *, commands: EventSocket, events: EventSocket) -> None:
        """The connections from now on."""
        self._commands, self._events = commands, events

    @property
    def hears(self) -> frozenset[MachineTone]:
        return self._dialect.hears

    def found_ears(self, hears: frozenset[MachineTone]) -> None:
        """The tones of machines that the switch at the other end hears."""
        self._dialect = replace(self._dialect, hears=hears)
        self._counters.hears_beeps = MachineTone.BEEP in hears

    def _warn(self) -> None:
        """Once for what is missing; the calls go on."""
        self._counters.beeps_unheard += MachineTone.BEEP not in self.hears
        if self._warned_of == self.hears:
            return
        self._warned_of = self.hears
        if MachineTone.BEEP not in self.hears:
            log.warning("node %s has no mod_avmd: the beep of an answering machine is not heard (docs/FREESWITCH.md)", self._node)
        if MachineTone.FAX not in self.hears:
            log.warning("node %s may not detect tones: write its configuration anew, or faxes are not heard", self._node)

    def send(self, command: Command, *, up: bool) -> None:
        """Queue it for writing. Never blocks."""
        try:
            requests = encoded(command, self._dialect)
        except (Unencodable, LookupError, OSError) as odd:
            self._counters.unencodable += 1
            log.error("node %s: %s not sent: %s", self._node, type(command).__name__, odd)
            self._tell_failure(command, "UNENCODABLE")
            return
        if self._commands is None or not up:
            self._drop(command)
            return
        try:
            self._write(self._commands, requests)
        except NotConnectedError as odd:
            log.error("node %s: %s not sent: %s", self._node, type(command).__name__, odd)
            self._drop(command)
            return
        if isinstance(command, CallOut) and command.detect_s:
            self._warn()
        self._counters.commands += 1
        self._legs.sent(command, self._clock())

    def kill_again(self, command: HangUp) -> None:
        """A leg whose first kill came before it was there."""
        self._counters.kills_repeated += 1
        self._ask_again(command)

    def again(self, now: float) -> None:
        """Ask for what has not begun; ask about what should have ended."""
        for start in self._legs.starts.overdue(now):
            self._counters.starts_repeated += 1
            self._ask_again(start)
        for end in self._legs.ends.overdue(now):
            self._ask_about(end)

    def _write(self, socket: EventSocket, requests: list[Request]) -> None:
        for request in requests:
            socket.ask(request.text, partial(self._replied, request))

    def _ask_again(self, command: Command) -> None:
        """Write what was written before once more. When the connection is lost the next snapshot shows what became of it."""
        if self._commands is not None and self._commands.connected:
            self._write(self._commands, encoded(command, self._dialect))

    # -- what is answered ---

    def _replied(self, request: Request, frame: Frame | None) -> None:
        if frame is None:  # lost on the way: what became of it the next snapshot shows
            return
        answer, command = frame.data.strip(), request.command
        if not answer.startswith("-"):
            self._legs.accepted(command, self._clock())
        elif request.essential and not self._legs.killed_too_early(command):
            self._refused(command, answer)

    def _refused(self, command: Command, answer: str) -> None:
        if not says_gone(answer):
            self._counters.command_errors += 1
            log.warning("node %s: %s of %s: %.100a", self._node, type(command).__name__, command.leg, answer)
        elif not isinstance(command, Bridge):  # of two, nobody says which
            self._legs.found_gone(command.leg, self._clock())
        self._tell_failure(command, answer.removeprefix("-ERR").strip()[:100] or "REFUSED")

    def _drop(self, command: Command) -> None:
        self._counters.dropped += 1
        self._tell_failure(command, "NODE_DOWN")

    def _tell_failure(self, command: Command, why: str) -> None:
        event = failure(command, why, self._clock())
        if event is not None:
            self._hand_on(event)

    # -- ends that were not told ---

    def _ask_about(self, command: Ending) -> None:
        """On the connection of the events: an end that is on its way is heard before the answer."""
        if self._events is not None and self._events.connected:
            self._events.ask(api(snapshot.dump(uuid_of(command.leg))), partial(self._on_dump, command))

    def _on_dump(self, command: Ending, frame: Frame | None) -> None:
        if frame is None or not self._legs.ends.awaits(command):
            return
        if says_gone(frame.data):
            self._legs.found_gone(command.leg, self._clock())
            return
        ended = end_missed(snapshot.dumped(frame.data) or {}, command.leg, command.play, self._clock())
        if ended is not None:
            self._counters.ends_found += 1
            self._legs.ends.ended(command.leg, command.play)
            self._hand_on(ended)
