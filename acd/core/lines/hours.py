"""Opening hours, of which the core knows no more than this."""

from typing import Protocol

OPEN, CLOSED = "open", "closed"


class Hours(Protocol):
    """They change at whole minutes."""

    def state(self, at: float) -> str:
        """``open``, or why not."""
        ...

    def next_change(self, at: float) -> tuple[float, str] | None:
        """When it opens or closes next, and its state from then on; None when it does neither for long."""
        ...
