"""A decision in the making. It sees its own changes; the state does not, until the decision is whole.

If anything raises on the way, the draft is thrown away and the state is as it was.
"""

from dataclasses import replace
from typing import Any, TypeVar

from acd.core.call import Call
from acd.core.commands import Command
from acd.core.decision import Decision, Record
from acd.core.events import DigitPressed, Event
from acd.core.frame import HIDDEN
from acd.core.lines.entry import Entry
from acd.core.lines.pace import Pace
from acd.core.offers.offer import Offer
from acd.core.outside.callback import Callback
from acd.core.outside.dialled_call import DialledCall
from acd.core.staff.agent import Agent
from acd.core.staff.desk import Desk
from acd.core.staff.nailed import NailedLeg
from acd.core.staff.wrap_up import WrapUp
from acd.core.state import State
from acd.core.talking.monitor import Monitor
from acd.core.talking.recording import Recording
from acd.words import AgentId, CallId, EntryId, MonitorId, OfferId, QueueId, RecordingId

R = TypeVar("R", bound=Record)


class Draft:
    def __init__(self, state: State, event: Event, at: float, *, healed: bool = False) -> None:
        self.state, self.event, self.at, self.healed = state, event, at, healed
        self.changes: dict[tuple[str, str], Record] = {}
        self.commands: list[Command] = []
        self.is_late = False
        self.refused = ""

    def call(self, id: CallId) -> Call:
        return self._changed("Call", id) or self.state.calls[id]

    def entry(self, id: EntryId) -> Entry:
        return self._changed("Entry", id) or self.state.entries[id]

    def offer(self, id: OfferId) -> Offer:
        return self._changed("Offer", id) or self.state.offers[id]

    def callback(self, id: str) -> Callback:
        return self._changed("Callback", id) or self.state.callbacks[id]

    def dialled(self, id: str) -> DialledCall:
        return self._changed("DialledCall", id) or self.state.dialled[id]

    def agent(self, id: AgentId) -> Agent:
        return self._changed("Agent", id) or self.state.agent(id)

    def wrap_up(self, id: OfferId) -> WrapUp | None:
        return self._changed("WrapUp", id) or self.state.wrap_ups.get(id)

    def monitor(self, id: MonitorId) -> Monitor:
        return self._changed("Monitor", id) or self.state.monitors[id]

    def monitors(self) -> list[Monitor]:
        """The live ones."""
        known = {id: self.monitor(id) for id in self.state.monitors}
        new = {each.id: each for each in self.changes.values() if isinstance(each, Monitor)}
        return [each for each in (known | new).values() if each.is_live]

    def any_call(self, id: CallId) -> Call | None:
        """Also one that ends in this very decision; None when it is over."""
        return self._changed("Call", id) or self.state.calls.get(id)

    def any_offer(self, id: OfferId) -> Offer | None:
        return self._changed("Offer", id) or self.state.offers.get(id)

    def recording(self, id: RecordingId) -> Recording:
        return self._changed("Recording", id) or self.state.recordings[id]

    def recordings_of(self, call: CallId) -> list[Recording]:
        """The live ones, in the order in which they were begun."""
        known = {id: self.recording(id) for id in self.state.recordings_of.get(call, ())}
        new = {each.id: each for each in self.changes.values() if isinstance(each, Recording) and each.call == call}
        return [each for each in (known | new).values() if each.is_live]

    def nailed(self, id: AgentId) -> NailedLeg | None:
        """The leg that an agent keeps, or is rung for; None when there is none."""
        fresh = [each for each in self.changes.values() if isinstance(each, NailedLeg) and each.agent == id]
        kept = next((each for each in fresh if each.is_kept), None)
        leg = self.state.nailed_of_agent.get(id)
        return kept or (None if leg is None or any(each.id == leg for each in fresh) else self.state.nailed[leg])

    def desk(self, id: AgentId) -> Desk | None:
        """The one that an agent has, be it lost; None when there is none (any more)."""
        found: Desk | None = self._changed("Desk", id) or self.state.desks.get(id)
        return found if found is not None and found.is_live else None

    def is_unreachable(self, id: AgentId) -> bool:
        """Whether every phone of an agent is known to be down."""
        policy = self.state.policy.agents.get(id)
        if policy is None or not policy.devices:
            return False
        known = [self._changed("Phone", phone) or self.state.phones.get(phone) for phone in policy.devices]
        return all(phone is not None and not phone.registered for phone in known)

    def pace(self, queue: QueueId) -> Pace:
        return self._changed("Pace", queue) or self.state.paces.get(queue) or Pace(id=queue)

    def put(self, record: R) -> R:
        self.changes[type(record).__name__, record.id] = record
        return record

    def do(self, *commands: Command) -> None:
        self.commands.extend(commands)

    def first(self, command: Command) -> None:
        """Before all else that this decision does."""
        self.commands.insert(0, command)

    def late(self) -> None:
        """A race we expect: counted by whoever reads the decisions, and otherwise ignored."""
        self.is_late = True
        self.hide()

    def hide(self) -> None:
        """A digit that was typed in confidence, or that means nothing here: what is remembered of it is that there was one."""
        if isinstance(self.event, DigitPressed):
            self.event = replace(self.event, digit=HIDDEN)

    def decision(self) -> Decision:
        return Decision(
            event=self.event,
            changes=tuple(self.changes.values()),
            commands=tuple(self.commands),
            healed=self.healed,
            late=self.is_late and not self.changes,
            refused=self.refused,
        )

    def _changed(self, kind: str, id: str) -> Any:
        return self.changes.get((kind, id))
