"""The receiving half of a stream: whom it believes, what is new, which digit, since when nobody was heard. No socket."""

from collections.abc import Callable

from softswitch.media import g711, rtp
from softswitch.media.dtmf import DigitReader

OUR_TELEPHONE_EVENT = 101
LATCH_S = 1.0


class Incoming:
    """``clock`` is any steady one."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._digits = DigitReader()
        self._events = {OUR_TELEPHONE_EVENT}
        self._last: tuple[int, int] | None = None
        self._quiet_since = clock()
        self.last_rtp_at: float | None = None
        """When the last packet came in that was believed, or None."""
        self.source: tuple[str, int] | None = None
        """Whom we believe."""
        self.allowed = True
        """Whether we may listen at all."""

    def described(self, *, telephone_event: int | None, moved: bool) -> None:
        """A description of the other side came; ``moved``: with another address than before."""
        self._events = {OUR_TELEPHONE_EVENT} | ({telephone_event} if telephone_event is not None else set())
        if moved:
            self.source = None

    def expect_somebody(self) -> None:
        self._quiet_since = self._clock()

    @property
    def quiet_s(self) -> float:
        """How long nothing has come in, counted from ``expect_somebody`` at the earliest."""
        return self._clock() - max(self._quiet_since, self.last_rtp_at or self._quiet_since)

    def believes(self, source: tuple[str, int]) -> bool:
        """The first sender is believed; another only when it fell silent (a phone that moved), so that a third party
        cannot cut in."""
        now = self._clock()
        if source != self.source:
            if self.source is not None and self.last_rtp_at is not None and now - self.last_rtp_at < LATCH_S:
                return False
            self.source = source
        self.last_rtp_at = now
        return True

    def is_event(self, packet: rtp.Packet) -> bool:
        return packet.payload_type in self._events

    def digit(self, packet: rtp.Packet) -> str | None:
        """The digit that this event begins."""
        return self._digits.read(packet.payload, timestamp=packet.timestamp, ssrc=packet.ssrc)

    def codec(self, packet: rtp.Packet) -> str | None:
        """The codec of new audio that we may hear; None for all else."""
        if not self.allowed or packet.payload_type not in g711.CODECS:
            return None
        last, self._last = self._last, (packet.ssrc, packet.sequence)
        return g711.CODECS[packet.payload_type] if last != self._last else None
