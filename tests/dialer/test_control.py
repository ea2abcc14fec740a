"""The control socket of campaigns: what came of a talk, said afterwards."""

from typing import Any

import pytest
from flask import Flask

from acd.campaign import After, Campaign, Disposition
from acd.core.illegal import IllegalMove
from dialer.core.events import DispositionSaid, Event
from dialer.lists.numbering import number_of
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


# -- a number of an agent's own choice ---


class Dials(Service):
    """Knows what holds a number, by its last digit."""

    def call(self, campaign: str, agent: str, number: str, by: str) -> str:
        found = number_of(number, "DE").number
        if found.endswith("9"):
            raise IllegalMove(f"{found} is not dialled: it is on a do-not-call list")
        return f"{agent} {found} {by}"


@pytest.mark.parametrize(
    ("where", "number", "status", "said"),
    [
        ("spring", "030 1234567", 200, "anna +49301234567 command line"),
        ("spring", "030 1234569", 409, "it is on a do-not-call list"),
        ("spring", "nonsense", 422, "no phone number"),
        ("winter", "030 1234567", 404, "no campaign winter"),
    ],
)
def test_given_a_number_when_an_agent_wants_it_dialled_then_the_attempt_or_what_holds_it(
    where: str, number: str, status: int, said: str
) -> None:
    app = Flask("test")
    routes(Dials())(app)  # type: ignore[arg-type]
    answer = app.test_client().post(f"/v1/campaigns/{where}/calls", json={"agent": "anna", "number": number})
    assert answer.status_code == status and said in str(answer.json)
