"""The profiles say where each number comes from, and docs/LAW.md says what they say."""

from dataclasses import fields
from pathlib import Path

import pytest

from acd.law.profile import LawProfile
from acd.law.profiles import DEFAULT, PROFILES
from acd.law.ranges import written
from acd.law.told import COUNSEL, RULES, rows

LAW = (Path(__file__).parents[2] / "docs" / "LAW.md").read_text(encoding="utf-8")
NO_RULES = {"id", "name", "country", "source"}


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_given_a_profile_when_its_rules_are_read_then_each_has_a_source_and_stands_in_the_documentation(profile: LawProfile) -> None:
    rules = {each.name for each in fields(LawProfile)} - NO_RULES
    assert set(RULES) == set(profile.source) == rules
    part = LAW.partition(f"## `{profile.id}`: {profile.name}\n")[2].partition("\n## ")[0]
    assert [line for line in part.splitlines() if line.startswith("| ")][1:] == [row.line for row in rows(profile)]


def test_given_the_strict_profile_when_held_against_each_other_then_no_rule_of_it_is_looser() -> None:
    strict = PROFILES["strict"]
    for each in PROFILES.values():
        assert strict.abandon_limit <= each.abandon_limit and set(strict.periods_s) >= set(each.periods_s)
        assert strict.answer_s <= each.answer_s and strict.ring_least_s >= each.ring_least_s
        assert strict.redial_lock_s >= each.redial_lock_s and strict.lock_is_absolute >= each.lock_is_absolute
        assert strict.then_reserved >= each.then_reserved and strict.after_greeting <= each.after_greeting
        assert strict.per_day is not None and (each.per_day is None or strict.per_day <= each.per_day)
        assert strict.keep_s >= each.keep_s and strict.message_needs >= each.message_needs
        assert strict.dnc_needed >= each.dnc_needed and strict.dnc_fresh_s <= each.dnc_fresh_s
    assert DEFAULT == "strict"


@pytest.mark.parametrize(
    ("id", "limit", "answer_s", "lock_s", "keep_days"),
    [("us", 0.03, 2, 0, 1830), ("uk", 0.03, 2, 259_200, 732), ("ca", 0.05, 2, 0, 1098), ("it", 0.03, 3, 432_000, 732)],
)
def test_given_a_profile_when_read_then_its_numbers_are_the_laws(
    id: str, limit: float, answer_s: float, lock_s: float, keep_days: int
) -> None:
    law = PROFILES[id]
    assert (law.abandon_limit, law.answer_s, law.redial_lock_s, law.keep_s) == (limit, answer_s, lock_s, keep_days * 86400)
    assert law.periods_s == (86400, 30 * 86400) and law.ring_least_s == 15


@pytest.mark.parametrize(
    ("id", "after_greeting", "lock_is_absolute", "then_reserved", "told", "fresh_days"),
    [
        ("us", True, False, False, {"name", "number", "opt_out"}, 31),
        ("uk", False, False, False, {"name", "number"}, 28),
        ("ca", False, False, False, {"name", "number"}, 31),
        ("it", False, True, True, {"name", "number"}, 15),
        ("strict", False, True, True, {"name", "number", "opt_out"}, 15),
    ],
)
def test_given_a_profile_when_read_then_its_other_rules_are_the_laws(
    id: str, after_greeting: bool, lock_is_absolute: bool, then_reserved: bool, told: set[str], fresh_days: int
) -> None:
    law = PROFILES[id]
    assert (law.after_greeting, law.lock_is_absolute, law.then_reserved) == (after_greeting, lock_is_absolute, then_reserved)
    assert (law.message_needs, law.dnc_needed, law.dnc_fresh_s) == (told, True, fresh_days * 86400)


@pytest.mark.parametrize(
    ("id", "monday", "saturday", "sunday"),
    [
        ("us", "08:00-21:00", "08:00-21:00", "08:00-21:00"),
        ("uk", "08:00-21:00", "09:00-20:00", "09:00-20:00"),
        ("ca", "09:00-21:30", "10:00-18:00", "10:00-18:00"),
        ("it", "09:00-20:00", "10:00-19:00", "never"),
        ("strict", "09:00-20:00", "10:00-18:00", "never"),
    ],
)
def test_given_a_profile_when_read_then_its_hours_are_the_laws(id: str, monday: str, saturday: str, sunday: str) -> None:
    weekly = [written(day) for day in PROFILES[id].hours.weekly]
    assert weekly == [monday] * 5 + [saturday, sunday]


def test_given_the_page_when_read_then_it_says_that_it_is_no_advice() -> None:
    assert "not legal advice" in LAW.lower() and COUNSEL in LAW
