"""Any order of what happens to campaigns that share their agents across queues, and with callers (ACD.md 37, 87)."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from acd.words import AgentState, QueueId
from dialer.core.attempt import AttemptState
from dialer.core.decisions import Decision, Dial
from dialer.core.run import RunState
from tests.dialer.floor import NOON, QUEUE, World, campaign
from tests.properties.test_campaigns import ACTIONS, AGENTS, Watched, acts

OWN, SUPPORT = QueueId("own"), QueueId("support")
ALL = (QUEUE, OWN, SUPPORT)
OUT = (AttemptState.ASKED, AttemptState.RINGING, AttemptState.ANSWERED)
WAITING = st.tuples(st.just("waits"), st.sampled_from(ALL), st.integers(0, 3))
HAPPENS = st.lists(st.one_of(ACTIONS, ACTIONS, WAITING), max_size=60)


def out(world: World) -> int:
    """Who will need an agent of whom nobody knows yet who it is."""
    return sum(each.state in OUT and not each.reserved for each in world.state.attempts.values())


def happens(world: Any, what: str, which: Any, how: Any) -> None:
    if what == "waits":
        world.waits(how, which)
    else:
        acts(world, what, which, how)


class Everywhere(Watched):
    """Whoever serves one queue serves all of them."""

    def agent(self, name: str, doing: AgentState = AgentState.READY, **_: Any) -> list[Decision]:
        return super().agent(name, doing, queues=ALL)

    def _must_be_allowed(self, dial: Dial) -> None:
        super()._must_be_allowed(dial)
        assert dial.rules.queue is not None
        floors = self.state.floors
        waiting = sum(each.callers for each in floors.values())
        assert out(self) + waiting <= floors[dial.rules.queue].free, "for an agent whom somebody else has, or will have"


@settings(max_examples=150, deadline=None)
@given(HAPPENS)
def test_row_37_given_any_order_when_two_queues_have_the_same_agents_then_nobody_is_counted_on_twice(
    actions: list[tuple[str, Any, Any]],
) -> None:
    world = Everywhere(campaign("spring", queue=OWN), campaign("summer", priority=3), at=NOON)
    for agent in AGENTS:
        world.agent(agent)
    for what, which, how in actions:
        happens(world, what, which, how)


class Quick(Everywhere):
    """Leads come at once. At each call for the lower campaign the higher one can use no more, and it is looked at."""

    def leads_come(self) -> None:
        return

    def _do(self, decision: Decision) -> None:
        if isinstance(decision, Dial) and decision.rules.id == "spring":
            self._must_be_left_over()
        World._do(self, decision)

    def _must_be_left_over(self) -> None:
        high = self.state.campaigns["summer"]
        used = high.rules.lines is not None and self.state.under_way("summer") >= high.rules.lines
        assert high.run.state is not RunState.RUNNING or used or high.held, "the higher one could have had that agent"


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([None, 1, 2]), HAPPENS)
def test_given_any_order_when_a_campaign_is_above_another_then_it_has_the_agents_first_and_none_is_left_alone_whom_the_other_could_use(
    lines: int | None, actions: list[tuple[str, Any, Any]]
) -> None:
    world = Quick(campaign("spring", queue=OWN), campaign("summer", priority=3, lines=lines), at=NOON)
    for agent in AGENTS:
        world.agent(agent)
    for what, which, how in actions:
        happens(world, what, which, how)
        low = world.state.campaigns["spring"]
        if low.dials and not low.held and low.rules.id in world.state.campaigns:
            waiting = sum(each.callers for each in world.state.floors.values())
            assert out(world) >= world.state.floor(OWN).free - waiting, "an agent is free whom nobody is dialled for"


