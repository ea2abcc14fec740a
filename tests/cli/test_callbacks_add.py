"""``acd callbacks add``: says when the customer will be called, where that is not at once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from click.testing import Result

from acd.core.decision import Decision
from acd.core.house import Forced
from acd.core.outside.callback_policy import CallbackPolicy
from tests.core.test_callbacks_limits import Shop
from tests.metrics.floor import POLICY, FakeFloor

SALES = "sales"
OPENS = 4_000_000_000.0


def with_hours(controller: FakeFloor, opens: float) -> FakeFloor:
    sales = replace(POLICY.queues[SALES], callback=CallbackPolicy(hours="office"))  # type: ignore[index]
    policy = replace(POLICY, queues={**POLICY.queues, SALES: sales}, calendars={"office": Shop(opens)})  # type: ignore[dict-item]
    controller.policy = controller.state.policy = policy
    return controller


@pytest.mark.parametrize(
    ("opens", "says"), [(OPENS, f" until {datetime.fromtimestamp(OPENS).astimezone().isoformat()}, when office opens"), (0.0, "")]
)
def test_given_a_time_outside_the_hours_when_added_then_it_says_when_they_will_be_called(
    run: Callable[..., Result], controller: FakeFloor, opens: float, says: str
) -> None:
    with_hours(controller, opens)
    at = datetime.fromtimestamp(OPENS - 3600).astimezone().isoformat()
    told = run("callbacks", "add", "+4930123456", "--queue", SALES, "--at", at)
    assert told.exit_code == 0, told.output
    assert told.stdout.rstrip().endswith(says or f" until {at}")


def test_given_a_calendar_that_somebody_has_closed_when_added_for_now_then_nobody_can_say_when(
    run: Callable[..., Result], controller: FakeFloor
) -> None:
    with_hours(controller, 0.0).state.put(Forced(id="office", state="closed", since=0.0))
    assert run("callbacks", "add", "+4930123456", "--queue", SALES).stdout.rstrip().endswith(", until office opens")


def test_given_a_wish_that_the_house_refuses_when_added_then_why(run: Callable[..., Result], controller: FakeFloor) -> None:
    controller.answer = lambda event: (Decision(event=event, refused="office is closed then"),)
    told = run("callbacks", "add", "+4930123456", "--queue", SALES, "--at", "2099-12-01T14:00")
    assert told.exit_code == 1 and "office is closed then" in told.output
