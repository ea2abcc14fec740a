"""`messages`: what lies in a mailbox is heard by telephone, and kept or deleted by key. The switch and the disk are fakes' matter."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from acd.core.commands import DELETED, HEARD, Command, ListMessages, MarkMessage, Play
from acd.core.events import ErrandDone
from acd.core.media import Kept
from acd.ivr.check import Known
from acd.ivr.mailbox import MOST, Lying, lying, values
from tests.ivr.caller import NOON, Caller, flow

PROMPTS = "prompt: 'N {{ new_messages }} O {{ old_messages }}', empty_prompt: None., message_prompt: 'M {{ message_place }}', "
PROMPTS += "caller_prompt: 'C {{ message_caller }}', choice_prompt: Well?, deleted_prompt: Gone., end_prompt: End."
THREE = (
    Lying(id="old", left_at=NOON - 9000, seconds=20, heard=True),
    Lying(id="second", left_at=NOON - 60, seconds=20, caller="+493012"),
    Lying(id="first", left_at=NOON - 600, seconds=20),
)


def messages(keys: str = "", mailbox: str = "main", **known: str) -> Caller:
    start = f"start: {{step: messages, mailbox: '{mailbox}', {PROMPTS}{keys}, next: after, otherwise: lost}}"
    return Caller(
        flow(f"{start}\nafter: {{step: say, text: Thanks., next: end}}\nlost: {{step: say, text: Sorry., next: end}}"), **known
    )


def is_answered(caller: Caller, there: Iterable[Lying] = (), why: str = "") -> Caller:
    play = caller.frame.play
    assert play is not None
    told = values(there) if not why else {}
    return caller.happens(ErrandDone(at=caller.at, leg=caller.call.leg, errand=play, why=why, values=told))


def hears_them(keys: str = "") -> Caller:
    """A caller who has been told how many there are, and to whom the first is announced."""
    return is_answered(messages(keys), THREE).hears_out()


def sounding(caller: Caller) -> str:
    """The message that is played."""
    media = [one for command in caller.walk.commands if isinstance(command, Play) for one in command.media]
    return "".join(one.name for one in media if isinstance(one, Kept))


def marks(caller: Caller) -> list[tuple[str, str]]:
    return [(one.message, one.mark) for one in caller.walk.commands if isinstance(one, MarkMessage)]


def asked(commands: Iterable[Command]) -> list[str]:
    return [one.mailbox for one in commands if isinstance(one, ListMessages)]


def test_given_a_mailbox_when_entered_then_what_lies_there_is_asked_for() -> None:
    assert asked(messages().walk.commands) == ["main"]
    assert asked(messages(mailbox="{{ call.agent }}", agent="anna").walk.commands) == ["anna"]


@pytest.mark.parametrize("number", ["", "../../etc", "a b", "Anna", "x" * 64])
def test_given_a_template_that_makes_no_name_when_entered_then_nobody_is_asked_and_it_fails(number: str) -> None:
    caller = messages(mailbox="{{ call.caller_name }}", caller_name=number)
    assert caller.step == "lost" and asked(caller.walk.commands) == []


def test_given_three_messages_when_told_then_the_new_ones_come_first_and_each_in_the_order_in_which_it_was_left() -> None:
    caller = is_answered(messages(), THREE)
    assert caller.heard == ["N", "2", "O", "1"]
    assert caller.hears_out().heard == ["M", "1"]
    assert sounding(caller.hears_out()) == "first"
    assert caller.hears_out().heard == ["Well?"]
    assert caller.presses("2").heard == ["M", "2", "C", "+493012"] and sounding(caller.hears_out()) == "second"
    assert caller.presses("2").heard == ["M", "3"] and sounding(caller.hears_out()) == "old"
    assert caller.presses("2").heard == ["End."]
    assert caller.hears_out().step == "after"
    assert not [name for name in caller.variables if "?" in name], "the list is not left behind"


def test_given_an_empty_mailbox_when_told_then_it_is_said_and_done() -> None:
    caller = is_answered(messages())
    assert caller.heard == ["None."] and caller.hears_out().step == "after"


@pytest.mark.parametrize(("key", "then"), [("1", ["M", "2", "C", "+493012"]), ("4", ["M", "1"])])
def test_given_the_second_message_when_again_or_the_one_before_is_pressed_then_that_is_announced(key: str, then: list[str]) -> None:
    caller = hears_them().presses("2").hears_out().hears_out().presses(key)
    assert caller.heard == then


@pytest.mark.parametrize("outs", range(3))
def test_given_any_moment_of_a_message_when_hash_is_pressed_then_it_is_over(outs: int) -> None:
    caller = hears_them()
    for _ in range(outs):
        caller.hears_out()
    assert caller.presses("#").step == "after"


@pytest.mark.parametrize(("seconds", "marked"), [(2.5, []), (3.0, [("first", HEARD)])])
def test_given_a_message_when_it_is_left_then_who_listened_for_a_few_seconds_has_heard_it(
    seconds: float, marked: list[tuple[str, str]]
) -> None:
    caller = hears_them().hears_out()
    caller.at += seconds
    assert marks(caller.presses("2")) == marked and caller.heard == ["M", "2", "C", "+493012"]


def test_given_a_short_message_when_played_to_its_end_then_it_is_heard() -> None:
    caller = is_answered(messages(), [replace(THREE[2], seconds=4.0)]).hears_out().hears_out()
    caller.at -= 1
    assert marks(caller.hears_out()) == [("first", HEARD)]


def test_given_the_three_when_pressed_then_it_is_deleted_and_only_when_that_is_done_said_and_the_next_one_comes() -> None:
    caller = hears_them().hears_out().presses("3")
    assert marks(caller) == [("first", DELETED)] and not caller.heard
    assert is_answered(caller).heard == ["Gone."]
    assert caller.hears_out().heard == ["M", "1", "C", "+493012"] and sounding(caller.hears_out()) == "second"
    assert is_answered(caller.presses("4").hears_out().presses("3")).heard == ["Gone."]
    assert is_answered(caller.hears_out().presses("3")).hears_out().heard == ["End."]


def test_given_a_disk_that_refuses_when_deleted_then_nobody_says_that_it_is_gone() -> None:
    caller = is_answered(hears_them().presses("3"), why="failed")
    assert caller.heard == ["Sorry."] and caller.step == "lost"


def test_given_an_answer_that_says_why_not_when_it_comes_then_it_fails() -> None:
    assert is_answered(messages(), why="failed").step == "lost"


@pytest.mark.parametrize("deleting", [False, True])
def test_given_an_answer_that_never_comes_when_waited_for_then_it_is_asked_once_more_and_then_it_fails(deleting: bool) -> None:
    caller = hears_them().presses("3") if deleting else messages()
    first = caller.frame.play
    assert caller.restarts().waits().commands == [type(caller.walk.commands[0]).__name__] and caller.frame.play == first
    assert caller.waits().step == "lost"


def test_given_a_caller_who_presses_nothing_when_asked_often_enough_then_it_is_over() -> None:
    caller = hears_them(", tries: 2").hears_out().hears_out().hears_out().waits()
    assert caller.heard == ["Well?"]
    assert caller.hears_out().waits().step == "after"


@pytest.mark.parametrize("moment", range(8))
def test_given_a_restart_at_any_moment_when_the_caller_goes_on_then_they_hear_the_same(moment: int) -> None:
    caller, heard = messages(), []
    ways = [
        lambda: is_answered(caller, THREE),
        lambda: caller.hears_out(),
        lambda: caller.hears_out(),
        lambda: caller.hears_out(),
        lambda: caller.presses("3"),
        lambda: is_answered(caller),
        lambda: caller.hears_out(),
        lambda: caller.hears_out(),
    ]
    for n, goes_on in enumerate(ways):
        if n == moment:
            caller.restarts()
        goes_on()
        heard.append(" ".join(caller.heard))
    assert heard == ["N 2 O 1", "M 1", "[first]", "Well?", "", "Gone.", "M 1 C +493012", "[second]"]


def test_given_the_words_of_ours_when_heard_then_time_and_number_are_spoken_where_the_step_is() -> None:
    start = "start: {step: messages, mailbox: main, zone: Europe/Berlin, next: end, otherwise: end}"
    caller = is_answered(Caller(flow(start)), THREE[1:2])
    assert caller.heard == ["New messages:", "one", ". Heard before:", "zero"]
    date = "November twenty-fourth, twenty twenty-five"
    assert caller.hears_out().heard == ["Message", "one", date, "11 59 AM", "From", *"493012"]


def test_given_more_than_anybody_goes_through_when_listed_then_the_newest_are_there_and_all_are_counted() -> None:
    many = [Lying(id=f"m{n}", left_at=NOON + n, seconds=5, heard=n < 30) for n in range(MOST + 20)]
    told = values(many)
    found = lying(told["messages"])
    assert (told["new"], told["old"], len(found)) == ("40", "30", MOST)
    assert [one.id for one in found[:2]] == ["m30", "m31"] and [one.id for one in found[40:]] == [f"m{n}" for n in range(20, 30)]


def test_given_an_id_or_a_number_from_elsewhere_when_listed_then_it_is_no_line_of_its_own() -> None:
    odd = [Lying(id="a\nb", left_at=1, seconds=1), Lying(id="../x", left_at=1, seconds=1)]
    assert values(odd)["messages"] == ""
    (found,) = lying(values([Lying(id="m1", left_at=1, seconds=1, caller="+49 30\nm2 new 1 1 x")])["messages"])
    assert (found.id, found.caller) == ("m1", "+4930211")
    assert lying("m1 new\nnonsense\n") == ()


KNOWN = Known(mailboxes=frozenset({"main", "sales"}), agents=frozenset({"anna"}))


@pytest.mark.parametrize("verb", ["voicemail, greeting: Hi.", "messages"])
def test_given_a_house_that_lists_its_mailboxes_when_another_is_named_then_it_is_refused_unless_it_is_an_agents(verb: str) -> None:
    def loaded(mailbox: str, known: Known) -> Caller:
        return Caller(flow(f"start: {{step: {verb}, mailbox: '{mailbox}', next: end, otherwise: end}}", known=known))

    with pytest.raises(Exception, match="no mailbox 'sale'.*did you mean 'sales'.*allowed: anna, main, sales"):
        loaded("sale", KNOWN)
    assert loaded("anna", KNOWN) and loaded("main", KNOWN) and loaded("sale", replace(KNOWN, mailboxes=None))


def test_given_a_name_that_can_be_none_when_read_then_it_is_refused() -> None:
    with pytest.raises(Exception, match="found 'Main Box'; the name of a mailbox"):
        flow("start: {step: messages, mailbox: Main Box, next: end, otherwise: end}")
