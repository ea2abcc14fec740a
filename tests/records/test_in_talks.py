"""Holds, consults and transfers as rows, in numbers and in words (ACD.md 56-63)."""

from dataclasses import replace
from typing import Any

from acd.core.lines.entry import Entry
from acd.core.offers.offer import Offer
from acd.core.outside.outgoing import Outgoing
from acd.records.rows import contact_row, offer_row, outgoing_row, visit_row
from acd.records.story import tell
from tests.core.talking import Floor
from tests.core.test_talk_consult import TWO
from tests.core.test_talk_outside import NUMBER, answered, asked, rules


def rows_of(floor: Floor) -> dict[str, Any]:
    from acd.core.call import Call

    (call,) = floor.world.ended(Call)
    return {
        "contact": contact_row(call),
        "visits": [visit_row(each) for each in floor.world.ended(Entry)],
        "offers": [offer_row(each) for each in floor.world.ended(Offer)],
        "activities": [],
        "messages": [],
        "outside": [outgoing_row(each) for each in floor.world.ended(Outgoing)],
    }


def told(floor: Floor) -> list[str]:
    return [moment.text for moment in tell(rows_of(floor)) if moment.kind == "talk"]


def test_given_a_consult_that_was_completed_when_told_then_who_asked_whom_how_long_and_who_had_the_caller() -> None:
    floor = Floor().talk().consults().after(12)
    floor.asks("a0", "complete")
    floor.after(30).hangs_up("c")
    texts = told(floor)
    assert "a0 asks for a1 while the caller holds" in texts and "a1 and a0 talk (0.00 s after the pick-up)" in texts
    assert "a0 consulted a1 (12 s), and put the caller through" in texts
    assert any(each.startswith("talk with a0 over after") and "held once for 12.0 s, ended by the transfer" in each for each in texts)
    rows = {row["agent"]: row for row in rows_of(floor)["offers"]}
    assert (rows["a0"]["kind"], rows["a0"]["hold_s"], rows["a0"]["holds"], rows["a0"]["consult_s"]) == ("call", 12.0, 1, 0.0)
    assert (rows["a1"]["kind"], rows["a1"]["consult_s"], rows["a1"]["talk_s"]) == ("consult", 12.0, 42.0)
    assert [row["kind"] for row in rows_of(floor)["visits"]] == ["call", "consult"]


def test_given_a_consult_that_was_called_off_when_told_then_the_agent_kept_the_caller() -> None:
    floor = Floor(TWO).talk().consults("support").after(7)
    floor.asks("a0", "cancel")
    floor.hangs_up("c")
    texts = told(floor)
    assert "a0 asks for queue support while the caller holds" in texts and "consult with a1 over after 7.0 s" in texts
    assert "asking for queue support is over: answered" in texts


def test_given_a_consult_that_rang_when_completed_then_its_rows_are_those_of_a_customer() -> None:
    floor = Floor().talk().consults(answered_by="")
    floor.asks("a0", "complete")
    floor.picks_up("a1").after(5).hangs_up("c")
    rows = rows_of(floor)
    assert {row["kind"] for row in rows["visits"]} == {"call"} == {row["kind"] for row in rows["offers"]}


def test_given_a_customer_who_hung_up_holding_when_told_then_it_is_said() -> None:
    floor = Floor().talk()
    floor.asks("a0", "hold")
    floor.after(9).hangs_up("c")
    assert any("held once for 9.0 s and hung up while holding, ended by the customer" in each for each in told(floor))


def test_given_a_customer_who_left_in_a_consult_when_the_agents_went_on_then_their_time_is_told_apart() -> None:
    floor = Floor().talk().consults().after(4).hangs_up("c").after(20).hangs_up("a1")
    rows = {row["agent"]: row for row in rows_of(floor)["offers"]}
    assert (rows["a0"]["hold_s"], rows["a0"]["consult_s"], rows["a1"]["consult_s"]) == (4.0, 20.0, 24.0)


def test_given_a_number_outside_that_was_consulted_when_told_then_who_asked_through_which_trunk_and_what_became_of_it() -> None:
    floor = answered("complete").after(30).hangs_up("out")
    texts = told(floor)
    assert f"a0 asks {NUMBER} outside while the caller holds" in texts
    assert f"{NUMBER} picked up after 0.0 s" in texts and f"{NUMBER} outside: over after 30.0 s [NORMAL_CLEARING]" in texts
    floor = asked().hangs_up("out", "USER_BUSY").after(1).hangs_up("c")
    assert f"{NUMBER} outside: nobody took it [USER_BUSY]" in told(floor)


def test_s01_given_a_number_that_was_refused_when_told_then_by_which_rule() -> None:
    floor = answered("cancel")
    floor.world.state.policy = replace(rules(per_number=1), version="p2")
    floor.asks("a0", "consult", NUMBER)
    assert f"a0 asks {NUMBER} outside: refused, number/{NUMBER} has had its 1 calls" in told(floor.hangs_up("c"))
