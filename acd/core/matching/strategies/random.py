"""`random`: by lot among all who may be asked, drawn anew for each offer. No die: the lot is a hash of the offer.

A lot that each agent kept until the next call would be unfair: who has drawn badly stays last while the others draw again and again.
"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b

from acd.core.matching.strategies.seen import Key, Seen


def key(seen: Seen) -> Key:
    return (seen.agent.id,)


def told(seen: Seen, at: float) -> Mapping[str, float]:
    return {}


def drawn(lines: Sequence[Sequence[Key]], offer: str) -> Iterator[Key]:
    """All that stands in the lines, beginning at the one that was drawn for this offer."""
    count = sum(map(len, lines))
    if not count:
        return
    start = int.from_bytes(blake2b(offer.encode(), digest_size=8).digest(), "big") % count
    before: list[Sequence[Key]] = []
    for n, line in enumerate(lines):
        if start < len(line):
            yield from line[start:]
            for later in lines[n + 1 :]:
                yield from later
            for earlier in before:
                yield from earlier
            yield from line[:start]
            return
        start -= len(line)
        before.append(line)
