"""A place in line that is kept for whoever gave it up. Its id is the queue and the number."""

from dataclasses import dataclass

from acd.words import CallId


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPlace:
    id: str
    call: CallId  # the one that was given up
    since: float
    priority: int = 0
    until: float | None = None  # None: it is taken, or nobody came
    is_shared: bool = False  # several have called with this number: it is kept for none of them

    @property
    def deadline(self) -> float | None:
        return self.until

    @property
    def is_live(self) -> bool:
        return self.until is not None
