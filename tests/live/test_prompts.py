"""The prompt library and its engines: rendered beforehand, cached by content, recordings win, a start never fails."""

import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import soundfile

from acd.core.media import Music, Recorded, Speech, Tone
from acd.live.prompts import Prompts
from acd.live.sound import Samples, Sound, read_wav, save
from acd.live.speech import Chosen, EspeakNg, Flite, NoSpeech, Piper, SpeechFailed, TooSlow, engines, version
from tests.live.toy_voice import toy_voice

HELLO = Speech(text="Hello.", language="en")


@dataclass
class FakeEngine:
    """Says a tone for every text, and remembers what it was asked."""

    id: str = "fake"
    slow: bool = False
    asked: list[tuple[str, float]] = field(default_factory=list)
    fails: bool = False

    def signature(self, language: str, voice: str) -> str:
        return f"{self.id} {voice}"

    def speak(self, text: str, language: str, voice: str, deadline_s: float) -> Sound:
        self.asked.append((text, deadline_s))
        if self.fails:
            raise SpeechFailed("hoarse")
        if self.slow:
            raise TooSlow("asleep")
        return Sound(0.3 * np.sin(np.arange(4000) * 0.4 + len(text)), 16000)


def prompts(folder: Path, fake: FakeEngine | None = None, **more: object) -> Prompts:
    return Prompts(cache=folder / "cache", engine=fake or FakeEngine(), **more)  # type: ignore[arg-type]


def recorded(file: Path, hz: float = 500.0, seconds: float = 0.5) -> Path:
    save(file, 0.3 * np.sin(2 * np.pi * hz * np.arange(int(seconds * 8000)) / 8000))
    return file


def test_given_texts_when_prepared_then_each_is_a_file_and_is_said_only_once(tmp_path: Path) -> None:
    fake = FakeEngine()
    library = prompts(tmp_path, fake)
    assert library.prepare([HELLO, HELLO]) == ()
    assert read_wav(Path(library.resolve(HELLO)).read_bytes()).rate == 8000
    again = prompts(tmp_path, fake)
    assert again.prepare([HELLO]) == () and again.resolve(HELLO) == library.resolve(HELLO)
    assert [text for text, _ in fake.asked] == ["Hello."]


@pytest.mark.parametrize(
    "other",
    [Speech(text="Hello!", language="en"), Speech(text="Hello.", language="de"), Speech(text="Hello.", language="en", voice="x")],
)
def test_given_another_text_language_or_voice_when_prepared_then_it_is_another_file(tmp_path: Path, other: Speech) -> None:
    library = prompts(tmp_path)
    library.prepare([HELLO, other])
    assert library.resolve(HELLO) != library.resolve(other)


def test_given_another_engine_when_prepared_then_its_own_file_is_made(tmp_path: Path) -> None:
    one, two = prompts(tmp_path), prompts(tmp_path, FakeEngine(id="other"))
    one.prepare([HELLO])
    two.prepare([HELLO])
    assert one.resolve(HELLO) != two.resolve(HELLO)


def test_given_a_text_when_made_a_file_then_nothing_of_it_is_in_the_name(tmp_path: Path) -> None:
    library = prompts(tmp_path)
    odd = Speech(text="../../etc/passwd $(reboot) \x00\n", language="en")
    library.prepare([odd])
    path = Path(library.resolve(odd))
    assert path.parent == tmp_path / "cache" / "speech" and set(path.stem) <= set("0123456789abcdef")


def test_given_what_is_not_ready_when_resolved_then_it_is_notes_or_silence_counted_and_the_log_does_not_tell_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    library = prompts(tmp_path)
    library.prepare([])
    text = Speech(text="4711 secret", language="en")
    notes = read_wav(Path(library.resolve(text)).read_bytes())
    assert notes.samples.any() and library.lasts(text) == notes.seconds
    assert not read_wav(Path(library.resolve(Recorded(name="nothing"))).read_bytes()).samples.any()
    assert library.counts.missing == 2 and "4711" not in caplog.text


# -- more engines than one ---


def test_given_an_engine_that_fails_when_a_text_is_needed_then_the_next_one_says_it_and_the_first_is_asked_again(
    tmp_path: Path,
) -> None:
    first, second = FakeEngine(id="first", fails=True), FakeEngine(id="second")
    library = prompts(tmp_path, first, others=(second,))
    assert library.prepare([HELLO]) == ()
    spare = library.resolve(HELLO)
    first.fails = False
    assert library.prepare([HELLO]) == () and library.resolve(HELLO) != spare, "its sound was not kept under another's name"
    assert [len(engine.asked) for engine in (first, second)] == [2, 1]


def test_given_an_engine_that_hangs_when_callers_need_texts_then_only_the_first_of_them_waits_for_it(tmp_path: Path) -> None:
    clock = [100.0]
    first, second = FakeEngine(id="first", slow=True), FakeEngine(id="second")
    library = prompts(tmp_path, first, others=(second,), now=lambda: clock[0])
    library.prepare([])
    for n in range(3):
        assert library.prepare_now([Speech(text=f"Number {n}", language="en")], deadline_s=2.0) == ()
    assert [deadline for _, deadline in first.asked] == [pytest.approx(1.2)], "something is left for the next engine"
    clock[0] += 31
    library.prepare_now([HELLO])
    assert len(first.asked) == 2


def test_given_every_engine_asleep_when_a_text_is_needed_then_they_are_asked_all_the_same(tmp_path: Path) -> None:
    first, second = FakeEngine(id="first", slow=True), FakeEngine(id="second", slow=True)
    library = prompts(tmp_path, first, others=(second,))
    assert library.prepare_now([HELLO]) == library.prepare_now([HELLO]) == ("a text of 6 characters: asleep; asleep",)
    assert [len(engine.asked) for engine in (first, second)] == [2, 2]


def test_given_texts_that_were_rendered_when_asked_later_then_the_library_knows_which(tmp_path: Path) -> None:
    prompts(tmp_path).prepare([HELLO])
    assert prompts(tmp_path).kept(HELLO) and not prompts(tmp_path).kept(Speech(text="Bye.", language="en"))


def test_given_an_engine_that_fails_when_prepared_then_the_rest_is_made_and_the_failure_told(tmp_path: Path) -> None:
    library = prompts(tmp_path, FakeEngine(fails=True))
    assert library.prepare([HELLO, Tone(name="beep")]) == ("a text of 6 characters: hoarse",)
    assert library.is_ready(Tone(name="beep")) and not library.is_ready(HELLO) and library.counts.failed == 1


def test_given_what_only_a_call_knows_when_needed_then_it_is_said_within_the_deadline_and_kept_apart(tmp_path: Path) -> None:
    fake = FakeEngine()
    library = prompts(tmp_path, fake)
    library.prepare([])
    assert library.prepare_now([HELLO], deadline_s=1.5) == ()
    assert Path(library.resolve(HELLO)).parent.name == "passing"
    assert 0 < fake.asked[0][1] <= 1.5
    library.prepare_now([HELLO])
    assert len(fake.asked) == 1


def test_given_many_passing_texts_when_more_come_then_the_oldest_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("acd.live.prompts.PASSING_MAX", 3)
    library = prompts(tmp_path)
    library.prepare([HELLO])
    lasting = len(library.ready)
    for n in range(6):
        library.prepare_now([Speech(text=f"Number {n}", language="en")])
    assert len(list((tmp_path / "cache" / "passing").iterdir())) == 3
    assert len(library.ready) <= lasting + 3 and library.is_ready(HELLO)


def test_given_a_recording_when_prepared_then_it_is_found_by_language_first_and_made_ready(tmp_path: Path) -> None:
    sounds = tmp_path / "sounds"
    recorded(sounds / "welcome.wav", 400)
    recorded(sounds / "de" / "welcome.wav", 900)
    library = prompts(tmp_path, sounds=sounds)
    english, german = Recorded(name="welcome", language="en"), Recorded(name="welcome", language="de")
    assert library.prepare([english, german]) == ()
    assert library.resolve(english) != library.resolve(german)
    assert library.recordings() == {"welcome"} == library.recordings("de")
    austrian = Recorded(name="welcome", language="de-AT")
    library.prepare([austrian])
    assert library.resolve(austrian) == library.resolve(german)


def test_given_a_recording_that_is_replaced_when_prepared_again_then_the_new_one_is_played(tmp_path: Path) -> None:
    sounds = tmp_path / "sounds"
    recorded(sounds / "a.wav", 400)
    library = prompts(tmp_path, sounds=sounds)
    library.prepare([Recorded(name="a")])
    before = library.resolve(Recorded(name="a"))
    recorded(sounds / "a.wav", 500)
    library.prepare([Recorded(name="a")])
    assert library.resolve(Recorded(name="a")) != before


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "a/b", "..", "", "a\x00b", "link"])
def test_given_a_name_that_leads_outside_when_prepared_then_there_is_no_such_recording_s11(tmp_path: Path, name: str) -> None:
    sounds = tmp_path / "sounds"
    sounds.mkdir()
    secret = recorded(tmp_path / "secret.wav")
    (sounds / "link.wav").symlink_to(secret)
    library = prompts(tmp_path, sounds=sounds)
    (told,) = library.prepare([Recorded(name=name)])
    assert "no such recording" in told


def test_given_a_recording_that_is_no_wav_when_prepared_then_the_start_goes_on_and_says_so(tmp_path: Path) -> None:
    sounds = tmp_path / "sounds"
    sounds.mkdir()
    (sounds / "bad.wav").write_bytes(b"ID3 this is an mp3")
    (told,) = prompts(tmp_path, sounds=sounds).prepare([Recorded(name="bad")])
    assert "recorded 'bad': bad.wav: this is no sound" in told


@pytest.mark.parametrize("ending", ["flac", "ogg", "mp3"])
def test_given_a_recording_of_another_kind_when_prepared_then_it_is_played_and_the_original_is_as_it_was(
    tmp_path: Path, ending: str
) -> None:
    file = tmp_path / "sounds" / f"welcome.{ending}"
    file.parent.mkdir()
    soundfile.write(file, 0.1 * np.sin(np.arange(44100) * 0.06), 44100)
    before = file.read_bytes()
    library = prompts(tmp_path, sounds=tmp_path / "sounds")
    welcome = Recorded(name="welcome")
    assert library.prepare([welcome]) == () and library.recordings() == {"welcome"}
    assert library.lasts(welcome) == pytest.approx(1.0, abs=0.1) and file.read_bytes() == before


def test_given_sounds_that_must_be_computed_when_prepared_then_that_is_done_elsewhere(tmp_path: Path) -> None:
    done: list[int] = []

    def elsewhere(work: Callable[[], Samples]) -> Samples:
        made = work()
        done.append(len(made))
        return made

    library = prompts(tmp_path, offload=elsewhere, sounds=tmp_path / "sounds")
    recorded(tmp_path / "sounds" / "welcome.wav")
    library.prepare([HELLO, Recorded(name="welcome")])
    assert len(done) == 3 and max(done) > 30 * 8000, "a text, a recording, and the music"


def test_given_media_when_prepared_then_their_length_is_known_and_that_of_silence_is_too(tmp_path: Path) -> None:
    library = prompts(tmp_path, sounds=tmp_path / "sounds")
    recorded(tmp_path / "sounds" / "welcome.wav", seconds=3.0)
    welcome = Recorded(name="welcome")
    library.prepare([welcome])
    assert library.lasts(welcome) == pytest.approx(3.0, abs=0.2)
    assert library.lasts(Music()) == 42.0
    missing = library.lasts(Recorded(name="nothing"))
    assert missing == read_wav(Path(library.resolve(Recorded(name="nothing"))).read_bytes()).seconds
    Path(library.resolve(welcome)).write_bytes(b"no WAV any more")
    library.prepare([welcome])
    assert library.lasts(welcome) is None


def test_given_no_music_of_the_house_when_prepared_then_there_is_ours(tmp_path: Path) -> None:
    library = prompts(tmp_path, music=tmp_path / "music")
    library.prepare([])
    assert read_wav(Path(library.resolve(Music())).read_bytes()).seconds > 30
    ours = library.resolve(Music())
    recorded(tmp_path / "music" / "default.wav")
    library.prepare([])
    assert library.resolve(Music()) != ours


def test_given_a_switch_that_sees_another_path_when_resolved_then_the_path_is_its_own(tmp_path: Path) -> None:
    library = prompts(tmp_path, seen_as="/prompts/")
    library.prepare([HELLO])
    assert library.resolve(HELLO).startswith("/prompts/speech/")
    assert library.resolve(Recorded(name="nothing")) == "/prompts/tones/silence.wav"


def test_given_a_file_that_vanished_when_prepared_now_then_it_is_made_again(tmp_path: Path) -> None:
    library = prompts(tmp_path)
    library.prepare([HELLO])
    Path(library.resolve(HELLO)).unlink()
    assert not library.is_ready(HELLO)
    library.prepare_now([HELLO])
    assert library.is_ready(HELLO)


# -- engines ---


def script(folder: Path, body: str) -> str:
    file = folder / "engine"
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(0o755)
    return str(file)


@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="espeak-ng is not installed")
@pytest.mark.parametrize("text", ["Hello, this is a test.", "--version", "-f /etc/passwd", "<speak>[[hello]]</speak>", "Grüße"])
def test_given_espeak_when_it_speaks_then_a_text_is_never_an_option(text: str) -> None:
    sound = EspeakNg(program="espeak-ng", voice="en").speak(text, "en", "", 10.0)
    assert sound.seconds > 0.2 and float(np.max(np.abs(sound.samples))) > 0.05


@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="espeak-ng is not installed")
@pytest.mark.parametrize("voice", ["nonsense", "-f/etc/passwd", "../x", "en;reboot"])
def test_given_a_voice_that_is_none_when_espeak_speaks_then_it_fails_and_says_why(voice: str) -> None:
    with pytest.raises(SpeechFailed):
        EspeakNg(program="espeak-ng").speak("Hello", "en", voice, 10.0)


def test_given_an_engine_when_it_hangs_then_it_is_given_up_at_the_deadline(tmp_path: Path) -> None:
    with pytest.raises(SpeechFailed, match=r"longer than 0\.2 s"):
        EspeakNg(program=script(tmp_path, "exec sleep 60")).speak("Hello", "en", "", 0.2)


@pytest.mark.parametrize(
    ("body", "why"), [("echo broken >&2; exit 3", "ended with 3: broken"), ("true", "no WAV"), ("echo RIFFxxxx", "no WAV")]
)
def test_given_an_engine_that_gives_no_sound_when_it_ends_then_the_failure_says_why(tmp_path: Path, body: str, why: str) -> None:
    with pytest.raises(SpeechFailed, match=why):
        EspeakNg(program=script(tmp_path, f"cat >/dev/null; {body}")).speak("Hello", "en", "", 5.0)


def test_given_a_program_that_is_gone_when_it_should_speak_then_it_fails(tmp_path: Path) -> None:
    with pytest.raises(SpeechFailed, match="does not run"):
        EspeakNg(program=str(tmp_path / "nothing")).speak("Hello", "en", "", 5.0)


def test_given_piper_when_it_speaks_then_its_file_is_read_and_the_text_came_through_stdin(tmp_path: Path) -> None:
    voice = recorded(tmp_path / "voice.wav")
    program = script(tmp_path, f'cat > {tmp_path}/said; cp {voice} "$4"; echo "$@" > {tmp_path}/arguments')
    sound = Piper(program=program, model="/voices/anna.onnx").speak("Hello $(reboot)", "en", "", 5.0)
    assert sound.seconds == 0.5
    assert (tmp_path / "said").read_text() == "Hello $(reboot)\n"
    assert (tmp_path / "arguments").read_text().startswith("--model /voices/anna.onnx --output_file /")


def test_given_the_keys_when_spoken_then_they_have_names(tmp_path: Path) -> None:
    program = script(tmp_path, f"cat >> {tmp_path}/said; exit 1")
    for language in ("en", "de-AT"):
        with pytest.raises(SpeechFailed):
            EspeakNg(program=program).speak("#", language, "", 5.0)
    assert (tmp_path / "said").read_text() == "hash\nRaute\n"


def test_given_engines_when_one_is_chosen_then_what_is_missing_is_replaced_and_loudly_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    model = tmp_path / "anna.onnx"
    model.touch()
    both = {"espeak-ng": "/bin/espeak-ng", "piper": "/bin/piper"}.get
    espeak, piper = EspeakNg(program="/bin/espeak-ng", voice="en"), Piper(program="/bin/piper", model=str(model))
    assert engines(Chosen(engine="espeak-ng", voice="en"), which=both) == (espeak,)
    assert engines(Chosen(engine="piper", voice=str(model)), which=both) == (piper, EspeakNg(program="/bin/espeak-ng"))
    assert engines(Chosen(engine="none"), which=both) == (NoSpeech(),) and not caplog.records
    (spare,) = engines(Chosen(engine="piper", voice="/no/voice"), which=both)
    assert isinstance(spare, EspeakNg) and "its voice file" in caplog.text
    assert engines(Chosen(), which=lambda cmd: None) == (NoSpeech(),) and "NO TEXT TO SPEECH" in caplog.text


def test_given_voices_by_language_when_spoken_then_each_language_has_its_own(tmp_path: Path) -> None:
    program = script(tmp_path, f'cat >/dev/null; echo "$8" >> {tmp_path}/voices; exit 1')
    espeak = EspeakNg(program=program, voice="en-us", voices={"de": "de+f3"})
    for language, voice in (("de-AT", ""), ("en", ""), ("fr", ""), ("de", "whisper")):
        with pytest.raises(SpeechFailed):
            espeak.speak("Hello", language, voice, 5.0)
    assert (tmp_path / "voices").read_text().split() == ["de+f3", "en-us", "fr", "whisper"]
    assert espeak.signature("de", "") != espeak.signature("en", "") != espeak.signature("en", "whisper")


def test_given_piper_voices_by_language_when_spoken_then_a_language_without_one_is_left_to_the_next_engine(tmp_path: Path) -> None:
    voice = recorded(tmp_path / "voice.wav")
    program = script(tmp_path, f'cat >/dev/null; cp {voice} "$4"; echo "$2" >> {tmp_path}/models')
    piper = Piper(program=program, models={"de": "/voices/anna.onnx"})
    assert piper.speak("Hallo", "de-AT", "", 5.0).seconds == 0.5
    assert (tmp_path / "models").read_text() == "/voices/anna.onnx\n"
    with pytest.raises(SpeechFailed, match="no voice for 'en'"):
        piper.speak("Hello", "en", "", 5.0)


def test_given_flite_when_it_speaks_then_the_text_is_in_a_file_and_only_english_is_taken(tmp_path: Path) -> None:
    voice = recorded(tmp_path / "voice.wav")
    program = script(tmp_path, f'cat "$4" > {tmp_path}/said; cp {voice} "$6"')
    assert Flite(program=program).speak("-o /etc/passwd", "en", "", 5.0).seconds == 0.5
    assert (tmp_path / "said").read_text() == "-o /etc/passwd\n"
    with pytest.raises(SpeechFailed, match="does not speak 'de'"):
        Flite(program=program).speak("Hallo", "de", "", 5.0)


@pytest.mark.skipif(not shutil.which("flite"), reason="flite is not installed")
def test_given_the_real_flite_when_it_speaks_then_there_is_sound() -> None:
    assert Flite(program="flite").speak("Hello there.", "en", "", 10.0).seconds > 0.3


def test_given_a_new_version_of_an_engine_when_asked_for_its_signature_then_it_is_another(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    one, two = script(old, "echo 1.50"), script(new, "echo 1.51")
    assert EspeakNg(program=one).signature("en", "") != EspeakNg(program=two).signature("en", "")
    assert version(script(tmp_path, "exit 1"), "--version").isdecimal(), "its file's age stands in, where it does not tell"
    assert version(str(tmp_path / "nothing"), "--version") == ""


@pytest.mark.skipif(not shutil.which("piper"), reason="PIPER IS NOT INSTALLED: its real program was not tried")
@pytest.mark.parametrize("text", ["Hello, this is a test.", "--help me", "Gruesse $(reboot)"])
def test_given_the_real_piper_with_a_voice_that_hums_when_it_speaks_then_the_hum_is_heard(tmp_path: Path, text: str) -> None:
    sound = Piper(program="piper", model=str(toy_voice(tmp_path / "toy.onnx"))).speak(text, "en", "", 60.0)
    power = np.abs(np.fft.rfft(sound.samples))
    assert sound.rate == 22050 and sound.seconds > 0.2
    assert float(np.argmax(power)) * sound.rate / len(sound.samples) == pytest.approx(440, abs=5)


def test_given_no_engine_at_all_when_prepared_then_callers_hear_notes_and_the_start_goes_on(tmp_path: Path) -> None:
    library = Prompts(cache=tmp_path / "cache", engine=NoSpeech())
    assert library.prepare([HELLO]) == ()
    assert read_wav(Path(library.resolve(HELLO)).read_bytes()).samples.any()
