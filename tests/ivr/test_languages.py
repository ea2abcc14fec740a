"""Prompts in several languages and by name, the verb `language`, and what is missing in one of them."""

from pathlib import Path

import pytest

from acd.config.document import Refused
from acd.core.commands import Play
from acd.core.media import Recorded, Speech
from acd.ivr.check import Known
from acd.ivr.flow import Flow
from acd.ivr.load import load_folder, load_text
from acd.ivr.load.inventory import inventory
from acd.ivr.load.named import load_prompts, load_prompts_text
from acd.ivr.speak import fixed_media
from tests.ivr.caller import Caller

HEAD = "languages: [en, de]\nvoice: alice\nstart: start\nsteps:\n"
CHOOSE = "  start: {step: language, set: de, next: hello}\n"
END = "  end: {step: hang_up}\n"


def flow(*steps: str, head: str = HEAD, **known: object) -> Flow:
    body = "".join(f"  {step}\n" for step in steps)
    return load_text(f"{head}{body}{END}", "tested", Known(**known))  # type: ignore[arg-type]


def german(prompt: str, **known: object) -> Flow:
    return flow("start: {step: language, set: de, next: hello}", f"hello: {{step: play, prompt: {prompt}, next: end}}", **known)


def english(prompt: str, **known: object) -> Flow:
    return flow(f"start: {{step: play, prompt: {prompt}, next: next}}", "next: {step: language, set: de, next: end}", **known)


def heard(tested: Flow) -> list[tuple[str, str, str]]:
    """Language, what, voice."""
    play = next(one for one in Caller(tested).walk.commands if isinstance(one, Play))
    return [
        (one.language, one.text, one.voice) if isinstance(one, Speech) else (one.language, f"[{one.name}]", "")
        for one in play.media
        if isinstance(one, Speech | Recorded)
    ]


def refused(text: str, known: Known | None = None) -> list[str]:
    with pytest.raises(Refused) as error:
        load_text(text, "tested", known or Known())
    return [str(problem) for problem in error.value.problems]


# -- which language is heard ---


def test_given_a_prompt_in_two_languages_when_the_caller_chose_one_then_it_is_heard_and_the_voice_is_its_own() -> None:
    both = '{en: "Hello.", de: "Hallo."}'
    assert heard(german(both)) == [("de", "Hallo.", "")]
    assert heard(english(both)) == [("en", "Hello.", "alice")], "the flow's voice speaks the flow's language"


def test_given_a_text_in_one_language_when_another_was_chosen_then_the_flows_own_is_heard_as_what_it_is() -> None:
    assert heard(german("Hello.")) == [("en", "Hello.", "alice")]


def test_given_values_in_a_prompt_when_spoken_then_they_are_in_the_language_of_their_text() -> None:
    assert heard(german('["{{ number(21) }}"]')) == [("de", "einundzwanzig", "")]
    assert heard(german('"You have {{ number(21) }}"')) == [("en", "You have", "alice"), ("en", "twenty-one", "alice")]
    both = '{en: "{{ number(21) }} calls", de: "{{ number(21) }} Anrufe"}'
    assert heard(german(both)) == [("de", "einundzwanzig", ""), ("de", "Anrufe", "")]


def test_given_a_regional_language_when_it_has_nothing_of_its_own_then_that_of_the_country_next_door_is_heard() -> None:
    austrian = "languages: [en, de-AT]\nstart: start\nsteps:\n"
    steps = ("start: {step: language, set: de-AT, next: hello}", "hello: {step: play, prompt: {name: hi}, next: end}")
    tested = flow(*steps, head=austrian, prompts={"hi": {"en": "Hello.", "de": "Hallo."}})
    assert heard(tested) == [("de", "Hallo.", "")]


@pytest.mark.parametrize(
    ("recordings", "expected"),
    [
        ({"welcome", "de/welcome"}, "[welcome]"),
        ({"de/welcome"}, "[welcome]"),
        ({"welcome"}, "Willkommen."),
        ({"en/welcome"}, "Willkommen."),
        (set(), "Willkommen."),
    ],
)
def test_given_texts_with_a_recording_when_it_is_not_in_the_language_then_the_text_of_the_language_is_spoken(
    recordings: set[str], expected: str
) -> None:
    prompt = "{en: {file: welcome, say: Welcome.}, de: {file: welcome, say: Willkommen.}}"
    assert [(language, what) for language, what, _ in heard(german(prompt, recordings=frozenset(recordings)))] == [("de", expected)]


@pytest.mark.parametrize(
    ("recordings", "expected"),
    [
        ({"jingle"}, ("de", "[jingle]")),
        ({"en/jingle", "de/jingle"}, ("de", "[jingle]")),
        ({"en/jingle"}, ("en", "[jingle]")),
    ],
)
def test_given_a_recording_when_it_is_not_there_in_the_language_then_that_of_the_flow_is_heard(
    recordings: set[str], expected: tuple[str, str]
) -> None:
    found = heard(german("{file: jingle}", recordings=frozenset(recordings)))
    assert [(language, what) for language, what, _ in found] == [expected]


def test_given_several_languages_when_rendered_beforehand_then_all_that_can_be_heard_is_there() -> None:
    tested = german('["Hello {{ call.id }}", {en: One., de: Eins.}, {file: x}, "{{ spell(call.id) }}"]')
    there = fixed_media(tested)
    for expected in (
        Speech(text="Hello", language="en", voice="alice"),
        Speech(text="One.", language="en", voice="alice"),
        Speech(text="Eins.", language="de"),
        Speech(text="7", language="de"),
        Speech(text="7", language="en", voice="alice"),
        Speech(text="Z", language="de"),
        Recorded(name="x", language="de"),
        Recorded(name="x", language="en"),
    ):
        assert expected in there
    assert Speech(text="Hello", language="de") not in there
    assert Speech(text="Z", language="de") not in fixed_media(german("Hello."))


# -- the verb ---


CHOICE = (
    "start: {step: gather, into: wish, prompt: Which language?, max: '1', next: say, otherwise: end}",
    "say: {step: language, set: '{{ wish }}', next: hello, exits: {failed: sorry}}",
    "hello: {step: play, prompt: {en: Hello., de: Hallo.}, next: end}",
    "sorry: {step: say, text: Sorry., next: hello}",
)


def test_given_a_language_from_a_variable_when_it_is_none_of_the_flows_then_it_leaves_by_failed_and_nothing_changes() -> None:
    caller = Caller(flow(*CHOICE)).hears_out().presses("7")
    assert caller.heard == ["Sorry."] and caller.frame.language == "" and ("say", "failed") in caller.exits


def test_given_a_language_chosen_when_the_controller_restarts_then_it_is_kept_and_the_flow_can_ask_for_it() -> None:
    steps = (
        "start: {step: language, set: de, next: wait}",
        "wait: {step: say, text: Wait., next: ask}",
        "ask: {step: branch, when: [{if: 'call.language == \"de\"', go: hello}], otherwise: end}",
        "hello: {step: play, prompt: {en: Hello., de: Hallo.}, next: end}",
    )
    caller = Caller(flow(*steps)).restarts()
    assert caller.frame.language == "de" and caller.hears_out().heard == ["Hallo."]


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        ("{step: language, set: dee, next: end}", "there is no language 'dee' (did you mean 'de'?); allowed: de, en"),
        ("{step: language, set: '{{ x }}', next: end}", "the language comes from a variable; say with exits: {failed: ...}"),
        ("{step: language, next: end}", "'set' is missing"),
        ("{step: play, prompt: {en: Hi., dee: Ho.}, next: end}", "found the language 'dee' (did you mean 'de'?); the flow's"),
        ("{step: play, prompt: {en: {de: Hi.}}, next: end}", "found a mapping with de; a prompt is"),
        ("{step: play, prompt: {file: a, en: Hi.}, next: end}", "found a mapping with file, en; a prompt is"),
        ("{step: play, prompt: {name: welcom}, next: end}", "there is no prompt 'welcom' in prompts.yaml (did you mean 'welcome'?)"),
    ],
)
def test_given_a_flow_that_is_wrong_about_languages_when_loaded_then_it_is_refused_with_place_and_sentence(
    step: str, sentence: str
) -> None:
    told = refused(f"{HEAD}  start: {step}\n{END}", Known(prompts={"welcome": "Welcome."}))
    assert len(told) == 1 and told[0].startswith("tested.yaml:5:") and sentence in told[0], told


def test_given_two_languages_without_the_flows_own_when_loaded_then_it_is_refused_and_one_alone_is_for_everybody() -> None:
    step = "start: {step: play, prompt: %s, next: end}"
    told = refused(f"language: en\nstart: start\nsteps:\n  {step % '{de: Hallo., fr: Salut.}'}\n{END}")
    assert "the text in 'en', the flow's language, is missing" in told[0]
    assert heard(english("{de: Für Deutsch die 2.}")) == [("de", "Für Deutsch die 2.", "")]


def test_given_a_flow_whose_language_is_not_among_its_languages_when_loaded_then_it_is_refused() -> None:
    told = refused(f"language: fr\nlanguages: [en, de]\nstart: end\nsteps:\n{END}")
    assert "the flow's language 'fr' is not among its languages: en, de" in told[0]


# -- named prompts ---


NAMED = "welcome: {en: Welcome., de: Willkommen.}\nplain: Just this.\nlist: [One., {file: two, say: Two.}]\n"


def folder(path: Path, named: str = NAMED, prompt: str = "{name: welcome}") -> Path:
    (path / "main.yaml").write_text(f"{HEAD}{CHOOSE}  hello: {{step: play, prompt: {prompt}, next: end}}\n{END}")
    (path / "prompts.yaml").write_text(named)
    return path


def test_given_named_prompts_when_a_flow_names_one_then_it_is_heard_and_its_recording_wins(tmp_path: Path) -> None:
    there = folder(tmp_path)
    (spoken,) = load_folder(there, Known(recordings=frozenset())).values()
    assert heard(spoken) == [("de", "Willkommen.", "")]
    (recorded,) = load_folder(there, Known(recordings=frozenset({"de/welcome"}))).values()
    assert heard(recorded) == [("de", "[welcome]", "")]
    (several,) = load_folder(folder(tmp_path, prompt="[{name: list}, {name: plain}]"), Known(recordings=frozenset())).values()
    assert [what for _, what, _ in heard(several)] == ["One.", "Two.", "Just this."]


def test_given_a_named_prompt_when_it_changes_then_the_flows_that_name_it_have_a_new_version_and_no_others(tmp_path: Path) -> None:
    versions = []
    for named in (NAMED, NAMED.replace("Willkommen", "Guten Tag"), NAMED.replace("Just", "Only")):
        (found,) = load_folder(folder(tmp_path, named)).values()
        versions.append(found.version)
    assert versions[0] != versions[1] and versions[0] == versions[2]


@pytest.mark.parametrize(
    ("named", "place", "sentence"),
    [
        ("Welcome: Hi.\n", "1:1", "a prompt's name"),
        ("a: Hi.\nb: {name: a}\n", "2:4", "found the name 'a' in a named prompt"),
        ("a: {nme: a}\n", "1:4", "found 'nme', which is no language"),
        ("a: {e: Hi.}\n", "1:4", "a prompt is a text"),
        ("a: '{{ nothing( }}'\n", "1:4", ""),
        ("- a\n", "1:1", "a mapping of names to prompts"),
        ("a: Hi.\na: Ho.\n", "2:1", ""),
        ("a:\n", "1:3", "found nothing"),
    ],
)
def test_given_a_bad_file_of_named_prompts_when_loaded_then_it_is_refused_with_its_own_place(
    tmp_path: Path, named: str, place: str, sentence: str
) -> None:
    with pytest.raises(Refused) as error:
        load_folder(folder(tmp_path, named, prompt="Hello."))
    told = [str(problem) for problem in error.value.problems]
    assert any(f"prompts.yaml:{place}: " in one and sentence in one for one in told), told


def test_given_no_file_of_named_prompts_when_loaded_then_there_are_none(tmp_path: Path) -> None:
    assert load_prompts(tmp_path) == {} == load_prompts_text("")


# -- what is missing ---


def test_given_the_prompts_of_a_house_when_listed_then_every_language_is_there_and_what_lacks_is_marked(tmp_path: Path) -> None:
    prompt = "['{{ call.id }}', {de: Nur deutsch.}, {name: welcome}, {file: beep}, {en: {file: bye, say: Bye.}}, 'Only English.']"
    found = inventory(folder(tmp_path, prompt=prompt), Known())
    told = [(one.language, one.file, one.text.source, one.lacks) for one in found]
    assert told == [
        ("en", "", "{{ call.id }}", False),
        ("de", "", "Nur deutsch.", False),
        ("en", "welcome", "Welcome.", False),
        ("de", "welcome", "Willkommen.", False),
        ("en", "beep", "", False),
        ("de", "beep", "", False),
        ("en", "bye", "Bye.", False),
        ("de", "bye", "", True),
        ("en", "", "Only English.", False),
        ("de", "", "", True),
    ]
    recorded = {one.file for one in found if one.is_recorded(frozenset({"beep", "welcome", "de/bye"}))}
    assert recorded == {"beep", "welcome", "bye"}
    assert [one.language for one in found if one.is_recorded(frozenset({"welcome"}))] == ["en"], "the German text is spoken"
