"""One RTP stream of one call: what is played, recorded, relayed, heard and pressed. INTERFACE FIRST, being filled in.

Callbacks are plain attributes, called in order from one greenlet of the engine (never from the pacing greenlet); they must not
block for long, and may call anything here.
"""

from collections.abc import Callable
from pathlib import Path

from softswitch.media.recording import RecordingEnd
from softswitch.media.sources import Source


class MediaSession:
    """Made by ``MediaEngine.session()``. Sends nothing until something is played or bridged and a remote is known."""

    local_host: str
    local_port: int
    last_rtp_at: float | None
    """Engine clock (monotonic) of the last RTP packet that came in, or None."""
    on_digit: Callable[[str], None]
    """An RFC 4733 digit ``0-9*#A-D``, once per event."""
    on_play_done: Callable[[int, bool], None]
    """(token, finished): finished is False when it was stopped, replaced, or the session closed."""
    on_record_done: Callable[[RecordingEnd], None]

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
        """Where to send and how. ``codec`` PCMU or PCMA; ``direction`` is *ours*: sendrecv, sendonly, recvonly, inactive."""
        raise NotImplementedError

    def play(self, source: Source) -> int:
        """Starts to play and returns a token (> 0, unique in the engine); what played before ends with finished=False."""
        raise NotImplementedError

    def stop_play(self) -> None:
        """Stops what plays (on_play_done(token, False)); nothing happens when nothing plays."""
        raise NotImplementedError

    @property
    def playing(self) -> int | None:
        """The token of what plays now."""
        raise NotImplementedError

    def record(
        self,
        path: Path,
        *,
        stereo: bool = False,
        max_s: float | None = None,
        silence_s: float | None = None,
        silence_level: int = 200,
    ) -> None:
        """Records what comes in (stereo: left what comes in, right what we send) to an 8 kHz WAV.

        Ends by ``stop_record(path)``, after ``max_s``, after ``silence_s`` below ``silence_level`` (RMS), with the session, or
        when the disk refuses: each time on_record_done(RecordingEnd), and never an exception. Several may run at once.
        """
        raise NotImplementedError

    def stop_record(self, path: Path | None = None) -> bool:
        """Ends the recording of that path (None: all). False when there was none."""
        raise NotImplementedError

    def send_digit(self, digit: str, *, duration_ms: int = 160) -> None:
        """Queues one RFC 4733 digit. Raises ValueError for a digit outside ``0-9*#A-D``."""
        raise NotImplementedError

    def bridge_to(self, other: "MediaSession") -> None:
        """Relays both ways at once, transcoding if needed, digits too; a playback goes on beneath nothing: it is stopped."""
        raise NotImplementedError

    def unbridge(self) -> None:
        """Ends the relay on both sides. Nothing happens without a bridge."""
        raise NotImplementedError

    @property
    def bridged(self) -> "MediaSession | None":
        raise NotImplementedError

    def set_direction(self, direction: str) -> None:
        """sendrecv, sendonly, recvonly or inactive: what *we* may do now (the other side's hold is our recvonly/inactive)."""
        raise NotImplementedError

    def close(self) -> None:
        """Stops all, frees the port. Safe to repeat."""
        raise NotImplementedError
