"""One caller in a flow, without a switch: what they hear, what they are asked, and what they do. PURE; its clock is its own.

The same interpreter as live walks the flow. What the core and the switch would do around it (a queue, the end of a playback)
is done here in the simplest way, one thing at a time, when the script or a person says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from acd.core.call import Call
from acd.core.commands import Command, Errand, Play, Record, StopPlay
from acd.core.events import DigitPressed, ErrandDone, PlayEnded, TimePassed
from acd.core.frame import Answered, CallbackWish, Frame, Message, Passed
from acd.core.interpreter import (
    AgentWish,
    CallbackAsk,
    CallNumber,
    EndCall,
    EnterQueue,
    Happening,
    LeaveQueue,
    NotDialled,
    OptOutAsk,
    QueueExit,
    SuperviseAsk,
    TapeAsk,
    Walk,
    WishDone,
)
from acd.core.media import Media, Music, Recorded, Speech
from acd.core.outside.gate import Nothing, Refused, Wanted, judge
from acd.ivr.library import FlowLibrary
from acd.rehearsal.scenery import Scenery
from acd.words import AgentId, CallId, EntryId, FlowId, LegId, Owner, PhoneId

LEG = LegId("rehearsal/caller")
PER_CHARACTER_S = 0.06
RECORDING_S = 3.0
KEY_S = 0.3
TIME_ONLY = frozenset({"pause", "ringing"})
"""Verbs that wait for nothing but time."""
ASKS_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    at: float
    step: str
    text: str


@dataclass(slots=True, kw_only=True)
class Person:
    """Who calls."""

    number: str = "+15550100"
    name: str = ""
    dialled: str = "100"
    phone: str = ""
    agent: str = ""


@dataclass(kw_only=True)
class Stage:
    library: FlowLibrary
    at: float
    person: Person = field(default_factory=Person)
    scenery: Scenery = field(default_factory=Scenery)
    refusals: Mapping[str, str] = field(default_factory=dict)  # a step, or a wish in all steps -> why it is refused

    heard: list[Heard] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    answers: list[Answered] = field(default_factory=list)
    callbacks: list[CallbackWish] = field(default_factory=list)
    commands: list[Command | CallNumber] = field(default_factory=list)
    entry: EnterQueue | None = None
    ended: EndCall | None = None
    hung_up: bool = False
    doing: Command | CallNumber | None = None  # what plays, records, dials or is being fetched
    waiting: Frame | None = None  # the place in the flow that runs while the caller waits
    call: Call = field(init=False)

    def __post_init__(self) -> None:
        who = self.person
        self.scenery = replace(self.scenery, outbound=self.library.outbound)
        self.call = Call(
            id=CallId("rehearsal"),
            leg=LEG,
            owner=Owner.FLOW,
            arrived_at=self.at,
            dialled=who.dialled,
            caller_number=who.number,
            caller_name=who.name,
            phone=PhoneId(who.phone) if who.phone else None,
            agent=AgentId(who.agent) if who.agent else None,
        )

    def begin(self, flow: FlowId, variables: Mapping[str, str] | None = None) -> None:
        """``variables`` stand as if an earlier flow had set them. Raises KeyError when there is no such flow."""
        if variables:
            found = self.library.flows[flow]
            frame = Frame(flow=flow, version=found.version, step=found.start, since=self.at, deadline=self.at, variables=variables)
            self.call = replace(self.call, frame=frame)
            self._happens(TimePassed(at=self.at))
        else:
            self._take(self.library.begin(self.at, self.call, flow, self.scenery))

    # -- what stands ---

    @property
    def is_over(self) -> bool:
        return self.ended is not None or self.hung_up

    @property
    def frame(self) -> Frame:
        found = self.waiting or self.call.frame
        assert found is not None
        return found

    @property
    def step(self) -> str:
        return self.frame.step

    @property
    def verb(self) -> str:
        flow = self.library.version(self.frame)
        return flow.steps[self.step].verb if flow and self.step in flow.steps else ""

    @property
    def playing(self) -> Play | None:
        return self.doing if isinstance(self.doing, Play) and self.doing.play == self.frame.play else None

    @property
    def errand(self) -> Errand | None:
        return self.doing if isinstance(self.doing, Errand) and self.doing.errand == self.frame.play else None

    @property
    def recording(self) -> Record | None:
        return self.doing if isinstance(self.doing, Record) and self.doing.play == self.frame.play else None

    @property
    def dialling(self) -> CallNumber | None:
        return self.doing if isinstance(self.doing, CallNumber) and self.doing.play == self.frame.play else None

    @property
    def is_endless(self) -> bool:
        """Music plays, which has no end of its own."""
        return self.playing is not None and any(isinstance(one, Music) for one in self.playing.media)

    @property
    def is_asked(self) -> bool:
        """The caller is waited for: digits, a message, or what becomes of a call outside."""
        if self.is_over or self.errand is not None or (self.playing is not None and not self.is_endless):
            return False
        if self.entry is not None and self.waiting is None:
            return True
        return self.verb not in TIME_ONLY or self.frame.deadline is None

    # -- what happens ---

    def hear_out(self) -> None:
        """What plays comes to its end."""
        playing = self.playing
        assert playing is not None
        self.at += sum(length_s(one) for one in playing.media)
        self._happens(PlayEnded(at=self.at, leg=LEG, play=playing.play, result="FILE PLAYED"))

    def press(self, digit: str) -> None:
        self.at += KEY_S
        if self.entry is not None and digit in self.entry.exit_keys:
            return self.leave_queue(digit)
        if self.entry is None or self.waiting is not None:
            self._happens(DigitPressed(at=self.at, leg=LEG, digit=digit))

    def pass_time(self) -> None:
        """Nothing happens until the flow's own time has come."""
        if self.frame.deadline is not None:
            self.at = max(self.at, self.frame.deadline)
            self._happens(TimePassed(at=self.at))

    def record(self, seconds: float) -> None:
        """The caller has spoken for so long."""
        recording = self.recording
        assert recording is not None
        seconds = min(seconds, recording.max_s)
        self.at += seconds
        self._happens(PlayEnded(at=self.at, leg=LEG, play=recording.play, seconds=seconds))

    def dialled(self, cause: str, talked_s: float = 30.0) -> None:
        """The call to the number outside is over."""
        dial = self.dialling
        assert dial is not None
        self.at += talked_s
        self._happens(PlayEnded(at=self.at, leg=LEG, play=dial.play, cause=cause))

    def answer(self, *, status: int = 0, why: str = "", values: Mapping[str, str] | None = None) -> None:
        """What became of an errand."""
        errand = self.errand
        assert errand is not None
        self.at += KEY_S
        done = ErrandDone(at=self.at, leg=LEG, errand=errand.errand, status=status, why=why, values=values or {})
        self._happens(done)

    def leave_queue(self, exit: str) -> None:
        """What the caller told the waiting flow stays with the call."""
        frame, last = self.call.frame, self.waiting
        if frame is not None and last is not None:
            frame = replace(
                frame,
                variables=last.variables,
                secrets=last.secrets,
                private=last.private,
                language=last.language,
                plays=max(frame.plays, last.plays),
            )
        self.entry, self.waiting, self.doing = None, None, None
        self.call = replace(self.call, owner=Owner.FLOW, entry=None, frame=frame)
        self._happens(QueueExit(at=self.at, exit=exit))

    def hang_up(self) -> None:
        if not self.is_over and self.entry is None and self.call.frame is not None:
            frame = self.call.frame
            self.messages += self.library.left_behind(self.at, frame, self.at - frame.since)
        self.hung_up = True

    # -- following the walk ---

    def _happens(self, happening: Happening) -> None:
        call = replace(self.call, frame=self.waiting) if self.waiting and not isinstance(happening, QueueExit) else self.call
        self._take(self.library.resume(self.at, call, happening, self.scenery))

    def _take(self, walk: Walk) -> None:
        for _ in range(ASKS_MAX):
            self._keep(walk)
            match walk.ask:
                case None:
                    return
                case EnterQueue() as entry:
                    return self._wait(entry)
                case LeaveQueue(exit=exit):
                    frame = walk.frame
                    last = Passed(flow=frame.flow, step=frame.step, exit=exit, entered_at=frame.since, left_at=self.at)
                    self.passed.append(last)
                    return self.leave_queue(exit)
                case EndCall() if self.waiting is not None:
                    return self._lap()
                case EndCall() as end:
                    self.ended = end
                    return
                case CallNumber() as ask:
                    refused = self._dial(ask)
                    if refused is None:
                        return
                    walk = self.library.resume(self.at, self.call, refused, self.scenery)
                case AgentWish(wish=wish):
                    why = self._refusal(wish)
                    done = WishDone(at=self.at, state="" if why else wish.value, why=why, agent=self.call.agent)
                    walk = self.library.resume(self.at, self.call, done, self.scenery)
                case TapeAsk(wish=asked) | SuperviseAsk(wish=asked) | CallbackAsk(wish=asked):
                    done = WishDone(at=self.at, state=asked.value, why=self._refusal(asked), agent=self.call.agent)
                    walk = self.library.resume(self.at, self.call, done, self.scenery)
                case OptOutAsk():
                    done = WishDone(at=self.at, state="opted_out", why=self._refusal("opted_out"))
                    walk = self.library.resume(self.at, self.call, done, self.scenery)
        raise RecursionError(f"the flow asks again and again at step {self.step!r}")

    def _refusal(self, wish: str) -> str:
        return self.refusals.get(self.step) or self.refusals.get(wish, "")

    def _dial(self, ask: CallNumber) -> NotDialled | None:
        """As the house would: by its rules, with nothing counted."""
        wanted = Wanted(id=ask.play, number=ask.number, reason="transfer", trunks=ask.trunks, skip=ask.skip)
        found = judge(self.library.outbound, Nothing(), wanted, self.at)
        if isinstance(found, Refused):
            return NotDialled(at=self.at, rule=found.rule.value, why=found.why)
        self.commands.append(ask)
        self.doing = ask
        return None

    def _keep(self, walk: Walk) -> None:
        changes: dict[str, Any] = {}
        if self.waiting is not None:
            self.waiting = walk.frame
        else:
            changes["frame"] = walk.frame
        if walk.tags:
            changes["tags"] = {name: value for name, value in {**self.call.tags, **walk.tags}.items() if value}
        if changes:
            self.call = replace(self.call, **changes)
        self.passed += walk.passed
        self.messages += walk.messages
        self.answers += walk.answers
        self.callbacks += walk.callbacks
        for command in walk.commands:
            self._do(command)

    def _do(self, command: Command) -> None:
        self.commands.append(command)
        match command:
            case Play(media=media):
                self.doing = command
                self.heard.append(Heard(at=self.at, step=self.step, text=" ".join(filter(None, map(words, media)))))
            case Record() | Errand():
                self.doing = command
            case StopPlay() if isinstance(self.doing, Play | Record):
                self.doing = None

    def _wait(self, entry: EnterQueue) -> None:
        self.entry = entry
        since = self.call.waiting_since or self.at
        self.call = replace(self.call, owner=Owner.QUEUE, entry=EntryId("rehearsal.q1"), waiting_since=since)
        self.doing = None
        if entry.waiting is not None:
            self._begin_waiting(entry.waiting)

    def _begin_waiting(self, flow: FlowId) -> None:
        found = self.library.flows[flow]
        self.waiting = Frame(flow=flow, version=found.version, step=found.start, since=self.at)
        self._take(self.library.begin(self.at, self.call, flow, self.scenery))

    def _lap(self) -> None:
        """The waiting flow is at its end and stands before its beginning; what comes next is for whoever drives."""
        assert self.waiting is not None and self.entry is not None and self.entry.waiting is not None
        flow = self.library.flows[self.entry.waiting]
        self.waiting = replace(self.waiting, step=flow.start, phase="", play=None, deadline=self.at)
        self.doing = None


def length_s(media: Media) -> float:
    return max(1.0, len(media.text) * PER_CHARACTER_S) if isinstance(media, Speech) else RECORDING_S


def words(media: Media) -> str:
    """What is heard, in words."""
    match media:
        case Speech(text=text):
            return text
        case Recorded(name=name):
            return f"[{name}]"
        case Music(name=name):
            return f"[music {name}]"
    return f"[{media.kind}]"
