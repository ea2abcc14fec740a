"""Who calls whom, and when what happened: the ``Caller-*`` and ``Other-Leg-*`` headers of a channel. PURE."""

from dataclasses import dataclass, field, replace


@dataclass(slots=True, kw_only=True)
class Times:
    """Microseconds since the epoch; 0 is not yet."""

    profile_created: int = 0
    created: int = 0
    answered: int = 0
    progress: int = 0
    progress_media: int = 0
    hungup: int = 0
    transferred: int = 0
    resurrected: int = 0
    bridged: int = 0
    last_hold: int = 0
    hold_accum: int = 0


@dataclass(slots=True, kw_only=True)
class CallerProfile:
    uuid: str
    direction: str
    """``inbound`` or ``outbound``, seen from the switch."""
    channel_name: str
    destination_number: str
    context: str = ""
    username: str = ""
    dialplan: str = "XML"
    caller_id_name: str = ""
    caller_id_number: str = ""
    orig_caller_id_name: str = ""
    orig_caller_id_number: str = ""
    callee_id_name: str = ""
    callee_id_number: str = ""
    network_addr: str = ""
    ani: str = ""
    source: str = "mod_sofia"
    rdnis: str = ""
    transfer_source: str = ""
    times: Times = field(default_factory=Times)

    def __post_init__(self) -> None:
        self.orig_caller_id_name = self.orig_caller_id_name or self.caller_id_name
        self.orig_caller_id_number = self.orig_caller_id_number or self.caller_id_number

    def routed(self, *, destination: str, context: str, dialplan: str, at_us: int) -> "CallerProfile":
        """The profile after a transfer."""
        times = replace(self.times, profile_created=at_us)
        self.times.transferred = at_us
        return replace(
            self,
            destination_number=destination,
            context=context or self.context,
            dialplan=dialplan or self.dialplan,
            rdnis=self.destination_number,
            times=times,
        )

    def flip_caller_id(self) -> None:
        """An outgoing leg that executes something itself counts as the caller from then on."""
        name, number = self.caller_id_name, self.caller_id_number
        self.caller_id_name, self.caller_id_number = self.callee_id_name, self.callee_id_number
        self.callee_id_name, self.callee_id_number = name, number

    def headers(self, prefix: str) -> list[tuple[str, str]]:
        return [(f"{prefix}-{name}", value) for name, value in (*self._who(), *self._when(), *_PRIVACY)]

    def _who(self) -> list[tuple[str, str]]:
        named = (
            ("Username", self.username),
            ("Dialplan", self.dialplan),
            ("Caller-ID-Name", self.caller_id_name),
            ("Caller-ID-Number", self.caller_id_number),
            ("Orig-Caller-ID-Name", self.orig_caller_id_name),
            ("Orig-Caller-ID-Number", self.orig_caller_id_number),
            ("Callee-ID-Name", self.callee_id_name),
            ("Callee-ID-Number", self.callee_id_number),
            ("Network-Addr", self.network_addr),
            ("ANI", self.ani),
            ("Destination-Number", self.destination_number),
            ("Unique-ID", self.uuid),
            ("Source", self.source),
            ("Transfer-Source", self.transfer_source),
            ("Context", self.context),
            ("RDNIS", self.rdnis),
            ("Channel-Name", self.channel_name),
            ("Profile-Index", "1"),
        )
        directions = [("Direction", self.direction), ("Logical-Direction", self.direction)]
        return directions + [(name, value) for name, value in named if value]

    def _when(self) -> tuple[tuple[str, str], ...]:
        times = self.times
        return (
            ("Profile-Created-Time", str(times.profile_created)),
            ("Channel-Created-Time", str(times.created)),
            ("Channel-Answered-Time", str(times.answered)),
            ("Channel-Progress-Time", str(times.progress)),
            ("Channel-Progress-Media-Time", str(times.progress_media)),
            ("Channel-Hangup-Time", str(times.hungup)),
            ("Channel-Transfer-Time", str(times.transferred)),
            ("Channel-Resurrect-Time", str(times.resurrected)),
            ("Channel-Bridged-Time", str(times.bridged)),
            ("Channel-Last-Hold", str(times.last_hold)),
            ("Channel-Hold-Accum", str(times.hold_accum)),
        )


_PRIVACY = (("Screen-Bit", "true"), ("Privacy-Hide-Name", "false"), ("Privacy-Hide-Number", "false"))
