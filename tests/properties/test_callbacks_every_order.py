"""Callbacks under every order of events: asked for twice, dialled, lost, declined, merged with callers, with restarts between.

The make-believe switch counts who was dialled when: whatever happens, no number is called twice within its window, and no more at once
than the gate lets out (ACD.md 68-74, FAULTS.md S01).
"""

from hypothesis import given, settings
from hypothesis import strategies as st

from acd.core import commands as cm
from acd.core import events as ev
from acd.core.decision import Decision
from acd.core.draft import Draft
from acd.core.outside import callbacks
from acd.core.outside.callback import CallbackState
from acd.core.outside.outbound_policy import Way
from acd.sim.switch import FakeSwitch
from acd.words import QueueId
from tests.core.called_back import CallbackWorld, Own, callback_rules
from tests.core.world import FS, leg
from tests.properties.happenings import EACH, N
from tests.properties.story import Story

NUMBERS = ("+493012345678", "+493087654321", "03012345678", "")
RETRY_S = 60.0
WHAT = ("asks_back",) * 2 + ("calls_in",) * 2 + ("answers",) * 2 + ("cancel", "hurry", "agent_answers", "delivers", "own")
ASKED = tuple(st.tuples(st.just(what), N) for what in WHAT)
ACTIONS = st.lists(st.one_of(*EACH, *ASKED, *ASKED), min_size=15, max_size=70)


class CallbackStory(Story):
    dialled = ("1", "70", "70")

    def __init__(self, mode: str) -> None:
        super().__init__()
        carrier = Way(trunk="carrier", prefixes=("+",), at_once=2, per_second=2)
        gate = {"ways": (carrier,), "per_number": 4, "per_day": 9}
        rules = callback_rules(3, mode=mode, retries=(RETRY_S, RETRY_S), gate=gate, max_missed=2, expires_s=900.0)
        self.world, self.switch = CallbackWorld(rules, Own(exit_keys="9", max_wait_s=120.0)), FakeSwitch()
        self.versions: list[object] = []
        self.calls = 0
        self.done = len(self.world.decisions)
        self.called: list[tuple[str, str, float]] = []
        self.hurried: set[str] = set()

    def _obey(self, decisions: list[Decision]) -> None:
        for decision in decisions:
            for command in decision.commands:
                if isinstance(command, cm.CallOut):
                    self._may_be_called(command)
                    self.called.append((command.marks["call"], command.number, self.world.at))
        super()._obey(decisions)

    def _may_be_called(self, command: cm.CallOut) -> None:
        callback = command.marks["call"]
        before = [at for who, _, at in self.called if who == callback]
        waited = not before or self.world.at >= before[-1] + RETRY_S
        assert waited or callback in self.hurried, "never dialled twice in its window"
        assert sum(number == command.number for _, number, _ in self.called) < 4, "no more to a number than the gate lets out in a day"
        assert len(self.called) < 9, "no more than the gate lets out in a day"

    def play(self, what: str, n: int) -> None:
        world, switch = self.world, self.switch
        out = sorted(x for x, truth in switch.legs.items() if not truth.inbound)
        customers = [x for x in out if "out" in switch.legs[x].marks]
        agents = [x for x in out if x not in customers]
        pending = sorted(world.state.callbacks)
        match what:
            case "asks_back" | "calls_in":
                self.calls += 1
                number = "70" if what == "asks_back" else "1"
                switch.call(world.at, leg(f"c{self.calls}"), number, NUMBERS[n])
                super().play("deliver", 0)
                if n % 2 == 0:  # gone at once, as after a promise
                    switch.end(world.at, leg(f"c{self.calls}"))
                    super().play("deliver", 0)
            case "own":
                self._cancels_own(NUMBERS[n])
            case "answers" if customers and not switch.legs[customers[n % len(customers)]].answered:
                switch.picks_up(world.at, customers[n % len(customers)])
            case "agent_answers" if agents and not switch.legs[agents[n % len(agents)]].answered:
                switch.picks_up(world.at, agents[n % len(agents)])
                self.play("delivers", 0)
            case "delivers":
                for _ in range(min(3, len(switch.outbox))):
                    super().play("deliver", 0)
            case "cancel" | "hurry" if pending:
                wish, which = "cancel" if what == "cancel" else "now", pending[n % len(pending)]
                self.hurried.add(which)
                self.feed(ev.CallbackAsked(at=world.at, callback=which, wish=wish))
            case _:
                super().play(what, n)
        self.wait(0)  # what is due is due, as in the house

    def _cancels_own(self, number: str) -> None:
        """Nobody is called any more whose number told one person; everybody else's callback stands as it stood (ACD.md 72, 74)."""
        world = self.world
        self.play("delivers", 0)
        alone, before = not world.state.callers[number], {*world.state.callbacks}
        self.calls += 1
        self.switch.call(world.at, leg(f"c{self.calls}"), "82", number)
        while self.switch.outbox:
            super().play("deliver", 0)
        mine = (
            callbacks.live_for(Draft(world.state, ev.TimePassed(at=world.at), world.at), QueueId("sales"), number) if number else None
        )
        if alone and number and f"c{self.calls}" in world.state.calls:
            assert mine is None or mine.state in (CallbackState.HERE, CallbackState.AFTER), "cancelled, and still to be called"
        elif not number:
            assert {*world.state.callbacks} == before, "a withheld number is nobody's"

    def restart(self) -> None:
        """Every record as it was remembered, in order."""
        fresh = CallbackWorld(self.world.state.policy, self.world.state.flows)  # type: ignore[arg-type]
        fresh.state.nodes.clear()
        for record in self.versions:
            fresh.state.put(record)  # type: ignore[arg-type]
        before = {k: v for k, v in self.world.all_records().items() if k[0] != "Node"}
        assert {k: v for k, v in fresh.all_records().items() if k[0] != "Node"} == before
        assert list(fresh.state.due) == list(self.world.state.due)
        assert fresh.state.callback_of == self.world.state.callback_of
        self.world.state = fresh.state
        self.feed(ev.NodeLost(at=self.world.at, node=FS))
        self.look()


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["agent_first", "customer_first"]), ACTIONS)
def test_given_callbacks_when_anything_happens_then_what_is_believed_is_what_is_and_nobody_is_called_twice(
    mode: str, script: list[tuple[str, int]]
) -> None:
    story = CallbackStory(mode)
    for what, n in script:
        story.play(what, n)
    story.settle_down()
    state, legs = story.world.state, story.switch.legs
    known = {call.leg for call in state.calls.values() if call.leg} | {x for o in state.offers.values() for x in o.legs}
    assert known == set(legs), "I5: every leg has its owner, and nobody is owed one"
    for offer in state.offers.values():
        if not offer.reserved:
            assert (offer.bridged_at is not None) == (legs[offer.leg].bridged_to is not None), offer
    for callback in state.callbacks.values():
        if callback.state is CallbackState.HERE:
            assert legs[callback.leg].answered  # type: ignore[index]
    assert {each.leg for each in state.outgoing.values()} <= set(legs), "nobody is counted as outside who is not"
    story.wait(2000.0)
    talking = [each for each in state.calls.values() if each.is_here]
    assert all(each.state is CallbackState.HERE for each in story.world.state.callbacks.values()), "each ends, or is being served"
    assert len(story.world.state.callbacks) <= len(talking)


def test_given_the_same_story_when_told_twice_then_the_same_decisions() -> None:
    once = [("asks_back", 0), ("ready", 0), ("delivers", 0), ("agent_answers", 0), ("answers", 0), ("delivers", 0), ("wait", 400)]
    script = once * 3
    one, two = CallbackStory("agent_first"), CallbackStory("agent_first")
    for what, n in script:
        one.play(what, n)
        two.play(what, n)
    assert one.world.decisions == two.world.decisions and one.called
