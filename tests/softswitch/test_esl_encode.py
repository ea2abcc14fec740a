"""What goes out on the event socket, byte for byte."""

import json

import pytest

from softswitch.esl import encode
from softswitch.events import Event


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("plain", b"plain"),
        ("Bob: a@b", b"Bob%3A%20a%40b"),
        ("line\nbreak", b"line%0Abreak"),
        ("forged%0AUnique-ID: x", b"forged%0AUnique-ID%3A%20x"),
        ("100% of", b"100%25%20of"),
        ("lower %0a", b"lower%20%250a"),
        ("end%0", b"end%250"),
        ("ü", b"%C3%BC"),
        ("", b""),
    ],
)
def test_given_a_value_when_encoded_then_it_is_what_freeswitch_would_send(value: str, sent: bytes) -> None:
    """FAULTS: the ambiguity of plain events is FreeSWITCH's; a reader must meet it here too."""
    assert encode.url_encode(value) == sent


def test_given_an_empty_value_when_sent_plain_then_it_is_undef() -> None:
    assert encode.plain(Event(name="X", headers=(("A", ""),))) == b"A: _undef_\n\n"


def test_given_a_body_when_sent_plain_then_its_length_in_bytes_is_the_last_header() -> None:
    event = Event(name="X", headers=(("A", "1"),), body="+OK ü\n")
    assert encode.plain(event) == b"A: 1\nContent-Length: 7\n\n+OK \xc3\xbc\n"


def test_given_latin_1_bytes_when_sent_as_json_then_they_leave_as_they_came() -> None:
    """FreeSWITCH's JSON is broken by such a caller; so is ours, that the reader may be tested against it."""
    name = b"M\xfcller".decode("utf-8", "surrogateescape")
    body = encode.as_json(Event(name="X", headers=(("Caller", name),)))
    assert b"M\xfcller" in body
    with pytest.raises(UnicodeDecodeError):
        json.loads(body)


def test_given_an_event_when_framed_then_length_and_kind_come_first() -> None:
    frame = encode.event_frame(Event(name="X", headers=(("A", "b"),)), "plain")
    assert frame == b"Content-Length: 6\nContent-Type: text/event-plain\n\nA: b\n\n"


def test_given_an_empty_answer_when_framed_then_it_says_no_reply() -> None:
    assert encode.api_frame("").endswith(b"\n\n-ERR no reply\n")
