"""A queue that calls nobody back any more: what that means for those who wait for it is said before it is done."""

from dataclasses import replace

from acd.core.policy import draining
from acd.plan.compare import compare
from acd.plan.house import House, People
from acd.words import QueueId
from tests.core.called_back import CallbackWorld, callback_rules


def test_given_customers_who_are_to_be_called_when_their_queue_calls_no_more_then_the_plan_warns() -> None:
    calls = House(version="1", policy=callback_rules())
    by_hand = House(version="2", policy=callback_rules(queue_callback=None))
    gone = replace(by_hand, policy=replace(by_hand.policy, queues={}, agents={}))
    people = People(callbacks={QueueId("sales"): 2})
    said = "2 customers are to be called back by sales, which calls nobody any more: nobody will call them"
    assert said in compare(calls, by_hand, people).warnings and said in compare(calls, gone, people).warnings
    assert said not in compare(calls, calls, people).warnings


def test_row_52_given_a_removed_queue_that_drains_when_it_calls_customers_back_then_the_plan_says_until_when() -> None:
    calls = House(version="1", policy=callback_rules())
    gone = House(version="2", policy=replace(calls.policy, queues={}))
    warnings = compare(calls, gone, People(callbacks={QueueId("sales"): 1})).warnings
    assert (
        "1 customer is to be called back by the removed queue sales: called as before while it drains, "
        "until the controller is restarted: after that nobody will call them"
    ) in warnings
    assert not any("calls nobody any more" in each for each in warnings)


def test_row_52_given_a_removed_queue_that_drains_when_a_customer_is_to_be_called_then_they_are_called() -> None:
    """What the plan says of it is what the core does."""
    world = CallbackWorld().asks_back()
    gone = replace(world.state.policy, queues={})
    world.state.policy = draining(world.state.policy, gone, [QueueId("sales")])
    world.ready("a0")
    world.talks_back()
    assert world.back().outcome is None and world.back().agent == "a0"
