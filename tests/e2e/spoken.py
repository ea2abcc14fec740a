"""Which words a caller hears: the same texts are spoken by the same engine here, and found again in what came by RTP.

Hears forwards: what was heard once is not found again. Between two prompts there may be no dead air, unless it is the caller's turn.
"""

import time
import wave
from pathlib import Path

from acd.core.media import Speech
from acd.live.prompts import Prompts
from acd.live.speech import Chosen, engines

from . import audio
from .sipp import Caller
from .waiting import until

DEAD_AIR_S = 2.0
DIGIT_S = 0.3  # what one digit takes, with the pause after it
_CLIP_S = 1.2  # so much of a text tells it from all others
_ENOUGH = 15  # packets that must have come since the last look
_OVER_S = 0.2  # after so long without a packet no more are waited for


class Voice:
    """What the house says, as the house says it."""

    def __init__(self, cache: Path, voice: str = "en") -> None:
        self._prompts = Prompts(cache=cache, engine=engines(Chosen(voice=voice))[0])

    def clip(self, text: str, language: str) -> bytes:
        """The first words, without the silence before them."""
        speech = Speech(text=text, language=language)
        assert not self._prompts.prepare_now([speech], deadline_s=20)
        with wave.open(self._prompts.resolve(speech), "rb") as file:
            pcm = file.readframes(file.getnframes())
        step = audio.RATE // 50 * 2
        loud = (at for at in range(0, len(pcm), step) if audio.Heard(at=0, pcm=pcm[at : at + step]).is_loud)
        begin = next(loud)
        return pcm[begin : begin + int(_CLIP_S * audio.RATE) * 2]


class Listening:
    """A caller with ears: who hears text after text, and presses digits."""

    def __init__(self, caller: Caller, voice: Voice, *, language: str = "en") -> None:
        self.caller, self.language, self.voice = caller, language, voice
        self._from = self._last = caller.answered_at

    def hears(self, text: str, *, within_s: float = 20.0, after_silence: bool = False) -> float:
        """Waits for the words; returns when they began. ``after_silence``: it was the caller's turn, who did nothing."""
        clip, looked = self.voice.clip(text, self.language), 0

        def found() -> float | None:
            nonlocal looked
            packets = self.caller.ear.since(self._from)
            still = bool(packets) and time.monotonic() - packets[-1].at < _OVER_S
            if len(packets) < looked + (_ENOUGH if still else 1):
                return None
            looked = len(packets)
            at = audio.find(b"".join(packet.pcm for packet in packets), clip)
            return None if at is None else packets[at // (audio.RATE // 50)].at

        began = until(f"the caller hears {text!r}", found, within_s=within_s)
        assert began is not None
        quiet = self.caller.ear.longest_silence_s(begin=self._last, end=began)
        assert after_silence or quiet < DEAD_AIR_S, f"{quiet:.2f} s of dead air before {text!r}"
        self._from, self._last = began + 0.1, began
        return began

    def hears_not(self, text: str, *, language: str | None = None) -> None:
        """Not since the caller was answered."""
        sound = self.caller.ear.sound(since=self.caller.answered_at)
        assert audio.find(sound, self.voice.clip(text, language or self.language)) is None, f"the caller has heard {text!r}"

    def hears_tone(self, tone: int, *, within_s: float = 10.0, blocks: int = 5) -> None:
        since = self._from
        until(f"the caller hears {tone} Hz", lambda: self.caller.ear.hears_tone(tone, since=since, blocks=blocks), within_s=within_s)
        self._from = self._last = time.monotonic()

    def press(self, digits: str) -> None:
        """What is heard next is looked for from now on; silence counts from when the last digit is out."""
        self.caller.press(digits)
        self._from = time.monotonic()
        self._last = self._from + len(digits) * DIGIT_S
