"""A queue that calls nobody back any more: what that means for those who wait for it is said before it is done."""

from dataclasses import replace

from acd.plan.compare import compare
from acd.plan.house import House, People
from acd.words import QueueId
from tests.core.called_back import callback_rules


def test_given_customers_who_are_to_be_called_when_their_queue_calls_no_more_then_the_plan_warns() -> None:
    calls = House(version="1", policy=callback_rules())
    by_hand = House(version="2", policy=callback_rules(queue_callback=None))
    gone = replace(by_hand, policy=replace(by_hand.policy, queues={}))
    people = People(callbacks={QueueId("sales"): 2})
    said = "2 customers are to be called back by sales, which calls nobody any more: nobody will call them"
    assert said in compare(calls, by_hand, people).warnings and said in compare(calls, gone, people).warnings
    assert said not in compare(calls, calls, people).warnings
