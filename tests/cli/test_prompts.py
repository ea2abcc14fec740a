"""`acd prompts`: what callers hear in each language, what is missing, and the list for whoever speaks it."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import Result

from acd.core.media import Recorded, Speech
from acd.live.sound import Samples, save, wav_bytes
from acd.loading import library_of, load_all, recall_flows, remember_flows
from acd.places import Places
from acd.sounds import prompts_of

Run = Callable[..., Result]

MAIN = """
languages: [en, de]
start: choose
steps:
  choose: {step: language, set: de, next: hello}
  hello:
    step: play
    prompt: [{name: welcome}, {file: jingle}, {en: "Your number is {{ digits(call.caller_number) }}", de: Nummer}]
    next: english
  english: {step: say, text: Only in English., next: bye}
  bye: {step: hang_up, prompt: {en: {file: bye, say: Good bye.}, de: {file: bye, say: =Auf Wiedersehen.}}}
"""
ACD = """
nodes:
  one: {}
numbers: {"*": main}
speech: {engine: %s}
paths: {flows: flows, sounds: sounds, music: music}
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    for name in ("flows", "sounds/de", "music"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "acd.yaml").write_text(ACD % "espeak-ng")
    (tmp_path / "flows" / "main.yaml").write_text(MAIN)
    (tmp_path / "flows" / "prompts.yaml").write_text("welcome: {en: Welcome., de: Willkommen.}\n")
    (tmp_path / "sounds" / "jingle.wav").write_bytes(wav_bytes(_tone()))
    (tmp_path / "sounds" / "de" / "welcome.wav").write_bytes(wav_bytes(_tone()))
    return tmp_path


def _tone() -> Samples:
    return np.asarray(0.2 * np.sin(np.arange(4000) * 0.3))


def states(result: Result) -> dict[tuple[str, str, str], str]:
    rows = json.loads(result.stdout)
    return {(row["step"], row["language"], row["file"] or row["text"]): row["state"] for row in rows}


def test_given_a_house_when_its_prompts_are_listed_then_each_has_its_state(run: Run, config: Path) -> None:
    found = states(run("prompts", "--config", str(config), "--json"))
    assert found[("hello", "de", "welcome")] == "recorded" and found[("hello", "en", "welcome")] == "to be rendered"
    assert found[("hello", "de", "jingle")] == "recorded" == found[("hello", "en", "jingle")]
    assert found[("english", "de", "")] == "missing" and found[("bye", "de", "bye")] == "to be rendered"


def test_given_prompts_that_were_rendered_when_listed_then_they_are(run: Run, config: Path, home: Path) -> None:
    loaded = load_all(config)
    prompts = prompts_of(loaded.configuration, Places(config=config, home=home))
    for medium in library_of(loaded).media():
        if isinstance(medium, Speech):
            for engine in (prompts.engine, *prompts.others):
                save(prompts._kept(medium, engine), _tone())  # as if an engine had spoken
    found = states(run("prompts", "--config", str(config), "--json"))
    assert found[("hello", "en", "welcome")] == "rendered" == found[("bye", "de", "bye")]


def test_given_something_missing_when_asked_for_it_then_only_that_is_there_and_the_exit_code_is_1(run: Run, config: Path) -> None:
    result = run("prompts", "--config", str(config), "--missing")
    assert result.exit_code == 1 and "callers hear 'en'" in result.stdout and "welcome" not in result.stdout
    flow = config / "flows" / "main.yaml"
    flow.write_text(flow.read_text().replace("text: Only in English.", "text: {en: Yes., de: Ja.}"))
    result = run("prompts", "--config", str(config), "--missing")
    assert result.exit_code == 0 and "nothing is missing" in result.stdout


def test_given_a_house_without_an_engine_when_asked_then_every_text_without_a_recording_is_missing(run: Run, config: Path) -> None:
    (config / "acd.yaml").write_text(ACD % "none")
    found = states(run("prompts", "--config", str(config), "--json"))
    assert found[("hello", "en", "welcome")] == "missing" and found[("hello", "de", "welcome")] == "recorded"


def test_given_texts_with_names_when_exported_then_a_speaker_can_read_them_and_the_house_finds_the_files(
    run: Run, config: Path, tmp_path: Path
) -> None:
    result = run("prompts", "--config", str(config), "export", str(tmp_path / "out"))
    assert result.exit_code == 0 and "4 texts" in result.stdout
    with (tmp_path / "out" / "prompts.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["file", "language", "text"],
        ["de/bye.wav", "de", "'=Auf Wiedersehen."],
        ["de/welcome.wav", "de", "Willkommen."],
        ["en/bye.wav", "en", "Good bye."],
        ["en/welcome.wav", "en", "Welcome."],
    ]
    (config / "sounds" / "en").mkdir()
    (config / "sounds" / "en" / "bye.wav").write_bytes(wav_bytes(_tone()))
    assert states(run("prompts", "--config", str(config), "--json"))[("bye", "en", "bye")] == "recorded"


def test_given_a_language_without_its_text_when_checked_then_it_is_a_warning_and_no_refusal(run: Run, config: Path) -> None:
    result = run("check", "--config", str(config))
    assert result.exit_code == 0 and result.stdout.startswith("ok:")
    assert "main.yaml:10:3: warning: step 'english' says nothing in 'de'; callers hear 'en' there" in result.stderr


def test_given_a_file_of_named_prompts_that_is_bad_when_checked_then_its_place_is_said(run: Run, config: Path) -> None:
    (config / "flows" / "prompts.yaml").write_text("welcome: {en: Welcome., de: '{{ x('}\n")
    result = run("check", "--config", str(config))
    assert result.exit_code == 1 and "prompts.yaml:1:10: " in result.stderr


def test_given_callers_in_an_older_version_when_the_house_restarts_then_they_hear_the_named_prompts_of_then(config: Path) -> None:
    before = load_all(config)
    used = {(flow.id, flow.version) for flow in before.flows.values()}
    kept = config / "kept"
    remember_flows(kept, before.flows.values(), used)
    (config / "flows" / "prompts.yaml").write_text("welcome: {en: New., de: Neu.}\n")
    after = load_all(config)
    remember_flows(kept, after.flows.values(), used)
    recalled = recall_flows(kept, used, after.known)
    (flow,) = recalled.values()
    assert Speech(text="Welcome.", language="en") in library_of(after, recalled).media()
    assert Recorded(name="welcome", language="de") in library_of(after, recalled).media() and flow.named
    remember_flows(kept, after.flows.values(), set())
    assert len(list(kept.rglob("*.yaml"))) == 2, "the version in force and its named prompts; what nobody is in is gone"
