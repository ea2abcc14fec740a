"""Queues that close, lose their agents, overflow, keep places and follow recipes, under every order of events (ACD.md 6, 43-54)."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from acd.core import events as ev
from acd.core.lines.forecast import UNSERVED
from acd.core.lines.recipe import Announce, Leave, Offer, Overflow, Prefer, Recipe, When
from acd.core.media import Speech
from acd.words import FlowId, QueueId, node_of
from tests.core.test_rows_queue import Until
from tests.core.world import Flows, leg, policy
from tests.properties.believed import assert_believed_is_true
from tests.properties.happenings import EACH, MORE, N
from tests.properties.story import Story

SALES, SUPPORT = QueueId("sales"), QueueId("support")
EXITS = frozenset({"no_agents", "closed", "full", "timed_out", "out"})
SAY = Announce(media=(Speech(text="Thank you."),))
RECIPES = (
    Recipe(name="thanks", when=When(waited_s=5.0), do=(SAY,), every_s=15.0),
    Recipe(name="more", when=When(position_over=1), do=(Prefer(by=2), SAY)),
    Recipe(name="offer", when=When(waited_s=10.0), do=(Offer(flow=FlowId("wait.out")),)),
    Recipe(name="few", when=When(available_under=1, waited_s=20.0), do=(Overflow(queue=SUPPORT),)),
    Recipe(name="long", when=When(waited_s=90.0), do=(Prefer(by=-1), Leave(exit="out"))),
)
LIFE = tuple(
    st.tuples(st.just(what), N) for what in ("closes", "opens", "calls_again", "calls_again", "caller_ends", "log_out", "not_ready")
)
WAITS = tuple(st.tuples(st.just("wait"), st.sampled_from([1, 2, 6, 11, 40, 100])) for _ in range(3))
ACTIONS = st.lists(st.one_of(*EACH, *MORE, *LIFE, *WAITS), min_size=20, max_size=80)


class Life(Story):
    def __init__(self) -> None:
        super().__init__("wait.out")
        shared = {"queue_max_waiting": 3, "queue_grace_s": 8.0, "queue_keep_place_s": 60.0, "queue_hours": "shop"}
        rules = policy(3, ("sales", "support"), calendars={"shop": Until(1e12)}, max_missed=2, max_hops=2, **shared)
        over = {exit: SUPPORT for exit in ("full", "timed_out", "no_agents")}
        sales = replace(rules.queues[SALES], at_close="leave", recipes=RECIPES, overflow=over)
        support = replace(rules.queues[SUPPORT], overflow={"full": SALES})  # round in a circle, which is refused when it is read
        self.world.state.policy = replace(rules, queues={SALES: sales, SUPPORT: support})
        self.world.state.flows = Flows(exit_keys="9", max_wait_s=120.0, waiting=FlowId("wait.out"), exits=EXITS)
        self.feed(ev.PolicyChanged(at=self.world.at))

    def play(self, what: str, n: int) -> None:
        match what:
            case "closes" | "opens":
                state = "closed" if what == "closes" else "open"
                until = self.world.at + 30 if n else None
                self.feed(ev.CalendarForced(at=self.world.at, calendar="shop", state=state, until=until))
            case "calls_again":
                self.calls += 1
                self.switch.call(self.world.at, leg(f"c{self.calls}"), "12"[n % 2], number=f"+493011{n % 3}")
                super().play("deliver", 0)
            case _:
                super().play(what, n)


@settings(max_examples=100, deadline=None)
@given(ACTIONS)
def test_given_queues_with_a_life_of_their_own_when_anything_happens_then_what_is_believed_is_what_is(
    script: list[tuple[str, int]],
) -> None:
    life = Life()
    for what, n in script:
        life.play(what, n)
        assert_watched(life)
    life.settle_down()
    assert_believed_is_true(life)


def assert_watched(life: Life) -> None:
    """A line that may have to leave has somebody who looks; nobody goes round in queues; once is once."""
    state = life.world.state
    for queue in (SALES, SUPPORT):
        waits = [entry for entry in state.unserved(queue).values() if entry.kind == "call"]
        if waits and not state.roster.staffed(queue):
            watch = state.watches[queue]
            assert watch.vacant_since is not None or (watch.look_at or 0.0) <= life.world.at, "or it is looked at now"
        if queue in state.policy.moved:  # another is in its place; who is rung, or cannot be reached, goes over later
            waits = [entry for entry in waits if entry.state == "waiting" and state.reachable(node_of(entry.leg))]
        assert not waits or queue != SALES or state.watches[queue].look_at is not None
    for entry in state.entries.values():
        assert entry.queue not in entry.via and len(set(entry.via)) == len(entry.via) <= 2
        assert len({ran.recipe for ran in entry.recipes}) == len(entry.recipes)
        assert all(ran.times == 1 for ran in entry.recipes if ran.recipe != "thanks")
        assert entry.state not in UNSERVED or entry.queue in state.policy.queues or entry.queue.startswith("@")
    linked = [call.linked_to for call in state.calls.values() if call.linked_to]
    assert len(set(linked)) == len(linked), "a place is taken by one"
