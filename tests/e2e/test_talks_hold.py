"""A hold that lasts, and a conference on tape, heard by tone (ACD.md 60, 63, 64)."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from . import audio
from .house import CALLER_TONE, TONES
from .switches import MUSIC_TONE
from .talking import PLAN, OpenHouse, Talk, with_settings
from .waiting import until

BEEP_TONE = 1000
ANNA, BEN = TONES["anna"], TONES["ben"]


def held(house: OpenHouse) -> Talk:
    talk = Talk(house, with_settings(talk={"hold": {"remind": "6s", "limit": "20s"}}))
    talk.asks("hold")
    talk.hear(c=MUSIC_TONE)
    return talk


def new_blocks(talk: Talk, mark: int) -> int:
    """In how many tenths of a second Anna has heard the beep since then; it has the tone of the caller, who is parted from her."""
    return audio.blocks_with_tone(talk.anna.sound()[mark:], BEEP_TONE)


def test_row_63_given_a_longest_hold_when_it_lasts_then_the_agent_hears_a_beep_and_then_the_customer(house: OpenHouse) -> None:
    talk = held(house)
    mark = len(talk.anna.sound())
    until("anna is reminded", lambda: new_blocks(talk, mark) >= 2, within_s=9)
    talk.hear(c=MUSIC_TONE)
    assert new_blocks(talk, mark) <= 5, "a beep, not the caller"
    talk.hear(within_s=20, c=ANNA, anna=CALLER_TONE)


def test_row_63_f09_given_a_hold_when_the_controller_dies_then_it_ends_at_its_time_all_the_same(house: OpenHouse) -> None:
    talk = held(house)
    talk.dies()
    talk.hear(c=MUSIC_TONE)
    talk.hear(within_s=25, c=ANNA, anna=CALLER_TONE)


def test_row_60_64_given_a_conference_that_is_recorded_then_everybody_is_on_the_tape(house: OpenHouse) -> None:
    queues = {id: {**queue, "record": {"when": "always"}} for id, queue in PLAN.settings["queues"].items()}
    talk = Talk(house, with_settings(queues=queues)).consults()
    talk.asks("conference")
    talk.hear(c=(ANNA, BEN), anna=(CALLER_TONE, BEN), ben=(CALLER_TONE, ANNA))
    time.sleep(2.0)  # on tape it is as long
    talk.asks("leave")
    talk.hear(c=BEN, ben=CALLER_TONE)
    time.sleep(1.0)
    talk.caller.hang_up()
    talk.ben.must_be_released()
    first, second = until("both recordings are booked", lambda: ended(talk.here.centre.cli), within_s=25) or []
    assert {first["agent"], second["agent"]} == {"anna", "ben"}
    customer, heard = sides(talk.here.centre.home, first["id"] if first["agent"] == "anna" else second["id"])
    assert tenths(heard, ANNA, BEN) >= 15, "the two agents at once, as the customer heard them"
    assert tenths(customer, CALLER_TONE) >= 15 and not tenths(customer, ANNA) and not tenths(customer, BEN)
    customer, heard = sides(talk.here.centre.home, second["id"] if first["agent"] == "anna" else first["id"])
    assert tenths(heard, BEN) >= 8 and tenths(heard, ANNA) <= 5 and tenths(customer, CALLER_TONE) >= 8


def ended(cli: Callable[..., Any]) -> list[dict[str, Any]] | None:
    found = [row for row in cli("recordings", "list") if row["ended_at"] is not None]
    return found if len(found) >= 2 else None


def sides(home: Path, id: str) -> Any:
    samples, rate = soundfile.read(home / "recordings" / id[:2] / f"{id}.wav", dtype="int16", always_2d=True)
    assert (rate, samples.shape[1]) == (8000, 2)
    return samples.T


def tenths(side: Any, *tones: int) -> int:
    """In how many tenths of a second all of these are heard."""
    blocks = [side[at : at + 800] for at in range(0, len(side) - 799, 800)]
    loud = [each.tobytes() for each in blocks if float(np.sqrt(np.mean(each.astype(float) ** 2))) > audio.QUIET_RMS]
    return sum(all(audio.tone_share(each, tone) > 0.25 for tone in tones) for each in loud)
