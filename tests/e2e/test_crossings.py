"""The customer hangs up in the very moment in which the house acts for them: between what it says to the switch and what that does.

The proxy holds the command back until their BYE has been answered (FAULTS.md F34).
"""

import time
from collections.abc import Callable

from .house import House
from .sipp import Caller
from .talking import Talk
from .waiting import until

OpenHouse = Callable[..., House]


def _hangs_up_before(here: House, caller: Caller, command: bytes) -> list[float]:
    """When they did, as soon as the house says this."""
    done: list[float] = []

    def overheard(piece: bytes) -> None:
        if command in piece and not done:
            done.append(time.monotonic())
            caller.hang_up()

    assert here.proxy
    here.proxy.watch(None, overheard)
    return done


def _nothing_is_left(here: House) -> None:
    until("no call is left", lambda: here.centre.state()["calls_in_all"] == 0, within_s=10)


def test_F34_given_a_bridge_on_its_way_when_the_caller_hangs_up_then_they_have_abandoned_and_the_agent_is_free_and_not_blamed(
    house: OpenHouse,
) -> None:
    here = house(through_proxy=True)
    anna = here.ready_phone("anna")
    caller = here.caller().must_be_answered()
    anna.must_ring()
    gone = _hangs_up_before(here, caller, b"uuid_bridge ")
    anna.accept()
    until("the bridge is on its way", lambda: gone)
    waited_s = gone[0] - caller.answered_at
    anna.must_be_released()
    here.centre.must_become("anna", "ready", within_s=2)
    _nothing_is_left(here)
    story = here.centre.story(caller.number)
    [visit], [offer] = story["visits"], story["offers"]
    assert (visit["outcome"], offer["outcome"]) == ("abandoned_while_ringing", "caller_gone_at_answer")
    assert waited_s - 1 < visit["waited_s"] < waited_s + 2
    assert here.centre.agent("anna")["missed"] == 0 and anna.times_rung == 1


def test_F34_given_a_transfer_that_begins_when_the_customer_hangs_up_then_nobody_is_rung_for_them_and_both_agents_are_free(
    house: OpenHouse,
) -> None:
    talk = Talk(lambda plan: house(plan, through_proxy=True))
    gone = _hangs_up_before(talk.here, talk.caller, b"uuid_kill ")
    talk.asks("transfer", "support")
    until("the transfer is on its way", lambda: gone)
    talk.anna.must_be_released()
    talk.here.centre.must_become("anna", "ready")
    _nothing_is_left(talk.here)
    assert talk.ben.times_rung == 0 and talk.here.centre.agent_state("ben") == "ready"
    story = talk.story()
    [visit], [offer] = story["visits"], story["offers"]
    assert (visit["queue"], visit["outcome"], offer["outcome"], offer["ended_by"]) == ("sales", "answered", "answered", "transfer")
    assert story["contact"]["ended_by"] == "customer"
