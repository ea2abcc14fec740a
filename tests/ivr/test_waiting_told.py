"""What callers in line are told of their place (ACD.md 55)."""

from dataclasses import replace

import pytest

from tests.core.world import leg
from tests.ivr.in_line import heard, play_ends, world


def test_55_given_somebody_more_important_when_the_place_is_told_again_then_it_never_goes_back() -> None:
    w = world()
    w.arrives("c")
    play_ends(w)
    play_ends(w)
    w.state.policy = replace(w.state.policy, queues={q: replace(p, priority=9) for q, p in w.state.policy.queues.items()})
    assert heard(w.arrives("vip")) == ["You are number 1"]
    before = len(w.decisions)
    w.after(26)
    assert heard([c for d in w.decisions[before:] for c in d.commands if c.leg == leg("c")]) == ["[default]", "You are number 1"]
    assert w.state.place_in_line(w.entry("c")) == 2


def test_given_a_place_that_was_told_when_the_caller_joins_another_queue_then_it_counts_anew() -> None:
    main = """
    start: line
    steps:
      line: {step: queue, queue: sales, while_waiting: meanwhile, max_wait: 10s, exits: {callback: bye}, otherwise: second}
      second: {step: queue, queue: support, while_waiting: meanwhile, exits: {callback: bye}, otherwise: bye}
      bye: {step: hang_up}
    """
    w = world(main=main, queues=("sales", "support"))
    w.arrives("b")
    w.after(11)
    w.arrives("c")
    before = len(w.decisions)
    w.after(11)
    assert heard([c for d in w.decisions[before:] for c in d.commands if c.leg == leg("c")])[-1] == "You are number 2"


SAYS = "start: a\nsteps:\n  a: {{step: say, text: '{{{{ {0} }}}}.', next: b}}\n  b: {{step: return}}\n"


@pytest.mark.parametrize(
    ("name", "told"),
    [("queues.sales.waiting", "0"), ("queues.sales.staffed", "1"), ("queues.sales.ready", "0"), ("line.waited", "0")],
)
def test_given_what_the_house_knows_when_a_flow_asks_then_it_is_told(name: str, told: str) -> None:
    assert heard(world(meanwhile=SAYS.format(name)).arrives("c")) == [told]


def test_55_given_a_place_that_nobody_was_told_when_others_go_ahead_then_the_truth_is_told_later() -> None:
    steps = "  a: {step: say, text: Hi., next: b}\n  b: {step: pause, for: 20s, next: c}\n  c: {step: return}\n"
    w = world(meanwhile=f"start: a\nsteps:\n{steps}")
    w.arrives("c")
    assert w.call("c").waiting.position == 0, "what is not read is not told"  # type: ignore[union-attr]
