"""`outbound` and `trunks` of acd.yaml: what may leave the house, and every way in which that can be written wrong."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from acd.config.load import load
from acd.core.outside.callback_policy import CallbackPolicy
from acd.core.outside.outbound_policy import OutboundPolicy, Way
from acd.ivr.calendar import Midnights
from tests.config.test_acd_yaml import SMALL, refusal, written

WHOLE = """
calendars: {office: {zone: Europe/Berlin, weekly: {mon-fri: 09:00-17:00}}}
trunks:
  carrier: {address: "127.0.0.1:5090", prefixes: ["+49"], caller_id: "+493099", at_once: 30, per_second: 5, hours: office}
outbound:
  region: DE
  zone: Europe/Berlin
  hours: office
  refuse: [premium, shared_cost, satellite]
  blocked: ["+4918"]
  caller_ids: ["+493055"]
  emergency: {numbers: ["19222"], trunk: carrier, from_flows: true}
  limits: {per_agent: 50, per_call: 3, per_caller: 4, per_number: 5, per_day: 600}
"""


def test_given_all_of_it_when_loaded_then_it_is_what_the_gate_wants(tmp_path: Path) -> None:
    policy = load(written(tmp_path, SMALL.replace('phone: "1001"', 'phone: "1001", caller_id: "+493055"') + WHOLE)).policy
    way = Way(trunk="carrier", prefixes=("+49",), caller_id="+493099", at_once=30, per_second=5, hours="office")
    assert policy.outbound == OutboundPolicy(
        ways=(way,),
        region="DE",
        hours="office",
        refused_kinds=frozenset({"premium", "shared_cost", "satellite"}),
        blocked=("+4918",),
        caller_ids=frozenset({"+493055"}),
        emergency=("19222",),
        emergency_trunk="carrier",
        emergency_from_flows=True,
        per_agent=50,
        per_call=3,
        per_caller=4,
        per_number=5,
        per_day=600,
        days=Midnights(zone="Europe/Berlin"),
    )
    assert policy.agents["anna"].caller_id == "+493055"  # type: ignore[index]


def test_given_nothing_of_it_when_loaded_then_nothing_leaves_and_there_are_limits_all_the_same(tmp_path: Path) -> None:
    gate = load(written(tmp_path, SMALL)).policy.outbound
    assert gate.ways == () and gate.refused_kinds == {"premium"} and gate.emergency_trunk == ""
    assert None not in (gate.per_agent, gate.per_call, gate.per_caller, gate.per_number)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("hours: office}", "hours: ofice}", "there is no calendar 'ofice' (did you mean 'office'?)"),
        ("  hours: office", "  hours: night", "there is no calendar 'night'; there is: office"),
        ("region: DE", "region: XX", "found 'XX'"),
        ("zone: Europe/Berlin\n  hours", "zone: Europe/Berln\n  hours", "did you mean"),
        ("satellite", "satelite", "satellite"),
        ('"+4918"', '"x"', "the first digits of a number"),
        ('caller_ids: ["+493055"]', "caller_ids: [Bank]", "a number, such as +493012345"),
        ("trunk: carrier", "trunk: carier", "there is no trunk 'carier' (did you mean 'carrier'?)"),
        ("trunk: carrier, ", "", "nobody says through which trunk"),
        ("per_call: 3", "per_call: -1", "at least 0 is allowed"),
        ("at_once: 30", "at_once: 0", "at least 1 is allowed"),
        ("per_call", "per_cal", "per_call"),
    ],
)
def test_given_something_wrong_when_loaded_then_refused_with_its_place(tmp_path: Path, old: str, new: str, what: str) -> None:
    found = refusal(tmp_path, SMALL + WHOLE.replace(old, new))
    assert found.startswith("acd.yaml:") and what in found, found


def test_given_a_number_that_may_not_be_shown_when_loaded_then_refused(tmp_path: Path) -> None:
    found = refusal(tmp_path, SMALL.replace('phone: "1001"', 'phone: "1001", caller_id: "+49301"') + WHOLE)
    assert "the number '+49301' may not be shown; allowed is: +493055, +493099" in found


@pytest.mark.parametrize(
    ("at", "hours"),
    [("2026-03-29 00:30", 22.5), ("2026-10-25 00:30", 24.5), ("2026-06-01 00:00", 24.0), ("2026-06-01 23:59", 1 / 60)],
)
def test_given_days_on_which_clocks_change_when_they_end_then_at_the_next_midnight_on_the_wall(at: str, hours: float) -> None:
    """ACD.md 45: a limit of a day lasts 23 hours in March and 25 in October."""
    begin = datetime.fromisoformat(at).replace(tzinfo=ZoneInfo("Europe/Berlin")).timestamp()
    assert Midnights(zone="Europe/Berlin").end_of(begin) == pytest.approx(begin + hours * 3600)


BACK = "queues:\n  sales: {ring: 12s, callback: {mode: customer_first, hours: office, expires: 2h, retries: [10m, 1h], ring: 20s, "
BACK += "caller_id: '+493055', trunks: [carrier], merge: false, no_success: [machine], notify: chief}}\n"
BACK = "secrets: {hook: {env: HOOK}}\nmailboxes: {quiet: {}, chief: {notify: {url: 'https://x.test/hook', secret: hook}}}\n" + BACK


def with_callback(queues: str) -> str:
    return SMALL.replace("queues:\n", queues, 1).replace("  sales: {ring: 12s, max_wait", "  old: {ring: 12s, max_wait")


def test_given_a_queue_that_calls_back_when_loaded_then_it_is_its_policy(tmp_path: Path) -> None:
    policy = load(written(tmp_path, with_callback(BACK) + WHOLE))
    assert policy.policy.queues["sales"].callback == CallbackPolicy(  # type: ignore[index]
        mode="customer_first",
        hours="office",
        expires_s=7200.0,
        retries=(600.0, 3600.0),
        ring_s=20.0,
        caller_id="+493055",
        trunks=("carrier",),
        merges=False,
        no_success=frozenset({"machine"}),
        notify="chief",
    )
    assert policy.outside.callbacks == {"sales": "chief"}


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("hours: office, expires", "hours: ofice, expires", "there is no calendar 'ofice'"),
        ("'+493055'", "'+493056'", "the number '+493056' may not be shown"),
        ("[carrier]", "[carier]", "there is no trunk 'carier'"),
        ("[10m, 1h]", "[1s]", "is allowed"),
        ("customer_first", "both", "mode"),
        ("notify: chief", "notify: cheif", "there is no mailbox 'cheif'"),
        ("notify: chief", "notify: quiet", "nobody would be told: the mailbox quiet has no 'notify'"),
    ],
)
def test_given_a_callback_that_is_written_wrong_when_loaded_then_refused_with_its_place(
    tmp_path: Path, old: str, new: str, what: str
) -> None:
    found = refusal(tmp_path, with_callback(BACK.replace(old, new)) + WHOLE)
    assert found.startswith("acd.yaml:") and (what in found or "customer_first" in found), found


def test_given_no_trunk_when_a_queue_calls_back_then_refused(tmp_path: Path) -> None:
    text = "queues:\n  sales: {ring: 12s, callback: {}}\n"
    found = refusal(tmp_path, with_callback(text))
    assert "there is no trunk through which customers could be called" in found
