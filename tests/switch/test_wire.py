"""Bytes to frames: cut anywhere, hostile anywhere (FAULTS.md F19, S05)."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from acd.switch.wire import Frame, Limits, Splitter, WireError
from tests.switch.fake_socket import answered, framed, plain, replied

EVENT = plain({"Event-Name": "CHANNEL_PARK", "Unique-ID": "abc", "Caller-Caller-ID-Name": "Bob Ü"})
JOB = plain({"Event-Name": "BACKGROUND_JOB", "Job-UUID": "j1"}, "-ERR BUSY\nUnique-ID: FORGED\n\n%41 tail")
STREAM = b"Content-Type: auth/request\n\n" + replied("+OK accepted") + EVENT + answered("+OK\n\nx: y\n\n") + JOB + answered("")


def split(*parts: bytes, limits: Limits | None = None) -> list[Frame]:
    splitter = Splitter(limits)
    return [frame for part in parts for frame in splitter.feed(part)]


def told(frames: list[Frame]) -> list[tuple[str, str, str | None]]:
    return [(frame.kind, frame.data, frame.field("Unique-ID")) for frame in frames]


def test_given_a_stream_when_cut_at_every_byte_then_the_frames_are_the_same() -> None:
    whole = told(split(STREAM))
    assert [kind for kind, _, _ in whole] == [
        "auth/request",
        "command/reply",
        "text/event-plain",
        "api/response",
        "text/event-plain",
        "api/response",
    ]
    for at in range(len(STREAM) + 1):
        assert told(split(STREAM[:at], STREAM[at:])) == whole
    assert told(split(*(STREAM[at : at + 1] for at in range(len(STREAM))))) == whole


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_given_a_stream_when_cut_at_any_places_then_the_frames_are_the_same(places: list[int]) -> None:
    cuts = [0, *sorted(places), len(STREAM)]
    assert told(split(*(STREAM[a:b] for a, b in zip(cuts, cuts[1:], strict=False)))) == told(split(STREAM))


def test_given_half_a_frame_when_asked_then_the_splitter_says_that_it_is_inside_one() -> None:
    splitter = Splitter()
    splitter.feed(EVENT[:40])
    assert splitter.inside
    splitter.feed(EVENT[40:])
    assert not splitter.inside


@pytest.mark.parametrize(
    "name",
    [
        "Bob%0AUnique-ID: FORGED%0Avariable_agent: root",
        "Bob\nUnique-ID: FORGED\nvariable_agent: root",
        "Bob\u2028Unique-ID: FORGED\u2028variable_agent: root",
        "Bob\x85Unique-ID: FORGED\x85variable_agent: root",
        "Bob\x0bUnique-ID: FORGED\x0cvariable_agent: root\x1c",
    ],
)
def test_S05_given_a_caller_s_name_with_a_header_inside_when_read_then_it_stays_a_name(name: str) -> None:
    (frame,) = split(plain({"Event-Name": "CHANNEL_PARK", "Caller-Caller-ID-Name": name, "Unique-ID": "real"}))
    assert frame.field("Unique-ID") == "real"
    assert frame.field("variable_agent") is None
    assert set(frame.field_names()) == {"Event-Name", "Caller-Caller-ID-Name", "Unique-ID"}


@given(st.text())
def test_S05_given_any_value_when_read_then_no_header_is_added_or_changed(value: str) -> None:
    value = value.encode("utf-8", "ignore").decode()
    (frame,) = split(plain({"Event-Name": "DTMF", "Caller-Caller-ID-Name": value, "Unique-ID": "real"}))
    assert frame.field_names() == ["Event-Name", "Caller-Caller-ID-Name", "Unique-ID"]
    assert frame.field("Unique-ID") == "real"
    if "%" not in value and value not in ("", "_undef_"):
        assert frame.field("Caller-Caller-ID-Name") == value


def test_given_a_header_twice_when_read_then_the_first_wins() -> None:
    (frame,) = split(framed("text/event-plain", b"Unique-ID: one\nUnique-ID: two\n\n"))
    assert frame.field("Unique-ID") == "one"
    assert dict(frame.headers)["Unique-ID"] == "one"


def test_given_a_value_with_a_real_newline_when_read_then_what_the_switch_wrote_before_it_stands() -> None:
    (frame,) = split(framed("text/event-plain", b"Unique-ID: one\nName: Bob\nUnique-ID: FORGED\n\n"))
    assert frame.field("Unique-ID") == "one"


def test_given_an_event_with_a_body_when_read_then_the_body_is_no_header_and_is_not_unquoted() -> None:
    (frame,) = split(JOB)
    assert frame.data == "-ERR BUSY\nUnique-ID: FORGED\n\n%41 tail"
    assert frame.field("Unique-ID") is None


def test_given_an_undefined_value_when_read_then_it_is_empty() -> None:
    (frame,) = split(framed("text/event-plain", b"A: _undef_\n\n"))
    assert frame.field("A") == "" and frame.field("B") is None


def test_given_a_reply_when_read_then_it_is_not_unquoted() -> None:
    (frame,) = split(replied("+OK 100%41"))
    assert frame.data == "+OK 100%41"


@pytest.mark.parametrize("body", [b"\xff\xfe Latin \xe9", b"\x00", b"%", b"%F", b"\n\n\n"])
def test_given_odd_bytes_when_answered_then_they_are_text_all_the_same(body: bytes) -> None:
    (frame,) = split(framed("api/response", body))
    assert isinstance(frame.data, str)


def test_given_a_frame_without_a_kind_when_split_then_the_next_one_is_found() -> None:
    frames = split(b"Content-Length: 4\n\nabcd" + EVENT)
    assert [frame.kind for frame in frames] == ["", "text/event-plain"]


@pytest.mark.parametrize("length", [b"-1", b"+5", b"0x10", b"1e3", b"99999999999999999999", b"", b" ", b"5 5", b"\xd9\xa3"])
def test_given_a_length_that_is_none_when_split_then_refused(length: bytes) -> None:
    with pytest.raises(WireError):
        split(b"Content-Type: api/response\nContent-Length: " + length + b"\n\nabcde")


def test_given_a_body_longer_than_allowed_when_announced_then_refused_before_it_comes() -> None:
    limits = Limits(body=100)
    assert len(split(framed("api/response", b"x" * 100), limits=limits)) == 1
    with pytest.raises(WireError):
        split(b"Content-Type: api/response\nContent-Length: 101\n\n", limits=limits)


def test_given_two_lengths_that_differ_when_split_then_refused() -> None:
    with pytest.raises(WireError):
        split(b"Content-Length: 3\nContent-Type: api/response\nContent-Length: 4\n\nabcd")
    assert len(split(b"Content-Length: 3\nContent-Type: api/response\nContent-Length: 3\n\nabc")) == 1


def test_given_a_header_block_without_end_when_too_long_then_refused() -> None:
    splitter = Splitter(Limits(block=1000))
    with pytest.raises(WireError):
        for _ in range(200):
            splitter.feed(b"X: yyyyyy\n")


def test_given_a_long_body_in_small_pieces_when_fed_then_it_is_joined_once() -> None:
    splitter = Splitter()
    body = b"z" * 1_000_000
    text = framed("api/response", body)
    frames = [frame for at in range(0, len(text), 1000) for frame in splitter.feed(text[at : at + 1000])]
    assert [frame.body for frame in frames] == [body]


@example(one=b"\x80", two=b":\n\n")
@given(st.binary(max_size=400), st.binary(max_size=400))
def test_given_any_bytes_when_fed_then_frames_or_a_refusal_and_nothing_else(one: bytes, two: bytes) -> None:
    splitter = Splitter()
    try:
        for frame in splitter.feed(one) + splitter.feed(two):
            dict(frame.headers)
            assert isinstance(frame.data, str)
    except WireError:
        return


def test_given_a_json_event_when_read_then_the_same_fields_and_the_first_of_two_wins() -> None:
    body = b'{"Event-Name": "DTMF", "Unique-ID": "a\\nb: c", "Event-Name": "FORGED", "n": 3, "_body": "x"}'
    (frame,) = split(framed("text/event-json", body))
    assert (frame.field("Event-Name"), frame.field("Unique-ID"), frame.field("n"), frame.data) == ("DTMF", "a\nb: c", None, "x")


@pytest.mark.parametrize("body", [b"", b"[", b"[1]", b"\xe9", b"[" * 100_000, json.dumps("x").encode()])
def test_given_json_that_is_no_event_when_read_then_it_has_no_fields(body: bytes) -> None:
    (frame,) = split(framed("text/event-json", body))
    assert frame.field_names() == []
