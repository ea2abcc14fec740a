"""A caller who gives up and calls back within the time has the old place (ACD.md 6), unless the number tells no single person."""

from acd.core.lines.entry import Entry
from acd.words import QueueId, Wish
from tests.core.test_rows_queue import again
from tests.core.world import Flows, World, policy

ADA, BOB = "+4930111", "+4930222"


def waits(
    *callers: tuple[str, str], keep_s: float | None = 600.0, queues: tuple[str, ...] = ("sales", "support"), **more: object
) -> World:
    world = World(policy(queues=queues, queue_keep_place_s=keep_s, **more), Flows(exits=frozenset({"full"})))
    world.asks("a0", Wish.LOG_IN)
    for name, number in callers:
        world.arrives(name, caller_number=number)
    return world


def order(world: World, queue: str = "sales") -> list[str]:
    return [entry.call for entry in world.state.line(QueueId(queue))]


def test_row_6_given_a_caller_who_gave_up_when_they_call_back_in_time_then_the_old_place_and_both_calls_are_linked() -> None:
    world = waits(("a", ADA), ("b", BOB)).after(100)
    world.hangs_up("a")
    world.after(599)
    world.arrives("a2", caller_number=ADA)
    assert order(world) == ["a2", "b"]
    entry, call = world.entry("a2"), world.call("a2")
    assert (entry.since, entry.joined_at, call.waiting_since, call.linked_to) == (1000.0, 1699.0, 1000.0, "a")
    assert not world.state.kept


def test_row_6_given_a_caller_who_gave_up_when_they_call_back_too_late_then_at_the_end() -> None:
    world = waits(("a", ADA), ("b", BOB)).after(100)
    world.hangs_up("a")
    world.after(600)
    assert not world.state.kept
    world.arrives("a2", caller_number=ADA)
    assert order(world) == ["b", "a2"] and world.call("a2").linked_to is None


def test_row_6_given_a_queue_that_keeps_no_places_when_somebody_gives_up_then_nothing_is_remembered() -> None:
    world = waits(("a", ADA), keep_s=None).after(100)
    world.hangs_up("a")
    assert not world.state.kept


def test_row_6_given_a_withheld_number_when_its_caller_gives_up_then_nothing_is_kept() -> None:
    for number in ("", "anonymous", "Unavailable", "restricted"):
        world = waits(("a", number)).after(100)
        world.hangs_up("a")
        assert not world.state.kept, number


def test_row_6_given_another_queue_when_they_call_back_then_it_has_nothing_kept() -> None:
    world = waits(("a", ADA)).after(100)
    world.hangs_up("a")
    world.arrives("a2", "2", caller_number=ADA)
    assert (world.entry("a2").queue, world.entry("a2").since) == ("support", world.at)


def test_row_6_given_a_number_that_two_wait_with_when_one_gives_up_then_no_place_is_kept_for_either() -> None:
    """A PBX: who calls back with that number may be anybody of the company."""
    world = waits(("a", ADA), ("b", ADA)).after(100)
    world.hangs_up("a")
    world.hangs_up("b")
    world.arrives("c", caller_number=ADA)
    assert world.entry("c").since == world.at and world.call("c").linked_to is None


def test_row_6_given_a_kept_place_when_two_call_with_that_number_then_the_first_has_it() -> None:
    world = waits(("a", ADA)).after(100)
    world.hangs_up("a")
    world.arrives("b", caller_number=ADA)
    world.arrives("c", caller_number=ADA)
    assert [world.call(name).linked_to for name in "bc"] == ["a", None]


def test_row_6_given_a_place_kept_when_somebody_else_with_that_number_talks_already_then_it_is_not_given() -> None:
    world = waits(("a", ADA)).after(100)
    world.arrives("b", "2", caller_number=ADA)
    world.hangs_up("a")
    world.after(10)
    world.hangs_up("b")
    world.arrives("c", caller_number=ADA)
    assert world.call("c").linked_to is None


def test_row_6_given_a_caller_who_gives_up_a_second_time_when_they_call_back_then_the_first_place_still() -> None:
    world = waits(("a", ADA), ("b", BOB)).after(100)
    world.hangs_up("a")
    world.arrives("a2", caller_number=ADA)
    world.after(100)
    world.hangs_up("a2")
    world.arrives("a3", caller_number=ADA)
    assert (world.entry("a3").since, world.call("a3").linked_to) == (1000.0, "a2")


def test_row_6_given_a_place_with_more_priority_when_it_is_taken_then_that_too() -> None:
    world = waits(("a", ADA)).after(100)
    world.state.put(Entry.move(world.entry("a"), world.entry("a").state, priority=7))
    world.hangs_up("a")
    world.arrives("a2", caller_number=ADA)
    assert world.entry("a2").priority == 7


def test_row_6_given_a_full_queue_when_they_call_back_then_it_is_full_and_the_place_is_kept_on() -> None:
    world = waits(("a", ADA), ("b", BOB), queue_max_waiting=2).after(100)
    world.hangs_up("a")
    world.arrives("c", caller_number="+4930333")
    world.arrives("a2", caller_number=ADA)
    assert [entry.outcome for entry in world.ended(Entry)][-1] == "full" and len(world.state.kept) == 1


def test_row_6_given_a_kept_place_when_the_controller_dies_and_comes_back_then_it_is_kept() -> None:
    world = waits(("a", ADA), ("b", BOB)).after(100)
    world.hangs_up("a")
    back = again(world, 10)
    back.arrives("a2", caller_number=ADA)
    assert order(back) == ["a2", "b"] and back.call("a2").linked_to == "a"


def test_row_6_given_a_caller_who_was_served_when_they_call_again_then_nothing_is_kept() -> None:
    world = waits(("a", ADA)).ready("a0")
    world.picks_up("a0")
    world.is_bridged("a0")
    world.hangs_up("a")
    assert not world.state.kept


def test_row_6_given_a_kept_place_when_another_call_with_that_number_is_somewhere_in_the_house_then_it_is_not_given() -> None:
    world = waits(("a", ADA)).after(100)
    world.hangs_up("a")
    world.arrives("b", "50", caller_number=ADA)
    world.arrives("c", caller_number=ADA)
    assert world.call("c").linked_to is None and world.entry("c").since == world.at
