"""Sound: resampling that leaves nothing where it does not belong, an even level, WAVs of every kind, music without a seam."""

import contextlib
import io
import os
import wave
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from acd.live import music
from acd.live.sound import (
    PEAK,
    RATE_HZ,
    NoSound,
    Samples,
    Sound,
    levelled,
    prompt,
    read_sound,
    read_wav,
    recording,
    resampled,
    save,
    wav_bytes,
)


def sine(hz: float, seconds: float = 1.0, rate: int = RATE_HZ, level: float = 0.5) -> Samples:
    return np.asarray(level * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate)) / rate))


def strength(samples: Samples, hz: float, rate: int = RATE_HZ) -> float:
    """The amplitude at one frequency."""
    middle = samples[len(samples) // 4 : -len(samples) // 4]
    t = np.arange(len(middle)) / rate
    return float(2 * abs(np.mean(middle * np.exp(-2j * np.pi * hz * t))))


def wav(samples: Samples, width: int, channels: int, rate: int = 16000) -> bytes:
    whole = np.repeat((samples * (2 ** (8 * width - 1) - 1)).astype(np.int64), channels)
    if width == 1:
        raw = (whole + 128).astype(np.uint8).tobytes()
    else:
        raw = b"".join(int(one).to_bytes(width, "little", signed=True) for one in whole)
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(raw)
    return out.getvalue()


@pytest.mark.parametrize("rate", [6000, 8000, 11025, 16000, 22050, 24000, 44100, 48000])
def test_given_a_tone_at_any_rate_when_resampled_then_it_is_the_same_tone_as_long_and_as_loud(rate: int) -> None:
    out = resampled(Sound(sine(1000, rate=rate), rate))
    assert len(out) == RATE_HZ
    assert strength(out, 1000) == pytest.approx(0.5, rel=0.02)
    assert np.sqrt(np.mean((out - sine(1000))[800:-800] ** 2)) < 0.01


@pytest.mark.parametrize("hz", [4200, 5000, 7000, 10_000])
def test_given_what_a_telephone_cannot_carry_when_resampled_then_it_is_gone_and_not_folded_back(hz: int) -> None:
    out = resampled(Sound(sine(hz, rate=22050), 22050))
    assert float(np.sqrt(np.mean(out[800:-800] ** 2))) < 0.001


@pytest.mark.parametrize("level", [0.02, 0.1, 0.9])
def test_given_a_quiet_or_loud_voice_when_made_ready_then_its_level_is_that_of_all_the_others(level: float) -> None:
    out = levelled(sine(500, level=level))
    assert float(np.sqrt(np.mean(out**2))) == pytest.approx(0.1, rel=0.1)


def test_given_a_click_in_a_quiet_voice_when_levelled_then_nothing_is_clipped() -> None:
    voice = sine(500, level=0.01)
    voice[4000] = 0.9
    assert float(np.max(np.abs(levelled(voice)))) <= PEAK + 1e-9


def test_given_one_peak_in_a_voice_when_levelled_then_the_voice_is_as_loud_as_all_the_others() -> None:
    voice = sine(500, 2.0, level=0.05)
    voice[8000:8004] = 0.9
    out = levelled(voice)
    assert float(np.sqrt(np.mean(out[:6000] ** 2))) == pytest.approx(0.1, rel=0.15) and np.max(np.abs(out)) <= PEAK + 1e-9


def test_given_long_pauses_when_levelled_then_they_do_not_make_the_voice_louder() -> None:
    hiss = sine(3100, 5.0, level=0.004)
    pauses = np.concatenate([sine(500, 1.0), hiss, sine(500, 1.0)])
    assert strength(levelled(pauses)[:RATE_HZ], 500) == pytest.approx(strength(levelled(sine(500)), 500), rel=0.15)


def test_given_a_constant_part_when_made_ready_then_it_is_gone() -> None:
    assert abs(float(np.mean(prompt(Sound(sine(500) * 0.3 + 0.2, RATE_HZ))))) < 0.005


def test_given_somebody_who_begins_softly_when_recorded_then_the_beginning_is_kept() -> None:
    soft = np.concatenate([np.zeros(RATE_HZ), 0.002 * sine(3000, 0.15), sine(500)])
    made = recording(Sound(soft, RATE_HZ))
    assert 1.15 < len(made) / RATE_HZ < 1.3


@pytest.mark.parametrize(
    ("kind", "more"),
    [("WAV", "PCM_24"), ("WAV", "ULAW"), ("WAV", "ALAW"), ("WAV", "FLOAT"), ("FLAC", "PCM_16"), ("OGG", "VORBIS"), ("MP3", None)],
)
@pytest.mark.parametrize("channels", [1, 2])
def test_given_every_kind_of_recording_when_read_then_it_is_the_same_sound(kind: str, more: str | None, channels: int) -> None:
    out = io.BytesIO()
    tone = sine(1000, 1.0, 44100)
    soundfile.write(out, np.repeat(tone[:, None], channels, axis=1), 44100, format=kind, subtype=more)
    sound = read_sound(out.getvalue())
    assert sound.rate == 44100 and sound.seconds == pytest.approx(1.0, abs=0.1)
    assert strength(sound.samples, 1000, 44100) == pytest.approx(0.5, rel=0.05)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "no sound that can be read"),
        (b"hello" * 100, "no sound that can be read"),
        (wav(np.zeros(0), 2, 1), "no sound in it"),
        (wav(np.zeros(10), 2, 1, 500), "500 Hz"),
        (wav(np.zeros(10), 2, 20), "20 channels"),
    ],
)
def test_given_a_bad_recording_when_read_then_it_is_refused_and_says_what_is_wrong(data: bytes, why: str) -> None:
    with pytest.raises(NoSound, match=why):
        read_sound(data)


def test_given_numbers_that_are_none_when_read_then_they_are_refused() -> None:
    out = io.BytesIO()
    soundfile.write(out, np.array([0.1, np.nan, 0.2]), 8000, format="WAV", subtype="FLOAT")
    with pytest.raises(NoSound, match="no numbers"):
        read_sound(out.getvalue())


@given(st.integers(0, 300), st.integers(0, 255))
@settings(max_examples=200, deadline=None)
def test_given_a_damaged_recording_when_read_then_it_is_sound_or_refused(at: int, byte: int) -> None:
    good = bytearray(wav(sine(500, 0.01), 2, 1))
    good[at % len(good)] = byte
    with contextlib.suppress(NoSound):
        recording(read_sound(bytes(good[: max(at, 50)])))


def test_given_silence_around_speech_when_made_ready_then_it_is_cut_to_a_margin() -> None:
    quiet = np.zeros(RATE_HZ)
    out = prompt(Sound(np.concatenate([quiet, sine(500), quiet]), RATE_HZ))
    assert 1.05 < len(out) / RATE_HZ < 1.2
    assert abs(out[0]) < 0.001 and abs(out[-1]) < 0.001


def test_given_nothing_but_silence_when_made_ready_then_it_stays_silence_and_short() -> None:
    assert len(prompt(Sound(np.zeros(RATE_HZ * 60), RATE_HZ))) == RATE_HZ // 2
    assert len(prompt(Sound(np.zeros(0), 44100))) == 0


@pytest.mark.parametrize("channels", [1, 2, 6])
@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_given_every_kind_of_pcm_when_read_then_it_is_the_same_sound(width: int, channels: int) -> None:
    tone = sine(1000, 0.1, 16000)
    sound = read_wav(wav(tone, width, channels))
    assert sound.rate == 16000
    assert float(np.max(np.abs(sound.samples - tone))) < (0.02 if width == 1 else 0.001)


@pytest.mark.parametrize("data", [b"", b"RIFF", b"OggS" + b"x" * 100, b"RIFF\xff\xff\xff\xffWAVEfmt " + b"\0" * 40])
def test_given_no_wav_when_read_then_it_is_refused(data: bytes) -> None:
    with pytest.raises(NoSound):
        read_wav(data)


@given(st.integers(0, 300), st.integers(0, 255))
@settings(max_examples=300, deadline=None)
def test_given_a_damaged_wav_when_read_then_it_is_sound_or_refused(at: int, byte: int) -> None:
    good = bytearray(wav(sine(500, 0.01), 2, 1))
    good[at % len(good)] = byte
    with contextlib.suppress(NoSound):
        resampled(read_wav(bytes(good[: max(at, 50)])))


def test_given_a_sound_when_saved_then_it_is_8_khz_mono_16_bit_whole_and_readable_by_the_switch(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "x.wav"
    save(file, sine(500))
    save(file, sine(600))
    with wave.open(str(file)) as wav_file:
        assert (wav_file.getframerate(), wav_file.getnchannels(), wav_file.getsampwidth()) == (8000, 1, 2)
    assert os.stat(file).st_mode & 0o777 == 0o644
    assert os.listdir(file.parent) == ["x.wav"]
    assert read_wav(wav_bytes(sine(500))).seconds == 1.0


def test_given_the_hold_music_when_made_then_it_is_long_soft_within_the_band_and_the_same_every_time() -> None:
    made = music.hold_music()
    assert 30 <= len(made) / RATE_HZ <= 60
    assert 0.03 < float(np.sqrt(np.mean(made**2))) < 0.1 and float(np.max(np.abs(made))) < PEAK
    power = np.abs(np.fft.rfft(made)) ** 2
    hz = np.fft.rfftfreq(len(made), 1 / RATE_HZ)
    assert power[hz > 3500].sum() < 0.001 * power.sum()
    assert np.array_equal(made, music.hold_music())


def test_given_the_hold_music_when_repeated_then_there_is_no_seam_and_no_gap() -> None:
    made = music.hold_music()
    steps = np.abs(np.diff(made))
    assert abs(made[0] - made[-1]) <= float(np.max(steps))
    loudness = [float(np.sqrt(np.mean(part**2))) for part in np.array_split(made, 84)]  # half seconds
    assert min(loudness) > 0.01


LASTING = {"comfort": 60.0, "ringing": 120.0}
"""Heard for as long as something lasts; all others say one thing, once."""


@pytest.mark.parametrize("name", LASTING)
def test_given_a_tone_that_lasts_when_made_then_it_does_and_is_no_silence(name: str) -> None:
    made = music.tone(name)
    assert len(made) / RATE_HZ == LASTING[name] and 0.001 < float(np.max(np.abs(made))) < 0.5


@pytest.mark.parametrize("name", sorted(set(music.TONES) - LASTING.keys()))
def test_given_a_tone_when_made_then_it_is_short_and_heard(name: str) -> None:
    made = music.tone(name)
    assert 0.2 < len(made) / RATE_HZ < 3 and 0.1 < float(np.max(np.abs(made))) < 0.5
