"""Recipes: what is done for callers who wait, when it is so; once or again, also across a restart, and never to all at once (F38)."""

from dataclasses import replace

import pytest

from acd.core import events as ev
from acd.core.commands import Mark, Play
from acd.core.lines.entry import Entry
from acd.core.lines.recipe import Action, AddSkill, Announce, DropSkill, Leave, Offer, Open, Overflow, Prefer, Recipe, When
from acd.core.lines.recipes import LOOK_MAX
from acd.core.media import Music, Speech
from acd.core.policy import Policy, offered, ways_out
from acd.words import EntryOutcome, FlowId, Owner, PlayId, QueueId, Wish
from tests.core.test_rows_queue import Until, again
from tests.core.world import Flows, World, leg, policy

E = EntryOutcome
SAID = Speech(text="Thank you for waiting.")
SAY = Announce(media=(SAID,))


def recipe(*do: Action, name: str = "r", every_s: float | None = None, **when: object) -> Recipe:
    return Recipe(name=name, when=When(**when), do=do, every_s=every_s)  # type: ignore[arg-type]


def waits(
    *recipes: Recipe, callers: str = "c", queues: tuple[str, ...] = ("sales", "support"), waiting: str = "", **more: object
) -> World:
    """Callers in line; a0 is there and not ready."""
    flow = FlowId(waiting) if waiting else None
    world = World(policy(queues=queues, queue_recipes=recipes, **more), Flows(exits=frozenset({"no_agents", "out"}), waiting=flow))
    world.asks("a0", Wish.LOG_IN)
    for caller in callers:
        world.arrives(caller)
    return world


def ran(world: World, name: str = "c") -> list[tuple[str, int]]:
    return [(one.recipe, one.times) for one in world.entry(name).recipes]


def said(world: World) -> list[str]:
    """What began to play since the callers came, by its first part."""
    plays = [c for d in world.decisions for c in d.commands if isinstance(c, Play)]
    return [
        one.media[0].text if isinstance(one.media[0], Speech) else "music" for one in plays if isinstance(one.media[0], Speech | Music)
    ]


def play_ends(world: World, play: PlayId | None, name: str = "c") -> None:
    assert play is not None
    world.feed(ev.PlayEnded(at=world.at, leg=leg(name), play=play, result="FILE PLAYED"))


# -- when ---


@pytest.mark.parametrize(("seconds", "times"), [(29.9, 0), (30.0, 1), (300.0, 1)])
def test_given_a_recipe_for_who_has_waited_when_the_moment_comes_then_it_is_followed_once(seconds: float, times: int) -> None:
    world = waits(recipe(Prefer(by=5), waited_s=30.0)).after(seconds)
    assert ran(world) == [("r", 1)] * times and world.entry("c").priority == 5 * times


def test_given_a_recipe_that_repeats_when_time_passes_then_it_is_followed_again_and_again() -> None:
    world = waits(recipe(Prefer(by=1), waited_s=30.0, every_s=20.0)).after(71)
    assert ran(world) == [("r", 3)] and world.entry("c").priority == 3
    [one] = world.entry("c").recipes
    assert (one.first_at, one.last_at, one.did) == (1030.0, 1070.0, ("priority +1",))


def test_given_age_carried_from_another_queue_when_the_caller_comes_then_it_counts() -> None:
    world = waits(recipe(Overflow(queue=QueueId("support")), waited_s=30.0)).after(30)
    entry = world.entry("c")
    assert (entry.queue, entry.since, entry.joined_at) == ("support", 1000.0, 1030.0)
    assert entry.recipes[0].did == ("not over to support, which takes nobody now",), "half a minute is over here too"


@pytest.mark.parametrize(("position_over", "who"), [(0, "abc"), (1, "bc"), (2, "c"), (3, "")])
def test_given_a_recipe_by_place_when_looked_at_then_only_those_behind_it(position_over: int, who: str) -> None:
    world = waits(recipe(SAY, position_over=position_over), callers="abc").after(3)
    assert "".join(name for name in "abc" if ran(world, name)) == who


@pytest.mark.parametrize(("waiting_over", "followed"), [(1, True), (2, False)])
def test_given_a_recipe_by_the_length_of_the_line_when_looked_at_then_more_than_so_many(waiting_over: int, followed: bool) -> None:
    world = waits(recipe(SAY, waiting_over=waiting_over), callers="ab").after(3)
    assert bool(ran(world, "a")) is followed


@pytest.mark.parametrize("key", ["available_under", "eligible_under"])
def test_given_a_recipe_by_the_agents_when_fewer_are_there_then_it_is_followed(key: str) -> None:
    few = {"available_under": (1, 0), "eligible_under": (1, 0)}[key]
    assert ran(waits(recipe(SAY, **{key: few[0]})).after(3)) == [("r", 1)]
    assert ran(waits(recipe(SAY, **{key: few[1]})).after(3)) == []


@pytest.mark.parametrize(("requires", "times"), [({}, 0), ({"french": 1}, 1)])
def test_given_agents_at_work_when_none_has_what_the_caller_needs_then_none_is_eligible(requires: dict[str, int], times: int) -> None:
    world = waits(recipe(SAY, eligible_under=1), callers="")
    world.talks("x", "a0")
    world.arrives("c")
    world.state.put(replace(world.entry("c"), requires=requires))
    assert len(ran(world.after(3))) == times


@pytest.mark.parametrize(("is_open", "times"), [(True, 1), (False, 0)])
def test_given_a_recipe_by_a_calendar_when_it_is_open_or_not_then_as_it_is_written(is_open: bool, times: int) -> None:
    rules = recipe(SAY, waited_s=1.0, hours=(Open(calendar="shop", is_open=is_open),))
    world = waits(rules, calendars={"shop": Until(1060.0)}).after(5)
    assert len(ran(world)) == times
    assert len(ran(world.after(60))) == 1


def test_given_a_recipe_between_times_when_they_are_over_then_it_is_not_followed() -> None:
    assert ran(waits(recipe(SAY, waited_s=1.0, between=Until(1060.0))).after(5)) == [("r", 1)]
    assert ran(waits(recipe(SAY, waited_s=100.0, between=Until(1060.0))).after(200)) == []


def test_given_several_conditions_when_one_is_not_so_then_not_yet() -> None:
    world = waits(recipe(SAY, waited_s=30.0, waiting_over=1)).after(40)
    assert ran(world) == []
    world.arrives("d")
    assert ran(world.after(3)) == [("r", 1)] and ran(world, "d") == []


def test_given_an_empty_line_when_time_passes_then_nobody_is_looked_at() -> None:
    world = waits(recipe(SAY, waiting_over=0))
    world.hangs_up("c")
    assert not world.state.watches and world.state.next_deadline() is None


# -- what ---


def test_given_more_priority_when_a_recipe_gives_it_then_the_caller_goes_before_others_and_the_channel_says_so() -> None:
    world = waits(recipe(Prefer(by=5), position_over=1), callers="ab")
    world.after(1)
    assert [entry.call for entry in world.state.line(QueueId("sales"))] == ["b", "a"]
    marks = [c.values["priority"] for d in world.decisions for c in d.commands if isinstance(c, Mark) and "priority" in c.values]
    assert marks == ["0", "0", "5"]


@pytest.mark.parametrize(("by", "priority"), [(90, 100), (-50, 0)])
def test_given_priority_at_its_bounds_when_a_recipe_changes_it_then_it_stays_within(by: int, priority: int) -> None:
    world = waits(recipe(Prefer(by=by), waited_s=1.0, every_s=5.0), queue_priority=20).after(20)
    assert world.entry("c").priority == priority


def test_given_skills_when_a_recipe_adds_and_drops_them_then_the_need_is_another_one() -> None:
    world = waits(recipe(AddSkill(skill="french", level=2), DropSkill(skill="sales"), waited_s=5.0)).after(5)
    assert world.entry("c").requires == {"french": 2, "sales": 0}


def test_given_an_announcement_when_it_is_over_then_music_again() -> None:
    world = waits(recipe(SAY, waited_s=30.0)).after(30)
    assert said(world) == ["music", SAID.text] and not world.entry("c").music_on
    world.feed(ev.PlayEnded(at=world.at, leg=leg("c"), play=PlayId("c.q1.m1"), result="BREAK"))
    assert said(world) == ["music", SAID.text], "the end of the music that it took the place of means nothing"
    play_ends(world, world.entry("c").saying)
    assert said(world) == ["music", SAID.text, "music"] and world.entry("c").saying is None


@pytest.mark.parametrize("lost", [True, False])
def test_given_an_announcement_when_its_end_is_lost_then_music_again(lost: bool) -> None:
    world = waits(recipe(SAY, waited_s=30.0)).after(30)
    saying = world.entry("c").saying
    assert saying is not None
    at, here = world.at, leg("c")
    world.feed(ev.PlayEnded(at=at, leg=here, play=saying, result=ev.LOST) if lost else ev.MusicLost(at=at, leg=here))
    assert said(world)[-1] == "music" and world.entry("c").saying is None


def test_row_54_given_an_announcement_when_an_agent_answers_then_nothing_plays_into_the_talk() -> None:
    world = waits(recipe(SAY, waited_s=30.0)).after(30)
    saying = world.entry("c").saying
    world.ready("a0")
    world.picks_up("a0")
    world.is_bridged("a0")
    play_ends(world, saying)
    assert said(world) == ["music", SAID.text] and world.call("c").owner is Owner.AGENT


def test_row_54_given_an_announcement_when_the_bridge_fails_then_music_at_once() -> None:
    world = waits(recipe(SAY, waited_s=30.0)).after(30)
    world.ready("a0")
    world.picks_up("a0")
    world.phone_ends("a0", "NORMAL_CLEARING")
    assert said(world) == ["music", SAID.text, "music"] and world.entry("c").saying is None


def test_given_a_waiting_flow_that_speaks_when_a_recipe_would_then_it_waits_until_nothing_is_said() -> None:
    world = waits(recipe(SAY, waited_s=10.0), waiting="wait.out").after(15)
    assert ran(world) == [] and said(world) == ["please hold"]
    frame = world.call("c").waiting
    play_ends(world, frame.play if frame else None)
    world.after(1.1)
    assert ran(world) == [("r", 1)] and said(world) == ["please hold", "music", SAID.text]
    world.after(20)
    assert said(world)[3:] == ["please hold"], "the waiting flow goes on when its pause is over"
    assert world.entry("c").saying is None


def test_given_an_offered_flow_when_it_is_over_then_what_was_heard_before_again() -> None:
    world = waits(recipe(Offer(flow=FlowId("wait.out")), waited_s=10.0)).after(10)
    assert said(world) == ["music", "please hold"]
    world.feed(ev.DigitPressed(at=world.at, leg=leg("c"), digit="5"))
    assert said(world) == ["music", "please hold", "music"]
    assert world.entry("c").interlude is None and world.call("c").waiting is None
    assert ran(world.after(60)) == [("r", 1)]


def test_given_an_offered_flow_when_the_caller_takes_it_then_out_by_its_exit() -> None:
    world = waits(recipe(Offer(flow=FlowId("wait.out")), waited_s=10.0)).after(10)
    world.feed(ev.DigitPressed(at=world.at, leg=leg("c"), digit="1"))
    [entry] = world.ended(Entry)
    assert (entry.outcome, entry.exit) == (E.EXITED_KEY, "out")


def test_given_an_offered_flow_that_is_gone_when_it_is_due_then_what_was_heard_goes_on() -> None:
    world = waits(recipe(Offer(flow=FlowId("nothing.there")), waited_s=10.0), waiting="wait.out").after(5)
    frame = world.call("c").waiting
    play_ends(world, frame.play if frame else None)
    world.after(6)
    assert world.entry("c").interlude is None and world.call("c").waiting is not None


@pytest.mark.parametrize(
    ("outcomes", "outcome"),
    [({}, E.WITHDRAWN), ({"out": E.VOICEMAIL}, E.VOICEMAIL), ({"out": E.CALLBACK_REQUESTED}, E.CALLBACK_REQUESTED)],
)
def test_given_a_recipe_that_takes_callers_out_when_its_exit_leads_to_a_message_then_the_stay_ends_so(
    outcomes: dict[str, E], outcome: E
) -> None:
    world = waits(recipe(Leave(exit="out"), waited_s=10.0))
    entry = world.entry("c")
    world.state.put(replace(entry, outcomes=outcomes))
    world.after(10)
    [ended] = world.ended(Entry)
    assert (ended.outcome, ended.exit, [one.did for one in ended.recipes]) == (outcome, "out", [("out by out",)])


def test_row_50_given_a_recipe_that_overflows_when_the_other_queue_takes_nobody_then_the_caller_stays() -> None:
    world = waits(recipe(Overflow(queue=QueueId("gone")), waited_s=10.0)).after(11)
    assert world.entry("c").queue == "sales"
    assert world.entry("c").recipes[0].did == ("not over to gone, which takes nobody now",)


def test_given_a_phone_that_rings_when_a_recipe_is_due_then_only_when_it_has_failed() -> None:
    world = waits(recipe(Leave(exit="out"), waited_s=10.0), queue_ring_s=20.0).ready("a0")
    assert world.after(15).call("c").entry is not None
    world.after(10)
    assert world.ended(Entry)[0].outcome is E.WITHDRAWN


# -- again ---


def test_given_a_recipe_that_is_followed_once_when_the_controller_dies_and_comes_back_then_not_again() -> None:
    world = waits(recipe(Prefer(by=5), waited_s=30.0), recipe(Prefer(by=1), name="s", waiting_over=0)).after(40)
    assert ran(world) == [("s", 1), ("r", 1)]
    back = again(world, 30).after(60)
    assert ran(back) == [("s", 1), ("r", 1)] and back.entry("c").priority == 6


def test_given_a_recipe_that_is_due_meanwhile_when_the_controller_comes_back_then_it_is_followed() -> None:
    back = again(waits(recipe(Prefer(by=5), waited_s=30.0)).after(20), 30).after(0.1)
    assert ran(back) == [("r", 1)]


def test_given_an_announcement_when_the_controller_dies_and_comes_back_in_it_then_it_ends_as_ever() -> None:
    world = waits(recipe(SAY, waited_s=30.0)).after(30)
    back = again(world, 3)
    play_ends(back, back.entry("c").saying)
    assert said(back)[-1] == "music"


def test_row_53_given_callers_in_line_when_recipes_are_added_then_they_count_for_them_one_by_one() -> None:
    world = waits(callers="abcdefghij").after(100)
    sales = QueueId("sales")
    rules = world.state.policy
    changed: Policy = replace(
        rules, queues={**rules.queues, sales: replace(rules.queues[sales], recipes=(recipe(SAY, waited_s=30.0),))}
    )
    world.state.policy = changed
    world.feed(ev.PolicyChanged(at=world.at))
    dues = [world.entry(name).recipe_at for name in "abcdefghij"]
    assert len(set(dues)) == 10, "not all in one moment"
    world.after(1)
    assert all(ran(world, name) == [("r", 1)] for name in "abcdefghij")


def test_given_a_long_line_when_it_is_looked_at_then_in_parts() -> None:
    world = waits(recipe(Prefer(by=1), waiting_over=0), callers="")
    for n in range(2 * LOOK_MAX + 10):
        world.arrives(f"c{n}")
    followed: list[int] = []
    for _ in range(4):
        world.after(1)
        followed.append(sum(bool(entry.recipes) for entry in world.state.entries.values()))
    assert max(after - before for before, after in zip([0, *followed], followed, strict=False)) <= LOOK_MAX
    assert followed[-1] >= 2 * LOOK_MAX


def test_given_recipes_when_asked_then_their_ways_out_flows_and_announcements_are_known_before_anybody_calls() -> None:
    rules = policy(queue_recipes=(recipe(SAY, Offer(flow=FlowId("f")), Leave(exit="message"), waited_s=1.0),))
    queue = rules.queues[QueueId("sales")]
    assert (ways_out(queue), offered(queue), list(rules.media())) == ({"message"}, {"f"}, [SAID])


def test_given_a_counted_recipe_that_repeats_when_it_stays_so_then_with_its_time_between() -> None:
    world = waits(recipe(Prefer(by=1), waiting_over=0, every_s=20.0)).after(65)
    assert world.entry("c").recipes[0].times == 4


@pytest.mark.parametrize(("later_s", "again"), [(1.0, False), (3.0, True)])
def test_given_an_announcement_that_has_just_begun_when_a_list_of_channels_does_not_show_it_then_it_is_believed(
    later_s: float, again: bool
) -> None:
    world = waits(recipe(SAY, waited_s=30.0)).after(30)
    at = world.at + later_s
    seen = (ev.ChannelSeen(leg=leg("c"), inbound=True, answered=True, playing=False),)
    world.feed(ev.SnapshotTaken(at=at, node="fs", asked_at=at, channels=seen))  # type: ignore[arg-type]
    assert (said(world)[-1] == "music") is again
