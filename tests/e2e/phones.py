"""Agents' telephones, played by baresip.

Registered with digest, steered over its control socket, speaking a tone, recording what they hear.
"""

import json
import shutil
import socket
import threading
import time
from pathlib import Path
from typing import Any

from . import audio
from .ports import free_port
from .processes import Stage
from .waiting import until

_MODULES = ("g711", "aufile", "aubridge", "sndfile")
_APPLICATIONS = ("account", "menu", "ctrl_tcp", "uuid")
_TONE_S = 400


class Phone:
    """One baresip."""

    def __init__(
        self,
        stage: Stage,
        *,
        user: str,
        secret: str,
        domain: str,
        registrar: tuple[str, int],
        tone: int,
        answer: str = "manual",
    ) -> None:
        self.user, self.tone, self._domain = user, tone, domain
        self.home = stage.directory / f"baresip-{user}"
        self.home.mkdir(parents=True)
        self._control, self.port = free_port(), free_port()
        self._write_config(self._control, tone)
        account = f'<sip:{user}@{domain}>;auth_user={user};auth_pass={secret};outbound="sip:{registrar[0]}:{registrar[1]}"'
        (self.home / "accounts").write_text(f"{account};regint=60;answermode={answer};audio_codecs=PCMU/8000/1;ptime=20\n")
        self.events: list[dict[str, Any]] = []
        self._stage = stage
        stage.keep(self)
        self.switch_on()

    def switch_on(self) -> None:
        binary = shutil.which("baresip")
        assert binary, "baresip is not installed (Debian: baresip-core)"
        self.program = self._stage.start(f"baresip-{self.user}", [binary, "-f", str(self.home), "-v"], home=self.home)
        self._socket = self._connect(self._control)
        threading.Thread(target=self._hear, name=f"baresip-{self.user}", daemon=True).start()

    def pull_the_plug(self) -> None:
        """It is gone without a word; the registrar still believes in it."""
        self.program.kill()
        self._socket.close()

    def must_be_registered(self, *, within_s: float = 10.0) -> "Phone":
        """By its log: it registers before anybody can connect to its control socket.

        baresip waits half a minute after a refusal (a directory that is only just being read); who is in a hurry switches it
        off and on.
        """

        def registered() -> bool:
            log = self.program.log[self.program.log_from :]
            if "401 Unauthorized" in log:
                self.pull_the_plug()
                self.switch_on()
            return any(f"{self.user}@{self._domain}: " in line and "200 OK" in line for line in log.splitlines())

        until(f"phone {self.user} is registered", registered, within_s=within_s, seen=self.program.tail)
        return self

    def must_ring(self, *, within_s: float = 10.0, count: int = 1) -> dict[str, Any]:
        return self._event("CALL_INCOMING", within_s=within_s, count=count)

    def must_talk(self, *, within_s: float = 10.0, count: int = 1) -> dict[str, Any]:
        return self._event("CALL_ESTABLISHED", within_s=within_s, count=count)

    def must_be_released(self, *, within_s: float = 10.0, count: int = 1) -> dict[str, Any]:
        return self._event("CALL_CLOSED", within_s=within_s, count=count)

    def dial(self, number: str) -> None:
        self._command("dial", number)

    def press(self, digits: str) -> None:
        for digit in digits:
            self._command("sndcode", digit)

    def accept(self) -> None:
        self._command("accept")

    def hang_up(self) -> None:
        self._command("hangup")

    @property
    def times_rung(self) -> int:
        return self._count("CALL_INCOMING")

    @property
    def times_talked(self) -> int:
        return self._count("CALL_ESTABLISHED")

    @property
    def times_released(self) -> int:
        return self._count("CALL_CLOSED")

    @property
    def is_in_call(self) -> bool:
        return self._count("CALL_INCOMING") + self._count("CALL_OUTGOING") > self._count("CALL_CLOSED")

    def sound(self) -> bytes:
        """All that it has heard since it was started, 16-bit samples at 8 kHz."""
        recordings = sorted(self.home.glob("dump-*-dec.wav"), key=lambda path: path.stat().st_mtime)
        return b"".join(audio.pcm_of_growing_wav(path) for path in recordings)

    def hears_tone(self, frequency: float, *, blocks: int = 5, last_s: float | None = None, share: float = 0.6) -> bool:
        sound = self.sound()
        window = sound if last_s is None else sound[-int(last_s * audio.RATE) * 2 :]
        return audio.blocks_with_tone(window, frequency, share=share) >= blocks

    def hears_short_tone(self, frequency: float) -> bool:
        return audio.has_short_tone(self.sound(), frequency)

    def hears_anything(self, *, blocks: int = 5) -> bool:
        sound, size = self.sound(), audio.RATE // 10 * 2
        pieces = (sound[i : i + size] for i in range(0, len(sound) - size + 1, size))
        return sum(1 for piece in pieces if audio.Heard(at=0, pcm=piece).is_loud) >= blocks

    def close(self) -> None:
        self._socket.close()

    def _event(self, kind: str, *, within_s: float, count: int = 1) -> dict[str, Any]:
        def happened() -> dict[str, Any] | None:
            self.program.must_be_up()
            matching = [event for event in list(self.events) if event.get("type") == kind]
            return matching[count - 1] if len(matching) >= count else None

        found = until(f"phone {self.user}: {kind} (time {count})", happened, within_s=within_s, seen=self._kinds)
        assert found is not None
        return found

    def _kinds(self) -> list[str]:
        return [str(event.get("type", event)) for event in list(self.events)]

    def _count(self, kind: str) -> int:
        return self._kinds().count(kind)

    def _command(self, name: str, parameters: str = "") -> None:
        self.program.must_be_up()
        text = json.dumps({"command": name, "params": parameters, "token": name}).encode()
        self._socket.sendall(f"{len(text)}:".encode() + text + b",")

    def _connect(self, port: int) -> socket.socket:
        def connected() -> socket.socket | None:
            try:
                return socket.create_connection(("127.0.0.1", port), timeout=2)
            except OSError:
                return None

        found = until(f"control socket of phone {self.user}", connected, within_s=10, seen=self.program.tail)
        assert found is not None
        found.settimeout(None)
        return found

    def _hear(self) -> None:
        rest = b""
        try:
            while piece := self._socket.recv(65536):
                rest = self._take(rest + piece)
        except OSError:
            return

    def _take(self, buffer: bytes) -> bytes:
        """Netstrings: ``length:text,``."""
        while b":" in buffer:
            length, _, tail = buffer.partition(b":")
            size = int(length)
            if len(tail) < size + 1:
                break
            message, buffer = json.loads(tail[:size].decode(errors="replace")), tail[size + 1 :]
            message["at"] = time.monotonic()
            self.events.append(message)
        return buffer

    def _write_config(self, control: int, tone: int) -> None:
        wav = _tone_file(self.home.parent, tone)
        modules = "".join(f"module {name}.so\n" for name in _MODULES)
        applications = "".join(f"module_app {name}.so\n" for name in _APPLICATIONS)
        (self.home / "config").write_text(
            f"poll_method epoll\nsip_listen 127.0.0.1:{self.port}\nnet_interface 127.0.0.1\nprefer_ipv6 no\ncall_max_calls 4\n"
            f"audio_source aufile,{wav}\naudio_player aubridge,sink-{self.user}\naudio_alert aubridge,alert-{self.user}\n"
            "audio_srate 8000\naudio_channels 1\nausrc_format s16\nauplay_format s16\nauenc_format s16\naudec_format s16\n"
            "audio_buffer 20-160\nrtp_stats no\nringback_disabled yes\nmenu_bell no\n"
            f"ctrl_tcp_listen 127.0.0.1:{control}\nsnd_path {self.home}\n"
            f"module_path {_module_path()}\n{modules}{applications}"
        )


def _tone_file(directory: Path, tone: int) -> Path:
    path = directory / f"tone-{tone}.wav"
    return path if path.exists() else audio.write_tone(path, tone, seconds=_TONE_S)


def _module_path() -> Path:
    for path in (
        Path("/usr/lib/baresip/modules"),
        Path("/usr/lib64/baresip/modules"),
        Path("/usr/local/lib/baresip/modules"),
    ):
        if path.exists():
            return path
    raise AssertionError("baresip's modules were not found in /usr/lib/baresip/modules")
