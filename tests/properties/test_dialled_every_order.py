"""Dialled calls under every order of events, beside callers: answered, dropped, lost, with restarts between (ACD.md 37, 86-91).

The make-believe switch knows who was dialled, when each answered, and for how long each rang: whatever happens nobody is dialled twice,
nobody's ringing is given up too soon, and nobody who has answered waits past their time.
"""

from hypothesis import given, settings
from hypothesis import strategies as st

from acd.core import commands as cm
from acd.core import events as ev
from acd.core.decision import Decision
from acd.core.outside.dialled_call import DialledState, DialOutcome
from acd.core.outside.seats import seats
from acd.sim.switch import FakeSwitch
from acd.words import AgentId, EntryKind, EntryState, FlowId, LegId, MachineTone, QueueId
from tests.core.dialled_out import MESSAGE, NUMBERS, DialledFlows, DialledWorld, dialling_rules
from tests.core.world import FS
from tests.properties.happenings import EACH, N
from tests.properties.story import Story

LEAST_S, ANSWER_S = 15.0, 2.0
FLOWS = (FlowId("message.hello"), FlowId("queue.sales"))
TONES = {"beeps": MachineTone.BEEP, "faxes": MachineTone.FAX}
OVER = (DialledState.ENDED, DialledState.FORGOTTEN)
ASKED = tuple(
    st.tuples(st.just(what), N)
    for what in ("dials", "dials", "rings", "answers", "answers", "busy", "drops", "agent_answers", "delivers", "delivers", "moment")
    + ("reserves", "for_one", "lets_go", "beeps", "beeps", "faxes")
)
ACTIONS = st.lists(st.one_of(*EACH, *ASKED, *ASKED), min_size=15, max_size=70)


class DialledStory(Story):
    def __init__(self) -> None:
        super().__init__()
        rules = dialling_rules(3, max_missed=2, gate={"per_number": 1000})
        self.world, self.switch = DialledWorld(rules, DialledFlows(exit_keys="9", max_wait_s=120.0)), FakeSwitch()
        self.versions: list[object] = []
        self.calls = self.attempts = 0
        self.done = len(self.world.decisions)
        self.dialled_at: dict[LegId, float] = {}
        self.called: list[str] = []

    def _obey(self, decisions: list[Decision]) -> None:
        for decision in decisions:
            for command in decision.commands:
                if isinstance(command, cm.CallOut):
                    assert command.leg not in self.dialled_at, "never dialled twice"
                    self.called.append(command.marks["out"])
                    self.dialled_at[command.leg] = self.world.at
                if isinstance(command, cm.HangUp) and command.leg in self.dialled_at and command.cause == "ORIGINATOR_CANCEL":
                    assert self.world.at >= self.dialled_at[command.leg] + LEAST_S, "a phone rings for its least"
        super()._obey(decisions)

    def feed(self, event: ev.Event) -> None:
        super().feed(event)
        for entry in self.world.state.entries.values():
            if entry.kind is EntryKind.DIALLED and entry.state in (EntryState.WAITING, EntryState.OFFERED):
                assert (
                    entry.leave_at is not None and entry.deadline is not None and entry.deadline <= max(entry.leave_at, self.world.at)
                )
        found = seats(self.world.state, QueueId("sales"))
        assert found.free == self.world.state.available(QueueId("sales"))

    def play(self, what: str, n: int) -> None:
        world, switch = self.world, self.switch
        out = sorted(x for x, truth in switch.legs.items() if not truth.inbound)
        people = [x for x in out if "out" in switch.legs[x].marks]
        silent = [x for x in people if not switch.legs[x].answered]
        agents = [x for x in out if x not in people]
        match what:
            case "dials":
                self._dials(n)
            case "reserves" | "lets_go":
                self._reserves(what, n)
            case "for_one":
                self._for_one()
            case "rings" | "answers" | "busy" if silent:
                self._far(what, silent[n % len(silent)])
            case "beeps" | "faxes":
                self._machine(people, n, TONES[what])
            case "drops":
                self.feed(ev.DialDropAsked(at=world.at, attempt=f"t{max(1, self.attempts - n)}"))
            case "agent_answers" if agents and not switch.legs[agents[n % len(agents)]].answered:
                switch.picks_up(world.at, agents[n % len(agents)])
                self.play("delivers", 0)
            case "delivers":
                for _ in range(min(3, len(switch.outbox))):
                    super().play("deliver", 0)
            case "moment":
                self.wait(0.7)
            case _:
                super().play(what, n)
        self.wait(0)

    def _dials(self, n: int) -> None:
        self.attempts += 1
        again = max(1, self.attempts - 3 * (n % 2))  # now and then one that was dialled already
        number = NUMBERS[again % 100]
        asked = {"attempt": f"t{again}", "number": number, "priority": n % 2, "message": MESSAGE}
        asked |= {"detect": self.attempts % 3 > 0, "voicemail": MESSAGE if self.attempts % 2 else None}
        asked |= {"flow": FLOWS[self.attempts % 2]} if n == 3 else {"queue": QueueId("sales")}
        self.feed(ev.DialAsked(at=self.world.at, ring_s=20.0, ring_least_s=LEAST_S, answer_s=ANSWER_S, **asked))  # type: ignore[arg-type]

    def _machine(self, people: list[LegId], n: int, tone: MachineTone) -> None:
        """One of those who were dialled answers, if nobody has; an agent has it, perhaps; and then it is heard."""
        if not people:
            return
        far, joined = people[n % len(people)], n > 0
        for n in range(3 if joined else 0):
            self.play("ready", n)
        if not self.switch.legs[far].answered:
            self.switch.picks_up(self.world.at, far)
        self._all_told()
        for leg in [x for x, truth in self.switch.legs.items() if joined and not truth.answered and "offer" in truth.marks]:
            self.switch.picks_up(self.world.at, leg)
            self._all_told()
        self.switch.outbox.append(ev.MachineHeard(at=self.world.at, leg=far, tone=tone))
        self._all_told()

    def _all_told(self) -> None:
        for _ in range(12):
            super().play("deliver", 0)

    def _far(self, what: str, leg: LegId) -> None:
        if what == "rings":
            self.switch.outbox.append(ev.LegRinging(at=self.world.at, leg=leg))
        elif what == "answers":
            self.switch.picks_up(self.world.at, leg)
        else:
            self.switch.end(self.world.at, leg, "USER_BUSY")

    def _reserves(self, what: str, n: int) -> None:
        whom = {"agent": AgentId(f"a{n % 3}"), "attempt": f"t{self.attempts + 1 + n % 2}"}
        asked = ev.ReserveAsked(at=self.world.at, queue=QueueId("sales"), for_s=20.0, **whom)  # type: ignore[arg-type]
        self.feed(asked if what == "reserves" else ev.LetGoAsked(at=self.world.at, **whom))  # type: ignore[arg-type]

    def _for_one(self) -> None:
        """Dialled for one agent: only if they are free for it."""
        agents = self.world.state.agents
        agent = min(agents, key=lambda id: (not agents[id].reserved_for, id), default=AgentId("a0"))
        self.attempts += 1
        was = self.world.agent(agent)
        attempt = was.reserved_for or f"t{self.attempts}"
        more = {"queue": QueueId("sales"), "reserved": agent, "message": MESSAGE, "number": NUMBERS[self.attempts % 100]}
        self.feed(ev.DialAsked(at=self.world.at, attempt=attempt, ring_s=20.0, ring_least_s=LEAST_S, answer_s=ANSWER_S, **more))  # type: ignore[arg-type]
        if self.called[-1:] == [attempt]:
            assert was.is_free or was.reserved_for == attempt
            assert self.world.agent(agent).reserved_for == attempt

    def restart(self) -> None:
        """Every record as it was remembered, in order."""
        fresh = DialledWorld(self.world.state.policy, self.world.state.flows)  # type: ignore[arg-type]
        fresh.state.nodes.clear()
        for record in self.versions:
            fresh.state.put(record)  # type: ignore[arg-type]
        before = {k: v for k, v in self.world.all_records().items() if k[0] != "Node"}
        assert {k: v for k, v in fresh.all_records().items() if k[0] != "Node"} == before
        assert list(fresh.state.due) == list(self.world.state.due)
        assert fresh.state.dialled_of_leg == self.world.state.dialled_of_leg
        self.world.state = fresh.state
        self.feed(ev.NodeLost(at=self.world.at, node=FS))
        self.look()


@settings(max_examples=80, deadline=None)
@given(ACTIONS)
def test_given_dialled_calls_when_anything_happens_then_each_ends_once_and_nobody_waits_past_their_time(
    script: list[tuple[str, int]],
) -> None:
    story = DialledStory()
    for what, n in script:
        story.play(what, n)
    story.settle_down()
    state, legs = story.world.state, story.switch.legs
    assert len(story.called) == len(set(story.called)), "no attempt is dialled twice"
    known = {x for x in state.call_of_leg} | {x for o in state.offers.values() for x in o.legs} | set(state.dialled_of_leg)
    assert known == set(legs), "I5: every leg has its owner, and nobody is owed one"
    assert {each.leg for each in state.outgoing.values()} <= set(legs), "nobody is counted as outside who is not"
    for dialled in state.dialled.values():
        if dialled.state is DialledState.TALKING:
            assert dialled.bridged_at is not None and dialled.agent is not None
        if dialled.outcome in (DialOutcome.TALKED, DialOutcome.DIALER_ABANDON, DialOutcome.HUNG_UP, DialOutcome.DONE):
            assert dialled.answered_at is not None
        if dialled.outcome in (DialOutcome.MACHINE, DialOutcome.FAX):
            assert dialled.detect and dialled.answered_at is not None and dialled.abandoned_at is None, "no abandon is taken back"
        if dialled.abandoned_at is not None and dialled.is_over:
            assert dialled.outcome is DialOutcome.DIALER_ABANDON
    story.wait(2000.0)
    story.settle_down()
    left = [each for each in story.world.state.dialled.values() if each.state not in OVER]
    assert all(each.state in (DialledState.TALKING, DialledState.ABANDONED) for each in left), "each ends, or somebody talks to them"


def test_given_the_same_story_when_told_twice_then_the_same_decisions() -> None:
    script = [
        ("dials", 0),
        ("ready", 0),
        ("delivers", 0),
        ("rings", 0),
        ("answers", 0),
        ("delivers", 0),
        ("agent_answers", 0),
        ("wait", 40),
    ] * 3
    one, two = DialledStory(), DialledStory()
    for what, n in script:
        one.play(what, n)
        two.play(what, n)
    assert one.world.decisions == two.world.decisions and one.called
