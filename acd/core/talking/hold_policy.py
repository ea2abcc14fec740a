"""How long a customer may hold, as plain frozen data. Made by ``acd.config``, never edited."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPolicy:
    """Both from the beginning of a hold; None: never. A consult is no such hold, nor is that of the phone's own key."""

    remind_s: float | None = None  # the agent hears a beep, and again after as long
    limit_s: float | None = None  # the agent is with the customer again
