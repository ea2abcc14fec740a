"""What the house remembers, read beside it: its journal, line by line, into a state of our own.

On that state everything is checked that ``tests.core.invariants`` knows; and by every offer, that whoever was asked for stood first
(W5). The ends of things that are counted here are what ``/metrics`` must say (W7), and what people asked for must be in it (W8).
"""

import time
import traceback
from collections import Counter
from pathlib import Path

from acd.core.call import Call
from acd.core.lines.entry import Entry
from acd.core.offers.offer import Offer
from acd.core.outside.callback import Callback
from acd.core.outside.dialled_call import DialledCall, DialledState
from acd.core.policy import Policy
from acd.core.staff.wrap_up import WrapUp
from acd.core.state import State
from acd.core.talking.recording import Recording
from acd.live.codec import Line
from acd.live.segments import Tail
from acd.words import EntryKind
from tests.core.invariants import Ledger, assert_invariants
from tests.core.reference import may, wants
from tests.core.world import Flows

HALF_WRITTEN_S = 2.0
"""So long an event may be only half in the file: its decisions are read one by one."""
COUNTED = (Call, Entry, Offer, Recording, Callback, WrapUp)


class Memory:
    """``read`` follows; ``wrong`` is everything that should not have been remembered so."""

    def __init__(self, journal: Path, policy: Policy) -> None:
        self.state = State(policy, Flows())
        self._tail, self.ledger = Tail(journal), Ledger()
        self.n = 0
        self.ends: Counter[tuple[str, ...]] = Counter()  # what /metrics counts: table, labels
        self.asked: set[str] = set()  # by whom something was asked that was not refused
        self.offers = 0
        self.wrong: list[str] = []

    def read(self) -> None:
        for line in self._tail.read():
            if line.is_snapshot or line.n != self.n + 1:
                self.wrong.append(f"decision {self.n + 1} is not in the journal; {line.n} follows")
            self.n = line.n
            self._judge_order(line)
            for record in line.changes:
                self._count(record)
                self.state.put(record)
            self._note(line)

    def check(self) -> str:
        """'' when all invariants hold on what is remembered now; else the first that does not."""
        first, end = "", time.monotonic() + HALF_WRITTEN_S
        while True:
            self.read()
            if self.wrong:
                return "; ".join(self.wrong)
            try:
                assert_invariants(self.state, self.ledger)
                return ""
            except (AssertionError, KeyError) as error:
                where = traceback.extract_tb(error.__traceback__)[-1]
                first = first or f"{where.name}, {where.line}: {error!r}, after decision {self.n}"
                if time.monotonic() > end:
                    return f"remembered, and not right: {first}"[:3000]
            time.sleep(0.05)

    # -- W5 ------------------------------------------------------------------------------------------------------------

    def _judge_order(self, line: Line) -> None:
        """Whoever is asked for first is asked for before all who came later or matter less, but whom that agent may not serve."""
        state = self.state
        for offer in (each for each in line.changes if isinstance(each, Offer) and each.id not in state.offers and each.is_live):
            self.offers += 1
            chosen = state.entries.get(offer.entry)
            if chosen is None:
                continue  # it joined in this very decision; the invariants say that nobody else was left beside a free agent
            for other in state.entries.values():
                if other.id == offer.entry or other.place >= chosen.place or other.held:
                    continue
                leaves = other.leave_at is not None and other.leave_at <= line.at
                if wants(state, other) == 0 and not leaves and may(state, offer.agent, other):
                    self.wrong.append(f"W5: {offer.agent} was asked for {offer.entry} before {other.id}, in decision {line.n}")

    # -- W7, W8 --------------------------------------------------------------------------------------------------------

    def _note(self, line: Line) -> None:
        by = getattr(line.event, "by", "")
        if by and not line.refused:
            self.asked.add(by)
        self.ledger.note([line])  # type: ignore[list-item]  # of a decision it wants the changes

    def _count(self, record: object) -> None:
        ends = isinstance(record, DialledCall) and record.state is DialledState.ENDED and not record.is_told_after
        if ends and isinstance(record, DialledCall):  # kept for a while after its end, and then forgotten
            self.ends["dialled_calls", record.queue or "", record.outcome or "unknown"] += 1
        if not isinstance(record, COUNTED) or record.is_live:
            return
        match record:
            case Call():
                self.ends["calls", record.ended_by or "unknown"] += 1
            case Entry() if record.kind is EntryKind.CALL:
                self.ends["visits", record.queue, record.outcome or "unknown"] += 1
            case Offer():
                self.ends["offers", record.queue, record.outcome or "unknown"] += 1
            case Recording():
                self.ends["recordings", record.outcome or "unknown"] += 1
            case Callback():
                self.ends["callbacks", record.queue, record.outcome or "unknown"] += 1
            case WrapUp():
                self.ends["wrap_ups", record.queue, record.ended_by or "unknown"] += 1
