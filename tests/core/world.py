"""A small world to try the core in: a policy in one line, flows that do one thing, and events without ceremony.

``World`` feeds events to the one ``step``, checks the invariants after each, and keeps what was decided.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from acd.core import events as ev
from acd.core.call import Call
from acd.core.commands import Answer, Command, Play, Ring
from acd.core.decision import Decision
from acd.core.frame import Frame, Message
from acd.core.interpreter import (
    AgentWish,
    Ask,
    EndCall,
    EnterQueue,
    Happening,
    LeaveQueue,
    QueueExit,
    SuperviseAsk,
    Surroundings,
    TapeAsk,
    Walk,
    WishDone,
)
from acd.core.lines.entry import Entry
from acd.core.media import Speech
from acd.core.offers.offer import Offer
from acd.core.policy import FAILURE_RULES, AgentPolicy, FailureRule, Policy, QueuePolicy
from acd.core.staff.agent import Agent
from acd.core.state import State
from acd.core.step import step
from acd.words import (
    AgentId,
    CallId,
    FlowId,
    LegId,
    NodeId,
    OfferOutcome,
    PhoneId,
    PlayId,
    QueueId,
    Supervise,
    TapeWish,
    Wish,
)
from tests.core.invariants import Ledger, assert_invariants

FS = NodeId("fs")


def leg(name: str) -> LegId:
    return LegId(f"fs/{name}")


@dataclass
class Flows:
    """An interpreter of one-step flows: ``queue.NAME``, ``ask.NAME`` (one of ``asks``), ``agent.ID``, ``menu.NAME``
    (a digit, then the queue), ``wish.WISH``.
    """

    exits: frozenset[str] = frozenset()
    exit_keys: str = ""
    after: dict[str, Ask] = field(default_factory=dict)  # exit -> what the flow asks next; otherwise it ends the call
    max_wait_s: float | None = None
    asks: dict[str, EnterQueue] = field(default_factory=dict)
    waiting: FlowId | None = None  # ``wait.EXIT``: says something, then is silent for 20 s; digit 1 leaves by EXIT, 5 ends the lap

    def begin(self, at: float, call: Call, flow: FlowId, around: Surroundings) -> Walk:
        kind, _, rest = flow.partition(".")
        frame = Frame(flow=flow, version="1", step=kind, since=at)
        if kind == "queue":
            return Walk(frame=frame, commands=(Answer(leg=call.leg),), ask=self._queue(rest))
        if kind == "ask":
            return Walk(frame=frame, commands=(Answer(leg=call.leg),), ask=self.asks[rest])
        if kind == "menu":
            play = PlayId(f"{call.id}.1")
            say = Play(leg=call.leg, play=play, media=(Speech(text="press 1"),))
            return Walk(frame=replace(frame, play=play, deadline=at + 30), commands=(Answer(leg=call.leg), say))
        if kind == "agent":
            return Walk(frame=frame, commands=(Answer(leg=call.leg),), ask=replace(self._queue(""), agent=AgentId(rest), ring_s=12.0))
        if kind == "wait":
            return self._say(at, call, replace(frame, plays=call.frame.plays if call.frame else 0))
        if kind == "tape":
            return Walk(frame=frame, ask=TapeAsk(wish=TapeWish(rest)))
        if kind == "supervise":
            wish, _, extension = rest.partition(".")
            return Walk(frame=frame, ask=SuperviseAsk(wish=Supervise(wish), extension=extension))
        if kind == "wish":
            wish, _, reason = rest.partition(".")
            return Walk(frame=frame, ask=AgentWish(wish=Wish(wish), reason=reason))
        raise KeyError(flow)

    def _queue(self, queue: str) -> EnterQueue:
        return EnterQueue(
            queue=QueueId(queue), exits=self.exits, exit_keys=self.exit_keys, max_wait_s=self.max_wait_s, waiting=self.waiting
        )

    def _say(self, at: float, call: Call, frame: Frame) -> Walk:
        play = PlayId(f"{call.id}.{frame.plays + 1}")
        say = Play(leg=call.leg, play=play, media=(Speech(text="please hold"),))
        return Walk(frame=replace(frame, step="say", since=at, play=play, plays=frame.plays + 1, deadline=at + 30), commands=(say,))

    def _while_waiting(self, at: float, frame: Frame, happening: Happening) -> Walk:
        match happening:
            case ev.PlayEnded(play=play) if play == frame.play:
                return Walk(frame=replace(frame, step="rest", since=at, play=None, deadline=at + 20))
            case ev.DigitPressed(digit="1"):
                return Walk(frame=frame, ask=LeaveQueue(exit=frame.flow[5:]))
            case ev.DigitPressed(digit="5"):
                return Walk(frame=frame, ask=EndCall())
            case ev.TimePassed() if frame.deadline is not None and at >= frame.deadline:
                return Walk(frame=replace(frame, play=None, deadline=None), ask=EndCall())
        return Walk(frame=frame)

    def resume(self, at: float, call: Call, happening: Happening, around: Surroundings) -> Walk:
        frame = call.frame
        assert frame is not None
        if frame.flow.startswith("wait."):
            return self._while_waiting(at, frame, happening)
        match happening:
            case QueueExit(exit=exit):
                return Walk(frame=replace(frame, step=exit, since=at), ask=self.after.get(exit, EndCall()))
            case WishDone():
                return Walk(frame=frame, ask=EndCall())
            case ev.DigitPressed(digit="0") if frame.step == "menu":
                return Walk(frame=replace(frame, step="voicemail", deadline=at + 60))
            case ev.DigitPressed() if frame.step == "menu":
                return Walk(frame=replace(frame, step="queue", play=None, deadline=None), ask=self._queue(frame.flow[5:]))
            case ev.TimePassed():
                return Walk(frame=replace(frame, deadline=None), ask=EndCall())
        return Walk(frame=frame)

    def left_behind(self, at: float, frame: Frame, seconds: float) -> tuple[Message, ...]:
        return (Message(id=frame.play, mailbox="m", left_at=at, seconds=seconds),) if frame.step == "voicemail" and frame.play else ()

    def is_sensitive(self, frame: Frame) -> bool:
        return frame.step == "secret"

    def knows(self, flow: FlowId) -> bool:
        return flow.partition(".")[0] in ("queue", "menu", "agent", "wish") and "." in flow

    def place(self, at: float, flow: FlowId, step: str) -> Frame | None:
        return Frame(flow=flow, version="1", step=step, since=at)


def policy(agents: int = 2, queues: Iterable[str] = ("sales",), **changes: object) -> Policy:
    """``agents`` agents a0, a1 …, each in every queue; numbers 1 -> queue.<first>, menu, feature codes."""
    queue_policy = {k[6:]: v for k, v in changes.items() if k.startswith("queue_")}
    rest = {k: v for k, v in changes.items() if not k.startswith("queue_")}
    names = [QueueId(q) for q in queues]
    people = [AgentPolicy(id=AgentId(f"a{n}"), name=f"A{n}", phone=PhoneId(f"100{n}"), queues=tuple(names)) for n in range(agents)]
    rules = dict(FAILURE_RULES)
    if "max_missed" in rest:
        rules[OfferOutcome.NO_ANSWER] = FailureRule(not_ready_after=rest.pop("max_missed"))  # type: ignore[arg-type]
    if "busy_rest_s" in rest:
        rules[OfferOutcome.BUSY] = FailureRule(rest_s=rest.pop("busy_rest_s"))  # type: ignore[arg-type]
    return replace(
        Policy(
            version="p1",
            queues={q: replace(QueuePolicy(id=q), **queue_policy) for q in names},  # type: ignore[arg-type]
            agents={a.id: a for a in people},
            numbers={str(n + 1): FlowId(f"queue.{q}") for n, q in enumerate(names)}
            | {"50": FlowId(f"menu.{names[0]}"), "60": FlowId("agent.a0")},
            phone_numbers={
                "*1": FlowId("wish.ready"),
                "*2": FlowId("wish.not_ready.lunch"),
                "*3": FlowId("wish.log_out"),
            },
            reasons=frozenset({"lunch", "break"}),
            on_failed_offer=rules,
            agent_of_phone={a.phone: a.id for a in people},
        ),
        **rest,  # type: ignore[arg-type]
    )


class World:
    def __init__(self, rules: Policy | None = None, flows: Flows | None = None, at: float = 1000.0) -> None:
        self.state = State(rules or policy(), flows or Flows())
        self.at = at
        self.decisions: list[Decision] = []
        self.events: list[ev.Event] = []
        self.ledger = Ledger()
        self.feed(ev.SnapshotTaken(at=at, node=FS, asked_at=at, channels=()))

    # -- feeding ----------------------------------------------------------------------------------------------------

    def feed(self, event: ev.Event) -> list[Command]:
        """One event; returns the commands that it led to. The invariants are checked after it."""
        self.at = max(self.at, event.at)
        self.events.append(event)
        decisions = list(step(self.state, event))
        self.decisions += decisions
        self.ledger.note(decisions)
        assert_invariants(self.state, self.ledger)
        return [command for decision in decisions for command in decision.commands]

    def after(self, seconds: float) -> "World":
        """Let time pass, deadline by deadline."""
        end = self.at + seconds
        while (due := self.state.next_deadline()) is not None and due <= end:
            self.feed(ev.TimePassed(at=max(due, self.at)))
        self.at = end
        return self

    def arrives(self, name: str, dialled: str = "1", phone: str | None = None, **more: object) -> list[Command]:
        who = PhoneId(phone) if phone else None
        return self.feed(ev.CallArrived(at=self.at, leg=leg(name), dialled=dialled, phone=who, **more))  # type: ignore[arg-type]

    def asks(self, agent: str, wish: Wish, reason: str = "", **more: Any) -> str:
        """``more``: by, forced, call_at."""
        self.feed(ev.AgentAsked(at=self.at, agent=AgentId(agent), wish=wish, reason=reason, **more))
        return self.decisions[-1].refused

    def desk(self, agent: str) -> str:
        """It says that it is there."""
        self.feed(ev.DeskSeen(at=self.at, agent=AgentId(agent)))
        return self.decisions[-1].refused

    def desk_closes(self, agent: str) -> "World":
        self.feed(ev.DeskClosed(at=self.at, agent=AgentId(agent)))
        return self

    def ready(self, *agents: str) -> "World":
        for agent in agents:
            self.asks(agent, Wish.READY)
            self.at += 0.5
        return self

    def rings(self, agent: str) -> list[Command]:
        return self.feed(ev.LegRinging(at=self.at, leg=self.offer(agent).leg))

    def picks_up(self, agent: str) -> list[Command]:
        """200 OK from the agent's phone, and the leg parks."""
        target = self.offer(agent).leg
        return self.feed(ev.LegAnswered(at=self.at, leg=target)) + self.feed(ev.LegParked(at=self.at, leg=target, inbound=False))

    def is_bridged(self, agent: str) -> list[Command]:
        offer = self.offer(agent)
        return self.feed(ev.LegsBridged(at=self.at, leg=self.state.calls[offer.call].leg, other=offer.leg))

    def talks(self, name: str, agent: str) -> "World":
        """From nothing to a conversation between caller ``name`` and ``agent``."""
        self.ready(agent)
        self.arrives(name)
        self.rings(agent)
        self.picks_up(agent)
        self.is_bridged(agent)
        return self

    def hangs_up(self, name: str, cause: str = "NORMAL_CLEARING") -> list[Command]:
        return self.feed(ev.LegEnded(at=self.at, leg=leg(name), cause=cause))

    def phone_ends(self, agent: str, cause: str, sip_status: int = 0) -> list[Command]:
        return self.feed(ev.LegEnded(at=self.at, leg=self.offer(agent).leg, cause=cause, sip_status=sip_status))

    # -- looking ----------------------------------------------------------------------------------------------------

    def agent(self, id: str) -> Agent:
        return self.state.agent(AgentId(id))

    def offer(self, agent: str) -> Offer:
        id = self.agent(agent).offer
        assert id is not None, f"{agent} has no offer"
        return self.state.offers[id]

    def entry(self, name: str) -> Entry:
        call = self.call(name)
        assert call.entry is not None, f"{name} is in no queue"
        return self.state.entries[call.entry]

    def call(self, name: str) -> Call:
        return self.state.calls[CallId(name)]

    def rung(self) -> list[str]:
        """The agents' phones that were rung so far, in order."""
        return [c.phone for d in self.decisions for c in d.commands if isinstance(c, Ring)]

    def ended(self, kind: type) -> list:  # type: ignore[type-arg]
        """The last versions of all records of a kind that have ended."""
        last = {r.id: r for d in self.decisions for r in d.changes if isinstance(r, kind)}
        return [r for r in last.values() if not r.is_live]

    def all_records(self) -> dict[tuple[str, str], object]:
        return {(type(r).__name__, r.id): r for r in self.state.records()}
