"""Engines that turn text into sound. A text goes in through stdin, never in an argument; every run has a deadline."""

import logging
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from acd.live.sound import RATE_HZ, NoSound, Sound, read_wav

log = logging.getLogger(__name__)

ENGINES = ("espeak-ng", "piper", "none")
VOICE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_+-]{0,62}", re.ASCII)
KEYS = {"en": {"*": "star", "#": "hash"}, "de": {"*": "Stern", "#": "Raute"}}


class SpeechFailed(Exception):
    """No sound came of a text; says why, without the text."""


class Engine(Protocol):
    @property
    def id(self) -> str:
        """Says whose sound it is: another id makes another recording of the same text."""
        ...

    def speak(self, text: str, language: str, voice: str, deadline_s: float) -> Sound:
        """Raises SpeechFailed."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class EspeakNg:
    """Small, quick, in over a hundred languages, and there in every distribution."""

    program: str
    voice: str = ""
    words_per_minute: int = 155

    @property
    def id(self) -> str:
        return f"espeak-ng {self.voice} {self.words_per_minute}"

    def speak(self, text: str, language: str, voice: str, deadline_s: float) -> Sound:
        chosen = voice or self._default(language)
        if not VOICE.fullmatch(chosen):
            raise SpeechFailed(f"the voice {chosen[:60]!r} is no name of a voice")
        arguments = [self.program, "--stdout", "--stdin", "-b", "1", "-s", str(self.words_per_minute), "-v", chosen]
        return _sound(_run(arguments, _said(text, language), deadline_s))

    def _default(self, language: str) -> str:
        """The configured voice where it speaks the language, else the language's own."""
        return self.voice if self.voice.split("-")[0] == language.split("-")[0] and self.voice else language.lower() or "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piper:
    """A neural voice; ``model`` is its file."""

    program: str
    model: str

    @property
    def id(self) -> str:
        return f"piper {Path(self.model).name}"

    def speak(self, text: str, language: str, voice: str, deadline_s: float) -> Sound:
        with tempfile.TemporaryDirectory(prefix="acd-speech-") as folder:
            out = Path(folder) / "speech.wav"
            _run([self.program, "--model", self.model, "--output_file", str(out)], _said(text, language), deadline_s)
            try:
                return _sound(out.read_bytes())
            except OSError as error:
                raise SpeechFailed(f"piper wrote no sound: {error.strerror}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSpeech:
    """Two soft notes in place of every text: callers hear that something is there, and the house can start without an engine."""

    id: str = "none"

    def speak(self, text: str, language: str, voice: str, deadline_s: float) -> Sound:
        t = np.arange(int(0.25 * RATE_HZ)) / RATE_HZ
        notes = [np.sin(2 * np.pi * hz * t) * np.exp(-8 * t) for hz in (523.25, 392.0)]
        return Sound(0.2 * np.concatenate(notes), RATE_HZ)


def engine(wanted: str, voice: str = "", which: "Which" = shutil.which) -> Engine:
    """The wanted engine, or what is there instead with a loud warning; there is always one."""
    if wanted == "piper" and (program := which("piper")) and Path(voice).is_file():
        return Piper(program=program, model=voice)
    if wanted == "piper":
        log.warning("piper cannot speak: %s; espeak-ng is used instead", _why_no_piper(voice, which))
    if wanted != "none" and (program := which("espeak-ng")):
        return EspeakNg(program=program, voice=voice if VOICE.fullmatch(voice) else "")
    if wanted != "none":
        log.warning(
            "NO TEXT TO SPEECH: neither piper nor espeak-ng is installed. Callers hear two notes in place of every text "
            "that has no recording. Install espeak-ng, or record the prompts."
        )
    return NoSpeech()


class Which(Protocol):
    def __call__(self, cmd: str) -> str | None: ...


def _why_no_piper(voice: str, which: Which) -> str:
    return f"its voice file {voice!r} is not there" if which("piper") else "it is not installed"


def _said(text: str, language: str) -> bytes:
    """One line, without what an engine would take for a command; the keys * and # by their names."""
    keys = KEYS.get(language.split("-")[0], {})
    plain = " ".join(keys.get(text, text).replace("[[", " ").replace("]]", " ").replace("<", " ").split())
    return (plain + "\n").encode("utf-8", "replace")


def _run(arguments: Sequence[str], said: bytes, deadline_s: float) -> bytes:
    try:
        done = subprocess.run(arguments, input=said, capture_output=True, timeout=deadline_s, check=False)
    except subprocess.TimeoutExpired as error:
        raise SpeechFailed(f"{arguments[0]} took longer than {deadline_s:g} s") from error
    except OSError as error:
        raise SpeechFailed(f"{arguments[0]} does not run: {error.strerror}") from error
    if done.returncode != 0:
        why = done.stderr.decode("utf-8", "replace").strip()[:200]
        raise SpeechFailed(f"{arguments[0]} ended with {done.returncode}: {why}")
    return done.stdout


def _sound(data: bytes) -> Sound:
    try:
        sound = read_wav(data)
    except NoSound as error:
        raise SpeechFailed(str(error)) from error
    if not len(sound.samples):
        raise SpeechFailed("the engine gave no sound")
    return sound
