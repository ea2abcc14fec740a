"""The tones by which machines are known from people: the beep at the end of a greeting, a fax's 2100 Hz. PURE: samples in, words out.

A beep is one pure tone of steady pitch and loudness that begins, lasts and ends, with nothing after it. Speech is never pure for
long, music goes on, and what rings is lower (a single 400 to 440 Hz) or of two tones. A pure tone solves
x[n-1] + x[n+1] = 2cos(w) x[n]: what the
best w leaves of that equation says how pure a frame is, and w is its pitch. Two tones near each other look pure for a
moment, but beat: x[n]^2 - x[n-1] x[n+1] (Teager's energy) stays as it is in one tone only. The end is waited for, so that whoever
speaks after the beep speaks after it.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from softswitch.media.g711 import FRAME_BYTES, RATE_HZ

BEEP, FAX = "beep", "fax"
LOW_HZ, HIGH_HZ = 450.0, 2000.0
LEAST, MOST = 6, 100
"""A beep has so many frames of 20 ms; what lasts longer is no beep."""
QUIET = 5
"""So many frames must follow in which nothing is heard."""
FAX_HZ, FAX_NEAR_HZ, FAX_FRAMES = 2100.0, 25.0, 40
PURE = 0.008
"""At most this share of a frame may be left over; G.711 itself leaves a thousandth."""
BEATS = 1.5
"""So much stronger may the strongest 5 ms of a frame be than its faintest."""
FAINT_RMS = 150.0
WANDERS = 1.03
SWELLS = 1.6
LOST = 3
"""After so many ticks without a packet nothing is heard: whoever listens to a message may send nothing."""
_NOTHING = bytes(FRAME_BYTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """``hz`` is 0 where it is no single tone."""

    hz: float
    rms: float


def frame_of(samples: NDArray[np.float64]) -> Frame:
    """What one frame is, mostly."""
    rms = math.sqrt(float(np.mean(samples**2)))
    middle, around = samples[1:-1], samples[:-2] + samples[2:]
    power = float(middle @ middle)
    if rms < FAINT_RMS or not power:
        return Frame(hz=0.0, rms=rms)
    twice_cos = float(around @ middle) / power
    left = around - twice_cos * middle
    if abs(twice_cos) >= 2.0 or float(left @ left) > PURE * power or _beats(samples):
        return Frame(hz=0.0, rms=rms)
    return Frame(hz=math.acos(twice_cos / 2) * RATE_HZ / (2 * math.pi), rms=rms)


def _beats(samples: NDArray[np.float64]) -> bool:
    energy = samples[1:-1] ** 2 - samples[:-2] * samples[2:]
    parts = np.convolve(energy, np.ones(40), "valid")
    return bool(parts.min() <= 0.0 or parts.max() > BEATS * parts.min())


class Machines:
    """Listens to one leg. ``heard`` takes what comes in, ``tick`` is called every 20 ms; both say what was made out, once each."""

    def __init__(self) -> None:
        self._rest = b""
        self._tone: list[Frame] = []
        self._quiet = 0
        self._waited = 0
        self._fax = 0
        self._told: set[str] = set()

    def tick(self) -> str | None:
        self._waited += 1
        return self._take(_NOTHING) if self._waited > LOST else None

    def heard(self, pcm: bytes) -> str | None:
        self._waited = 0
        pcm, found = self._rest + pcm, None
        for at in range(0, len(pcm) - FRAME_BYTES + 1, FRAME_BYTES):
            found = self._take(pcm[at : at + FRAME_BYTES]) or found
        self._rest = pcm[len(pcm) // FRAME_BYTES * FRAME_BYTES :]
        return found

    def _take(self, pcm: bytes) -> str | None:
        frame = frame_of(np.frombuffer(pcm, dtype="<i2").astype(np.float64))
        for word, is_heard in ((FAX, self._is_fax(frame)), (BEEP, self._is_beep(frame))):
            if is_heard and word not in self._told:
                self._told.add(word)
                return word
        return None

    def _is_fax(self, frame: Frame) -> bool:
        """Its tone turns its phase now and then: a frame in between does not count against it."""
        self._fax = self._fax + 1 if abs(frame.hz - FAX_HZ) <= FAX_NEAR_HZ else max(0, self._fax - 3)
        return self._fax >= FAX_FRAMES

    def _is_beep(self, frame: Frame) -> bool:
        if self._goes_on(frame):
            self._tone.append(frame)
            self._quiet = 0
            return False
        if len(self._tone) < LEAST or len(self._tone) > MOST:
            self._begin(frame)
            return False
        if self._quiet == 0 and frame.rms >= FAINT_RMS and frame.hz == 0.0 and frame.rms <= self._tone[-1].rms:
            self._quiet = 1  # the frame in which it ends is cut short
            return False
        if frame.rms >= max(FAINT_RMS, self._tone[0].rms / 10):
            self._begin(frame)
            return False
        self._quiet += 1
        if self._quiet <= QUIET:
            return False
        self._begin(frame)
        return True

    def _begin(self, frame: Frame) -> None:
        self._quiet, self._tone = 0, [frame] if LOW_HZ <= frame.hz <= HIGH_HZ else []

    def _goes_on(self, frame: Frame) -> bool:
        """Whether it is the same tone as a moment ago, as loud."""
        if not self._tone or self._quiet or not frame.hz:
            return False
        first = self._tone[0]
        same_pitch = max(first.hz, frame.hz) <= WANDERS * min(first.hz, frame.hz)
        return same_pitch and max(first.rms, frame.rms) <= SWELLS * min(first.rms, frame.rms)
