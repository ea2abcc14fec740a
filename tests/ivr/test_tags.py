"""`tag`: what is kept with the contact, and no more than there is room for."""

from dataclasses import replace

from acd.ivr.steps.tag import TAGS_MAX, VALUE_MAX
from tests.ivr.caller import Caller, flow


def tagged(step: str, tags: dict[str, str] | None = None, **known: str) -> dict[str, str]:
    """The tags of the walk that follows a pause, in a call that has these already."""
    steps = f"start: {{step: pause, for: 1s, next: mark}}\nmark: {{step: tag, {step}, next: end}}"
    caller = Caller(flow(steps), **known)
    caller.call = replace(caller.call, tags=tags or {})
    return dict(caller.waits().walk.tags)


def test_given_tags_and_a_disposition_when_passed_then_they_are_kept_with_what_their_templates_say() -> None:
    found = tagged('tags: {reason: billing, who: "no {{ call.caller_number }}"}, disposition: solved', caller_number="+4930123")
    assert found == {"reason": "billing", "who": "no +4930123", "disposition": "solved"}


def test_given_a_callers_name_that_is_a_template_when_tagged_then_it_is_only_text() -> None:
    assert tagged('tags: {who: "{{ call.caller_name }}"}', caller_name="{{ call.id }}") == {"who": "{{ call.id }}"}


def test_given_an_empty_value_when_tagged_then_the_tag_is_taken_away() -> None:
    assert tagged("tags: {reason: }", {"reason": "billing"}) == {"reason": ""}


def test_given_a_long_value_when_tagged_then_its_beginning_is_kept() -> None:
    assert len(tagged('tags: {who: "{{ call.caller_name }}"}', caller_name="x" * 999)["who"]) == VALUE_MAX


def test_given_a_call_with_as_many_tags_as_may_be_when_more_come_then_only_old_ones_change_and_the_disposition_is_kept() -> None:
    full = {f"t{n}": "x" for n in range(TAGS_MAX)}
    assert tagged("tags: {t1: y, more: z}, disposition: solved", full) == {"t1": "y", "disposition": "solved"}


def test_given_steps_in_one_walk_when_they_tag_then_they_share_the_room() -> None:
    steps = [f"s{n}: {{step: tag, tags: {{{', '.join(f't{n}_{i}: x' for i in range(20))}}}, next: s{n + 1}}}" for n in range(4)]
    caller = Caller(flow("\n".join(["start: {step: answer, next: s0}", *steps, "s4: {step: hang_up}"])))
    assert len(caller.walk.tags) == TAGS_MAX
