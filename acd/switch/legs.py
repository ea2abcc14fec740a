"""What was asked of each leg against what is told of it. PURE: says what must be asked again, and what must have been lost.

Joins the four that look at this from their sides: births (killed too early), starts, ends, and the watch.
"""

from collections.abc import Callable, Iterable

from acd.core import commands as c
from acd.switch.births import Births
from acd.switch.ends import Ends
from acd.switch.starts import Starts
from acd.switch.watch import Watch
from acd.switch.wire import Frame
from acd.words import LegId, NodeId, leg_id, uuid_of

YOUNG_S = 2.0
"""A leg of this age may stand in a list before its own events have come to us: they come on another connection."""


class Legs:
    """``again`` sends a command once more; ``ours`` says whether a leg was asked for by us."""

    def __init__(
        self,
        node: NodeId,
        *,
        ours: Callable[[LegId], bool],
        lasts: Callable[[c.Play], float | None],
        kill: Callable[[c.HangUp], None],
    ) -> None:
        self._node, self._ours, self._kill_leg = node, ours, kill
        self.watch = Watch()
        self.starts = Starts()
        self.ends = Ends(lasts)
        self.births = Births()

    # -- what was sent, and what was answered ---

    def sent(self, command: c.Command, at: float) -> None:
        self.starts.sent(command, at)
        self.ends.sent(command, at)
        if isinstance(command, c.Ring | c.CallOut):
            self.births.asked(uuid_of(command.leg), at)

    def accepted(self, command: c.Command, at: float) -> None:
        """What must follow now."""
        if isinstance(command, c.HangUp):
            self.watch.expect("end", uuid_of(command.leg), at)
        elif isinstance(command, c.Separate):
            self.watch.expect("park", uuid_of(command.leg), at)
        elif isinstance(command, c.Bridge):
            self.watch.expect("bridge", uuid_of(command.leg), at)

    def killed_too_early(self, command: c.Command) -> bool:
        """Whether a refused command was the end of a leg that is just being made: it is ended as soon as it shows itself."""
        uuid = uuid_of(command.leg)
        if not isinstance(command, c.HangUp) or uuid not in self.births:
            return False
        self._kill(uuid, self.births.kill_failed(uuid, command.cause))
        return True

    def found_gone(self, leg: LegId, at: float) -> None:
        """The switch knows no such leg. One whose end we were not told of: that must come, or was lost."""
        self.starts.ended(leg)
        self.ends.over(leg)
        if self.watch.stands(uuid_of(leg)):
            self.watch.expect("end", uuid_of(leg), at)

    # -- what is told ---

    def follow(self, name: str, frame: Frame, now: float) -> None:
        if name == "BACKGROUND_JOB":
            self._job_over(frame.field("Job-UUID") or "", failed=frame.data.startswith("-"))
        elif name.startswith("CHANNEL_"):
            uuid = frame.field("Unique-ID")
            if uuid:
                self._follow_leg(name, uuid, frame, now)

    def _follow_leg(self, name: str, uuid: str, frame: Frame, now: float) -> None:
        leg, play = leg_id(self._node, uuid), frame.field("Application-UUID") or ""
        match name:
            case "CHANNEL_EXECUTE":
                self.starts.begun(leg, play)
                self.ends.begun(leg, play, now)
                return
            case "CHANNEL_EXECUTE_COMPLETE":
                self.ends.ended(leg, play)
            case "CHANNEL_HANGUP_COMPLETE":
                self._over(leg, frame.field("Other-Leg-Unique-ID"), now)
                return
            case "CHANNEL_CREATE":
                self.watch.born(uuid)
                if frame.field("Call-Direction") == "inbound":
                    self.watch.expect("park", uuid, now)
            case "CHANNEL_ANSWER":
                if frame.field("Call-Direction") == "outbound" and self._ours(leg):
                    self.watch.expect("park", uuid, now)  # those that we asked for park when they answer
            case "CHANNEL_PARK":
                self.watch.saw("park", uuid)
            case "CHANNEL_BRIDGE":
                for each in ("Bridge-A-Unique-ID", "Bridge-B-Unique-ID", "Unique-ID"):
                    self.watch.saw("bridge", frame.field(each) or "")
        if self.births:
            self._kill(uuid, self.births.seen(uuid))

    def _over(self, leg: LegId, other: str | None, now: float) -> None:
        self.starts.ended(leg)
        self.ends.over(leg)
        self.watch.died(uuid_of(leg))
        self.births.over(uuid_of(leg))
        if other:
            self.ends.partner_gone(leg_id(self._node, other), now)

    def _job_over(self, uuid: str, *, failed: bool) -> None:
        cause = self.births.over(uuid)
        if not failed:
            self._kill(uuid, cause)

    def _kill(self, uuid: str, cause: str | None) -> None:
        """Kill a leg again that a kill was too early for."""
        if cause is not None:
            self._kill_leg(c.HangUp(leg=leg_id(self._node, uuid), cause=cause))

    # -- after a gap ---

    def reconnected(self) -> None:
        """Nobody knows what began meanwhile; the snapshot shows what plays. What was to end may still run."""
        self.watch.rebase(())
        self.watch.forget_sequence()
        self.starts.forget()

    def is_coming(self, leg: LegId, born_at: float | None, at: float) -> bool:
        """Whether a leg that nobody knows yet will be told by an event of its own. Expected from now on: should that be lost,
        the next snapshot tells it.
        """
        uuid = uuid_of(leg)
        if born_at is not None and born_at > at - YOUNG_S:
            self.watch.expect("park", uuid, at)
        return self.watch.expects("park", uuid, at)

    def rebase(self, legs: Iterable[LegId], coming: Iterable[LegId] = ()) -> None:
        """A snapshot has told what stands, and what is to come."""
        self.watch.rebase(map(uuid_of, legs), map(uuid_of, coming))
