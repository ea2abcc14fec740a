"""What a flow may know of the house around its call, read from the state when a flow asks for it."""

from acd.core.call import Call
from acd.core.draft import Draft
from acd.core.lines import promising
from acd.core.lines.forecast import Wait
from acd.core.outside.gate import callable_form
from acd.words import AgentId, PhoneId, QueueId


class House:
    """The house as one decision sees it. Implements ``acd.core.interpreter.Surroundings``."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft

    def forced(self, calendar: str) -> str:
        return self._draft.state.forced_state(calendar, self._draft.at)

    def waiting(self, queue: QueueId) -> int:
        return len(self._draft.state.line(self._now_called(queue)))

    def staffed(self, queue: QueueId) -> int:
        return self._draft.state.roster.staffed(self._now_called(queue))

    def online(self, queue: QueueId) -> int:
        return self._draft.state.roster.online(self._now_called(queue))

    def available(self, queue: QueueId) -> int:
        return self._draft.state.roster.available(self._now_called(queue))

    def _now_called(self, queue: QueueId) -> QueueId:
        """A flow that was begun before a queue was replaced says its old name."""
        return self._draft.state.policy.now_called(queue)

    def agent_at(self, extension: str) -> AgentId | None:
        return self._draft.state.policy.agent_of_phone.get(PhoneId(extension))

    def calls_out(self) -> bool:
        return bool(self._draft.state.policy.outbound.ways)

    def callable(self, number: str, region: str = "") -> str:
        return callable_form(self._draft.state.policy.outbound, number, region)

    def callback_hours(self, queue: QueueId) -> str:
        rules = self._draft.state.rules(self._now_called(queue))
        if rules is None:
            return ""
        return (rules.callback.hours if rules.callback else "") or rules.hours

    def position(self, call: Call) -> int:
        """By the entry's place, so that it is right in the very decision in which the caller joins."""
        if call.entry is None:
            return 0
        entry = self._draft.entry(call.entry)
        return self._draft.state.place_in_line(entry)

    def expected_wait(self, call: Call) -> Wait | None:
        return promising.expected_wait(self._draft, self._draft.entry(call.entry)) if call.entry is not None else None
