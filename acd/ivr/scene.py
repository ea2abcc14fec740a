"""What a step sees when its turn comes, and what it answers. PURE."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from acd.core.call import Call
from acd.core.commands import Command, Play, StopPlay
from acd.core.frame import Answered, CallbackWish, Frame, Message
from acd.core.interpreter import Ask, Surroundings
from acd.core.media import Kept, Media, Recorded, Speech
from acd.ivr.calendar import Calendar
from acd.ivr.expressions import LANGUAGE
from acd.ivr.flow import Flow, Prompt
from acd.ivr.private import readable
from acd.ivr.speak import media
from acd.ivr.variables import Variables
from acd.words import FlowId, PlayId

TYPED_MAX = 64
LONGEST_PLAY_S = 600.0
GRACE_S = 30.0
SPEECH_S_PER_CHARACTER = 0.5  # far slower than anybody speaks


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A step's answer: wait (no exit), leave by an exit, go to another flow, or ask the core for something."""

    frame: Frame
    commands: tuple[Command, ...] = ()
    exit: str | None = None
    flow: FlowId | None = None
    returns_here: bool = False  # from that other flow, when it is over
    is_return: bool = False  # to the step that called this flow, by ``exit``
    ask: Ask | None = None
    messages: tuple[Message, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    answers: tuple[Answered, ...] = ()
    callbacks: tuple[CallbackWish, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    at: float
    call: Call
    flow: Flow
    frame: Frame
    around: Surroundings
    calendars: Mapping[str, Calendar] = field(default_factory=dict)  # the house's, by name
    told: dict[str, int] = field(default_factory=dict, compare=False)  # in this walk; see ``Variables``

    @property
    def variables(self) -> Mapping[str, str]:
        """The flow's own, and what the house knows."""
        return self._knowing(readable(self.frame.variables, self.frame, self.flow.steps[self.frame.step]))

    def _knowing(self, own: Mapping[str, str], spoken: bool = False) -> Variables:
        """What the house knows is found out when it is read, and only then: so nobody goes through it all."""
        own = {**own, LANGUAGE: self.language}
        return Variables(own, at=self.at, call=self.call, around=self.around, least=self.frame.position, told=self.told, spoken=spoken)

    @property
    def is_due(self) -> bool:
        return self.frame.deadline is not None and self.at >= self.frame.deadline

    @property
    def language(self) -> str:
        """The one in force: the caller's, or the flow's."""
        return self.frame.language or self.flow.language

    def next_play(self) -> PlayId:
        return PlayId(f"{self.call.id}.{self.frame.plays + 1}")

    def showing(self, name: str, value: str) -> "Scene":
        """For a prompt in which one word more means something."""
        return replace(self, frame=replace(self.frame, variables={**self.frame.variables, name: value}))

    def media(self, *prompts: Prompt) -> tuple[Media, ...]:
        """What is typed in confidence is never heard, not even where it may be read."""
        said = {name: value for name, value in self.frame.variables.items() if name not in self.frame.secrets}
        knowing = self._knowing(said, spoken=True)
        return tuple(one for prompt in prompts for one in media(prompt, knowing, self.flow, self.language))

    def play(self, what: tuple[Media, ...], phase: str, **changes: Any) -> Turn:
        """Play and wait for its end. Nothing to play has ended at once."""
        if not what:
            return self.wait(phase, self.at, **changes)
        play = self.next_play()
        frame = replace(
            self.frame,
            phase=phase,
            play=play,
            plays=self.frame.plays + 1,
            deadline=self.at + longest_s(what),
            **changes,
        )
        return Turn(frame=frame, commands=(Play(leg=self.call.leg, play=play, media=what),))

    def wait(self, phase: str, deadline: float | None, **changes: Any) -> Turn:
        """Wait without sound; whatever still plays is stopped."""
        frame = replace(self.frame, phase=phase, play=None, deadline=deadline, **changes)
        return Turn(frame=frame, commands=self.silence())

    def stay(self, **changes: Any) -> Turn:
        """As before, but for ``changes``; what plays goes on."""
        return Turn(frame=replace(self.frame, **changes))

    def leave(self, exit: str, *, messages: tuple[Message, ...] = (), **changes: Any) -> Turn:
        frame = replace(self.frame, play=None, deadline=None, **changes)
        return Turn(frame=frame, commands=self.silence(), exit=exit, messages=messages)

    def ask(self, ask: Ask, phase: str, deadline: float | None = None, **changes: Any) -> Turn:
        return replace(self.wait(phase, deadline, **changes), ask=ask)

    def silence(self) -> tuple[Command, ...]:
        return (StopPlay(leg=self.call.leg),) if self.frame.play else ()

    def played_out(self) -> "Scene":
        """The same scene after the playback's own end: there is nothing left to stop."""
        return replace(self, frame=replace(self.frame, play=None))

    def typed(self, digit: str) -> str:
        """All digits so far; a flood keeps its beginning."""
        return (self.frame.digits + digit)[:TYPED_MAX]


def longest_s(what: tuple[Media, ...]) -> float:
    """After so long a playback is over even when nobody told us: no caller stays in silence for ever."""
    texts = [one for one in what if isinstance(one, Speech)]
    recorded = [one for one in what if isinstance(one, Recorded | Kept)]
    return GRACE_S + len(recorded) * LONGEST_PLAY_S + sum(len(one.text) for one in texts) * SPEECH_S_PER_CHARACTER
