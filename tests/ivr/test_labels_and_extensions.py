"""`menu` with labels (the prompt makes itself) and with extensions (who knows one dials it at once)."""

from textwrap import dedent, indent

import pytest

from acd.config.document import Refused
from acd.ivr.load import load_text
from acd.ivr.phrases import PHRASES, phrase
from acd.ivr.steps.menu import Menu
from tests.ivr.caller import Caller, flow

LABELLED = "options: {1: {label: sales, go: one}, 2: {label: support, go: two}, 9: one}"
AFTER = """
one: {step: say, text: One., next: end}
two: {step: say, text: Two., next: end}
direct: {step: say, text: "Extension {{ digits(extension) }}.", next: end}
"""


def menu(keys: str, head: str = "") -> Caller:
    steps = f"start: {{step: menu, {keys}, otherwise: end}}\n{AFTER}".replace("\n", "\n  ")
    return Caller(load_text(f"{head}start: start\nsteps:\n  {steps}\n  end: {{step: hang_up}}\n", "tested"))


def labelled(head: str, label: str) -> list[str]:
    steps = f"steps:\n  start: {{step: menu, options: {{1: {{label: {label}, go: end}}}}, otherwise: end}}\n  end: {{step: hang_up}}\n"
    return Caller(load_text(f"{head}start: start\n{steps}", "tested")).heard


def test_given_labels_and_no_prompt_when_entered_then_they_are_offered_in_the_order_of_the_file() -> None:
    text = f"start: {{step: menu, {LABELLED}, otherwise: end}}\none: {{step: say, text: One., next: end}}\n"
    caller = Caller(flow(text + "two: {step: say, text: Two., next: end}"))
    assert caller.heard == ["For sales, press 1.", "For support, press 2."]
    assert caller.presses("2").step == "two"


def test_given_labels_and_a_prompt_when_entered_then_the_prompt_is_heard_and_the_labels_are_known() -> None:
    loaded = flow("start: {step: menu, prompt: Well?, options: {1: {label: sales, go: end}}, otherwise: end}")
    assert Caller(loaded).heard == ["Well?"]
    start = loaded.steps["start"]
    assert isinstance(start, Menu) and start.labels == {"1": "sales"}


@pytest.mark.parametrize("language", sorted(PHRASES))
def test_given_a_language_that_we_have_words_in_when_a_menu_has_labels_then_they_are_in_it(language: str) -> None:
    (heard,) = labelled(f"language: {language}\n", "x-1")
    words = phrase(language, "option")
    assert words is not None and heard == words.source.replace("{{ label }}", "x-1").replace("{{ key }}", "1")


def test_given_labels_in_several_languages_when_the_caller_has_chosen_one_then_they_hear_that() -> None:
    text = """
    start: {step: language, set: de, next: menu}
    menu: {step: menu, options: {12: {label: {en: sales, de: Verkauf}, go: end}}, otherwise: end}
    """
    body = f"languages: [en, de]\nstart: start\nsteps:\n{indent(dedent(text), '  ')}  end: {{step: hang_up}}\n"
    assert Caller(load_text(body, "tested")).heard == ["Für Verkauf drücken Sie 1 2."]


@pytest.mark.parametrize("what", sorted(PHRASES["en"]))
def test_given_words_of_ours_when_looked_at_then_every_language_has_them(what: str) -> None:
    assert all(phrase(language, what) for language in PHRASES)


@pytest.mark.parametrize(
    ("head", "options", "said"),
    [
        ("language: pl\n", "{1: {label: tak, go: end}}", "words for it in en, de, fr, es, it, nl only, and the flow speaks 'pl'"),
        ("", "{1: end}", "'prompt' is missing; give it, or labels"),
        ("", "{1: {lable: sales, go: end}}", "'lable' is not known here; an option is the name of a step"),
        ("", "{1: {label: sales}}", "'go' is missing; an option is the name of a step"),
        ("", "{1: {label: {file: sales}, go: end}}", "a label is a text"),
        ("", "{1: Sales Dept}", "found 'Sales Dept'; the name of a step, or {label: text, go: step}, is needed"),
    ],
)
def test_given_labels_of_which_no_prompt_can_be_made_when_loaded_then_it_is_refused(head: str, options: str, said: str) -> None:
    steps = f"steps:\n  start: {{step: menu, options: {options}, otherwise: end}}\n  end: {{step: hang_up}}\n"
    with pytest.raises(Refused) as refused:
        load_text(f"{head}start: start\n{steps}", "tested")
    assert said in str(refused.value)


DIRECT = "prompt: Dial., options: {1: one, 23: two}, extensions: {length: 4, begins: '2', go: direct}, between_digits: 2s"


def test_given_an_extension_when_dialled_whole_then_the_caller_goes_there_at_once() -> None:
    caller = menu(DIRECT).presses("2045")
    assert caller.step == "direct" and caller.variables == {"extension": "2045"}
    assert caller.heard == ["Extension", "2", "0", "4", "5"] and caller.exits == [("start", "extension")]


def test_given_an_option_that_begins_no_extension_when_pressed_then_nobody_waits() -> None:
    assert menu(DIRECT).presses("1").step == "one"


def test_given_an_option_that_begins_an_extension_when_pressed_then_the_time_between_digits_decides() -> None:
    caller = menu(DIRECT).presses("23")
    assert caller.step == "start" and caller.frame.deadline == caller.at + 2
    assert caller.waits().step == "two"
    assert menu(DIRECT).presses("2311").variables == {"extension": "2311"}


@pytest.mark.parametrize("typed", ["204", "2", "20*4"])
def test_given_half_an_extension_when_no_more_comes_then_it_is_wrong(typed: str) -> None:
    caller = menu(DIRECT).presses(typed)
    if "*" not in typed:
        caller.waits()
    assert caller.step == "start" and "extension" not in caller.variables


def test_given_digits_after_an_extension_when_typed_ahead_then_they_wait_for_the_next_step() -> None:
    first = f"start: {{step: say, text: Hello., next: menu}}\nmenu: {{step: menu, {DIRECT}, otherwise: end}}"
    caller = Caller(flow(f"{first}\n{AFTER}")).presses("204599").hears_out()
    assert caller.step == "direct" and caller.frame.digits == "99"
