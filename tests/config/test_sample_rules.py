"""What the sample ``acd.yaml`` promises in its comments holds in the core: who is rung, what is done for who waits (ACD.md 28, 54)."""

from dataclasses import replace
from pathlib import Path

from acd.config.load import load
from acd.core.commands import Play
from acd.core.media import Speech
from acd.words import FlowId, Wish
from tests.core.world import Flows, World

SAMPLE = Path(__file__).parents[2] / "config"
EXITS = frozenset({"closed", "no_agents", "timed_out", "full", "failed"})
SALES, SUPPORT = "1", "2"


def sample() -> World:
    """Its queues and agents; both queues may be called straight, at any hour."""
    rules = load(SAMPLE).policy
    numbers = {SALES: FlowId("queue.sales"), SUPPORT: FlowId("queue.support")}
    always = {id: replace(queue, hours=None) for id, queue in rules.queues.items()}
    return World(replace(rules, numbers=numbers, queues=always), Flows(exits=EXITS))


def said(world: World) -> int:
    plays = [c for d in world.decisions for c in d.commands if isinstance(c, Play)]
    return sum(
        1 for play in plays if isinstance(play.media[0], Speech) and play.media[0].text.startswith("Thank you for your patience")
    )


def test_given_support_and_only_ben_is_free_when_a_caller_has_waited_half_a_minute_then_ben_is_rung_and_not_before() -> None:
    world = sample().ready("ben")
    world.arrives("c", SUPPORT)
    world.after(29)
    assert world.rung() == []
    world.after(1.5)
    assert world.rung() == ["1002"]


def test_given_support_and_anna_is_free_when_a_caller_comes_then_anna_is_rung_at_once() -> None:
    world = sample().ready("ben", "anna")
    world.arrives("c", SUPPORT)
    assert world.rung() == ["1001"]


def test_given_sales_and_nobody_is_free_when_a_caller_waits_then_they_are_thanked_and_go_further_ahead() -> None:
    world = sample()
    world.asks("anna", Wish.LOG_IN)
    world.arrives("c", SALES)
    priority = world.entry("c").priority
    world.after(59)
    assert said(world) == 0
    world.after(3)
    assert said(world) == 1
    world.after(100)
    assert world.entry("c").priority == priority
    world.after(25)
    assert world.entry("c").priority == priority + 5
