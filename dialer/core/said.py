"""What an agent said came of a talk, as the campaign keeps it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The last word counts, by ``at``; so what is told again changes nothing."""

    attempt: str
    campaign: str
    disposition: str
    at: float
    by: str = ""
    call_at: float | None = None  # what agent and customer agreed on
    no_more: bool = False  # it means that they are called no more; so it does though its campaign is gone
