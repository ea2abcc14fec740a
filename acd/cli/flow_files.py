"""Which flows a command means: those of the house, or those of a folder that belongs to none."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from acd.cli.files import config_option
from acd.ivr.check import Known
from acd.ivr.flow import Flow
from acd.ivr.library import FlowLibrary
from acd.ivr.load import load_folder
from acd.loading import library_of as house_library
from acd.loading import load_all
from acd.words import FlowId

F = TypeVar("F", bound=Callable[..., Any])


def flows_options(command: F) -> F:
    folder = click.option(
        "--flows",
        "folder",
        type=click.Path(path_type=Path, file_okay=False, exists=True),
        help="A folder of flows, held against no house; left out: those of the house's configuration.",
    )
    return folder(config_option(command))


def library_of(config: Path, folder: Path | None) -> tuple[FlowLibrary, Path]:
    """The flows and where they stand. Texts are taken before recordings, so that what is heard can be read. Raises Refused."""
    if folder is not None:
        return FlowLibrary(flows=_spoken(folder, Known())), folder
    loaded = load_all(config)
    place = loaded.configuration.flows
    return house_library(replace(loaded, flows=_spoken(place, loaded.known))), place


def _spoken(folder: Path, known: Known) -> Mapping[FlowId, Flow]:
    return load_folder(folder, replace(known, recordings=None))
