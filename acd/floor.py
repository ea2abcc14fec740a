"""What the web and the metrics may see and ask: the running house through one narrow door."""

from collections.abc import Callable, Mapping

from acd.changes import Changes
from acd.core.decision import Decision
from acd.core.events import Event
from acd.core.policy import Policy
from acd.core.state import State
from acd.ivr.calendar import Calendar
from acd.live.controller import Controller
from acd.live.journal import Journal
from acd.live.poison import Poison
from acd.owner.ownership import Ownership
from acd.records.writer import RecordsWriter
from acd.switch.counters import Counters
from acd.switch.node import Node
from acd.words import NodeId


class Floor:
    def __init__(
        self,
        *,
        controller: Controller,
        journal: Journal,
        poison: Poison,
        records: RecordsWriter,
        nodes: Mapping[NodeId, Node],
        changes: Changes,
        calendars: Callable[[], Mapping[str, Calendar]],
        ownership: Ownership | None = None,
    ) -> None:
        self._controller, self._journal, self._poison = controller, journal, poison
        self._records, self._nodes, self.changes = records, nodes, changes
        self._calendars, self._ownership = calendars, ownership

    @property
    def state(self) -> State:
        return self._controller.state

    @property
    def policy(self) -> Policy:
        return self._controller.state.policy

    @property
    def calendars(self) -> Mapping[str, Calendar]:
        return self._calendars()

    def now(self) -> float:
        return self._controller.now()

    def ask(self, event: Event) -> tuple[Decision, ...]:
        return self._controller.ask(event)

    @property
    def counters(self) -> Mapping[str, float | Mapping[str, float]]:
        controller, journal, records = self._controller, self._journal, self._records
        return {
            **self.changes.counters,
            **(counters_of(self._ownership) if self._ownership else {}),
            "events": controller.events,
            "mailbox": controller.depth,
            "commands_undelivered": controller.undelivered,
            "decisions_missed": controller.subscribers.missed(),
            "poison_events": self._poison.count,
            "journal_healthy": journal.healthy,
            "journal_bytes": journal.disk_bytes,
            "journal_pending_bytes": journal.pending_bytes,
            "journal_errors": {"write": journal.write_errors, "sync": journal.sync_errors},
            "journal_lost_lines": journal.lost_lines,
            "records_healthy": records.is_healthy,
            "records_behind_lines": records.behind_lines,
            "records_failures": records.failed_total,
            "records_rejected": records.store.rejected,
            "node_events": self._of_nodes(lambda c: c.events),
            "node_lag_s": self._of_nodes(lambda c: c.lag_s),
            "node_reconnects": self._of_nodes(lambda c: c.reconnects),
            "node_gaps": self._of_nodes(lambda c: c.gaps),
            "node_bad_frames": self._of_nodes(lambda c: c.malformed),
            "node_command_errors": self._of_nodes(lambda c: c.command_errors),
            "node_hears_beeps": self._of_nodes(lambda c: c.hears_beeps),
            "node_beeps_unheard": self._of_nodes(lambda c: c.beeps_unheard),
        }

    def _of_nodes(self, read: Callable[[Counters], float]) -> dict[str, float]:
        return {id: read(node.counters) for id, node in self._nodes.items()}


def counters_of(ownership: Ownership) -> dict[str, dict[str, float]]:
    return {
        "owner": {str(id): float(owns) for id, owns in ownership.owns.items()},
        "owner_epoch": {str(id): float(epoch) for id, epoch in ownership.epochs.items()},
    }
