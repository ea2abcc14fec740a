from collections.abc import Callable, Iterator

import pytest

from dialer.lists.store import LeadStore
from tests.records.conftest import cluster, url

__all__ = ["cluster", "url"]


@pytest.fixture
def open_store(url: str) -> Iterator[Callable[[], LeadStore]]:
    """Each call is one more worker on the same database."""
    opened: list[LeadStore] = []

    def open_store() -> LeadStore:
        opened.append(LeadStore(url).open())
        return opened[-1]

    yield open_store
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store: Callable[[], LeadStore]) -> LeadStore:
    return open_store()
