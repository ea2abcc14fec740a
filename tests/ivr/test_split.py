"""`split`: shares as they are written, and each caller always the same way."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from acd.ivr.steps.split import WHOLE, place, share_of
from tests.ivr.caller import Caller, flow

SPLIT = """
start: {step: split, shares: {a: 30, b: 70}%s}
a: {step: split, shares: {c: 50, d: 50}%s}
b: {step: hang_up}
c: {step: hang_up}
d: {step: hang_up}
"""
NUMBERS = [f"+4930{n:07d}" for n in range(4000)]


def ways(steps: str, numbers: list[str]) -> Counter[tuple[str, ...]]:
    tested = flow(steps)
    return Counter(tuple(exit for _, exit in Caller(tested, caller_number=number).exits) for number in numbers)


def test_given_shares_when_many_call_then_they_are_shared_out_so_and_two_splits_are_independent() -> None:
    found = ways(SPLIT % ("", ""), NUMBERS)
    assert abs(found["b",] / len(NUMBERS) - 0.7) < 0.03
    assert abs(found["a", "c"] / len(NUMBERS) - 0.15) < 0.03
    assert abs(found["a", "d"] / len(NUMBERS) - 0.15) < 0.03


def test_given_a_caller_when_they_call_again_then_they_go_the_same_way_also_with_the_number_written_otherwise() -> None:
    assert all(len(ways(SPLIT % ("", ""), [number, number, number.removeprefix("+")])) == 1 for number in NUMBERS[:100])


def test_given_a_caller_without_a_number_when_they_call_again_then_the_call_decides() -> None:
    first, second = place("k", "c1"), place("k", "c2")
    assert first != second
    assert ways(SPLIT % ("", ""), ["", "anonymous"]).total() == 2


def test_given_splits_with_one_key_when_a_caller_passes_both_then_they_are_in_the_same_part() -> None:
    found = ways(SPLIT % (", key: test", ", key: test"), NUMBERS[:500])
    assert set(found) == {("b",), ("a", "c")}, "whoever is in the first 30 is in the first 50"


def test_given_a_share_of_nothing_when_many_call_then_nobody_goes_there() -> None:
    assert set(ways("start: {step: split, shares: {a: 0, b: 100}}\na: {step: hang_up}\nb: {step: hang_up}", NUMBERS[:300])) == {("b",)}


@given(st.lists(st.integers(0, WHOLE), max_size=8))
def test_given_any_shares_when_every_place_is_asked_for_then_each_step_has_as_many_as_its_share(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), WHOLE]
    shares = {f"s{n}": end - start for n, (start, end) in enumerate(zip(edges, edges[1:], strict=False))}
    found = Counter(share_of(at, shares) for at in range(WHOLE))
    assert {name: size for name, size in shares.items() if size} == dict(found)


def test_given_a_caller_when_a_share_grows_then_nobody_leaves_it() -> None:
    before = [n for n in range(WHOLE) if share_of(n, {"a": 3000, "b": 7000}) == "a"]
    assert all(share_of(n, {"a": 4000, "b": 6000}) == "a" for n in before)
