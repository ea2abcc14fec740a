"""Callers and scripted telephones, played by SIPp; what they say and hear is the test's own Earpiece."""

import itertools
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from . import scenario
from .media import Earpiece
from .ports import free_port, is_heard
from .processes import Program, Stage
from .scenario import REFUSALS
from .twin import Told, Twin
from .waiting import until

_NUMBERS = itertools.count(1)
_DONE = {
    "ring": "rang",
    "early_media": "progressed",
    "answer": "answered",
    "cross": "will_cross",
    "bye": "hung_up",
    **dict.fromkeys(REFUSALS, "refused"),
}


class Caller:
    """Somebody who dials in."""

    def __init__(
        self,
        stage: Stage,
        *,
        to: tuple[str, int],
        dialled: str,
        number: str = "+49301234567",
        shown: str = "Caller",
        tells_of_ringing: bool = False,
    ) -> None:
        self.name = f"caller-{next(_NUMBERS)}"
        self.number = number
        self.ear = Earpiece()
        self.twin = Twin(self.name)
        stage.keep(self.ear)
        stage.keep(self.twin)
        self.sip_call_id = f"{self.name}-{self.twin.port}@127.0.0.1"
        keys = {"dialled": dialled, "user": number, "shown": shown, "rtp": str(self.ear.port)}
        more = ("-p", str(free_port()), "-cid_str", self.sip_call_id)
        said = scenario.caller(tells_of_ringing=tells_of_ringing)
        self.program = _sipp(stage, self.name, said, to, self.twin, keys, *more)

    def must_be_answered(self, *, within_s: float = 10.0) -> "Caller":
        told = self._tells("answered", within_s)
        self.ear.talk_to("127.0.0.1", int(told.value))
        self.answered_at = told.at
        return self

    def press(self, digits: str) -> None:
        self.ear.press(digits)

    def press_by_info(self, digit: str) -> None:
        confirmed = self.twin.words().count("confirmed")
        self._order(f"info={digit}")
        self.twin.hear("confirmed", count=confirmed + 1)

    def hang_up(self) -> None:
        self._order("bye")
        self._tells("hung_up", 10)

    def start_hanging_up(self) -> None:
        self._order("bye")

    def cancel(self) -> None:
        self._order("cancel")
        self._tells("cancelled", 10)

    def must_be_ended(self, *, within_s: float = 10.0) -> Told:
        """The other side hung up."""
        return self._tells("ended", within_s)

    @property
    def is_connected(self) -> bool:
        words = self.twin.words()
        return "answered" in words and "ended" not in words and "hung_up" not in words and self.program.is_up

    def _order(self, what: str) -> None:
        self.program.must_be_up()
        self.twin.order(self.sip_call_id, what)

    def _tells(self, word: str, within_s: float) -> Told:
        return self.twin.hear(word, within_s=within_s)


class Called:
    """Somebody who is called and does what a test says: rings, answers and drops at once, is busy, declines."""

    name: str
    ear: Earpiece
    twin: Twin

    def must_be_invited(self, *, within_s: float = 10.0, count: int = 1) -> Told:
        told = self.twin.hear("invited", within_s=within_s, count=count)
        self.ear.talk_to("127.0.0.1", int(told.value))
        return told

    def tell(self, call: str, what: str) -> None:
        """An order for one call, and the wait until SIPp has carried it out (it loses an order that comes earlier)."""
        done = _DONE[what]
        before = self.twin.count(done, call)
        self.twin.order(call, what)
        until(f"{self.name} has done {what!r}", lambda: self.twin.count(done, call) > before, within_s=10, seen=self.twin.words)

    def start(self, call: str, what: str) -> None:
        """An order whose outcome is not awaited, because something crosses it."""
        self.twin.order(call, what)

    def must_be_released(self, *, within_s: float = 10.0, count: int = 1) -> Told:
        """The other side hung up a call that was answered."""
        return self.twin.hear("ended", within_s=within_s, count=count)

    def must_be_cancelled(self, *, within_s: float = 10.0) -> Told:
        """The other side gave up a call that was not."""
        return self.twin.hear("cancelled", within_s=within_s)

    @property
    def times_invited(self) -> int:
        return self.twin.words().count("invited")


class ScriptedPhone(Called):
    """An agent's phone."""

    def __init__(self, stage: Stage, *, user: str, secret: str, domain: str, registrar: tuple[str, int]) -> None:
        self.user, self._stage, self._secret, self._domain, self._registrar = user, stage, secret, domain, registrar
        self.name = f"phone-{user}-{next(_NUMBERS)}"
        self.ear = Earpiece()
        self.twin = Twin(self.name)
        stage.keep(self.ear)
        stage.keep(self.twin)
        self.port = free_port()
        self._register()  # from the port on which it will be called, before that belongs to the next program
        keys = {"user": user, "rtp": str(self.ear.port)}
        self.program = _sipp(stage, self.name, scenario.phone(), registrar, self.twin, keys, "-p", str(self.port), calls=1000)
        until(f"{self.name} is there", lambda: is_heard(self.port), within_s=10, seen=self.program.tail)

    def _register(self, *, expires_s: int = 600) -> None:
        keys = {
            "user": self.user,
            "secret": self._secret,
            "domain": self._domain,
            "contact": str(self.port),
            "expires": str(expires_s),
        }
        name = f"register-{self.user}-{next(_NUMBERS)}"
        proof = ("-au", self.user, "-ap", self._secret, "-p", str(self.port))
        program = _sipp(self._stage, name, scenario.register(), self._registrar, None, keys, *proof)
        until(f"{name} is done", lambda: not program.is_up, within_s=10, seen=program.tail)
        assert program.exit_code == 0, f"{name}:\n{program.tail()}"


class Carrier(Called):
    """Whoever takes calls to the outside, at the address of a trunk; nobody registers with anybody."""

    def __init__(self, stage: Stage, *, port: int, switch: tuple[str, int]) -> None:
        self.name, self.port = f"carrier-{next(_NUMBERS)}", port
        self.ear = Earpiece()
        self.twin = Twin(self.name)
        stage.keep(self.ear)
        stage.keep(self.twin)
        keys = {"user": "carrier", "rtp": str(self.ear.port)}
        self.program = _sipp(stage, self.name, scenario.phone(), switch, self.twin, keys, "-p", str(port), calls=1000)
        until(f"{self.name} is there", lambda: is_heard(port), within_s=10, seen=self.program.tail)

    def invites(self) -> list[Mapping[str, str]]:
        """The headers of each INVITE that came, by their names; ``number`` is the user of its request line."""
        log = self.program.log_path.with_name("messages.log").read_text(errors="replace")
        found = re.finditer(r"^INVITE sip:([^@ ]*)@\S* SIP/2.0\r?\n((?:[^\r\n]+\r?\n)*)", log, re.MULTILINE)
        return [{"number": one[1], **_headers(one[2])} for one in found]


def _headers(block: str) -> dict[str, str]:
    pairs = (line.partition(":") for line in block.splitlines())
    return {name.strip(): value.strip() for name, _, value in pairs}


def _sipp(
    stage: Stage,
    name: str,
    xml: str,
    to: tuple[str, int],
    twin: Twin | None,
    keys: dict[str, str],
    *more: str,
    calls: int = 1,
) -> Program:
    home = stage.directory / name
    home.mkdir(parents=True)
    path: Path = home / "scenario.xml"
    path.write_text(xml)
    binary = shutil.which("sipp")
    assert binary, "SIPp is not installed (Debian: sip-tester)"
    argv = [
        binary,
        f"{to[0]}:{to[1]}",
        "-sf",
        str(path),
        "-i",
        "127.0.0.1",
        "-m",
        str(calls),
        "-nostdin",
        "-cp",
        str(free_port()),
    ]
    argv += ["-mp", str(free_port(4))]
    argv += [
        "-trace_msg",
        "-message_file",
        str(home / "messages.log"),
        "-trace_err",
        "-error_file",
        str(home / "errors.log"),
    ]
    argv += [*(["-3pcc", f"127.0.0.1:{twin.port}"] if twin else []), *more]
    for key, value in keys.items():
        argv += ["-key", key, value]
    return stage.start(name, argv, home=home)
