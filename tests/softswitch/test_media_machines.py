"""What tells a machine from a person, by its tones: what is a beep, what is a fax, and all that is neither."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from softswitch.media import g711
from softswitch.media.machines import Machines

Sound = NDArray[np.float64]
RATE = 8000
DICE = np.random.default_rng(7)


def tone(hz: float, seconds: float, level: float = 8000, *more: float) -> Sound:
    t = np.arange(int(RATE * seconds)) / RATE
    return sum((level * np.sin(2 * np.pi * one * t) for one in (hz, *more)), np.zeros(len(t)))


def still(seconds: float) -> Sound:
    return np.zeros(int(RATE * seconds))


def noise(seconds: float, level: float = 4000) -> Sound:
    """Bursts, as of somebody who speaks a few words."""
    rough = np.convolve(DICE.normal(size=int(RATE * seconds)), np.ones(5) / 5, "same")
    t = np.arange(len(rough)) / RATE
    return level * rough * (0.5 + 0.5 * np.sign(np.sin(2 * np.pi * 1.5 * t)))


def vowels(seconds: float, pitch: float = 120) -> Sound:
    """A voice that sings nothing: many harmonics of a pitch that wanders, louder and softer in syllables."""
    t = np.arange(int(RATE * seconds)) / RATE
    turns = 2 * np.pi * np.cumsum(pitch * (1 + 0.12 * np.sin(2 * np.pi * 1.7 * t) + 0.03 * np.sin(2 * np.pi * 6 * t))) / RATE
    formants = {n: 1 / (1 + ((n * pitch - 600) / 300) ** 2) + 0.6 / (1 + ((n * pitch - 1700) / 400) ** 2) for n in range(1, 25)}
    whole = sum((weight * np.sin(n * turns) for n, weight in formants.items()), np.zeros(len(t)))
    return 9000 * whole / np.abs(whole).max() * np.clip(np.sin(2 * np.pi * 3 * t), 0, 1)


def melody() -> Sound:
    """Notes with two overtones, one after the other, and a chord."""
    notes = [tone(hz, 0.3, 5000) + tone(2 * hz, 0.3, 2000) + tone(3 * hz, 0.3, 900) for hz in (523, 587, 659, 698, 784, 880)]
    return np.concatenate([*notes, tone(523, 1.0, 3000, 659, 784)])


def flute() -> Sound:
    """Pure notes, each followed at once by another."""
    return np.concatenate([tone(hz, 0.35) for hz in (587, 659, 784, 659, 587, 523)] + [noise(0.5)])


def heard(*sounds: Sound, codec: str = "PCMU", packet: int = 160, offset: int = 0) -> list[str]:
    """What is told of these, spoken one after the other, as a telephone carries them."""
    whole = np.concatenate([np.zeros(offset), *sounds, still(0.4)])
    wire = g711.encode(codec, np.clip(whole, -32000, 32000).astype("<i2").tobytes())
    ear, told = Machines(), []
    for at in range(0, len(wire), packet):
        told += [ear.tick(), ear.heard(g711.decode(codec, wire[at : at + packet]))]
    return [word for word in told if word]


@pytest.mark.parametrize("hz", [480, 620, 850, 1000, 1004, 1400, 1850])
@pytest.mark.parametrize("codec", ["PCMU", "PCMA"])
def test_given_a_greeting_and_then_a_tone_when_it_ends_then_a_beep_once(hz: float, codec: str) -> None:
    assert heard(vowels(2), still(0.2), tone(hz, 0.4), codec=codec) == ["beep"]


@pytest.mark.parametrize("seconds", [0.16, 0.25, 0.5, 1.0, 1.8])
@pytest.mark.parametrize("level", [900, 8000, 25000])
@pytest.mark.parametrize("offset", [0, 37, 111])
def test_given_beeps_of_many_lengths_and_loudnesses_when_heard_then_known(seconds: float, level: float, offset: int) -> None:
    assert heard(noise(1), still(0.1), tone(1000, seconds, level), offset=offset) == ["beep"]


def test_given_packets_of_odd_lengths_when_heard_then_known_all_the_same() -> None:
    assert heard(noise(1), tone(1000, 0.4), packet=240) == ["beep"] == heard(noise(1), tone(1000, 0.4), packet=97)


def test_given_whoever_sends_nothing_after_the_beep_when_the_time_passes_then_it_has_ended() -> None:
    ear, pcm = Machines(), tone(1000, 0.4).astype("<i2").tobytes()
    told = [ear.heard(pcm[at : at + 320]) for at in range(0, len(pcm), 320)]
    assert not any(told) and [word for word in (ear.tick() for _ in range(15)) if word] == ["beep"]


def test_given_two_beeps_when_heard_then_the_first_is_told() -> None:
    assert heard(tone(1000, 0.3), still(0.5), tone(1000, 0.3)) == ["beep"]


@pytest.mark.parametrize("packet", [160, 240])
def test_given_a_fax_when_it_answers_then_known_as_one_and_not_as_a_beep(packet: int) -> None:
    assert heard(still(0.5), tone(2100, 3), packet=packet) == ["fax"]


def test_given_a_fax_whose_tone_turns_its_phase_when_it_answers_then_known_as_one() -> None:
    turns = [(-1.0) ** n * tone(2100, 0.37) for n in range(6)]
    assert heard(*turns) == ["fax"]


@pytest.mark.parametrize(
    "sound",
    [
        lambda: noise(6),
        lambda: vowels(8),
        lambda: vowels(8, 210),
        lambda: vowels(8, 300),
        melody,
        flute,
        lambda: np.concatenate([np.append(tone(hz, 0.3), still(0.05)) for hz in (587, 659, 784, 659)] + [noise(0.5)]),
        lambda: np.concatenate([tone(425, 1.0), still(4), tone(425, 1.0)]),
        lambda: np.concatenate([tone(440, 2.0, 4000, 480), still(1), tone(440, 2.0, 4000, 480)]),
        lambda: np.concatenate([tone(400, 0.4, 4000, 450), still(0.2), tone(400, 0.4, 4000, 450)]),
        lambda: np.concatenate([tone(770, 0.2, 5000, 1336), still(0.1), tone(852, 0.2, 5000, 1209)]),
        lambda: tone(1000, 0.06),
        lambda: tone(1000, 4.0),
        lambda: tone(1000, 0.4, 100),
        lambda: tone(2100, 0.4),
        lambda: np.append(still(0.02)[1:], 9000.0),
        lambda: still(3),
    ],
    ids=["bursts", "a low voice", "a voice", "a high voice", "music", "a flute", "notes apart"]
    + [
        "ringing",
        "ringing in America",
        "ringing in Britain",
        "keys",
        "a click",
        "a tone that lasts",
        "too faint",
        "a short 2100",
        "a crack",
        "silence",
    ],
)
def test_given_what_is_no_machine_when_heard_then_nothing_is_told(sound: Callable[[], Sound]) -> None:
    assert heard(sound()) == []
