"""The switch: builds its parts, knows its sessions, and answers for them to the event socket."""

import logging
import time
from collections.abc import Sequence

import gevent

from softswitch.api import COMMANDS
from softswitch.apps import APPLICATIONS, NEED_MEDIA
from softswitch.bus import EventBus
from softswitch.channel import Channel
from softswitch.dialplan import Dialplan
from softswitch.dialstring import DialString
from softswitch.directory import Directory
from softswitch.endpoints import Endpoints
from softswitch.esl.reader import Request
from softswitch.esl.server import EventSocketServer
from softswitch.events import Headers
from softswitch.house import Action, Application, Message
from softswitch.leg import Leg
from softswitch.media import MediaEngine, Source, SourceMissing, again
from softswitch.playable import Library
from softswitch.scheduler import Scheduler
from softswitch.session import Session
from softswitch.settings import Settings
from softswitch.silence import SilenceWatch
from softswitch.sip import ByAddress, ByDigest, UserAgent

_log = logging.getLogger(__name__)
_LAST_WORDS_S = 2.0
_HOLD_MUSIC = "local_stream://moh"


class Switch:
    def __init__(self, settings: Settings) -> None:
        """Binds the SIP sockets: raises OSError when an address is taken."""
        self.settings = settings
        self.started_at = time.time()
        self.bus = EventBus(address=settings.agents.host)
        self.globals = {
            "hostname": self.bus.hostname,
            "core_uuid": self.bus.core_uuid,
            "domain": settings.domain,
            "local_ip_v4": settings.agents.host,
        }
        self.sessions: dict[str, Session] = {}
        self.sessions_ever = 0
        self.sessions_peak = 0
        self.paused: set[str] = set()
        """``inbound``, ``outbound``: fsctl pause."""
        self.directory = Directory(path=settings.directory, domain=settings.domain)
        self.scheduler = Scheduler()
        self._library = Library(sounds=settings.sounds, music_directory=settings.music)
        self._dialplan = Dialplan(
            failsafe_after_s=settings.failsafe_after_s,
            announcement=settings.failsafe_announcement,
            messages=settings.failsafe_messages,
        )
        self._media = MediaEngine(host=settings.rtp_host, ports=settings.rtp_ports or None, on_died=self._part_died)
        self.endpoints = self._make_endpoints()
        self.event_socket = EventSocketServer(
            host=settings.event_socket.host,
            port=settings.event_socket.port,
            password=settings.password,
            bus=self.bus,
            exchange=self,
        )
        self._silence = SilenceWatch(patience=settings.patience, sessions=lambda: self.sessions.values(), on_died=self._part_died)
        self._heart = gevent.Greenlet(self._beat)
        self._heart.name = "heartbeat"

    def _make_endpoints(self) -> Endpoints:
        settings = self.settings
        digest = ByDigest(realm=settings.domain, ha1_of=self.directory.ha1_of)
        return Endpoints(
            agents=UserAgent(
                name="agents", host=settings.agents.host, port=settings.agents.port, access=digest,
                on_died=self._part_died,
            ),
            trunk=UserAgent(
                name="trunk", host=settings.trunk.host, port=settings.trunk.port,
                access=ByAddress(networks=settings.trunk_allow), on_died=self._part_died,
            ),
            media=self._media,
            bus=self.bus,
            domain=settings.domain,
            gateways=settings.gateways,
            admit=self._admit,
            exists=lambda uuid: uuid in self.sessions,
            now_us=lambda: int(time.time() * 1_000_000),
        )  # fmt: skip

    # start and stop

    def start(self) -> None:
        """Raises OSError, or BadDirectory."""
        self.directory.reload()
        self._media.start()
        self.endpoints.agents.start()
        self.endpoints.trunk.start()
        self.event_socket.start()
        self._heart.start()
        self._silence.start()

    def stop(self) -> None:
        for session in tuple(self.sessions.values()):
            session.hang_up("SYSTEM_SHUTDOWN")
        until = time.monotonic() + _LAST_WORDS_S
        while self.sessions and time.monotonic() < until:
            gevent.sleep(0.01)
        self._heart.kill()
        self._silence.stop()
        self.scheduler.stop()
        self.event_socket.stop()
        self.endpoints.agents.stop()
        self.endpoints.trunk.stop()
        self._media.stop()

    def _part_died(self, name: str, error: BaseException) -> None:
        _log.critical("%s died: %r", name, error)

    # what the event socket asks (Exchange)

    def api(self, command: str, argument: str) -> str:
        found = COMMANDS.get(command.lower())
        if found is None:
            return f"-ERR {command} Command not found!\n"
        try:
            return found(self, argument)
        except Exception:
            _log.exception("api %s %s", command, argument)
            return "-ERR internal error\n"

    def send_message(self, uuid: str, request: Request) -> str:
        session = self.session(uuid)
        if session is None:
            return f"-ERR invalid session id [{uuid}]"
        session.post(Message(headers=request.headers, body=request.body))
        return "+OK"

    def send_event(self, uuid: str, request: Request) -> bool:
        """Whether there is such a leg; then the event is its own affair."""
        session = self.session(uuid)
        if session is not None:
            session.command(request.headers)
        return session is not None

    # what sessions ask (House)

    def fire(self, name: str, headers: Headers, *, subclass: str = "") -> None:
        self.bus.fire(name, headers, subclass=subclass)

    def application(self, name: str) -> Application | None:
        return APPLICATIONS.get(name.lower())

    def needs_media(self, name: str) -> bool:
        return name.lower() in NEED_MEDIA

    def route(self, channel: Channel) -> Sequence[Action] | None:
        profile = channel.profile
        return self._dialplan.actions(context=profile.context, destination=profile.destination_number, uuid=channel.uuid)

    def session(self, uuid: str) -> Session | None:
        """Who is hung up already is not found any more, as in FreeSWITCH; ``sessions`` has him until he is forgotten."""
        session = self.sessions.get(uuid)
        return session if session is not None and not session.channel.is_down else None

    def forget(self, session: Session) -> None:
        self.sessions.pop(session.channel.uuid, None)
        self.scheduler.delete_group(session.channel.uuid)

    def sound(self, text: str) -> Source:
        return self._library.source(text)

    def on_hold(self, session: Session, *, held: bool) -> None:
        """Whoever is put on hold hears music."""
        partner = session.partner
        if partner is None:
            return
        if not held:
            partner.leg.media.stop_play()
            return
        try:
            music = session.channel.variables.get("hold_music", _HOLD_MUSIC)
            partner.leg.media.play(again(lambda: self.sound(music)))
        except SourceMissing as error:
            _log.warning("%r: %s", session, error)

    def transfer_later(self, uuid: str, when: str, where: Sequence[str]) -> int:
        """``where`` is extension, dialplan, context. Raises ValueError for a bad time."""
        destination, dialplan, context = (*where, "XML", "")[:3] if len(where) < 2 else (*where, "")[:3]

        def transfer() -> None:
            session = self.sessions.get(uuid)
            if session is not None:
                session.transfer(destination, dialplan=dialplan, context=context)

        return self.scheduler.add(self.scheduler.delay_s(when), uuid, transfer)

    def hang_up_later(self, uuid: str, when: str, cause: str) -> int:
        def hang_up() -> None:
            session = self.sessions.get(uuid)
            if session is not None:
                session.hang_up(cause)

        return self.scheduler.add(self.scheduler.delay_s(when), uuid, hang_up)

    def place(self, dial: DialString, originator: Session | None) -> Session:
        return self.endpoints.place(dial, originator)

    # its own

    def _admit(self, channel: Channel, leg: Leg) -> Session | None:
        if channel.direction in self.paused or len(self.sessions) >= self.settings.most_channels:
            return None
        session = Session(channel=channel, leg=leg, house=self)
        self.sessions[channel.uuid] = session
        self.sessions_ever += 1
        self.sessions_peak = max(self.sessions_peak, len(self.sessions))
        channel.set("session_id", str(self.sessions_ever))
        return session

    def uptime_s(self) -> float:
        return time.time() - self.started_at

    def _beat(self) -> None:
        while True:
            gevent.sleep(self.settings.heartbeat_s)
            up_s = self.uptime_s()
            headers = [
                ("Event-Info", "System Ready"),
                ("Up-Time", uptime_text(up_s)),
                ("FreeSWITCH-Version", VERSION),
                ("Uptime-msec", str(int(up_s * 1000))),
                ("Session-Count", str(len(self.sessions))),
                ("Max-Sessions", str(self.settings.most_channels)),
                ("Session-Per-Sec", "30"),
                ("Session-Per-Sec-Last", "0"),
                ("Session-Per-Sec-Max", "0"),
                ("Session-Per-Sec-FiveMin", "0"),
                ("Session-Since-Startup", str(self.sessions_ever)),
                ("Session-Peak-Max", str(self.sessions_peak)),
                ("Session-Peak-FiveMin", str(self.sessions_peak)),
                ("Idle-CPU", "100.000000"),
                ("Heartbeat-Interval", str(int(self.settings.heartbeat_s) or 1)),
            ]
            self.bus.fire("HEARTBEAT", headers)


VERSION = "1.11.2-embedded"


def uptime_text(seconds: float) -> str:
    """As FreeSWITCH writes it."""
    whole = int(seconds)
    micros = int((seconds - whole) * 1_000_000)
    parts = (
        (whole // 31_536_000, "year"),
        (whole // 86_400 % 365, "day"),
        (whole // 3600 % 24, "hour"),
        (whole // 60 % 60, "minute"),
        (whole % 60, "second"),
        (micros // 1000, "millisecond"),
        (micros % 1000, "microsecond"),
    )
    return ", ".join(f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in parts)
