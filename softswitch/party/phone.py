"""A virtual SIP phone over real UDP: registers, takes calls in its manner, makes calls. Works against any SIP
server."""

import random
from collections.abc import Callable

from gevent.event import Event
from gevent.queue import Empty, Queue

from softswitch.media import MediaEngine
from softswitch.media.spawn import Died
from softswitch.party.line import Line
from softswitch.party.script import Manner
from softswitch.sip import Call, Credentials, UserAgent
from softswitch.sip.incoming import IncomingCall
from softswitch.sip.registering import Registering
from softswitch.sip.transactions import Address

MAX_LINES = 4
BREATH_S = 10.0
"""Who has nothing to say sends a packet so often: less than any switch waits, and no load."""


class Phone:
    """``engine`` may be shared by many phones of one process; ``domain`` when the server wants another than its
    address; ``port`` is where it listens, any when 0 (who registers with nobody is called there); ``rng`` draws talk
    times; ``tell`` hears (who, what happened)."""

    def __init__(
        self,
        *,
        user: str,
        password: str = "",
        server: Address,
        engine: MediaEngine,
        manner: Manner | None = None,
        rng: random.Random | None = None,
        name: str = "",
        domain: str = "",
        expires_s: int = 300,
        port: int = 0,
        tell: Callable[[str, str], None] = lambda who, what: None,
        on_died: Died | None = None,
    ) -> None:
        self.user = user
        self.server = server
        self.manner = manner or Manner()
        self.lines: list[Line] = []
        """All calls since the start, oldest first; the newest hundred."""
        self.agent = UserAgent(
            name=f"phone {user}",
            host=engine.host,
            port=port,
            contact_user=user,
            product="softswitch party",
            on_died=on_died,
        )
        self.agent.on_invite = self._rings
        self._name = name
        self._domain = domain or f"{server[0]}:{server[1]}"
        self._credentials = Credentials(user=user, password=password)
        self._engine = engine
        self._rng = rng or random.Random()
        self._tell = tell
        self._came: Queue[Line] = Queue()
        self._register_result: int | None = None
        self._register_done = Event()
        self._registering = Registering(self.agent, server=server, credentials=self._credentials, expires_s=expires_s, domain=domain)
        self._registering.on_registered = lambda: self._registered(200)
        self._registering.on_unregistered = lambda: self._registered(200)
        self._registering.on_refused = self._registered

    def start(self) -> None:
        self.agent.start()

    def stop(self) -> None:
        """Hangs up everything, then closes. The server is told nothing about the registration: use ``unregister``
        for that."""
        self._registering.stop()
        for line in self.lines:
            line.hang_up()
            line.media.close()
        self.agent.stop()

    def register(self, *, timeout_s: float = 5.0) -> int:
        """The final status of the REGISTER: 200, 403 (wrong password is 401), 408 when nobody answers."""
        return self._ask(self._registering.register, timeout_s)

    def unregister(self, *, timeout_s: float = 5.0) -> int:
        return self._ask(self._registering.unregister, timeout_s)

    def dial(self, number: str) -> Line:
        """Calls ``number`` at the server. Raises ValueError for what cannot stand in a SIP URI."""
        line = self._line()
        call = self.agent.invite(
            target=f"sip:{number}@{self._domain}",
            sdp=line.offer(),
            from_user=self.user,
            from_name=self._name,
            credentials=self._credentials,
            send_to=self.server,
        )
        line.take(call)
        self._keep(line)
        return line

    def wait_call(self, *, timeout_s: float = 5.0) -> Line:
        """The next call that came in. Raises TimeoutError."""
        try:
            return self._came.get(timeout=timeout_s)
        except Empty:
            raise TimeoutError(f"phone {self.user}: no call within {timeout_s} s") from None

    # -- inside

    def _ask(self, ask: Callable[[], None], timeout_s: float) -> int:
        self._register_done.clear()
        ask()
        return (self._register_result or 408) if self._register_done.wait(timeout_s) else 408

    def _registered(self, status: int) -> None:
        self._register_result = status
        self._register_done.set()
        self._tell(self.user, f"registration: {status}")

    def _line(self) -> Line:
        return Line(self._engine.session(), name=self.user, tell=self._tell)

    def _keep(self, line: Line) -> None:
        self.lines.append(line)
        self._breathe(line)
        if len(self.lines) > 100:
            self.lines = [one for one in self.lines if not one.ended.is_set()][-100:]

    def _breathe(self, line: Line) -> None:
        line.breathe()
        if not line.ended.is_set():
            self.agent.timers.after(BREATH_S, lambda: self._breathe(line))

    def _rings(self, call: Call) -> None:
        assert isinstance(call, IncomingCall)
        if sum(not one.ended.is_set() for one in self.lines) >= MAX_LINES:
            call.reject(486)
            return
        line = self._line()
        line.take(call)
        self._keep(line)
        call.ring()
        line.ringing.set()
        self._tell(self.user, f"call from {call.caller_user}")
        self._behave(call, line)
        self._came.put(line)

    def _behave(self, call: IncomingCall, line: Line) -> None:
        manner = self.manner
        after = self.agent.timers.after
        line.on_answered = lambda: self._talk(line)
        if manner.early_media:
            line.early_media()
        if manner.decline is not None:
            status = manner.decline
            after(manner.answer_after_s or 0.0, lambda: call.reject(status))
        elif manner.answer_after_s is not None:
            after(manner.answer_after_s, line.answer)

    def _talk(self, line: Line) -> None:
        if self.manner.says:
            line.speak_tone(self.manner.says)
        if self.manner.talk_s is not None:
            self.agent.timers.after(self._rng.uniform(*self.manner.talk_s), line.hang_up)
