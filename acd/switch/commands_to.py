"""Our commands to the switch's words. PURE; with events_from the only file that knows them.

Order matters to the switch in two places. What plays is broken off before the next thing is started: a ``sendmsg``
that reaches a running playback is run *inside* it, and what played goes on afterwards (unless that one was sent
with an event lock, as ours are: then it waits). ``uuid_break … all`` also throws away what still waits to be run,
so an answer must not be a ``sendmsg``: it is ``uuid_answer``, which acts at once.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from acd.core import commands as c
from acd.core.events import LOST, BridgeFailed, Event, LegEnded, PlayEnded, RecordingEnded
from acd.core.media import Kept, Media, Music, Tone
from acd.switch import encode
from acd.switch.events_from import HEARD, KEY
from acd.words import HeardBy, MachineTone, uuid_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What of a command is the installation's and not the core's. All of it comes from configuration."""

    resolve: Callable[[Media], str]
    """A medium as the switch finds it: a path, ``local_stream://name`` or ``tone_stream://...``."""
    lasts: Callable[[Media], float | None] = lambda medium: None
    """The seconds that a medium plays, where somebody knows."""
    recordings: str = "/var/lib/acd/recordings"
    """The folder, as the switch sees it, into which callers are recorded."""
    talks: str = "/var/lib/acd/talks"
    """The folder, as the switch sees it, for recordings of talks."""
    profile: str = "agents"
    domain: str = "acd"
    failsafe: tuple[str, str, str] = ("unattended", "XML", "failsafe")
    """Extension, dialplan and context to which the dead man's switch takes a caller."""
    record_threshold: int = 200
    hears: frozenset[MachineTone] = frozenset(MachineTone)
    """The tones of machines for which the switch has what hears them. A leg that is told to listen by what is not there, it ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One thing to write. ``command`` is what it was for, so that an error answered to it can be told to the core."""

    text: bytes
    command: c.Command
    essential: bool = True
    """Whether an error answered to it says anything: breaking off what does not play is no error."""


CALLER_VARIABLES = "park_after_bridge=true;uuid_bridge_park_on_cancel=true;continue_on_fail=true;playback_terminators=none"
"""An agent's phone that dies, also in the moment before the two are joined, gives the caller back; a trunk that refuses, too;
digits are ours to judge, not a playback's end.
"""
KEPT = "park_after_bridge=true;hangup_after_bridge=false"
"""An agent's leg that is moved from one to the other, and outlives whom it was joined to."""
ANONYMOUS = "anonymous"
"""The number of somebody who shows none."""
GONE = Tone(name="gone")
NOTICE = Tone(name="beep")
MUSIC_REPEATS = 8
"""So often in one command: the switch's own endless applications cannot be broken off. At its end the core asks again."""


def encoded(command: c.Command, dialect: Dialect) -> list[Request]:
    """What to write for a command, in order. Raises Unencodable; then nothing of it may be written."""
    return [Request(text=text, command=command, essential=essential) for text, essential in _ENCODERS[type(command)](command, dialect)]


def failure(command: c.Command, why: str, at: float) -> Event | None:
    """What the core must hear when the switch (or the encoder) refused a command; None where the leg's own end will say it."""
    if isinstance(command, c.Bridge):
        return BridgeFailed(at=at, leg=command.leg, other=command.other, why=why)
    if isinstance(command, c.Ring | c.CallOut):
        return LegEnded(at=at, leg=command.leg, cause=why)
    if isinstance(command, c.StartRecording):
        return RecordingEnded(at=at, leg=command.leg, recording=command.recording, why=why)
    if isinstance(command, c.MaskRecording | c.UnmaskRecording) and why not in _NOT_ASKED:
        return RecordingEnded(at=at, leg=command.leg, recording=command.recording, why=LOST)
    if isinstance(command, c.ListenIn | c.ThreeWay):
        return PlayEnded(at=at, leg=command.leg, play=command.play, result=why)
    return None


_NOT_ASKED = frozenset({"NODE_DOWN", "UNENCODABLE"})
"""Why a command did not reach the switch: it says nothing about what runs there."""


_GONE = ("-ERR No such channel", "-ERR invalid session id", "-ERR Invalid uuid", "-ERR Cannot locate session")


def says_gone(answer: str) -> bool:
    """Whether the switch refused because it has no such leg (any more): an ordinary race, no fault."""
    return answer.startswith(_GONE)


_Lines = Iterable[tuple[bytes, bool]]


def api(text: str, *, background: str | None = None) -> bytes:
    if background is None:
        return encode.line(f"api {text}") + b"\n\n"
    return encode.line(f"bgapi {text}") + b"\n" + encode.line(f"Job-UUID: {background}") + b"\n\n"


def _execute(uuid: str, app: str, arg: str = "", *, play: str = "", alone: bool = True) -> bytes:
    """``alone``: what is sent next waits until this one is over."""
    lines = [f"sendmsg {uuid}", "call-command: execute", f"execute-app-name: {app}"]
    if arg:
        lines.append(f"execute-app-arg: {arg}")
    if play:
        lines.append(f"event-uuid: {play}")
    if alone:
        lines.append("event-lock: true")
    return b"\n".join(encode.line(each) for each in lines) + b"\n\n"


def _break(uuid: str) -> tuple[bytes, bool]:
    return api(f"uuid_break {uuid} all"), False


def _unset(uuid: str, variable: str) -> tuple[bytes, bool]:
    """What stands there is of the one before; whoever asks whether this one is over must not find it."""
    return api(f"uuid_setvar {uuid} {variable}"), False


def _arm(command: c.Arm, dialect: Dialect) -> _Lines:
    uuid, after = encode.uuid(uuid_of(command.leg)), encode.seconds(command.after_s)
    where = " ".join(encode.phone(word) for word in dialect.failsafe)
    yield api(f"uuid_setvar_multi {uuid} {CALLER_VARIABLES}"), True
    yield api(f"sched_del {uuid}"), False
    yield api(f"sched_transfer +{after} {uuid} {where}"), True


def _disarm(command: c.Disarm, dialect: Dialect) -> _Lines:
    yield api(f"sched_del {encode.uuid(uuid_of(command.leg))}"), False


def _mark(command: c.Mark, dialect: Dialect) -> _Lines:
    if command.values:
        yield api(f"uuid_setvar_multi {encode.uuid(uuid_of(command.leg))} {encode.marks(command.values, between=';')}"), True


def _answer(command: c.Answer, dialect: Dialect) -> _Lines:
    yield api(f"uuid_answer {encode.uuid(uuid_of(command.leg))}"), True


def _ringback(command: c.Ringback, dialect: Dialect) -> _Lines:
    """180 to a caller who is not answered yet; the switch says it once and does nothing for one who is."""
    yield _execute(encode.uuid(uuid_of(command.leg)), "ring_ready", alone=False), True


def lasts(command: c.Play, dialect: Dialect) -> float | None:
    """The seconds from its beginning to its end; None when nobody knows."""
    parts = [dialect.lasts(medium) for medium in command.media]
    known = [part for part in parts if part is not None]
    return sum(known) * _repeats(command) if len(known) == len(parts) else None


def _repeats(command: c.Play) -> int:
    return MUSIC_REPEATS if any(isinstance(medium, Music) for medium in command.media) else 1


def _play(command: c.Play, dialect: Dialect) -> _Lines:
    uuid = encode.uuid(uuid_of(command.leg))
    files = [encode.media(_file(medium, dialect)) for medium in command.media] * _repeats(command)
    if not files:
        raise encode.Unencodable("a Play without media")
    what = files[0] if len(files) == 1 else "file_string://" + "!".join(files)
    yield _break(uuid)
    yield _execute(uuid, "playback", what, play=encode.play(command.play)), True


def _file(medium: Media, dialect: Dialect) -> str:
    return _recording(medium.name, dialect) if isinstance(medium, Kept) else dialect.resolve(medium)


def _recording(play: str, dialect: Dialect) -> str:
    """Where a caller's recording stands: named by an id of ours, and by nothing else."""
    path = encode.media(f"{dialect.recordings}/{encode.play(play)}.wav")
    if ".." in play or " " in path:  # the application splits its arguments at spaces
        raise encode.Unencodable(f"recording path {path[:80]!a} refused: no space and no '..'")
    return path


def _stop(command: c.StopPlay, dialect: Dialect) -> _Lines:
    yield _break(encode.uuid(uuid_of(command.leg)))


def _record(command: c.Record, dialect: Dialect) -> _Lines:
    uuid, play = encode.uuid(uuid_of(command.leg)), encode.play(command.play)
    path = _recording(play, dialect)
    limits = f"{encode.seconds(command.max_s)} {dialect.record_threshold:d} {encode.seconds(command.silence_s)}"
    yield _unset(uuid, "record_ms")
    yield _break(uuid)
    yield _execute(uuid, "record", f"{path} {limits}", play=play), True


def _dial(command: c.Dial, dialect: Dialect) -> _Lines:
    uuid, play = encode.uuid(uuid_of(command.leg)), encode.play(command.play)
    where = f"sofia/gateway/{encode.phone(command.trunk)}/{encode.number(command.number)}"
    number = encode.shown_number(command.caller_number) or ANONYMOUS
    name = encode.shown_name(command.caller_name) or number
    variables = (
        f"{{originate_timeout={encode.seconds(command.timeout_s)},ignore_early_media=false,outbound_redirect_fatal=true,"
        f"origination_caller_id_number={number},origination_caller_id_name='{name}'}}"
    )
    for variable in ("originate_disposition", "bridge_hangup_cause"):
        yield _unset(uuid, variable)
    yield _break(uuid)
    yield _execute(uuid, "bridge", variables + where, play=play), True


FAX_HZ, FAX_HITS = 2100, 3
"""Half a second lies between two hits: the tone must last."""
BEEP_DETECTORS = "detectors_n=4,detectors_lagged_n=2"
"""Each is a thread of the leg's own; by itself the switch begins 37."""


def _detecting(most_s: int, dialect: Dialect) -> list[str]:
    """Begun by the switch itself at the answer: what is asked of a leg then waits for what plays, or is thrown away by what breaks
    it off. The fax is told by a variable that is set there and then, for the event of its tone does not say of which leg it is.
    """
    told: list[str] = []
    if MachineTone.FAX in dialect.hears:
        told.append(f"execute_on_tone_detect='set {HEARD}={MachineTone.FAX}'")
        told.append(f"execute_on_answer_1='tone_detect acd_fax {FAX_HZ} r +{encode.seconds(most_s)} {FAX_HITS}'")
    if MachineTone.BEEP in dialect.hears:
        told.append(f"execute_on_answer_2='avmd_start {BEEP_DETECTORS}'")
    return told


EARS = {MachineTone.FAX: "tone_detect", MachineTone.BEEP: "avmd_start"}
"""The applications that hear them."""


def ears_asked() -> dict[MachineTone, str]:
    """What to ask a switch; ``has_ear`` reads the answer."""
    return {tone: f"show application {ear}" for tone, ear in EARS.items()}


def has_ear(tone: MachineTone, answer: str) -> bool:
    return f"{EARS[tone]}," in answer


def _call_out(command: c.CallOut, dialect: Dialect) -> _Lines:
    """What the far end plays before it answers is heard by nobody and means nothing; a redirection is never followed."""
    uuid = encode.uuid(uuid_of(command.leg))
    number = encode.shown_number(command.caller_number) or ANONYMOUS
    variables = [
        f"origination_uuid={uuid}",
        f"originate_timeout={encode.seconds(command.timeout_s)}",
        "ignore_early_media=true",
        "outbound_redirect_fatal=true",
        f"origination_caller_id_number={number}",
        f"origination_caller_id_name='{encode.shown_name(command.caller_name) or number}'",
    ]
    if command.marks:
        variables.append(encode.marks(command.marks, between=","))
    if command.detect_s is not None:
        variables += _detecting(command.detect_s, dialect)
    where = f"sofia/gateway/{encode.phone(command.trunk)}/{encode.number(command.number)}"
    yield api(f"originate {{{','.join(variables)}}}{where} &park()", background=uuid), True


def _ring(command: c.Ring, dialect: Dialect) -> _Lines:
    uuid = encode.uuid(uuid_of(command.leg))
    name, number = encode.shown_name(command.caller_name), encode.shown_number(command.caller_number)
    variables = [
        f"origination_uuid={uuid}",
        f"originate_timeout={encode.seconds(command.timeout_s)}",
        "ignore_early_media=true",
        "hangup_after_bridge=true",
        "outbound_redirect_fatal=true",
    ]
    if number:
        variables.append(f"origination_caller_id_number={number}")
    if name:
        variables.append(f"origination_caller_id_name='{name}'")
    if command.marks:
        variables.append(encode.marks(command.marks, between=","))
    where = f"sofia/{encode.phone(dialect.profile)}/{encode.phone(command.phone)}%{encode.phone(dialect.domain)}"
    yield api(f"originate {{{','.join(variables)}}}{where} &park()", background=uuid), True


def _bridge(command: c.Bridge, dialect: Dialect) -> _Lines:
    """An agent who presses hold leaves the caller with music: the switch has none of its own."""
    one, other = encode.uuid(uuid_of(command.leg)), encode.uuid(uuid_of(command.other))
    yield api(f"uuid_setvar {other} hold_music {encode.media(dialect.resolve(Music()))}"), False
    yield api(f"uuid_bridge {one} {other}"), True


def _signal(command: c.Signal, dialect: Dialect) -> _Lines:
    """Run inside whatever the leg is in: a bridge goes on after it."""
    tone = encode.media(dialect.resolve(Tone(name=command.tone)))
    yield _execute(encode.uuid(uuid_of(command.leg)), "playback", tone, alone=False), False


def _keep(command: c.Keep, dialect: Dialect) -> _Lines:
    yield api(f"uuid_setvar_multi {encode.uuid(uuid_of(command.leg))} {KEPT}"), True


def _separate(command: c.Separate, dialect: Dialect) -> _Lines:
    """By a transfer: ``uuid_park`` of a leg that parks already leaves it standing for ever, deaf to everything."""
    yield api(f"uuid_transfer {encode.uuid(uuid_of(command.leg))} -both park inline"), True


def _listen_in(command: c.ListenIn, dialect: Dialect) -> _Lines:
    """The switch's own keys are off: they would let somebody speak who may only listen. Ours are variables that are set."""
    uuid, to = encode.uuid(uuid_of(command.leg)), encode.uuid(uuid_of(command.to))
    target = "true" if command.heard_by in (HeardBy.TARGET, HeardBy.BOTH) else "false"
    other = "true" if command.heard_by in (HeardBy.OTHER, HeardBy.BOTH) else "false"
    settings = f"eavesdrop_enable_dtmf=false;eavesdrop_whisper_bleg={target};eavesdrop_whisper_aleg={other}"
    yield _break(uuid)
    yield api(f"uuid_setvar_multi {uuid} {settings}"), True
    for key in encode.keys(command.keys):
        yield _execute(uuid, "bind_digit_action", f"acd,{key},exec[i]:set,{KEY}={key}"), True
    yield _execute(uuid, "eavesdrop", to, play=encode.play(command.play)), True


_HEARD_BY = {HeardBy.NOBODY: "0", HeardBy.OTHER: "1", HeardBy.TARGET: "2", HeardBy.BOTH: "3"}
"""What an eavesdropping leg understands while it does so; ``*`` is the end."""


def _listening_command(command: c.Command, word: str) -> tuple[bytes, bool]:
    lines = ["sendevent COMMAND", f"Unique-ID: {encode.uuid(uuid_of(command.leg))}", f"eavesdrop-command: {word}"]
    return b"\n".join(encode.line(each) for each in lines) + b"\n\n", True


def _speak_to(command: c.SpeakTo, dialect: Dialect) -> _Lines:
    yield _listening_command(command, _HEARD_BY[command.heard_by])


def _stop_listening(command: c.StopListening, dialect: Dialect) -> _Lines:
    yield _listening_command(command, "*")


def _three_way(command: c.ThreeWay, dialect: Dialect) -> _Lines:
    uuid, to = encode.uuid(uuid_of(command.leg)), encode.uuid(uuid_of(command.to))
    yield _break(uuid)
    yield _execute(uuid, "three_way", to, play=encode.play(command.play)), True


def _detect_no_more(command: c.DetectNoMore, dialect: Dialect) -> _Lines:
    """The ear for faxes closes by itself."""
    if MachineTone.BEEP in dialect.hears:
        yield api(f"avmd {encode.uuid(uuid_of(command.leg))} stop"), False


def _notice(command: c.Notice, dialect: Dialect) -> _Lines:
    yield _execute(encode.uuid(uuid_of(command.leg)), "playback", encode.media(dialect.resolve(NOTICE)), alone=False), False


def _talk(recording: str, dialect: Dialect) -> str:
    """Where a talk's recording stands: named by an id of ours, spread over folders by its first letters."""
    path = encode.media(f"{dialect.talks}/{encode.play(recording)[:2]}/{recording}.wav")
    if ".." in recording or " " in path:
        raise encode.Unencodable(f"recording path {path[:80]!a} refused: no space and no '..'")
    return path


def _start_recording(command: c.StartRecording, dialect: Dialect) -> _Lines:
    uuid, path = encode.uuid(uuid_of(command.leg)), _talk(command.recording, dialect)
    yield api(f"uuid_setvar_multi {uuid} RECORD_STEREO=true;record_sample_rate=8000"), True
    yield _unset(uuid, "record_completion_cause")
    yield api(f"uuid_record {uuid} start {path} {encode.seconds(command.max_s)}"), True


def _on_tape(word: str) -> Callable[..., _Lines]:
    def lines(command: c.StopRecording | c.MaskRecording | c.UnmaskRecording, dialect: Dialect) -> _Lines:
        path = _talk(command.recording, dialect)
        yield api(f"uuid_record {encode.uuid(uuid_of(command.leg))} {word} {path}"), word != "stop"

    return lines


def _hang_up(command: c.HangUp, dialect: Dialect) -> _Lines:
    yield api(f"uuid_kill {encode.uuid(uuid_of(command.leg))} {encode.cause(command.cause)}"), True


def _dismiss(command: c.Dismiss, dialect: Dialect) -> _Lines:
    uuid = encode.uuid(uuid_of(command.leg))
    yield _break(uuid)
    yield _execute(uuid, "playback", encode.media(dialect.resolve(GONE))), True
    yield _execute(uuid, "hangup", "NORMAL_CLEARING", alone=False), True
    yield api(f"sched_hangup +{_DISMISSED_WITHIN_S} {uuid} NORMAL_CLEARING"), False


_DISMISSED_WITHIN_S = 3
"""A leg whose caller died while the two were being joined stands still and runs nothing any more: it is ended all the same."""


_ENCODERS: dict[type[c.Command], Callable[..., _Lines]] = {
    c.Arm: _arm,
    c.Disarm: _disarm,
    c.Mark: _mark,
    c.Answer: _answer,
    c.Ringback: _ringback,
    c.Play: _play,
    c.StopPlay: _stop,
    c.Record: _record,
    c.Dial: _dial,
    c.CallOut: _call_out,
    c.Ring: _ring,
    c.Bridge: _bridge,
    c.Signal: _signal,
    c.Keep: _keep,
    c.Separate: _separate,
    c.ListenIn: _listen_in,
    c.SpeakTo: _speak_to,
    c.StopListening: _stop_listening,
    c.ThreeWay: _three_way,
    c.Notice: _notice,
    c.DetectNoMore: _detect_no_more,
    c.StartRecording: _start_recording,
    c.StopRecording: _on_tape("stop"),
    c.MaskRecording: _on_tape("mask"),
    c.UnmaskRecording: _on_tape("unmask"),
    c.HangUp: _hang_up,
    c.Dismiss: _dismiss,
}
