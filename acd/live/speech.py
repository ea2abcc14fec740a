"""Engines that turn text into sound. A text goes in through stdin or a file, never in an argument; every run has a deadline."""

import logging
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np

from acd.live.sound import RATE_HZ, NoSound, Samples, Sound, read_wav

log = logging.getLogger(__name__)

ENGINES = ("espeak-ng", "piper", "flite", "none")
VOICE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_+-]{0,62}", re.ASCII)
KEYS = {"en": {"*": "star", "#": "hash"}, "de": {"*": "Stern", "#": "Raute"}}
ASK_VERSION_S = 5.0
VERSION = re.compile(r"[0-9]{1,4}\.[0-9]{1,4}[0-9a-z.-]{0,20}", re.ASCII)


class SpeechFailed(Exception):
    """No sound came of a text; says why, without the text."""


class TooSlow(SpeechFailed):
    """An engine took longer than it was given; the next text would wait as long."""


class Engine(Protocol):
    @property
    def id(self) -> str:
        """Its name, for people."""
        ...

    def signature(self, language: str, voice: str) -> str:
        """Says whose sound it is (engine, version, voice): another signature makes another recording of the same text."""
        ...

    def speak(self, text: str, language: str, voice: str, deadline_s: float) -> Sound:
        """Raises SpeechFailed."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class EspeakNg:
    """Small, quick, in over a hundred languages, and there in every distribution."""

    program: str
    voice: str = ""
    voices: Mapping[str, str] = field(default_factory=dict)
    words_per_minute: int = 155
    id: str = "espeak-ng"

    def signature(self, language: str, voice: str) -> str:
        return f"espeak-ng {version(self.program, '--version')} {voice or self._default(language)} {self.words_per_minute}"

    def speak(self, text: str, language: str, voice: str, deadline_s: float) -> Sound:
        chosen = voice or self._default(language)
        if not VOICE.fullmatch(chosen):
            raise SpeechFailed(f"the voice {chosen[:60]!r} is no name of a voice")
        arguments = [self.program, "--stdout", "--stdin", "-b", "1", "-s", str(self.words_per_minute), "-v", chosen]
        return _sound(_run(arguments, _said(text, language), deadline_s))

    def _default(self, language: str) -> str:
        """The language's configured voice, or the house's where it speaks the language, else the language's own."""
        named = of_language(self.voices, language)
        if VOICE.fullmatch(named):
            return named
        return self.voice if self.voice.split("-")[0] == language.split("-")[0] and self.voice else language.lower() or "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piper:
    """Neural voices; ``models`` are their files by language, ``model`` is for a language that has none of its own."""

    program: str
    model: str = ""
    models: Mapping[str, str] = field(default_factory=dict)
    id: str = "piper"

    def signature(self, language: str, voice: str) -> str:
        model = Path(self._model(language))
        size = model.stat().st_size if model.is_file() else 0
        return f"piper {version(self.program, '--version')} {model.name} {size}"

    def speak(self, text: str, language: str, voice: str, deadline_s: float) -> Sound:
        model = self._model(language)
        if not model:
            raise SpeechFailed(f"piper has no voice for {language[:20]!r}")
        with tempfile.TemporaryDirectory(prefix="acd-speech-") as folder:
            out = Path(folder) / "speech.wav"
            _run([self.program, "--model", model, "--output_file", str(out)], _said(text, language), deadline_s)
            return _written(out, self.id)

    def _model(self, language: str) -> str:
        return of_language(self.models, language) or self.model


@dataclass(frozen=True, slots=True, kw_only=True)
class Flite:
    """Very small and quick, in English only."""

    program: str
    voice: str = "slt"
    id: str = "flite"

    def signature(self, language: str, voice: str) -> str:
        return f"flite {version(self.program, '--version')} {self.voice}"

    def speak(self, text: str, language: str, voice: str, deadline_s: float) -> Sound:
        if language and language.split("-")[0] != "en":
            raise SpeechFailed(f"flite does not speak {language[:20]!r}")
        with tempfile.TemporaryDirectory(prefix="acd-speech-") as folder:
            said, out = Path(folder) / "text", Path(folder) / "speech.wav"
            said.write_bytes(_said(text, language))
            _run([self.program, "-voice", self.voice, "-f", str(said), "-o", str(out)], b"", deadline_s)
            return _written(out, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSpeech:
    """Two soft notes in place of every text: callers hear that something is there, and the house can start without an engine."""

    id: str = "none"

    def signature(self, language: str, voice: str) -> str:
        return self.id

    def speak(self, text: str, language: str, voice: str, deadline_s: float) -> Sound:
        return Sound(notes(), RATE_HZ)


def notes() -> Samples:
    t = np.arange(int(0.25 * RATE_HZ)) / RATE_HZ
    return np.asarray(0.2 * np.concatenate([np.sin(2 * np.pi * hz * t) * np.exp(-8 * t) for hz in (523.25, 392.0)]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What the configuration says. ``voice``: the wanted engine's; ``voices``: the same by language."""

    engine: str = "espeak-ng"
    voice: str = ""
    voices: Mapping[str, str] = field(default_factory=dict)


class Which(Protocol):
    def __call__(self, cmd: str) -> str | None: ...


def engines(chosen: Chosen, which: Which = shutil.which) -> tuple[Engine, ...]:
    """The wanted engine first, then what else is at hand for when it fails; with a loud warning there is always one."""
    if chosen.engine == "none":
        return (NoSpeech(),)
    order = dict.fromkeys([chosen.engine, "espeak-ng", "piper", "flite"])
    there = [found for name in order if (found := _at_hand(name, chosen, which))]
    if chosen.engine in ENGINES and not any(one.id == chosen.engine for one in there):
        instead = there[0].id if there else "nothing"
        log.warning("%s cannot speak: %s; %s is used instead", chosen.engine, _why_not(chosen, which), instead)
    if not there:
        log.warning(
            "NO TEXT TO SPEECH: none of espeak-ng, piper and flite is installed. Callers hear two notes in place of every "
            "text that has no recording. Install espeak-ng, or record the prompts."
        )
    return tuple(there) or (NoSpeech(),)


def _at_hand(name: str, chosen: Chosen, which: Which) -> Engine | None:
    program = which(name)
    if not program:
        return None
    if name == "piper":
        model = chosen.voice if Path(chosen.voice).is_file() else ""
        models = {language: file for language, file in chosen.voices.items() if Path(file).is_file()}
        return Piper(program=program, model=model, models=models) if model or models else None
    voice = chosen.voice if VOICE.fullmatch(chosen.voice) else ""
    if name == "flite":
        return Flite(program=program, voice=voice) if chosen.engine == "flite" and voice else Flite(program=program)
    return EspeakNg(program=program, voice=voice if chosen.engine != "flite" else "", voices=chosen.voices)


def _why_not(chosen: Chosen, which: Which) -> str:
    if chosen.engine == "piper" and which("piper"):
        return f"its voice file {chosen.voice!r} is not there"
    return "it is not installed"


def of_language(voices: Mapping[str, str], language: str) -> str:
    """The voice for ``de-AT``, else for ``de``, else ''."""
    return voices.get(language) or voices.get(language.partition("-")[0]) or ""


@lru_cache(maxsize=20)
def version(program: str, option: str) -> str:
    """What a program says of itself, so that a new version's sound is another; its file's age where it tells nothing (piper)."""
    try:
        done = subprocess.run([program, option], capture_output=True, timeout=ASK_VERSION_S, check=False, stdin=subprocess.DEVNULL)
        found = VERSION.search(done.stdout.decode("utf-8", "replace"))
        return found[0] if found else str(round(Path(program).stat().st_mtime))
    except (OSError, subprocess.TimeoutExpired):
        return ""


def _said(text: str, language: str) -> bytes:
    """One line, without what an engine would take for a command; the keys * and # by their names."""
    keys = KEYS.get(language.split("-")[0], {})
    plain = " ".join(keys.get(text, text).replace("[[", " ").replace("]]", " ").replace("<", " ").split())
    return (plain + "\n").encode("utf-8", "replace")


def _run(arguments: Sequence[str], said: bytes, deadline_s: float) -> bytes:
    try:
        done = subprocess.run(arguments, input=said, capture_output=True, timeout=deadline_s, check=False)
    except subprocess.TimeoutExpired as error:
        raise TooSlow(f"{arguments[0]} took longer than {deadline_s:.3g} s") from error
    except OSError as error:
        raise SpeechFailed(f"{arguments[0]} does not run: {error.strerror}") from error
    if done.returncode != 0:
        why = done.stderr.decode("utf-8", "replace").strip()[-200:]
        raise SpeechFailed(f"{arguments[0]} ended with {done.returncode}: {why}")
    return done.stdout


def _written(out: Path, engine: str) -> Sound:
    try:
        return _sound(out.read_bytes())
    except OSError as error:
        raise SpeechFailed(f"{engine} wrote no sound: {error.strerror}") from error


def _sound(data: bytes) -> Sound:
    try:
        sound = read_wav(data)
    except NoSound as error:
        raise SpeechFailed(str(error)) from error
    if not len(sound.samples):
        raise SpeechFailed("the engine gave no sound")
    return sound
