"""``acd call`` by the id of a campaign's attempt: what the campaign did and what the call did, as one story."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import insert

from acd.core.outside.dialled_call import DialledCall, DialledState, DialOutcome
from acd.records.batch import batch_of
from acd.records.store import Store
from dialer.lists.schema import attempts
from dialer.lists.store import LeadStore
from tests.records.making import T0, FakeLine, call, entry, offer

Run = Callable[..., Result]
S, O = DialledState, DialOutcome
ASKED = DialledCall(id="4bb16f6d", campaign="spring", queue="sales", number="+4930", at=T0)  # type: ignore[arg-type]
ANSWERED = replace(ASKED, state=S.ENDED, answered_at=T0 + 8, bridged_at=T0 + 9, call="c1", outcome=O.TALKED, ended_at=T0 + 40)  # type: ignore[arg-type]
BUSY = replace(ASKED, state=S.ENDED, outcome=O.BUSY, cause="USER_BUSY", sip_status=486, ended_at=T0 + 3)
TALK = (call("c1", attempt="4bb16f6d"), entry("e1", connected_at=T0 + 9), offer("o1", offered_at=T0 + 8, bridged_at=T0 + 9))


def records(home: Path, *changes: Any) -> None:
    store = Store(f"sqlite:///{home}/acd.db")
    store.write(batch_of(0, [FakeLine(n=i, changes=(change,)) for i, change in enumerate(changes, start=1)], {}))
    store.close()


def kept(home: Path, id: str = "4bb16f6d", **more: Any) -> None:
    row = {"id": id, "campaign": "spring", "list": "winter", "lead": 17, "number": "+4930", "at": T0 - 1, "lease_until": T0 + 9999}
    store = LeadStore(f"sqlite:///{home}/acd.db").open()
    with store.begin() as connection:
        connection.execute(insert(attempts), [row | {"cause": ""} | more])
    store.close()


TOOK = "campaign spring took lead 17 of list winter, number +4930 (attempt 4bb16f6d)"


@pytest.mark.parametrize("id", ["4bb16f6d", "4bb1", "c1"])
def test_given_an_attempt_that_was_answered_when_asked_by_either_id_then_what_the_campaign_and_what_the_call_did_in_order(
    home: Path, run: Run, id: str
) -> None:
    records(home, *TALK, ANSWERED)
    kept(home, ended_at=T0 + 41, outcome="talked", disposition="sold", disposed_at=T0 + 50)
    told = run("call", id).stdout
    parts = [TOOK, "dialled for campaign spring", "a person answered after 8.0 s", "the attempt is over: talked", "kept of it: sold"]
    assert [part for part in parts if part not in told] == []
    places = [told.index(part) for part in parts]
    assert places == sorted(places) and told.startswith("call c1,") and "talk" in told


@pytest.mark.parametrize("id", ["4bb16f6d", "4bb"])
def test_given_an_attempt_that_nobody_answered_when_asked_then_what_was_dialled_and_how_it_ended(home: Path, run: Run, id: str) -> None:
    records(home, call("c9"), BUSY)
    kept(home, ended_at=T0 + 4, outcome="busy", cause="USER_BUSY")
    told = run("call", id).stdout
    assert told.startswith("attempt 4bb16f6d,") and TOOK in told and "the attempt is over: busy [USER_BUSY]" in told
    assert "the line was busy" in told or "busy" in told.split("the dialled call is over")[1]
    found = json.loads(run("call", id, "--json").stdout)
    assert (found["attempts"][0]["lead"], found["dialled"][0]["sip_status"]) == (17, 486)


def test_given_an_attempt_that_was_never_dialled_when_asked_then_what_the_campaign_kept_of_it(home: Path, run: Run) -> None:
    records(home, call("c9"))
    kept(home, ended_at=T0 + 1, outcome="returned", cause="they are calling us")
    assert "the attempt is over: returned [they are calling us]" in run("call", "4bb16f6d").stdout


def test_given_an_attempt_that_is_under_way_when_asked_then_it_says_so(home: Path, run: Run) -> None:
    records(home, call("c9"))
    kept(home)
    assert run("call", "4bb16f6d").stdout.endswith("it is under way\n")


def test_given_two_attempts_that_begin_alike_when_asked_by_that_then_neither_is_told(home: Path, run: Run) -> None:
    records(home, call("c9"))
    kept(home)
    kept(home, id="4bb99999")
    assert "no call '4bb' is running or recorded" in run("call", "4bb").stderr


def test_given_a_house_without_campaigns_when_asked_for_an_unknown_id_then_no_table_of_theirs_is_missed(home: Path, run: Run) -> None:
    records(home, *TALK)
    assert run("call", "c1").stdout.startswith("call c1,")
    assert "no call 'nope' is running or recorded" in run("call", "nope").stderr
