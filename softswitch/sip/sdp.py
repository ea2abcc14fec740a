"""Session descriptions: one audio stream of G.711 with telephone-event. INTERFACE FIRST."""

from dataclasses import dataclass


class BadSdp(ValueError):
    """The description offers nothing that we can use; the text says why (answer 488)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audio:
    """The audio line of a description from the other side, reduced to what we use."""

    host: str
    port: int
    codec: str
    """PCMU or PCMA: the first of the other side's that we know."""
    payload_type: int
    telephone_event: int | None
    direction: str
    """As the other side wrote it. ``our_direction`` is the mirror."""

    @property
    def our_direction(self) -> str:
        raise NotImplementedError

    @property
    def held(self) -> bool:
        """The other side put us on hold (sendonly, inactive, or the old 0.0.0.0)."""
        raise NotImplementedError


def read(body: bytes) -> Audio:
    """Raises BadSdp."""
    raise NotImplementedError


def offer(*, host: str, port: int, codecs: tuple[str, ...] = ("PCMU", "PCMA"), direction: str = "sendrecv") -> bytes:
    raise NotImplementedError


def answer(to: Audio, *, host: str, port: int, direction: str = "") -> bytes:
    """The answer to an offer: its codec, its telephone-event number, the mirrored direction unless one is given."""
    raise NotImplementedError
