"""The prompt library of this house: which engine, which folders, and all that callers may hear made ready before they call."""

import logging
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from gevent import get_hub

from acd.config.configuration import Configuration
from acd.core.media import Media, Music, Recorded, Speech
from acd.live.prompts import Prompts
from acd.live.sound import Samples
from acd.live.speech import Chosen, NoSpeech, engines
from acd.loading import Loaded, library_of
from acd.places import Places

log = logging.getLogger(__name__)

FAILSAFE = "failsafe"
FAILSAFE_TEXT = "We are sorry, we cannot take your call right now. Please leave a message after the tone."
"""What callers hear whom nobody adopts; a recording named ``failsafe`` takes its place."""


def prompts_of(configuration: Configuration, places: Places) -> Prompts:
    found = Prompts(cache=places.sounds.absolute(), engine=NoSpeech(), offload=_in_thread)
    follow(found, configuration)
    return found


def follow(prompts: Prompts, configuration: Configuration) -> None:
    """A changed configuration's engine and folders."""
    speech = configuration.speech
    prompts.engine, *others = engines(Chosen(engine=speech.engine, voice=speech.voice, voices=speech.voices))
    prompts.others = tuple(others)
    prompts.sounds, prompts.music = configuration.sounds, configuration.music


def make_ready(prompts: Prompts, loaded: Loaded, more: Iterable[Media] = ()) -> None:
    """All of the flows, every queue's music, and ``more`` (older flows with callers in them). May take a while."""
    music = [Music(name=name) for name in sorted(loaded.known.music or ())]
    failed = prompts.prepare([*library_of(loaded).media(), *loaded.policy.media(), *more, *music])
    if failed:
        log.error("%d of the prompts could not be made; callers hear silence in their place", len(failed))


def failsafe_announcement(prompts: Prompts, loaded: Loaded, file: Path) -> Path:
    """Puts it where the switch finds it, at a place that does not change with its words."""
    language = loaded.configuration.speech.language
    recorded = FAILSAFE in prompts.recordings(language)
    medium: Media = Recorded(name=FAILSAFE, language=language) if recorded else Speech(text=FAILSAFE_TEXT, language=language)
    prompts.prepare([medium])
    half = file.with_suffix(".half")
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(prompts.ready.get(medium) or prompts.resolve(medium), half)
    half.replace(file)
    return file


def _in_thread(work: Callable[[], Samples]) -> Samples:
    made: Samples = get_hub().threadpool.apply(work)
    return made
