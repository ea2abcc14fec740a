"""Journal lines: what is written is read back, and an old line still starts a new release."""

from dataclasses import fields, replace
from typing import Any, get_args, get_type_hints

import pytest

from acd.core.decision import Record
from acd.core.events import DigitPressed, SnapshotTaken
from acd.core.lines.entry import Entry
from acd.live import codec
from acd.live.codec import RECORDS, BadLine, check_line, decode_line, encode_decision, encode_snapshot
from acd.words import CallId, EntryId, EntryState, LegId, OfferId, Owner, QueueId
from tests.live.house import arrived, call, decision

OLD_LINE = (
    b'{"n":7,"at":12.5,"event":{"type":"CallArrived","at":12.5,"leg":"a/u1","dialled":"100","colour":"red"},'
    b'"changes":[{"type":"Call","id":"u1","leg":"a/u1","owner":"flow","arrived_at":12.5,"dialled":"100","shoe_size":43},'
    b'{"type":"Wishlist","id":"x"},{"type":"Call","id":"u2","owner":"emperor"}],"mood":"good"}\n'
)


def sealed(body: bytes) -> bytes:
    return codec._seal([body[1:-2]])


def test_given_a_decision_when_written_and_read_then_it_is_the_same() -> None:
    one = decision("u1", at=5.25)
    line = decode_line(encode_decision(3, one))
    assert (line.n, line.at, line.event, line.changes) == (3, 5.25, one.event, one.changes)
    assert not (line.is_snapshot or line.late or line.healed or line.refused or line.unreadable)


def test_given_a_snapshot_part_when_written_and_read_then_its_records_are_the_same() -> None:
    line = decode_line(encode_snapshot(9, 7.0, [call("u1"), call("u2")]))
    assert line.is_snapshot and line.n == 9 and line.event is None
    assert line.changes == (call("u1"), call("u2"))


@pytest.mark.parametrize("name", sorted(codec.RECORDS | codec.EVENTS))
def test_given_any_record_or_event_class_when_coded_then_it_comes_back(name: str) -> None:
    thing = sample((codec.RECORDS | codec.EVENTS)[name])
    raw = codec.encode_tagged(thing)
    assert raw.startswith(b'{"type":"' + name.encode())
    assert codec._decoders[name].decode(raw) == thing


def test_given_an_old_line_when_read_then_unknown_things_are_passed_over_and_missing_fields_get_defaults() -> None:
    line = decode_line(sealed(OLD_LINE))
    assert line.changes == (call("u1", arrived_at=12.5),)
    assert line.event is not None and line.event.at == 12.5
    assert len(line.unreadable) == 2 and "Wishlist" in line.unreadable[0] and "Call" in line.unreadable[1]


def test_given_one_changed_byte_anywhere_when_read_then_the_line_is_refused() -> None:
    whole = encode_decision(1, decision())
    for i in range(len(whole)):
        with pytest.raises(BadLine):
            decode_line(whole[:i] + bytes([whole[i] ^ 1]) + whole[i + 1 :])


def test_given_a_line_cut_anywhere_when_checked_then_it_is_refused() -> None:
    whole = encode_decision(1, decision())
    check_line(whole)
    for i in range(len(whole)):
        with pytest.raises(BadLine):
            check_line(whole[:i])


def test_given_text_with_newlines_and_odd_characters_when_written_then_it_is_still_one_line() -> None:
    odd = "a\nb\r\u2028\x00é"
    raw = encode_decision(1, codec.Decision(event=DigitPressed(at=1.0, leg=LegId("a/1"), digit=odd)))
    assert raw.count(b"\n") == 1
    event = decode_line(raw).event
    assert isinstance(event, DigitPressed) and event.digit == odd


def test_given_half_a_character_when_written_then_the_line_can_be_read() -> None:
    event = decode_line(encode_decision(1, codec.Decision(event=arrived("u\udcff")))).event
    assert event == arrived("u?")


def sample(cls: type) -> Any:
    """An instance with something in every required field."""
    plain: dict[Any, Any] = {float: 1.5, int: 3, str: "x", bool: True, Owner: Owner.FLOW}
    if cls is SnapshotTaken:
        return SnapshotTaken(at=1.0, node="a", asked_at=0.5, channels=(), phones=("1001",), restarted=True)  # type: ignore[arg-type]
    hints = get_type_hints(cls)
    given = {}
    for field in fields(cls):
        if field.default is field.default_factory:  # both MISSING: required
            hint = getattr(hints[field.name], "__supertype__", hints[field.name])
            if hint in plain:
                given[field.name] = plain[hint]
            elif hasattr(hint, "__members__"):
                given[field.name] = next(iter(hint))
            else:
                given[field.name] = sample(hint)
    return cls(**given)


def test_given_an_entry_of_a_release_that_rang_one_agent_at_a_time_when_read_then_that_offer_rings() -> None:
    old = Entry(
        id=EntryId("e"), call=CallId("c"), leg=LegId("a/c"), queue=QueueId("q"), joined_at=1.0, since=1.0,
        state=EntryState.OFFERED, offer=OfferId("o"),
    )  # fmt: skip
    [entry] = decode_line(encode_snapshot(1, 1.0, [old])).changes
    assert isinstance(entry, Entry) and (entry.rung, entry.offer) == ((OfferId("o"),), None)
    talking = replace(old, state=EntryState.CONNECTED)
    assert decode_line(encode_snapshot(1, 1.0, [talking])).changes == (talking,)


def test_given_the_kinds_of_records_when_looked_up_then_the_journal_knows_them_all() -> None:
    """One that it does not know would be gone after a restart."""
    assert {kind.__name__ for kind in get_args(Record)} == set(RECORDS)
