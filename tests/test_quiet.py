import pytest

from acd.quiet import Quiet

OLD, NEW, NEWER = {"a": "1"}, {"a": "2"}, {"a": "2", "b": "1"}


@pytest.mark.parametrize(
    ("looks", "due"),
    [
        ([(0, OLD), (5, OLD), (50, OLD)], []),
        ([(0, OLD), (1, NEW), (2.9, NEW)], []),
        ([(0, OLD), (1, NEW), (3, NEW)], [3]),
        ([(0, NEW), (2, NEW), (4, NEW), (9, NEW)], [2]),
        ([(1, NEW), (2, NEWER), (3, NEWER), (4, NEWER)], [4]),
        ([(1, NEW), (2, OLD), (9, OLD)], []),
        ([(1, NEW), (3, NEW), (4, OLD), (6, OLD)], [3, 6]),
        ([(1, {}), (3, {})], [3]),
    ],
)
def test_given_files_that_change_when_looked_at_then_they_are_due_once_when_left_alone_for_two_seconds(looks, due) -> None:  # type: ignore[no-untyped-def]
    quiet = Quiet(OLD)
    assert [at for at, marks in looks if quiet.is_due(marks, at)] == due
