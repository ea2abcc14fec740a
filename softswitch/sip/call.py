"""One call leg over SIP, in or out. INTERFACE FIRST.

All callbacks run in the user agent's greenlet, in the order of the wire. They must not block; they may call any
method here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class CallState(StrEnum):
    TRYING = "trying"
    RINGING = "ringing"
    EARLY = "early"  # with media
    ANSWERED = "answered"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """Why an answered (or cancelled incoming) call ended."""

    by_us: bool
    what: str
    """bye, cancel, rejected, no_ack, timeout, failed"""
    cause: int | None = None
    """Q.850 cause of the Reason header, if there was one."""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """For a 401/407 to our own requests."""

    user: str
    password: str


class Call:
    incoming: bool
    state: CallState
    call_id: str
    """The Call-ID header."""
    caller_user: str
    caller_name: str
    called_user: str
    auth_user: str
    """The user that proved its password (phones), else ''."""
    source: tuple[str, int]
    """Where the INVITE came from / goes to."""
    remote_sdp: bytes
    """The last description that the other side sent, b'' before that."""
    local_sdp: bytes
    last_status: int
    """The last final or provisional status received (outgoing) or sent (incoming)."""

    on_ringing: Callable[[], None]
    """180 without a description."""
    on_early_media: Callable[[bytes], None]
    """183 or 180 with a description (the argument)."""
    on_answered: Callable[[bytes], None]
    """Outgoing: 2xx came (ACK is sent already). Incoming: the ACK came; the argument is its body or b''."""
    on_failed: Callable[[int, str, Sequence[str]], None]
    """Outgoing only, once: (status, reason phrase, contacts of a 3xx). 487 after our own cancel, 408 for silence."""
    on_ended: Callable[[End], None]
    """Once for each call that was not on_failed: hung up by either side, cancelled by the caller, ACK never came."""
    on_digit: Callable[[str], None]
    """From SIP INFO (dtmf-relay or dtmf)."""
    on_hold: Callable[[], None]
    on_resume: Callable[[], None]
    on_media_changed: Callable[[bytes], None]
    """A re-INVITE or UPDATE brought this description (also at hold and resume); the answer was sent by us with
    mirrored direction."""

    def header(self, name: str) -> str:
        """A header of the INVITE that came (incoming) or of the last response (outgoing); '' when absent."""
        raise NotImplementedError

    def ring(self) -> None:
        """180. Incoming and not answered; else nothing."""

    def progress(self, sdp: bytes) -> None:
        """183 with early media. Incoming and not answered; else nothing."""

    def answer(self, sdp: bytes) -> None:
        """200. When the caller is gone already nothing happens (on_ended was called)."""

    def reject(self, status: int, reason: str = "", *, cause: int | None = None) -> None:
        """A final answer 300-699 to an incoming call that is not answered; on_ended follows."""

    def cancel(self, *, cause: int | None = None) -> None:
        """Outgoing and not answered: CANCEL now, or remembered until a provisional came; ends in on_failed(487...)."""

    def bye(self, *, cause: int | None = 16, text: str = "") -> None:
        """Answered: BYE with ``Reason: Q.850;cause=16;text="..."``; on_ended(by_us=True) at once."""

    def hang_up(self, *, status: int = 480, cause: int | None = 16) -> None:
        """Whatever the state: reject(status), cancel or bye. Safe to repeat."""

    def reinvite(self, sdp: bytes) -> None:
        """A new offer in an answered call (hold: direction sendonly); its answer comes by on_media_changed."""

    def send_digit(self, digit: str, *, duration_ms: int = 160) -> None:
        """SIP INFO application/dtmf-relay."""
