"""How a queue calls its customers back, as plain frozen data."""

from dataclasses import dataclass

AGENT_FIRST, CUSTOMER_FIRST = "agent_first", "customer_first"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackPolicy:
    mode: str = AGENT_FIRST
    hours: str = ""  # the calendar in which customers are called; '' is the queue's own
    expires_s: float = 86400.0
    retries: tuple[float, ...] = (600.0, 3600.0)  # after each attempt that did not reach anybody, so long until the next; then no more
    ring_s: float = 30.0  # how long the customer's phone rings
    caller_id: str = ""  # shown to the customer; '' is the trunk's own
    trunks: tuple[str, ...] = ()
    merges: bool = True  # a customer who calls in takes the place of the callback
    no_success: frozenset[str] = frozenset({"voicemail", "fax"})  # dispositions that say that nobody was reached
    notify: str = ""  # the mailbox whose people are told of one that never came about
