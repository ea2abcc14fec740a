"""Cancels that overtake the birth of their leg (ACD.md row 2). PURE: says which kills must be sent again, and when.

An ``originate`` runs in a thread of the switch; a ``uuid_kill`` sent right after it may find no such channel. It is
not done then: it is remembered and sent again with every sign of life of the leg, until the leg or its originate
has ended.
"""

from dataclasses import dataclass

_FORGET_S = 180.0


@dataclass(slots=True, kw_only=True)
class _Birth:
    asked_at: float
    seen: bool = False
    kill: str | None = None
    repeats: int = 0


class Births:
    def __init__(self) -> None:
        self._under_way: dict[str, _Birth] = {}

    def __len__(self) -> int:
        return len(self._under_way)

    def __contains__(self, uuid: str) -> bool:
        return uuid in self._under_way

    def asked(self, uuid: str, at: float) -> None:
        self._under_way[uuid] = _Birth(asked_at=at)

    def kill_failed(self, uuid: str, cause: str) -> str | None:
        """A kill found no channel. Returns the cause to kill with again at once, if the channel has shown itself meanwhile."""
        birth = self._under_way.get(uuid)
        if birth is None:
            return None
        birth.kill = cause
        if not birth.seen or birth.repeats > 5:
            return None
        birth.repeats += 1
        return cause

    def seen(self, uuid: str) -> str | None:
        """The leg shows a sign of life. Returns the cause to kill it with, when it was to be killed."""
        birth = self._under_way.get(uuid)
        if birth is None:
            return None
        birth.seen = True
        return birth.kill

    def over(self, uuid: str) -> str | None:
        """The originate has ended, well or not, or the leg has. Returns the cause to kill with, if the leg is still
        to be killed.
        """
        birth = self._under_way.pop(uuid, None)
        return birth.kill if birth else None

    def tidy(self, now: float) -> None:
        for uuid in [uuid for uuid, birth in self._under_way.items() if birth.asked_at + _FORGET_S < now]:
            del self._under_way[uuid]
