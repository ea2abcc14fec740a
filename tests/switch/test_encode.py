"""Every command under hostile words (FAULTS.md S04, S06, S07): refused whole, or written as exactly what was meant."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.core import commands as c
from acd.core.media import Media, Music, Recorded, Tone
from acd.switch import encode
from acd.switch.commands_to import Dialect, encoded
from acd.switch.encode import Unencodable
from acd.words import HeardBy, LegId, PhoneId, PlayId, RecordingId

LEG = LegId("fs1/11111111-2222-4333-8444-555555555555")
UUID = "11111111-2222-4333-8444-555555555555"


def resolve(media: Media) -> str:
    return f"/prompts/{media.name}.wav" if isinstance(media, Recorded) else "tone_stream://%(250,0,440)"


DIALECT = Dialect(resolve=resolve, recordings="/var/rec", talks="/var/talks")
TAPE = RecordingId("c1.e1.r1")


def written(command: c.Command, dialect: Dialect = DIALECT) -> list[str]:
    return [request.text.decode() for request in encoded(command, dialect)]


def a_ring(**other: object) -> c.Ring:
    given: dict[str, object] = {
        "leg": LEG,
        "phone": PhoneId("1001"),
        "timeout_s": 20,
        "caller_number": "+4930",
        "caller_name": "",
        "marks": {},
    }
    return c.Ring(**(given | other))  # type: ignore[arg-type]


def a_call_out(**other: object) -> c.CallOut:
    given: dict[str, object] = {"leg": LEG, "trunk": "main", "number": "+4930123", "timeout_s": 30}
    return c.CallOut(**(given | other))  # type: ignore[arg-type]


def execute(app: str, arg: str, play: str) -> str:
    head = f"sendmsg {UUID}\ncall-command: execute\nexecute-app-name: {app}\n"
    return f"{head}execute-app-arg: {arg}\nevent-uuid: {play}\nevent-lock: true\n\n"


def bound(key: str) -> str:
    arg = f"acd,{key},exec[i]:set,acd_key={key}"
    head = f"sendmsg {UUID}\ncall-command: execute\nexecute-app-name: bind_digit_action\n"
    return f"{head}execute-app-arg: {arg}\nevent-lock: true\n\n"


def listening(word: str) -> str:
    return f"sendevent COMMAND\nUnique-ID: {UUID}\neavesdrop-command: {word}\n\n"


BREAK = f"api uuid_break {UUID} all\n\n"
DIALLED = (
    "{originate_timeout=30,ignore_early_media=false,outbound_redirect_fatal=true,"
    "origination_caller_id_number=+49301,origination_caller_id_name='Ada B.'}"
)
CALLER = "park_after_bridge=true;uuid_bridge_park_on_cancel=true;continue_on_fail=true;playback_terminators=none"


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (
            c.Arm(leg=LEG, after_s=29.6),
            [
                f"api uuid_setvar_multi {UUID} {CALLER}\n\n",
                f"api sched_del {UUID}\n\n",
                f"api sched_transfer +30 {UUID} unattended XML failsafe\n\n",
            ],
        ),
        (c.Disarm(leg=LEG), [f"api sched_del {UUID}\n\n"]),
        (c.Mark(leg=LEG, values={"call": "c-1", "queue": "s"}), [f"api uuid_setvar_multi {UUID} acd_call=c-1;acd_queue=s\n\n"]),
        (c.Mark(leg=LEG, values={}), []),
        (c.Answer(leg=LEG), [f"api uuid_answer {UUID}\n\n"]),
        (c.Ringback(leg=LEG), [f"sendmsg {UUID}\ncall-command: execute\nexecute-app-name: ring_ready\n\n"]),
        (
            c.Play(leg=LEG, play=PlayId("p.1"), media=(Recorded(name="a"), Recorded(name="b"))),
            [BREAK, execute("playback", "file_string:///prompts/a.wav!/prompts/b.wav", "p.1")],
        ),
        (
            c.Play(leg=LEG, play=PlayId("p.1"), media=(Tone(name="beep"),)),
            [BREAK, execute("playback", "tone_stream://%(250,0,440)", "p.1")],
        ),
        (c.StopPlay(leg=LEG), [BREAK]),
        (
            c.Signal(leg=LEG, tone="no"),
            [f"sendmsg {UUID}\ncall-command: execute\nexecute-app-name: playback\nexecute-app-arg: tone_stream://%(250,0,440)\n\n"],
        ),
        (c.Keep(leg=LEG), [f"api uuid_setvar_multi {UUID} park_after_bridge=true;hangup_after_bridge=false\n\n"]),
        (c.Separate(leg=LEG), [f"api uuid_transfer {UUID} -both park inline\n\n"]),
        (
            c.ListenIn(leg=LEG, play=PlayId("m1.1"), to=LegId("fs1/b"), heard_by=HeardBy.TARGET, keys="1*"),
            [
                f"api uuid_break {UUID} all\n\n",
                f"api uuid_setvar_multi {UUID} eavesdrop_enable_dtmf=false;eavesdrop_whisper_bleg=true;"
                "eavesdrop_whisper_aleg=false\n\n",
                bound("1"),
                bound("*"),
                execute("eavesdrop", "b", "m1.1"),
            ],
        ),
        (c.SpeakTo(leg=LEG, heard_by=HeardBy.NOBODY), [listening("0")]),
        (c.SpeakTo(leg=LEG, heard_by=HeardBy.OTHER), [listening("1")]),
        (c.SpeakTo(leg=LEG, heard_by=HeardBy.TARGET), [listening("2")]),
        (c.SpeakTo(leg=LEG, heard_by=HeardBy.BOTH), [listening("3")]),
        (c.StopListening(leg=LEG), [listening("*")]),
        (
            c.Notice(leg=LEG),
            [f"sendmsg {UUID}\ncall-command: execute\nexecute-app-name: playback\nexecute-app-arg: tone_stream://%(250,0,440)\n\n"],
        ),
        (
            a_call_out(caller_number="+49301", detect_s=60),
            [
                f"bgapi originate {{origination_uuid={UUID},originate_timeout=30,ignore_early_media=true,outbound_redirect_fatal=true,"
                "origination_caller_id_number=+49301,origination_caller_id_name='+49301',"
                "execute_on_tone_detect='set acd_heard=fax',execute_on_answer_1='tone_detect acd_fax 2100 r +60 3',"
                "execute_on_answer_2='avmd_start detectors_n=4,detectors_lagged_n=2'}"
                f"sofia/gateway/main/+4930123 &park()\nJob-UUID: {UUID}\n\n"
            ],
        ),
        (c.DetectNoMore(leg=LEG), [f"api avmd {UUID} stop\n\n"]),
        (
            c.ThreeWay(leg=LEG, play=PlayId("w1"), to=LegId("fs1/b")),
            [f"api uuid_break {UUID} all\n\n", execute("three_way", "b", "w1")],
        ),
        (
            c.StartRecording(leg=LEG, recording=TAPE, max_s=3600),
            [
                f"api uuid_setvar_multi {UUID} RECORD_STEREO=true;record_sample_rate=8000\n\n",
                f"api uuid_setvar {UUID} record_completion_cause\n\n",
                f"api uuid_record {UUID} start /var/talks/c1/c1.e1.r1.wav 3600\n\n",
            ],
        ),
        (c.StopRecording(leg=LEG, recording=TAPE), [f"api uuid_record {UUID} stop /var/talks/c1/c1.e1.r1.wav\n\n"]),
        (c.MaskRecording(leg=LEG, recording=TAPE), [f"api uuid_record {UUID} mask /var/talks/c1/c1.e1.r1.wav\n\n"]),
        (c.UnmaskRecording(leg=LEG, recording=TAPE), [f"api uuid_record {UUID} unmask /var/talks/c1/c1.e1.r1.wav\n\n"]),
        (
            c.Record(leg=LEG, play=PlayId("r-1"), max_s=60, silence_s=5),
            [f"api uuid_setvar {UUID} record_ms\n\n", BREAK, execute("record", "/var/rec/r-1.wav 60 200 5", "r-1")],
        ),
        (
            c.Dial(
                leg=LEG,
                play=PlayId("d1"),
                trunk="main",
                number="+4930123",
                timeout_s=30,
                caller_number="+49301",
                caller_name="Ada B.",
            ),  # fmt: skip
            [
                f"api uuid_setvar {UUID} originate_disposition\n\n",
                f"api uuid_setvar {UUID} bridge_hangup_cause\n\n",
                BREAK,
                execute("bridge", f"{DIALLED}sofia/gateway/main/+4930123", "d1"),
            ],
        ),
        (
            a_call_out(caller_number="+49301", marks={"out": "o1"}),
            [
                f"bgapi originate {{origination_uuid={UUID},originate_timeout=30,ignore_early_media=true,outbound_redirect_fatal=true,"
                "origination_caller_id_number=+49301,origination_caller_id_name='+49301',acd_out=o1}"
                f"sofia/gateway/main/+4930123 &park()\nJob-UUID: {UUID}\n\n"
            ],
        ),
        (
            c.Bridge(leg=LEG, other=LegId("fs1/b")),
            ["api uuid_setvar b hold_music tone_stream://%(250,0,440)\n\n", f"api uuid_bridge {UUID} b\n\n"],
        ),
        (c.HangUp(leg=LEG, cause="USER_BUSY"), [f"api uuid_kill {UUID} USER_BUSY\n\n"]),
        (
            c.Dismiss(leg=LEG),
            [
                BREAK,
                f"sendmsg {UUID}\ncall-command: execute\nexecute-app-name: playback\n"
                "execute-app-arg: tone_stream://%(250,0,440)\nevent-lock: true\n\n",
                f"sendmsg {UUID}\ncall-command: execute\nexecute-app-name: hangup\nexecute-app-arg: NORMAL_CLEARING\n\n",
                f"api sched_hangup +3 {UUID} NORMAL_CLEARING\n\n",
            ],
        ),
        (
            a_ring(caller_name="Bob Smith", marks={"call": "c1", "offer": "o1"}),
            [
                f"bgapi originate {{origination_uuid={UUID},originate_timeout=20,ignore_early_media=true,"
                "hangup_after_bridge=true,outbound_redirect_fatal=true,origination_caller_id_number=+4930,"
                "origination_caller_id_name='Bob Smith',acd_call=c1,acd_offer=o1}sofia/agents/1001%acd &park()\n"
                f"Job-UUID: {UUID}\n\n"
            ],
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, c.Command) else "",
)
def test_given_a_command_when_encoded_then_it_is_what_the_switch_reads(command: c.Command, expected: list[str]) -> None:
    assert written(command) == expected


HOSTILE = [
    "1\n\napi system id", "1\r", "a b", "a,b=c", "a'b", "{x=y}", "[x]", "a|b", "&system(id)", "${system id}",
    "%[x]", "a;b", "a\\b",
    "\x00", "\x85", "\u2028", "", "../x", "a/../../b", "^^:x", "a:_:b", "ü", "٣", "x" * 300, "@host;fs_path=sip:evil", "\ud800",
]  # fmt: skip


def play_of(text: str) -> c.Command:
    return c.Play(leg=LEG, play=PlayId(text), media=(Tone(name="beep"),))


MAKERS: dict[str, Callable[[str], c.Command]] = {
    "leg": lambda text: c.Disarm(leg=LegId(f"fs1/{text}")),
    "other": lambda text: c.Bridge(leg=LEG, other=LegId(f"fs1/{text}")),
    "phone": lambda text: a_ring(phone=PhoneId(text)),
    "ring": lambda text: a_ring(leg=LegId(f"fs1/{text}")),
    "trunk": lambda text: c.Dial(leg=LEG, play=PlayId("p"), trunk=text, number="1", timeout_s=1),
    "number": lambda text: c.Dial(leg=LEG, play=PlayId("p"), trunk="t", number=text, timeout_s=1),
    "leg to outside": lambda text: a_call_out(leg=LegId(f"fs1/{text}")),
    "its trunk": lambda text: a_call_out(trunk=text),
    "its number": lambda text: a_call_out(number=text),
    "its mark": lambda text: a_call_out(marks={"out": text + ",x"}),
    "play": play_of,
    "record": lambda text: c.Record(leg=LEG, play=PlayId(text), max_s=1, silence_s=1),
    "cause": lambda text: c.HangUp(leg=LEG, cause=text),
    "mark key": lambda text: c.Mark(leg=LEG, values={text: "1"}),
    "mark value": lambda text: c.Mark(leg=LEG, values={"call": text + ";x"}),
    "listener": lambda text: c.ListenIn(leg=LegId(f"fs1/{text}"), play=PlayId("m"), to=LegId("fs1/b")),
    "listened to": lambda text: c.ListenIn(leg=LEG, play=PlayId("m"), to=LegId(f"fs1/{text}")),
    "keys": lambda text: c.ListenIn(leg=LEG, play=PlayId("m"), to=LegId("fs1/b"), keys=text + "x"),
    "third": lambda text: c.ThreeWay(leg=LEG, play=PlayId("m"), to=LegId(f"fs1/{text}")),
    "speaker": lambda text: c.SpeakTo(leg=LegId(f"fs1/{text}"), heard_by=HeardBy.BOTH),
    "tape": lambda text: c.StartRecording(leg=LEG, recording=RecordingId(text), max_s=1),
    "masked tape": lambda text: c.MaskRecording(leg=LEG, recording=RecordingId(text)),
    "ring mark": lambda text: a_ring(marks={"call": text + ",x"}),
}
LINE = re.compile(
    r"(api|bgapi|sendmsg|sendevent|Unique-ID:|eavesdrop-command:|call-command:|execute-app-name:|execute-app-arg:|event-uuid:"
    r"|event-lock:|Job-UUID:) "
)


@pytest.mark.parametrize("where", MAKERS)
@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_S04_S06_given_a_hostile_word_when_encoded_then_the_command_is_refused(where: str, text: str) -> None:
    if where == "play" and text == "../x":
        text = "/x"
    with pytest.raises(Unencodable):
        encoded(MAKERS[where](text), DIALECT)


def assert_harmless(command: c.Command, dialect: Dialect = DIALECT) -> None:
    try:
        requests = encoded(command, dialect)
    except Unencodable:
        return
    for request in requests:
        text = request.text.decode()
        assert text.endswith("\n\n") and "\n\n" not in text[:-2]
        assert all(LINE.match(line) for line in text[:-2].split("\n"))
        assert not re.search('[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029$\\\\"`<>^|]', text)
        assert "%[" not in text


@given(st.sampled_from(sorted(MAKERS)), st.text(max_size=80))
def test_S04_given_any_word_when_encoded_then_refused_or_harmless(where: str, text: str) -> None:
    assert_harmless(MAKERS[where](text))


@given(st.text(max_size=60), st.text(max_size=60))
def test_S06_given_any_caller_when_rung_then_only_plain_names_and_numbers_go_out(name: str, number: str) -> None:
    (request,) = encoded(a_ring(caller_name=name, caller_number=number), DIALECT)
    text = request.text.decode()
    assert_harmless(a_ring(caller_name=name, caller_number=number))
    variables = text.partition("{")[2].partition("}")[0].split(",")
    assert all(re.fullmatch(r"[a-z_]+=('[A-Za-z0-9 .-]+'|[A-Za-z0-9_.:+@-]+)", each) for each in variables)
    assert ("origination_caller_id_number" in text) == bool(re.fullmatch(r"\+?[0-9]{1,20}", number))


@given(st.text(max_size=60))
def test_S07_given_any_path_when_played_then_refused_or_harmless(path: str) -> None:
    assert_harmless(c.Play(leg=LEG, play=PlayId("p"), media=(Music(name="m"), Music(name="n"))), Dialect(resolve=lambda _media: path))


@given(st.text(max_size=200))
def test_given_any_line_when_encoded_then_it_is_one_line(text: str) -> None:
    try:
        line = encode.line(text)
    except Unencodable:
        return
    assert len(line.splitlines()) <= 1 and len(line.decode().splitlines()) <= 1


@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf"), 1e9])
def test_given_seconds_that_are_none_when_encoded_then_refused(value: float) -> None:
    with pytest.raises(Unencodable):
        encoded(c.Arm(leg=LEG, after_s=value), DIALECT)


@pytest.mark.parametrize("odd", ["", "anonymous", "+49,x", "49}sofia/gateway/other/900", "'", "${x}", "1\n2"])
def test_given_a_caller_whose_number_is_none_when_they_are_put_through_to_outside_then_nothing_of_it_is_shown_s06(odd: str) -> None:
    command = c.Dial(
        leg=LEG, play=PlayId("d"), trunk="main", number="1", timeout_s=30, caller_number=odd, caller_name=odd
    )  # fmt: skip
    text = b"".join(request.text for request in encoded(command, DIALECT)).decode()
    shown = odd if odd == "anonymous" else "anonymous"
    assert f"origination_caller_id_number=anonymous,origination_caller_id_name='{shown}'}}sofia/gateway/main/1\n" in text
