"""One run of a house: what can happen in it, and what its make-believe switch gets to say of it, in whatever order."""

from dataclasses import replace

from acd.core import events as ev
from acd.core.decision import Decision
from acd.core.policy import Leaving, draining
from acd.sim.switch import FakeSwitch
from acd.words import (
    AgentId,
    CallId,
    FlowId,
    Follows,
    LegId,
    PhoneId,
    Supervise,
    SupervisorId,
    TalkWish,
    TapeWish,
    Wish,
    WrapUpMode,
)
from tests.core.world import FS, Flows, World, leg, policy
from tests.properties.houses import WATCHED, renamed, with_devices, with_outside, with_routing

WISHES = tuple(TalkWish)
OUTSIDE = "+4930123456"
TARGETS = ("a0", "1001", "a2", "sales", "support", "menu.sales", OUTSIDE, "nobody")
CAUSES = ("NORMAL_CLEARING", "USER_BUSY", "CALL_REJECTED", "USER_NOT_REGISTERED")


def is_short(event: ev.Event) -> bool:
    """A call from an agent's phone may be over in the decision that begins it; nobody hears of its beginning after its end."""
    return isinstance(event, ev.CallArrived) and event.phone is not None


TABLES = (
    "nodes", "calls", "entries", "offers", "recordings", "recordings_of", "monitors", "monitor_of_leg",
    "wrap_ups", "nailed", "nailed_of_agent", "desks", "agents", "phones", "watches", "paces",
    "kept", "callers", "bonds", "outgoing", "tallies", "out_of_leg", "outsider_of_leg",
)  # fmt: skip


class Story:
    """One run: the world, its switch, and what has been delivered of what the switch said."""

    dialled = ("1", "2", "50")
    digits = "19"

    def __init__(self, waiting: str = "", *, watched: bool = False, routed: bool = False, outside: bool = False) -> None:
        rules = policy(agents=3, queues=("sales", "support"), queue_max_waiting=6, max_missed=2, **(WATCHED if watched else {}))
        flows = Flows(exit_keys="9", max_wait_s=120.0, waiting=FlowId(waiting) if waiting else None)
        if waiting:
            self.dialled, self.digits = ("1", "2", "60"), "195"
            owed = {"queue_wrap_up_mode": WrapUpMode.MANDATORY, "queue_dispositions": {"sold": "1"}, "queue_wrap_up_more_s": 5.0}
            more = {"leaving_while_rung": Leaving.FINISH, **WATCHED, **owed}
            rules = with_devices(policy(3, ("sales", "support"), max_missed=2, **more))
        self.rings_all = routed
        if routed:
            rules = with_routing(rules)
        if outside:
            rules = with_outside(rules)
        self.world, self.switch = World(rules, flows), FakeSwitch()
        self.gone: set[LegId] = set()
        self.versions: list[object] = []
        self.calls = 0
        self.done = len(self.world.decisions)

    def feed(self, event: ev.Event) -> None:
        self.world.feed(event)
        self._obey(self.world.decisions[self.done :])

    def _obey(self, decisions: list[Decision]) -> None:
        self.done = len(self.world.decisions)
        for decision in decisions:
            self.versions += decision.changes
            for command in decision.commands:
                self.switch.do(self.world.at, command)

    def tell(self, event: ev.Event) -> None:
        """Deliver something the switch said, stamped with the time at which it is heard.

        In whatever order: but a leg whose end was told does not come again, the switch's words for one leg are in order.
        """
        if isinstance(event, ev.LegEnded):
            self.gone.add(event.leg)
        elif isinstance(event, ev.CallArrived) and event.leg in self.gone:
            return
        self.feed(replace(event, at=self.world.at))

    def play(self, what: str, n: int) -> None:  # noqa: C901 - a table of what can happen, flat on purpose
        world, switch = self.world, self.switch
        world.at += 0.25
        out = sorted(x for x, truth in switch.legs.items() if not truth.inbound)
        inbound = sorted(x for x, truth in switch.legs.items() if truth.inbound)
        match what:
            case "call":
                self.calls += 1
                number = f"+49301234{n}" if self.rings_all else ""
                switch.call(world.at, leg(f"c{self.calls}"), self.dialled[n], number=number)
            case "deliver" if switch.outbox:
                self.tell(switch.outbox.pop(0))
            case "later" if switch.outbox:
                self.tell(switch.outbox.pop(n % len(switch.outbox)))
            case "lose" if switch.outbox:
                switch.outbox.pop(n % len(switch.outbox))
            case "twice" if switch.outbox and not is_short(switch.outbox[0]):
                self.tell(switch.outbox[0])
            case "ring" if out:
                switch.rings(world.at, out[n % len(out)])
            case "pick_up" if out and not switch.legs[out[n % len(out)]].answered:
                switch.picks_up(world.at, out[n % len(out)])
            case "phone_ends" if out:
                switch.end(world.at, out[n % len(out)], CAUSES[n])
            case "caller_ends" if inbound:
                switch.end(world.at, inbound[n % len(inbound)])
            case "press" if inbound:
                switch.press(world.at, inbound[n % len(inbound)], self.digits[n % len(self.digits)])
            case "play_ends" if inbound:
                switch.play_ends(world.at, inbound[n % len(inbound)])
            case "agent_presses" if out:
                switch.press(world.at, out[n % len(out)], "1")
                self.play("deliver", 0)
            case "agent_hears_out" if out:
                switch.play_ends(world.at, out[n % len(out)])
            case "phone_moves":
                self.feed(ev.PhoneRegistered(at=world.at, node=FS, phone=f"100{n % 3}", anew=True))  # type: ignore[arg-type]
            case "agent_dials":
                self.calls += 1
                number = "*1" if n % 2 else "+49301234"
                switch.call(world.at, leg(f"c{self.calls}"), number, phone=PhoneId(f"100{n % 3}"))
            case "pause" | "resume" | "decline" if inbound:
                call = CallId(inbound[n % len(inbound)].partition("/")[2])
                self.feed(ev.TapeAsked(at=world.at, call=call, wish=TapeWish(what), by="anna"))
            case "supervise":
                wish = (Supervise.LISTEN, Supervise.BARGE, Supervise.TAKE_OVER, Supervise.STOP)[n]
                who, follows = SupervisorId(f"s{n % 2}"), Follows.AGENT if n % 2 else Follows.CONTACT
                talks = [o.agent for o in world.state.offers.values() if o.bridged_at is not None]
                agent = talks[n % len(talks)] if talks else None
                self.feed(ev.SuperviseAsked(at=world.at, supervisor=who, wish=wish, agent=agent, follows=follows, by="s"))
            case "tape_fails" if inbound:
                switch.tape_fails(world.at, inbound[n % len(inbound)])
            case "joins":
                self.tells("call", n % 3)
            case "hears_out":
                self.tells("play_ends", n)
            case "presses":
                self.tells("press", n)
            case "answers":
                self.tells("pick_up", n)
            case "nails_up":
                self.calls += 1
                switch.call(world.at, leg(f"c{self.calls}"), "*85", phone=PhoneId(f"100{n % 3}"))
                self.play("deliver", 0)
            case "ready" | "not_ready" | "log_out" | "dispose" | "more_time" | "take_down" | "nail_up":
                said = "sold" if what == "dispose" else ""
                self.feed(ev.AgentAsked(at=world.at, agent=f"a{n % 3}", wish=Wish(what), reason=said))  # type: ignore[arg-type]
            case "phone_down":
                self.feed(ev.PhoneUnregistered(at=world.at, node=FS, phone=f"100{n % 3}"))  # type: ignore[arg-type]
            case "phone_up":
                self.feed(ev.PhoneRegistered(at=world.at, node=FS, phone=f"100{n % 3}"))  # type: ignore[arg-type]
            case "wishes":
                wish, target = WISHES[n // 3 % len(WISHES)], TARGETS[n // 3 // len(WISHES) % len(TARGETS)]
                self.feed(ev.TalkAsked(at=world.at, agent=f"a{n % 3}", what=wish, target=target))  # type: ignore[arg-type]
            case "types" if out:
                for digit in ("*2", "*4a1#", "*41002#", "*6")[n]:
                    self.tell(ev.DigitPressed(at=world.at, leg=out[n % len(out)], digit=digit))
            case "phone_holds" if out:
                self.tell(ev.LegHeld(at=world.at, leg=out[n % len(out)]))
            case "phone_resumes" if out:
                self.tell(ev.LegResumed(at=world.at, leg=out[n % len(out)]))
            case "in_talk":
                self.tells("call", 0)
                for step in [("ready", k) for k in range(3)] + [("deliver", 0)] * 3 + [("pick_up", n)] + [("deliver", 0)] * 4:
                    self.play(*step)
            case "consults":
                self.wait(11)
                self.play("in_talk", n)
                for agent in ("a0", "a1", "a2"):
                    self.feed(ev.TalkAsked(at=world.at, agent=agent, what=TalkWish.CONSULT, target="sales"))  # type: ignore[arg-type]
                for step in [("deliver", 0)] * 4 + [("pick_up", k) for k in range(3)] + [("deliver", 0)] * n * 2:
                    self.play(*step)
            case "asks_outside":
                self.play("in_talk", n)
                for agent in ("a0", "a1", "a2"):
                    self.feed(ev.TalkAsked(at=world.at, agent=agent, what=TalkWish.CONSULT, target=OUTSIDE))  # type: ignore[arg-type]
                for step in [("deliver", 0)] * 4 + [("pick_up", k) for k in range(n + 1)] + [("deliver", 0)] * n * 2:
                    self.play(*step)
            case "forgets":
                self.forgets(n)
            case "wait":
                self.wait(n)
            case "snapshot":
                self.look()
            case "node_lost":
                self.feed(ev.NodeLost(at=world.at, node=FS))
            case "switch_crash":
                switch.crash()
                self.feed(switch.snapshot(world.at, restarted=True))
            case "restart":
                self.restart()
            case "desk":
                self.feed(ev.DeskSeen(at=world.at, agent=AgentId(f"a{n % 3}")))
            case "desk_closes":
                self.feed(ev.DeskClosed(at=world.at, agent=AgentId(f"a{n % 3}")))
            case "renames":
                held = {entry.queue for entry in world.state.entries.values()}
                world.state.policy = draining(world.state.policy, renamed(world.state.policy), held)
                self.feed(ev.PolicyChanged(at=world.at))
            case "starts":
                self.feed(ev.HouseStarted(at=world.at))
            case "rush":
                for step in [("call", 0)] * 3 + [("deliver", 0)] * 3 + [("ready", k) for k in range(3)]:
                    self.play(*step)
                for k in range(3):
                    self.play("pick_up", k)
                for _ in range(8):
                    self.play("deliver", 0)

    def tells(self, what: str, n: int) -> None:
        """Something happens, and the switch gets to say it."""
        self.play(what, n)
        for _ in range(min(2, len(self.switch.outbox))):
            self.play("deliver", 0)

    def wait(self, seconds: float) -> None:
        end = self.world.at + seconds
        while (due := self.world.state.next_deadline()) is not None and due <= end:
            self.world.at = max(due, self.world.at)
            self.feed(ev.TimePassed(at=self.world.at))
        self.world.at = end

    def look(self) -> None:
        """After a gap the socket is new: what was said before it is gone."""
        self.switch.outbox.clear()
        self.feed(self.switch.snapshot(self.world.at))

    def restart(self) -> None:
        """kill -9 and start again: the versions put back are the state, exactly."""
        fresh = World(self.world.state.policy, self.world.state.flows)  # type: ignore[arg-type]
        for table in TABLES:
            getattr(fresh.state, table).clear()
        fresh.state.due.clear()
        for record in self.versions:
            fresh.state.put(record)  # type: ignore[arg-type]
        before = {k: v for k, v in self.world.all_records().items() if k[0] != "Node"}
        assert {k: v for k, v in fresh.all_records().items() if k[0] != "Node"} == before
        assert list(fresh.state.due) == list(self.world.state.due)
        self.world.state = fresh.state
        self.feed(ev.NodeLost(at=self.world.at, node=FS))
        self.feed(ev.HouseStarted(at=self.world.at))
        self.look()

    def forgets(self, n: int) -> None:
        """kill -9 between remembering and doing: what the next event leads to is remembered, and never sent (FAULTS.md F09)."""
        sent, self.switch.do = self.switch.do, lambda at, command: None  # type: ignore[method-assign]
        wish = WISHES[n % len(WISHES)]
        for agent in ("a0", "a1", "a2"):
            self.feed(ev.TalkAsked(at=self.world.at, agent=agent, what=wish, target="a1"))  # type: ignore[arg-type]
        self.switch.do = sent  # type: ignore[method-assign]
        self.restart()

    def settle_down(self) -> None:
        """The dust settles: two looks with some time between, so that nothing is too young to be judged."""
        for _ in range(2):
            self.look()
            while self.switch.outbox:
                self.tell(self.switch.outbox.pop(0))
            self.wait(10)
        self.look()
        while self.switch.outbox:
            self.tell(self.switch.outbox.pop(0))
