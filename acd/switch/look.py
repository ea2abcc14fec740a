"""Looking at what stands on a switch: asks, waits (with deadlines) for the answers, and makes them a snapshot.

With it goes what a look must know of the events before it: the lists of the switch are written behind them.
"""

from collections.abc import Callable
from dataclasses import replace

import gevent
from gevent.event import AsyncResult
from greenswitch.esl import NotConnectedError

from acd.core.events import Event, PhoneRegistered, PhoneUnregistered, SnapshotTaken
from acd.switch import snapshot
from acd.switch.commands_to import api
from acd.switch.contacts import Contacts
from acd.switch.esl import EventSocket, NoReply
from acd.switch.wire import Frame
from acd.words import LegId, NodeId, PhoneId

_LIST_LAGS_S = 30.0
"""The list of registrations is written behind their events, at most so far."""
_DUMPED_AT_ONCE = 50


class Look:
    """``known``: legs that need no dump. ``answer_s``: deadline of each answer."""

    def __init__(
        self, node: NodeId, profile: str, known: Callable[[LegId], bool], clock: Callable[[], float], *, answer_s: float
    ) -> None:
        self._node, self._profile, self._known, self._clock, self._answer_s = node, profile, known, clock, answer_s
        self._contacts = Contacts()
        self._registered_at: dict[PhoneId, float] = {}

    def news(self, event: Event, frame: Frame) -> Event | None:
        """The event, with what only its predecessors tell; None for a phone of which one registration of several has ended."""
        call_id = frame.field("call-id") or ""
        if isinstance(event, PhoneRegistered):
            self._registered_at[event.phone] = event.at
            return replace(event, anew=self._contacts.came(event.phone, call_id))
        if isinstance(event, PhoneUnregistered):
            if not self._contacts.went(event.phone, call_id):
                return None
            self._registered_at.pop(event.phone, None)
        return event

    def take(self, socket: EventSocket, *, restarted: bool) -> SnapshotTaken:
        """All that stands. Raises NotConnectedError, NoReply when the switch does not answer."""
        asked_at = self._clock()
        newer = [phone for phone, at in self._registered_at.items() if at >= asked_at - _LIST_LAGS_S]
        lists = snapshot.lists(*self._answers(socket, [snapshot.CHANNELS, snapshot.CALLS, snapshot.REGISTRATIONS]))
        unknown = snapshot.to_dump(lists, self._node, self._known)
        dumps: list[str] = []
        for at in range(0, len(unknown), _DUMPED_AT_ONCE):  # between them the commands of calls get their turn
            dumps += self._answers(socket, [snapshot.dump(uuid) for uuid in unknown[at : at + _DUMPED_AT_ONCE]])
        self._contacts.rebase(lists.registrations or [], newer)
        return snapshot.taken(
            lists,
            dict(zip(unknown, map(snapshot.dumped, dumps), strict=True)),
            node=self._node,
            profile=self._profile,
            at=self._clock(),
            asked_at=asked_at,
            restarted=restarted,
            just_registered=newer,
        )

    def _answers(self, socket: EventSocket, questions: list[str]) -> list[str]:
        """The answers, in order; all are asked before the first is waited for."""
        waiting = []
        for question in questions:
            answer: AsyncResult[Frame | None] = AsyncResult()
            socket.ask(api(question), answer.set, self._answer_s)
            waiting.append(answer)
        answers = []
        for answer in waiting:
            with gevent.Timeout(self._answer_s, NoReply(f"{socket.name}: no answer of a snapshot in time")):
                frame = answer.get()
            if frame is None:
                raise NotConnectedError(socket.why_lost)
            answers.append(frame.data)
        return answers
