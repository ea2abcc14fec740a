"""One call at a virtual phone: its SIP leg with its RTP stream, what was heard on it, and waiting for what happens
to it."""

import time
from collections.abc import Callable
from pathlib import Path

import gevent
from gevent.event import Event

from softswitch.described import send_as_described
from softswitch.media import MediaSession, sources
from softswitch.party.heard import Heard
from softswitch.sip import Call, CallState, End, sdp
from softswitch.sip.incoming import IncomingCall


class Line:
    """Every ``wait_…`` has a deadline and returns whether it came true."""

    def __init__(self, media: MediaSession, *, name: str, tell: Callable[[str, str], None]) -> None:
        self.media = media
        self.name = name
        self.heard = Heard()
        self.digits = ""
        """What the other side pressed, by either method."""
        self.status = 0
        """The status with which our own call failed."""
        self.end: End | None = None
        self.ringing, self.answered, self.ended, self.held = Event(), Event(), Event(), Event()
        self.on_answered: Callable[[], None] = lambda: None
        self._tell = tell
        self._call: Call | None = None
        self._digit_came = Event()
        self._play_done = Event()
        self._speaking = 0
        media.hear = self.heard.add
        media.on_digit = self._digit
        media.on_play_done = self._spoken

    @property
    def call(self) -> Call:
        assert self._call is not None, "a line has its call from the start"
        return self._call

    def take(self, call: Call) -> None:
        """The call of this line; made before anything can happen to it."""
        self._call = call
        call.on_ringing = self._rings
        call.on_early_media = lambda description: self._early(description)
        call.on_answered = self._answered
        call.on_failed = lambda status, _reason, _contacts: self._failed(status)
        call.on_ended = self._ended
        call.on_digit = self._digit
        call.on_media_changed = self._connect
        call.on_hold = self.held.set
        call.on_resume = self.held.clear

    # -- what the party does

    def offer(self) -> bytes:
        return sdp.offer(host=self.media.local_host, port=self.media.local_port)

    def answer(self) -> None:
        """Takes an incoming call; one that offers nothing usable is refused with 488."""
        call = self.call
        if not isinstance(call, IncomingCall) or call.state in (CallState.ANSWERED, CallState.ENDED):
            return
        try:
            ours = self._answer_to(call.remote_sdp) if call.remote_sdp else self.offer()
        except sdp.BadSdp:
            call.reject(488)
            return
        call.answer(ours)
        self._answered(b"")

    def early_media(self) -> None:
        """183 with our own description; what is spoken from then on is heard by a caller that listens."""
        if isinstance(self.call, IncomingCall):
            self.call.progress(self._answer_to(self.call.remote_sdp))

    def press(self, digits: str, *, by: str = "rfc4733") -> None:
        for digit in digits:
            if by == "info":
                self.call.send_digit(digit)
            else:
                self.media.send_digit(digit)

    def speak_tone(self, spec: str) -> None:
        self._speak(sources.tone(spec))

    def speak_file(self, path: Path) -> None:
        self._speak(sources.wav_file(path))

    def breathe(self) -> None:
        """A moment of silence from who says nothing, as from any telephone: or the switch takes the line for dead."""
        if self.answered.is_set() and not self.ended.is_set() and self.media.playing is None:
            self.media.play(sources.silence(20))

    def hang_up(self) -> None:
        self.call.hang_up(status=603)

    # -- what the party waits for

    def wait_answered(self, *, timeout_s: float) -> bool:
        """False also when the call failed meanwhile."""
        gevent.wait([self.answered, self.ended], timeout=timeout_s, count=1)
        return self.answered.is_set()

    def wait_ended(self, *, timeout_s: float) -> bool:
        return self.ended.wait(timeout_s)

    def wait_spoken(self, *, timeout_s: float) -> bool:
        gevent.wait([self._play_done, self.ended], timeout=timeout_s, count=1)
        return self._play_done.is_set()

    def wait_digits(self, digits: str, *, timeout_s: float) -> bool:
        """Until what was pressed ends with these."""
        deadline = time.monotonic() + timeout_s
        while not self.digits.endswith(digits):
            self._digit_came.clear()
            if not self._digit_came.wait(max(0.0, deadline - time.monotonic())):
                return False
        return True

    # -- inside

    def _answer_to(self, description: bytes) -> bytes:
        audio = sdp.read(description)
        self._connect(description)
        return sdp.answer(audio, host=self.media.local_host, port=self.media.local_port)

    def _connect(self, description: bytes) -> None:
        try:
            audio = sdp.read(description)
        except sdp.BadSdp:
            return
        send_as_described(self.media, audio)

    def _speak(self, source: sources.Source) -> None:
        self._play_done.clear()
        self._speaking = self.media.play(source)

    def _spoken(self, token: int, _finished: bool) -> None:
        if token == self._speaking:
            self._play_done.set()

    def _digit(self, digit: str) -> None:
        self.digits += digit
        self._digit_came.set()
        self._tell(self.name, f"heard digit {digit}")

    def _rings(self) -> None:
        self.ringing.set()
        self._tell(self.name, "ringing")

    def _early(self, description: bytes) -> None:
        self._connect(description)
        self._rings()

    def _answered(self, description: bytes) -> None:
        if description:
            self._connect(description)
        if not self.answered.is_set():
            self.answered.set()
            self._tell(self.name, "answered")
            self.on_answered()

    def _failed(self, status: int) -> None:
        self.status = status
        self._over(f"failed with {status}")

    def _ended(self, end: End) -> None:
        self.end = end
        self._over(f"ended: {end.what} by {'us' if end.by_us else 'the other side'}")

    def _over(self, how: str) -> None:
        self.media.close()
        self._tell(self.name, how)
        self.ended.set()
