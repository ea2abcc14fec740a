"""`dialer dispose` before it asks the house: of which attempt something can be said."""

from pathlib import Path

import pytest

from dialer.lists.store import LeadStore
from tests.dialer.cli.test_lists import dialer
from tests.dialer.lists.making import claim, leads


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "var"


def test_given_an_attempt_that_is_not_there_or_not_over_when_something_is_said_of_it_then_refused(home: Path, tmp_path: Path) -> None:
    assert "no attempt t9" in dialer(home, "dispose", "t9", "later").output
    store = LeadStore(f"sqlite:///{home}/acd.db").open()
    leads(store, tmp_path, 1)
    (attempt,) = claim(store)
    store.close()
    done = dialer(home, "dispose", attempt.attempt, "later", "--at", "2031-05-06 10:30")
    assert done.exit_code == 1 and "is not over" in done.output
