"""Binds a SIP call and its media to a session: signalling becomes marks, variables and events of the channel.

Callbacks of SIP and media come in their greenlets; they only note, fire and wake, and never wait.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from softswitch import causes, detecting
from softswitch.described import send_as_described
from softswitch.media import MediaSession, RecordingEnd
from softswitch.patience import Patience
from softswitch.sip import Call, End, sdp
from softswitch.sip.incoming import IncomingCall

if TYPE_CHECKING:
    from softswitch.session import Session

_Q850 = re.compile(r"\bQ\.850\b.*?;\s*cause\s*=\s*(\d+)", re.IGNORECASE)


class Leg:
    def __init__(self, *, call: Call, media: MediaSession) -> None:
        self.call = call
        self._incoming = call if isinstance(call, IncomingCall) else None
        self.media = media
        self.ended_plays: set[int] = set()
        self.ended_records: dict[Path, RecordingEnd] = {}
        self.background_records: set[Path] = set()
        self._session: Session | None = None
        self._audio: sdp.Audio | None = None

    @property
    def session(self) -> "Session":
        if self._session is None:
            raise RuntimeError("this leg was not attached to a session")
        return self._session

    def attach(self, session: "Session") -> None:
        self._session = session
        self.media.on_digit = lambda digit: session.press(digit, "RTP")
        self.media.on_play_done = self._play_done
        self.media.on_record_done = self._record_done
        self.media.on_machine = lambda word: detecting.heard(session, word)
        call = self.call
        call.on_ringing = self._ringing
        call.on_early_media = self._early_media
        call.on_answered = self._answered
        call.on_failed = self._failed
        call.on_ended = self._ended
        call.on_digit = lambda digit: session.press(digit, "ENDPOINT")
        call.on_hold = self._held
        call.on_resume = self._resumed
        call.on_media_changed = self.hear_description

    # media

    def hear_description(self, body: bytes) -> None:
        """Send where the other side says. Raises BadSdp."""
        if not body:
            return
        audio = self._audio = sdp.read(body)
        send_as_described(self.media, audio)
        self.media.expect_somebody()
        self._note_codec(audio)

    def _note_codec(self, audio: sdp.Audio) -> None:
        if self._session is None:
            return
        channel = self._session.channel
        channel.codec = audio.codec
        for way in ("read", "write"):
            channel.set(f"{way}_codec", audio.codec)
            channel.set(f"{way}_rate", "8000")
        channel.set("remote_media_ip", audio.host)
        channel.set("remote_media_port", str(audio.port))
        channel.set("local_media_ip", self.media.local_host)
        channel.set("local_media_port", str(self.media.local_port))
        channel.set("dtmf_type", "rfc2833")

    def is_silent(self, patience: Patience) -> bool:
        """Nothing has been heard of the other side for longer than may be, now that it is its turn to send."""
        channel = self.session.channel
        if self._audio is None or not channel.answered or channel.is_down:
            return False
        limit_s = patience.while_we(self._audio.our_direction)
        return 0 < limit_s < self.media.quiet_s

    def _our_answer(self) -> bytes:
        if self._audio is None:
            raise RuntimeError("no description of the other side to answer")
        return sdp.answer(self._audio, host=self.media.local_host, port=self.media.local_port)

    # what we do to an incoming call

    def ring(self) -> None:
        if self._incoming is not None:
            self._incoming.ring()
            self._mark_ringing()

    def progress(self) -> None:
        """Early media: the caller hears us before the call counts as answered."""
        channel = self.session.channel
        if channel.media_up or channel.is_down or self._incoming is None:
            return
        self.hear_description(self.call.remote_sdp)
        self._incoming.progress(self._our_answer())
        self._mark_early()

    def answer(self) -> None:
        channel = self.session.channel
        if channel.answered or channel.is_down or self._incoming is None:
            return
        if not channel.early:
            self.hear_description(self.call.remote_sdp)
        self._incoming.answer(self._our_answer())
        self._mark_answered()

    def end(self, cause: str) -> None:
        """The last thing: tell the other side unless it knows, and give the media back."""
        channel = self.session.channel
        if "sip_hangup_disposition" not in channel.variables:
            self._note_our_hang_up()
        self.call.hang_up(status=causes.to_sip(cause), cause=causes.q850(cause))
        self.media.close()

    def _note_our_hang_up(self) -> None:
        channel = self.session.channel
        if channel.answered:
            channel.set("sip_hangup_disposition", "send_bye")
        elif channel.direction == "inbound":
            channel.set("sip_hangup_disposition", "send_refuse")
        else:
            channel.set("sip_hangup_disposition", "send_cancel")
            channel.set("sip_invite_failure_status", "487")
            channel.set("sip_invite_failure_phrase", "CANCEL")

    # what the other side does

    def _ringing(self) -> None:
        self._mark_ringing()

    def _early_media(self, body: bytes) -> None:
        if self.session.channel.media_up:
            return
        try:
            self.hear_description(body)
        except sdp.BadSdp:
            self._mark_ringing()
            return
        self._mark_early()

    def _answered(self, body: bytes) -> None:
        channel = self.session.channel
        if channel.direction == "inbound" or channel.answered:
            return
        try:
            self.hear_description(body)
        except sdp.BadSdp:
            channel.set("endpoint_disposition", "CODEC NEGOTIATION ERROR")
            channel.answered = True  # as far as SIP goes: it takes a BYE
            self.session.hang_up("INCOMPATIBLE_DESTINATION")
            return
        self._mark_answered()

    def _failed(self, status: int, phrase: str, contacts: Sequence[str]) -> None:
        session = self.session
        channel = session.channel
        if channel.is_down:
            return
        if 300 <= status < 400 and channel.is_true("outbound_redirect_fatal"):
            self._redirected(status, contacts)
            return
        channel.set("sip_hangup_disposition", "recv_refuse")
        if status >= 400:
            channel.set("sip_invite_failure_status", str(status))
            channel.set("sip_invite_failure_phrase", phrase)
        cause = self._reason() or causes.of_sip(status)
        self._note_term(status, cause)
        session.hang_up(cause)

    def _redirected(self, status: int, contacts: Sequence[str]) -> None:
        """Nobody is followed to where he forwarded his phone."""
        channel = self.session.channel
        channel.set("sip_redirected_to", contacts[0] if contacts else None)
        channel.set("proto_specific_hangup_cause", f"sip:{status}")
        self.session.hang_up("REQUESTED_CHAN_UNAVAIL")

    def _ended(self, end: End) -> None:
        session = self.session
        channel = session.channel
        if end.by_us or channel.is_down:
            return
        cause = causes.of_text(str(end.cause)) if end.cause is not None else ""
        if end.what == "cancel":
            channel.set("sip_hangup_disposition", "recv_cancel")
            channel.set("sip_invite_failure_status", "487")
            channel.set("sip_invite_failure_phrase", "CANCEL")
            session.hang_up("ORIGINATOR_CANCEL")  # whatever its Reason says
        elif end.what == "bye":
            cause = cause or "NORMAL_CLEARING"
            self._note_term(200, cause)
            channel.set("sip_hangup_disposition", "recv_bye")
            session.hang_up(cause)
        else:
            self._note_term(408, "RECOVERY_ON_TIMER_EXPIRE")
            session.hang_up("RECOVERY_ON_TIMER_EXPIRE")

    def _reason(self) -> str:
        found = _Q850.search(self.call.header("Reason"))
        return causes.of_text(found[1]) if found else ""

    def _note_term(self, status: int, cause: str) -> None:
        channel = self.session.channel
        channel.set("sip_term_status", str(status))
        channel.set("proto_specific_hangup_cause", f"sip:{status}")
        channel.set("sip_term_cause", str(causes.NUMBER_OF.get(cause, 0)))

    def _held(self) -> None:
        session = self.session
        session.channel.call_state = "HELD"
        session.channel.profile.times.last_hold = session.now_us()
        session.fire("CHANNEL_HOLD")
        session.house.on_hold(session, held=True)

    def _resumed(self) -> None:
        session = self.session
        if session.channel.call_state != "HELD":
            return
        session.channel.call_state = "UNHELD"
        session.fire("CHANNEL_UNHOLD")
        session.channel.call_state = "ACTIVE"
        session.house.on_hold(session, held=False)

    def held_no_more(self) -> None:
        """The bridge in which it held the other is over: so is the hold, though the phone may not know it yet."""
        if self.session.channel.call_state == "HELD":
            self._resumed()

    # marks

    def _mark_ringing(self) -> None:
        session = self.session
        channel = session.channel
        if channel.ringing or channel.answered or channel.is_down:
            return
        channel.ringing = True
        channel.profile.times.progress = session.now_us()
        session.fire("CHANNEL_PROGRESS")
        channel.call_state = "RINGING"
        session.wake()

    def _mark_early(self) -> None:
        session = self.session
        channel = session.channel
        if channel.early or channel.answered or channel.is_down:
            return
        channel.early = True
        channel.profile.times.progress_media = session.now_us()
        channel.set("endpoint_disposition", "EARLY MEDIA")
        session.fire("CHANNEL_PROGRESS_MEDIA")
        channel.call_state = "EARLY"
        session.wake()

    def _mark_answered(self) -> None:
        session = self.session
        channel = session.channel
        if channel.answered or channel.is_down:
            return
        channel.profile.times.answered = session.now_us()
        channel.answered = True
        self.media.expect_somebody()
        session.fire("CHANNEL_ANSWER")
        channel.set("endpoint_disposition", "ANSWER")
        channel.call_state = "ACTIVE"
        detecting.answered(session)
        session.wake()

    def _tell_record(self, end: RecordingEnd) -> None:
        channel, how = self.session.channel, "uri-failure" if end.why == "failed" else "success-silence"
        channel.set("record_seconds", str(int(end.seconds)))
        channel.set("record_ms", str(int(end.seconds * 1000)))
        channel.set("record_completion_cause", how)
        self.session.fire("RECORD_STOP", [("Record-File-Path", str(end.path)), ("Record-Completion-Cause", how)])

    def _play_done(self, token: int, finished: bool) -> None:
        self.ended_plays.add(token)
        self.session.wake()

    def _record_done(self, end: RecordingEnd) -> None:
        if end.path in self.background_records:
            self.background_records.discard(end.path)
            self._tell_record(end)
        else:
            self.ended_records[end.path] = end
        self.session.wake()
