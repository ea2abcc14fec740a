"""The dialer beside the running house: hears what is decided there, steps its own campaigns, and has their decisions done.

It owns its state as the controller owns the house's. It asks the house as anybody else does, and what it asks of the database is
answered later: nothing here waits for a disk, and no call waits for the dialer.
"""

import logging
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from gevent.event import AsyncResult
from gevent.timeout import Timeout

from acd.campaign import AGENTLESS
from acd.config.configuration import Configuration
from acd.core.events import DialAsked, DialDropAsked, LetGoAsked, ReserveAsked
from acd.core.illegal import IllegalMove
from acd.live.controller import Controller, Unanswered
from acd.words import AgentId, QueueId
from dialer.core import calling_us
from dialer.core.attempt import AttemptState
from dialer.core.decisions import Decision, Dial, Drop, LetGo, Reserve, RunChanged, Tell
from dialer.core.events import CallSeen, CallWished, Event, NotDialled, PutBack, ReserveAnswered, RulesChanged, Ticked, Unknown
from dialer.core.pacing.choosing import pacer_of
from dialer.core.state import Dialler
from dialer.core.step import step
from dialer.live.errands import Errands, MayBeDialled
from dialer.live.leads import Leads
from dialer.live.seen import events_of, everybody, one_agent, related
from dialer.live.told import told_of

log = logging.getLogger(__name__)

TICK_S = 1.0
KEEP_S = 300.0
"""So often what the pacers have learnt is kept."""
FRESH_S = 2.0
"""A lead that was taken longer ago, because an agent looked at it first, is asked after once more before it is dialled (ACD.md 94)."""
SILENT_S = 30.0
"""An attempt of which the house has said nothing for so long is asked after."""


class Worker:
    """``remembers``: whether the house's memory reaches back to before we were last running. ``tell``: programs beside the house."""

    def __init__(
        self,
        *,
        controller: Controller,
        leads: Leads,
        house: Callable[[], Configuration],
        remembers: bool,
        tell: Callable[[str, Mapping[str, Any]], None] = lambda event, what: None,
    ) -> None:
        self._controller, self._leads, self._house, self._remembers = controller, leads, house, remembers
        self._tell = tell
        self.state = Dialler(pacer_of)
        self.errands = Errands(leads, self.post, controller.now)
        self._told: dict[str, AsyncResult[str]] = {}  # who waits to hear whether their number is dialled
        self._inbox: deque[tuple[Event, AsyncResult[None] | None]] = deque()
        self._heard = controller.subscribers.subscribe("dialer", 100_000)
        self.listed: Mapping[str, float] | None = None  # national do-not-call lists and the dates of their files
        self._in_force: Configuration | None = None
        self._queues: frozenset[QueueId] = frozenset()
        self._stopped = False
        self._ticked_at = self._kept_at = 0.0
        self.begun_at = controller.now()

    # -- from outside ---

    def post(self, event: Event) -> None:
        """From any greenlet. Returns at once."""
        self._put(event, None)

    def ask(self, event: Event, timeout_s: float = 5.0) -> None:
        """Returns when it was decided. Raises IllegalMove, Unanswered."""
        reply: AsyncResult[None] = AsyncResult()
        self._put(event, reply)
        try:
            reply.get(timeout=timeout_s)
        except Timeout:
            raise Unanswered(f"the dialer did not answer within {timeout_s:g} s") from None

    def call(self, event: CallWished, timeout_s: float = 8.0) -> str:
        """Returns when the number is dialled, or why it is not. Raises IllegalMove, Unanswered."""
        told = self._told[event.id] = AsyncResult()
        try:
            self.ask(event)
            return str(told.get(timeout=timeout_s))
        except Timeout:
            raise Unanswered(f"{event.number} was not dialled within {timeout_s:g} s; it may be yet") from None
        finally:
            del self._told[event.id]

    def _put(self, event: Event, reply: "AsyncResult[None] | None") -> None:
        self._inbox.append((event, reply))
        self._heard.wake()

    def stop(self) -> None:
        self._stopped = True

    # -- the loop ---

    def begin(self, back: PutBack) -> None:
        """``back`` was read before the house takes calls; nothing is dialled before every open attempt has been asked after."""
        self._hear(back)
        self._rules()
        for attempt in list(self.state.attempts.values()):
            self._ask_after(attempt.id)
        for call in list(self._controller.state.dialled.values()):
            if call.campaign and call.disposition:  # said while nobody listened, or stored already
                self._hear(CallSeen(at=self._now(), call=call))
        self._everybody()

    def run(self) -> None:
        while not self._stopped:
            self.turn(wait_s=TICK_S)

    def turn(self, wait_s: float = 0.0) -> None:
        """What was decided in the house, what was posted, and the time."""
        decisions = self._heard.take(wait_s)
        if self._house() is not self._in_force:
            self.renew()
        for event in events_of(decisions, self._controller.state, self._queues, self._now()):
            self._hear(event)
        while self._inbox:
            self._answer(*self._inbox.popleft())
        if (now := self._now()) - self._ticked_at >= TICK_S:
            self._ticked_at = now
            self._hear(Ticked(at=now))
            self._look_after(now)

    def renew(self) -> None:
        """The configuration in force, and everybody as they are."""
        self._rules()
        self._everybody()

    def _rules(self) -> None:
        self._in_force = house = self._house()
        state = self._controller.state
        self._queues = related(state.policy, frozenset(each.queue for each in house.campaigns.values() if each.queue is not None))
        members = {queue: frozenset(state.roster.members(queue)) for queue in self._queues}
        self._hear(RulesChanged(at=self._now(), campaigns=house.campaigns, calendars=house.calendars, members=members))

    def _everybody(self) -> None:
        for event in everybody(self._controller.state, self._queues, self._now()):
            self._hear(event)

    def _answer(self, event: Event, reply: "AsyncResult[None] | None") -> None:
        try:
            if isinstance(event, MayBeDialled):
                self._dial_after_all(event)
            else:
                self._hear(event)
        except IllegalMove as why:
            if reply is None:
                raise
            reply.set_exception(why)
        else:
            if reply is not None:
                reply.set(None)

    def _dial_after_all(self, event: MayBeDialled) -> None:
        """Unless it was stopped, or they called us, while the database was asked: nothing was there that could have been dropped."""
        of, attempt = self.state.campaigns[event.dial.rules.id], event.dial.attempt
        if of.dials and not calling_us.is_on_line(self.state, attempt.number):
            self._dial(event.dial)
        else:
            why = calling_us.WHY if of.dials else f"the campaign is {of.run.state}"
            self._hear(NotDialled(at=event.at, attempt=attempt.id, why=why))

    def _hear(self, event: Event) -> None:
        for decision in step(self.state, event):
            self._do(decision)
        for id, told in self._told.items():
            attempt = self.state.attempts.get(id)
            if attempt is not None and attempt.state is AttemptState.ENDED:
                told.set(attempt.why or str(attempt.outcome))
            elif id in self._controller.state.dialled:
                told.set("")

    def _do(self, decision: Decision) -> None:
        match decision:
            case Dial() if self._now() - decision.attempt.claimed_at > FRESH_S:
                self.errands.look_again(decision)
            case Dial():
                self._dial(decision)
            case Reserve():
                self._reserve(decision)
            case LetGo():
                event = LetGoAsked(at=self._now(), agent=decision.agent, attempt=decision.attempt, by="dialer")
                self._controller.post(event)
            case Drop():
                self._controller.post(DialDropAsked(at=self._now(), attempt=decision.attempt, by="dialer"))
            case RunChanged():
                self.errands.do(decision)
                self.errands.later(self._look_at_lists)
            case Tell(news=news):
                self._tell(*told_of(news, self._house()))
            case _:
                self.errands.do(decision)

    def _dial(self, dial: Dial) -> None:
        """A refusal of the house's gate is the end of the attempt, and comes as a call like any other."""
        attempt, rules = dial.attempt, dial.rules
        event = DialAsked(
            at=self._now(),
            attempt=attempt.id,
            queue=rules.queue,
            flow=rules.script if rules.mode in AGENTLESS else None,
            prefer=AgentId(attempt.promised_by) if attempt.promised_by else None,
            reserved=AgentId(attempt.reserved) if attempt.reserved else None,
            number=attempt.number,
            campaign=rules.id,
            trunks=rules.trunks,
            caller_id=rules.caller_id,
            ring_s=rules.ring_s,
            ring_least_s=rules.ring_least_s,
            priority=min(100, rules.priority),
            answer_s=rules.answer_s,
            message=rules.message,
            detect=rules.detects,
            voicemail=rules.for_machines if rules.detects else None,
            tags=attempt.tags,
            callbacks=rules.callbacks,
            no_more=rules.no_more,
            by="dialer",
        )
        try:
            refused = next((each.refused for each in self._controller.ask(event) if each.refused), "")
        except Unanswered as why:
            log.warning("attempt %s: %s", attempt.id, why)
            return  # it may be dialled yet: asked after when nothing is heard of it
        if refused and attempt.id not in self._controller.state.dialled:
            self.post(NotDialled(at=self._now(), attempt=attempt.id, why=refused))
        if attempt.reserved:
            self._look_at(AgentId(attempt.reserved))

    def _reserve(self, wanted: Reserve) -> None:
        agent = AgentId(wanted.attempt.reserved)
        event = ReserveAsked(
            at=self._now(), agent=agent, attempt=wanted.attempt.id, queue=wanted.queue, for_s=wanted.for_s, by="dialer"
        )
        try:
            refused = next((each.refused for each in self._controller.ask(event) if each.refused), "")
        except Unanswered as why:
            refused = str(why)
        self._look_at(agent)
        self._hear(ReserveAnswered(at=self._now(), attempt=wanted.attempt.id, refused=refused))

    def _look_at(self, agent: AgentId) -> None:
        """What was asked of the house has changed them, or has not."""
        for event in one_agent(self._controller.state, self._queues, agent, self._now()):
            self._hear(event)

    # -- now and then ---

    def _look_after(self, now: float) -> None:
        for attempt in list(self.state.attempts.values()):
            silent = attempt.state is AttemptState.ASKED and now - (attempt.asked_at or now) > SILENT_S
            if silent and attempt.id not in self._controller.state.dialled:
                self._ask_after(attempt.id)
        if now - self._kept_at >= KEEP_S:
            self._kept_at = now
            self.keep()

    def keep(self) -> None:
        under_way = tuple(each.id for each in self.state.attempts.values())
        self.errands.later(partial(self._leads.renew, under_way, self._now()))
        self.errands.later(self._look_at_lists)
        for queue, floor in self.state.floors.items():
            if not (learnt := floor.learnt()):
                continue
            self.errands.later(partial(self._leads.keep_learnt, queue, learnt))

    def _look_at_lists(self) -> None:
        """In the thread of the database."""
        self.listed = self._leads.listed()

    def _ask_after(self, id: str) -> None:
        """What the house knows of it: the call as it is, or nothing."""
        call = self._controller.state.dialled.get(id)
        if call is not None:
            self._hear(CallSeen(at=self._now(), call=call))
        else:
            self._hear(Unknown(at=self._now(), attempt=id, may_have_rung=not self._remembers))

    def _now(self) -> float:
        return self._controller.now()
