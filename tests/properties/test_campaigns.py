"""Any order of what happens to campaigns (ACD.md 87, 88, 91-94): who is dialled, when, how many at a time; and nothing is left open."""

from collections import Counter
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from acd.campaign import Campaign, Mode
from acd.core.illegal import IllegalMove
from acd.law.calling import open_now
from acd.words import AgentState
from dialer.core.attempt import AttemptState, Outcome
from dialer.core.decisions import Claim, Decision, Dial, Finish
from dialer.core.events import NotDialled, OptedOut, PreviewWished
from dialer.core.run import RunState, RunWish
from dialer.core.showing import of_agent
from tests.dialer.floor import NOON, D, O, World, campaign

AGENTS = ("anna", "ben", "eva")
STATES = (AgentState.READY, AgentState.READY, AgentState.TALKING, AgentState.WRAP_UP, AgentState.NOT_READY)
HOUR_S = 3600.0
BEGINS = (NOON, NOON + 10.9 * HOUR_S)
"""The day, and six minutes before people are called no more."""

ACTIONS = st.one_of(
    st.tuples(st.just("agent"), st.sampled_from(AGENTS), st.sampled_from(STATES)),
    st.tuples(st.just("wish"), st.sampled_from(["spring", "summer"]), st.sampled_from(list(RunWish))),
    *2 * (st.tuples(st.just("machine"), st.integers(0, 30), st.none()),),
    st.tuples(st.sampled_from(["rings", "answers", "talks", "abandons", "busy", "unanswered"]), st.integers(0, 30), st.none()),
    st.tuples(st.just("passes"), st.sampled_from([1.0, 3.0, 20.0, 600.0, 2 * HOUR_S]), st.none()),
    st.tuples(st.just("not_dialled"), st.integers(0, 30), st.none()),
    st.tuples(st.just("opts_out"), st.integers(0, 30), st.none()),
    st.tuples(st.just("leads_come"), st.none(), st.none()),
    st.tuples(st.just("leads_come"), st.none(), st.none()),
    st.tuples(st.just("sees"), st.sampled_from(AGENTS), st.booleans()),
)


class Watched(World):
    """Looks at every call that is dialled, at the moment in which it is. Leads take their time to come."""

    def __init__(self, *campaigns: Campaign, at: float) -> None:
        self.asked: list[Claim] = []
        super().__init__(*campaigns, at=at)

    def leads_come(self) -> None:
        """Every third one must not be dialled without an agent reserved for it, whoever claims it."""
        if self.asked:
            found = self._claimed(self.asked.pop(0))
            needing = (replace(each, needs_agent=each.lead % 3 == 0) for each in found.attempts)
            self.hear(replace(found, attempts=tuple(needing)))

    def _do(self, decision: Decision) -> None:
        if isinstance(decision, Claim):
            self.asked.append(decision)
            return
        if isinstance(decision, Dial):
            self._must_be_allowed(decision)
        super()._do(decision)
        if isinstance(decision, Dial) and decision.attempt.id in self.calls and decision.attempt.id in self.state.attempts:
            kept = {attempt for attempt in self.reserved.values()}
            assert not decision.attempt.needs_agent or decision.attempt.id in kept, "the house keeps that agent for it"

    def _must_be_allowed(self, dial: Dial) -> None:
        rules, attempt = dial.rules, dial.attempt
        running = self.state.campaigns[rules.id]
        assert running.run.state is RunState.RUNNING, "dials though it was not started"
        assert open_now(rules.profile, attempt.zones, self.at, attempt.country) is True, "outside the hours of who is called"
        under_way = self.state.under_way(rules.id)
        assert rules.lines is None or under_way <= rules.lines, "more calls than lines"
        assert rules.queue is not None
        floor = self.state.floor(rules.queue)
        waits = (AttemptState.ASKED, AttemptState.RINGING, AttemptState.ANSWERED)
        assert attempt.reserved or not attempt.needs_agent, "after an abandon with nobody reserved for it"
        if attempt.reserved:
            theirs = [each.id for each in self.state.attempts.values() if each.reserved == attempt.reserved and each.state in waits]
            assert theirs == [attempt.id], "one agent, reserved for one call"
            return
        out = sum(each.state in waits and not each.reserved for each in self.state.attempts.values())
        if rules.mode is Mode.PROGRESSIVE or not running.ledger.may_overdial(self.at):
            assert out <= floor.free, "more calls than free agents, with no room by the law"


def acts(world: Watched, what: str, which: Any, how: Any) -> None:
    if what == "agent":
        world.agent(which, how)
    elif what == "wish":
        try:
            world.wish(which, how)
        except IllegalMove:
            return
    elif what == "passes":
        world.tick(which)
    elif what == "leads_come":
        world.leads_come()
    elif what == "sees":
        if of_agent(world.state, which) is not None:
            world.hear(PreviewWished(at=world.at, agent=which, accepts=how))
    else:
        to_a_call(world, what, which)


def to_a_call(world: Watched, what: str, which: int) -> None:
    """Only what can happen to it: nobody talks who has not answered."""
    out = [id for id, each in sorted(world.state.attempts.items()) if id in world.calls and each.is_under_way]
    if not out:
        return
    id = out[which % len(out)]
    state = world.state.attempts[id].state
    if what == "not_dialled" and state is AttemptState.ASKED:
        world.hear(NotDialled(at=world.at, attempt=id, why="no switch is reachable"))
        del world.calls[id]
    elif what == "opts_out":
        world.hear(OptedOut(at=world.at, number=world.state.attempts[id].number))
    elif what == "machine" and state not in (AttemptState.SHOWN, AttemptState.ABANDONED, AttemptState.MACHINE):
        machine(world, id, which)
    elif what == "unanswered":
        world.ends(id, ENDS.get(state, O.NO_ANSWER))
    else:
        step_on(world, id, what, which)


def step_on(world: Watched, id: str, what: str, which: int) -> None:
    state = world.state.attempts[id].state
    if what == "rings" and state is AttemptState.ASKED:
        world.rings(id)
    elif what == "answers" and state in (AttemptState.ASKED, AttemptState.RINGING):
        world.answers(id)
    elif what == "talks" and state is AttemptState.ANSWERED:
        world.talks(id, AGENTS[which % 3])
    elif what == "abandons" and state is AttemptState.ANSWERED:
        world.abandons(id)
    elif what == "busy" and state in (AttemptState.ASKED, AttemptState.RINGING):
        world.ends(id, O.BUSY, "USER_BUSY")


def machine(world: Watched, id: str, which: int) -> None:
    """It answers, if nobody has; an agent has it, perhaps; and then it is known."""
    for step, before in (("answers", AttemptState.ANSWERED), ("talks", AttemptState.TALKING)):
        if world.state.attempts[id].state is not before and (step == "answers" or which % 2):
            step_on(world, id, step, which)
    world.see(id, state=D.MACHINE)


ENDS = {AttemptState.TALKING: O.TALKED, AttemptState.ABANDONED: O.DIALER_ABANDON, AttemptState.MACHINE: O.MACHINE}


def persons(world: Watched, campaign: str) -> int:
    """Who has answered, and was no machine."""
    known = dict(world.state.attempts) | {each.attempt.id: each.attempt for each in world.decided if isinstance(each, Finish)}
    ours = [each for each in known.values() if each.campaign == campaign and each.answered_at is not None]
    return sum(each.state is not AttemptState.MACHINE and each.outcome is not Outcome.MACHINE for each in ours)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([Mode.PROGRESSIVE, Mode.RATIO, Mode.PREVIEW]),
    st.sampled_from([None, 1]),
    st.sampled_from(BEGINS),
    st.lists(ACTIONS, min_size=20, max_size=60),
)
def test_given_any_order_when_campaigns_run_then_each_call_is_allowed_when_it_is_dialled_and_each_lead_comes_to_one_end(
    mode: Mode, lines: int | None, begins: float, actions: list[tuple[str, Any, Any]]
) -> None:
    """The other of the two campaigns has its agents see the leads first, where both do not."""
    more = {"mode": mode, "ratio": 3.0 if mode is Mode.RATIO else None, "lines": lines, "preview_s": 20.0}
    other = more | {"mode": Mode.PREVIEW if lines else mode}
    world = Watched(campaign("spring", **more), campaign("summer", priority=3, **other), at=begins)
    for agent in AGENTS:
        world.agent(agent)
    for what, which, how in actions:
        acts(world, what, which, how)
    for _ in range(500):
        world.leads_come()
    assert not world.asked, "leads are asked for and given back in a circle"
    dialled = Counter(each.attempt.id for each in world.decided if isinstance(each, Dial))
    finished = Counter(each.attempt.id for each in world.decided if isinstance(each, Finish))
    assert all(n == 1 for n in dialled.values()) and all(n == 1 for n in finished.values())
    open_ones = {id for id, each in world.state.attempts.items() if each.is_under_way}
    assert set(finished).isdisjoint(open_ones) and set(finished) | open_ones == {f"t{n + 1}" for n in range(world.claims)}
    kept = {attempt: agent for agent, attempt in world.reserved.items()}
    assert all(attempt in open_ones and world.state.attempts[attempt].reserved == agent for attempt, agent in kept.items())
    for each in world.state.campaigns.values():
        counts = each.ledger.counts(world.at)
        assert all(count.abandoned <= count.answered for count in counts)
        assert counts[-1].answered == persons(world, each.id)


class Listed(Watched):
    """A list that comes to its end: what goes back undialled is asked for again."""

    def leads_come(self) -> None:
        while self.asked:
            self.hear(self._claimed(self.asked.pop(0)))

    def _do(self, decision: Decision) -> None:
        if isinstance(decision, Finish) and decision.attempt.outcome is Outcome.RETURNED:
            self.leads += 1
        super()._do(decision)

    def goes_on(self) -> None:
        """Everybody is at work, whoever is called does not answer, and every lead that is shown is wanted."""
        self.leads_come()
        for agent in AGENTS:
            if of_agent(self.state, agent) is not None:
                self.hear(PreviewWished(at=self.at, agent=agent, accepts=True))
        for id, each in list(self.state.attempts.items()):
            if id in self.calls and each.is_under_way:
                self.ends(id, ENDS.get(each.state, O.NO_ANSWER))
        for agent in AGENTS:
            self.agent(agent)
        self.tick(11.0)


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from([Mode.PROGRESSIVE, Mode.RATIO, Mode.PREVIEW]),
    st.sampled_from([None, 1, 2]),
    st.integers(1, 9),
    st.lists(ACTIONS, min_size=5, max_size=40),
)
def test_given_any_order_when_everybody_is_at_work_again_then_every_lead_of_the_list_is_dialled(
    mode: Mode, lines: int | None, leads: int, actions: list[tuple[str, Any, Any]]
) -> None:
    more = {"mode": mode, "ratio": 3.0 if mode is Mode.RATIO else None, "lines": lines, "preview_s": 20.0}
    world = Listed(campaign("spring", **more), at=NOON)
    world.leads = leads
    for what, which, how in actions:
        acts(world, what, which, how)
    world.tick(7 * 24 * HOUR_S - (world.at - NOON) % (7 * 24 * HOUR_S))
    for _ in range(4):
        world.goes_on()
    if world.state.campaigns["spring"].run.state is not RunState.RUNNING:
        world.wish("spring", RunWish.START)
    for n in range(80):
        world.goes_on()
        world.leads += n == 40  # one more is imported while they all wait for it
    world.leads_come()
    under_way = [id for id, each in world.state.attempts.items() if each.is_under_way]
    assert world.leads == 0 and not under_way, world.state.campaigns["spring"].held
