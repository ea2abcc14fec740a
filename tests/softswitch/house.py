"""A whole switch on free ports with phones, for tests: one line to have a caller parked or an agent registered."""

import contextlib
import wave
from collections.abc import Iterator
from pathlib import Path

from softswitch.media import MediaEngine
from softswitch.party.line import Line
from softswitch.party.phone import Phone
from softswitch.party.script import Manner
from softswitch.settings import Address, Settings
from softswitch.switch import Switch
from tests.softswitch.esl_client import PASSWORD, EslClient

DOMAIN = "cc.test"
SECRET = "secret-of-the-phone"
ALL = (
    "event plain CHANNEL_CREATE CHANNEL_PROGRESS CHANNEL_PROGRESS_MEDIA CHANNEL_ANSWER CHANNEL_PARK CHANNEL_UNPARK "
    "CHANNEL_BRIDGE CHANNEL_UNBRIDGE CHANNEL_EXECUTE CHANNEL_EXECUTE_COMPLETE CHANNEL_HANGUP CHANNEL_HANGUP_COMPLETE "
    "CHANNEL_DESTROY CHANNEL_HOLD CHANNEL_UNHOLD DTMF PLAYBACK_START PLAYBACK_STOP RECORD_START RECORD_STOP "
    "BACKGROUND_JOB RELOADXML CUSTOM sofia::register sofia::unregister sofia::expire sofia::register_failure"
)
USERS = ("1001", "1002", "1003")


class House:
    def __init__(self, switch: Switch, base: Path) -> None:
        self.switch = switch
        self.base = base
        self.engine = MediaEngine()
        self.engine.start()
        self.phones: list[Phone] = []
        self.clients: list[EslClient] = []

    def client(self, *, events: str = ALL) -> EslClient:
        client = EslClient(self.switch.event_socket.port).log_in()
        self.clients.append(client)
        if events:
            assert client.ask(events).reply.startswith("+OK")
        return client

    def agent(self, user: str = "1001", manner: Manner | None = None) -> Phone:
        """A registered phone."""
        phone = self.phone(user, manner)
        assert phone.register() == 200
        return phone

    def phone(self, user: str, manner: Manner | None = None, password: str = SECRET) -> Phone:
        agents = self.switch.endpoints.agents
        return self._started(Phone(user=user, password=password, server=(agents.host, agents.port), engine=self.engine, manner=manner))

    def caller(self, user: str = "0301234567", name: str = "Ada") -> Phone:
        trunk = self.switch.endpoints.trunk
        return self._started(Phone(user=user, name=name, server=(trunk.host, trunk.port), engine=self.engine))

    def parked(self, client: EslClient, *, answered: bool = True, number: str = "4930555") -> tuple[str, Line]:
        """A caller's channel that stands parked."""
        line = self.caller().dial(number)
        uuid = client.wait("CHANNEL_PARK")["Unique-ID"]
        if answered:
            assert client.execute(uuid, "answer", event_uuid="a") == "+OK"
            client.wait("CHANNEL_EXECUTE_COMPLETE", Application="answer")
        return uuid, line

    def _started(self, phone: Phone) -> Phone:
        self.phones.append(phone)
        phone.start()
        return phone

    def stop(self) -> None:
        for client in self.clients:
            client.close()
        for phone in self.phones:
            phone.stop()
        self.switch.stop()
        self.engine.stop()


@contextlib.contextmanager
def house(base: Path, **changes: object) -> Iterator[House]:
    directory = base / "directory.xml"
    users = "".join(f'<user id="{user}"><params><param name="password" value="{SECRET}"/></params></user>' for user in USERS)
    directory.write_text(f'<include><domain name="{DOMAIN}">{users}</domain></include>')
    values: dict[str, object] = {
        "event_socket": Address(host="127.0.0.1", port=0),
        "password": PASSWORD,
        "agents": Address(host="127.0.0.1", port=0),
        "trunk": Address(host="127.0.0.1", port=0),
        "domain": DOMAIN,
        "trunk_allow": ("127.0.0.1/32",),
        "rtp_host": "127.0.0.1",
        "rtp_ports": range(0),
        "directory": directory,
        "sounds": base,
        "music": None,
        "failsafe_messages": base / "messages",
    }
    switch = Switch(Settings(**{**values, **changes}))  # type: ignore[arg-type]
    switch.start()
    found = House(switch, base)
    try:
        yield found
    finally:
        found.stop()


def prompt(path: Path, seconds: float) -> Path:
    """A file with a quiet buzz of that length."""
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(b"\x00\x10\x00\xf0" * int(4000 * seconds))
    return path
