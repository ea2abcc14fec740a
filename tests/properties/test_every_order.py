"""The invariants under every order of events that hypothesis can think of: lost, doubled, late, overtaken, with crashes between.

The make-believe switch knows the truth. While the story runs, the safety invariants are checked after every event (World does it).
At its end the core is given what it is always given after a gap, a snapshot, and then what it believes must be what is.
"""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from acd.core import events as ev
from acd.core.call import Call
from acd.core.decision import Decision
from acd.core.draft import Draft
from acd.core.matching.routing_policy import Membership, Relax, Sticky
from acd.core.media import Speech
from acd.core.outside.outbound_policy import OutboundPolicy, Way
from acd.core.policy import Leaving, NailedPolicy, Policy, draining
from acd.core.talking import hearing
from acd.core.talking.outsider import Outsider
from acd.core.talking.record_policy import RecordPolicy, When
from acd.core.talking.supervisor_policy import AgentDrops, SupervisorPolicy
from acd.sim.switch import FakeSwitch
from acd.words import (
    AgentId,
    AgentState,
    CallId,
    FlowId,
    Follows,
    HeardBy,
    LegId,
    PhoneId,
    QueueId,
    RecordingState,
    Strategy,
    Supervise,
    SupervisorId,
    TalkWish,
    TapeWish,
    Wish,
    WrapUpMode,
)
from tests.core.world import FS, Flows, World, leg, policy

A = AgentState
N = st.integers(0, 3)

EACH = (
    st.tuples(st.just("call"), st.sampled_from([0, 0, 0, 1, 2])),
    st.tuples(st.just("deliver"), N),
    st.tuples(st.just("deliver"), N),
    st.tuples(st.just("lose"), N),
    st.tuples(st.just("twice"), N),
    st.tuples(st.just("later"), N),
    st.tuples(st.just("ring"), N),
    st.tuples(st.just("pick_up"), N),
    st.tuples(st.just("phone_ends"), N),
    st.tuples(st.just("caller_ends"), N),
    st.tuples(st.just("press"), N),
    st.tuples(st.just("ready"), N),
    st.tuples(st.just("ready"), N),
    st.tuples(st.just("not_ready"), N),
    st.tuples(st.just("log_out"), N),
    st.tuples(st.just("phone_down"), N),
    st.tuples(st.just("phone_up"), N),
    st.tuples(st.just("wait"), st.sampled_from([1, 6, 16, 40, 400])),
    st.tuples(st.just("snapshot"), N),
    st.tuples(st.just("node_lost"), N),
    st.tuples(st.just("switch_crash"), N),
    st.tuples(st.just("restart"), N),
    st.tuples(st.just("rush"), N),
    st.tuples(st.just("desk"), N),
    st.tuples(st.just("desk"), N),
    st.tuples(st.just("desk_closes"), N),
    st.tuples(st.just("starts"), N),
    st.tuples(st.just("renames"), N),
)
ACTIONS = st.lists(st.one_of(*EACH), max_size=70)
WHATS = (
    *("agent_presses", "agent_presses", "agent_hears_out", "phone_moves", "agent_dials", "dispose", "more_time"),
    *("nails_up", "nails_up", "take_down", "nail_up", "agent_hears_out"),
    *("joins", "joins", "hears_out", "hears_out", "presses", "answers", "play_ends"),
    *("pause", "resume", "decline", "tape_fails", "supervise", "supervise", "supervise", "answers"),
)
MORE = tuple(st.tuples(st.just(what), N) for what in WHATS)
WAITING_ACTIONS = st.lists(st.one_of(*EACH, *MORE), min_size=20, max_size=70)

WISHES = tuple(TalkWish)
OUTSIDE = "+4930123456"
TARGETS = ("a0", "1001", "a2", "sales", "support", "menu.sales", OUTSIDE, "nobody")
TALK = (
    *(st.tuples(st.just("wishes"), st.integers(0, 3 * len(WISHES) * len(TARGETS) - 1)) for _ in range(6)),
    *(
        st.tuples(st.just(what), N)
        for what in ("types", "phone_holds", "phone_resumes", "in_talk", "consults", "consults", "asks_outside")
    ),
    *(st.tuples(st.just(what), N) for what in ("answers", "deliver")),
    st.tuples(st.just("forgets"), st.integers(0, 7)),
)
WATCHING = tuple(st.tuples(st.just(what), N) for what in ("supervise", "supervise", "answers", "pause", "resume", "tape_fails"))
TALK_ACTIONS = st.lists(st.one_of(*EACH, *TALK, *WATCHING), min_size=10, max_size=70)

NAILS = ("nails_up", "nails_up", "nails_up", "agent_hears_out", "agent_hears_out", "take_down", "agent_presses")
NAILED_ACTIONS = st.lists(st.one_of(*EACH, *TALK, *(st.tuples(st.just(what), N) for what in NAILS)), min_size=20, max_size=70)

CAUSES = ("NORMAL_CLEARING", "USER_BUSY", "CALL_REJECTED", "USER_NOT_REGISTERED")


def with_devices(rules: Policy) -> Policy:
    """a0 has two phones, a1 must press 1, and whoever takes a call for support hears a whisper first."""
    a0, a1, a2 = rules.agents.values()
    a0, a1 = replace(a0, phones=(a0.phone, PhoneId("1000m"))), replace(a1, confirm="1")
    support = replace(rules.queues[QueueId("support")], whisper=(Speech(text="support"),))
    return replace(
        rules,
        phone_numbers={**rules.phone_numbers, "*85": FlowId("wish.nail_up")},
        nailed=NailedPolicy(presence_after=3),
        agents={each.id: each for each in (a0, a1, a2)},
        queues={**rules.queues, support.id: support},
        agent_of_phone={**rules.agent_of_phone, PhoneId("1000m"): a0.id},
    )


def with_outside(rules: Policy) -> Policy:
    """a0 and a2 may call out, by two trunks of which the first takes one call at a time."""
    ways = (Way(trunk="one", prefixes=("+4930",), at_once=1), Way(trunk="two", prefixes=("+49",)))
    agents = {id: replace(each, may_transfer_outside=id != "a1") for id, each in rules.agents.items()}
    return replace(rules, agents=agents, outbound=OutboundPolicy(ways=ways, region="DE", per_agent=6))


def with_routing(rules: Policy) -> Policy:
    """Sales rings everybody and remembers who served; support rings one more each time, with tiers and a skill that relaxes."""
    sales, support = (rules.queues[QueueId(name)] for name in ("sales", "support"))
    sales = replace(sales, strategy=Strategy.RING_ALL, ring_at_most=2, sticky=Sticky(for_s=300.0, wait_s=10.0), ageing_s=30.0)
    relax = (Relax(after_s=12.0, requires={"english": 1}), Relax(after_s=30.0, drop=frozenset({"english"})))
    support = replace(
        support, strategy=Strategy.RING_PROGRESSIVELY, ring_more_s=3.0, tiers={2: 8.0}, requires={"english": 2}, relax=relax, priority=1
    )
    a0, a1, a2 = rules.agents.values()
    a0, a1 = replace(a0, skills={"english": 3}), replace(a1, skills={"english": 1})
    a2 = replace(a2, memberships={support.id: Membership(tier=2, order=2)}, skills={"english": 2})
    agents = {each.id: each for each in (a0, a1, a2)}
    return replace(rules, queues={sales.id: sales, support.id: support}, agents=agents, breaks_reset_idle=False)


def renamed(rules: Policy) -> Policy:
    """Sales is called orders, or again sales, with all who serve it; what drains is forgotten by the next configuration."""
    there = {id: one for id, one in rules.queues.items() if not one.is_draining}
    old, new = (QueueId("sales"), QueueId("orders")) if "sales" in there else (QueueId("orders"), QueueId("sales"))
    queues = {new if id == old else id: replace(one, id=new, replaces=(old,)) if id == old else one for id, one in there.items()}
    agents = {}
    for id, agent in rules.agents.items():
        served = tuple(new if queue == old else queue for queue in agent.queues if queue in there)
        memberships = {new if queue == old else queue: one for queue, one in agent.memberships.items() if queue in there}
        agents[id] = replace(agent, queues=served, memberships=memberships)
    return replace(rules, queues=queues, agents=agents, moved={old: new})


def is_short(event: ev.Event) -> bool:
    """A call from an agent's phone may be over in the decision that begins it; nobody hears of its beginning after its end."""
    return isinstance(event, ev.CallArrived) and event.phone is not None


RIGHTS = frozenset({Supervise.LISTEN, Supervise.WHISPER, Supervise.BARGE, Supervise.TAKE_OVER})
SUPERVISORS = {
    SupervisorId(f"s{n}"): SupervisorPolicy(
        id=SupervisorId(f"s{n}"), name="S", phone=PhoneId(f"200{n}"), queues=frozenset({QueueId("sales")}), rights=RIGHTS,
        agents=frozenset({AgentId("a0")}), agent_drops=list(AgentDrops)[n],
    )
    for n in range(2)
}  # fmt: skip


WATCHED: dict[str, object] = {
    "supervisors": SUPERVISORS,
    "queue_record": RecordPolicy(when=When.ALWAYS, mask_longest_s=20.0),
}
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


@settings(max_examples=400, deadline=None)
@given(ACTIONS)
def test_given_any_order_of_events_when_the_dust_settles_then_what_is_believed_is_what_is(script: list[tuple[str, int]]) -> None:
    story = Story()
    for what, n in script:
        story.play(what, n)
    story.settle_down()
    assert_believed_is_true(story)


@settings(max_examples=200, deadline=None)
@given(WAITING_ACTIONS)
def test_given_flows_that_run_while_callers_wait_when_anything_happens_then_what_is_believed_is_what_is(
    script: list[tuple[str, int]],
) -> None:
    """ACD.md 7, 54: digits that leave, laps, ends of playbacks and agents' answers, crossing each other in every order."""
    story = Story("wait.callback")
    for what, n in script:
        story.play(what, n)
    story.settle_down()
    assert_believed_is_true(story)


@settings(max_examples=300, deadline=None)
@given(WAITING_ACTIONS)
def test_given_several_phones_at_once_and_skills_when_anything_happens_then_what_is_believed_is_what_is(
    script: list[tuple[str, int]],
) -> None:
    """ACD.md 18, 28, 29, 32, 33: answers that cross each other, losers who answered all the same, callers held for somebody."""
    story = Story(routed=True)
    for what, n in script:
        story.play(what, n)
    story.settle_down()
    assert_believed_is_true(story)


@settings(max_examples=400, deadline=None)
@given(TALK_ACTIONS)
def test_given_talks_with_holds_transfers_and_consults_when_anything_happens_then_what_is_believed_is_what_is(
    script: list[tuple[str, int]],
) -> None:
    """ACD.md 56-63, FAULTS.md F09, F34: wishes of agents crossing hang-ups, answers, restarts and each other in every order."""
    story = Story(watched=True, outside=True)
    for what, n in script:
        story.play(what, n)
    story.settle_down()
    assert_believed_is_true(story)


@settings(max_examples=200, deadline=None)
@given(NAILED_ACTIONS)
def test_given_talks_on_lines_that_stay_when_anything_happens_then_what_is_believed_is_what_is(script: list[tuple[str, int]]) -> None:
    """ACD.md 25: holds, transfers and consults of agents whose leg outlives the talk, with restarts and losses between."""
    story = Story(outside=True)
    rules = story.world.state.policy
    story.world.state.policy = replace(rules, phone_numbers={**rules.phone_numbers, "*85": FlowId("wish.nail_up")})
    for what, n in script:
        story.play(what, n)
    story.settle_down()
    assert_believed_is_true(story)


def assert_believed_is_true(story: Story) -> None:
    state, legs = story.world.state, story.switch.legs
    nailed = {each.leg for each in state.nailed.values()}
    assert nailed <= legs.keys(), "a line that is believed to stand does"
    callers = {x for x, truth in legs.items() if truth.inbound} - nailed
    known = {c.leg for c in state.calls.values() if c.talk.left_at is None}
    assert known == callers, "every caller on the switch is known, and nobody else is"
    outgoing: set[LegId] = {x for x, truth in legs.items() if not truth.inbound} - nailed
    owned = {each for o in state.offers.values() for each in o.legs} | {each.leg for each in state.monitors.values()}
    owned |= state.outsider_of_leg.keys()
    assert owned - nailed == outgoing, "I5: no leg without an owner, no offer without its leg"
    for monitor in state.monitors.values():
        assert (monitor.state == "talking") == (legs[monitor.leg].bridged_to is not None), monitor
        agents_end = HeardBy.OTHER if monitor.follows is Follows.CONTACT else HeardBy.TARGET
        assert legs[monitor.leg].heard_by in (HeardBy.NOBODY, agents_end, HeardBy.BOTH), "a whisper is for the agent"
    for offer in state.offers.values():
        assert offer.bridged_at is not None or legs[offer.leg].bridged_to is None, offer
    for call in state.calls.values():
        if call.owner == "agent":
            assert_they_hear_each_other(story, call)
        elif call.is_onward and call.outsider is not None:
            assert_with_outsider(story, call, call.outsider)
    on_tape = {(x, id): masked for x, truth in legs.items() for id, masked in truth.recordings.items()}
    running = [each for each in state.recordings.values() if each.is_running]
    assert on_tape == {(each.leg, each.id): each.state is RecordingState.MASKED for each in running}, "what is on tape is known"
    for call in state.calls.values():
        if call.entry and state.entries[call.entry].state == "waiting" and not call.ending:
            assert legs[call.leg].playing is not None, "nobody waits in dead air"


def assert_with_outsider(story: Story, call: Call, out: Outsider) -> None:
    """Put through to a number outside: joined, or with music until they answer."""
    customer, other = story.switch.legs[call.leg], story.switch.legs[out.leg]
    assert other.answered == out.is_here
    assert (customer.bridged_to == out.leg) == out.is_here and customer.armed is not out.is_here
    assert out.is_here or customer.playing is not None, "nobody waits for an answer in dead air"


def assert_they_hear_each_other(story: Story, call: Call) -> None:
    """Who is joined to whom, who hears music, who stands by; nobody holds in dead air, and nobody is left out."""
    legs, draft = story.switch.legs, Draft(story.world.state, ev.TimePassed(at=story.world.at), story.world.at)
    who = hearing.parties(draft, call)
    wanted, listener = hearing.pair(call.talk, who), hearing.listener(call.talk, who)
    of_talk = {who.own.leg} | ({who.asked} if who.asked else set()) | ({call.leg} & legs.keys())
    for each in of_talk:
        partner = next(iter(wanted - {each})) if each in wanted else None
        assert legs[each].bridged_to == partner, (each, call.talk)
        assert (legs[each].listens_to is not None) == (call.talk.state == "conference" and each == who.own.leg), call.talk
    if listener is not None:
        assert legs[listener].playing is not None, "whoever holds hears music"
    if call.leg in legs and not call.ending:
        assert legs[call.leg].armed is not (call.leg in wanted), "nothing pulls away who talks, and nobody holds for ever"
    if call.talk.state == "consulting" and not wanted:
        consult = hearing.consult_of(draft, call)
        assert legs[who.own.leg].playing is not None or (consult is not None and consult.state == "connecting")


def test_given_the_same_story_when_told_twice_then_the_same_decisions() -> None:
    script = [("rush", 0), ("wait", 16), ("ready", 1), ("call", 0), ("deliver", 0), ("pick_up", 0), ("deliver", 0)] * 3
    one, two = Story(), Story()
    for what, n in script:
        one.play(what, n)
        two.play(what, n)
    assert one.world.decisions == two.world.decisions and len(one.world.decisions) > 20
