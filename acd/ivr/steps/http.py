"""`http`: a server is asked something, and what it answers becomes variables.

The caller hears nothing for a moment, then the prompt, then music, for as long as it takes. When no answer comes by the deadline
(the controller died meanwhile: an errand of its own would have ended before), only what may be repeated is asked again, and
only once (FAULTS.md F03).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

from acd.core.commands import Command, Fetch, Play, StopPlay
from acd.core.events import DigitPressed, ErrandDone, PlayEnded, TimePassed
from acd.core.interpreter import Happening
from acd.core.media import Media, Music
from acd.ivr.flow import Prompt, Step
from acd.ivr.request import Asked, Unfit
from acd.ivr.scene import Scene, Turn
from acd.words import PlayId

ASKED = "asked"  # nothing is heard yet, or between two
HEARING = "hearing"
QUIET_S = 1.0
"""Most answers come sooner; then nothing is heard at all, and a call that was not answered stays so."""
GRACE_S = 2.0
SENT_MOST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Http(Step):
    """Exits: ``done`` (2xx), ``not_found`` (404, 410), ``refused`` (other 4xx), ``failed`` (all else, no answer included)."""

    verb: ClassVar[str] = "http"
    needs: ClassVar[frozenset[str]] = frozenset({"done", "not_found", "refused", "failed"})

    asked: Asked
    into: Mapping[str, str] = field(default_factory=dict)  # variable -> path in the answer
    status_into: str = ""
    timeout_s: float = 5.0
    most_tries: int = 1
    repeatable: bool = True
    prompt: Prompt = ()
    music: str = "default"

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        return (self.prompt,)

    @property
    def reads(self) -> frozenset[str]:
        return self.asked.reads | super(Http, self).reads

    @property
    def sets(self) -> frozenset[str]:
        return frozenset(self.into) | ({self.status_into} if self.status_into else frozenset())

    @property
    def names(self) -> dict[str, str]:
        return {"music": self.music}

    def rereads(self, phase: str) -> bool:
        """Once it was sent, only what may be sent again needs to know again what it said."""
        return phase == "" or self.repeatable

    def enter(self, scene: Scene) -> Turn:
        errand = scene.next_play()
        frame = replace(scene.frame, play=errand, plays=scene.frame.plays + 1, since=scene.at, tries=0)
        return self._send(replace(scene, frame=frame), errand)

    def hear(self, scene: Scene, happening: Happening) -> Turn | None:
        match happening:
            case ErrandDone(errand=errand) if errand == scene.frame.play:
                return self._leave(scene, exit_of(happening), happening.status, happening.values)
            case TimePassed() if scene.is_due and scene.at >= self._until(scene):
                return self._lost(scene)
            case TimePassed() if scene.is_due:
                return self._sound(scene)
            case PlayEnded(play=play) if scene.frame.phase == HEARING and play in (sound_of(scene), scene.frame.play):
                return self._between(scene)
            case DigitPressed(digit=digit):
                return scene.stay(digits=scene.typed(digit))
        return None

    # -- the request ---

    def _send(self, scene: Scene, errand: PlayId) -> Turn:
        try:
            fetch = self._fetch(scene, errand)
        except Unfit:
            return self._leave(scene, "failed")
        frame = replace(scene.frame, phase=ASKED, tries=scene.frame.tries + 1, since=scene.at)
        return self._between(replace(scene, frame=frame), fetch)

    def _fetch(self, scene: Scene, errand: PlayId) -> Fetch:
        """Raises Unfit."""
        variables, asked = scene.variables, self.asked
        headers = asked.filled_headers(variables)
        if asked.method != "GET" and not any(name.lower() == "idempotency-key" for name, _ in headers):
            headers = (*headers, ("idempotency-key", errand))
        return Fetch(
            leg=scene.call.leg,
            errand=errand,
            timeout_s=self.timeout_s,
            tries=self.most_tries,
            method=asked.method,
            url=asked.filled_url(variables),
            headers=headers,
            body=asked.filled_body(variables),
            take=self.into,
        )

    def _until(self, scene: Scene) -> float:
        return scene.frame.since + self.timeout_s + GRACE_S

    def _lost(self, scene: Scene) -> Turn:
        """Nobody will tell us any more what became of it."""
        if not self.repeatable or scene.frame.tries >= SENT_MOST or scene.frame.play is None:
            return self._leave(scene, "failed")
        turn = self._send(scene, scene.frame.play)  # under the same name: who knows it already may say so
        if scene.frame.phase != HEARING or turn.exit is not None:
            return turn
        return replace(turn, commands=(StopPlay(leg=scene.call.leg), *turn.commands))

    def _leave(self, scene: Scene, exit: str, status: int = 0, values: Mapping[str, str] | None = None) -> Turn:
        told = {name: (values or {}).get(name, "") for name in self.into}
        if self.status_into:
            told[self.status_into] = str(status) if status else ""
        quiet = replace(scene.frame, play=None)
        turn = replace(scene, frame=quiet).leave(exit, variables={**quiet.variables, **told})
        return replace(turn, commands=(StopPlay(leg=scene.call.leg),)) if scene.frame.phase == HEARING else turn

    # -- what is heard meanwhile ---

    def _between(self, scene: Scene, *commands: Command) -> Turn:
        until = min(scene.at + QUIET_S, self._until(scene))
        return Turn(frame=replace(scene.frame, phase=ASKED, deadline=until), commands=commands)

    def _sound(self, scene: Scene) -> Turn:
        """The prompt first, then music; a call that nobody has answered is not answered for music's sake."""
        frame = replace(scene.frame, deadline=self._until(scene))
        what = self._media(scene)
        if not what:
            return Turn(frame=frame)
        play = scene.next_play()
        heard = replace(frame, phase=HEARING, plays=frame.plays + 1)
        return Turn(frame=heard, commands=(Play(leg=scene.call.leg, play=play, media=what),))

    def _media(self, scene: Scene) -> tuple[Media, ...]:
        heard = scene.media(self.prompt) if sound_of(scene) == scene.frame.play else ()
        if heard:
            return heard
        return (Music(name=self.music),) if scene.call.answered_at is not None else ()


def sound_of(scene: Scene) -> PlayId:
    """The name of what was played last; the errand's own while nothing was."""
    return PlayId(f"{scene.call.id}.{scene.frame.plays}")


def exit_of(done: ErrandDone) -> str:
    if done.why or not 200 <= done.status < 500 or 300 <= done.status < 400:
        return "failed"
    if done.status < 300:
        return "done"
    return "not_found" if done.status in (404, 410) else "refused"
