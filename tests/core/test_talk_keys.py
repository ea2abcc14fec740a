"""What an agent types in a talk; a customer's digits are nobody's."""

from dataclasses import replace

from acd.core import events as ev
from acd.core.commands import Signal
from acd.words import TalkWish
from tests.core.talking import CUSTOMER, Floor
from tests.core.world import policy


def digits(floor: Floor) -> str:
    return "".join(d.event.digit for d in floor.world.decisions if isinstance(d.event, ev.DigitPressed))


def test_given_a_talk_when_the_hold_key_is_typed_twice_then_hold_and_resume() -> None:
    floor = Floor().talk().types("a0", "*2")
    assert floor.hears("c") == "music"
    assert floor.types("a0", "*2").hears("c") == "a0"


def test_given_a_talk_when_a_consult_is_typed_and_driven_then_each_key_does_its_part() -> None:
    floor = Floor().talk().types("a0", "*41001#").picks_up("a1")
    assert floor.hears("a0") == "a1"
    assert floor.types("a0", "*5").hears("a0") == "c"
    assert floor.types("a0", "*7").hears("a0") == "all"
    assert floor.types("a1", "*8").hears("a0") == "c"
    assert floor.types("a0", "*41001#").picks_up("a1").types("a0", "*0").hears("a0") == "c"
    assert floor.types("a0", "*41001#").picks_up("a1").types("a0", "*6").hears("c") == "a1"


def test_given_the_transfer_key_and_an_extension_then_blind() -> None:
    assert Floor().talk().types("a0", "*31001#").world.rung()[-1] == "1001"


def test_given_a_wish_half_typed_when_the_agent_thinks_too_long_then_it_is_forgotten() -> None:
    floor = Floor().talk().types("a0", "*").after(6).types("a0", "2")
    assert floor.hears("c") == "a0"


def test_given_digits_that_mean_nothing_then_they_are_not_written_down() -> None:
    floor = Floor().talk().types("a0", "1234*9")
    assert digits(floor) == "????*?" and floor.hears("c") == "a0"


def test_given_a_target_without_end_then_it_is_forgotten() -> None:
    floor = Floor().talk().types("a0", "*3" + "1" * 30)
    assert floor.offer("a0").keys == "" and floor.types("a0", "*2").hears("c") == "music"


def test_given_a_customer_who_types_a_wish_then_nothing_happens() -> None:
    floor = Floor().talk()
    for digit in "*2":
        floor.feed(ev.DigitPressed(at=floor.world.at, leg=CUSTOMER, digit=digit))
    assert floor.hears("c") == "a0" and digits(floor) == "??"


def test_given_a_wish_that_is_refused_then_the_decision_says_why() -> None:
    floor = Floor().talk().types("a0", "*5")
    last = floor.world.decisions[-1]
    assert last.refused == "nobody is being consulted" and last.commands == (Signal(leg=floor.offer("a0").leg, tone="no"),)


def test_given_a_house_without_a_key_for_it_then_it_cannot_be_typed() -> None:
    floor = Floor(replace(policy(agents=3), talk_keys={TalkWish.HOLD: "#1"})).talk()
    assert floor.types("a0", "*2").hears("c") == "a0" and floor.types("a0", "#1").hears("c") == "music"
