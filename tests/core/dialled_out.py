"""A house that dials for a campaign, in one line: what it asks for, and what then happens to phones outside."""

from dataclasses import replace
from typing import Any

from acd.core import commands as cm
from acd.core import events as ev
from acd.core.call import Call
from acd.core.frame import Frame
from acd.core.interpreter import EndCall, OptOutAsk, Surroundings, Walk, WishDone
from acd.core.media import Speech
from acd.core.outside.dialled_call import DialledCall
from acd.core.outside.outbound_policy import OutboundPolicy, Way
from acd.core.policy import Policy
from acd.words import AgentId, FlowId, LegId, PlayId, QueueId
from tests.core.world import Flows, World, policy

MESSAGE = FlowId("message.sorry")
NUMBERS = tuple(f"+4930123456{n:02}" for n in range(100))


class DialledFlows(Flows):
    """``message.*``: is said, and then it is over; whoever presses a digit in it wants to be called no more."""

    def begin(self, at: float, call: Call, flow: FlowId, around: Surroundings) -> Walk:
        if not flow.startswith("message."):
            return super().begin(at, call, flow, around)
        play = PlayId(f"{call.id}.sorry")
        frame = Frame(flow=flow, version="1", step="message", since=at, play=play, plays=1, deadline=at + 30)
        return Walk(frame=frame, commands=(cm.Play(leg=call.leg, play=play, media=(Speech(text="sorry"),)),))

    def resume(self, at: float, call: Call, happening: Any, around: Surroundings) -> Walk:
        frame = call.frame
        if frame is not None and frame.step == "message" and isinstance(happening, ev.DigitPressed | WishDone):
            return Walk(frame=frame, ask=OptOutAsk() if isinstance(happening, ev.DigitPressed) else None)
        if frame is not None and frame.step == "message":
            over = isinstance(happening, ev.TimePassed) or (isinstance(happening, ev.PlayEnded) and happening.play == frame.play)
            return Walk(frame=replace(frame, deadline=None), ask=EndCall()) if over else Walk(frame=frame)
        return super().resume(at, call, happening, around)

    def knows(self, flow: FlowId) -> bool:
        return flow.startswith("message.") or super().knows(flow)


def dialling_rules(agents: int = 2, *, queues: tuple[str, ...] = ("sales",), gate: dict[str, Any] | None = None, **rest: Any) -> Policy:
    carrier = Way(trunk="carrier", prefixes=("+",), caller_id="+493099")
    outbound = OutboundPolicy(**({"ways": (carrier,), "region": "DE"} | (gate or {})))
    return replace(policy(agents, queues, **({"queue_wrap_up_s": 0.0} | rest)), outbound=outbound)


class DialledWorld(World):
    def __init__(self, rules: Policy | None = None, flows: Flows | None = None) -> None:
        super().__init__(rules or dialling_rules(), flows or DialledFlows())

    def dials(self, attempt: str = "t1", number: str = "", **how: Any) -> str:
        """Why not, or ''."""
        how = {"message": MESSAGE, "queue": QueueId("sales")} | how
        self.feed(ev.DialAsked(at=self.at, attempt=attempt, number=number or NUMBERS[int(attempt[1:]) % 100], **how))
        return self.decisions[-1].refused

    def reserves(self, agent: str, attempt: str = "t1", for_s: float = 60.0, queue: str = "sales") -> str:
        asked = ev.ReserveAsked(at=self.at, agent=AgentId(agent), attempt=attempt, queue=QueueId(queue), for_s=for_s)
        self.feed(asked)
        return self.decisions[-1].refused

    def lets_go(self, agent: str, attempt: str = "t1") -> "DialledWorld":
        self.feed(ev.LetGoAsked(at=self.at, agent=AgentId(agent), attempt=attempt))
        return self

    def drops(self, attempt: str = "t1") -> str:
        self.feed(ev.DialDropAsked(at=self.at, attempt=attempt))
        return self.decisions[-1].refused

    def dialled(self, attempt: str = "t1") -> DialledCall:
        return self.state.dialled[attempt]

    def far(self, attempt: str = "t1") -> LegId:
        leg = self.dialled(attempt).leg
        assert leg is not None
        return leg

    def far_rings(self, attempt: str = "t1") -> list[cm.Command]:
        return self.feed(ev.LegRinging(at=self.at, leg=self.far(attempt)))

    def answers(self, attempt: str = "t1") -> list[cm.Command]:
        """A person picks up, and the leg parks."""
        far = self.far(attempt)
        return self.feed(ev.LegAnswered(at=self.at, leg=far)) + self.feed(ev.LegParked(at=self.at, leg=far, inbound=False))

    def far_ends(self, attempt: str = "t1", cause: str = "NORMAL_CLEARING", sip_status: int = 0) -> list[cm.Command]:
        return self.feed(ev.LegEnded(at=self.at, leg=self.far(attempt), cause=cause, sip_status=sip_status))

    def contact(self, attempt: str = "t1") -> Call:
        id = self.dialled(attempt).call
        assert id is not None, "nobody has answered"
        return self.state.calls[id]

    @property
    def called(self) -> list[str]:
        """The numbers that were dialled so far."""
        return [c.number for d in self.decisions for c in d.commands if isinstance(c, cm.CallOut)]

    def hung_up(self) -> list[LegId]:
        return [c.leg for d in self.decisions for c in d.commands if isinstance(c, cm.HangUp)]


def said(commands: list[cm.Command]) -> list[str]:
    return [one.text for each in commands if isinstance(each, cm.Play) for one in each.media if isinstance(one, Speech)]


def talked(w: DialledWorld, attempt: str = "t1", agent: str = "a0") -> None:
    w.answers(attempt)
    w.picks_up(agent)
    w.is_bridged(agent)
