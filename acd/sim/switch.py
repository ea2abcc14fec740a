"""A make-believe switch: it knows the truth about legs, takes the core's commands and says what happened.

What it says stands in ``outbox`` until somebody delivers it: in order, late, twice, or never.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from acd.core import commands as cm
from acd.core import events as ev
from acd.core.media import Media
from acd.words import HeardBy, LegId, NodeId, PhoneId, PlayId, RecordingId, node_of


@dataclass
class Leg:
    inbound: bool
    answered: bool = False
    bridged_to: LegId | None = None
    playing: PlayId | None = None
    media: tuple[Media, ...] = ()  # what plays
    listens_to: LegId | None = None  # in place of playing: by eavesdrop or three_way
    heard_by: HeardBy = HeardBy.NOBODY
    held: bool = False
    armed: bool = False  # the dead man's switch
    keeps: bool = False  # an agent's leg that stands parked when whoever it was joined to goes
    recordings: dict[RecordingId, bool] = field(default_factory=dict)  # running here -> masked
    marks: dict[str, str] = field(default_factory=dict)
    dialled: str = ""
    phone: PhoneId | None = None


class FakeSwitch:
    def __init__(self, node: str = "fs") -> None:
        self.node = NodeId(node)
        self.legs: dict[LegId, Leg] = {}
        self.outbox: list[ev.Event] = []
        self.killed: set[LegId] = set()  # killed before they were made: the kill wins when the leg is born

    # -- what people do ------------------------------------------------------------------------------------------------

    def call(self, at: float, leg: LegId, dialled: str = "1", number: str = "", phone: PhoneId | None = None) -> None:
        self.legs[leg] = Leg(inbound=True, dialled=dialled, phone=phone)
        self.outbox.append(ev.CallArrived(at=at, leg=leg, dialled=dialled, caller_number=number, phone=phone))

    def rings(self, at: float, leg: LegId) -> None:
        self.outbox.append(ev.LegRinging(at=at, leg=leg))

    def picks_up(self, at: float, leg: LegId) -> None:
        self.answers(at, leg)
        self.parks(at, leg)

    def answers(self, at: float, leg: LegId) -> None:
        self.legs[leg].answered = True
        self.outbox.append(ev.LegAnswered(at=at, leg=leg))

    def parks(self, at: float, leg: LegId) -> None:
        self.outbox.append(ev.LegParked(at=at, leg=leg, inbound=False))

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
        for recording in gone.recordings:
            self.outbox.append(ev.RecordingEnded(at=at, leg=leg, recording=recording, seconds=1.0))
        self.outbox.append(ev.LegEnded(at=at, leg=leg, cause=cause, by_far_end=by_far_end))
        for monitor, truth in self.legs.items():
            if truth.listens_to == leg:
                self._stop(at, monitor, truth)
        if gone.bridged_to is not None:
            self._left_behind(at, gone.bridged_to)

    def _left_behind(self, at: float, id: LegId) -> None:
        leg = self.legs.get(id)
        if leg is None:
            return
        leg.bridged_to = None
        if leg.inbound or leg.keeps:  # park_after_bridge
            self.outbox.append(ev.LegParked(at=at, leg=id, inbound=leg.inbound))
        else:  # hangup_after_bridge
            self.end(at, id)

    def hold(self, at: float, leg: LegId, *, on: bool = True) -> None:
        """The phone's own hold key."""
        if leg in self.legs and self.legs[leg].held is not on:
            self.legs[leg].held = on
            self.outbox.append(ev.LegHeld(at=at, leg=leg) if on else ev.LegResumed(at=at, leg=leg))

    def tape_fails(self, at: float, leg: LegId) -> None:
        """The disk is full: what is recorded there ends."""
        truth = self.legs[leg]
        for recording in truth.recordings:
            self.outbox.append(ev.RecordingEnded(at=at, leg=leg, recording=recording, why="uri-failure"))
        truth.recordings.clear()

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
            case _ if leg is not None:
                self._do_to(at, command, leg)

    def _do_to(self, at: float, command: cm.Command, leg: Leg) -> None:
        match command:
            case cm.Answer() if not leg.answered:
                leg.answered = True
                self.outbox.append(ev.LegAnswered(at=at, leg=command.leg))
            case cm.Keep():
                leg.keeps = True
            case cm.Arm() | cm.Disarm():
                leg.armed = isinstance(command, cm.Arm)
                leg.keeps = leg.keeps or leg.armed  # who is adopted stands parked when the talk is over
            case cm.Mark(values=values):
                leg.marks.update(values)
            case cm.Play(play=play, media=media):
                self._stop(at, command.leg, leg)
                leg.playing, leg.media = play, media
            case cm.StopPlay() | cm.StopListening():
                self._stop(at, command.leg, leg)
            case _:
                self._do_in_talk(at, command, leg)

    def _do_in_talk(self, at: float, command: cm.Command, leg: Leg) -> None:
        match command:
            case cm.ListenIn(play=play, to=to, heard_by=heard_by):
                self._listen(at, command.leg, leg, play, to, heard_by)
            case cm.ThreeWay(play=play, to=to):
                self._listen(at, command.leg, leg, play, to, HeardBy.BOTH)
            case cm.SpeakTo(heard_by=heard_by) if leg.listens_to is not None:
                leg.heard_by = heard_by
            case cm.Separate():
                self._separate(at, command.leg, leg)
            case cm.StartRecording(recording=recording):
                leg.recordings.setdefault(recording, False)
            case cm.StopRecording(recording=recording) if leg.recordings.pop(recording, None) is not None:
                self.outbox.append(ev.RecordingEnded(at=at, leg=command.leg, recording=recording, seconds=1.0))
            case cm.MaskRecording(recording=recording) | cm.UnmaskRecording(recording=recording):
                self._mask(at, command.leg, leg, recording, masked=isinstance(command, cm.MaskRecording))

    def _listen(self, at: float, id: LegId, leg: Leg, play: PlayId, to: LegId, heard_by: HeardBy) -> None:
        self._stop(at, id, leg)
        if to in self.legs and self.legs[to].answered and to != id:
            leg.playing, leg.listens_to, leg.heard_by = play, to, heard_by
        else:
            self.outbox.append(ev.PlayEnded(at=at, leg=id, play=play))

    def _separate(self, at: float, id: LegId, leg: Leg) -> None:
        other = leg.bridged_to
        both = [id] if other is None or other not in self.legs else [id, other]
        for each in both:
            truth = self.legs[each]
            self.hold(at, each, on=False)
            self._stop(at, each, truth)
            truth.bridged_to = None
            self.outbox.append(ev.LegParked(at=at, leg=each, inbound=truth.inbound))

    def _mask(self, at: float, id: LegId, leg: Leg, recording: RecordingId, *, masked: bool) -> None:
        if recording in leg.recordings:
            leg.recordings[recording] = masked
        else:
            self.outbox.append(ev.RecordingEnded(at=at, leg=id, recording=recording, why=ev.LOST))

    def _stop(self, at: float, id: LegId, leg: Leg) -> None:
        if leg.playing is not None:
            self.outbox.append(ev.PlayEnded(at=at, leg=id, play=leg.playing, result="BREAK"))
            leg.playing = leg.listens_to = None

    def _bridge(self, at: float, a: LegId, b: LegId) -> None:
        one, two = self.legs.get(a), self.legs.get(b)
        if one is None or two is None or not two.answered:
            self.outbox.append(ev.BridgeFailed(at=at, leg=a, other=b, why="-ERR"))
            return
        before = [x for x in (one.bridged_to, two.bridged_to) if x not in (None, a, b)]
        one.bridged_to, two.bridged_to = b, a
        for leg in (one, two):
            leg.playing = leg.listens_to = None
        for left in before:
            if left is not None:
                self._left_behind(at, left)
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
            held=truth.held,
            playing=truth.playing is not None,
            dialled=truth.dialled,
            phone=truth.phone,
            marks=marks,
        )
