"""The parts of media that need no socket: packets, digits, sources, recordings, the sending half of a stream."""

import errno
import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from softswitch.media import SourceMissing, g711, in_turn, music, rtp, silence, tone, wav_file
from softswitch.media.buffer import SILENCE, Smooth
from softswitch.media.dtmf import DigitReader, event_frames
from softswitch.media.outgoing import DigitQueue, Outgoing, Remote
from softswitch.media.recording import Recording, RecordingEnd, RecordingLimits
from softswitch.media.sources import Source
from softswitch.party import tone_share

FRAME = bytes(range(160)) * 2


def heard(source: Source, frames: int = 10_000) -> bytes:
    """All that a source plays, at most so many frames."""
    out = []
    for _ in range(frames):
        frame = source.frame()
        if frame is None:
            break
        assert len(frame) == 320
        out.append(frame)
    return b"".join(out)


def a_wav(path: Path, *, hz: float = 440, rate: int = 8000, seconds: float = 1.0, channels: int = 1, width: int = 2) -> Path:
    t = np.arange(int(rate * seconds)) / rate
    pcm = np.repeat((12000 * np.sin(2 * np.pi * hz * t)).astype("<i2"), channels)
    with wave.open(str(path), "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(width)
        out.setframerate(rate)
        out.writeframes(pcm.tobytes())
    return path


# -- packets


@given(st.binary(max_size=300))
def test_given_any_datagram_when_parsed_then_a_packet_or_none(datagram: bytes) -> None:
    packet = rtp.parse(datagram)
    assert packet is None or 0 <= packet.payload_type < 128


@given(
    st.integers(0, 127),
    st.integers(0, 0xFFFF),
    st.integers(0, 0xFFFFFFFF),
    st.integers(0, 0xFFFFFFFF),
    st.binary(max_size=160),
    st.booleans(),
)
def test_given_a_packet_when_packed_and_parsed_then_it_is_the_same(
    kind: int, sequence: int, timestamp: int, ssrc: int, payload: bytes, marker: bool
) -> None:
    packet = rtp.Packet(kind, sequence, timestamp, ssrc, payload, marker)
    parsed = rtp.parse(rtp.pack(packet))
    assert parsed == packet or (marker and 72 <= kind <= 79 and parsed is None)  # the numbers of RTCP


def test_given_padding_csrc_and_extension_when_parsed_then_only_the_payload_is_left() -> None:
    head = bytes([0b10110010, 0]) + bytes(10) + bytes(8) + b"\xbe\xde\x00\x01abcd"
    packet = rtp.parse(head + b"payload" + b"\0\0\3")
    assert packet is not None and packet.payload == b"payload"


@pytest.mark.parametrize(("one", "other", "later"), [(2, 1, True), (1, 2, False), (0, 65535, True), (5, 5, False)])
def test_given_two_sequence_numbers_when_compared_then_on_the_circle(one: int, other: int, later: bool) -> None:
    assert rtp.later(one, other) is later


# -- digits


def test_given_an_event_with_all_its_packets_when_read_then_the_digit_is_told_once() -> None:
    reader = DigitReader()
    told = []
    for timestamp, digit in ((800, "5"), (2400, "5"), (4000, "#")):
        for frame in event_frames(digit, duration_ms=100):
            told.append(reader.read(frame.payload, timestamp=timestamp, ssrc=1))
    assert [one for one in told if one] == ["5", "5", "#"]


def test_given_only_the_last_packet_of_an_event_when_it_arrives_then_the_digit_is_told() -> None:
    last = list(event_frames("8", duration_ms=100))[-1]
    reader = DigitReader()
    assert reader.read(last.payload, timestamp=100, ssrc=1) == "8"
    assert reader.read(last.payload, timestamp=100, ssrc=1) is None


def test_given_a_late_packet_of_the_event_before_when_it_arrives_then_it_is_old() -> None:
    first, second = list(event_frames("1", duration_ms=60)), list(event_frames("2", duration_ms=60))
    reader = DigitReader()
    reader.read(first[0].payload, timestamp=100, ssrc=1)
    assert reader.read(second[0].payload, timestamp=1000, ssrc=1) == "2"
    assert reader.read(first[-1].payload, timestamp=100, ssrc=1) is None


def test_given_a_new_stream_when_it_uses_the_same_timestamp_then_its_digit_counts() -> None:
    payload = next(iter(event_frames("1", duration_ms=60))).payload
    reader = DigitReader()
    assert [reader.read(payload, timestamp=5, ssrc=ssrc) for ssrc in (1, 2)] == ["1", "1"]


@pytest.mark.parametrize("payload", [b"", b"\1\2", bytes([16, 0, 0, 0])])
def test_given_what_is_no_digit_when_read_then_nothing(payload: bytes) -> None:
    assert DigitReader().read(payload, timestamp=1, ssrc=1) is None


@pytest.mark.parametrize("digit", ["x", "", "12"])
def test_given_what_is_no_digit_when_sent_then_it_is_refused_with_what_is_allowed(digit: str) -> None:
    with pytest.raises(ValueError, match="allowed"):
        list(event_frames(digit, duration_ms=100))


def test_given_two_digits_when_queued_then_there_is_a_gap_between_them_and_three_end_packets_each() -> None:
    queue = DigitQueue()
    for digit in "12":
        queue.add(event_frames(digit, duration_ms=60))
    ticks = []
    while queue.busy:
        ticks.append(len(queue.tick() or []))
    assert ticks == [1, 1, 3, 0, 0, 0, 1, 1, 3, 0, 0, 0]
    assert queue.tick() is None


# -- the sending half


class Sent:
    def __init__(self, codec: str = "PCMU") -> None:
        self.packets: list[rtp.Packet] = []
        self.out = Outgoing(self._take)
        self.out.remote = Remote(host="h", port=1, codec=codec, payload_type=g711.PAYLOAD_TYPES[codec], telephone_event=101)

    def _take(self, datagram: bytes) -> None:
        packet = rtp.parse(datagram)
        assert packet is not None
        self.packets.append(packet)

    def steps(self) -> list[int]:
        """How far each timestamp is from the one before, in samples."""
        stamps = [one.timestamp for one in self.packets]
        return [(after - before) & 0xFFFFFFFF for before, after in zip(stamps, stamps[1:], strict=False)]


def test_given_frames_in_a_row_when_sent_then_sequence_and_timestamp_go_on_and_the_first_is_marked() -> None:
    sent = Sent()
    for tick in range(3):
        sent.out.pcm(FRAME, now=tick * 0.02)
    assert sent.steps() == [160, 160]
    assert [one.marker for one in sent.packets] == [True, False, False]
    assert (sent.packets[1].sequence - sent.packets[0].sequence) & 0xFFFF == 1


def test_given_a_pause_when_sending_again_then_the_timestamp_has_moved_by_its_length() -> None:
    sent = Sent()
    sent.out.pcm(FRAME, now=0.0)
    sent.out.pcm(FRAME, now=1.0)
    assert sent.steps() == [8000]
    assert sent.packets[1].marker


def test_given_a_relay_when_the_other_leg_sends_then_its_rhythm_is_kept_in_our_numbers() -> None:
    sent = Sent(codec="PCMA")
    ulaw = g711.encode("PCMU", FRAME)
    for stamp, at in ((5000, 0.0), (5160, 0.02), (5480, 0.06), (5320, 0.061)):
        sent.out.relay(rtp.Packet(0, 1, stamp, 77, ulaw), codec="PCMU", now=at)
    assert [step if step < 2**31 else step - 2**32 for step in sent.steps()] == [160, 320, -160]
    assert {one.ssrc for one in sent.packets} != {77}
    assert sent.packets[0].payload_type == 8
    assert sent.packets[0].payload == g711.transcode(ulaw, source="PCMU", target="PCMA") != ulaw


def test_given_a_prompt_when_a_relay_follows_then_the_timestamps_go_on_without_a_jump() -> None:
    sent = Sent()
    sent.out.pcm(FRAME, now=0.0)
    sent.out.relay(rtp.Packet(0, 1, 5000, 77, bytes(160)), codec="PCMU", now=0.02)
    sent.out.relay(rtp.Packet(0, 9, 999999, 78, bytes(160)), codec="PCMU", now=0.04)
    sent.out.pcm(FRAME, now=0.06)
    assert sent.steps() == [160, 160, 160]


def test_given_a_digit_when_sent_between_frames_then_its_packets_share_one_timestamp() -> None:
    sent = Sent()
    sent.out.pcm(FRAME, now=0.0)
    for tick, frame in enumerate(event_frames("7", duration_ms=60), start=1):
        sent.out.event(frame, now=0.02 * tick)
    digit = [one for one in sent.packets if one.payload_type == 101]
    assert len({one.timestamp for one in digit}) == 1
    assert [one.marker for one in digit] == [True, False, False, False, False]
    assert [one.payload[1] >> 7 for one in digit] == [0, 0, 1, 1, 1]


def test_given_a_remote_without_telephone_event_when_a_digit_is_sent_then_nothing_goes_out() -> None:
    sent = Sent()
    sent.out.remote = Remote(host="h", port=1, codec="PCMU", payload_type=0, telephone_event=None)
    sent.out.event(next(iter(event_frames("7", duration_ms=60))), now=0.0)
    assert sent.packets == []


# -- sources


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 44100, 48000])
@pytest.mark.parametrize("channels", [1, 2])
def test_given_a_wav_of_any_rate_when_played_then_its_tone_and_length_are_kept(tmp_path: Path, rate: int, channels: int) -> None:
    pcm = heard(wav_file(a_wav(tmp_path / "a.wav", hz=700, rate=rate, channels=channels)))
    samples = np.frombuffer(pcm, dtype="<i2")
    assert abs(len(samples) - 8000) <= 160
    assert tone_share(samples, 700) > 0.95


def test_given_a_high_tone_when_resampled_then_it_does_not_fold_into_the_voice(tmp_path: Path) -> None:
    pcm = heard(wav_file(a_wav(tmp_path / "a.wav", hz=7000, rate=16000)))
    assert g711.rms(pcm) < 600  # of 8485


def test_given_a_file_that_changed_when_played_again_then_the_new_one_is_heard(tmp_path: Path) -> None:
    heard(wav_file(a_wav(tmp_path / "a.wav", hz=400)))
    pcm = heard(wav_file(a_wav(tmp_path / "a.wav", hz=900, seconds=0.5)))
    assert tone_share(np.frombuffer(pcm, dtype="<i2"), 900) > 0.9


def test_given_no_playable_file_when_asked_for_then_the_error_says_which_and_why(tmp_path: Path) -> None:
    (tmp_path / "bad.wav").write_bytes(b"RIFFnonsense")
    (tmp_path / "empty.wav").write_bytes(b"")
    a_wav(tmp_path / "eight.wav", width=1)
    for name in ("missing.wav", "bad.wav", "empty.wav", "eight.wav", "nul\0.wav"):
        with pytest.raises(SourceMissing, match=name.partition("\0")[0]):
            wav_file(tmp_path / name)


def test_given_several_sources_when_played_in_turn_then_each_is_heard_whole(tmp_path: Path) -> None:
    source = in_turn([tone("%(200,0,400)"), silence(100), wav_file(a_wav(tmp_path / "a.wav", hz=900, seconds=0.2))])
    samples = np.frombuffer(heard(source), dtype="<i2")
    assert len(samples) == 1600 + 800 + 1600
    assert tone_share(samples[:1600], 400) > 0.9
    assert not samples[1600:2400].any()
    assert tone_share(samples[2400:], 900) > 0.9


def test_given_a_tone_with_rounds_when_played_then_on_and_off_repeat() -> None:
    samples = np.frombuffer(heard(tone("v=-10;%(100,60,440,480);loops=3")), dtype="<i2")
    assert len(samples) == 3 * 1280
    assert samples[:800].any() and not samples[800:1280].any() and samples[1280:2080].any()
    assert tone_share(samples[:800], 440) > 0.3 and tone_share(samples[:800], 480) > 0.3


def test_given_a_tone_for_ever_when_played_then_it_does_not_end() -> None:
    assert len(heard(tone("%(100,0,440);loops=-1"), frames=500)) == 500 * 320


@pytest.mark.parametrize("spec", ["", "x", "%(100,0)", "%(9,9,1);../../etc/passwd", "%(999999,999999,1)" * 3, "v=-7"])
def test_given_a_bad_tone_when_asked_for_then_it_is_refused(spec: str) -> None:
    if spec == "%(100,0)":  # a pause of silence is a tone without a frequency
        assert heard(tone(spec)) == bytes(1600)
        return
    with pytest.raises(SourceMissing):
        tone(spec)


@given(st.text(max_size=40))
def test_given_any_text_as_tone_when_asked_for_then_a_source_or_a_refusal(spec: str) -> None:
    try:
        tone(spec)
    except SourceMissing as error:
        assert "tone" in str(error)


def test_given_music_when_played_then_it_never_ends_and_goes_round_the_files(tmp_path: Path) -> None:
    a_wav(tmp_path / "a.wav", hz=400, seconds=0.2)
    a_wav(tmp_path / "b.wav", hz=900, seconds=0.2)
    samples = np.frombuffer(heard(music(tmp_path), frames=50), dtype="<i2")
    parts = [samples[at : at + 1600] for at in range(0, 8000, 1600)]
    assert [400 if tone_share(part, 400) > 0.9 else 900 for part in parts] == [400, 900, 400, 900, 400]


@pytest.mark.parametrize("broken", [True, False])
def test_given_no_music_of_the_house_when_played_then_generated_music_is_never_silent(tmp_path: Path, broken: bool) -> None:
    if broken:
        (tmp_path / "a.wav").write_bytes(b"no wav")
    pcm = heard(music(tmp_path), frames=900)
    assert len(pcm) == 900 * 320
    assert min(g711.rms(pcm[at : at + 16000]) for at in range(0, len(pcm) - 16000, 16000)) > 200


# -- recordings


class Recorded:
    def __init__(self, path: Path, *, stereo: bool = False, **limits: float) -> None:
        self.ends: list[RecordingEnd] = []
        chosen = RecordingLimits(**limits)  # type: ignore[arg-type]
        self.recording = Recording(path, stereo=stereo, limits=chosen, on_end=self.ends.append)

    def hear(self, frames: int, *, left: bytes = b"\x00\x10" * 160, right: bytes = b"\x00\x08" * 160) -> None:
        for _ in range(frames):
            self.recording.heard(left)
            self.recording.spoken(right)
            self.recording.tick()


def test_given_a_recording_when_stopped_then_the_file_holds_what_was_heard(tmp_path: Path) -> None:
    house = Recorded(tmp_path / "new" / "r.wav")
    house.hear(60)
    house.recording.end("stopped")
    house.recording.end("stopped")
    assert [(end.why, end.seconds) for end in house.ends] == [("stopped", 1.2)]
    with wave.open(str(tmp_path / "new" / "r.wav")) as wav:
        assert wav.getparams()[:4] == (1, 2, 8000, 60 * 160)
        samples = np.frombuffer(wav.readframes(60 * 160), dtype="<i2")
    assert (samples[320:] == 4096).all()


def test_given_stereo_when_recorded_then_left_is_heard_and_right_is_spoken(tmp_path: Path) -> None:
    house = Recorded(tmp_path / "r.wav", stereo=True)
    house.hear(30)
    house.recording.end("stopped")
    with wave.open(str(tmp_path / "r.wav")) as wav:
        assert wav.getnchannels() == 2
        both = np.frombuffer(wav.readframes(30 * 160), dtype="<i2").reshape(-1, 2)
    assert both[-1].tolist() == [4096, 2048]


def test_given_a_writer_that_is_killed_when_the_file_is_opened_then_it_can_be_heard(tmp_path: Path) -> None:
    house = Recorded(tmp_path / "r.wav")
    house.hear(60)
    with wave.open(str(tmp_path / "r.wav")) as wav:
        assert wav.getnframes() == 50 * 160


def test_given_a_maximum_when_reached_then_the_recording_ends(tmp_path: Path) -> None:
    house = Recorded(tmp_path / "r.wav", max_s=0.5)
    house.hear(100)
    assert [(end.why, end.seconds) for end in house.ends] == [("maximum", 0.5)]


def test_given_silence_when_long_enough_then_the_recording_ends(tmp_path: Path) -> None:
    house = Recorded(tmp_path / "r.wav", silence_s=1.0)
    house.hear(50)
    house.hear(100, left=bytes(320))
    assert [end.why for end in house.ends] == ["silence"]
    assert 1.9 < house.ends[0].seconds < 2.2


def test_given_row_f28_when_the_disk_is_full_then_the_recording_fails_once_and_nothing_is_raised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = Recorded(tmp_path / "r.wav")
    full = OSError(errno.ENOSPC, "No space left on device")

    def refuse(content: bytes) -> None:
        raise full

    monkeypatch.setattr(house.recording, "_write", refuse)
    house.hear(100)
    house.recording.end("stopped")
    assert [end.why for end in house.ends] == ["failed"]
    assert "No space left" in house.ends[0].error


def test_given_row_f46_when_the_place_cannot_be_written_then_the_recording_fails_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    house = Recorded(tmp_path / "file" / "r.wav")
    assert [end.why for end in house.ends] == ["failed"]
    house.hear(5)
    house.recording.end("stopped")
    assert len(house.ends) == 1


def test_given_packets_in_bursts_when_smoothed_then_each_tick_gets_a_frame_and_a_flood_is_bounded() -> None:
    smooth = Smooth()
    one = b"\1\2" * 160
    smooth.put(one)
    assert smooth.take() == SILENCE
    smooth.put(one * 2)
    assert [smooth.take() for _ in range(4)] == [one, one, one, SILENCE]
    smooth.put(one * 1000)
    taken = 0
    while smooth.take() != SILENCE:
        taken += 1
    assert taken == 15
