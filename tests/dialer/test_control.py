"""The control socket of campaigns: what came of a talk, said afterwards."""

from typing import Any

import pytest
from flask import Flask

from acd.campaign import After, Campaign, Disposition
from dialer.core.events import DispositionSaid, Event
from dialer.live.control import routes
from tests.dialer.floor import NOON, World, campaign

TIMED = {"call_back": Disposition(then=After.CALLBACK), "soon": Disposition(then=After.CALLBACK, after_s=7200.0)}


class Service:
    """Asks the step itself; the queue knows two words."""

    def __init__(self) -> None:
        self.world = World(campaign(dispositions=TIMED))
        self.state, self.asked = self.world.state, list[Event]()

    def now(self) -> float:
        return NOON

    def ask(self, event: Event) -> None:
        self.asked.append(event)
        self.world.hear(event)

    def dispositions(self, rules: Campaign | None) -> tuple[str, ...]:
        return ("sold", "later", "call_back", "soon") if rules is None or rules.id == "spring" else ()


def post(service: Service, campaign: str = "spring", **body: str) -> Any:
    app = Flask("test")
    routes(service)(app)  # type: ignore[arg-type]
    return app.test_client().post(f"/v1/campaigns/{campaign}/dispositions", json=body)


def test_given_a_word_of_the_queue_when_said_then_the_step_has_it_with_its_time() -> None:
    service = Service()
    answer = post(service, attempt="t1", disposition="call_back", call_at="1800000000.5", by="sue")
    (event,) = service.asked
    assert answer.status_code == 200 and isinstance(event, DispositionSaid)
    assert (event.said.attempt, event.said.disposition, event.said.call_at, event.said.by) == ("t1", "call_back", 1800000000.5, "sue")
    assert service.state.said["t1"] == event.said


@pytest.mark.parametrize(
    ("where", "body", "status", "why"),
    [
        ("spring", {"disposition": "unheard_of"}, 409, "there are: sold, later, call_back, soon"),
        ("spring", {"disposition": "later", "call_at": "soon"}, 422, "seconds since the epoch"),
        ("spring", {"disposition": "call_back"}, 409, "call_back needs a time at which they are called again; give --at"),
        ("spring", {"disposition": "sold", "call_at": "1800000000"}, 409, "sold takes no time: it is no callback"),
        ("summer", {"disposition": "unheard_of"}, 409, "there are: sold, later, call_back, soon"),
    ],
)
def test_given_nonsense_when_said_then_refused_in_words(where: str, body: dict[str, str], status: int, why: str) -> None:
    service = Service()
    answer = post(service, where, attempt="t1", **body)
    assert (answer.status_code, service.asked) == (status, []) and why in answer.json["error"]


def test_row_39_given_an_attempt_whose_campaign_is_gone_when_a_word_of_the_house_is_said_then_the_step_has_it() -> None:
    service = Service()
    assert post(service, "gone", attempt="t1", disposition="sold", by="sue").status_code == 200
    assert service.state.said["t1"].campaign == "gone"
