"""The two SIP profiles: ``agents`` (phones, by digest) and ``trunk`` (by address). Calls in and out become sessions;
registrations become events."""

import logging
import uuid as uuids
from collections.abc import Callable, Mapping

from softswitch import arrivals
from softswitch.bus import EventBus
from softswitch.channel import Channel, State
from softswitch.dialstring import BadDialString, DialString
from softswitch.leg import Leg
from softswitch.media import MediaEngine, MediaSession
from softswitch.session import Session
from softswitch.settings import Address
from softswitch.sip import Call, Registration, UserAgent, sdp
from softswitch.sip.incoming import IncomingCall

_log = logging.getLogger(__name__)
Admit = Callable[[Channel, Leg], Session | None]
"""Makes the session of a new leg; None when the house takes no more calls."""


class Endpoints:
    def __init__(
        self,
        *,
        agents: UserAgent,
        trunk: UserAgent,
        media: MediaEngine,
        bus: EventBus,
        domain: str,
        gateways: Mapping[str, Address],
        admit: Admit,
        exists: Callable[[str], bool],
        now_us: Callable[[], int],
    ) -> None:
        self.agents = agents
        self.trunk = trunk
        self._media = media
        self._bus = bus
        self._domain = domain
        self.gateways = gateways
        self._admit = admit
        self._exists = exists
        self._now_us = now_us
        agents.on_invite = lambda call: self._incoming(call, "agents")
        trunk.on_invite = lambda call: self._incoming(call, "public")
        agents.on_register = self._registered
        agents.on_unregister = self._unregistered
        agents.on_register_failure = self._refused

    # in

    def _incoming(self, call: Call, context: str) -> None:
        if not isinstance(call, IncomingCall):
            return
        profile = "agents" if context == "agents" else "trunk"
        channel = arrivals.incoming(call, profile=profile, context=context, at_us=self._now_us())
        try:
            media = self._media.session()
        except OSError as error:
            _log.error("no port for media: %s", error)
            call.reject(503)
            return
        leg = Leg(call=call, media=media)
        session = self._admit(channel, leg)
        if session is None:
            media.close()
            call.reject(503)
            return
        leg.attach(session)
        speaks = self._speaks(leg, call)
        channel.state, channel.running_state = State.CS_ROUTING, State.CS_INIT
        session.fire("CHANNEL_CREATE")
        channel.call_state = "RINGING"
        session.start(None if speaks else lambda: session.hang_up("INCOMPATIBLE_DESTINATION"))

    def _speaks(self, leg: Leg, call: Call) -> bool:
        try:
            leg.hear_description(call.remote_sdp)
        except sdp.BadSdp as error:
            _log.warning("call %s: %s", call.call_id, error)
            return False
        return bool(call.remote_sdp)

    # out

    def place(self, dial: DialString, originator: Session | None) -> Session:
        """The leg is called and stands by. Raises BadDialString with the cause."""
        variables = dial.variables
        uuid = variables.get("origination_uuid") or str(uuids.uuid4())
        if self._exists(uuid):
            raise BadDialString("DESTINATION_OUT_OF_ORDER", f"{uuid} exists already")
        name, number = _caller_id(variables, originator)
        media = self._new_media()

        def channel_to(profile: str, remote: str) -> Channel:
            return arrivals.outgoing(
                dial, uuid=uuid, profile=profile, caller_name=name, caller_number=number, remote=remote,
                at_us=self._now_us(),
            )  # fmt: skip

        try:
            call, profile = self._invite(dial, media, name, number)
        except BadDialString:
            media.close()
            self._tell_it_never_was(channel_to(dial.profile or "trunk", dial.domain))
            raise
        channel = channel_to(profile, call.source[0])
        return self._announce(channel, Leg(call=call, media=media), originator)

    def _tell_it_never_was(self, channel: Channel) -> None:
        """FreeSWITCH tells of such a leg only that it is gone."""
        self._bus.fire("CHANNEL_DESTROY", channel.headers("CHANNEL_DESTROY"))

    def _announce(self, channel: Channel, leg: Leg, originator: Session | None) -> Session:
        session = self._admit(channel, leg)
        if session is None:
            leg.call.hang_up()
            leg.media.close()
            raise BadDialString("SWITCH_CONGESTION", "too many channels")
        leg.attach(session)
        channel.set("sip_call_id", leg.call.call_id)
        channel.set("sip_to_user", leg.call.called_user or channel.profile.destination_number.partition("%")[0])
        channel.set("sip_from_user", channel.profile.caller_id_number)
        channel.state, channel.running_state = State.CS_ROUTING, State.CS_INIT
        if originator is not None:
            channel.set("originator", originator.channel.uuid)
            channel.other_type, channel.other_profile = "originator", originator.channel.profile
            _inherit(channel, originator.channel)
        for event in ("CHANNEL_OUTGOING", "CHANNEL_CREATE", "CHANNEL_ORIGINATE"):
            session.fire(event)
        session.start(session.stand_by)
        return session

    def _invite(self, dial: DialString, media: MediaSession, name: str, number: str) -> tuple[Call, str]:
        offer = sdp.offer(host=media.local_host, port=media.local_port)
        if dial.gateway:
            gateway = self.gateways.get(dial.gateway)
            if gateway is None:
                raise BadDialString("INVALID_GATEWAY", f"gateway {dial.gateway!r} is not configured")
            target = f"sip:{dial.target}@{gateway.host}:{gateway.port}"
            try:
                return self.trunk.invite(target=target, sdp=offer, from_user=number, from_name=name), "trunk"
            except (ValueError, OSError) as error:
                raise BadDialString("INVALID_URL", str(error)) from error
        if dial.profile != "agents":
            raise BadDialString("INVALID_PROFILE", f"profile {dial.profile!r}; allowed are agents, gateway/NAME")
        call = self.agents.invite_user(dial.target, sdp=offer, from_user=number, from_name=name)
        if call is None:
            raise BadDialString("USER_NOT_REGISTERED", f"{dial.target} is not registered")
        return call, "agents"

    def _new_media(self) -> MediaSession:
        try:
            return self._media.session()
        except OSError as error:
            raise BadDialString("DESTINATION_OUT_OF_ORDER", f"no port for media: {error}") from error

    # registrations

    def _registered(self, registration: Registration, first: bool) -> None:
        status = [("status", "Registered(UDP)"), ("expires", str(self.expires_s(registration)))]
        self._tell("sofia::register", registration, [*status, *([] if first else [("update-reg", "true")])])

    def _unregistered(self, registration: Registration, why: str) -> None:
        expired = why == "expired"
        more = [("user", registration.user), ("host", self._domain)] if expired else []
        self._tell("sofia::expire" if expired else "sofia::unregister", registration, [*more, ("expires", "0")])

    def _tell(self, subclass: str, registration: Registration, more: list[tuple[str, str]]) -> None:
        headers = [
            ("profile-name", "agents"),
            ("from-user", registration.user),
            ("from-host", self._domain),
            ("contact", f'"" <{registration.contact}>'),
            ("call-id", registration.call_id),
            ("to-user", registration.user),
            ("to-host", self._domain),
            ("network-ip", registration.source[0]),
            ("network-port", str(registration.source[1])),
            ("username", registration.user),
            ("realm", self._domain),
            ("user-agent", registration.agent),
            *more,
        ]
        self._bus.fire("CUSTOM", headers, subclass=subclass)

    def expires_s(self, registration: Registration) -> int:
        return max(0, int(registration.expires_at - self.agents.timers.clock()))

    def _refused(self, user: str, source: tuple[str, int]) -> None:
        headers = [
            ("profile-name", "agents"),
            ("to-user", user),
            ("to-host", self._domain),
            ("network-ip", source[0]),
            ("network-port", str(source[1])),
            ("registration-type", "REGISTER"),
        ]
        self._bus.fire("CUSTOM", headers, subclass="sofia::register_failure")


def _caller_id(variables: Mapping[str, str], originator: Session | None) -> tuple[str, str]:
    of_caller = originator.channel.profile if originator else None
    name = variables.get("origination_caller_id_name") or (of_caller.caller_id_name if of_caller else "")
    number = variables.get("origination_caller_id_number") or (of_caller.caller_id_number if of_caller else "")
    return name, number or "0000000000"


def _inherit(channel: Channel, caller: Channel) -> None:
    for name in caller.variables.get("export_vars", "").split(","):
        plain = name.removeprefix("nolocal:")
        value = caller.variables.get(name)
        if plain and value:
            channel.set(plain, value)
