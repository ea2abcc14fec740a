"""One leg at work: its greenlet, its queue of messages, what it executes and how it ends.

As in FreeSWITCH a leg does one thing at a time; what others want of it (a message, a break, a transfer, a hang-up) is put
down here and taken up by ``pause``, in which every application waits. What a leg does next after a hang-up of its partner,
a transfer or a bridge is a *course*: a function that its greenlet runs.
"""

import logging
import time
import uuid
from collections import deque
from collections.abc import Callable, Mapping, Sequence

import gevent
from gevent.event import Event as Signal

from softswitch import causes
from softswitch.channel import Channel, State
from softswitch.events import Headers
from softswitch.house import Action, House, Message, Pause
from softswitch.inbox import Inbox
from softswitch.leg import Leg

_log = logging.getLogger(__name__)
_LOOK_AGAIN_S = 60.0
_LINGER_S = 0.02
"""As in FreeSWITCH a channel that gave its last account is known for another moment."""
_LAST_WRITE_S = 1.0
"""The end of a recording is told before that of its leg."""
Course = Callable[[], None]


def inline(text: str) -> Sequence[Action]:
    """The dialplan ``inline``: ``app:argument,app``."""
    parts = (part.partition(":") for part in text.split(","))
    return [(name.strip(), argument) for name, _, argument in parts if name.strip()]


class Session:
    def __init__(self, *, channel: Channel, leg: Leg, house: House, clock: Callable[[], float] = time.monotonic) -> None:
        self.channel = channel
        self.leg = leg
        self.house = house
        self.clock = clock
        self.partner: Session | None = None
        self.join: object | None = None
        """The bridge that it was last asked into."""
        self.digits: deque[tuple[str, str]] = deque()
        self.reported = False
        """Its last account (CHANNEL_HANGUP_COMPLETE) was given."""
        self.bound_digits: dict[str, str] = {}
        """Digits that set a variable (``NAME=VALUE``) and are told by that alone."""
        self.detects: set[str] = set()
        """What of machines it listens for."""
        self.on_listening_command: Callable[[str], bool] | None = None
        """While it listens in: takes who is to hear it from now on."""
        self.watchers: list[Callable[[], None]] = []
        """Called whenever something about this leg may have changed."""
        self._inbox = Inbox(self)
        self._signal = Signal()
        self._course: Course | None = None
        self._diverted = False
        self._broken = False
        self._stopped = False
        self._actions: deque[Action] = deque()
        self._greenlet: gevent.Greenlet[..., object] | None = None

    def __repr__(self) -> str:
        return f"<Session {self.channel.name} {self.channel.uuid}>"

    # what others ask of it

    @property
    def ready(self) -> bool:
        return not self.channel.is_down and not self._diverted

    @property
    def broken_off(self) -> bool:
        """Somebody asked to stop all that plays."""
        return self._stopped

    def start(self, course: Course | None = None) -> None:
        self._course = course or self.follow_dialplan
        self._greenlet = gevent.spawn(self._live)
        self._greenlet.name = f"channel {self.channel.uuid}"

    def divert(self, course: Course) -> None:
        """Leave whatever runs at once and do this instead."""
        if not self.channel.is_down:
            self._course, self._diverted = course, True
            self.wake()

    def post(self, message: Message) -> None:
        self._inbox.put(message)
        self.wake()

    def flush_messages(self) -> None:
        self._inbox.clear()

    def break_off(self) -> None:
        """Stop what plays or records now: the innermost, when applications are nested."""
        self._broken = self._stopped = True
        self.wake()

    def begin_anew(self) -> None:
        """Whatever was broken off before, the next application is not."""
        self._stopped = False

    def heed_no_break(self) -> None:
        """A break that came too late for its application does not touch the next."""
        self._broken = False

    def press(self, digit: str, source: str) -> None:
        if digit in self.bound_digits:
            self.tell_set(self.bound_digits[digit])
        elif not self.bound_digits:  # where some are bound the others are nobody's
            self.digits.append((digit, source))
            self.wake()

    def tell_set(self, setting: str) -> None:
        """At once, whatever runs; as if it had executed a ``set``."""
        name, _, value = setting.partition("=")
        self.channel.set(name, value)
        said = [("Application", "set"), ("Application-Data", setting), ("Application-UUID", str(uuid.uuid4()))]
        self.fire("CHANNEL_EXECUTE", said)
        self.fire("CHANNEL_EXECUTE_COMPLETE", [*said, ("Application-Response", "_none_")])

    def command(self, headers: Mapping[str, str]) -> None:
        """An event that was sent to this leg; only whoever listens in has a use for one."""
        told = headers.get("eavesdrop-command")
        if told and self.on_listening_command is not None:
            self.on_listening_command(told)
            self.wake()

    def wake(self) -> None:
        self._signal.set()
        for watcher in tuple(self.watchers):
            watcher()

    def hang_up(self, cause: str) -> None:
        """Once; later causes are not heard."""
        if self.channel.is_down:
            return
        self.channel.state = State.CS_HANGUP
        self.channel.hangup_cause = cause
        if self.partner is not None:
            self.partner.channel.set("last_bridge_hangup_cause", cause)
        self.fire("CHANNEL_HANGUP")
        if self.partner is not None:
            self.partner.wake()
        self.wake()

    # what it does

    def fire(self, name: str, extra: Headers = (), *, first: Headers = ()) -> None:
        self.house.fire(name, [*first, *self.channel.headers(name), *extra])

    def now_us(self) -> int:
        return int(time.time() * 1_000_000)

    def execute(self, name: str, argument: str, *, app_uuid: str = "", app_name: str = "") -> None:
        """Run one application with its events around it. What nobody knows ends the call, as in FreeSWITCH."""
        application = self.house.application(name)
        if application is None:
            _log.error("%r: no such application: %s", self, name)
            self.hang_up("DESTINATION_OUT_OF_ORDER")
            return
        if self.house.needs_media(name):
            self.leg.progress()
        channel = self.channel
        channel.application, channel.application_data = name, argument
        channel.set("current_application", name)
        channel.set("current_application_data", argument)
        channel.set("current_application_response", None)
        said = [("Application", name), *([("Application-Data", argument)] if argument else [])]
        marks = [("Application-UUID", app_uuid or str(uuid.uuid4()))]
        if app_name:
            marks.append(("Application-UUID-Name", app_name))
        self.fire("CHANNEL_EXECUTE", [*said, *marks])
        self._broken = False
        response = application(self, argument)
        if response is not None:
            channel.set("current_application_response", response)
        answer = ("Application-Response", channel.variables.get("current_application_response", "_none_"))
        self.fire("CHANNEL_EXECUTE_COMPLETE", [*said, answer, *marks])

    def pause(
        self,
        *,
        until: float | None = None,
        done: Callable[[], bool] | None = None,
        on_digit: Callable[[str], bool] | None = None,
        breakable: bool = True,
        after_message: Callable[[], None] | None = None,
        deaf: bool = False,
    ) -> Pause:
        """Wait, and meanwhile take up messages and digits. ``until`` is an instant of ``clock``; ``on_digit`` says whether
        the digit ends the wait; ``after_message`` is called when a nested application may have disturbed the media;
        ``deaf``: messages wait, and digits too unless somebody asked for them."""
        while True:
            if not self.ready:
                return Pause.GONE
            if self._broken and breakable:
                self._broken = False
                return Pause.BROKEN
            if (on_digit is not None or not deaf) and self._hear_digits(on_digit):
                return Pause.BROKEN
            if not deaf and self._inbox.take_one():
                if after_message is not None and self.ready:
                    after_message()
                continue
            if done is not None and done():
                return Pause.DONE
            left = _LOOK_AGAIN_S if until is None else until - self.clock()
            if left <= 0:
                return Pause.TIMED_OUT
            self._signal.wait(min(left, _LOOK_AGAIN_S))
            self._signal.clear()

    def rest(self, done: Callable[[], bool], at_most_s: float) -> None:
        """Wait for somebody else's last word, even when hung up."""
        until = self.clock() + at_most_s
        while not done() and (left := until - self.clock()) > 0:
            self._signal.wait(left)
            self._signal.clear()

    def follow_dialplan(self) -> None:
        self.enter(State.CS_ROUTING)
        profile = self.channel.profile
        actions = inline(profile.destination_number) if profile.dialplan == "inline" else self.house.route(self.channel)
        if actions is None:
            self.hang_up("NO_ROUTE_DESTINATION")
            return
        self.carry_out(actions)

    def carry_out(self, actions: Sequence[Action]) -> None:
        self._actions = deque(actions)
        self.go_on()

    def go_on(self) -> None:
        """The rest of what the dialplan said; after the last instruction the call ends."""
        self.enter(State.CS_EXECUTE)
        while self._actions and self.ready:
            self.execute(*self._actions.popleft())
        if self.ready:
            self.hang_up("NORMAL_CLEARING")

    def park(self) -> None:
        """Stand still and be commanded. Unanswered stays unanswered."""
        self.fire("CHANNEL_PARK")
        while self.pause(breakable=False) is not Pause.GONE:
            pass
        self.fire("CHANNEL_UNPARK")

    def park_alone(self) -> None:
        """Parked by itself, not by the dialplan (after a bridge)."""
        self._actions.clear()
        self.enter(State.CS_PARK)
        self.park()

    def stand_by(self) -> None:
        """An outgoing leg until somebody takes it on."""
        self.enter(State.CS_CONSUME_MEDIA)
        while self.pause(breakable=False) is not Pause.GONE:
            pass

    def transfer(self, destination: str, *, dialplan: str = "XML", context: str = "") -> None:
        if self.channel.is_down:
            return
        self.channel.profile = self.channel.profile.routed(
            destination=destination, context=context, dialplan=dialplan, at_us=self.now_us()
        )
        self.divert(self.follow_dialplan)

    def transfer_to(self, text: str) -> None:
        """``EXTENSION[:DIALPLAN[:CONTEXT]]``, as in transfer_after_bridge."""
        destination, _, rest = text.partition(":")
        dialplan, _, context = rest.partition(":")
        self.transfer(destination, dialplan=dialplan or "XML", context=context)

    # its life

    def enter(self, state: State) -> None:
        if not self.channel.is_down:
            self.channel.state = self.channel.running_state = state

    def _hear_digits(self, on_digit: Callable[[str], bool] | None) -> bool:
        while self.digits:
            digit, source = self.digits.popleft()
            told = (("DTMF-Digit", digit), ("DTMF-Duration", "1280"), ("DTMF-Source", source))
            self.fire("DTMF", told)
            if on_digit is not None and on_digit(digit):
                return True
        return False

    def _live(self) -> None:
        try:
            while self._course is not None and not self.channel.is_down:
                course, self._course, self._diverted = self._course, None, False
                course()
            self.hang_up("NORMAL_CLEARING")
        except Exception:
            _log.exception("%r died", self)
            self.hang_up("DESTINATION_OUT_OF_ORDER")
        finally:
            self._end()

    def _end(self) -> None:
        channel = self.channel
        self.leg.end(channel.hangup_cause)
        self.rest(lambda: not self.leg.background_records, _LAST_WRITE_S)
        channel.profile.times.hungup = self.now_us()
        channel.set("hangup_cause", channel.hangup_cause)
        channel.set("hangup_cause_q850", str(causes.q850(channel.hangup_cause)))
        channel.call_state = "HANGUP"
        channel.running_state = State.CS_HANGUP
        self._set_times()
        channel.state = channel.running_state = State.CS_REPORTING
        self.fire("CHANNEL_HANGUP_COMPLETE")
        self.reported = True
        self.wake()
        channel.state = channel.running_state = State.CS_DESTROY
        gevent.sleep(_LINGER_S)
        self.house.forget(self)
        self.fire("CHANNEL_DESTROY")

    def _set_times(self) -> None:
        times, channel = self.channel.profile.times, self.channel
        for name, at_us in (("start", times.created), ("answer", times.answered), ("end", times.hungup)):
            channel.set(f"{name}_epoch", str(at_us // 1_000_000))
            channel.set(f"{name}_uepoch", str(at_us))
        channel.set("duration", str((times.hungup - times.created) // 1_000_000))
        channel.set("billsec", str((times.hungup - times.answered) // 1_000_000 if times.answered else 0))
