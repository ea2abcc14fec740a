from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.softswitch.house import House, house


@pytest.fixture
def switch(tmp_path: Path) -> Iterator[House]:
    with house(tmp_path) as found:
        yield found
