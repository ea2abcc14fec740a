"""The rendered tree once for all that only read it; a FreeSWITCH that runs it once for all that ask it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from .rendered import Configuration, as_read, house, render
from .running import Running

NO_FREESWITCH = "no FreeSWITCH: neither `freeswitch` on the path nor ACD_FREESWITCH=/path/to/bin/freeswitch"


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("rendered")
    done = render(directory, house(directory))
    assert done.exit_code == 0, done.output
    return directory


@pytest.fixture(scope="session")
def configuration(tree: Path) -> Configuration:
    return Configuration(as_read(tree / "conf"))


@pytest.fixture(scope="session")
def binary() -> str:
    found = os.environ.get("ACD_FREESWITCH") or shutil.which("freeswitch")
    if not found:
        pytest.skip(NO_FREESWITCH)
    return found


@pytest.fixture(scope="session")
def running(binary: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    switch = Running(binary, tmp_path_factory.mktemp("freeswitch"))
    try:
        switch.start()
        yield switch
    finally:
        switch.stop()
