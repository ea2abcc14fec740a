"""What is known of one leg, and how its events describe it. It does nothing by itself: ``session`` moves it."""

from dataclasses import dataclass, field
from enum import Enum

from softswitch.profile import CallerProfile


class State(Enum):
    """FreeSWITCH's channel states with their numbers."""

    CS_NEW = 0
    CS_INIT = 1
    CS_ROUTING = 2
    CS_SOFT_EXECUTE = 3
    CS_EXECUTE = 4
    CS_EXCHANGE_MEDIA = 5
    CS_PARK = 6
    CS_CONSUME_MEDIA = 7
    CS_HIBERNATE = 8
    CS_RESET = 9
    CS_HANGUP = 10
    CS_REPORTING = 11
    CS_DESTROY = 12


WITHOUT_VARIABLES = frozenset({"DTMF", "CHANNEL_STATE", "CHANNEL_CALLSTATE", "CHANNEL_OUTGOING"})
"""Channel events that FreeSWITCH sends without ``variable_*`` headers."""


@dataclass(slots=True, kw_only=True)
class Channel:
    uuid: str
    name: str
    direction: str
    profile: CallerProfile
    call_uuid: str
    presence_id: str = ""
    variables: dict[str, str] = field(default_factory=dict)
    state: State = State.CS_NEW
    running_state: State = State.CS_NEW
    call_state: str = "DOWN"
    ringing: bool = False
    early: bool = False
    answered: bool = False
    hangup_cause: str = ""
    codec: str = ""
    dialplan_hit: bool = False
    other_type: str = ""
    other_profile: CallerProfile | None = None
    application: str = ""
    application_data: str = ""

    @property
    def is_down(self) -> bool:
        return self.state.value >= State.CS_HANGUP.value

    @property
    def media_up(self) -> bool:
        return self.answered or self.early

    @property
    def answer_state(self) -> str:
        if self.is_down:
            return "hangup"
        if self.answered:
            return "answered"
        return "early" if self.early else "ringing"

    def set(self, name: str, value: str | None) -> None:
        """None and the empty text take the variable away."""
        if value:
            self.variables[name] = value
        else:
            self.variables.pop(name, None)

    def is_true(self, name: str) -> bool:
        return self.variables.get(name, "").lower() in ("true", "yes", "on", "enable", "enabled", "active", "allow", "1")

    def headers(self, event: str) -> list[tuple[str, str]]:
        """All that an event of that name says of this channel."""
        found = self._basic() + self._codecs() + self.profile.headers("Caller")
        if self.other_profile is not None:
            found.append(("Other-Type", self.other_type))
            found += self.other_profile.headers("Other-Leg")
        if event not in WITHOUT_VARIABLES:
            found += [(f"variable_{name}", value) for name, value in self.variables.items()]
        return found

    def _basic(self) -> list[tuple[str, str]]:
        found = [
            ("Channel-State", self.running_state.name),
            ("Channel-Call-State", self.call_state),
            ("Channel-State-Number", str(self.state.value)),
            ("Channel-Name", self.name),
            ("Unique-ID", self.uuid),
            ("Call-Direction", self.direction),
            ("Presence-Call-Direction", self.direction),
            ("Channel-HIT-Dialplan", "true" if self.direction == "inbound" or self.dialplan_hit else "false"),
        ]
        if self.presence_id:
            found.append(("Channel-Presence-ID", self.presence_id))
        found += [("Channel-Call-UUID", self.call_uuid), ("Answer-State", self.answer_state)]
        if self.hangup_cause:
            found.append(("Hangup-Cause", self.hangup_cause))
        return found

    def _codecs(self) -> list[tuple[str, str]]:
        if not self.codec:
            return []
        return [
            (f"Channel-{way}-Codec-{what}", value)
            for way in ("Read", "Write")
            for what, value in (("Name", self.codec), ("Rate", "8000"), ("Bit-Rate", "64000"))
        ]
