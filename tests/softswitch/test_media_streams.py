"""Streams over real UDP on loopback. Every wait is for an event, with a deadline."""

from collections.abc import Iterator
from pathlib import Path

import gevent
import numpy as np
import pytest
from gevent import socket
from gevent.event import Event
from gevent.queue import Queue

from softswitch.media import MediaEngine, RecordingEnd, music, rtp, silence, tone
from softswitch.media.sources import Source
from softswitch.media.wav import load
from softswitch.party import Heard, tone_share

DEADLINE_S = 5.0
LOW, HIGH = 440.0, 900.0


@pytest.fixture
def engine() -> Iterator[MediaEngine]:
    deaths: list[str] = []
    engine = MediaEngine(on_died=lambda name, error: deaths.append(f"{name}: {error!r}"))
    engine.start()
    yield engine
    engine.stop()
    assert deaths == []
    assert engine.sessions == 0


class Ear:
    """A session with all that it tells."""

    def __init__(self, engine: MediaEngine) -> None:
        self.session = engine.session()
        self.heard = Heard()
        self.session.hear = self.heard.add
        self.digits: Queue[str] = Queue()
        self.played: Queue[tuple[int, bool]] = Queue()
        self.recorded: Queue[RecordingEnd] = Queue()
        self.session.on_digit = self.digits.put
        self.session.on_play_done = lambda token, finished: self.played.put((token, finished))
        self.session.on_record_done = self.recorded.put

    def sends_to(self, other: "Ear", *, codec: str = "PCMU", direction: str = "sendrecv") -> None:
        self.session.set_remote(host="127.0.0.1", port=other.session.local_port, codec=codec, telephone_event=101, direction=direction)

    def hears(self, hz: float) -> bool:
        return self.heard.wait_tone(hz, timeout_s=DEADLINE_S)


def steady(hz: float) -> Source:
    return tone(f"%(1000,0,{hz:.0f});loops=-1")


def pair(engine: MediaEngine, *, codecs: tuple[str, str] = ("PCMU", "PCMU")) -> tuple[Ear, Ear]:
    """Two ears that send to each other, each in its codec."""
    one, other = Ear(engine), Ear(engine)
    one.sends_to(other, codec=codecs[0])
    other.sends_to(one, codec=codecs[1])
    return one, other


@pytest.mark.parametrize("codecs", [("PCMU", "PCMA"), ("PCMA", "PCMU")])
def test_given_two_streams_when_both_play_then_each_hears_the_other(engine: MediaEngine, codecs: tuple[str, str]) -> None:
    one, other = pair(engine, codecs=codecs)
    one.session.play(steady(LOW))
    other.session.play(steady(HIGH))
    assert other.hears(LOW)
    assert one.hears(HIGH)
    assert one.session.last_rtp_at is not None


def test_given_a_playback_when_it_ends_then_its_end_is_told_with_its_token(engine: MediaEngine) -> None:
    one, other = pair(engine)
    token = one.session.play(tone("%(200,0,440)"))
    assert one.session.playing == token
    assert one.played.get(timeout=DEADLINE_S) == (token, True)
    assert one.session.playing is None
    assert tone_share(other.heard.samples(), LOW) > 0.9


def test_given_a_playback_when_replaced_stopped_or_closed_then_each_is_told_as_broken(engine: MediaEngine) -> None:
    one, _ = pair(engine)
    tokens = [one.session.play(steady(LOW)), one.session.play(steady(HIGH))]
    one.session.stop_play()
    tokens.append(one.session.play(music(None)))
    one.session.close()
    one.session.close()
    assert [one.played.get(timeout=DEADLINE_S) for _ in tokens] == [(token, False) for token in tokens]


def test_given_a_source_that_raises_when_played_then_only_that_playback_ends(engine: MediaEngine) -> None:
    one, other = pair(engine)

    class Broken:
        def frame(self) -> bytes | None:
            raise RuntimeError("a bug in a source")

    other.session.play(steady(HIGH))
    token = one.session.play(Broken())
    assert one.played.get(timeout=DEADLINE_S) == (token, False)
    assert one.hears(HIGH)


def test_given_a_callback_that_raises_when_called_then_the_next_still_come(engine: MediaEngine) -> None:
    one, _ = pair(engine)
    again = Event()

    def broken(token: int, finished: bool) -> None:
        one.session.on_play_done = lambda token, finished: again.set()
        raise RuntimeError("a bug in a callback")

    one.session.on_play_done = broken
    one.session.play(silence(40))
    one.session.play(silence(40))
    assert again.wait(DEADLINE_S)


def test_given_digits_when_sent_both_ways_then_each_is_told_once_in_order(engine: MediaEngine) -> None:
    one, other = pair(engine)
    one.session.play(steady(LOW))
    for digit in "1590*#":
        one.session.send_digit(digit, duration_ms=60)
    other.session.send_digit("7")
    assert [other.digits.get(timeout=DEADLINE_S) for _ in range(6)] == list("1590*#")
    assert one.digits.get(timeout=DEADLINE_S) == "7"
    assert other.hears(LOW)
    assert other.digits.empty()


class Bridged:
    """Phone a – leg A === leg B – phone b, as a switch has it."""

    def __init__(self, engine: MediaEngine, *, codecs: tuple[str, str] = ("PCMU", "PCMA")) -> None:
        self.a, self.leg_a = pair(engine, codecs=(codecs[0], codecs[0]))
        self.b, self.leg_b = pair(engine, codecs=(codecs[1], codecs[1]))
        self.a.session.play(steady(LOW))
        self.b.session.play(steady(HIGH))

    def bridge(self) -> "Bridged":
        self.leg_a.session.bridge_to(self.leg_b.session)
        return self


@pytest.mark.parametrize("codecs", [("PCMU", "PCMU"), ("PCMU", "PCMA")])
def test_given_two_legs_when_bridged_then_both_phones_hear_each_other(engine: MediaEngine, codecs: tuple[str, str]) -> None:
    house = Bridged(engine, codecs=codecs).bridge()
    assert house.a.hears(HIGH)
    assert house.b.hears(LOW)
    assert house.leg_a.session.bridged is house.leg_b.session


def test_given_a_bridge_when_a_digit_is_pressed_then_the_leg_tells_it_and_the_other_phone_hears_it(
    engine: MediaEngine,
) -> None:
    house = Bridged(engine).bridge()
    house.a.session.send_digit("3")
    assert house.leg_a.digits.get(timeout=DEADLINE_S) == "3"
    assert house.b.digits.get(timeout=DEADLINE_S) == "3"


def test_given_a_bridge_when_something_is_played_to_one_side_then_it_covers_the_relay_until_it_ends(
    engine: MediaEngine,
) -> None:
    house = Bridged(engine).bridge()
    token = house.leg_a.session.play(tone("%(400,0,1500)"))
    assert house.a.hears(1500)
    assert house.b.hears(LOW)
    assert house.leg_a.played.get(timeout=DEADLINE_S) == (token, True)
    assert house.a.hears(HIGH)


def test_given_music_on_a_leg_when_bridged_then_the_music_ends(engine: MediaEngine) -> None:
    house = Bridged(engine)
    token = house.leg_a.session.play(music(None))
    house.bridge()
    assert house.leg_a.played.get(timeout=DEADLINE_S) == (token, False)
    assert house.a.hears(HIGH)


def test_given_a_bridge_when_one_leg_closes_then_the_other_is_free_and_can_be_bridged_again(
    engine: MediaEngine,
) -> None:
    house = Bridged(engine).bridge()
    assert house.b.hears(LOW)
    house.leg_b.session.close()
    assert house.leg_a.session.bridged is None
    other = Bridged(engine)
    house.leg_a.session.bridge_to(other.leg_b.session)
    assert house.a.hears(HIGH)
    assert other.b.hears(LOW)


def test_given_a_bridge_when_one_leg_moves_to_a_third_then_no_leg_hears_two(engine: MediaEngine) -> None:
    house, third = Bridged(engine).bridge(), Bridged(engine)
    house.leg_a.session.bridge_to(third.leg_b.session)
    assert house.leg_b.session.bridged is None
    assert third.leg_b.session.bridged is house.leg_a.session


@pytest.mark.parametrize(("direction", "sends", "hears"), [("sendonly", True, False), ("recvonly", False, True)])
def test_given_a_hold_when_one_direction_is_off_then_only_the_other_flows(
    engine: MediaEngine, direction: str, sends: bool, hears: bool
) -> None:
    one, other = pair(engine)
    one.session.set_direction(direction)
    token = one.session.play(tone("%(300,0,440)"))
    other.session.play(steady(HIGH))
    assert one.played.get(timeout=DEADLINE_S) == (token, True)
    assert other.heard.has_tone(LOW) is sends
    assert one.heard.has_tone(HIGH) is hears
    one.session.set_direction("sendrecv")
    assert one.hears(HIGH)


def test_given_a_recording_when_the_caller_speaks_then_it_holds_the_callers_voice_and_ours_beside_it(
    engine: MediaEngine, tmp_path: Path
) -> None:
    one, other = pair(engine)
    other.session.record(tmp_path / "mono.wav")
    other.session.record(tmp_path / "both.wav", stereo=True)
    one.session.play(steady(LOW))
    other.session.play(steady(HIGH))
    assert other.hears(LOW) and one.hears(HIGH)
    assert other.session.stop_record(tmp_path / "mono.wav")
    assert not other.session.stop_record(tmp_path / "mono.wav")
    other.session.close()
    ends = [other.recorded.get(timeout=DEADLINE_S) for _ in range(2)]
    assert [end.why for end in ends] == ["stopped", "closed"]
    assert _tones(load(tmp_path / "mono.wav")) == (True, False)
    assert _tones(load(tmp_path / "both.wav")) == (True, True)


def _tones(pcm: bytes) -> tuple[bool, bool]:
    tail = np.frombuffer(pcm[-2400:], dtype="<i2")
    return tone_share(tail, LOW) > 0.3, tone_share(tail, HIGH) > 0.3


def test_given_a_maximum_when_the_caller_says_nothing_then_the_recording_ends_all_the_same(engine: MediaEngine, tmp_path: Path) -> None:
    one, _ = pair(engine)
    one.session.record(tmp_path / "a.wav", max_s=0.2)
    one.session.record(tmp_path / "b.wav", silence_s=0.1)
    ends = {one.recorded.get(timeout=DEADLINE_S).why for _ in range(2)}
    assert ends == {"maximum", "silence"}


def test_given_row_f33_when_a_third_party_floods_then_the_call_does_not_hear_it(engine: MediaEngine) -> None:
    one, other = pair(engine)
    other.session.play(steady(HIGH))
    assert one.hears(HIGH)
    stranger = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    stranger.bind(("127.0.0.1", 0))
    packet = rtp.pack(rtp.Packet(101, 1, 1, 9, bytes([9, 128, 0, 160])))
    for _ in range(200):
        stranger.sendto(packet, ("127.0.0.1", one.session.local_port))
        stranger.sendto(b"garbage", ("127.0.0.1", one.session.local_port))
    stranger.close()
    assert one.hears(HIGH)
    assert one.digits.empty()


def test_given_a_phone_behind_nat_when_it_sends_from_elsewhere_then_we_answer_there(engine: MediaEngine) -> None:
    phone, leg = Ear(engine), Ear(engine)
    phone.sends_to(leg)
    leg.session.set_remote(host="127.0.0.1", port=9, codec="PCMU")
    leg.session.play(steady(HIGH))
    phone.session.play(steady(LOW))
    assert leg.hears(LOW)
    assert phone.hears(HIGH)


def test_given_nothing_to_play_when_a_remote_is_known_then_nothing_is_sent(engine: MediaEngine) -> None:
    one, other = pair(engine)
    one.session.play(tone("%(60,0,440)"))
    one.played.get(timeout=DEADLINE_S)
    other.session.play(tone("%(100,0,440)"))
    other.played.get(timeout=DEADLINE_S)
    assert len(other.heard.samples()) == 3 * 160


def test_given_a_port_range_when_it_is_used_up_then_the_error_says_so() -> None:
    probe = MediaEngine()
    taken = next(one for one in iter(probe.session, None) if one.local_port % 2 == 0).local_port
    engine = MediaEngine(ports=range(taken, taken + 2))
    with pytest.raises(OSError, match=f"no free RTP port.* {taken} "):
        engine.session()
    probe.stop()
    assert engine.session().local_port == taken
    engine.stop()


def test_given_an_engine_when_stopped_then_what_played_is_told_and_its_ports_are_free() -> None:
    engine = MediaEngine()
    engine.start()
    one, _ = pair(engine)
    token = one.session.play(steady(LOW))
    port = one.session.local_port
    engine.stop()
    assert one.played.get(timeout=DEADLINE_S) == (token, False)
    again = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    again.bind(("127.0.0.1", port))
    again.close()
    assert one.session.play(steady(LOW)) == 0
    gevent.idle()
