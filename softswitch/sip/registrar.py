"""Who is registered where. INTERFACE FIRST."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    user: str
    contact: str
    """The contact URI as the phone wrote it."""
    source: tuple[str, int]
    """Where it came from: this is where we send."""
    agent: str
    """User-Agent."""
    expires_at: float
    """User agent's clock (monotonic)."""
