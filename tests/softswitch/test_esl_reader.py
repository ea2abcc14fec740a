"""What comes in on the event socket, in any slices."""

import pytest

from softswitch.esl.reader import BadRequest, RequestReader

STREAM = (
    b"\n\r\nauth secret\n\n"
    b"sendmsg abc\r\ncall-command: execute\r\nexecute-app-arg:  two  spaces\r\n\r\n"
    b"sendevent NOTIFY\ncontent-length: 5\n\nhello\n\n\n"
    b"exit\n\n"
)


def test_given_a_stream_when_cut_at_every_byte_then_the_requests_are_the_same() -> None:
    whole = RequestReader().feed(STREAM)
    assert [one.command for one in whole] == ["auth secret", "sendmsg abc", "sendevent NOTIFY", "exit"]
    assert whole[1].headers == {"call-command": "execute", "execute-app-arg": "two  spaces"}
    assert whole[2].body == "hello"
    for cut in range(len(STREAM) + 1):
        reader = RequestReader()
        assert reader.feed(STREAM[:cut]) + reader.feed(STREAM[cut:]) == whole


def test_given_a_stream_when_it_comes_byte_by_byte_then_the_requests_are_the_same() -> None:
    reader = RequestReader()
    found = [request for at in range(len(STREAM)) for request in reader.feed(STREAM[at : at + 1])]
    assert found == RequestReader().feed(STREAM)


@pytest.mark.parametrize("length", ["-1", "x", "99999999999"])
def test_given_an_impossible_length_when_read_then_the_request_is_refused(length: str) -> None:
    with pytest.raises(BadRequest, match="allowed are 0 to"):
        RequestReader().feed(f"sendevent X\nContent-Length: {length}\n\n".encode())


def test_given_a_head_without_end_when_it_grows_too_long_then_it_is_refused() -> None:
    reader = RequestReader()
    with pytest.raises(BadRequest, match="without an empty line"):
        for _ in range(11):
            reader.feed(b"a" * 1024 * 1024)


def test_given_a_header_twice_when_read_then_the_first_counts() -> None:
    (request,) = RequestReader().feed(b"sendmsg x\nA: 1\na: 2\n\n")
    assert request.headers == {"a": "1"}
