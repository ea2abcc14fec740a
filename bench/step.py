"""What one decision costs, and how that grows: 10, 100 and 1,000 agents beside 0, 100 and 10,000 waiting callers.

    python -m bench.step

Prints the microseconds of CPU that one event costs on a floor of each size, and each as a ratio of the smallest floor in the same run.
An event is one of a steady mix: a caller joins, a phone rings, is answered, parked, bridged, the talk ends, the wrap-up ends.
"""

import gc
import time
from collections.abc import Iterator
from itertools import count

from acd.core import events as ev
from acd.core.call import Call
from acd.core.events import Event
from acd.core.frame import Frame, Message
from acd.core.interpreter import EndCall, EnterQueue, Happening, Surroundings, Walk
from acd.core.policy import AgentPolicy, Policy, QueuePolicy
from acd.core.state import State
from acd.core.step import step
from acd.words import AgentId, FlowId, LegId, NodeId, PhoneId, QueueId, Wish, leg_id

FS = NodeId("fs")
ROUNDS = 400


class Straight:
    """A flow that queues at once and ends after the talk: the cost of a real flow is not ours to measure here."""

    def begin(self, at: float, call: Call, flow: FlowId, around: Surroundings) -> Walk:
        return Walk(frame=Frame(flow=flow, version="1", step="queue", since=at), ask=EnterQueue(queue=QueueId("q")))

    def resume(self, at: float, call: Call, happening: Happening, around: Surroundings) -> Walk:
        assert call.frame is not None
        return Walk(frame=call.frame, ask=EndCall())

    def left_behind(self, at: float, frame: Frame, seconds: float) -> tuple[Message, ...]:
        return ()

    def place(self, at: float, flow: FlowId, step: str) -> Frame | None:
        return None


def floor(agents: int) -> State:
    queue = QueuePolicy(id=QueueId("q"), wrap_up_s=1.0)
    people = [AgentPolicy(id=AgentId(f"a{n}"), name="", phone=PhoneId(f"{n}"), queues=(queue.id,)) for n in range(agents)]
    policy = Policy(queues={queue.id: queue}, agents={a.id: a for a in people}, numbers={"1": FlowId("f")}, failsafe_s=1e6)
    state = State(policy, Straight())
    run(state, ev.SnapshotTaken(at=0.0, node=FS, asked_at=0.0, channels=()))
    return state


def run(state: State, event: Event) -> None:
    for _ in step(state, event):
        pass


def arrive(state: State, at: float, name: str) -> LegId:
    leg = leg_id(FS, name)
    run(state, ev.CallArrived(at=at, leg=leg, dialled="1"))
    return leg


def life(state: State, at: float, caller: LegId) -> Iterator[Event]:
    """The events of one call from its offer to the end of the wrap-up."""
    entry = state.entries[state.calls[state.call_of_leg[caller]].entry]  # type: ignore[index]
    leg = state.offers[entry.rung[0]].leg
    yield ev.LegRinging(at=at, leg=leg)
    yield ev.LegAnswered(at=at, leg=leg)
    yield ev.LegParked(at=at, leg=leg, inbound=False)
    yield ev.LegsBridged(at=at, leg=caller, other=leg)
    yield ev.LegEnded(at=at, leg=leg, cause="NORMAL_CLEARING")
    yield ev.LegEnded(at=at, leg=caller, cause="NORMAL_CLEARING")
    yield ev.TimePassed(at=at + 1.0)


def measure(agents: int, waiting: int) -> float:
    """Microseconds of CPU per event."""
    state, at, names = floor(agents), 1.0, count()
    for _ in range(waiting):
        arrive(state, at, f"w{next(names)}")
    busy = min(agents, 1) if waiting else agents  # with callers waiting one agent takes them one after the other
    for n in range(busy):
        run(state, ev.AgentAsked(at=at, agent=AgentId(f"a{n}"), wish=Wish.READY))
    events, gc_was = 0, gc.isenabled()
    gc.disable()
    began = time.process_time()
    for _ in range(ROUNDS):
        at += 2.0
        fresh = arrive(state, at, f"n{next(names)}")
        caller = fresh if not waiting else next(o.call for o in state.offers.values())
        for event in life(state, at, leg_id(FS, str(caller).removeprefix("fs/"))):
            run(state, event)
            events += 1
        events += 1
    spent = time.process_time() - began
    if gc_was:
        gc.enable()
    return spent / events * 1e6


def main() -> None:
    print(f"{'agents':>7} {'waiting':>8} {'us/event':>9} {'ratio':>6}")
    base = 0.0
    for waiting in (0, 100, 10_000):
        for agents in (10, 100, 1_000):
            cost = min(measure(agents, waiting) for _ in range(3))
            base = base or cost
            print(f"{agents:>7} {waiting:>8} {cost:>9.1f} {cost / base:>6.2f}")


if __name__ == "__main__":
    main()
