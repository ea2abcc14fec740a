"""A house that calls its customers back, in one line: a flow in which a caller asks for it, and what then happens to phones."""

from dataclasses import replace
from typing import Any

from acd.core import commands as cm
from acd.core import events as ev
from acd.core.call import Call
from acd.core.frame import CallbackWish, Frame
from acd.core.interpreter import CallbackAsk, EndCall, Happening, Surroundings, Walk, WishDone
from acd.core.outside.callback import Callback
from acd.core.outside.callback_policy import CallbackPolicy
from acd.core.outside.outbound_policy import OutboundPolicy, Way
from acd.core.policy import Policy
from acd.words import FlowId, LegId, OwnCallback, QueueId
from tests.core.world import Flows, World, policy

MINE = "+493012345678"
FIRST = {"mode": "customer_first"}
AGAIN_S, LATER_S = 600.0, 3600.0


class CallbackFlows(Flows):
    """``callback.QUEUE``: the caller asks to be called back, and is released. ``wished_at``: for that time."""

    wished_at: float | None = None

    def begin(self, at: float, call: Call, flow: FlowId, around: Surroundings) -> Walk:
        kind, _, queue = flow.partition(".")
        if kind != "callback":
            return super().begin(at, call, flow, around)
        since = at if call.waiting_since is None else call.waiting_since
        wish = CallbackWish(
            id=f"{call.id}.9", queue=QueueId(queue), number=call.caller_number, asked_at=at, since=since, at=self.wished_at
        )
        return Walk(frame=Frame(flow=flow, version="1", step=kind, since=at), ask=EndCall(), callbacks=(wish,))


class Own(CallbackFlows):
    """``own.WISH``: asks, and stays where it is with the answer in ``why``. ``number`` and ``at`` are what is changed."""

    number = ""
    at: float | None = None

    def begin(self, at: float, call: Call, flow: FlowId, around: Surroundings) -> Walk:
        kind, _, wish = flow.partition(".")
        if kind != "own":
            return super().begin(at, call, flow, around)
        frame = super().begin(at, call, FlowId("wait.x"), around).frame
        ask = CallbackAsk(wish=OwnCallback(wish), queue=QueueId("sales"))
        if ask.wish is OwnCallback.CHANGE:
            ask = replace(ask, number=self.number, at=self.at)
        return Walk(frame=replace(frame, step="own"), ask=ask)

    def resume(self, at: float, call: Call, happening: Happening, around: Surroundings) -> Walk:
        if isinstance(happening, WishDone) and call.frame is not None and call.frame.step == "own":
            return Walk(frame=replace(call.frame, variables={"why": happening.why or "granted"}))
        if isinstance(happening, ev.DigitPressed) and call.frame is not None and call.frame.step == "own":
            return Walk(frame=call.frame, ask=EndCall())
        return super().resume(at, call, happening, around)


def callback_rules(agents: int = 2, *, queues: tuple[str, ...] = ("sales",), gate: dict[str, Any] | None = None, **how: Any) -> Policy:
    """Dialled 70: callback.sales; 81, 82, 83: own.look, own.cancel, own.change.

    ``how``: of the callback; ``queue_…`` of the queue; ``gate``: of the gate."""
    rest = {name: how.pop(name) for name in list(how) if name.startswith("queue_") or name in ("calendars", "max_missed")}
    how = {"retries": (AGAIN_S, LATER_S)} | how
    rules = policy(agents, queues, **({"queue_callback": CallbackPolicy(**how), "queue_wrap_up_s": 0.0} | rest))
    carrier = Way(trunk="carrier", prefixes=("+",), caller_id="+493099")
    outbound = OutboundPolicy(**({"ways": (carrier,), "region": "DE"} | (gate or {})))
    own = {"81": FlowId("own.look"), "82": FlowId("own.cancel"), "83": FlowId("own.change")}
    numbers = {**rules.numbers, **own, "70": FlowId(f"callback.{queues[0]}")}
    return replace(rules, outbound=outbound, numbers=numbers)


class CallbackWorld(World):
    def __init__(self, rules: Policy | None = None, flows: Flows | None = None) -> None:
        super().__init__(rules or callback_rules(), flows or CallbackFlows())

    def asks_back(self, name: str = "c", number: str = MINE) -> "CallbackWorld":
        """Somebody calls, asks to be called back, and is gone."""
        self.arrives(name, "70", caller_number=number)
        self.hangs_up(name)
        self.feed(ev.TimePassed(at=self.at))  # what is due now
        return self

    def back(self, name: str = "c") -> Callback:
        return self.state.callbacks[f"{name}.9"]

    def ended_back(self, name: str = "c") -> Callback:
        return next(each for each in self.ended(Callback) if each.id == f"{name}.9")

    @property
    def dialled(self) -> list[str]:
        """The numbers that were called so far."""
        return [c.number for d in self.decisions for c in d.commands if isinstance(c, cm.CallOut)]

    def customer(self, name: str = "c") -> LegId:
        leg = self.back(name).leg
        assert leg is not None, "nobody is dialled"
        return leg

    def customer_answers(self, name: str = "c") -> list[cm.Command]:
        leg = self.customer(name)
        return self.feed(ev.LegAnswered(at=self.at, leg=leg)) + self.feed(ev.LegParked(at=self.at, leg=leg, inbound=False))

    def customer_ends(self, cause: str = "NORMAL_CLEARING", name: str = "c") -> list[cm.Command]:
        return self.feed(ev.LegEnded(at=self.at, leg=self.customer(name), cause=cause))

    def talks_back(self, agent: str = "a0", name: str = "c") -> "CallbackWorld":
        """Agent first, to the talk."""
        self.picks_up(agent)
        self.customer_answers(name)
        self.is_bridged(agent)
        return self


def kinds(commands: list[cm.Command]) -> list[str]:
    return [type(each).__name__ for each in commands]
