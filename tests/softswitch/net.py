"""A network without sockets and a clock without time: two user agents exchange datagrams that a test may lose, hold or repeat."""

from collections import deque
from collections.abc import Callable

from softswitch.sip import Access, Call, UserAgent, sdp
from softswitch.sip.incoming import IncomingCall
from softswitch.sip.registrar import RegistrarLimits
from softswitch.sip.timers import Timers
from softswitch.sip.transactions import Address

OFFER = sdp.offer(host="127.0.0.1", port=40000)
ANSWER = sdp.answer(sdp.read(OFFER), host="127.0.0.1", port=50000)

Rule = Callable[[bytes], bool]


class Wire:
    """The transport of one agent on the net."""

    def __init__(self, net: "Net", host: str, port: int) -> None:
        self.host, self.port = host, port
        self._net = net

    def send(self, datagram: bytes, to: Address) -> None:
        self._net.carry(datagram, (self.host, self.port), to)

    def start(self, receive: Callable[[bytes, Address], None], timers: Timers) -> None: ...
    def wake(self) -> None: ...
    def stop(self) -> None: ...


class Net:
    def __init__(self) -> None:
        self.now = 1000.0
        self.log: list[str] = []
        """First lines of all that was sent, lost ones too."""
        self.sent: list[bytes] = []
        self.lose: Rule = lambda datagram: False
        self._agents: dict[Address, UserAgent] = {}
        self._flying: deque[tuple[bytes, Address, Address]] = deque()

    def agent(
        self, host: str, *, access: Access | None = None, user: str = "someone", limits: RegistrarLimits | None = None
    ) -> UserAgent:
        agent = UserAgent(
            name=host,
            access=access,
            contact_user=user,
            limits=limits,
            clock=lambda: self.now,
            transport=Wire(self, host, 5060),
        )
        self._agents[(host, 5060)] = agent
        return agent

    def carry(self, datagram: bytes, source: Address, to: Address) -> None:
        self.log.append(first_line(datagram))
        self.sent.append(datagram)
        if not self.lose(datagram):
            self._flying.append((datagram, source, to))

    def settle(self) -> None:
        """Delivers until nothing flies any more."""
        while self._flying:
            datagram, source, to = self._flying.popleft()
            if to in self._agents:
                self._agents[to].receive(datagram, source)

    def hold(self) -> list[tuple[bytes, Address, Address]]:
        """Takes what flies out of the air; ``release`` puts it back."""
        held = list(self._flying)
        self._flying.clear()
        return held

    def release(self, held: list[tuple[bytes, Address, Address]]) -> None:
        self._flying.extend(held)

    def inject(self, datagram: bytes, *, source: Address, to: Address) -> None:
        self._flying.append((datagram, source, to))

    def pass_time(self, seconds: float) -> None:
        """Time passes from timer to timer; what they send arrives at once."""
        until = self.now + seconds
        self.settle()
        while True:
            due = [at for agent in self._agents.values() if (at := agent.timers.next_at()) is not None and at <= until]
            if not due:
                break
            self.now = max(self.now, min(due))
            for agent in self._agents.values():
                agent.timers.run()
            self.settle()
        self.now = until

    def count(self, start: str) -> int:
        return sum(line.startswith(start) for line in self.log)


def first_line(datagram: bytes) -> str:
    return datagram.split(b"\r\n", 1)[0].decode()


def lose_first(start: str, times: int = 1) -> Rule:
    """Loses the first so many datagrams whose first line starts so."""
    left = [times]

    def rule(datagram: bytes) -> bool:
        if first_line(datagram).startswith(start) and left[0] > 0:
            left[0] -= 1
            return True
        return False

    return rule


class Story:
    """Everything that a call tells, in order."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.told: list[str] = []
        self.contacts: list[str] = []
        add = self.told.append
        call.on_ringing = lambda: add("ringing")
        call.on_early_media = lambda description: add("early media")
        call.on_answered = lambda description: add("answered")
        call.on_failed = self._failed
        call.on_ended = lambda end: add(f"ended {end.what} {'us' if end.by_us else 'them'} {end.cause}")
        call.on_digit = lambda digit: add(f"digit {digit}")
        call.on_hold = lambda: add("hold")
        call.on_resume = lambda: add("resume")
        call.on_media_changed = lambda description: add(f"media {sdp.read(description).direction}")

    def _failed(self, status: int, reason: str, contacts: object) -> None:
        self.told.append(f"failed {status}")
        self.contacts = list(contacts)  # type: ignore[call-overload]


class Pair:
    """A caller's agent at 10.0.0.1 and a callee's at 10.0.0.2, whose calls and stories are kept."""

    def __init__(self, *, access: Access | None = None, net: Net | None = None) -> None:
        self.net = net or Net()
        self.caller = self.net.agent("10.0.0.1")
        self.callee = self.net.agent("10.0.0.2", access=access)
        self.incoming: list[IncomingCall] = []
        self.stories: list[Story] = []
        self.callee.on_invite = self._take

    def _take(self, call: Call) -> None:
        assert isinstance(call, IncomingCall)
        self.incoming.append(call)
        self.stories.append(Story(call))

    def dial(self, **changes: object) -> Story:
        given: dict[str, object] = {"target": "sip:88@10.0.0.2:5060", "sdp": OFFER, "from_user": "5551"}
        return Story(self.caller.invite(**(given | changes)))  # type: ignore[arg-type]

    def talking(self) -> tuple[Story, Story]:
        """(caller's, callee's story) of an answered call."""
        ours = self.dial()
        self.net.settle()
        self.incoming[0].answer(ANSWER)
        self.net.settle()
        return ours, self.stories[0]
