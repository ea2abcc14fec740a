"""The prompt library: for each medium a file that the switch can play at once.

All that is known when the flows are loaded is rendered then (``prepare``); what only a call knows is rendered when it is
needed, with a deadline, and kept for a short while only, because it may be a caller's. ``resolve`` never waits and never
fails: what is not there is silence, counted and logged. Files are named by a hash; no text from outside is part of a path.
"""

import logging
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from acd.core.media import Kept, Media, Music, Recorded, Speech, Tone
from acd.live import music
from acd.live.recordings import recording_file, recordings_in
from acd.live.sound import NoSound, Samples, Sound, prompt, read_sound, recording, save, seconds_of
from acd.live.speech import Engine, SpeechFailed, TooSlow, notes

log = logging.getLogger(__name__)

MADE = 2  # counts up when the making of sounds changes, so that none of the old ones is used
MAX_BYTES = 200_000_000
LOAD_DEADLINE_S = 20.0
CALL_DEADLINE_S = 2.0
PASSING_MAX = 500
PASSING_KEPT_S = 3600.0
REST_S = 30.0
"""So long nobody waits for an engine that was too slow, if there is another."""
FIRST_SHARE = 0.6
"""Of the time that is left, for an engine after which another one can be tried."""


@dataclass(slots=True, kw_only=True)
class Counts:
    rendered: int = 0
    failed: int = 0  # an engine or a file gave no sound
    missing: int = 0  # a caller heard silence in place of something


@dataclass(slots=True, kw_only=True)
class Prompts:
    """``seen_as``: the cache folder as the switch sees it, where that is another path (a container)."""

    cache: Path
    engine: Engine
    others: tuple[Engine, ...] = ()  # that take its place, in order, when it gives no sound
    sounds: Path | None = None
    music: Path | None = None
    seen_as: str = ""
    offload: Callable[[Callable[[], Samples]], Samples] = lambda work: work()
    """Runs what only computes where it keeps nobody waiting."""
    counts: Counts = field(default_factory=Counts)
    ready: dict[Media, Path] = field(default_factory=dict)
    seconds: dict[Media, float] = field(default_factory=dict)
    fixed: set[Media] = field(default_factory=set)
    now: Callable[[], float] = time.monotonic
    resting: dict[str, float] = field(default_factory=dict)  # engine -> until when

    def prepare(self, media: Iterable[Media]) -> tuple[str, ...]:
        """Make ready what flows can say and play. Returns a sentence for each that could not be made."""
        wanted = [*media, Music(), *(Tone(name=name) for name in music.TONES)]
        self._make(self._silence, music.silence)
        self._make(self._notes, notes)
        self.fixed.update(wanted)
        return tuple(why for one in dict.fromkeys(wanted) if (why := self._ready(one, LOAD_DEADLINE_S, fixed=True)))

    def prepare_now(self, media: Iterable[Media], deadline_s: float = CALL_DEADLINE_S) -> tuple[str, ...]:
        """The same for what a call needs now; all of it within the deadline. May wait, so not for the one that owns the state."""
        end = self.now() + deadline_s
        missing = [one for one in media if not self.is_ready(one)]
        return tuple(why for one in missing if (why := self._ready(one, max(0.05, end - self.now()), fixed=False)))

    def is_ready(self, medium: Media) -> bool:
        path = self.ready.get(medium)
        return isinstance(medium, Kept) or (path is not None and path.exists())

    def resolve(self, medium: Media) -> str:
        """The file to play, as the switch finds it."""
        path = self.ready.get(medium)
        if path is None or not path.exists():
            self.counts.missing += 1
            path = self._notes if isinstance(medium, Speech) else self._silence
            log.warning("a caller hears %s: %s is not ready", path.stem.partition(".")[0], _shown(medium))
        return self._seen(path)

    def lasts(self, medium: Media) -> float | None:
        """The seconds of what ``resolve`` gives; None when it could not be read."""
        if isinstance(medium, Kept):
            return None  # it stands in the switch's folder, not in ours
        if self.is_ready(medium):
            return self.seconds.get(medium)
        return seconds_of(self._notes) if isinstance(medium, Speech) else music.SILENCE_S

    def recordings(self, language: str = "") -> frozenset[str]:
        """The names of all recordings that are heard in a language."""
        places = {"", language, language.partition("-")[0]}
        parts = (name.rpartition("/") for name in recordings_in(self.sounds))
        return frozenset(name for place, _, name in parts if place in places)

    def kept(self, speech: Speech) -> Path | None:
        """The file of a text that was rendered before anybody called; None when there is none."""
        files = (self._kept(speech, engine) for engine in (self.engine, *self.others))
        return next((file for file in files if file.exists()), None)

    @property
    def _notes(self) -> Path:
        return self.cache / "tones" / f"notes.{MADE}.wav"

    @property
    def _silence(self) -> Path:
        return self.cache / "tones" / "silence.wav"

    def _seen(self, path: Path) -> str:
        return f"{self.seen_as.rstrip('/')}/{path.relative_to(self.cache)}" if self.seen_as else str(path)

    def _ready(self, medium: Media, deadline_s: float, fixed: bool) -> str:
        """'' when the medium has its file now, else why not."""
        try:
            self.ready[medium] = path = self._file(medium, deadline_s, fixed)
            self._measure(medium, path)
        except (SpeechFailed, NoSound, OSError) as error:
            self.counts.failed += 1
            why = f"{_shown(medium)}: {error}"
            log.error("no sound for %s", why)
            return why
        return ""

    def _measure(self, medium: Media, path: Path) -> None:
        seconds = seconds_of(path)
        if seconds is None:
            self.seconds.pop(medium, None)
        else:
            self.seconds[medium] = seconds

    def _file(self, medium: Media, deadline_s: float, fixed: bool) -> Path:
        match medium:
            case Speech():
                return self._speech(medium, deadline_s, fixed)
            case Recorded(name=name, language=language):
                return self._recorded(self._source(self.sounds, name, language), recording)
            case Tone(name=name) if name in music.TONES:
                return self._make(self.cache / "tones" / f"{name}.{MADE}.wav", lambda: music.tone(name))
            case Music(name="default") if not self._has(self.music, "default"):
                return self._make(self.cache / "music" / f"default.{MADE}.wav", lambda: self.offload(music.hold_music))
            case Music(name=name):
                return self._recorded(self._source(self.music, name), music.of)
        raise NoSound("there is no such sound")

    def _speech(self, medium: Speech, deadline_s: float, fixed: bool) -> Path:
        """By the first engine that gives a sound within the time. Raises SpeechFailed with what each of them said."""
        end, why = self.now() + deadline_s, []
        engines = self._awake()
        for n, engine in enumerate(engines):
            left = max(0.05, end - self.now())
            share = left * FIRST_SHARE if n + 1 < len(engines) else left
            try:
                return self._by(engine, medium, share, fixed)
            except SpeechFailed as error:
                why.append(str(error))
                if isinstance(error, TooSlow):
                    self.resting[engine.id] = self.now() + REST_S
                if n + 1 < len(engines):
                    log.warning("%s does not say %s (%s); %s is asked", engine.id, _shown(medium), error, engines[n + 1].id)
        raise SpeechFailed("; ".join(why))

    def _awake(self) -> tuple[Engine, ...]:
        """Those to be asked, in order; all of them when all are resting."""
        engines = (self.engine, *self.others)
        return tuple(one for one in engines if self.resting.get(one.id, 0.0) <= self.now()) or engines

    def _by(self, engine: Engine, medium: Speech, deadline_s: float, fixed: bool) -> Path:
        kept = self._kept(medium, engine)
        if fixed or kept.exists():
            return self._make(kept, lambda: self._spoken(engine, medium, deadline_s))
        self._forget_old()
        return self._make(self.cache / "passing" / kept.name, lambda: self._spoken(engine, medium, deadline_s))

    def _kept(self, medium: Speech, engine: Engine) -> Path:
        """Named by all that makes a sound what it is: engine, its version and voice, language, text, and how we treat it."""
        key = "\0".join([str(MADE), engine.signature(medium.language, medium.voice), medium.language, medium.text])
        return self.cache / "speech" / f"{_hash(key.encode())}.wav"

    def _spoken(self, engine: Engine, medium: Speech, deadline_s: float) -> Samples:
        spoken = engine.speak(medium.text, medium.language, medium.voice, deadline_s)
        return self.offload(lambda: prompt(spoken))

    def _recorded(self, source: Path, work: Callable[[Sound], Samples]) -> Path:
        if source.stat().st_size > MAX_BYTES:
            raise NoSound(f"{source.name} is larger than {MAX_BYTES:,} bytes")
        data = source.read_bytes()
        made = self.cache / "recorded" / f"{_hash(f'{MADE} {work.__name__} '.encode() + data)}.wav"
        return self._make(made, lambda: self.offload(lambda: _read(source, data, work)))

    def _source(self, folder: Path | None, name: str, language: str = "") -> Path:
        """A recording's file: in its language's folder or beside it. Raises NoSound."""
        file = recording_file(folder, name, language)
        if file is None:
            raise NoSound("there is no such recording")
        return file

    def _has(self, folder: Path | None, name: str) -> bool:
        return recording_file(folder, name) is not None

    def _make(self, path: Path, samples: Callable[[], Samples]) -> Path:
        if not path.exists():
            save(path, samples())
            self.counts.rendered += 1
        return path

    def _forget_old(self) -> None:
        """What was said to single callers is not kept: not for long, and never more than so much."""
        folder = self.cache / "passing"
        if not folder.is_dir():
            return
        files = sorted((entry.stat().st_mtime, entry.path) for entry in os.scandir(folder) if entry.is_file())
        oldest = time.time() - PASSING_KEPT_S
        surplus = max(0, len(files) - PASSING_MAX + 1)
        for n, (changed_at, path) in enumerate(files):
            if n < surplus or changed_at < oldest:
                Path(path).unlink(missing_ok=True)
        self.ready = {medium: path for medium, path in self.ready.items() if medium in self.fixed or path.exists()}
        self.seconds = {medium: seconds for medium, seconds in self.seconds.items() if medium in self.ready}


def _read(source: Path, data: bytes, work: Callable[[Sound], Samples]) -> Samples:
    try:
        return work(read_sound(data))
    except NoSound as error:
        raise NoSound(f"{source.name}: {error}") from error


def _hash(data: bytes) -> str:
    return sha256(data).hexdigest()[:40]


def _shown(medium: Media) -> str:
    """For the log: a text may be a caller's, so only its length is told."""
    return f"a text of {len(medium.text)} characters" if isinstance(medium, Speech) else f"{medium.kind} {medium.name!r}"
