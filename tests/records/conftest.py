import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from acd.records.store import Store

from .postgres import Cluster, binaries

numbers = itertools.count(1)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    bin = binaries()
    if bin is None:
        pytest.skip("NO POSTGRESQL: initdb is not on this machine (Debian: apt-get install postgresql); not tested against it")
    with Cluster(bin) as started:
        yield started


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database that does not exist yet, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/acd.db"
    started: Cluster = request.getfixturevalue("cluster")
    return started.database(f"d{next(numbers)}")


@pytest.fixture
def store_of() -> Iterator[Callable[..., Store]]:
    """Opens stores and closes them when the test is over."""
    opened: list[Store] = []

    def store_of(url: str, **settings: float) -> Store:
        store = Store(url, **settings)
        opened.append(store)
        return store

    yield store_of
    for store in opened:
        store.close()
