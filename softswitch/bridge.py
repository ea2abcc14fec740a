"""Two legs joined: one leads (FreeSWITCH's originator, whose events tell of the bridge), the other follows."""

from softswitch.channel import State
from softswitch.house import Pause
from softswitch.session import Session

_MEET_WITHIN_S = 20.0
_TELL_WITHIN_S = 2.0


def join_by_command(a: Session, b: Session) -> bool:
    """``uuid_bridge``: both leave at once what they do. False when neither has media or the first is gone."""
    if a.channel.is_down or b.channel.is_down or a is b:
        return False
    if not a.channel.media_up:
        if not b.channel.media_up:
            return False
        a, b = b, a
    join = Join(a, b)
    a.join = b.join = join
    a.divert(join.lead)
    b.divert(join.follow)
    return True


class Join:
    def __init__(self, a: Session, b: Session) -> None:
        self.a = a
        self.b = b
        self._met = False
        self._began = False
        self._over = False
        self._follows = False

    # the leader

    def lead(self) -> None:
        """The course of the leader after ``uuid_bridge``."""
        a, b = self.a, self.b
        a.enter(State.CS_HIBERNATE)
        self.meet()
        if not a.ready:
            if b.join is self:
                b.hang_up("DESTINATION_OUT_OF_ORDER")
        elif b.channel.is_down or not self._met:
            self._left_alone()
        elif not b.channel.media_up:
            b.hang_up("DESTINATION_OUT_OF_ORDER")
            a.hang_up("ORIGINATOR_CANCEL")
        else:
            self._tell_of_the_command()
            self.relay()
            if a.ready:
                a.go_on()

    def meet(self) -> bool:
        """Wait until the other has left what it did."""
        until = self.a.clock() + _MEET_WITHIN_S
        self.a.pause(until=until, done=lambda: self._met or self.b.channel.is_down, breakable=False)
        return self.a.ready and self._met and not self.b.channel.is_down

    def _left_alone(self) -> None:
        """The other went in the moment between the command and the bridge; ``park_after_bridge`` is no help then."""
        if self.a.channel.is_true("uuid_bridge_park_on_cancel"):
            self.a.park_alone()
        else:
            self.a.hang_up("ORIGINATOR_CANCEL")

    def _tell_of_the_command(self) -> None:
        self._introduce_by_number()
        for one, other in ((self.a, self.b), (self.b, self.a)):
            one.channel.application, one.channel.application_data = "uuid_bridge", other.channel.uuid
            one.fire("CHANNEL_EXECUTE", [("Application", "uuid_bridge"), ("Application-Data", other.channel.uuid)])

    def _introduce_by_number(self) -> None:
        caller, called = self.a.channel.profile, self.b.channel.profile
        caller.callee_id_name, caller.callee_id_number = called.callee_id_name, called.callee_id_number
        called.caller_id_name, called.caller_id_number = caller.caller_id_name, caller.caller_id_number

    def relay(self) -> None:
        """Until one of the two is gone; then what the leader's variables say happens to the leader."""
        a, b = self.a, self.b
        self._began = True
        self._introduce()
        names = (("Bridge-A-Unique-ID", a.channel.uuid), ("Bridge-B-Unique-ID", b.channel.uuid))
        a.fire("CHANNEL_BRIDGE", first=names)
        a.leg.media.bridge_to(b.leg.media)
        before = a.channel.running_state
        a.enter(State.CS_SOFT_EXECUTE if before is State.CS_HIBERNATE else before)
        b.watchers.append(a.wake)
        a.pause(done=self._parted, breakable=False)
        a.leg.media.unbridge()
        self._let_go()
        b.watchers.remove(a.wake)
        self._part(names)
        self._after()

    def _let_go(self) -> None:
        """FreeSWITCH's usual order: who hung up gives its account before the bridge is said to be over."""
        a, b = self.a, self.b
        if a.ready:
            if b.channel.is_down:
                a.rest(lambda: b.reported, _TELL_WITHIN_S)
        elif self._follows and b.ready and not _goes_on(b):
            b.hang_up("NORMAL_CLEARING" if b.channel.answered else "ORIGINATOR_CANCEL")

    def _introduce(self) -> None:
        a, b = self.a, self.b
        now_us = a.now_us()
        for one, other, kind in ((a, b, "originatee"), (b, a, "originator")):
            one.partner = other
            one.channel.other_type, one.channel.other_profile = kind, other.channel.profile
            one.channel.profile.times.bridged = now_us
            for name in ("bridge_uuid", "signal_bond", "last_bridge_to", "bridge_to"):
                one.channel.set(name, other.channel.uuid)
            one.channel.set("bridge_channel", other.channel.name)
        b.channel.call_uuid = a.channel.uuid

    def _parted(self) -> bool:
        """Asked whenever one of the two stirs. An answer during early media is passed on."""
        if self.b.channel.answered and not self.a.channel.answered:
            self.a.leg.answer()
        taken = self.b.join is not None and self.b.join is not self  # by another uuid_bridge, and already back on its feet there
        return taken or not self.b.ready

    def _part(self, names: tuple[tuple[str, str], ...]) -> None:
        a, b = self.a, self.b
        b.channel.call_uuid = b.channel.uuid
        for one, other in ((a, b), (b, a)):
            one.channel.set("bridge_hangup_cause", other.channel.hangup_cause)
            if one.partner is other:
                one.channel.set("bridge_to", None)
        for one in (a, b):
            one.leg.held_no_more()
        a.fire("CHANNEL_UNBRIDGE", first=names)
        for one, other in ((a, b), (b, a)):
            if one.partner is other:  # it may have been taken into another bridge already
                one.partner = None
        self._over = True
        b.wake()

    def _after(self) -> None:
        a, answered = self.a, self.b.channel.answered
        if not a.ready or not answered:
            return
        if a.channel.is_true("park_after_bridge"):
            a.divert(a.park_alone)
        elif after := a.channel.variables.get("transfer_after_bridge"):
            a.transfer_to(after)
        elif a.channel.is_true("hangup_after_bridge"):
            a.hang_up(self.b.channel.hangup_cause or "NORMAL_CLEARING")

    # the follower

    def follow(self) -> None:
        """The course of the other leg: it is relayed, and ends or parks when it is left."""
        b = self.b
        b.enter(State.CS_EXCHANGE_MEDIA)
        self._met = self._follows = True
        self.a.wake()
        began_within = b.clock() + _MEET_WITHIN_S
        if b.pause(until=began_within, done=lambda: self._began, breakable=False) is Pause.TIMED_OUT:
            b.hang_up("DESTINATION_OUT_OF_ORDER")
        b.pause(done=lambda: self._over, breakable=False)
        if not b.ready:  # gone, or taken elsewhere: whoever did that answers for it now
            self._follows = False
            b.leg.held_no_more()
            return
        if b.channel.is_true("park_after_bridge"):
            b.park_alone()
        elif after := b.channel.variables.get("transfer_after_bridge"):
            b.transfer_to(after)
        else:
            b.hang_up("NORMAL_CLEARING" if b.channel.answered else "ORIGINATOR_CANCEL")


def _goes_on(session: Session) -> bool:
    return session.channel.is_true("park_after_bridge") or "transfer_after_bridge" in session.channel.variables
