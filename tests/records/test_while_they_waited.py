"""What was done for callers while they waited is told with their stay."""

from acd.core.lines.recipe import Ran
from acd.records.rows import contact_row, visit_row
from acd.records.story import tell
from tests.records.making import T0, call, entry


def story(*rans: Ran, linked_to: str | None = None) -> list[tuple[str, tuple[str, ...]]]:
    rows = {
        "contact": contact_row(call(linked_to=linked_to)), "visits": [visit_row(entry(recipes=rans))], "offers": [],
        "activities": [], "messages": [],
    }  # fmt: skip
    return [(moment.text, moment.details) for moment in tell(rows)]


def test_given_recipes_that_were_followed_when_the_story_is_told_then_they_are_in_it() -> None:
    once = Ran(recipe="more", first_at=T0 + 10, last_at=T0 + 10, did=("priority +5", "announced"))
    often = Ran(recipe="thanks", first_at=T0 + 6, last_at=T0 + 12, times=3, did=("announced",))
    told = [text for text, _ in story(once, often)]
    assert "thanks of queue sales: announced (3 times, the last after 8 s)" in told
    assert told.index("more of queue sales: priority +5, announced") > told.index(next(text for text in told if "thanks" in text))


def test_given_a_call_that_took_the_place_of_another_when_the_story_is_told_then_it_says_of_which() -> None:
    assert story(linked_to="c0")[0][1] == ("in the place of call c0",)
    assert story()[0][1] == ()
