"""What a callback, and a call of a campaign, says of itself to whoever looks later: marks, causes, ways out, legs."""

from dataclasses import replace

from acd.core import commands as cm
from acd.core import events as ev
from acd.core.call import Call
from acd.core.frame import CallbackWish
from acd.core.outside.callback import CallbackState
from acd.core.outside.callbacks import stay_outcome
from acd.core.outside.outbound_policy import Way
from acd.core.outside.outgoing import Outgoing
from acd.words import EntryOutcome, QueueId
from tests.core import test_talk_outside as outside
from tests.core.called_back import FIRST, MINE, CallbackWorld, callback_rules
from tests.core.dialled_out import DialledWorld, dialling_rules
from tests.core.talking import Floor


def test_given_row_70_a_customer_who_is_dialled_when_their_leg_is_seen_later_then_it_says_whose_call_it_is() -> None:
    w = CallbackWorld(callback_rules(**FIRST)).asks_back()
    w.ready("a0")
    [out] = [c for d in w.decisions for c in d.commands if isinstance(c, cm.CallOut)]
    assert out.marks["call"] == "c.9"


def test_given_row_73_a_callback_that_is_cancelled_when_its_contact_ends_then_that_is_the_cause() -> None:
    w = CallbackWorld().asks_back()
    w.feed(ev.CallbackAsked(at=w.at, callback="c.9", wish="cancel"))
    assert next(call for call in w.ended(Call) if call.id == "c.9").cause == "CANCELLED"


def test_given_row_71_a_talk_that_is_over_when_the_agent_writes_then_no_leg_is_the_callbacks_any_more() -> None:
    w = CallbackWorld(callback_rules(queue_wrap_up_s=20.0)).asks_back()
    w.ready("a0")
    w.talks_back()
    w.customer_ends()
    assert (w.back().state, w.back().leg) == (CallbackState.AFTER, None)


def test_given_a_callback_in_another_queue_or_of_before_when_a_stay_ends_then_it_is_not_what_ended_it() -> None:
    w = CallbackWorld()
    w.arrives("c", caller_number=MINE)
    entry, call = w.entry("c"), w.call("c")
    here = CallbackWish(id="x", queue=entry.queue, number=MINE, asked_at=entry.joined_at, since=entry.joined_at)
    there, before = replace(here, queue=QueueId("other")), replace(here, asked_at=entry.joined_at - 1)
    found = [stay_outcome(replace(call, callbacks=(wish,)), entry, EntryOutcome.TIMED_OUT) for wish in (here, there, before)]
    assert found == [EntryOutcome.CALLBACK_REQUESTED, EntryOutcome.TIMED_OUT, EntryOutcome.TIMED_OUT]


def test_given_a_campaign_that_names_its_trunk_when_it_dials_then_by_that_one() -> None:
    ways = tuple(Way(trunk=trunk, prefixes=("+",), caller_id="+493099") for trunk in ("one", "two"))
    w = DialledWorld(dialling_rules(gate={"ways": ways}))
    w.dials("t1")
    w.dials("t2", trunks=("two",))
    assert [c.trunk for d in w.decisions for c in d.commands if isinstance(c, cm.CallOut)] == ["one", "two"]


def test_given_an_agent_with_a_number_of_their_own_when_they_call_out_then_it_is_shown() -> None:
    rules = outside.rules(caller_ids=frozenset({"+4930777"}))
    agents = {id: replace(each, caller_id="+4930777") for id, each in rules.agents.items()}
    floor = outside.asked(Floor(replace(rules, agents=agents)).talk("a1"))
    [out] = floor.world.state.outgoing.values()
    assert isinstance(out, Outgoing) and out.shown == "+4930777"
