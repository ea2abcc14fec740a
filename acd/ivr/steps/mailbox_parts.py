"""The parts of `messages`: what lies there is asked for, told, played, deleted. Each is left by what becomes of it, or by a key."""

from dataclasses import dataclass, replace

from acd.core.commands import DELETED, HEARD, Errand, ListMessages, MarkMessage
from acd.core.events import DigitPressed, ErrandDone, PlayEnded, TimePassed
from acd.core.frame import Frame
from acd.core.interpreter import Happening
from acd.core.media import Kept
from acd.ivr.flow import Prompt, Step
from acd.ivr.mailbox import MESSAGES, Lying, counts, lying
from acd.ivr.scene import GRACE_S, Scene, Turn
from acd.ivr.template import Template
from acd.words import PlayId

THERE, AT = "messages?", "message?"
"""Variables that no flow can name: the messages that there are, and which of them it is."""
ASKED = "asked"
PLAYING = "playing"
TIMEOUT_S = 5.0
ANSWER_S = TIMEOUT_S + 1.0
SENT_MOST = 2
HEARD_S = 3.0
"""Whoever listened for so long knows what it is about."""


def current(frame: Frame) -> Lying | None:
    there, at = lying(frame.variables.get(THERE, "")), int(frame.variables.get(AT, "0"))
    return there[at] if at < len(there) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking(Step):
    """Asks those who know of mailboxes. Left by ``done`` or ``failed``."""

    def errand(self, scene: Scene, id: PlayId) -> Errand:
        raise NotImplementedError

    def done(self, scene: Scene, told: ErrandDone) -> Turn:
        raise NotImplementedError

    def enter(self, scene: Scene) -> Turn:
        frame = replace(scene.frame, play=scene.next_play(), plays=scene.frame.plays + 1, tries=0)
        return self._send(replace(scene, frame=frame))

    def hear(self, scene: Scene, happening: Happening) -> Turn | None:
        match happening:
            case ErrandDone(errand=errand) if errand == scene.frame.play:
                quiet = scene.played_out()  # the errand made no sound that could be stopped
                return quiet.leave("failed") if happening.why else self.done(quiet, happening)
            case TimePassed() if scene.is_due:  # the controller died meanwhile; done twice does no harm
                return self._send(scene) if scene.frame.tries < SENT_MOST else scene.played_out().leave("failed")
        return None

    def _send(self, scene: Scene) -> Turn:
        assert scene.frame.play is not None
        frame = replace(scene.frame, phase=ASKED, deadline=scene.at + ANSWER_S, tries=scene.frame.tries + 1)
        return Turn(frame=frame, commands=(self.errand(scene, scene.frame.play),))


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Asking):
    mailbox: Template

    def errand(self, scene: Scene, id: PlayId) -> Errand:
        return ListMessages(leg=scene.call.leg, errand=id, timeout_s=TIMEOUT_S, mailbox=self.mailbox.text(scene.variables).strip())

    def done(self, scene: Scene, told: ErrandDone) -> Turn:
        there = "\n".join(one.line for one in lying(told.values.get(MESSAGES, "")))
        known = {f"{name}_messages": str(count) for name, count in counts(told.values).items()}
        return scene.leave("done", variables={**scene.frame.variables, **known, THERE: there, AT: "0"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasing(Asking):
    """The message that it is, which is then no longer among those that there are."""

    def errand(self, scene: Scene, id: PlayId) -> Errand:
        message = current(scene.frame)
        return _mark(scene, id, message.id if message else "", DELETED)

    def done(self, scene: Scene, told: ErrandDone) -> Turn:
        gone = current(scene.frame)
        there = "\n".join(one.line for one in lying(scene.frame.variables.get(THERE, "")) if gone is None or one.id != gone.id)
        return scene.leave("done", variables={**scene.frame.variables, THERE: there})


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling(Step):
    """Left by one of ``keys``, else by ``done``; any other digit ends it too."""

    said: Prompt
    caller: Prompt = ()  # heard after it when the caller's number is known
    keys: str = ""

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        return (self.said, self.caller)

    def listens(self, phase: str) -> bool:
        return True

    def enter(self, scene: Scene) -> Turn:
        known = scene.frame.variables.get("message_caller", "")
        return scene.play(scene.media(self.said, self.caller if known else ()), PLAYING, digits="")

    def hear(self, scene: Scene, happening: Happening) -> Turn | None:
        match happening:
            case PlayEnded(play=play) if play == scene.frame.play:
                return scene.played_out().leave("done")
            case TimePassed() if scene.is_due:
                return scene.leave("done")
            case DigitPressed(digit=digit):
                return scene.leave(digit if digit in self.keys else "done")
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sounding(Step):
    """The message itself. Left by one of ``keys``, else by ``done``; who listened long enough has heard it."""

    keys: str

    def listens(self, phase: str) -> bool:
        return True

    def enter(self, scene: Scene) -> Turn:
        message = current(scene.frame)
        if message is None:
            return scene.leave("done")
        turn = scene.play((Kept(name=message.id),), PLAYING, digits="")
        return replace(turn, frame=replace(turn.frame, deadline=scene.at + message.seconds + GRACE_S))

    def hear(self, scene: Scene, happening: Happening) -> Turn | None:
        match happening:
            case PlayEnded(play=play) if play == scene.frame.play:
                return self._leave(scene, scene.played_out().leave("done"))
            case TimePassed() if scene.is_due:
                return self._leave(scene, scene.leave("done"))
            case DigitPressed(digit=digit) if digit in self.keys:
                return self._leave(scene, scene.leave(digit))
        return None

    def _leave(self, scene: Scene, turn: Turn) -> Turn:
        """Marked before anything else is played. Nobody waits for it: a mark that is lost leaves a message new."""
        message = current(scene.frame)
        if message is None or scene.at - _began_at(scene, message) < min(HEARD_S, message.seconds / 2):
            return turn
        errand = PlayId(f"{scene.call.id}.{turn.frame.plays + 1}")
        mark = _mark(scene, errand, message.id, HEARD)
        return replace(turn, frame=replace(turn.frame, plays=turn.frame.plays + 1), commands=(mark, *turn.commands))


def _began_at(scene: Scene, message: Lying) -> float:
    return (scene.frame.deadline or scene.at) - GRACE_S - message.seconds


def _mark(scene: Scene, errand: PlayId, message: str, mark: str) -> MarkMessage:
    return MarkMessage(leg=scene.call.leg, errand=errand, timeout_s=TIMEOUT_S, message=message, mark=mark)
