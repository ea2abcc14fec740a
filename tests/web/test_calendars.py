"""Opening hours over the control socket: what is open, until when, and a supervisor's word (ACD.md 43, 45)."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from acd.core.events import CalendarForced
from acd.core.house import Forced
from acd.ivr.calendar import Calendar
from acd.web.calendars import calendar_view, until_at
from acd.web.control import build_control_app
from tests.metrics.floor import FakeFloor, floor
from tests.records.making import T0

BERLIN = "Europe/Berlin"
OFFICE = Calendar(zone=BERLIN, weekly=(((540, 1020),),) * 5 + ((), ()))
NOW = T0 + 20


def at(text: str, zone: str = BERLIN) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


def forced(state: str, until: float | None = None) -> Forced:
    return Forced(id="main", state=state, since=at("2025-11-24 08:00"), until=until, by="ann")


@pytest.mark.parametrize(
    ("record", "when", "state", "change"),
    [
        (None, "2025-11-24 08:00", "closed", ("2025-11-24 09:00", "open")),
        (forced("open"), "2025-11-24 08:00", "open", None),
        (forced("open", at("2025-11-24 08:30")), "2025-11-24 08:00", "open", ("2025-11-24 08:30", "closed")),
        (forced("open", at("2025-11-24 10:00")), "2025-11-24 08:00", "open", ("2025-11-24 17:00", "closed")),
        (forced("closed", at("2025-11-24 18:00")), "2025-11-24 12:00", "closed", ("2025-11-25 09:00", "open")),
        (forced("open", at("2025-11-24 08:30")), "2025-11-24 08:30", "closed", ("2025-11-24 09:00", "open")),
    ],
)
def test_given_a_calendar_when_shown_then_state_and_next_change_are_those_callers_will_find(
    record: Forced | None, when: str, state: str, change: tuple[str, str] | None
) -> None:
    found = calendar_view("main", OFFICE, record, at(when))
    assert found["state"] == state
    assert (found["next_at"], found["next"]) == ((at(change[0]), change[1]) if change else (None, None))


@pytest.mark.parametrize(
    ("text", "now", "until"),
    [
        ("18:00", "2025-11-24 08:00", "2025-11-24 18:00"),
        ("18:00", "2025-11-24 18:00", "2025-11-25 18:00"),
        ("02:30", "2025-10-25 12:00", "2025-10-26 02:30"),  # the first of the two
        ("2025-12-24T14:00", "2025-11-24 08:00", "2025-12-24 14:00"),
    ],
)
def test_given_until_when_understood_then_it_is_a_moment_of_the_calendars_zone_row_45(text: str, now: str, until: str) -> None:
    assert until_at(text, BERLIN, at(now)) == at(until)


@pytest.mark.parametrize("text", ["6pm", "25:00", "18:00:61", "2025-11-23T12:00", "2027-12-24T14:00", "٠٨:٠٠", "T", "9999-99-99T00:00"])
def test_given_until_that_makes_no_sense_when_understood_then_it_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="until"):
        until_at(text, BERLIN, at("2025-11-24 08:00"))


def house() -> FakeFloor:
    return floor(calendars={"main": OFFICE, "always": Calendar(zone="UTC", weekly=(((0, 1440),),) * 7)})


def client_of(given: FakeFloor) -> FlaskClient:
    return build_control_app(given).test_client()


def test_given_calendars_when_asked_for_then_each_is_there_with_its_state() -> None:
    found: Any = client_of(house()).get("/v1/calendars").json
    assert [(c["calendar"], c["state"], c["next"]) for c in found] == [
        ("always", "open", None),
        ("main", found[1]["by_hours"], found[1]["next"]),
    ]


@pytest.mark.parametrize(("wish", "state"), [("open", "open"), ("close", "closed"), ("auto", "")])
def test_given_a_supervisors_word_when_it_comes_then_the_core_is_told(wish: str, state: str) -> None:
    given = house()
    answer = client_of(given).post(f"/v1/calendars/main/{wish}", json={"by": "ann"})
    assert answer.status_code == 200 and answer.json is not None and answer.json["calendar"] == "main"
    assert given.asked == [CalendarForced(at=NOW, calendar="main", state=state, by="ann")]


def test_given_an_end_when_opened_by_hand_then_it_goes_along() -> None:
    given = house()
    client_of(given).post("/v1/calendars/main/open", json={"until": "23:59"})
    assert given.asked == [
        CalendarForced(at=NOW, calendar="main", state="open", until=until_at("23:59", BERLIN, NOW), by="command line")
    ]


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("mian/open", {}, 404, "there are: always, main"),
        ("main/shut", {}, 422, "allowed are: open, close, auto"),
        ("main/open", {"until": "late"}, 422, "allowed are a time such as 18:00"),
        ("main/auto", {"until": "18:00"}, 422, "until belongs to open and close"),
        ("main/open", {"by": 7}, 422, "as text"),
    ],
)
def test_given_a_word_that_makes_no_sense_when_it_comes_then_it_is_refused_and_the_core_never_hears_it(
    path: str, body: Any, status: int, said: str
) -> None:
    given = house()
    answer = client_of(given).post(f"/v1/calendars/{path}", json=body)
    assert answer.status_code == status and answer.json is not None and said in answer.json["error"]
    assert given.asked == []
