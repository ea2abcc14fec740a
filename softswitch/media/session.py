"""One RTP stream of one call: what is played, recorded, relayed, heard and pressed.

Callbacks are plain attributes, called in order from one greenlet of the engine (never from the pacing greenlet);
they must not
block for long, and may call anything here. Nothing here waits.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from gevent import socket

from softswitch.media import g711, rtp
from softswitch.media.buffer import SILENCE, Smooth
from softswitch.media.dtmf import event_frames
from softswitch.media.incoming import Incoming
from softswitch.media.listening import Listening, frame_for
from softswitch.media.machines import Machines
from softswitch.media.outgoing import DigitQueue, Outgoing, Remote
from softswitch.media.recording import RecordingEnd, RecordingLimits
from softswitch.media.recordings import Recordings
from softswitch.media.sources import Source

log = logging.getLogger(__name__)

DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")
MAX_DRAIN = 50


class Pace(Protocol):
    """What a session needs of its engine."""

    def clock(self) -> float: ...
    def next_token(self) -> int: ...
    def keep_pace(self, session: "MediaSession") -> None: ...
    def deliver(self, call: Callable[..., None], *args: Any) -> None: ...
    def forget(self, session: "MediaSession") -> None: ...


def _nothing(*_args: object) -> None:
    return


class MediaSession:
    """Made by ``MediaEngine.session()``. Sends nothing until something is played or bridged and a remote is known."""

    def __init__(self, sock: socket.socket, pace: Pace) -> None:
        self._socket = sock
        self._pace = pace
        self.local_host, self.local_port = sock.getsockname()[:2]
        self.on_digit: Callable[[str], None] = _nothing
        """An RFC 4733 digit ``0-9*#A-D``, once per event."""
        self.on_play_done: Callable[[int, bool], None] = _nothing
        """(token, finished): finished is False when it was stopped, replaced, or the session closed."""
        self.on_record_done: Callable[[RecordingEnd], None] = _nothing
        self.hear: Callable[[bytes], None] | None = None
        """The PCM of each audio packet that comes in, called from the event loop itself: it must only store or
        count."""
        self.on_machine: Callable[[str], None] = _nothing
        """What told a machine from a person, after ``listen_for_machines``: ``beep`` or ``fax``, once each."""
        self._machines: Machines | None = None
        self._outgoing = Outgoing(self._send)
        self._incoming = Incoming(pace.clock)
        self._digits_out = DigitQueue()
        self._may_send = True
        self._source: Source | None = None
        self._token: int | None = None
        self._recordings = Recordings(self._record_ended)
        self._other: MediaSession | None = None
        self._closed = False
        self.listeners: list[Listening] = []
        """Who listens in here."""
        self.listening: Listening | None = None
        """Where this one listens in."""
        self._voice = Smooth()
        self.said = SILENCE
        """The voice of the other side in this tick, where voices are added up."""
        self.frame: bytes | None = None
        """What plays in this tick."""

    # -- where to and how

    def set_remote(
        self,
        *,
        host: str,
        port: int,
        codec: str = "PCMU",
        payload_type: int | None = None,
        telephone_event: int | None = None,
        direction: str = "sendrecv",
    ) -> None:
        """Where to send and how. ``codec`` PCMU or PCMA; ``direction`` is *ours*: sendrecv, sendonly, recvonly,
        inactive.

        RTP that really comes from elsewhere (NAT) is followed, as long as the address given here stays silent."""
        if codec not in g711.PAYLOAD_TYPES:
            raise ValueError(f"codec {codec!r} is not spoken; allowed are {sorted(g711.PAYLOAD_TYPES)}")
        number = g711.PAYLOAD_TYPES[codec] if payload_type is None else payload_type
        known = self._outgoing.remote
        moved = known is None or (known.host, known.port) != (host, port)
        self._incoming.described(telephone_event=telephone_event, moved=moved)
        self._outgoing.remote = Remote(host=host, port=port, codec=codec, payload_type=number, telephone_event=telephone_event)
        self.set_direction(direction)

    def set_direction(self, direction: str) -> None:
        """What *we* may do now (the other side's hold is our recvonly or inactive). Raises ValueError for another
        word."""
        if direction not in DIRECTIONS:
            raise ValueError(f"direction {direction!r}; allowed are {DIRECTIONS}")
        self._may_send = direction in ("sendrecv", "sendonly")
        self._incoming.allowed = direction in ("sendrecv", "recvonly")

    @property
    def last_rtp_at(self) -> float | None:
        """Engine clock (monotonic) of the last RTP packet that came in, or None."""
        return self._incoming.last_rtp_at

    @property
    def quiet_s(self) -> float:
        """How long the other side has sent nothing, counted from ``expect_somebody`` at the earliest."""
        return self._incoming.quiet_s

    def expect_somebody(self) -> None:
        """From now on the other side is to be heard."""
        self._incoming.expect_somebody()

    # -- playing

    def play(self, source: Source) -> int:
        """Starts to play and returns a token (> 0, unique in the engine); what played before ends with
        finished=False."""
        self.stop_play()
        self._source, self._token = source, self._pace.next_token()
        self._pace.keep_pace(self)
        if self._closed:
            self.stop_play()
            return 0
        return self._token

    def stop_play(self) -> None:
        """Stops what plays (on_play_done(token, False)); nothing happens when nothing plays."""
        self._play_ended(finished=False)

    @property
    def playing(self) -> int | None:
        """The token of what plays now."""
        return self._token

    def _play_ended(self, *, finished: bool) -> None:
        token, self._token, self._source = self._token, None, None
        if token is not None:
            self._pace.deliver(self._tell_play_done, token, finished)

    def _tell_play_done(self, token: int, finished: bool) -> None:
        self.on_play_done(token, finished)

    # -- recording

    def record(
        self,
        path: Path,
        *,
        stereo: bool = False,
        max_s: float | None = None,
        silence_s: float | None = None,
        silence_level: int = 200,
    ) -> bool:
        """Whether it began. Records what comes in (stereo: left what comes in, right what we send) to an 8 kHz WAV.

        Ends by ``stop_record(path)``, after ``max_s``, after ``silence_s`` below ``silence_level`` (RMS), with the
        session, or
        when the disk refuses: each time on_record_done(RecordingEnd), and never an exception. Several may run at once.
        """
        limits = RecordingLimits(max_s=max_s, silence_s=silence_s, silence_level=silence_level)
        begun = self._recordings.begin(path, stereo=stereo, limits=limits)
        if self._recordings:
            self._pace.keep_pace(self)
        if self._closed:
            self._recordings.end(None, "closed")
        return begun

    def records(self, path: Path) -> bool:
        """Whether a recording runs there."""
        return self._recordings.runs(path)

    def mask_record(self, path: Path, *, masked: bool) -> bool:
        """Silence in place of what is said, from now on or no longer. False when that is not recorded."""
        return self._recordings.mask(path, masked=masked)

    def stop_record(self, path: Path | None = None) -> bool:
        """Ends the recording of that path (None: all). False when there was none."""
        return self._recordings.end(path, "stopped")

    def _record_ended(self, end: RecordingEnd) -> None:
        self._pace.deliver(self._tell_record_done, end)

    def _tell_record_done(self, end: RecordingEnd) -> None:
        self.on_record_done(end)

    # -- machines

    def listen_for_machines(self) -> None:
        """From now on, from the beginning."""
        self._machines = Machines()
        self._pace.keep_pace(self)

    def listen_no_more(self) -> None:
        self._machines = None

    def _machine_heard(self, word: str | None) -> None:
        if word is not None:
            self._pace.deliver(self._tell_machine, word)

    def _tell_machine(self, word: str) -> None:
        self.on_machine(word)

    # -- digits

    def send_digit(self, digit: str, *, duration_ms: int = 160) -> None:
        """Queues one RFC 4733 digit. Raises ValueError for a digit outside ``0-9*#A-D``."""
        frames = event_frames(digit, duration_ms=duration_ms)
        self._digits_out.add(frames)
        self._pace.keep_pace(self)

    def _tell_digit(self, digit: str) -> None:
        self.on_digit(digit)

    # -- bridging

    def bridge_to(self, other: "MediaSession") -> None:
        """Relays both ways at once, transcoding if needed, digits too. What plays on either side stops; what is
        played later
        covers the relay to that side until it ends."""
        for one, its_other in ((self, other), (other, self)):
            if one._other is not its_other:
                one.unbridge()
            one.stop_play()
            one._other = its_other
        if self.is_mixed:
            self._begin_to_mix(self, other)

    def unbridge(self) -> None:
        """Ends the relay on both sides. Nothing happens without a bridge."""
        other, self._other = self._other, None
        if other is not None and other._other is self:
            other._other = None

    @property
    def bridged(self) -> "MediaSession | None":
        return self._other

    # -- listening in

    def listen_in(self, target: "MediaSession", *, to_target: bool, to_other: bool) -> Listening:
        """Hears from now on what the target and whoever it is joined to say; heard itself by whom it says."""
        self.stop_listening()
        self.listening = Listening(self, target, to_target=to_target, to_other=to_other)
        target.listeners.append(self.listening)
        self._begin_to_mix(self, target, *([target._other] if target._other else []))
        return self.listening

    def stop_listening(self) -> None:
        listening, self.listening = self.listening, None
        if listening is not None:
            listening.target.listeners.remove(listening)

    @property
    def is_mixed(self) -> bool:
        """Whether somebody listens in here or at the other end, or this one does itself."""
        return bool(self.listeners or self.listening or (self._other is not None and self._other.listeners))

    def _begin_to_mix(self, *concerned: "MediaSession") -> None:
        for one in concerned:
            one._voice, one.said = Smooth(), SILENCE
            self._pace.keep_pace(one)

    def close(self) -> None:
        """Stops all, frees the port. Safe to repeat."""
        if self._closed:
            return
        self._closed = True
        self.stop_listening()
        for each in list(self.listeners):
            each.monitor.stop_listening()
        self.unbridge()
        self.stop_play()
        self._recordings.end(None, "closed")
        self._pace.forget(self)
        self._socket.close()

    # -- the engine's side

    def fileno(self) -> int:
        return int(self._socket.fileno())

    def take(self) -> None:
        """The first half of a tick, for all before the second of any: what plays here, and what is said."""
        self.frame = self._next_frame()
        self.said = self._voice.take() if self.is_mixed else SILENCE

    def tick(self) -> bool:
        """One frame on. False when nothing needs the pace any more."""
        now = self._pace.clock()
        source_frame = frame_for(self) if self.is_mixed else self.frame
        events = self._digits_out.tick()
        if events is not None:
            for event in events:
                if self._may_send:
                    self._outgoing.event(event, now=now)
        elif source_frame is not None:
            self._speak(source_frame, now)
        self._recordings.tick()
        if self._machines is not None:
            self._machine_heard(self._machines.tick())
        return bool(self._source or self._recordings or self._machines or self._digits_out.busy or self.is_mixed)

    def _next_frame(self) -> bytes | None:
        if self._source is None:
            return None
        frame = self._source.frame()
        if frame is None:
            self._play_ended(finished=True)
        return frame

    def _speak(self, frame: bytes, now: float) -> None:
        if self._may_send:
            self._outgoing.pcm(frame, now=now)
        self._recordings.spoken(frame)

    def drain(self) -> None:
        """Reads what has arrived; a bound on the number keeps a flood from taking the whole loop."""
        for _ in range(MAX_DRAIN):
            if self._closed:
                return
            try:
                datagram, source = self._socket.recvfrom(rtp.MAX_DATAGRAM)
            except BlockingIOError:
                return
            except OSError:
                continue  # an ICMP error of an earlier send: the phone's port is closed just now
            packet = rtp.parse(datagram)
            if packet is not None and self._incoming.believes(source):
                self._arrived(packet)

    def _arrived(self, packet: rtp.Packet) -> None:
        if self._incoming.is_event(packet):
            self._event_arrived(packet)
        elif (codec := self._incoming.codec(packet)) is not None:
            self._audio_arrived(packet, codec)

    def _event_arrived(self, packet: rtp.Packet) -> None:
        digit = self._incoming.digit(packet)
        if digit is not None:
            self._pace.deliver(self._tell_digit, digit)
        if self._other is not None:
            self._other._relay_event(packet)

    def _audio_arrived(self, packet: rtp.Packet, codec: str) -> None:
        mixed = self.is_mixed
        if self._other is not None and not mixed:
            self._other._relay(packet, codec)
        if mixed or self._recordings or self._machines is not None or self.hear is not None:
            pcm = g711.decode(codec, packet.payload)
            if self._machines is not None:
                self._machine_heard(self._machines.heard(pcm))
            self._recordings.heard(pcm)
            if mixed:
                self._voice.put(pcm)
            if self.hear is not None:
                self.hear(pcm)

    def _relay(self, packet: rtp.Packet, codec: str) -> None:
        if self._source is not None or self._digits_out.busy:
            return
        if self._may_send:
            self._outgoing.relay(packet, codec=codec, now=self._pace.clock())
        if self._recordings:
            self._recordings.spoken(g711.decode(codec, packet.payload))

    def _relay_event(self, packet: rtp.Packet) -> None:
        if self._may_send and not self._digits_out.busy:
            self._outgoing.relay_event(packet, now=self._pace.clock())

    def _send(self, datagram: bytes) -> None:
        remote = self._outgoing.remote
        if remote is None or self._closed or remote.port == 0:
            return
        try:
            self._socket.sendto(datagram, self._incoming.source or (remote.host, remote.port))
        except OSError as error:  # a full buffer or an unreachable phone: the audio is lost, the call is not
            log.debug("rtp to %s:%s: %s", remote.host, remote.port, error)
