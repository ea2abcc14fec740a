"""A node against a fake switch, taken down at the end."""

from collections.abc import Iterator

import pytest

from tests.switch.node_world import World, make


@pytest.fixture
def world() -> Iterator[World]:
    yield from make()
