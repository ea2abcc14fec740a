"""The invariants under every order of events that hypothesis can think of: lost, doubled, late, overtaken, with crashes between.

The make-believe switch knows the truth. While the story runs, the safety invariants are checked after every event (World does it).
At its end the core is given what it is always given after a gap, a snapshot, and then what it believes must be what is.
"""

from dataclasses import replace

from hypothesis import given, settings

from acd.words import (
    FlowId,
)
from tests.properties.believed import assert_believed_is_true
from tests.properties.happenings import (
    ACTIONS,
    NAILED_ACTIONS,
    TALK_ACTIONS,
    WAITING_ACTIONS,
)
from tests.properties.story import Story


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


def test_given_the_same_story_when_told_twice_then_the_same_decisions() -> None:
    script = [("rush", 0), ("wait", 16), ("ready", 1), ("call", 0), ("deliver", 0), ("pick_up", 0), ("deliver", 0)] * 3
    one, two = Story(), Story()
    for what, n in script:
        one.play(what, n)
        two.play(what, n)
    assert one.world.decisions == two.world.decisions and len(one.world.decisions) > 20
