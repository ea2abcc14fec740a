"""`ring_all`: every agent who may be asked is rung at once, and who becomes free meanwhile joins (ACD.md 28, 29).

A caller for whom nobody rings yet goes before one more phone for a caller who has some: see ``acd.core.matching.match``. At most
``ring_at_most`` phones ring for one caller, in the order of the longest idle.
"""

from acd.core.lines.entry import Entry
from acd.core.policy import QueuePolicy


def rings_more(entry: Entry, rules: QueuePolicy) -> bool:
    return len(entry.rung) < rules.ring_at_most
