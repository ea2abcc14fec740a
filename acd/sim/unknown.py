"""What had to be guessed of a day that is lived again, to be told with every result."""

from collections.abc import Mapping
from dataclasses import dataclass

from acd.words import EntryOutcome

GONE = frozenset({EntryOutcome.ABANDONED, EntryOutcome.SHORT_ABANDONED, EntryOutcome.ABANDONED_WHILE_RINGING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    callers: int
    patience_known: int  # who gave up
    talk_known: int  # who was served
    queues_gone: Mapping[str, int]  # visits of queues that these rules do not have: left out
    agents_gone: tuple[str, ...]  # were there, and are in these rules no more
