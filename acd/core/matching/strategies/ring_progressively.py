"""`ring_progressively`: one phone, and every ``ring_more_s`` one more, while the earlier ones go on ringing.

Where nobody is free when the time has come, whoever becomes free next joins.
"""

from acd.core.lines.entry import Entry
from acd.core.policy import QueuePolicy


def rings_more(entry: Entry, rules: QueuePolicy) -> bool:
    return entry.more_at is None and len(entry.rung) < rules.ring_at_most


def more_at(rules: QueuePolicy, at: float) -> float:
    return at + rules.ring_more_s
