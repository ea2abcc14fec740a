"""A make-believe switch: it knows the truth about legs, takes the core's commands and says what happened.

What it says stands in ``outbox`` until somebody delivers it: in order, late, twice, or never.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from acd.core import commands as cm
from acd.core import events as ev
from acd.words import LegId, NodeId, PlayId, node_of


@dataclass
class Leg:
    inbound: bool
    answered: bool = False
    bridged_to: LegId | None = None
    playing: PlayId | None = None
    marks: dict[str, str] = field(default_factory=dict)
    dialled: str = ""


class FakeSwitch:
    def __init__(self, node: str = "fs") -> None:
        self.node = NodeId(node)
        self.legs: dict[LegId, Leg] = {}
        self.outbox: list[ev.Event] = []
        self.killed: set[LegId] = set()  # killed before they were made: the kill wins when the leg is born

    # -- what people do ------------------------------------------------------------------------------------------------

    def call(self, at: float, leg: LegId, dialled: str = "1", number: str = "") -> None:
        self.legs[leg] = Leg(inbound=True, dialled=dialled)
        self.outbox.append(ev.CallArrived(at=at, leg=leg, dialled=dialled, caller_number=number))

    def rings(self, at: float, leg: LegId) -> None:
        self.outbox.append(ev.LegRinging(at=at, leg=leg))

    def picks_up(self, at: float, leg: LegId) -> None:
        self.legs[leg].answered = True
        self.outbox += [ev.LegAnswered(at=at, leg=leg), ev.LegParked(at=at, leg=leg, inbound=False)]

    def press(self, at: float, leg: LegId, digit: str) -> None:
        self.outbox.append(ev.DigitPressed(at=at, leg=leg, digit=digit))

    def play_ends(self, at: float, leg: LegId) -> None:
        """What plays comes to its own end."""
        truth = self.legs[leg]
        if truth.playing is not None:
            self.outbox.append(ev.PlayEnded(at=at, leg=leg, play=truth.playing, result="FILE PLAYED"))
            truth.playing = None

    def end(self, at: float, leg: LegId, cause: str = "NORMAL_CLEARING", by_far_end: bool | None = None) -> None:
        gone = self.legs.pop(leg, None)
        if gone is None:
            return
        self.outbox.append(ev.LegEnded(at=at, leg=leg, cause=cause, by_far_end=by_far_end))
        other = gone.bridged_to
        if other is None or other not in self.legs:
            return
        self.legs[other].bridged_to = None
        if self.legs[other].inbound:  # park_after_bridge
            self.outbox.append(ev.LegParked(at=at, leg=other, inbound=True))
        else:  # hangup_after_bridge
            self.end(at, other)

    def crash(self) -> None:
        self.legs.clear()
        self.outbox.clear()

    # -- what it is told -----------------------------------------------------------------------------------------------

    def do(self, at: float, command: cm.Command) -> None:
        leg = self.legs.get(command.leg)
        match command:
            case cm.Ring(marks=marks) | cm.CallOut(marks=marks):
                if command.leg not in self.killed:
                    self.legs[command.leg] = Leg(inbound=False, marks=dict(marks))
            case cm.HangUp() | cm.Dismiss():
                self.killed.add(command.leg)
                self.end(at, command.leg, getattr(command, "cause", "NORMAL_CLEARING"))
            case cm.Bridge(other=other):
                self._bridge(at, command.leg, other)
            case _ if leg is None:
                pass
            case cm.Answer() if not leg.answered:
                leg.answered = True
                self.outbox.append(ev.LegAnswered(at=at, leg=command.leg))
            case cm.Mark(values=values):
                leg.marks.update(values)
            case cm.Play(play=play):
                self._stop(at, command.leg, leg)
                leg.playing = play
            case cm.StopPlay():
                self._stop(at, command.leg, leg)

    def _stop(self, at: float, id: LegId, leg: Leg) -> None:
        if leg.playing is not None:
            self.outbox.append(ev.PlayEnded(at=at, leg=id, play=leg.playing, result="BREAK"))
            leg.playing = None

    def _bridge(self, at: float, a: LegId, b: LegId) -> None:
        one, two = self.legs.get(a), self.legs.get(b)
        if one is None or two is None or not two.answered or two.bridged_to is not None:
            self.outbox.append(ev.BridgeFailed(at=at, leg=a, other=b, why="-ERR"))
            return
        one.playing = None
        one.bridged_to, two.bridged_to = b, a
        self.outbox.append(ev.LegsBridged(at=at, leg=a, other=b))

    # -- what it shows -------------------------------------------------------------------------------------------------

    def snapshot(self, at: float, restarted: bool = False) -> ev.SnapshotTaken:
        channels = tuple(self._seen(leg, truth) for leg, truth in self.legs.items() if node_of(leg) == self.node)
        return ev.SnapshotTaken(at=at, node=self.node, asked_at=at, channels=channels, restarted=restarted)

    def _seen(self, leg: LegId, truth: Leg) -> ev.ChannelSeen:
        marks: Mapping[str, str] = dict(truth.marks)
        return ev.ChannelSeen(
            leg=leg,
            inbound=truth.inbound,
            answered=truth.answered,
            bridged_to=truth.bridged_to,
            playing=truth.playing is not None,
            dialled=truth.dialled,
            marks=marks,
        )
