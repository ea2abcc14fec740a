"""What a session and the house that it lives in know of each other: waiting, messages, applications."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from softswitch.channel import Channel
from softswitch.dialstring import DialString
from softswitch.events import Headers
from softswitch.media import Source

if TYPE_CHECKING:
    from softswitch.session import Session

Action = tuple[str, str]


class Pause(Enum):
    """Why a waiting application goes on."""

    DONE = "done"
    BROKEN = "broken"  # uuid_break, or a terminating digit
    GONE = "gone"  # hung up, transferred or taken into a bridge
    TIMED_OUT = "timed out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A ``sendmsg``: what it asks for, names in lower case."""

    headers: Mapping[str, str]
    body: str = ""

    def is_true(self, name: str) -> bool:
        return self.headers.get(name, "").strip().lower() in ("true", "yes", "on", "1")


class House(Protocol):
    """What a session needs of the switch that it lives in."""

    def fire(self, name: str, headers: Headers, *, subclass: str = "") -> None: ...

    def application(self, name: str) -> "Application | None": ...

    def needs_media(self, name: str) -> bool: ...

    def route(self, channel: Channel) -> Sequence[Action] | None: ...

    def session(self, uuid: str) -> "Session | None": ...

    def forget(self, session: "Session") -> None: ...

    def on_hold(self, session: "Session", *, held: bool) -> None: ...

    def sound(self, text: str) -> Source:
        """Raises SourceMissing."""

    def transfer_later(self, uuid: str, when: str, where: Sequence[str]) -> int: ...

    def hang_up_later(self, uuid: str, when: str, cause: str) -> int: ...

    def place(self, dial: DialString, originator: "Session | None") -> "Session":
        """Raises BadDialString."""


Application = Callable[["Session", str], str | None]
"""Takes the leg and its argument; the answer becomes Application-Response."""
