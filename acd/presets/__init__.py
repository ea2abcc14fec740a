"""Houses to begin with: complete, commented, and tested with their flows. Data, and how it is written out.

Each preset is a folder as it will stand, over some that several have. In the texts the zone is Europe/Berlin and the country DE, which
stand for those of whoever begins.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from acd.schemas import texts

PRESETS = {
    "small_team": "One number, one line, everybody answers; a message when nobody can.",
    "service_desk": "Two lines of support and one for incidents, tickets, files by queue and team.",
    "sales": "New customers first, dispositions, and no enquiry that is lost.",
}
COMMON: dict[str, tuple[str, ...]] = {
    "small_team": ("common",),
    "service_desk": ("common", "dispositions"),
    "sales": ("common", "dispositions"),
}
HERE = Path(__file__).parent
ZONE, REGION = "Europe/Berlin", "DE"


class InTheWay(Exception):
    """Files stand already where we would write."""


def files_of(preset: str, zone: str = ZONE, region: str = REGION) -> Iterator[tuple[Path, str]]:
    """(path within the new house, text)"""
    for folder in (*COMMON[preset], preset):
        for file in sorted((HERE / folder).rglob("*.yaml")):
            yield file.relative_to(HERE / folder), _theirs(file.read_text(encoding="utf-8"), zone, region)


def _theirs(text: str, zone: str, region: str) -> str:
    text = text.replace(ZONE, zone)
    return re.sub(rf"\b(region|country): {REGION}\b", rf"\1: {region}", text)


def write(preset: str, house: Path, zone: str = ZONE, region: str = REGION) -> list[Path]:
    """Returns what was written. Raises InTheWay, and then nothing was written."""
    wanted = {house / path: text for path, text in files_of(preset, zone, region)}
    wanted.update(texts(house / "config", house / "ivr_flows"))
    there = [file for file in wanted if file.exists()]
    if there:
        raise InTheWay(", ".join(str(file) for file in there[:5]) + (" …" if len(there) > 5 else ""))
    for file, text in wanted.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return list(wanted)
