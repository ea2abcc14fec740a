"""Offers and answers."""

import pytest

from softswitch.sip import sdp


def described(*lines: str) -> bytes:
    head = ("v=0", "o=- 1 1 IN IP4 192.0.2.5", "s=-", "c=IN IP4 192.0.2.5", "t=0 0")
    return "\r\n".join((*head, *lines, "")).encode()


def test_given_an_offer_of_ours_when_read_then_it_says_what_we_meant() -> None:
    audio = sdp.read(sdp.offer(host="192.0.2.1", port=4000, direction="sendonly"))
    assert (audio.host, audio.port, audio.codec, audio.telephone_event) == ("192.0.2.1", 4000, "PCMU", 101)
    assert audio.held and audio.our_direction == "recvonly"


def test_given_several_codecs_when_answered_then_the_first_that_we_speak_is_taken() -> None:
    audio = sdp.read(described("m=audio 4000 RTP/AVP 96 9 8 0 97", "a=rtpmap:96 opus/48000/2", "a=rtpmap:97 telephone-event/8000"))
    assert (audio.codec, audio.payload_type, audio.telephone_event) == ("PCMA", 8, 97)
    back = sdp.read(sdp.answer(audio, host="192.0.2.9", port=5000))
    assert (back.codec, back.telephone_event, back.port) == ("PCMA", 97, 5000)


def test_given_video_too_when_answered_then_it_is_refused_in_its_place() -> None:
    audio = sdp.read(described("m=video 5002 RTP/AVP 99", "a=rtpmap:99 H264/90000", "m=audio 4000 RTP/AVP 0"))
    answer = sdp.answer(audio, host="192.0.2.9", port=5000).decode()
    assert [line.split()[:2] for line in answer.split("\r\n") if line.startswith("m=")] == [
        ["m=video", "0"],
        ["m=audio", "5000"],
    ]


@pytest.mark.parametrize(
    ("line", "ours", "held"),
    [
        ("a=sendrecv", "sendrecv", False),
        ("a=sendonly", "recvonly", True),
        ("a=inactive", "inactive", True),
        ("a=recvonly", "sendonly", False),
        ("c=IN IP4 0.0.0.0", "inactive", True),
    ],
)
def test_given_a_direction_when_read_then_ours_is_its_mirror(line: str, ours: str, held: bool) -> None:
    audio = sdp.read(described("m=audio 4000 RTP/AVP 0", line))
    assert (audio.our_direction, audio.held) == (ours, held)


def test_given_a_direction_for_the_whole_session_when_read_then_it_counts() -> None:
    body = described("m=audio 4000 RTP/AVP 0").replace(b"t=0 0", b"t=0 0\r\na=inactive")
    assert sdp.read(body).direction == "inactive"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"v=0",
        described("m=audio 0 RTP/AVP 0"),
        described("m=audio 4000 RTP/SAVP 0"),
        described("m=audio 4000 RTP/AVP 18"),
        described("m=audio 4000 RTP/AVP 96", "a=rtpmap:96 opus/48000/2"),
        described("m=audio 4000 RTP/AVP 0").replace(b"192.0.2.5", b"host.example"),
        b"v=0\n" * 9000,
    ],
)
def test_given_nothing_usable_when_read_then_it_says_so(body: bytes) -> None:
    with pytest.raises(sdp.BadSdp):
        sdp.read(body)
